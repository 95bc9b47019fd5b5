"""The entries that come with the program: `data/seed/faq.jsonl` and more ways to ask for them."""

import json
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from liudeng.faq.entry import EVERY_GROUP, Body
from liudeng.faq.store import Editor, Place, add, codes_known
from liudeng.settings import DATA_ROOT

SEED = DATA_ROOT / "seed" / "faq.jsonl"
PHRASINGS = DATA_ROOT / "seed" / "faq_phrasings.jsonl"
CHECKED = DATA_ROOT / "seed" / "faq_checked.toml"
"""Which answers were compared with a source, and when."""
_OWNER = "留灯"


class SeedProblem(Exception):
    """The seed does not load; the text is one Chinese sentence for the operator."""


class SeedEntry(BaseModel):
    """One entry of the seed."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    question: str
    answer: str
    tags: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    """How members asked it; shown with the entry."""
    phrasings: tuple[str, ...] = ()
    """More ways to ask it, for matching alone."""
    source: str = ""
    verified_on: date | None = None

    @property
    def asked(self) -> tuple[str, ...]:
        """Every way to ask it, the question first."""
        return tuple(dict.fromkeys((self.question, *self.variants, *self.phrasings)))

    @property
    def matched_answer(self) -> str:
        """What is compared with a question besides the phrasings."""
        return f"{self.answer} {' '.join(self.tags)}"


class _Phrasings(BaseModel):
    id: str
    pen: int = 1
    """Who wrote them; the training holds one pen out to see what another one is answered."""
    phrasings: tuple[str, ...]


class _Checked(BaseModel):
    source: str
    verified_on: date


def seed_entries(seed: Path = SEED, phrasings: Path = PHRASINGS) -> list[SeedEntry]:
    """Read the seed.

    Raises:
        SeedProblem: a file is missing or malformed.
    """
    try:
        more: dict[str, tuple[str, ...]] = {}
        for each in map(_Phrasings.model_validate, _rows(phrasings)):
            more[each.id] = (*more.get(each.id, ()), *each.phrasings)
        entries = [SeedEntry.model_validate(row) for row in _rows(seed)]
        table = tomllib.loads(CHECKED.read_text(encoding="utf-8"))
        checked = {code: _Checked.model_validate(row) for code, row in table.items()}
    except (OSError, ValueError, ValidationError) as error:
        raise SeedProblem(f"附带的问答读不了：{type(error).__name__}。") from error
    return [
        entry.model_copy(
            update={
                "phrasings": more.get(entry.id, ()),
                **(checked[entry.id].model_dump() if entry.id in checked else {}),
            }
        )
        for entry in entries
    ]


def _rows(path: Path) -> Iterator[object]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


async def load_seed(
    connection: AsyncConnection, at_ms: int, entries: Sequence[SeedEntry] | None = None
) -> int:
    """Add the seed's entries to those that all groups share; return how many were new.

    An entry that is there stays as it is, whatever was made of it; so does one that was switched
    off. It may be called at every start.

    Raises:
        SeedProblem: the seed does not load.
    """
    known = await codes_known(connection, EVERY_GROUP)
    added = 0
    for entry in seed_entries() if entries is None else entries:
        if entry.id in known:
            continue
        body = Body(**entry.model_dump(exclude={"id"}))
        await add(connection, Place(code=entry.id), body, Editor("", _OWNER, at_ms))
        added += 1
    return added
