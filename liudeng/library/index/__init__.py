"""The library's index: finds entries by more than their exact words. Derived, never the truth."""

from typing import TYPE_CHECKING

from liudeng.on_demand import names_of

if TYPE_CHECKING:
    from liudeng.library.index.answering import MOST_HITS
    from liudeng.library.index.document import Document, Kind, document_of
    from liudeng.library.index.facets import Facets
    from liudeng.library.index.index import Found, Hit, LibraryIndex
    from liudeng.library.index.keeper import LibraryIndexKeeper, rebuild_library
    from liudeng.library.index.likeness import Way
    from liudeng.library.index.search import FoundEntry, LibraryAnswer, LibrarySearch
    from liudeng.library.index.shelf import Shelf, note_changes
    from liudeng.library.index.writer import WritingFailed

__all__ = [
    "MOST_HITS",
    "Document",
    "Facets",
    "Found",
    "FoundEntry",
    "Hit",
    "Kind",
    "LibraryAnswer",
    "LibraryIndex",
    "LibraryIndexKeeper",
    "LibrarySearch",
    "Shelf",
    "Way",
    "WritingFailed",
    "document_of",
    "note_changes",
    "rebuild_library",
]

_MODULES = (
    "document",
    "facets",
    "shelf",
    "answering",
    "index",
    "keeper",
    "likeness",
    "search",
    "writer",
)

__getattr__ = names_of(__name__, __all__, _MODULES)
