"""Putting an album where it belongs: written beside, then swapped, so that no old page is left."""

import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from liudeng.manifest import MANIFEST, files, write_manifest

MARK = "album.json"
"""Tells an album from a folder that must not be replaced."""
_MARK_TEXT = '{"made_by": "liudeng", "kind": "album", "format": 1}\n'
_NO_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest time a ZIP file can hold: equal albums are equal files."""
_PACKED = (".webp",)
_UNIX = 3


class NoAlbumThere(Exception):
    """The place is taken by something that is no album; the text is for the operator."""


def check_place(out: Path) -> bool:
    """Make sure that nothing but an album would be replaced; tell whether one would be.

    Raises:
        NoAlbumThere: something else is there.
    """
    empty = out.is_dir() and not any(out.iterdir())
    if out.exists() and not empty and not (out / MARK).is_file():
        raise NoAlbumThere(f"{out} 里已有别的东西，没有动它：请换一个空目录。")
    archive = zip_path(out)
    if archive.exists() and not _is_zipped_album(archive):
        raise NoAlbumThere(f"{archive} 不是纪念册，没有动它：请换一个目录名。")
    return (out / MARK).is_file() or archive.exists()


def replace_album(out: Path, write: Callable[[Path], None], *, zipped: bool) -> None:
    """Write an album and put it in place of an older one; a ZIP file of the older one goes, too.

    Args:
        out: the folder; made if it is not there.
        write: writes the pages into the folder it is given.
        zipped: whether to make `out` + `.zip` as well.

    Raises:
        NoAlbumThere: the place is taken.
        OSError: the disk refuses; the older album is then still there.
    """
    out = Path(os.path.abspath(out))  # noqa: PTH100 - a symbolic link is replaced, not followed
    check_place(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as scratch:
        fresh = Path(scratch, "fresh")
        fresh.mkdir()
        write(fresh)
        (fresh / MARK).write_text(_MARK_TEXT, "utf-8")
        write_manifest(fresh)
        packed = Path(scratch, "packed.zip")
        if zipped:
            pack(fresh, packed, out.name)
        _swap(fresh, out, Path(scratch, "old"))
        if zipped:
            packed.replace(zip_path(out))
        else:
            zip_path(out).unlink(missing_ok=True)


def zip_path(out: Path) -> Path:
    """Return where the ZIP file of an album lies."""
    return out.with_name(f"{out.name}.zip")


def pack(folder: Path, target: Path, name: str) -> None:
    """Write a folder as a ZIP file whose bytes depend on nothing but the folder's content."""
    with zipfile.ZipFile(target, "w") as archive:
        for file in [*files(folder), MANIFEST]:
            info = zipfile.ZipInfo(f"{name}/{file}", _NO_TIME)
            info.create_system = _UNIX
            info.external_attr = 0o644 << 16
            packed = file.endswith(_PACKED)
            info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            archive.writestr(info, (folder / file).read_bytes())


def _swap(fresh: Path, out: Path, old: Path) -> None:
    if out.exists():
        out.rename(old)
    try:
        fresh.rename(out)
    except OSError:
        if old.exists():
            old.rename(out)
        raise
    with suppress(OSError):  # what is left lies in the scratch folder, which goes as a whole
        shutil.rmtree(old)


def _is_zipped_album(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.endswith(f"/{MARK}") for name in archive.namelist())
    except (OSError, zipfile.BadZipFile):
        return False
