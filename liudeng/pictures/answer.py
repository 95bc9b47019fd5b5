"""A question and its answer, and how far the answer can be relied on."""

from liudeng.pictures.blocks import BODY, SMALL, Rule, Space, Words, foot, heading, note
from liudeng.pictures.cards import Card, Hint
from liudeng.pictures.frame import CONTENT, ROOM, Block, compose, height_of
from liudeng.pictures.glyphs import clean
from liudeng.pictures.themes import Theme
from liudeng.pictures.typesetting import set_lines

_FACT_LINES = 4
_SIMILAR = "也可能想问"


class AnswerCard(Card):
    """One entry of the questions and answers."""

    question: str
    answer: str
    kicker: str = ""
    """Its number and tags."""
    facts: str = ""
    """Its state and its date: 11月20日核实."""
    similar: tuple[str, ...] = ()
    """Other questions that may have been meant, each with its number."""
    hints: tuple[Hint, ...] = ()


def render_answer(card: AnswerCard, theme: Theme) -> bytes:
    """Draw the question, the answer, and below it how fresh it is."""
    head = heading(card.kicker, card.question, "", "问答")
    tail = foot("", card.hints)
    facts: list[Block] = []
    if card.facts:
        facts += [Space(26), Words(set_lines(clean(card.facts), SMALL, CONTENT, most=4), SMALL)]
    if card.similar:
        told = f"{_SIMILAR}：{'　'.join(card.similar)}"
        similar = set_lines(clean(told), SMALL, CONTENT, most=_FACT_LINES)
        facts += [Space(10), Words(similar, SMALL)]
    room = ROOM - height_of(head) - height_of(tail) - height_of(facts) - 2 * note("…").height
    lines = set_lines(clean(card.answer), BODY, CONTENT, most=max(1, room // BODY.line))
    return compose([*head, Rule(30, 26), Words(lines, BODY), *facts, *tail], theme)
