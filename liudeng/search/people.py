"""Whom and which group the names in a query mean."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.archive.queries import messages_by_id
from liudeng.archive.tables import messages
from liudeng.db.driver import fetch
from liudeng.search.compile import Scope
from liudeng.search.query import From, In, Query, ReplyTo, all_leaves
from liudeng.text import fold

_ME = ("我", "me", "自己", "我自己")
_MOST_NAMESAKES = 64
_LOOKUP_CHUNK = 500
_NAMED = 50
_SPEAKERS = (
    "SELECT DISTINCT user_id FROM speakers "
    "WHERE group_id IN (SELECT value FROM json_each(:groups)) AND {} "
    f"LIMIT {_MOST_NAMESAKES}"
)
"""Past SQLAlchemy: building such a statement anew takes as long as the whole search."""


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """Who asks, and what the groups are called."""

    asker: str | None = None
    """Whom 我 means; nobody on the command line."""
    group_name: Callable[[int], str] = str


async def scope_of(
    connection: AsyncConnection, query: Query, groups: Collection[int], viewpoint: Viewpoint
) -> Scope:
    """Find out what a query's names mean in these groups."""
    leaves = [leaf for clause in query.clauses for leaf in all_leaves(clause)]
    names = {leaf.name for leaf in leaves if isinstance(leaf, From | ReplyTo)}
    wanted = {leaf.name for leaf in leaves if isinstance(leaf, In)}
    return Scope(
        tuple(groups),
        {name: await _people(connection, name, groups, viewpoint.asker) for name in names},
        {name: _places(name, groups, viewpoint.group_name) for name in wanted},
    )


async def speakers_of(connection: AsyncConnection, ids: Sequence[int]) -> list[tuple[str, int]]:
    """Return who said these messages, by the name they last had, and how many of them."""
    columns = messages.c
    counts: Counter[str] = Counter()
    latest: dict[str, int] = {}
    for start in range(0, len(ids), _LOOKUP_CHUNK):
        query = (
            select(columns.user_id, func.count().label("said"), func.max(columns.id).label("last"))
            .where(columns.id.in_(ids[start : start + _LOOKUP_CHUNK]))
            .group_by(columns.user_id)
        )
        for row in await connection.execute(query):
            counts[row.user_id] += row.said
            latest[row.user_id] = max(row.last, latest.get(row.user_id, 0))
    most = counts.most_common(_NAMED)
    named = await messages_by_id(connection, [latest[user_id] for user_id, _ in most])
    names = {message.user_id: message.display_name for message in named}
    return [(names.get(user_id, user_id), count) for user_id, count in counts.most_common()]


def strangers(query: Query, scope: Scope) -> tuple[str, ...]:
    """Return the names in a query that nobody and no group there has."""
    leaves = [leaf for clause in query.clauses for leaf in all_leaves(clause)]
    unknown = [
        leaf.name
        for leaf in leaves
        if (isinstance(leaf, From | ReplyTo) and not scope.people.get(leaf.name))
        or (isinstance(leaf, In) and not scope.places.get(leaf.name))
    ]
    return tuple(dict.fromkeys(unknown))


async def _people(
    connection: AsyncConnection, name: str, groups: Collection[int], asker: str | None
) -> tuple[str, ...]:
    """Return who is meant: the asker, a QQ number, else whoever spoke under that name.

    A whole name goes before a part of one: 小满 is not 小满妈妈 where there is a 小满.
    """
    if name.lower() in _ME:
        return (asker,) if asker else ()
    folded = fold(name)
    if not folded:
        return ()
    values = {"folded": folded, "name": name, "groups": json.dumps(list(groups))}
    for namesake in ("(folded = :folded OR user_id = :name)", "instr(folded, :folded) > 0"):
        if found := await fetch(connection, _SPEAKERS.format(namesake), values):
            return tuple(user_id for (user_id,) in found)
    return (name,) if name.isdecimal() else ()


def _places(name: str, groups: Iterable[int], group_name: Callable[[int], str]) -> tuple[int, ...]:
    folded = fold(name)
    return tuple(
        group_id
        for group_id in groups
        if name == str(group_id) or (folded and folded in fold(group_name(group_id)))
    )
