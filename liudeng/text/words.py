"""Chinese words, as jieba's dictionary cuts them."""

from liudeng.text.fold import fold


def words(text: str) -> list[str]:
    """Return the folded words of a text, and the shorter words inside long ones; no punctuation."""
    import rjieba  # its dictionary takes 30 MB: whoever never searches the library is spared

    # Piece by piece: folding drops the spaces that keep Latin words apart.
    folded = " ".join(fold(piece) for piece in text.split())
    return [word for word in rjieba.cut_for_search(folded, True) if any(map(str.isalnum, word))]
