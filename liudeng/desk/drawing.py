"""Drawing: the desk's pages as pictures, in time or not at all."""

import asyncio
import contextlib
import json
import tempfile
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from liudeng.desk.page import Page
from liudeng.pictures import (
    CaseCard,
    CaseSection,
    PictureUnavailable,
    Studio,
    render_case,
    theme_at,
)

PATIENCE_S = 1.5
"""How long an alert waits for its picture: words now are worth more than a picture later."""
_KEPT = 8
"""Pictures remembered: an alert goes to several people, one after the other."""


class Drawing:
    """Draws cards of the desk; what was begun for one letter is there for the next."""

    def __init__(self, studio: Studio, zone: ZoneInfo, patience_s: float = PATIENCE_S) -> None:
        self._studio = studio
        self._zone = zone
        self._patience_s = patience_s
        self._drawn: OrderedDict[str, asyncio.Task[bytes | None]] = OrderedDict()

    async def of_letter(
        self, card: Mapping[str, Any], within_s: float | None = None
    ) -> bytes | None:
        """Return a PNG of the card in a letter; None where it is not there in time."""
        patience = self._patience_s if within_s is None else min(within_s, self._patience_s)
        key = json.dumps(card, sort_keys=True)
        task = self._drawn.get(key)
        if task is None or (task.done() and _failed(task)):
            task = asyncio.create_task(self._draw(CaseCard.model_validate(card)), name="desk-card")
            self._drawn[key] = task
        self._drawn.move_to_end(key)
        while len(self._drawn) > _KEPT:
            self._drawn.popitem(last=False)[1].cancel()
        done, _ = await asyncio.wait({task}, timeout=patience)
        return None if not done or _failed(task) else task.result()

    async def of_page(self, page: Page) -> bytes | None:
        """Return a PNG of a page that somebody asked for; None where it cannot be drawn."""
        if page.card is None:
            return None
        if not page.pictures:
            return await self._draw(page.card)
        # Decrypted for as long as it takes: nobody else can read the folder, and it goes at once.
        with tempfile.TemporaryDirectory(prefix="liudeng-", ignore_cleanup_errors=True) as name:
            paths = await asyncio.to_thread(_written, Path(name), page.pictures)
            shown = CaseSection(title="图片", pictures=paths)
            card = page.card.model_copy(update={"sections": (*page.card.sections, shown)})
            return await self._draw(card)

    async def close(self) -> None:
        """Draw nothing more."""
        tasks = list(self._drawn.values())
        self._drawn.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _draw(self, card: CaseCard) -> bytes | None:
        theme = theme_at(datetime.now(self._zone))
        with contextlib.suppress(PictureUnavailable):
            return await self._studio.draw(render_case, card, theme)
        return None


def _failed(task: asyncio.Task[bytes | None]) -> bool:
    return task.cancelled() or task.exception() is not None or task.result() is None


def _written(folder: Path, pictures: Sequence[bytes]) -> tuple[Path, ...]:
    paths = []
    for number, picture in enumerate(pictures):
        path = folder / f"{number}.webp"
        path.write_bytes(picture)
        paths.append(path)
    return tuple(paths)
