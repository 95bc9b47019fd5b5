"""What `liudeng reindex` and `liudeng ocr` mean for the library."""

from collections.abc import Iterable, Sequence

from liudeng.db import Database
from liudeng.library.farewells import note_reading
from liudeng.library.index.keeper import rebuild_library
from liudeng.library.index.shelf import Shelf
from liudeng.settings import Settings


async def rebuild_entries(settings: Settings, shelves: Sequence[Shelf] = ()) -> int:
    """Rebuild the library's index, other rooms' shelves included; return how many it holds.

    Raises:
        WritingFailed: it could not be written; the one before still counts.
        sqlalchemy.exc.DBAPIError: the database cannot be read.
    """
    database = Database(settings.database_path)
    try:
        return await rebuild_library(database, settings.data_dir / "library_index", shelves)
    finally:
        await database.close()


async def note_readings(settings: Settings, pictures: Iterable[str]) -> None:
    """Note that pictures were read: a bot that runs beside takes their words into its index.

    Raises:
        sqlalchemy.exc.DBAPIError: the database cannot be written.
    """
    database = Database(settings.database_path)
    try:
        async with database.write() as connection:
            for sha256 in pictures:
                await note_reading(connection, sha256)
    finally:
        await database.close()
