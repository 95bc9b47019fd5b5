"""The commands of the chat as data: their words, who may use them, and what 帮助 says."""

from liudeng.commands.command import Audience, Command, Place
from liudeng.commands.help import (
    HelpTopic,
    help_text,
    help_topics,
    topics_called,
    where_else,
)
from liudeng.commands.table import Addressed, CommandTable

__all__ = [
    "Addressed",
    "Audience",
    "Command",
    "CommandTable",
    "HelpTopic",
    "Place",
    "help_text",
    "help_topics",
    "topics_called",
    "where_else",
]
