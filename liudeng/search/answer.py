"""What the bot answers to a search: in words, and what of them may be drawn instead."""

from dataclasses import dataclass

from liudeng.archive.message import StoredMessage
from liudeng.search.facets import Facets
from liudeng.search.paging import Standing
from liudeng.search.results import Results


@dataclass(frozen=True)
class ShownHits:
    """A page of results as it may be drawn."""

    results: Results
    standing: Standing
    """After this page."""
    first: int
    """Which of all hits the first one here is, from 1."""
    note: str = ""
    """How the query was read, where not as it was typed."""


@dataclass(frozen=True)
class ShownFacets:
    """A chart as it may be drawn."""

    facets: Facets
    standing: Standing


@dataclass(frozen=True)
class Answer:
    """Words above, in and below what may be drawn."""

    below: str
    listing: str = ""
    """What the picture shows, in words."""
    above: str = ""
    shown: ShownHits | ShownFacets | None = None
    message: StoredMessage | None = None
    """The one message that the answer is about."""

    @property
    def text(self) -> str:
        """The whole answer in words."""
        return "\n".join(filter(None, (self.above, self.listing, self.below)))
