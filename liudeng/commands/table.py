"""The gate's question: does this text address a command? One dictionary look-up."""

from collections.abc import Iterator
from dataclasses import dataclass

from liudeng.commands.command import Command

PREFIXES = ("/", "／")
_LONGEST = 4_096


@dataclass(frozen=True, slots=True)
class Addressed:
    """A command that was typed, and what followed it."""

    command: Command
    rest: str
    mentioned: bool = False
    """Whether the bot was mentioned instead of the command being typed."""


class CommandTable:
    """All commands by their words."""

    def __init__(self) -> None:
        self._by_word: dict[str, Command] = {}
        self._longest_word = 0
        self._for_mentions: Command | None = None

    def __iter__(self) -> Iterator[Command]:
        return iter(dict.fromkeys(self._by_word.values()))

    def add(self, command: Command) -> Command:
        """Add a command; adding the very same one again changes nothing.

        Raises:
            ValueError: another command has one of its words.
        """
        words = [word.casefold() for word in command.words]
        for word in words:
            if self._by_word.get(word, command) != command:
                raise ValueError(f"two commands are called {word}")
        for word in words:
            self._by_word[word] = command
            self._longest_word = max(self._longest_word, len(word))
        return command

    def answer_mentions_with(self, command: Command) -> None:
        """Name the command that is meant when somebody mentions the bot and types no command."""
        self._for_mentions = command

    def mentioned(self, text: str) -> Addressed | None:
        """Return what is meant by a text that mentions the bot, if that means anything."""
        text = text[:_LONGEST].strip()
        if self._for_mentions is None or not text:
            return None
        return Addressed(self._for_mentions, text, mentioned=True)

    def match(self, text: str) -> Addressed | None:
        """Return the command a text addresses, if any.

        A command is a message's first word, alone or followed by white space: 搜了半天 is no
        command, `/搜晚安` and `搜 晚安` are. A bare word must stand alone if the command takes no
        text, so that 帮助我 in a conversation stays a conversation.
        """
        text = text[:_LONGEST].strip()
        slashed = text.startswith(PREFIXES)
        if slashed:
            text = text[1:].lstrip()
        head = text[: self._longest_word + 1].split(maxsplit=1)
        if not head:
            return None
        command = self._by_word.get(head[0].casefold())
        if command is not None:
            return _addressed(command, text[len(head[0]) :].strip(), slashed)
        return self._glued(text) if slashed else None

    def _glued(self, text: str) -> Addressed | None:
        """After a slash the command's text may follow without a space: /搜晚安."""
        for length in range(min(self._longest_word, len(text)), 0, -1):
            command = self._by_word.get(text[:length].casefold())
            if command is not None and not command.name.isascii():
                return _addressed(command, text[length:].strip(), slashed=True)
        return None


def _addressed(command: Command, rest: str, slashed: bool) -> Addressed | None:
    if rest and not slashed and not command.accepts(rest):
        return None
    return Addressed(command, rest)
