"""Taking messages out of what is written already: each is a line of its own in every file."""

import json
import os
import tempfile
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from liudeng.exporting.model import Spoken
from liudeng.exporting.pages import FOLDER, opening
from liudeng.exporting.place import CHATLAB, QCE

_Lines = Callable[[str], bool]


def strike(out: Path, messages: Sequence[Spoken], files: Collection[str]) -> int:
    """Take messages out of an export, and files by the SHA-256 they are named by.

    Returns:
        How many of the messages stood in it.

    Raises:
        OSError: the disk refuses.
    """
    if not messages:
        return 0
    said = {(spoken.message_id, spoken.time_ms) for spoken in messages}
    seconds = {(message_id, time_ms // 1000) for message_id, time_ms in said}
    struck = _rewrite(out / CHATLAB, lambda line: _chatlab_key(line) in seconds)
    _rewrite_document(out / QCE, lambda line: _qce_key(line) in said)
    openings = tuple(str(opening(spoken)) for spoken in messages)
    for page in sorted((out / FOLDER).glob("*-*.html")):
        _rewrite(page, lambda line: line.startswith(openings))
    for sha256 in files:
        for path in (out / "media" / sha256[:2] / sha256[2:4]).glob(f"{sha256}*"):
            path.unlink()
    return struck


def _rewrite(path: Path, is_struck: _Lines) -> int:
    """Leave lines out of a file, all or nothing; return how many."""
    struck = 0
    descriptor, fresh = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    with os.fdopen(descriptor, "w", encoding="utf-8") as target, path.open(encoding="utf-8") as old:
        for line in old:
            if is_struck(line):
                struck += 1
            else:
                target.write(line)
        target.flush()
        os.fsync(target.fileno())
    Path(fresh).replace(path)
    return struck


def _rewrite_document(path: Path, is_struck: _Lines) -> None:
    """Leave messages out of the one document; the line before the last has no comma behind it."""
    _rewrite(path, is_struck)
    descriptor, fresh = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    with os.fdopen(descriptor, "w", encoding="utf-8") as target, path.open(encoding="utf-8") as old:
        held = ""
        for line in old:
            if line == "]}\n":
                held = f"{held.rstrip().removesuffix(',')}\n"
            target.write(held)
            held = line
        target.write(held)
    Path(fresh).replace(path)


def _chatlab_key(line: str) -> tuple[str, int]:
    record = json.loads(line)
    return record.get("platformMessageId", ""), record.get("timestamp", 0)


def _qce_key(line: str) -> tuple[str, int] | None:
    if not line.startswith('{"id":'):
        return None
    record = json.loads(line.rstrip().removesuffix(","))
    return record["id"], record["timestamp"]
