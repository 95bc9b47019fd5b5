"""Where an album is put: whole or not at all, and in nobody's way."""

import hashlib
import zipfile
from pathlib import Path

import pytest

from liudeng.album.folder import NoAlbumThere, check_place, replace_album


def write_pages(folder: Path) -> None:
    """An album of two files."""
    (folder / "index.html").write_text("晚安", "utf-8")
    (folder / "p").mkdir()
    (folder / "p" / "1.webp").write_bytes(b"picture")


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_every_file_is_in_the_manifest_with_its_hash(tmp_path: Path) -> None:
    out = tmp_path / "album"
    replace_album(out, write_pages, zipped=False)
    listed = dict(
        line.split("  ")[::-1] for line in (out / "manifest.sha256").read_text("utf-8").splitlines()
    )
    files = {name for name in names(out) if (out / name).is_file()} - {"manifest.sha256"}
    assert files == set(listed) == {"album.json", "index.html", "p/1.webp"}
    for name, digest in listed.items():
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest


def test_an_older_album_is_replaced_as_a_whole(tmp_path: Path) -> None:
    out = tmp_path / "album"
    replace_album(out, lambda folder: (folder / "old.html").touch(), zipped=False)
    replace_album(out, write_pages, zipped=False)
    assert "old.html" not in names(out)
    assert [path.name for path in tmp_path.iterdir()] == ["album"]


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "diary.txt").write_text("mine", "utf-8")
    with pytest.raises(NoAlbumThere, match="没有动它"):
        replace_album(tmp_path, write_pages, zipped=False)
    assert names(tmp_path) == ["diary.txt"]


def test_a_zip_file_that_is_no_album_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "album.zip").write_bytes(b"my own archive")
    with pytest.raises(NoAlbumThere):
        check_place(tmp_path / "album")


def test_when_writing_fails_the_older_album_stays(tmp_path: Path) -> None:
    out = tmp_path / "album"
    replace_album(out, write_pages, zipped=False)

    def fail(folder: Path) -> None:
        write_pages(folder)
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        replace_album(out, fail, zipped=False)
    assert (out / "index.html").read_text("utf-8") == "晚安"
    assert [path.name for path in tmp_path.iterdir()] == ["album"]


def test_equal_albums_are_equal_zip_files(tmp_path: Path) -> None:
    packed = []
    for parent in ("one", "other"):
        out = tmp_path / parent / "album"
        replace_album(out, write_pages, zipped=True)
        packed.append(out.with_name("album.zip").read_bytes())
    assert packed[0] == packed[1]
    with zipfile.ZipFile(tmp_path / "one" / "album.zip") as archive:
        assert archive.testzip() is None
        assert archive.read("album/index.html").decode() == "晚安"
        assert "album/manifest.sha256" in archive.namelist()
