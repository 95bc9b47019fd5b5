"""What the outbox keeps of a person: letters to them, and what alerts quoted of them."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.outbox.letter import Kind, State, Target
from liudeng.outbox.tables import outbox

_ENDED = (State.DONE.value, State.REFUSED.value, State.EXPIRED.value, State.ROUTED.value)
_NOBODY, _COVERED = "某位成员", "＊＊＊"
_FORM = ("type", "file")
"""What makes a segment a segment is nobody's words, whoever calls themselves `text`."""
_TAKEN_OUT = "（这句话的作者已经删掉了自己的记录）"


async def erase_letters(connection: AsyncConnection, user_id: str) -> list[dict[str, Any]]:
    """Erase private letters to somebody, whatever became of them, but alerts on their way.

    Returns:
        Segments whose enclosures may be discarded.
    """
    if not user_id.isdecimal():
        return []
    mine = (outbox.c.target == Target.PRIVATE.value) & (outbox.c.target_id == int(user_id))
    gone = mine & ((outbox.c.kind != Kind.ALERT.value) | outbox.c.state.in_(_ENDED))
    bodies = list(await connection.scalars(select(outbox.c.body).where(gone)))
    await connection.execute(delete(outbox).where(gone))
    return [segment for body in bodies for segment in json.loads(body)]


async def empty_ended_alerts(connection: AsyncConnection, case_ids: Collection[int]) -> None:
    """Wipe what alerts said whose cases are over; that they were sent stays."""
    await connection.execute(
        update(outbox)
        .where(
            outbox.c.kind == Kind.ALERT.value,
            outbox.c.state.in_(_ENDED),
            outbox.c.case_id.in_(case_ids),
            outbox.c.body != "[]",
        )
        .values(body="[]")
    )


async def erase_letters_of_cases(connection: AsyncConnection, case_ids: Collection[int]) -> None:
    """Erase every letter about cases that are erased themselves."""
    await connection.execute(delete(outbox).where(outbox.c.case_id.in_(case_ids)))


async def take_out_quotes(
    connection: AsyncConnection, user_id: str, names: Collection[str]
) -> None:
    """Take somebody's words, names and number out of every letter that is still needed."""
    taker = _Taker(user_id, tuple(sorted(names, key=len, reverse=True)))
    query = select(outbox.c.id, outbox.c.body).where(outbox.c.body != "[]")
    for row in (await connection.execute(query)).all():
        if not any(sign in row.body for sign in (user_id, *names)):
            continue
        body = json.dumps(taker.without(json.loads(row.body)), ensure_ascii=False)
        await connection.execute(update(outbox).where(outbox.c.id == row.id).values(body=body))


@dataclass(frozen=True, slots=True)
class _Taker:
    """Knows how letters quote: a line with the speaker before a colon, or a line of a card with
    the speaker above it.
    """

    user_id: str
    names: tuple[str, ...]

    def without(self, node: Any) -> Any:
        """Return a letter, or a part of one, without them."""
        if isinstance(node, str):
            return "\n".join(map(self._line, node.split("\n")))
        if isinstance(node, list):
            return [self.without(each) for each in node]
        if not isinstance(node, dict):
            return node
        said = {key: value for key, value in node.items() if key not in _FORM}
        empty = any(isinstance(value, str) and self._speaks(value) for value in said.values())
        taken = {
            key: self._emptied(key, value) if empty else self.without(value)
            for key, value in said.items()
        }
        return {key: taken.get(key, value) for key, value in node.items()}

    def _speaks(self, above: str) -> bool:
        return any(above == name or above.endswith(f" {name}") for name in self.names)

    def _emptied(self, key: str, value: Any) -> Any:
        if isinstance(value, str):
            return _TAKEN_OUT if key == "text" else "" if self._speaks(value) else value
        return self.without(value)

    def _line(self, line: str) -> str:
        if any(f"{name}：" in line for name in self.names):
            return _TAKEN_OUT
        for name in self.names:
            line = line.replace(f"@{name}", f"@{_NOBODY}").replace(f"＠{name}", f"＠{_NOBODY}")
        return line.replace(self.user_id, _COVERED)
