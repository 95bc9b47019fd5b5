"""Covering: a picture that everybody may see shows nobody's face, name or number."""

from liudeng.covering.contacts import private_spans, redacted
from liudeng.covering.copies import CoveredPictures, StillShown, words_beside
from liudeng.covering.cover import Cover, NotReadYet, Span, Why
from liudeng.covering.finding import Names, find_covers
from liudeng.covering.name_index import NameIndex
from liudeng.covering.painting import CannotCover, Copy, cover, covered_copy

__all__ = [
    "CannotCover",
    "Copy",
    "Cover",
    "CoveredPictures",
    "NameIndex",
    "Names",
    "NotReadYet",
    "Span",
    "StillShown",
    "Why",
    "cover",
    "covered_copy",
    "find_covers",
    "private_spans",
    "redacted",
    "words_beside",
]
