"""Which words a rule saw in judged messages: for proposals, on the operator's screen alone."""

from collections.abc import Mapping, Sequence

from liudeng.archive import StoredMessage, messages_by_id
from liudeng.db import Database
from liudeng.review.judged import Judged
from liudeng.watch import Watcher

_AT_ONCE = 200
_LONGEST_WORD = 20

Words = dict[str, dict[str, tuple[int, int]]]
"""By rule: words with how often they stood in true, and how often in false alerts."""


async def messages_judged(database: Database, rows: Sequence[int]) -> dict[int, StoredMessage]:
    """Return messages by their `id`, without recalled ones."""
    found: dict[int, StoredMessage] = {}
    async with database.read() as connection:
        for start in range(0, len(rows), _AT_ONCE):
            for message in await messages_by_id(connection, rows[start : start + _AT_ONCE]):
                if message.recalled_ms is None:
                    found[message.id] = message
    return found


def words_seen(
    watcher: Watcher, judged: Sequence[Judged], messages: Mapping[int, StoredMessage]
) -> Words:
    """Assess judged messages once more and count what each rule saw in them."""
    seen: Words = {}
    for one in judged:
        texts = [messages[row].spoken for row in one.rows if row in messages]
        spoken = {
            (reason.name, reason.text.strip())
            for found in watcher.assess_many(texts)
            for reason in found.reasons
            if reason.speaks == "for" and len(reason.text) <= _LONGEST_WORD
        }
        for rule, word in spoken:
            right, wrong = seen.setdefault(rule, {}).get(word, (0, 0))
            counted = (right + 1, wrong) if one.is_true else (right, wrong + 1)
            seen[rule][word] = counted
    return seen
