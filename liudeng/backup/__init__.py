"""Backups: a consistent copy of the database, files by their hash, checked after writing."""

from liudeng.backup.daily import DailyBackup
from liudeng.backup.model import BackupProblem, BackupReport, RestoreReport
from liudeng.backup.restoring import restore
from liudeng.backup.taking import take_backup

__all__ = [
    "BackupProblem",
    "BackupReport",
    "DailyBackup",
    "RestoreReport",
    "restore",
    "take_backup",
]
