"""The commands of the chat as data: their words, who may use them, and what 帮助 says."""

from liudeng.commands.command import Audience, Command, Place
from liudeng.commands.help import help_card
from liudeng.commands.table import Addressed, CommandTable

__all__ = ["Addressed", "Audience", "Command", "CommandTable", "Place", "help_card"]
