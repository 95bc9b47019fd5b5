"""The folder of backups: snapshots side by side, and the files that they share.

vault/2026-11-22T040000Z/liudeng.sqlite3   the database, whole
vault/2026-11-22T040000Z/files.sha256      the files that belong to it
vault/2026-11-22T040000Z/snapshot.json     what it is
vault/2026-11-22T040000Z/manifest.sha256   of these three; written last
vault/media/ab/cd/abcd….png                every file once
"""

import fcntl
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from liudeng.backup.model import BackupProblem
from liudeng.manifest import MANIFEST, sha256_of

DATABASE = "liudeng.sqlite3"
FILES = "files.sha256"
ABOUT = "snapshot.json"
MEDIA = "media"
_MARK = "liudeng-backups.json"
_LOCK = ".lock"
_PARTIAL = ".partial-"
_NAME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{6}Z(-\d+)?")


@dataclass(frozen=True, slots=True)
class About:
    """What a snapshot says of itself."""

    taken_ms: int
    keys: tuple[str, ...]
    """Names of the key files that were there; the keys themselves are not in a backup."""


class Vault:
    """The folder of backups. Its methods block on the disk."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()

    def prepare(self) -> None:
        """Make the folder, or see that it is one of backups; clear what was broken off.

        Raises:
            BackupProblem: it holds something else.
            OSError: it cannot be made or written.
        """
        if self.root.exists() and any(self.root.iterdir()) and not self._is_ours:
            raise BackupProblem(f"{self.root} 里已有别的东西，没有动它：请换一个空目录。")
        (self.root / MEDIA).mkdir(mode=0o700, parents=True, exist_ok=True)
        (self.root / _MARK).write_text('{"made_by": "liudeng", "kind": "backups"}\n', "utf-8")

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Keep everybody else out.

        Raises:
            BackupProblem: another backup is being taken.
        """
        with (self.root / _LOCK).open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise BackupProblem("另一次备份正在写这个目录：等它写完再来。") from None
            for leftover in self.root.glob(f"{_PARTIAL}*"):
                shutil.rmtree(leftover, ignore_errors=True)
            yield

    def snapshots(self) -> list[Path]:
        """Return the snapshots that were written whole, oldest first."""
        if not self.root.is_dir():
            return []
        found = (path for path in self.root.iterdir() if _NAME.fullmatch(path.name))
        return sorted(path for path in found if (path / MANIFEST).is_file())

    @contextmanager
    def new_snapshot(self, taken_ms: int) -> Iterator[Path]:
        """Lend a folder to write a snapshot in; it counts once the block ends without an error."""
        moment = datetime.fromtimestamp(taken_ms / 1000, UTC).strftime("%Y-%m-%dT%H%M%SZ")
        partial = Path(tempfile.mkdtemp(prefix=_PARTIAL, dir=self.root))
        try:
            yield partial
            target, again = self.root / moment, 1
            while target.exists():
                again += 1
                target = self.root / f"{moment}-{again}"
            partial.rename(target)
            sync_folder(self.root)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise

    def holds(self, path: str, size: int) -> bool:
        """Tell whether a file is there already. Names are hashes: equal names are equal files."""
        with suppress(OSError):
            return (self.root / path).stat().st_size == size
        return False

    def take_in(self, source: Path, path: str, sha256: str) -> bool:
        """Copy a file and read it back; False when it is not what its name says."""
        target = self.root / path
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, fresh = tempfile.mkstemp(dir=target.parent, suffix=".part")
        os.close(descriptor)
        copy = Path(fresh)
        try:
            shutil.copyfile(source, copy)
            sync_file(copy)
            if sha256_of(copy) != sha256:
                return False
            copy.replace(target)
            return True
        except FileNotFoundError:  # erased a moment ago
            return False
        finally:
            copy.unlink(missing_ok=True)

    def rotate(self, keep: int) -> int:
        """Remove all but the newest snapshots, and the files that none needs any longer."""
        snapshots = self.snapshots()
        old = snapshots[:-keep] if keep else []
        for snapshot in old:
            shutil.rmtree(snapshot)
        needed = {path for snapshot in self.snapshots() for path, _ in listed_files(snapshot)}
        for file in (self.root / MEDIA).rglob("*"):
            if file.is_file() and file.relative_to(self.root).as_posix() not in needed:
                file.unlink()
        return len(old)

    @property
    def _is_ours(self) -> bool:
        return (self.root / _MARK).is_file()


def listed_files(snapshot: Path) -> list[tuple[str, str]]:
    """Return the files of a snapshot: their paths in the vault, and their SHA-256."""
    lines = (snapshot / FILES).read_text("utf-8").splitlines()
    return [(path, digest) for digest, _, path in (line.partition("  ") for line in lines)]


def write_about(snapshot: Path, about: About) -> None:
    """Write what a snapshot says of itself. Raises OSError."""
    (snapshot / ABOUT).write_text(json.dumps(asdict(about)), "utf-8")


def read_about(snapshot: Path) -> About:
    """Read it. Raises OSError, ValueError."""
    told = json.loads((snapshot / ABOUT).read_text("utf-8"))
    return About(int(told["taken_ms"]), tuple(map(str, told["keys"])))


def sync_file(path: Path) -> None:
    """Bring a file to the disk. Raises OSError."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make renames in a folder last. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
