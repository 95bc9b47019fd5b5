"""The OneBot actions this implementation answers, several small modules with one table."""

from simulator.actions import attachments, directory, history, managing, sending
from simulator.actions.registry import Desk, known_actions
from simulator.actions.server import ActionServer

__all__ = [
    "ActionServer",
    "Desk",
    "attachments",
    "directory",
    "history",
    "known_actions",
    "managing",
    "sending",
]
