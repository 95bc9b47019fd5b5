"""Matching: which entry a message asks for."""

from liudeng.faq.matching.catalogue import Askable
from liudeng.faq.matching.concepts import Concepts, SynonymsProblem
from liudeng.faq.matching.lore import Lore
from liudeng.faq.matching.matcher import Match, Matcher, Ranked
from liudeng.faq.matching.vectors import SentenceVectors, installed

__all__ = [
    "Askable",
    "Concepts",
    "Lore",
    "Match",
    "Matcher",
    "Ranked",
    "SentenceVectors",
    "SynonymsProblem",
    "installed",
]
