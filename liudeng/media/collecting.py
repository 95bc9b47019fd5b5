"""One attachment: fetched, looked at, kept, or a reason why not."""

import asyncio
import contextlib
from dataclasses import dataclass

from liudeng.archive import StoredMessage
from liudeng.db import Database, now_ms
from liudeng.media.download import (
    Downloader,
    DownloadFailed,
    DownloadRefused,
    Expired,
)
from liudeng.media.fresh import fresh_urls
from liudeng.media.inspection import Inspection, PictureRefused
from liudeng.media.inspector import Inspector
from liudeng.media.limits import MediaLimits
from liudeng.media.model import Attachment, Kind, MediaFile, Reason
from liudeng.media.queries import stored_file
from liudeng.media.signatures import is_image
from liudeng.media.store import MediaStore, Received
from liudeng.outbox import Gateway


class Lost(Exception):
    """It cannot be had any more; asking again would not help."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Collector:
    """Gets files into the store."""

    database: Database
    gateway: Gateway
    store: MediaStore
    limits: MediaLimits
    downloader: Downloader
    inspector: Inspector

    async def collect(self, attachment: Attachment, message: StoredMessage) -> MediaFile:
        """Fetch an attachment by its URL or, once that has expired, by a fresh one.

        Raises:
            DownloadRefused: it is not wanted.
            DownloadFailed: it did not work this time.
            Lost: the implementation has no other URL.
            NotConnected, OutcomeUnknown: the implementation could not be asked for one.
        """
        if attachment.declared_size > self._max_bytes(attachment):
            raise DownloadRefused(Reason.TOO_LARGE)
        if attachment.url:
            with contextlib.suppress(Expired):
                return await self._fetch(attachment.url, attachment)
        offered = False
        async for url in fresh_urls(self.gateway, attachment, message):
            offered = True
            with contextlib.suppress(Expired):
                return await self._fetch(url, attachment)
        # A fresh URL may be dead at once when the implementation lacks a current rkey: try later.
        raise DownloadFailed(Reason.EXPIRED) if offered else Lost(Reason.EXPIRED)

    async def _fetch(self, url: str, attachment: Attachment) -> MediaFile:
        try:
            with self.store.receive() as incoming:
                await self.downloader.download(url, incoming, self._max_bytes(attachment))
                received = await asyncio.to_thread(incoming.finish)
                return await self._keep(received, attachment)
        except OSError:
            raise DownloadFailed(Reason.DISK) from None

    async def _keep(self, received: Received, attachment: Attachment) -> MediaFile:
        if received.size == 0:
            raise DownloadRefused(Reason.EMPTY)
        if attachment.kind is Kind.IMAGE and not is_image(received.mime):
            raise DownloadRefused(Reason.NOT_AN_IMAGE)
        known = await self._known(received.sha256)
        if known is not None:
            return known
        seen = await self._inspected(received, attachment)
        await asyncio.to_thread(self.store.keep, received)
        return MediaFile(
            sha256=received.sha256,
            size=received.size,
            mime=received.mime,
            width=seen.width if seen else None,
            height=seen.height if seen else None,
            frames=seen.frames if seen else None,
            phash=seen.phash if seen else None,
            stored_ms=now_ms(),
        )

    async def _known(self, sha256: str) -> MediaFile | None:
        """Return what is kept already under this hash, if all its files are really there.

        A picture that was recalled has lost its thumbnail: posted again, it is looked into anew.
        """
        async with self.database.read() as connection:
            known = await stored_file(connection, sha256)
        if known is None or not await asyncio.to_thread(self._is_whole, known):
            return None
        return known

    def _is_whole(self, file: MediaFile) -> bool:
        if self.store.path(file.sha256) is None:
            return False
        return not file.is_picture or self.store.thumbnail(file.sha256) is not None

    async def _inspected(self, received: Received, attachment: Attachment) -> Inspection | None:
        """Look into a picture. A file that only begins like one is kept as bytes, unopened."""
        if not is_image(received.mime):
            return None
        try:
            return await self.inspector.inspect(received.path, received.thumbnail)
        except PictureRefused as refused:
            if attachment.kind is not Kind.IMAGE:
                return None
            reason = Reason(refused.reason)
            if reason is Reason.DISK:
                raise DownloadFailed(reason) from None
            raise DownloadRefused(reason) from None

    def _max_bytes(self, attachment: Attachment) -> int:
        image = attachment.kind is Kind.IMAGE
        return self.limits.image_bytes if image else self.limits.file_bytes
