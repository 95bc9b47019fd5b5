"""How wide a text will be, tokens included."""

from liudeng.pictures.emoji import Token, token_of
from liudeng.pictures.fonts import Face, advance

LABEL_SIZE = 0.68
"""Of the surrounding text: the letters on an emoji's label."""
LABEL_PADDING = 0.26
"""Of the surrounding text's size, on either side of the label's name."""
_ICON, _DOT = 1.06, 0.5


def width_of(text: str, face: Face) -> float:
    """Return the width of an atom in pixels: a word, one wide character, or one token."""
    token = token_of(text) if len(text) == 1 else None
    return token_width(token, face) if token is not None else advance(text, face.size)


def token_width(token: Token, face: Face) -> float:
    """Return the width of a drawn emoji or of a label."""
    if token.icon == "dot":
        return _DOT * face.size
    if token.icon:
        return _ICON * face.size
    letters = advance(token.name, label_size(face))
    return letters + 2 * LABEL_PADDING * face.size


def label_size(face: Face) -> int:
    """Return the size of a label's letters."""
    return round(face.size * LABEL_SIZE)
