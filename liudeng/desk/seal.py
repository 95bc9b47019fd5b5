"""Sealing: what was said around a signal, encrypted, for as long as its case needs it."""

import asyncio
import contextlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import BaseModel, ConfigDict
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive import StoredMessage, messages_by_id, neighbours, shown_text
from liudeng.db import now_ms
from liudeng.desk.tables import cases, sealed_contexts, sealed_pictures
from liudeng.media import MediaStore, images_of

AROUND = 10
"""Messages before and after a signal."""
KEEP_MS = 30 * 24 * 3600_000
"""How long after its case was closed a context is kept."""
PICTURES = 6
"""Pictures that are sealed with a context."""
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


@dataclass(frozen=True, slots=True)
class SealedContext:
    """What was said and shown around one signal."""

    lines: Sequence[SealedLine]
    pictures: tuple[bytes, ...] = ()
    """Thumbnails, in the order in which they were sent."""


class Seal:
    """Keeps contexts that only this bot's key opens."""

    def __init__(
        self,
        key: str,
        key_file: Path,
        clock: Callable[[], int] = now_ms,
        pictures: MediaStore | None = None,
    ) -> None:
        """`key` is a Fernet key, or several with commas: the first seals, all open.

        Without one the key is in `key_file`, which is made when it is first needed. Pictures are
        sealed too, if it is told where they are kept.
        """
        self._pictures = pictures
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
        else:
            values = {"case_id": case_id, "message_row": message_row, "body": body}
            await connection.execute(
                insert(sealed_contexts).values(sealed_ms=self._clock(), **values)
            )
        await self._keep_pictures(connection, case_id, found[0], around)

    async def open(self, connection: AsyncConnection, case_id: int) -> list[SealedContext]:
        """Return a case's contexts, the oldest first; what another key sealed is left out."""
        query = (
            select(sealed_contexts.c.message_row, sealed_contexts.c.body)
            .where(sealed_contexts.c.case_id == case_id)
            .order_by(sealed_contexts.c.message_row)
        )
        contexts = []
        for message_row, body in await connection.execute(query):
            if lines := self._open(body):
                pictures = await self._open_pictures(connection, case_id, message_row)
                contexts.append(SealedContext(lines, pictures))
        return contexts

    async def _keep_pictures(
        self,
        connection: AsyncConnection,
        case_id: int,
        signal: StoredMessage,
        around: Sequence[StoredMessage],
    ) -> None:
        """Seal the thumbnails of the pictures nearest to the signal, each once."""
        if self._pictures is None:
            return
        mine = (sealed_pictures.c.case_id == case_id) & (sealed_pictures.c.message_row == signal.id)
        query = select(sealed_pictures.c.sha256).where(mine)
        known = set(await connection.scalars(query))
        images = await images_of(connection, [message.id for message in around])
        nearest = sorted(around, key=lambda one: (abs(one.time_ms - signal.time_ms), one.id))
        found = [
            (message.id, image.sha256)
            for message in nearest
            for image in images.get(message.id, ())
            if image.sha256
        ]
        for shown_in, sha256 in dict.fromkeys(found):
            if len(known) >= PICTURES:
                return
            if sha256 in known:
                continue
            body = await asyncio.to_thread(self._sealed_picture, self._pictures, sha256)
            if body is not None:
                known.add(sha256)
                values = {"case_id": case_id, "message_row": signal.id, "shown_in": shown_in}
                await connection.execute(
                    insert(sealed_pictures).values(sha256=sha256, body=body, **values)
                )

    def _sealed_picture(self, store: MediaStore, sha256: str) -> bytes | None:
        path = store.thumbnail(sha256)
        try:
            return self._cipher.encrypt(path.read_bytes()) if path else None
        except OSError:
            return None  # it was recalled just now

    async def _open_pictures(
        self, connection: AsyncConnection, case_id: int, message_row: int
    ) -> tuple[bytes, ...]:
        query = (
            select(sealed_pictures.c.body)
            .where(
                sealed_pictures.c.case_id == case_id, sealed_pictures.c.message_row == message_row
            )
            .order_by(sealed_pictures.c.shown_in, sealed_pictures.c.id)
        )
        bodies = list(await connection.scalars(query))
        return tuple(await asyncio.to_thread(self._decrypted, bodies))

    def _decrypted(self, bodies: Sequence[bytes]) -> list[bytes]:
        with contextlib.suppress(InvalidToken):  # another key's: all of a context are of one
            return [self._cipher.decrypt(body) for body in bodies]
        return []

    async def sweep(self, connection: AsyncConnection) -> int:
        """Delete the contexts of cases closed long ago; return how many there were."""
        over = select(cases.c.id).where(cases.c.closed_ms < self._clock() - KEEP_MS)
        await connection.execute(delete(sealed_pictures).where(sealed_pictures.c.case_id.in_(over)))
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
