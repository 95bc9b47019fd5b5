"""A gateway to an account that lives in memory."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from inspect import isawaitable
from itertools import count
from typing import Any

from liudeng.outbox import NotConnected, OutcomeUnknown, plain_text

Answer = Any | Exception | Callable[[dict[str, Any]], Any]


@dataclass(frozen=True)
class Call:
    """One action that was asked for."""

    action: str
    parameters: dict[str, Any]

    @property
    def text(self) -> str:
        """The text that was to be sent."""
        return plain_text(self.parameters.get("message", ()))


class FakeGateway:
    """Answers actions as it was told, and otherwise like a healthy implementation.

    What is sent appears in the chat's history, so that it can be looked up.
    """

    def __init__(self) -> None:
        self.connected = True
        self.calls: list[Call] = []
        self.string_format = False
        """Whether histories hold CQ strings in place of segments."""
        self._answers: dict[str, deque[Answer]] = defaultdict(deque)
        self._chats: dict[int, list[dict[str, Any]]] = defaultdict(list)
        self._message_ids = count(9_000)

    def next(self, action: str, *answers: Answer) -> None:
        """Give the next calls of `action` these answers; exceptions are raised."""
        self._answers[action].extend(answers)

    def lose_answer(self, action: str) -> None:
        """Let the next send arrive, but not its answer."""

        def arrive(parameters: dict[str, Any]) -> Any:
            self._deliver(parameters)
            raise OutcomeUnknown("the answer was lost")

        self.next(action, arrive)

    def never_answer(self, action: str) -> asyncio.Event:
        """Let the next call of `action` hang; the event tells when it has begun to."""
        begun = asyncio.Event()

        async def hang(_parameters: dict[str, Any]) -> None:
            begun.set()
            await asyncio.Event().wait()

        self.next(action, hang)
        return begun

    async def call(self, action: str, **parameters: Any) -> Any:
        """Carry out an action."""
        if not self.connected:
            raise NotConnected("no account is connected")
        self.calls.append(Call(action, parameters))
        answers = self._answers[action]
        if not answers:
            return self._default(action, parameters)
        answer = answers.popleft()
        if isinstance(answer, Exception):
            raise answer
        given = answer(parameters) if callable(answer) else answer
        return await given if isawaitable(given) else given

    def sent(self, action: str | None = None) -> list[Call]:
        """Return the calls that were to send something."""
        return [
            call
            for call in self.calls
            if call.action.startswith("send_") and action in (None, call.action)
        ]

    def delivered(self, chat: int) -> list[str]:
        """Return the texts that arrived in a chat."""
        return [entry["text"] for entry in self._chats[chat]]

    def _default(self, action: str, parameters: dict[str, Any]) -> Any:
        if action.startswith("send_"):
            return {"message_id": self._deliver(parameters)}
        if action.endswith("_msg_history"):
            return {"messages": [self._entry(entry) for entry in self._chats[_chat(parameters)]]}
        return {}

    def _deliver(self, parameters: dict[str, Any]) -> int:
        message_id = next(self._message_ids)
        segments = parameters["message"]
        entry = {"message_id": message_id, "message": segments, "text": plain_text(segments)}
        self._chats[_chat(parameters)].append(entry)
        return message_id

    def _entry(self, entry: dict[str, Any]) -> dict[str, Any]:
        if not self.string_format:
            return entry
        escaped = entry["text"].replace("&", "&amp;").replace("[", "&#91;").replace("]", "&#93;")
        return {**entry, "message": escaped}


def _chat(parameters: dict[str, Any]) -> int:
    return int(parameters.get("user_id") or parameters["group_id"])
