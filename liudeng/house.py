"""The house: every room, opened in order and closed in reverse."""

import asyncio
import logging

from liudeng.archive import (
    Ear,
    LogWriter,
    ReaderRun,
    last_seq,
    open_known_gaps,
)
from liudeng.arming import Arming, Guard, GuardOptions, Stances
from liudeng.backup import DailyBackup
from liudeng.commands import CommandTable
from liudeng.commands.help_picture import HelpPictures
from liudeng.db import Database, explain, migrate
from liudeng.desk import Desk, DeskOptions, Drawing, Patience, Seal
from liudeng.entrance import Entrance, EntranceOptions
from liudeng.faq.pictures import FaqPictures
from liudeng.faq.room import Faq
from liudeng.library.room import Library, LibraryPlace
from liudeng.media import MediaFetcher, MediaLimits, MediaReader, MediaStore, RecalledPictures
from liudeng.moderation import Limits, Moderation, ModerationOptions
from liudeng.ocr import OcrLimits, OcrService, StoredPictures
from liudeng.opinion import Endpoint, Place, SecondOpinion
from liudeng.outbox import Enclosures, Gateway, Pace, Sender
from liudeng.pictures import Studio
from liudeng.privacy import Mode, Places, Privacy, PrivacyOptions, rules_of
from liudeng.pulse import Pulse, PulseReader, load_moods
from liudeng.resources.indexing import ResourceShelf
from liudeng.resources.room import LinkRoom, Wakes
from liudeng.roster import Roster
from liudeng.search import Manner
from liudeng.search.log_index import refresh_index
from liudeng.search.room import Neighbours, SearchRoom
from liudeng.settings import DATA_ROOT, Settings
from liudeng.settling import Settling
from liudeng.timeline.room import TimelineDesk
from liudeng.watch import Watcher, load_lexicon, load_model
from liudeng.watch.passing import PassingWatch
from liudeng.watch.reader import WatchReader
from liudeng.watch.seeing import ScreenshotWatch

log = logging.getLogger(__name__)

_DISTRESS = 2


