"""Chinese text on pictures: the font, and breaking lines."""

import re
from functools import lru_cache
from importlib.resources import as_file, files
from unicodedata import category

from PIL import Image, ImageDraw, ImageFont, features

# The font's default shapes are Taiwan's; choosing the mainland's needs the Raqm layout engine.
LANGUAGE = "zh-Hans" if features.check("raqm") else None

Font = ImageFont.FreeTypeFont

# These may not begin, or end, a line of Chinese text.
_NOT_FIRST = frozenset("，。！？；：、）》」』】”’…,.!?;:)]}～—")
_NOT_LAST = frozenset("（《「『【“‘([{")
_TOKEN = re.compile(r"\n|[A-Za-z0-9'@#_./:+-]+|[^\S\n]+|.")
_PRIVATE = "\U000f0000"


@lru_cache(maxsize=32)
def font(size: int) -> Font:
    """Noto Sans CJK at a size in pixels."""
    resource = files("cvttf_NotoSansCJK_Regular") / "NotoSansCJKtc-Regular.otf"
    with as_file(resource) as path:
        return ImageFont.truetype(str(path), size)


@lru_cache(maxsize=8192)
def _has_glyph(character: str) -> bool:
    if character.isspace():
        return True
    # Variation selectors and joiners draw nothing by themselves, but stretch the line.
    invisible = "\ufe00" <= character <= "\ufe0f" or category(character) in ("Cf", "Cc")
    return not invisible and _drawn(character) != _drawn(_PRIVATE)


def _drawn(character: str) -> bytes:
    image = Image.new("L", (32, 32))
    ImageDraw.Draw(image).text((4, 0), character, 255, font(20))
    return image.tobytes()


def printable(text: str) -> str:
    """The text without characters the font lacks (emoji), which would print as boxes."""
    return "".join(c for c in text if c == "\n" or _has_glyph(c)).strip()


def width(text: str, face: Font) -> float:
    """How wide a line is, in pixels."""
    return face.getlength(text)


def wrap(text: str, face: Font, limit: float) -> list[str]:
    """Break text into lines of at most ``limit`` pixels, words and punctuation kept together."""
    lines: list[str] = []
    line = ""
    for token in _tokens(text, face, limit):
        if token == "\n":
            lines.append(line.rstrip())
            line = ""
        elif not line or width(line + token, face) <= limit or token in _NOT_FIRST:
            line += token if line or not token.isspace() else ""
        else:
            kept, carried = _split_tail(line)
            lines.append(kept.rstrip())
            line = carried + token.lstrip()
    lines.append(line.rstrip())
    return lines


def _split_tail(line: str) -> tuple[str, str]:
    """Opening brackets go to the next line."""
    end = len(line)
    while end > 1 and line[end - 1] in _NOT_LAST:
        end -= 1
    return line[:end], line[end:]


def _tokens(text: str, face: Font, limit: float) -> list[str]:
    tokens: list[str] = []
    for token in _TOKEN.findall(text):
        tokens.extend(token if width(token, face) > limit else [token])
    return tokens
