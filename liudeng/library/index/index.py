"""The index as a reader of it sees it: always open on what was published last."""

import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from threading import Lock

from pydantic import BaseModel, ConfigDict

from liudeng.library.index import writing
from liudeng.library.index.access import doors_open_to
from liudeng.library.index.answering import MOST_HITS, Answer, Candidate, answer
from liudeng.library.index.document import Document, Kind
from liudeng.library.index.facets import Facets, count_facets
from liudeng.library.index.folder import IndexFolder
from liudeng.library.index.likeness import Way
from liudeng.library.index.question import read_question
from liudeng.library.index.terms import bare
from liudeng.library.index.view import Deadline, View

log = logging.getLogger(__name__)

_TIME_LIMIT_S = 1.0


class Hit(BaseModel):
    """An entry that was found."""

    model_config = ConfigDict(frozen=True)

    kind: Kind
    id: int
    score: float
    """Comparable with hits of the same `way` and question only."""
    way: Way
    passage: str
    """What in it is like the question; empty where the question stands in it literally."""


class Found(BaseModel):
    """What the index answers."""

    model_config = ConfigDict(frozen=True)

    hits: tuple[Hit, ...] = ()
    total: int = 0
    facets: Facets = Facets()
    suggestion: str = ""
    """What was probably meant, when nothing says literally what was typed."""
    ready: bool = True
    """False while there is no index: it is being built."""
    complete: bool = True
    """False when time ran out: there may be more."""


class LibraryIndex:
    """Answers queries from the published index; fit for several threads."""

    def __init__(
        self,
        path: Path,
        on_damage: Callable[[], None] | None = None,
        time_limit: float = _TIME_LIMIT_S,
    ) -> None:
        self.folder = IndexFolder(path)
        self._on_damage = on_damage
        self._time_limit = time_limit
        self._lock = Lock()
        self._view: View | None = None
        self._stamp: tuple[int, int] | None = None

    def find(
        self,
        query_text: str,
        *,
        groups: Collection[int],
        viewer_id: str,
        in_private: bool,
        limit: int = MOST_HITS,
    ) -> Found:
        """Find farewells that somebody may see; in a group chat only what `groups` may."""
        doors = doors_open_to(viewer_id, groups, in_private=in_private)
        return self.find_behind(query_text, doors, limit)

    def find_behind(self, query_text: str, doors: frozenset[str], limit: int = MOST_HITS) -> Found:
        """Find what stands behind any of these doors.

        Any text is answered: what cannot be searched finds nothing. An index that turns out to
        be damaged finds nothing either, and is reported to whoever can rebuild it.
        """
        question = read_question(query_text)
        with self._lock:
            try:
                view = self._opened()
                if view is None:
                    return Found(ready=False)
                answered = answer(
                    view, question, view.behind(doors), Deadline.within(self._time_limit)
                )
            except Exception as error:  # whatever a damaged file leads Whoosh to
                log.error("文库索引读不了（%s），正在重建。", type(error).__name__)
                log.debug("library index failed", exc_info=error)
                self._forget()
                if self._on_damage is not None:
                    self._on_damage()
                return Found(ready=False)
        return _found(query_text, answered, limit)

    def apply(self, documents: Collection[Document], removed: Collection[str], seq: int = 0) -> int:
        """Write changes in this thread; see `writing.apply`."""
        return writing.apply(self.folder, documents, removed, seq)

    def rebuild(self, documents: Iterable[Document], seq: int = 0) -> int:
        """Build the index anew in this thread; see `writing.build`."""
        return writing.build(self.folder, documents, seq)

    def close(self) -> None:
        """Let go of the files."""
        with self._lock:
            self._forget()

    def _opened(self) -> View | None:
        stamp = self.folder.stamp()
        if self._view is not None and stamp == self._stamp:
            return self._view
        state = self.folder.state()
        if state is None:
            return self._view
        opened = View(self.folder.generation(state))
        self._forget()
        self._view, self._stamp = opened, stamp
        return opened

    def _forget(self) -> None:
        view, self._view, self._stamp = self._view, None, None
        if view is not None:
            view.close()


def suggested(query_text: str, hits: Sequence[Hit]) -> str:
    """Return what was probably meant, going by the best hit; empty when it was meant as typed."""
    best = hits[0] if hits else None
    if best is None or best.way in (Way.LITERAL, Way.PIECES):
        return ""
    return best.passage if bare(best.passage) != bare(query_text) else ""


def _found(query_text: str, answered: Answer, limit: int) -> Found:
    hits = tuple(map(_hit, answered.found))
    return Found(
        hits=hits[:limit],
        total=answered.total,
        facets=count_facets(
            (found.entry["companion"], found.entry["author"], found.entry["month"])
            for found in answered.found
        ),
        suggestion=suggested(query_text, hits),
        complete=answered.complete,
    )


def _hit(candidate: Candidate) -> Hit:
    kind, _, number = candidate.entry["key"].partition(":")
    return Hit(
        kind=Kind(kind),
        id=int(number),
        score=candidate.score,
        way=candidate.way,
        passage=candidate.passage,
    )
