"""The privacy room without a bot around it, for the command line and for imports.

A bot may run beside it: consents are read anew before anything is stored, here and there.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from liudeng.covering import CoveredPictures
from liudeng.db import Database, migrate
from liudeng.library.index import rebuild_library
from liudeng.media import MediaStore
from liudeng.outbox import Enclosures
from liudeng.privacy.consent import Mode
from liudeng.privacy.erasure import Erasure
from liudeng.privacy.gate import Gate
from liudeng.privacy.handing_out import HandingOut
from liudeng.privacy.holders import all_holders
from liudeng.privacy.journal import Journal
from liudeng.privacy.leaving import Departure, Fate, Leaving
from liudeng.privacy.pseudonyms import Pseudonyms
from liudeng.privacy.register import Register
from liudeng.privacy.retention import Retention, Rules, rules_of
from liudeng.privacy.sweeping import Places, Sweeper
from liudeng.resources.indexing import ResourceShelf
from liudeng.settings import Settings

_FATES = {
    Fate.UNDECIDED: "还没有定",
    Fate.KEEP: "留着",
    Fate.EXPORT: "先导出",
    Fate.ERASE: "删除",
}


@dataclass(frozen=True, slots=True)
class Offline:
    """What the command line works with."""

    database: Database
    settings: Settings
    sweeper: Sweeper
    erasure: Erasure
    retention: Retention
    leaving: Leaving
    handing_out: HandingOut
    rules: Rules

    def departure_line(self, one: Departure) -> str:
        """Return a group that was left, in one line."""
        zone = self.settings.zone
        left = datetime.fromtimestamp(one.left_ms / 1000, zone)
        line = f"{one.group_id}　{one.name}　{left:%Y-%m-%d} 退出　{_FATES[one.fate]}"
        if one.erase_ms is not None:
            line += f"，{datetime.fromtimestamp(one.erase_ms / 1000, zone):%Y-%m-%d} 删"
        return line


async def gate_of(settings: Settings, database: Database) -> Gate:
    """Return the gate of an archive, for whoever stores into it.

    Raises:
        PrivacyKeyProblem: the key does not fit.
    """
    register = _register(settings, database)
    await register.open()
    return Gate(register)


async def register_of(settings: Settings, database: Database) -> Register:
    """Return who wants what in an archive, for whoever only looks at it.

    Raises:
        PrivacyKeyProblem: the key does not fit.
    """
    register = _register(settings, database)
    await register.open()
    return register


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Offline]:
    """Open the room over the archive that the settings name.

    Raises:
        PrivacyKeyProblem: the key does not fit.
        sqlalchemy.exc.DBAPIError, OSError: the archive cannot be opened.
    """
    await asyncio.to_thread(migrate, settings.database_path)
    database = Database(settings.database_path)
    try:
        register = _register(settings, database)
        await register.open()
        yield _room(settings, database, register)
    finally:
        await database.close()


def _register(settings: Settings, database: Database) -> Register:
    key = settings.privacy_key.get_secret_value()
    pseudonyms = Pseudonyms(key, settings.data_dir / "privacy.key")
    journal = Journal(settings.data_dir / "consents.jsonl")
    return Register(database, pseudonyms, Mode(settings.archive_mode), journal)


def _room(settings: Settings, database: Database, register: Register) -> Offline:
    store = MediaStore(settings.data_dir / "media")
    covered = CoveredPictures(store, settings.data_dir / "covered")

    async def rebuild() -> None:
        await rebuild_library(database, settings.data_dir / "library_index", (ResourceShelf(),))

    async def nothing_queued() -> None:
        return None

    holders = all_holders()
    sweeper = Sweeper(database, Places(store, covered.forget, rebuild), holders)
    enclosures = Enclosures(settings.data_dir / "enclosures")
    erasure = Erasure(database, register, sweeper, holders, enclosures, nothing_queued)
    rules = rules_of(settings.retention)
    return Offline(
        database=database,
        settings=settings,
        sweeper=sweeper,
        erasure=erasure,
        retention=Retention(database, sweeper, rules),
        leaving=Leaving(database, register, sweeper, holders, settings.operators),
        handing_out=HandingOut(
            database, store, holders, settings.data_dir / "handed_out", settings.zone
        ),
        rules=rules,
    )
