"""What members would type that night or the week after, and what must come first.

`tests/data/natural_queries.jsonl`: `first` names the message as `nickname: how it begins` (the
newest one that fits), or nothing where nothing may be found. `asked` is the day on which it is
typed, `asker` who types it. Where the bot answers with another query in place of hits, that one
is sent, once, as a member would.
"""

from zoneinfo import ZoneInfo

from liudeng.archive import LogWriter
from liudeng.db import Database
from tests.search.natural import ROWS, misses

_RIGHT = 0.95


def test_there_are_two_hundred_different_queries() -> None:
    assert len({row["query"] for row in ROWS}) == len(ROWS) >= 200


async def test_what_was_meant_comes_first(
    database: Database, writer: LogWriter, zone: ZoneInfo
) -> None:
    missed = await misses(database, writer, zone)
    share = 1 - len(missed) / len(ROWS)
    assert share >= _RIGHT, f"{share:.1%} right; wrong:\n" + "\n".join(missed)
