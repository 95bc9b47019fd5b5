"""Who finds what: the index keeps the rule that the database keeps."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from liudeng.library import Farewell, Standing, Viewer, Visibility, may_see
from liudeng.library.index import LibraryIndex, document_of
from tests.fakes.payloads import GROUP, NOW_MS, OTHER_GROUP
from tests.library_index.conftest import document

AUTHORS = ("1", "2")
ENTRIES = [
    Farewell(
        **document(number, group_id=group, author_id=author, visibility=visibility).model_dump(
            exclude={"kind"}
        ),
        state=Standing.KEPT,
        message_row=None,
        created_ms=NOW_MS,
        updated_ms=NOW_MS,
    )
    for number, (group, author, visibility) in enumerate(
        product((GROUP, OTHER_GROUP), AUTHORS, Visibility), 1
    )
]
MEMBERSHIPS = (
    frozenset[int](),
    frozenset({GROUP}),
    frozenset({OTHER_GROUP}),
    frozenset({GROUP, OTHER_GROUP}),
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LibraryIndex]:
    """An index that holds every kind of entry."""
    folder: Path = tmp_path_factory.mktemp("access") / "index"
    made = LibraryIndex(folder)
    made.rebuild(map(document_of, ENTRIES))
    yield made
    made.close()


@pytest.mark.parametrize("groups", MEMBERSHIPS, ids=len)
@pytest.mark.parametrize("place", [None, GROUP, OTHER_GROUP])
@pytest.mark.parametrize("user_id", [*AUTHORS, "3", "", "1 or everybody"])
def test_everybody_finds_exactly_what_they_may_see(
    index: LibraryIndex, user_id: str, place: int | None, groups: frozenset[int]
) -> None:
    viewer = Viewer(user_id, groups, place)
    found = index.find("月亮", groups=viewer.reach, viewer_id=user_id, in_private=viewer.in_private)
    assert {hit.id for hit in found.hits} == {
        entry.id for entry in ENTRIES if may_see(viewer, entry)
    }


def test_nobody_is_told_the_words_of_others(index: LibraryIndex) -> None:
    for typed in ("月凉", "最后一个月凉", "小嫩", "zuihou", "zhyg", "月亮"):
        found = index.find(typed, groups=(), viewer_id="3", in_private=False)
        assert (found.hits, found.total, found.suggestion) == ((), 0, "")
        assert not found.facets.companions
