"""Many names looked for in many texts: one pass over each text, however many names there are."""

from collections.abc import Iterable

import ahocorasick

from liudeng.covering.contacts import bare


class NameIndex:
    """Tells which of some names may stand in a text; `redacted` then looks for these alone."""

    def __init__(self, names: Iterable[str]) -> None:
        written: dict[str, set[str]] = {}
        for name in names:
            if wanted := bare(name):
                written.setdefault(wanted, set()).add(name)
        self._automaton = ahocorasick.Automaton()
        for wanted, same in written.items():
            self._automaton.add_word(wanted, tuple(sorted(same)))
        if written:
            self._automaton.make_automaton()
        self._is_empty = not written

    def occurring(self, text: str) -> tuple[str, ...]:
        """Return the names that may stand in a text, sorted."""
        if self._is_empty:
            return ()
        found = {name for _, same in self._automaton.iter(bare(text)) for name in same}
        return tuple(sorted(found))
