"""A folder's files by their SHA-256, in the form that `sha256sum -c` checks."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MANIFEST = "manifest.sha256"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a folder stands to its manifest. Paths from the folder, sorted."""

    checked: int
    """Files that are as the manifest says."""
    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    """Files the manifest does not know."""

    @property
    def ok(self) -> bool:
        """Whether every file is there and unchanged; one that came later is told, too."""
        return not (self.changed or self.missing or self.unknown)


def files(folder: Path) -> list[str]:
    """Return the files of a folder by their names in it, sorted; the manifest is not among them."""
    names = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in names if name != MANIFEST)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hex. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def write_manifest(folder: Path) -> None:
    """Write the manifest of what is in a folder now, all or nothing. Raises OSError."""
    lines = [f"{sha256_of(folder / name)}  {name}\n" for name in files(folder)]
    part = folder / f".{MANIFEST}.part"
    part.write_text("".join(lines), "utf-8")
    part.replace(folder / MANIFEST)


def verify(folder: Path) -> Verdict:
    """Compare a folder with its manifest.

    Raises:
        FileNotFoundError: it has none.
        ValueError: the manifest is damaged.
        OSError: a file cannot be read.
    """
    listed = dict(_entries((folder / MANIFEST).read_text("utf-8")))
    there = set(files(folder))
    found = {name: sha256_of(folder / name) for name in sorted(listed.keys() & there)}
    changed = tuple(name for name, digest in found.items() if digest != listed[name])
    return Verdict(
        checked=len(found) - len(changed),
        changed=changed,
        missing=tuple(sorted(listed.keys() - there)),
        unknown=tuple(sorted(there - listed.keys())),
    )


def _entries(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        digest, separator, name = line.partition("  ")
        path = Path(name)
        if not separator or len(digest) != 64 or path.is_absolute() or ".." in path.parts:
            raise ValueError("damaged manifest")
        yield name, digest
