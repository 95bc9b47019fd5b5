"""Sealing: what was said around a signal, encrypted, for as long as its case needs it."""

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import BaseModel, ConfigDict
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import StoredMessage, messages_by_id, neighbours, shown_text
from liudeng.db import now_ms
from liudeng.desk.tables import cases, sealed_contexts

AROUND = 10
"""Messages before and after a signal."""
KEEP_MS = 30 * 24 * 3600_000
"""How long after its case was closed a context is kept."""
_LONGEST = 500


class SealKeyProblem(Exception):
    """The key for sealed contexts does not fit; the text is one Chinese sentence."""


class SealedLine(BaseModel):
    """One message of a sealed context."""

    model_config = ConfigDict(frozen=True)

    time_ms: int
    name: str
    text: str
    is_signal: bool = False


class Seal:
    """Keeps contexts that only this bot's key opens."""

    def __init__(self, key: str, key_file: Path, clock: Callable[[], int] = now_ms) -> None:
        """`key` is a Fernet key, or several with commas: the first seals, all open.

        Without one the key is in `key_file`, which is made when it is first needed.
        """
        self._key = key
        self._key_file = key_file
        self._clock = clock
        self._unlocked: MultiFernet | None = None
        self._read_of: tuple[int, int] | None = None
        """What the key file was when it was read: it is rotated while the bot runs."""

    def unlock(self) -> None:
        """Read the key.

        Raises:
            SealKeyProblem: what is set or stored is no key.
            OSError: the file can be neither read nor made.
        """
        try:
            self._unlocked = _cipher(self._key or _key_of_file(self._key_file))
            self._read_of = self._stamp()
        except ValueError:
            where = "CASE_KEY" if self._key else str(self._key_file)
            raise SealKeyProblem(
                f"{where} 不是有效的密钥：要 32 字节的 URL 安全 base64（44 个字符）。"
            ) from None

    @property
    def _cipher(self) -> MultiFernet:
        if self._unlocked is None or self._read_of != self._stamp():
            self.unlock()
        assert self._unlocked is not None
        return self._unlocked

    def words(self, text: str) -> str:
        """Encrypt a text for a column of texts."""
        return self._cipher.encrypt(text.encode()).decode("ascii")

    def read_words(self, sealed: str) -> str:
        """Undo `words`; what is not sealed, or by another key, is returned as it is."""
        try:
            return self._cipher.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return sealed

    def anew(self, body: bytes) -> bytes | None:
        """Seal with the first key what any of them sealed; None for what none of them opens."""
        try:
            return self._cipher.rotate(body)
        except InvalidToken:
            return None

    def _stamp(self) -> tuple[int, int] | None:
        if self._key:
            return None
        try:
            status = self._key_file.stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns

    async def keep(self, connection: AsyncConnection, case_id: int, message_row: int) -> None:
        """Seal what stands around a message now; sealed before, what came since is added."""
        found = await messages_by_id(connection, [message_row])
        if not found:
            return
        around = await neighbours(connection, found[0], before=AROUND, after=AROUND)
        where = (sealed_contexts.c.case_id == case_id) & (
            sealed_contexts.c.message_row == message_row
        )
        query = select(sealed_contexts.c.body).where(where)
        before = (await connection.execute(query)).scalar()
        lines = _joined(self._open(before) if before else [], _lines(around, message_row))
        body = self._cipher.encrypt(json.dumps([line.model_dump() for line in lines]).encode())
        if before is not None:
            await connection.execute(update(sealed_contexts).where(where).values(body=body))
            return
        values = {"case_id": case_id, "message_row": message_row, "body": body}
        await connection.execute(insert(sealed_contexts).values(sealed_ms=self._clock(), **values))

    async def open(self, connection: AsyncConnection, case_id: int) -> list[list[SealedLine]]:
        """Return a case's contexts, the oldest first; what another key sealed is left out."""
        query = (
            select(sealed_contexts.c.body)
            .where(sealed_contexts.c.case_id == case_id)
            .order_by(sealed_contexts.c.message_row)
        )
        contexts = [self._open(body) for body in await connection.scalars(query)]
        return [lines for lines in contexts if lines]

    async def sweep(self, connection: AsyncConnection) -> int:
        """Delete the contexts of cases closed long ago; return how many there were."""
        over = select(cases.c.id).where(cases.c.closed_ms < self._clock() - KEEP_MS)
        swept = await connection.execute(
            delete(sealed_contexts).where(sealed_contexts.c.case_id.in_(over))
        )
        return swept.rowcount

    def _open(self, body: bytes) -> list[SealedLine]:
        try:
            lines = json.loads(self._cipher.decrypt(body))
        except InvalidToken:
            return []
        return [SealedLine.model_validate(line) for line in lines]


def _lines(around: Sequence[StoredMessage], signal_row: int) -> list[SealedLine]:
    return [
        SealedLine(
            time_ms=message.time_ms,
            name=message.display_name,
            text=" ".join(shown_text(message.segments).split())[:_LONGEST],
            is_signal=message.id == signal_row,
        )
        for message in around
    ]


def _joined(before: list[SealedLine], now: list[SealedLine]) -> list[SealedLine]:
    """What was recalled since it was sealed stays: the case may be about just that."""
    known = set(before)
    joined = [*before, *(line for line in now if line not in known)]
    return sorted(joined, key=lambda line: line.time_ms)


def _cipher(key: str) -> MultiFernet:
    return MultiFernet([Fernet(part.strip().encode()) for part in key.split(",")])


def _key_of_file(path: Path) -> str:
    try:
        return path.read_text("ascii").strip()
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    key = Fernet.generate_key()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return key.decode("ascii")
