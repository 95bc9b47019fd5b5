"""Moderation: rules and models that explain themselves, a ladder, hands, and everything undone."""

from liudeng.moderation.audit import Entry, record
from liudeng.moderation.byhand import Order
from liudeng.moderation.duration import in_words, leading_duration, parse_duration
from liudeng.moderation.groups import Arming
from liudeng.moderation.planning import Limits
from liudeng.moderation.room import Moderation, ModerationOptions
from liudeng.moderation.rules import RuleProblem
from liudeng.moderation.rules.typed import HOW_TO_ADD
from liudeng.moderation.writing import HOW_TO_SHOW

__all__ = [
    "HOW_TO_ADD",
    "HOW_TO_SHOW",
    "Arming",
    "Entry",
    "Limits",
    "Moderation",
    "ModerationOptions",
    "Order",
    "RuleProblem",
    "in_words",
    "leading_duration",
    "parse_duration",
    "record",
]
