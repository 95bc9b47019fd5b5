"""Fans out what happens to everybody who watches the page."""

import asyncio
from typing import Any

Push = dict[str, Any]

QUEUE = 1000


class Watcher:
    """One watching client's bounded queue; what does not fit is counted, not kept."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Push] = asyncio.Queue(QUEUE)
        self._skipped = 0

    def offer(self, push: Push) -> None:
        """Queue a push unless the client is too slow for it."""
        try:
            self._queue.put_nowait(push)
        except asyncio.QueueFull:
            self._skipped += 1

    async def next(self) -> Push:
        """The next push; after an overflow first a notice that says how many are missing."""
        if self._skipped and self._queue.empty():
            skipped, self._skipped = self._skipped, 0
            return {"type": "notice", "text": f"太快了，页面跳过了 {skipped} 条"}
        return await self._queue.get()


class Hub:
    """The set of watching clients."""

    def __init__(self) -> None:
        self._watchers: set[Watcher] = set()

    @property
    def watched(self) -> bool:
        """Whether anybody watches; spares building pushes for nobody."""
        return bool(self._watchers)

    def join(self) -> Watcher:
        """Start watching."""
        watcher = Watcher()
        self._watchers.add(watcher)
        return watcher

    def leave(self, watcher: Watcher) -> None:
        """Stop watching."""
        self._watchers.discard(watcher)

    def push(self, push: Push) -> None:
        """Tell every watching client."""
        for watcher in self._watchers:
            watcher.offer(push)
