"""Pictures that go with letters, put into the message as it is sent.

A picture that was drawn before is a file beside the outbox: the letter's row holds only its name,
so the database stays small, and what it showed does not outlive the letter. Others are drawn as
they are sent, for each from what the letter says is on them: no file of them is written at all.
"""

import asyncio
import base64
import contextlib
import logging
import os
import re
import time
import uuid
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from liudeng.db import explain
from liudeng.outbox.letter import Segments, text_segment

log = logging.getLogger(__name__)

Draw = Callable[[Mapping[str, Any], float | None], Awaitable[bytes | None]]
"""Makes a PNG of what a letter says is on it, in so many seconds; None when it is not there then.

Without a number of seconds it is patient in its own way.
"""

_PREFIX = "enclosure:"
_DRAWN = "drawn:card"
_NAME = re.compile(r"[0-9a-f]{32}\.png")
_LEFTOVER_S = 24 * 3600.0


class Enclosures:
    """The folder of pictures that wait to be sent."""

    def __init__(self, folder: Path, draw: Draw | None = None) -> None:
        self._folder = folder
        self._draw = draw

    async def picture_or_words(self, picture: bytes | None, instead: str) -> dict[str, Any]:
        """Keep a PNG until its letter has gone; return the segment that stands for it.

        `instead` is said where there is no picture, or it cannot be kept or sent.
        """
        if picture is None:
            return text_segment(instead)
        name = f"{uuid.uuid4().hex}.png"
        try:
            await asyncio.to_thread(self._write, name, picture)
        except OSError as error:
            log.warning("图片放不下，改发文字：%s", explain(error).advice)
            return text_segment(instead)
        return {"type": "image", "data": {"file": _PREFIX + name, "instead": instead}}

    async def unfold(
        self, segments: Sequence[dict[str, Any]], within_s: float | None = None
    ) -> list[dict[str, Any]]:
        """Return the segments as they go out: pictures as bytes, or the words instead.

        What is still to be drawn may take `within_s`.
        """
        return [await self._unfolded(segment, within_s) for segment in segments]

    async def discard(self, segments: Iterable[dict[str, Any]]) -> None:
        """Delete the pictures of a letter that has gone or will never go."""
        names = [name for segment in segments if (name := _name(segment))]
        if names:
            await asyncio.to_thread(self._delete, names)

    async def discard_leftovers(self) -> None:
        """Delete what a crash has left behind: no letter with a picture waits for a day."""
        await asyncio.to_thread(self._delete_older_than, time.time() - _LEFTOVER_S)

    async def _unfolded(self, segment: dict[str, Any], within_s: float | None) -> dict[str, Any]:
        if not _is_ours(segment):
            return segment
        content = await self._content(segment, within_s)
        if content is None:
            return _worded(segment)
        # As bytes: the implementation may run in a container with other files than ours.
        encoded = (await asyncio.to_thread(base64.b64encode, content)).decode("ascii")
        return {"type": "image", "data": {"file": f"base64://{encoded}"}}

    async def _content(self, segment: dict[str, Any], within_s: float | None) -> bytes | None:
        name = _name(segment)
        if name is None:
            card = segment["data"]["card"]
            return await self._draw(card, within_s) if self._draw else None
        try:
            return await asyncio.to_thread((self._folder / name).read_bytes)
        except OSError:
            return None

    def _write(self, name: str, picture: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(picture)

    def _delete(self, names: Iterable[str]) -> None:
        for name in names:
            with contextlib.suppress(OSError):
                (self._folder / name).unlink(missing_ok=True)

    def _delete_older_than(self, moment: float) -> None:
        if not self._folder.is_dir():
            return
        for path in self._folder.glob("*.png"):
            with contextlib.suppress(OSError):
                if path.stat().st_mtime < moment:
                    path.unlink()


def drawn_segment(card: Mapping[str, Any], instead: str) -> dict[str, Any]:
    """Return the segment that becomes a picture of `card` as it is sent, or else words."""
    return {"type": "image", "data": {"file": _DRAWN, "card": dict(card), "instead": instead}}


def has_enclosure(segments: Iterable[dict[str, Any]]) -> bool:
    """Tell whether a message holds a picture of the bot's own."""
    return any(map(_is_ours, segments))


def in_words(segments: Iterable[dict[str, Any]]) -> Segments:
    """Return the message with the words that stand for its pictures."""
    return tuple(_worded(segment) if _is_ours(segment) else segment for segment in segments)


def _is_ours(segment: dict[str, Any]) -> bool:
    return _name(segment) is not None or (
        segment.get("type") == "image" and segment.get("data", {}).get("file") == _DRAWN
    )


def _worded(segment: dict[str, Any]) -> dict[str, Any]:
    return text_segment(str(segment["data"].get("instead", "")))


def _name(segment: dict[str, Any]) -> str | None:
    if segment.get("type") != "image":
        return None
    file = str(segment.get("data", {}).get("file", ""))
    name = file.removeprefix(_PREFIX)
    return name if file.startswith(_PREFIX) and _NAME.fullmatch(name) else None
