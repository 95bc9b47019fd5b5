"""What of a text can be drawn: every character is in the font, has a stand-in, or is left out."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from liudeng.pictures.emoji import DOT, token_for, token_named, token_of
from liudeng.pictures.fonts import load

_LONGEST = 20_000
"""No card shows more characters of one text than this."""
_SAMPLE = 16
_NOWHERE = "\U000fffff"
"""A character no font has: what is drawn for it is the box that must not be seen."""
_MISSING_HAN = "〓"  # what a printer sets for a character that is not in the case
_SCRIPTS = {
    "THAI": "泰文",
    "LAO": "外文",
    "ARABIC": "阿拉伯文",
    "HEBREW": "希伯来文",
    "DEVANAGARI": "印地文",
    "TIBETAN": "藏文",
}
_OTHER_SCRIPT = "外文"
_LETTERS_OF_FACES = ("LATIN", "MODIFIER", "GREEK", "CYRILLIC", "CANADIAN", "KANNADA", "TELUGU")
"""Scripts whose rare letters are drawn for their looks: (ಥ﹏ಥ)."""
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("\t\v\f\u00a0\u2007\u202f", " "),
        **dict.fromkeys("\r\u0085\u2028\u2029", "\n"),
        **dict.fromkeys("✗✘", "×"),
        **dict.fromkeys("⬛◼◾▪", "■"),
        **dict.fromkeys("⬜◻◽▫", "□"),
        **dict.fromkeys("◕◔⚫⬤🔴🟠🟡🟢🔵🟣🟤", "●"),
        **dict.fromkeys("⚪", "○"),
        **dict.fromkeys("‿⌣ᴗ◡", "﹏"),
        **dict.fromkeys("✦✩✪✭✯⋆✧", "☆"),
        **dict.fromkeys("❁✾✽❋❃❊", "✿"),
        **dict.fromkeys("˃❯›➤►▸", "＞"),
        **dict.fromkeys("˂❮‹◄◂", "＜"),
        **dict.fromkeys("ʕ꒰", "("),
        **dict.fromkeys("ʔ꒱", ")"),
        **dict.fromkeys("➡➔➜⟶", "→"),
        **dict.fromkeys("⬅⟵", "←"),
        **dict.fromkeys("⬆⤴", "↑"),
        **dict.fromkeys("⬇⤵", "↓"),
        "‧": "·",
        "➕": "＋",
        "➖": "－",
        "➗": "÷",
        "𖦹": "◎",
    }
)
_LINE_ENDS = re.compile(r"\r\n")
_APOSTROPHE = re.compile(r"(?<=[A-Za-z])\u2019(?=[A-Za-z])")
_EMPTY_LINES = re.compile(r"\n[ \n]*\n")
_SPACES = re.compile(r" {2,}")
_LABELS = "".join(token_named(name) for name in sorted({*_SCRIPTS.values(), _OTHER_SCRIPT}))
_REPEATED = re.compile(f"([{DOT}{_LABELS}])((?: ?\\1)*)")


def clean(text: str) -> str:
    """Return the text as it can be drawn: tokens for emoji, nothing invisible, no boxes.

    Lines keep their ends, more than one empty line becomes one, several spaces one.
    """
    text = _EMPTY_LINES.sub("\n\n", clean_part(text))
    return "\n".join(line.strip(" ") for line in text.split("\n")).strip()


def clean_line(text: str) -> str:
    """Return the text as `clean` does, all in one line."""
    return " ".join(clean(text).split())


def clean_part(text: str) -> str:
    """Return a part of a text as it can be drawn, with the spaces at its ends."""
    text = _LINE_ENDS.sub("\n", text[:_LONGEST]).translate(_ALIKE)
    text = unicodedata.normalize("NFC", _APOSTROPHE.sub("'", text))
    return _SPACES.sub(" ", _REPEATED.sub(_once, "".join(_drawable(text))))


def _once(repeated: re.Match[str]) -> str:
    """Make one label of all letters of a script the font lacks; one letter is an ornament."""
    return repeated[1] if repeated[2] else DOT


def _drawable(text: str) -> Iterator[str]:
    previous = ""
    joined = flag = False
    for character in text:
        if character == "\u200d":  # joins emoji to one: the first of them stands for all
            joined = previous != "" and token_for(previous) is not None
            continue
        stand_in = _stand_in(character)
        if not stand_in:
            continue
        if _is_flag_half(character):
            flag = not flag
            if not flag:  # two letters are one flag
                continue
        else:
            flag = False
        if not (joined and token_of(stand_in[0])):
            yield stand_in
        joined = False
        previous = character


@lru_cache(maxsize=16_384)
def _stand_in(character: str) -> str:
    """Return what is drawn for a character; empty if it is left out."""
    if character in "\n ":
        return character
    token = token_for(character)
    if token is not None:
        return token
    if _is_invisible(character):
        return ""
    if in_font(character):
        return character
    plain = unicodedata.normalize("NFKC", character)
    if plain != character and all(in_font(one) for one in plain):
        return plain
    return _substitute(character)


def _is_invisible(character: str) -> bool:
    """Controls, joiners, direction marks, halves of surrogates, private and combining ones.

    The font has no combining mark but in letters that are one character with it.
    """
    category = unicodedata.category(character)
    if category in ("Cc", "Cf", "Cs", "Co", "Mn", "Me", "Mc"):
        return True
    if category == "Sk" and "\U0001f3fb" <= character <= "\U0001f3ff":  # tones of skin
        return True
    return category == "Cn" and not "\U0001f000" <= character <= "\U0001faff"


def _substitute(character: str) -> str:
    if _is_flag_half(character):
        return token_named("旗")
    if "\u3400" <= character <= "\U0003ffff" and unicodedata.category(character) == "Lo":
        name = unicodedata.name(character, "")
        if name.startswith("CJK"):
            return _MISSING_HAN
    script = unicodedata.name(character, "").partition(" ")[0]
    if character.isalnum() and script not in _LETTERS_OF_FACES:
        return token_named(_SCRIPTS.get(script, _OTHER_SCRIPT))
    return DOT


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


@lru_cache(maxsize=32_768)
def in_font(character: str) -> bool:
    """Whether the font draws this character as itself."""
    if 0xD800 <= ord(character) < 0xE000:
        return False
    if character.isspace():
        return character in " \u3000\u2002\u2003"
    return _shape(character) != _shape(_NOWHERE)


def _shape(character: str) -> bytes:
    # The plain engine draws the character alone; Raqm puts a ring under a combining mark.
    image = Image.new("L", (2 * _SAMPLE, 2 * _SAMPLE))
    ImageDraw.Draw(image).text((_SAMPLE // 2, 0), character, 255, _plain_font())
    return image.tobytes()


@lru_cache(maxsize=1)
def _plain_font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(load(_SAMPLE).path, _SAMPLE, layout_engine=ImageFont.Layout.BASIC)
