"""How members name an entry: `标题｜伙伴名字 #标签 #标签`.

The bar may be `｜` or `|`; a title that ends in ` @名字` names the companion as well. Tags follow
white space, so that `C#` stays part of a title. Every part may be missing.
"""

import re
from dataclasses import dataclass

from liudeng.archive.reading import clean, one_line
from liudeng.library.draft import MAX_COMPANION, MAX_TAG, MAX_TAGS, MAX_TITLE

_TAGS = re.compile(r"(?<!\S)(?:[#＃][^\s#＃｜|]+)+[#＃]?(?=\s|[｜|]|$)")
_BAR = re.compile(r"[｜|]")
_MENTION = re.compile(r"(?:\s|^)[@＠](\S+)\s*$")


@dataclass(frozen=True, slots=True)
class Label:
    """The parts of a name; empty ones were not given."""

    title: str = ""
    companion: str = ""
    tags: tuple[str, ...] = ()


def parse_label(text: str) -> Label:
    """Read a name as members type it; what is too long is cut."""
    text = clean(text)
    tags = [_tidy(tag, MAX_TAG) for run in _TAGS.findall(text) for tag in re.split("[#＃]", run)]
    title, companion = _parts(_TAGS.sub(" ", text))
    return Label(
        title=_tidy(title, MAX_TITLE),
        companion=_tidy(companion.strip().lstrip("@＠"), MAX_COMPANION),
        tags=tuple(dict.fromkeys(filter(None, tags)))[:MAX_TAGS],
    )


def _parts(text: str) -> tuple[str, str]:
    pieces = _BAR.split(text)
    if len(pieces) > 1:
        return " ".join(pieces[:-1]), pieces[-1]
    mention = _MENTION.search(text)
    return (text[: mention.start()], mention[1]) if mention else (text, "")


def _tidy(text: str, limit: int) -> str:
    line = " ".join(one_line(text).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
