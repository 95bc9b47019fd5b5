"""The files of an export: written piece by piece, none larger than can be sent, none left."""

import asyncio
import base64
import os
import re
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO
from uuid import uuid4

from liudeng.archive.message import StoredMessage
from liudeng.archive.queries import messages_by_id
from liudeng.db import Database
from liudeng.search.export.formats import Heading, Line, Writing

_CHUNK = 100
"""Messages in memory at a time."""
_PART_BYTES = 2 * 1024 * 1024
"""A file travels to the implementation inside one frame: a full one is followed by another."""
_NO_FILE_NAME = re.compile(r'[\\/:*?"<>|\s\x00-\x1f]+')
_LONGEST_NAME = 30


@dataclass(frozen=True, slots=True)
class Part:
    """One finished file."""

    path: Path
    number: int
    """From 1; 0 when it is the only one."""
    messages: int

    def name(self, text: str) -> str:
        """Return what the file is called, after what was searched for."""
        stem = _NO_FILE_NAME.sub("_", text)[:_LONGEST_NAME] or "搜索"
        return f"{stem}{f'_{self.number}' if self.number else ''}{self.path.suffix}"

    async def as_base64(self) -> str:
        """Return its content: the implementation may run in a container with other files."""
        return await asyncio.to_thread(
            lambda: base64.b64encode(self.path.read_bytes()).decode("ascii")
        )


@dataclass(frozen=True, slots=True)
class Content:
    """What the files of an export hold."""

    heading: Heading
    ids: Sequence[int]
    line_of: Callable[[StoredMessage], Line]
    form: Writing


class ExportFolder:
    """Where exports lie for as long as it takes to send them."""

    def __init__(self, path: Path, part_bytes: int = _PART_BYTES) -> None:
        self._path = path
        self._part_bytes = part_bytes

    def clear(self) -> None:
        """Delete every file in it; the folders are exports of whole groups. Blocks."""
        if self._path.is_dir():
            for leftover in self._path.iterdir():
                if not leftover.is_dir():
                    leftover.unlink(missing_ok=True)

    async def parts(self, database: Database, content: Content) -> AsyncGenerator[Part, None]:
        """Yield the files one after another; each is deleted when the next is asked for."""
        draft: _Draft | None = None
        number = 0
        try:
            async for chunk in _messages(database, content.ids):
                lines = deque(map(content.line_of, chunk))
                while lines:
                    draft = draft or await asyncio.to_thread(self._begin, content)
                    if await asyncio.to_thread(draft.take, lines):
                        number += 1
                        yield await asyncio.to_thread(draft.finish, number)
                        await asyncio.to_thread(draft.delete)
                        draft = None
            if draft is not None:
                yield await asyncio.to_thread(draft.finish, number + 1 if number else 0)
        finally:
            if draft is not None:
                await asyncio.to_thread(draft.delete)

    def _begin(self, content: Content) -> "_Draft":
        self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path / f"{uuid4().hex}.{content.form.suffix}"
        # Nobody else on this machine may read it.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        file = os.fdopen(descriptor, "w", encoding="utf-8", newline="\n")
        file.write(content.form.head(content.heading))
        return _Draft(path, file, content.form, self._part_bytes)


@dataclass(slots=True)
class _Draft:
    """A file that is being written. Its methods block."""

    path: Path
    file: TextIO
    form: Writing
    most_bytes: int
    messages: int = 0
    size: int = 0

    def take(self, lines: deque[Line]) -> bool:
        """Write messages, the first ones first, while there is room; tell whether it is full."""
        while lines and self.size < self.most_bytes:
            for piece in self.form.lines([lines.popleft()]):
                self.size += len(piece.encode())
                self.file.write(piece)
            self.messages += 1
        return self.size >= self.most_bytes

    def finish(self, number: int) -> Part:
        self.file.write(self.form.tail())
        self.file.close()
        return Part(self.path, number, self.messages)

    def delete(self) -> None:
        self.file.close()
        self.path.unlink(missing_ok=True)


async def _messages(database: Database, ids: Sequence[int]) -> AsyncIterator[list[StoredMessage]]:
    """Yield messages by and by; what was recalled meanwhile is left out."""
    for start in range(0, len(ids), _CHUNK):
        wanted = ids[start : start + _CHUNK]
        async with database.read() as connection:
            found = {each.id: each for each in await messages_by_id(connection, wanted)}
        kept = (found.get(row_id) for row_id in wanted)
        if still := [message for message in kept if message and message.recalled_ms is None]:
            yield still
