"""`liudeng reindex`, as far as the library goes."""

from liudeng.db import Database
from liudeng.library.index.keeper import rebuild_library
from liudeng.settings import Settings


async def rebuild_entries(settings: Settings) -> int:
    """Rebuild the library's index; return how many entries it holds.

    Raises:
        WritingFailed: it could not be written; the one before still counts.
        sqlalchemy.exc.DBAPIError: the database cannot be read.
    """
    database = Database(settings.database_path)
    try:
        return await rebuild_library(database, settings.data_dir / "library_index")
    finally:
        await database.close()
