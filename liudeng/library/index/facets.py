"""How what was found divides: by companion, by author, by month."""

from collections import Counter
from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

_MOST = 10


class Facets(BaseModel):
    """For each value how many hits have it; the most frequent first, months newest first."""

    model_config = ConfigDict(frozen=True)

    companions: tuple[tuple[str, int], ...] = ()
    authors: tuple[tuple[str, int], ...] = ()
    months: tuple[tuple[str, int], ...] = ()
    """As `2026-02`."""


def count_facets(hits: Iterable[tuple[str, str, str]]) -> Facets:
    """Count companions, authors and months of hits; a hit without a companion has none."""
    companions, authors, months = Counter[str](), Counter[str](), Counter[str]()
    for companion, author, month in hits:
        companions.update((companion,) if companion else ())
        authors.update((author,) if author else ())
        months.update((month,))
    return Facets(
        companions=tuple(companions.most_common(_MOST)),
        authors=tuple(authors.most_common(_MOST)),
        months=tuple(sorted(months.items(), reverse=True)[:_MOST]),
    )
