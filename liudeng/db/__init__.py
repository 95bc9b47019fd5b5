"""The database: engines, transactions and migrations. Tables live in the room that owns them."""

from liudeng.db.checkpoints import Checkpoints
from liudeng.db.engine import Database, now_ms
from liudeng.db.errors import DatabaseTrouble, explain
from liudeng.db.metadata import metadata
from liudeng.db.migrate import SchemaTooNew, migrate

__all__ = [
    "Checkpoints",
    "Database",
    "DatabaseTrouble",
    "SchemaTooNew",
    "explain",
    "metadata",
    "migrate",
    "now_ms",
]
