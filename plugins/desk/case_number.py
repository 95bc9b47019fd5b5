"""Case numbers as moderators type them, or as the alert they reply to tells."""

import re
import unicodedata
from dataclasses import dataclass

A_CASE = r"(?:案件\s*)?[#＃]?\s*[0-9０-９]"
"""接手 一下吧 is talk; 接手 12 is a command."""
_NUMBER = re.compile(
    r"(?P<mark>(?:案件\s*)?[#＃]?)\s*(?P<number>[0-9０-９]{1,9})(?![0-9０-９])\s*(?P<rest>.*)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed behind a command."""

    text: str
    number: int | None
    """The number it begins with, if it does."""
    rest: str
    """What follows the number."""
    marked: bool = False
    """Whether it says that the number is a case's: `#12`, `案件 12`."""


def read_typed(text: str) -> Typed:
    """Split `12 已联系上`, `#12`, `案件 12` into the number and what follows."""
    text = text.strip()
    match = _NUMBER.match(text)
    if match is None:
        return Typed(text, None, text)
    number = int(unicodedata.normalize("NFKC", match["number"]))
    return Typed(text, number, match["rest"], bool(match["mark"]))
