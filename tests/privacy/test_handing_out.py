"""我的数据: what does not fit into what can be sent is told, not passed over."""

from pathlib import Path

import pytest

from liudeng.privacy import handing_out
from liudeng.privacy.counting import Inventory
from liudeng.privacy.handing_out import MOST_PARTS, Copy, left_out, pack

_LARGE = 600


def copy_of(folder: Path, sizes: list[int]) -> Copy:
    """Return a copy with an overview and files of these sizes."""
    overview = folder / "index.html"
    overview.write_text("目录", "utf-8")
    files = []
    for number, size in enumerate(sizes):
        files.append(folder / f"{number}.png")
        files[-1].write_bytes(b"x" * size)
    return Copy(folder, Inventory({1: 1}, len(files), ()), [overview], files)


def test_files_beyond_the_last_archive_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handing_out, "PART_BYTES", 1_000)
    copy = copy_of(tmp_path, [_LARGE] * (MOST_PARTS + 4) + [2_000])
    assert len(list(pack(copy))) == MOST_PARTS
    assert left_out(copy) == 5 + 1, "one archive holds the overview; one file is too large"


def test_nothing_is_left_out_of_what_fits(tmp_path: Path) -> None:
    copy = copy_of(tmp_path, [_LARGE] * 3)
    assert len(list(pack(copy))) == 2
    assert left_out(copy) == 0
