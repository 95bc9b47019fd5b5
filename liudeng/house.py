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
from liudeng.backup import DailyBackup
from liudeng.commands import CommandTable
from liudeng.commands.help_picture import HelpPictures
from liudeng.db import Checkpoints, Database, explain, migrate
from liudeng.desk import Desk, Drawing
from liudeng.entrance import Entrance, EntranceOptions
from liudeng.faq.pictures import FaqPictures
from liudeng.faq.room import Faq
from liudeng.library.room import Library, LibraryPlace
from liudeng.lookout import Lookout, Surroundings
from liudeng.media import MediaFetcher, MediaLimits, MediaReader, MediaStore, RecalledPictures
from liudeng.moderation import Moderation
from liudeng.ocr import OcrLimits, OcrService, StoredPictures
from liudeng.options import desk_options, moderation_options, privacy_options
from liudeng.outbox import Enclosures, Gateway, Pace, Sender
from liudeng.pictures import Studio
from liudeng.privacy import Places, Privacy
from liudeng.resources.indexing import ResourceShelf
from liudeng.resources.room import LinkRoom, Wakes
from liudeng.roster import Roster
from liudeng.search import Manner
from liudeng.search.log_index import refresh_index
from liudeng.search.room import Neighbours, SearchRoom
from liudeng.settings import DATA_ROOT, Settings
from liudeng.settling import Settling
from liudeng.timeline.room import TimelineDesk

log = logging.getLogger(__name__)


class House:
    """Owns the database, the tasks and the way they are wired together."""

    def __init__(self, settings: Settings, commands: CommandTable, gateway: Gateway) -> None:
        self.settings = settings
        self.commands = commands
        self.gateway = gateway
        self.database = Database(settings.database_path)
        self.privacy = Privacy(self.database, privacy_options(settings))
        self._checkpoints = Checkpoints(settings.database_path)
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
            desk_options(settings, self.media_store),
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
        self.lookout = Lookout(
            Surroundings(self.database, self.roster, self.desk, self.privacy, self.studio),
            settings,
            self.sender.wake,
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
        self.faq = Faq(
            self.database,
            self.roster,
            settings.zone,
            DATA_ROOT / "faq",
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
        self._backup = DailyBackup(
            settings.data_dir, settings.backup_dir, settings.backup_keep, settings.zone
        )
        self.moderation = Moderation(
            self.database,
            self.desk,
            self.roster,
            gateway,
            settings.zone,
            moderation_options(settings),
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
        self.readers: list[ReaderRun] = []
        self.settling = Settling(
            self.database,
            self.ear,
            self.roster,
            gateway,
            settings,
            self.privacy.absences,
            self.sender.wake,
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
        self.readers = [
            *await self.lookout.prepare(),
            ReaderRun(self.database, self.resources.reader, self.resources.read_some),
        ]
        unasked = self.faq.reader(default=self.settings.faq_unasked, hushed=self._no_time)
        self.readers.append(ReaderRun(self.database, unasked, self.sender.wake))
        if self.settings.keep_media:
            media = MediaReader(self.media_limits)
            self.readers.append(ReaderRun(self.database, media, self.media.wake))
        await self.moderation.prepare()
        await asyncio.to_thread(migrate, self.database.path)
        await self.privacy.open()
        await self._checkpoints.start()
        await self.lookout.remember()
        await refresh_index(self.database)
        async with self.database.write() as connection:
            newest = await last_seq(connection)
            await open_known_gaps(connection, newest)
        await self.desk.open(self.sender.wake)
        await self.faq.open()  # before its reader asks: without synonyms it would find less
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
        await self.lookout.start()
        await self.privacy.start()
        if self.settings.keep_media:
            await self._open_media()

    async def close(self) -> None:
        """Write what is queued, let the readers keep their places, stop everything."""
        for step in (
            self.settling.end,
            self._backup.close,
            self.privacy.close,
            self.writer.close,
            *(reader.close for reader in self.readers),
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
            self.lookout.close,
            self.recalled_pictures.close,
            self.desk.close,
            self.sender.close,
            self._checkpoints.close,
            self.database.close,
        ):
            try:
                await step()
            except Exception as error:  # what follows must be closed all the same
                log.warning("关闭时出错：%s", explain(error).advice)

    async def _open_media(self) -> None:
        await self.media.start()
        if self.settings.ocr_enabled:
            self.media.on_stored(self.ocr.wake)
            self.ocr.on_read(self.library.index.picture_read)
            await self.lookout.look_at_pictures(self.ocr)
            self.ocr.on_read(self.moderation.pictures.picture_ready)
            await self.ocr.start()
        else:  # nobody reads them, but what they look like is known
            self.media.on_stored(self.moderation.pictures.picture_ready)

    def _no_time(self, text: str) -> bool:
        """Nobody in distress is told what the manual says, and a command is answered already."""
        return self.commands.match(text) is not None or self.lookout.hears_distress(text)

    def connected(self, account: int | None = None) -> None:
        """An account has connected: learn who is where, then close the gap behind it."""
        if account is not None:
            self.roster.set_account(account)
        self.settling.begin()
        self.sender.wake()

    async def disconnected(self) -> None:
        """The account is gone."""
        await self.settling.end()

    async def _forget_words(self) -> None:
        await self.search.chat.someone_was_erased()
        await self.library.someone_was_erased()

    def _committed(self) -> None:
        for reader in self.readers:
            reader.wake()
