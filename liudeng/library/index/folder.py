"""The folder of the index: generations, and one small file that says which of them counts.

Whoosh keeps its schema pickled. So the folder is readable for the bot's user alone, nothing is
ever brought into it from elsewhere, and what does not add up is thrown away and built anew.
"""

import os
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, ValidationError
from whoosh.util.filelock import FileLock

from liudeng.library.index.schema import SCHEMA_VERSION

_STATE = "state.json"
_LOCK = "lock"
_GENERATION = "generation-"
_WHOOSH_LOCK = "WRITELOCK"


class State(BaseModel):
    """Which generation counts, up to which change, and what its files look like."""

    model_config = ConfigDict(frozen=True)

    schema_version: str
    generation: str
    seq: int
    """`library_changes.seq` up to which it knows everything."""
    files: dict[str, int]
    """CRC-32 of each file."""


class IndexFolder:
    """Where the index lies."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()

    def prepare(self) -> None:
        """Make the folder, for this user alone.

        Raises:
            OSError: it cannot be made.
        """
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path.chmod(0o700)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep every other writer out, in whatever process."""
        lock = FileLock(str(self.path / _LOCK))
        lock.acquire(blocking=True)
        try:
            yield
        finally:
            lock.release()

    def state(self) -> State | None:
        """Return what is published; None when there is nothing this version could read."""
        try:
            state = State.model_validate_json((self.path / _STATE).read_bytes())
        except (OSError, ValidationError):
            return None
        plain = Path(state.generation).name == state.generation
        return state if plain and state.schema_version == SCHEMA_VERSION else None

    def stamp(self) -> tuple[int, int] | None:
        """Return what changes with every publication; None when nothing is published."""
        try:
            status = (self.path / _STATE).stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns

    def generation(self, state: State) -> Path:
        """Return where the published index lies."""
        return self.path / state.generation

    def is_sound(self, state: State) -> bool:
        """Tell whether every file is as it was when it was published."""
        try:
            return _marks(self.generation(state)) == state.files
        except OSError:
            return False

    def new_generation(self) -> Path:
        """Return an empty folder beside the others."""
        path = self.path / f"{_GENERATION}{uuid4().hex}"
        path.mkdir(mode=0o700)
        return path

    def publish(self, generation: Path, seq: int) -> None:
        """Let a generation count from now on; what was published before is gone at once.

        Readers that opened it keep what they opened.
        """
        for file in _files(generation):
            _flush(file)
        state = State(
            schema_version=SCHEMA_VERSION,
            generation=generation.name,
            seq=seq,
            files=_marks(generation),
        )
        draft = self.path / f"{_STATE}.new"
        draft.write_text(state.model_dump_json(), encoding="utf-8")
        _flush(draft)
        draft.replace(self.path / _STATE)

    def sweep(self) -> None:
        """Remove every generation but the one that counts; only inside `locked`."""
        state = self.state()
        for path in self.path.glob(f"{_GENERATION}*"):
            if state is None or path.name != state.generation:
                shutil.rmtree(path, ignore_errors=True)


def _files(generation: Path) -> list[Path]:
    return sorted(
        path
        for path in generation.iterdir()
        if path.is_file() and not path.name.endswith(_WHOOSH_LOCK)
    )


def _marks(generation: Path) -> dict[str, int]:
    return {file.name: zlib.crc32(file.read_bytes()) for file in _files(generation)}


def _flush(file: Path) -> None:
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