class House:
    """Owns the database, the tasks and the way they are wired together."""

    def __init__(self, settings: Settings, commands: CommandTable, gateway: Gateway) -> None:
        self.settings = settings
        self.commands = commands
        self.gateway = gateway
        self.database = Database(settings.database_path)
        self.privacy = Privacy(
            self.database,
            PrivacyOptions(
                key=settings.privacy_key.get_secret_value(),
                data_dir=settings.data_dir,
                wording_dir=DATA_ROOT / "privacy",
                zone=settings.zone,
                default=Mode(settings.archive_mode),
                wipe_hours=settings.recall_wipe_hours,
                retention=rules_of(settings.retention),
                operators=settings.operators,
            ),
        )
        self.writer = LogWriter(self.database, settings.writer_queue_size, self.privacy.gate)
        self.ear = Ear(
            self.writer,
            commands,
            settings.archives,
            staff_group=settings.staff_group,
            pass_all=settings.pass_all_messages,
        )
        self.roster = Roster(settings.moderators)
        self.media_store = MediaStore(settings.data_dir / "media")
        self.studio = Studio()
        self.desk = Desk(
            self.database,
            self.roster,
            settings.staff_group,
            settings.zone,
            DeskOptions(
                seal=Seal(
                    settings.case_key.get_secret_value(),
                    settings.data_dir / "case.key",
                    pictures=self.media_store,
                ),
                patience=Patience.of_minutes(settings.ack_minutes),
                care_dir=DATA_ROOT / "desk",
                cards=settings.alert_cards,
                operators=settings.operators,
            ),
        )
        self.stances = Stances(self.database, start_armed=settings.watch_start == "armed")
        self.arming = Arming(self.database, self.stances, self.roster, self.desk, settings.zone)
        self.second_opinion = self._second_opinion()
        self.guard = Guard(
            self.desk,
            self.stances,
            self.roster,
            GuardOptions(settings.watch_threshold, settings.staff_group),
            self.second_opinion,
        )
        self.drawing = Drawing(self.studio, settings.zone)
        self.enclosures = Enclosures(settings.data_dir / "enclosures", self.drawing.of_letter)
        self.sender = Sender(
            self.database,
            gateway,
            Pace(settings.send_interval, settings.send_burst),
            self.desk.route,
            self.desk.fall_back,
            Pace(settings.send_interval / 3, settings.send_burst * 2),
            self.enclosures,
        )
        self.media_limits = MediaLimits(trusted_hosts=settings.media_trusted_hosts)
        self.media = MediaFetcher(self.database, gateway, self.media_store, self.media_limits)
        self.recalled_pictures = RecalledPictures(self.database, self.media_store)
        self.ocr = OcrService(
            self.database,
            StoredPictures(self.media_store),
            OcrLimits(threads=settings.ocr_threads, idle=settings.ocr_idle_s),
        )
        self.help_pictures = HelpPictures(self.studio, settings.zone)
        self.pulse = Pulse(self.database, self.roster, self.studio, settings.zone)
        self.faq = Faq(
            self.database,
            self.roster,
            settings.zone,
            DATA_ROOT / "faq" / "synonyms.toml",
            self.sender.wake,
            vectors=settings.faq_vectors,
        )
        self.faq_pictures = FaqPictures(self.studio, settings.zone)
        self.timeline = TimelineDesk(
            self.database, self.studio, settings.zone, DATA_ROOT / "timeline"
        )
        self.library = Library(
            self.database,
            self.media_store,
            self.studio,
            self.roster,
            LibraryPlace(settings.data_dir, settings.zone),
            self.sender.wake,
            shelves=(self.faq.shelf, ResourceShelf()),
        )
        self.resources = LinkRoom(
            self.database,
            self.roster,
            self.studio,
            settings.zone,
            Wakes(sender=self.sender.wake, index=self.library.index.wake),
            probes=settings.resource_probes,
        )
        self.search = SearchRoom(
            Neighbours(self.database, gateway, self.media_store, self.studio, self.library.curated),
            Manner(settings.search_page_size, settings.zone, self.roster.group_name),
            settings.data_dir / "exports",
        )
        self.media.ask_of_forwarded(self.privacy.gate.keeps_forwarded)
        self.privacy.wire(
            self.writer,
            Places(self.media_store, self.library.covered.forget, self._forget_words),
            self.roster,
            (gateway, self.enclosures),
            self.sender.wake,
        )
        self._watch: WatchReader | None = None
        self._backup = DailyBackup(
            settings.data_dir, settings.backup_dir, settings.backup_keep, settings.zone
        )
        self._passing: PassingWatch | None = None
        self.moderation = Moderation(
            self.database,
            self.desk,
            self.roster,
            gateway,
            settings.zone,
            ModerationOptions(
                rules_dir=settings.rules_dir,
                bots=settings.other_bots,
                limits=Limits(hourly_budget=settings.moderation_budget),
            ),
        )
        self.entrance = Entrance(
            self.database,
            gateway,
            self.roster,
            self.desk,
            EntranceOptions(
                person_of=self.privacy.register.person,
                in_raid=self.moderation.in_raid,
                staff_group=settings.staff_group,
                operators=settings.operators,
            ),
        )
        self.privacy.notices.greet_with(self.entrance.welcome)
        self._screenshots: ScreenshotWatch | None = None
        self.readers: list[ReaderRun] = []
        self.settling = Settling(
            self.database, self.ear, self.roster, gateway, settings, self.sender.wake
        )

    @property
    def settled(self) -> bool:
        """Whether the last connection's members are known and its gap was dealt with."""
        return self.settling.settled

    async def open(self) -> None:
        """Bring the database up to date and start every task.

        Raises:
            liudeng.watch.LexiconError: a moderator's edit of the lexicon does not load.
            liudeng.pulse.MoodLexiconError: the same, of the words that moods are counted by.
            liudeng.faq.matching.SynonymsProblem: one of the synonyms does not.
            liudeng.faq.seed.SeedProblem: the entries that come with the program do not.
            liudeng.moderation.RuleProblem: a moderator's edit of the rules does not load.
            liudeng.db.SchemaTooNew: the database belongs to a newer version.
            liudeng.desk.SealKeyProblem: the key of sealed contexts does not fit.
            liudeng.privacy.PrivacyKeyProblem: the key of pseudonyms does not fit.
            sqlalchemy.exc.DBAPIError: the database cannot be opened.
        """
        lexicon = await asyncio.to_thread(load_lexicon, self.settings.lexicon_dir)
        model = await asyncio.to_thread(load_model)
        watcher = Watcher(lexicon, model)
        watch = WatchReader(
            watcher, self.guard, self.settings.zone, fully=self.privacy.watches_fully
        )
        self._watch = watch
        self._passing = PassingWatch(
            self.database, watcher, self.guard, self.privacy.only_danger, self._alerted
        )
        self.privacy.passing.on_message(self._passing.hear)
        self.privacy.desk.on_choice(self._chosen)
        moods = await asyncio.to_thread(load_moods, self.settings.mood_dir)
        pulse = PulseReader(self.database, moods, self.guard, self.privacy.watches_fully)
        self.pulse.read_by(pulse)
        self.readers = [
            ReaderRun(self.database, watch, self._alerted),
            ReaderRun(self.database, pulse, self._alerted),
            ReaderRun(self.database, self.resources.reader, self.resources.read_some),
        ]
        unasked = self.faq.reader(
            default=self.settings.faq_unasked, hushed=lambda text: self._no_time(watcher, text)
        )
        self.readers.append(ReaderRun(self.database, unasked, self.sender.wake))
        if self.settings.keep_media:
            media = MediaReader(self.media_limits)
            self.readers.append(ReaderRun(self.database, media, self.media.wake))
        await self.moderation.prepare()
        await asyncio.to_thread(migrate, self.database.path)
        await self.stances.load()
        await self.privacy.open()
        await watch.remember(self.database)
        await pulse.remember()
        await refresh_index(self.database)
        async with self.database.write() as connection:
            newest = await last_seq(connection)
            await open_known_gaps(connection, newest)
        await self.desk.open(self.sender.wake)
        await self.faq.open()  # before its reader asks: without synonyms it would find less
        if self.second_opinion is not None:
            await self.second_opinion.start()
        self.writer.on_commit(self._committed)
        self.writer.start(newest)
        for reader in self.readers:
            await reader.start()
        self.readers.append(await self.moderation.open(self.sender.wake))
        await self.entrance.start(self.sender.wake)
        await self.studio.start()
        await self.sender.start()
        self.writer.on_recall(self.library.recalled)
        await self.library.start()
        # Also where pictures are not kept any longer: those of before can still be recalled.
        self.recalled_pictures.on_hidden(self.library.covered.forget)
        self.writer.on_recall(self.recalled_pictures.recalled)
        await self.recalled_pictures.start()
        await self._backup.start()
        await self.search.start()
        self.writer.on_recall(self.resources.keeper.recalled)
        await self.resources.start()
        await self._passing.start()
        await self.privacy.start()
        if self.settings.keep_media:
            await self._open_media(ScreenshotWatch(self.database, watch, self._alerted))

    async def close(self) -> None:
        """Write what is queued, let the readers keep their places, stop everything."""
        for step in (
            self.settling.end,
            self._backup.close,
            self.privacy.close,
            self.writer.close,
            *([self._passing.close] if self._passing else []),
            *(reader.close for reader in self.readers),
            self.pulse.close,
            self.search.close,
            self.resources.close,
            self.moderation.close,
            self.entrance.close,
            self.library.close,
            self.drawing.close,
            self.faq.close,
            self.studio.close,
            self.media.close,
            self.ocr.close,
            *([self._screenshots.close] if self._screenshots else []),
            self.recalled_pictures.close,
            *([self.second_opinion.close] if self.second_opinion else []),
            self.desk.close,
            self.sender.close,
            self.database.close,
        ):
            try:
                await step()
            except Exception as error:  # what follows must be closed all the same
                log.warning("关闭时出错：%s", explain(error).advice)
        if self._watch is not None:
            self._watch.close()

    async def _open_media(self, screenshots: ScreenshotWatch) -> None:
        await self.media.start()
        if self.settings.ocr_enabled:
            self.media.on_stored(self.ocr.wake)
            self.ocr.on_read(self.library.index.picture_read)
            self.ocr.on_read(screenshots.picture_read)
            await screenshots.start()
            self._screenshots = screenshots
            await self.ocr.start()

    def _no_time(self, watcher: Watcher, text: str) -> bool:
        """Nobody in distress is told what the manual says, and a command is answered already."""
        return self.commands.match(text) is not None or watcher.assess(text).level >= _DISTRESS

    def connected(self, account: int | None = None) -> None:
        """An account has connected: learn who is where, then close the gap behind it."""
        if account is not None:
            self.roster.set_account(account)
        self.settling.begin()
        self.sender.wake()

    async def disconnected(self) -> None:
        """The account is gone."""
        await self.settling.end()

    def _second_opinion(self) -> SecondOpinion | None:
        settings = self.settings
        if not settings.opinion_url:
            return None
        place = Place(
            url=settings.opinion_url,
            key=settings.opinion_key.get_secret_value(),
            model=settings.opinion_model or "",
        )
        return SecondOpinion(self.database, self.roster, Endpoint(place), self.desk.remark)

    def _alerted(self) -> None:
        self.sender.wake()
        if self.second_opinion is not None:
            self.second_opinion.wake()

    async def _forget_words(self) -> None:
        await self.search.chat.someone_was_erased()
        await self.library.someone_was_erased()

    async def _chosen(self, group_id: int, user_id: str) -> None:
        """A member wants to be kept or watched otherwise than so far."""
        if self._watch is not None and not self.privacy.watches_fully(group_id, user_id):
            await self._watch.forget(user_id, group_id or None)

    def _committed(self) -> None:
        for reader in self.readers:
            reader.wake()
