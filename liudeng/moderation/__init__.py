"""Moderation: rules and models that explain themselves, a ladder, hands, and everything undone."""

from liudeng.moderation.audit import Entry, record
from liudeng.moderation.byhand import Order
from liudeng.moderation.duration import in_words, leading_duration, parse_duration
from liudeng.moderation.groups import Arming
from liudeng.moderation.planning import Limits
from liudeng.moderation.room import Moderation, ModerationOptions
from liudeng.moderation.rules import RuleProblem

__all__ = [
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
