"""What the outbox keeps of a person: letters to them, and what alerts quoted of them."""

import json
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.outbox.letter import Kind, State, Target
from liudeng.outbox.tables import outbox

_ENDED = (State.DONE.value, State.REFUSED.value, State.EXPIRED.value, State.ROUTED.value)
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
    """Take somebody's lines out of every letter that is still needed.

    A letter quotes a message as a line of its own, with the speaker's name before a colon.
    """
    signs = [user_id, *(f"{name}：" for name in names)]
    query = select(outbox.c.id, outbox.c.body).where(outbox.c.body != "[]")
    for row in (await connection.execute(query)).all():
        if not any(sign in row.body for sign in signs):
            continue
        segments = [_without(segment, signs) for segment in json.loads(row.body)]
        body = json.dumps(segments, ensure_ascii=False)
        await connection.execute(update(outbox).where(outbox.c.id == row.id).values(body=body))


def _without(segment: dict[str, Any], signs: Sequence[str]) -> dict[str, Any]:
    data = segment.get("data")
    if not isinstance(data, dict):
        return segment
    return {
        **segment,
        "data": {
            key: "\n".join(
                _TAKEN_OUT if any(sign in line for sign in signs) else line
                for line in value.split("\n")
            )
            if isinstance(value, str)
            else value
            for key, value in data.items()
        },
    }
