"""The lookout: what looks for somebody who needs a person, from the lexicon to the desk's door."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from liudeng.archive import ReaderRun
from liudeng.arming import Arming, Guard, GuardOptions, Stances
from liudeng.db import Database
from liudeng.desk import Desk
from liudeng.ocr import OcrService
from liudeng.opinion import Endpoint, Place, SecondOpinion
from liudeng.pictures import Studio
from liudeng.privacy import Privacy
from liudeng.pulse import Pulse, PulseReader, load_moods
from liudeng.roster import Roster
from liudeng.settings import Settings
from liudeng.text.transformer import transformer
from liudeng.watch import Watcher, load_lexicon, load_model
from liudeng.watch.passing import PassingWatch
from liudeng.watch.reader import WatchReader
from liudeng.watch.seeing import ScreenshotWatch

_DISTRESS = 2


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the lookout stands among."""

    database: Database
    roster: Roster
    desk: Desk
    privacy: Privacy
    studio: Studio


@dataclass(frozen=True, slots=True)
class _Watching:
    """What stands once the lexicon and the model are loaded."""

    watcher: Watcher
    days: WatchReader
    moods: PulseReader
    passing: PassingWatch


class Lookout:
    """Owns the watcher, its readers and what may hold it back."""

    def __init__(
        self, around: Surroundings, settings: Settings, on_posted: Callable[[], None]
    ) -> None:
        self._around = around
        self._settings = settings
        self._on_posted = on_posted
        database, roster, desk = around.database, around.roster, around.desk
        self.stances = Stances(database, start_armed=settings.watch_start == "armed")
        self.arming = Arming(database, self.stances, roster, desk, settings.zone)
        self.second_opinion = _second_opinion(around, settings)
        self.guard = Guard(
            desk,
            self.stances,
            roster,
            GuardOptions(settings.watch_threshold, settings.staff_group),
            self.second_opinion,
        )
        self.pulse = Pulse(database, roster, around.studio, settings.zone)
        self._loaded: _Watching | None = None
        self._screenshots: ScreenshotWatch | None = None

    @property
    def _watching(self) -> _Watching:
        if self._loaded is None:
            raise RuntimeError("`prepare` comes first")
        return self._loaded

    async def prepare(self) -> list[ReaderRun]:
        """Load what is judged by, before the database is touched; return the readers.

        Raises:
            liudeng.watch.LexiconError: a moderator's edit of the lexicon does not load.
            liudeng.pulse.MoodLexiconError: the same, of the words that moods are counted by.
        """
        database, privacy, settings = self._around.database, self._around.privacy, self._settings
        lexicon = await asyncio.to_thread(load_lexicon, settings.lexicon_dir)
        watcher = Watcher(lexicon, await asyncio.to_thread(load_model))
        await asyncio.to_thread(transformer().load)
        moods = await asyncio.to_thread(load_moods, settings.mood_dir)
        fully, danger = privacy.watches_fully, privacy.only_danger
        watching = _Watching(
            watcher,
            WatchReader(watcher, self.guard, settings.zone, fully=fully),
            PulseReader(database, moods, self.guard, fully),
            PassingWatch(database, watcher, self.guard, danger, self._alerted),
        )
        self._loaded = watching
        self.pulse.read_by(watching.moods)
        privacy.passing.on_message(watching.passing.hear)
        privacy.desk.on_choice(self._chosen)
        return [
            ReaderRun(database, reader, self._alerted) for reader in (watching.days, watching.moods)
        ]

    async def remember(self) -> None:
        """Read back what was decided and what was said lately, before anything new is read."""
        await self.stances.load()
        await self._watching.days.remember(self._around.database)
        await self._watching.moods.remember()

    async def start(self) -> None:
        """Begin what runs by itself, besides the readers."""
        if self.second_opinion is not None:
            await self.second_opinion.start()
        await self._watching.passing.start()

    async def look_at_pictures(self, ocr: OcrService) -> None:
        """Look at the words that are read in pictures, too."""
        screenshots = ScreenshotWatch(self._around.database, self._watching.days, self._alerted)
        ocr.on_read(screenshots.picture_read)
        await screenshots.start()
        self._screenshots = screenshots

    async def close(self) -> None:
        """Stop; the readers are closed by whoever carries them, before."""
        await self.pulse.close()
        if self._screenshots is not None:
            await self._screenshots.close()
        if self.second_opinion is not None:
            await self.second_opinion.close()
        if self._loaded is not None:
            await self._loaded.passing.close()
            self._loaded.days.close()

    def hears_distress(self, text: str) -> bool:
        """Tell whether somebody who says this needs no manual."""
        return self._watching.watcher.assess(text).level >= _DISTRESS

    def _alerted(self) -> None:
        self._on_posted()
        if self.second_opinion is not None:
            self.second_opinion.wake()

    async def _chosen(self, group_id: int, user_id: str) -> None:
        """A member wants to be kept or watched otherwise than so far."""
        if not self._around.privacy.watches_fully(group_id, user_id):
            await self._watching.days.forget(user_id, group_id or None)


def _second_opinion(around: Surroundings, settings: Settings) -> SecondOpinion | None:
    if not settings.opinion_url:
        return None
    place = Place(
        url=settings.opinion_url,
        key=settings.opinion_key.get_secret_value(),
        model=settings.opinion_model or "",
    )
    return SecondOpinion(
        around.database,
        around.roster,
        Endpoint(place),
        around.desk.remark,
        around.privacy.watches_fully,
    )
