"""Copies of petitions and letters: the same title at an address nobody has vouched for."""

from collections.abc import Collection, Sequence

from rapidfuzz import fuzz, process
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.resources.entry import PETITIONS, Resource, State
from liudeng.resources.ledger import resource_of, seen_in, with_health
from liudeng.resources.tables import resources
from liudeng.text import fold

ALIKE = 85.0
"""Of 100: so alike two titles must be for one to pass for the other."""
_SHORTEST = 6
"""Folded characters a title must have to say which petition it is."""
_MOST = 500


async def copies_among(
    connection: AsyncConnection, groups: Collection[int], entries: Sequence[Resource]
) -> dict[int, Resource]:
    """Return, of some links, those called like a listed petition elsewhere, with that petition."""
    called = {entry.id: fold(entry.title) for entry in entries}
    if not any(len(title) >= _SHORTEST for title in called.values()):
        return {}
    has_term = or_(resources.c.category == PETITIONS, resources.c.deadline.is_not(None))
    numbers = select(resources.c.id).where(
        resources.c.state == State.LISTED.value, has_term, seen_in(groups)
    )
    query = with_health().where(resources.c.id.in_(numbers.limit(_MOST)))
    petitions = [resource_of(row) for row in (await connection.execute(query)).mappings()]
    titles = [fold(petition.title) for petition in petitions]
    found: dict[int, Resource] = {}
    for entry in entries:
        if len(called[entry.id]) < _SHORTEST:
            continue
        best = process.extractOne(called[entry.id], titles, scorer=fuzz.ratio, score_cutoff=ALIKE)
        if best is not None and petitions[best[2]].host != entry.host:
            found[entry.id] = petitions[best[2]]
    return found
