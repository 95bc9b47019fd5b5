"""Writing: changes, rebuilding beside the old one, damage."""

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from liudeng.library.index import LibraryIndex, writing
from liudeng.library.index.folder import IndexFolder
from tests.library_index.conftest import ask, document, numbers

TWO = (document(1), document(2, title="倒数第二个月亮"))


def only_file(folder: IndexFolder, pattern: str) -> Path:
    (path,) = folder.path.glob(f"generation-*/{pattern}")
    return path


def test_changes_are_found_and_what_is_gone_is_not(index: LibraryIndex) -> None:
    index.rebuild(TWO, seq=1)
    assert sorted(numbers(ask(index, "月亮"))) == [1, 2]
    index.apply([document(2, title="晚风"), document(3, title="第三个月亮")], ["farewell:1"], seq=2)
    assert numbers(ask(index, "月亮")) == [3]
    assert numbers(ask(index, "晚风")) == [2]


def test_to_apply_changes_twice_changes_nothing(index: LibraryIndex) -> None:
    index.rebuild(TWO, seq=1)
    for _ in range(2):
        index.apply([document(3, title="第三个月亮")], ["farewell:1"], seq=2)
        found = ask(index, "月亮")
        assert (sorted(numbers(found)), found.total) == ([2, 3], 2)
    state = index.folder.state()
    assert state is not None
    assert state.seq == 2


def test_many_changes_one_by_one_leave_one_sound_generation(index: LibraryIndex) -> None:
    index.rebuild(TWO)
    for number in range(3, 16):
        index.apply([document(number)], [f"farewell:{number - 2}"], seq=number)
    assert sorted(numbers(ask(index, "最后一个月亮"))) == [14, 15]
    state = index.folder.state()
    assert state is not None
    assert index.folder.is_sound(state)
    assert len(list(index.folder.path.glob("generation-*"))) == 1


def test_an_index_is_rebuilt_beside_the_one_that_is_read(index: LibraryIndex) -> None:
    index.rebuild(TWO)
    assert ask(index, "月亮").total == 2
    seen_meanwhile = []

    def slowly():
        for number in (7, 8, 9):
            seen_meanwhile.append(ask(index, "月亮").total)
            yield document(number)

    assert writing.build(IndexFolder(index.folder.path), slowly(), 5) == 3
    assert seen_meanwhile == [2, 2, 2]
    assert sorted(numbers(ask(index, "月亮"))) == [7, 8, 9]


def test_a_rebuild_that_fails_leaves_the_old_one(index: LibraryIndex) -> None:
    index.rebuild(TWO, seq=1)

    def broken():
        yield document(3)
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        index.rebuild(broken(), seq=2)
    assert sorted(numbers(ask(index, "月亮"))) == [1, 2]
    assert len(list(index.folder.path.glob("generation-*"))) == 1


def test_an_empty_library_is_an_index_too(index: LibraryIndex) -> None:
    index.rebuild(())
    assert ask(index, "月亮").ready
    assert ask(index, "月亮").total == 0
    index.apply(TWO, (), seq=1)
    assert ask(index, "月亮").total == 2


def test_only_the_user_of_the_bot_can_read_the_folder(index: LibraryIndex) -> None:
    index.folder.path.mkdir(mode=0o755)
    index.rebuild(TWO)
    assert stat.S_IMODE(index.folder.path.stat().st_mode) == 0o700
    assert stat.S_IMODE(only_file(index.folder, "").stat().st_mode) == 0o700


def test_reconciling_does_no_more_than_it_takes(index: LibraryIndex) -> None:
    many = [document(number, title=f"第{number}封信") for number in range(1, 11)]
    assert writing.reconcile(index.folder, many, 1) == 10
    before = only_file(index.folder, "*.seg")
    assert writing.reconcile(index.folder, many, 2) == 0
    assert only_file(index.folder, "*.seg") == before
    assert writing.reconcile(index.folder, [*many[1:], document(11, title="晚风")], 3) == 2
    assert numbers(ask(index, "晚风")) == [11]
    assert ask(index, "封信").total == 9


def truncate(folder: IndexFolder) -> None:
    path = only_file(folder, "*.seg")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip(folder: IndexFolder) -> None:
    path = only_file(folder, "*.seg")
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 0xFF
    path.write_bytes(content)


def rewrite_state(folder: IndexFolder, **fields: object) -> None:
    path = folder.path / "state.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))


DAMAGE: dict[str, Callable[[IndexFolder], object]] = {
    "truncated": truncate,
    "a flipped bit": flip,
    "a garbage pickle": lambda folder: only_file(folder, "*.toc").write_bytes(b"\x80\x04garbage."),
    "an empty pickle": lambda folder: only_file(folder, "*.toc").write_bytes(b""),
    "no pickle": lambda folder: only_file(folder, "*.toc").unlink(),
    "no segment": lambda folder: only_file(folder, "*.seg").unlink(),
    "no state": lambda folder: (folder.path / "state.json").unlink(),
    "a garbage state": lambda folder: (folder.path / "state.json").write_bytes(b"\xff{"),
    "another schema": lambda folder: rewrite_state(folder, schema_version="0"),
    "a generation elsewhere": lambda folder: rewrite_state(folder, generation="../index"),
    "no generation": lambda folder: rewrite_state(folder, generation="generation-x"),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_index_is_no_error_and_is_built_anew(
    index: LibraryIndex, damage: Callable[[IndexFolder], object]
) -> None:
    index.rebuild(TWO, seq=1)
    damage(index.folder)
    ask(index, "月亮")
    index.close()
    assert writing.reconcile(index.folder, TWO, 1) == 2
    assert sorted(numbers(ask(index, "月亮"))) == [1, 2]


def test_damage_that_a_query_meets_is_reported(tmp_path: Path) -> None:
    reports = []
    index = LibraryIndex(tmp_path / "index", lambda: reports.append("damaged"))
    index.rebuild(TWO)
    DAMAGE["a garbage pickle"](index.folder)
    assert not ask(index, "月亮").ready
    assert reports == ["damaged"]


def test_changes_of_an_index_that_is_not_there_are_refused(index: LibraryIndex) -> None:
    with pytest.raises(writing.NothingToChange):
        index.apply(TWO, (), seq=1)


def test_an_index_that_was_never_built_finds_nothing_yet(index: LibraryIndex) -> None:
    found = ask(index, "月亮")
    assert (found.ready, found.total) == (False, 0)
