"""Case numbers as moderators type them."""

import re

_NUMBER = re.compile(
    r"(?:案件\s*)?[#＃]?\s*(?P<number>[0-9]{1,9})(?![0-9])\s*(?P<rest>.*)", re.DOTALL
)


def split_case_number(text: str) -> tuple[int | None, str]:
    """Split `12 已联系上`, `#12`, `案件 12` into the number and what follows."""
    match = _NUMBER.match(text.strip())
    return (int(match["number"]), match["rest"]) if match else (None, text)
