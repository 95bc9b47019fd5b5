"""Case numbers as moderators type them, or as the alert they reply to tells."""

import re
import unicodedata

A_CASE = r"(?:案件\s*)?[#＃]?\s*[0-9０-９]"
"""接手 一下吧 is talk; 接手 12 is a command."""
_NUMBER = re.compile(
    r"(?:案件\s*)?[#＃]?\s*(?P<number>[0-9０-９]{1,9})(?![0-9０-９])\s*(?P<rest>.*)", re.DOTALL
)


def split_case_number(text: str) -> tuple[int | None, str]:
    """Split `12 已联系上`, `#12`, `案件 12` into the number and what follows."""
    match = _NUMBER.match(text.strip())
    if match is None:
        return None, text
    return int(unicodedata.normalize("NFKC", match["number"])), match["rest"]


def without_number(text: str, number: int) -> str:
    """Return the text behind a case's number, if it begins with just that one."""
    typed, rest = split_case_number(text)
    return rest if typed == number else text
