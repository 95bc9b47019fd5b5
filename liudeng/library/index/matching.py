"""A question as Whoosh queries, from the literal to the forgiving.

Only what can match goes into a query: a token that no entry has costs one look-up here, and many
inside Whoosh.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from whoosh.query import And, NullQuery, Or, Query, Term

from liudeng.library.index import question
from liudeng.library.index.question import Question
from liudeng.library.index.schema import FIELDS, TextField, field_name

Frequency = Callable[[str, str], int]
"""Tells in how many documents a field has a token."""

_MOST_POSTINGS = 2_500
_SHORTEST_LATIN = 3
_WORDS_BOOST = 0.6
_SOUND_BOOST = 0.6
_INITIALS_BOOST = 0.4
_CHARACTER_BOOST = 0.3
_SHORT = tuple(text for text in FIELDS if text.short)


def literally(asked: Question, frequency: Frequency) -> Query:
    """Every term stands somewhere as it was typed, but for the order of its pairs."""
    return _all(_Ways(term, frequency).literal() for term in asked.terms)


def by_sound(asked: Question, frequency: Frequency) -> Query:
    """Every term stands there literally, word by word, by its sound, or as initials."""
    each = (_Ways(term, frequency) for term in asked.terms)
    return _all(
        _any((ways.literal(), ways.worded(), ways.sounding(), ways.abbreviated())) for ways in each
    )


def roughly(asked: Question, frequency: Frequency) -> Query:
    """Anything of it stands somewhere; what matches more comes first.

    The rarest tokens are taken until they bring as many documents as can be looked at in time:
    what every entry has tells none from another.
    """
    tokens = {token for term in asked.terms for token in _Ways(term, frequency).pieces()}
    counted = sorted(
        ((frequency(token.fieldname, token.text), token) for token in tokens),
        key=lambda each: (each[0], each[1].fieldname, each[1].text),
    )
    taken, postings = [], 0
    for count, token in counted:
        postings += count
        if taken and postings > _MOST_POSTINGS:
            break
        taken.append(token)
    return _any(taken)


def named(name: str) -> Query:
    """This is one of its names, as they are indexed."""
    return Term("names", name)


class _Ways:
    """The ways in which one term may be meant, as queries."""

    def __init__(self, term: question.Term, frequency: Frequency) -> None:
        self._term = term
        self._frequency = frequency

    def literal(self) -> Query:
        # One character, or two letters, stand everywhere: they have to be a word, or in a name.
        if len(self._term.text) == 1:
            in_names = (self._in_one_field(text, "grams", self._term.grams) for text in _SHORT)
            return _any((*in_names, self._anywhere(self._term.text, "words")))
        if self._term.latin and len(self._term.text) < _SHORTEST_LATIN:
            return self._anywhere(self._term.text, "words")
        return _any(self._in_one_field(text, "grams", self._term.grams) for text in FIELDS)

    def worded(self) -> Query:
        words = self._long_words()
        if len(words) < 2:
            return NullQuery
        return _all(self._anywhere(word, "words", _WORDS_BOOST) for word in words)

    def sounding(self) -> Query:
        return _any(
            self._in_one_field(text, "sounds", tokens, _SOUND_BOOST)
            for tokens in self._term.sounds
            for text in FIELDS
        )

    def abbreviated(self) -> Query:
        if not self._term.initials:
            return NullQuery
        return _any(
            self._in_one_field(text, "initials", self._term.initials, _INITIALS_BOOST)
            for text in FIELDS
        )

    def pieces(self) -> Iterator[Term]:
        """Yield every token of the term that any document has."""
        sounds = {token for tokens in self._term.sounds for token in tokens}
        for kind, tokens, boost, fields in (
            ("grams", self._term.grams, 1.0, FIELDS),
            ("words", self._long_words(), _WORDS_BOOST, FIELDS),
            ("sounds", sounds, _SOUND_BOOST, FIELDS),
            ("grams", set(self._term.text), _CHARACTER_BOOST, _SHORT),
        ):
            for token in tokens:
                yield from self._each(token, kind, boost, fields)

    def _long_words(self) -> list[str]:
        """Those of one character stand in nearly every entry."""
        return [word for word in self._term.words if len(word) > 1]

    def _anywhere(self, token: str, kind: str, boost: float = 1.0) -> Query:
        return _any(self._each(token, kind, boost, FIELDS))

    def _each(
        self, token: str, kind: str, boost: float, fields: Iterable[TextField]
    ) -> Iterator[Term]:
        for text in fields:
            name = field_name(text.name, kind)
            if self._frequency(name, token):
                yield Term(name, token, boost=text.boost * boost)

    def _in_one_field(
        self, text: TextField, kind: str, tokens: Sequence[str], boost: float = 1.0
    ) -> Query:
        name = field_name(text.name, kind)
        if not all(self._frequency(name, token) for token in tokens):
            return NullQuery
        return _all(Term(name, token, boost=text.boost * boost) for token in tokens)


def _all(parts: Iterable[Query]) -> Query:
    wanted = list(parts)
    if not wanted or any(part is NullQuery for part in wanted):
        return NullQuery
    return wanted[0] if len(wanted) == 1 else And(wanted)


def _any(parts: Iterable[Query]) -> Query:
    wanted = [part for part in parts if part is not NullQuery]
    if not wanted:
        return NullQuery
    return wanted[0] if len(wanted) == 1 else Or(wanted)
