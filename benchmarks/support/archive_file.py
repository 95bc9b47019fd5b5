"""The archive's file, read from outside while the bot writes it."""

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any


class ArchiveFile:
    """Read-only look-ups in the bot's database; each sees the last commit."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def folder(self) -> Path:
        """The bot's data directory."""
        return self._path.parent

    def rows(self, query: str, *values: Any) -> list[Any]:
        """Return the rows of any SELECT. Raises sqlite3.Error."""
        uri = f"{self._path.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=10)) as connection:
            return connection.execute(query, values).fetchall()

    def copies(self, group_id: int) -> Counter[int]:
        """Return how often each message of a group is archived, by the group's own number.

        The implementation's ids are hashes: among fifty thousand messages, two share one.
        """
        query = (
            "SELECT platform_seq, count(*) FROM messages WHERE group_id = ? GROUP BY platform_seq"
        )
        return Counter(dict(self.rows(query, group_id)))

    def count(self, group_id: int) -> int:
        """Return how many messages of a group are archived."""
        return self.rows("SELECT count(*) FROM messages WHERE group_id = ?", group_id)[0][0]

    def last_seq(self) -> int:
        """Return the number of the message committed last."""
        return self.rows("SELECT coalesce(max(seq), 0) FROM messages")[0][0]

    def gap_ended_since(self, group_id: int, wall_ms: int) -> int | None:
        """Return when (wall time in ms) a backfill of the group ended, if it did since then."""
        query = "SELECT max(ended_ms) FROM gaps WHERE group_id = ? AND ended_ms >= ?"
        return self.rows(query, group_id, wall_ms)[0][0]

    def letters_waiting(self) -> int:
        """Return how many letters are neither delivered nor given up."""
        query = "SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending', 'unknown')"
        return self.rows(query)[0][0]

    def cases(self) -> dict[int, list[int]]:
        """Return the numbers of the cases about each member, without those about a whole group."""
        found: dict[int, list[int]] = {}
        query = "SELECT subject_id, id FROM cases WHERE kind != 'mood' ORDER BY id"
        for subject_id, number in self.rows(query):
            found.setdefault(int(subject_id), []).append(number)
        return found
