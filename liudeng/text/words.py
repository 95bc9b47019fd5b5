"""Chinese words, as jieba's dictionary cuts them."""

from liudeng.text.fold import fold


def load_words() -> None:
    """Read the dictionary, which takes 30 MB and a good part of a second: best in a thread."""
    words("晚安")


def words(text: str) -> list[str]:
    """Return the folded words of a text, and the shorter words inside long ones; no punctuation.

    The first call reads the dictionary, unless `load_words` has.
    """
    import rjieba  # imported by `load_words`, off the event loop

    # Piece by piece: folding drops the spaces that keep Latin words apart.
    folded = " ".join(fold(piece) for piece in text.split())
    return [word for word in rjieba.cut_for_search(folded, True) if any(map(str.isalnum, word))]
