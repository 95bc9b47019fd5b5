"""Arming: whether what the watcher sees is told to anybody, and what it saw so far."""

from liudeng.arming.arming import Arming
from liudeng.arming.firings import Firing, Held, alerts_among, firings, messages_of
from liudeng.arming.guard import PLAIN, Guard, GuardOptions
from liudeng.arming.stances import Stance, Stances, groups_in_dry_run

__all__ = [
    "PLAIN",
    "Arming",
    "Firing",
    "Guard",
    "GuardOptions",
    "Held",
    "Stance",
    "Stances",
    "alerts_among",
    "firings",
    "groups_in_dry_run",
    "messages_of",
]
