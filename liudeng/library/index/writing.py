"""Writing the index: all of it anew, or what changed. Slow, and meant for a process of its own."""

import shutil
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from whoosh.index import FileIndex, create_in, open_dir

from liudeng.library.index.document import Document
from liudeng.library.index.folder import IndexFolder
from liudeng.library.index.schema import fields_of, schema

_MEMORY_MB = 48
_TOO_MANY = 0.5
"""From this share of changed entries on, building anew is quicker than changing."""


class NothingToChange(Exception):
    """There is no sound index that could be changed."""


def build(folder: IndexFolder, documents: Iterable[Document], seq: int) -> int:
    """Build a new generation beside the published one, then publish it.

    Returns:
        How many documents it holds.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.prepare()
    with folder.locked():
        folder.sweep()
        return _build(folder, documents, seq)


def apply(
    folder: IndexFolder, documents: Collection[Document], removed: Collection[str], seq: int
) -> int:
    """Put documents in the place of those with their keys, take out the keys in `removed`.

    To do it twice changes nothing.

    Returns:
        How many documents were put in or taken out.

    Raises:
        NothingToChange: there is no index, or it is of another schema.
        OSError: the folder cannot be written.
    """
    folder.prepare()
    with folder.locked():
        state = folder.state()
        if state is None:
            raise NothingToChange
        _change(folder.generation(state), documents, removed)
        folder.publish(folder.generation(state), seq)
    return len(documents) + len(removed)


def reconcile(folder: IndexFolder, documents: Iterable[Document], seq: int) -> int:
    """Make the index hold exactly these documents, with as little work as that takes.

    Returns:
        How many documents were put in or taken out.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.prepare()
    with folder.locked():
        folder.sweep()
        wanted = {document.key: document for document in documents}
        state = folder.state()
        held = _digests(folder) if state is not None and folder.is_sound(state) else None
        if state is None or held is None:
            return _build(folder, wanted.values(), seq)
        changed = [document for key, document in wanted.items() if held.get(key) != document.digest]
        removed = held.keys() - wanted.keys()
        if len(changed) > _TOO_MANY * len(wanted):
            return _build(folder, wanted.values(), seq)
        if changed or removed or state.seq != seq:
            _change(folder.generation(state), changed, removed)
            folder.publish(folder.generation(state), seq)
        return len(changed) + len(removed)


def _build(folder: IndexFolder, documents: Iterable[Document], seq: int) -> int:
    generation = folder.new_generation()
    count = 0
    try:
        writer = create_in(str(generation), schema()).writer(limitmb=_MEMORY_MB)
        for document in documents:
            writer.add_document(**fields_of(document))
            count += 1
        writer.commit()
        folder.publish(generation, seq)
    except BaseException:
        shutil.rmtree(generation, ignore_errors=True)
        raise
    folder.sweep()
    return count


def _change(generation: Path, documents: Collection[Document], removed: Collection[str]) -> None:
    if not documents and not removed:
        return
    index: FileIndex = open_dir(str(generation))
    writer = index.writer(limitmb=_MEMORY_MB)
    try:
        for key in (*removed, *(document.key for document in documents)):
            writer.delete_by_term("key", key)
        for document in documents:
            writer.add_document(**fields_of(document))
    except BaseException:
        writer.cancel()
        raise
    writer.commit()


def _digests(folder: IndexFolder) -> dict[str, str] | None:
    """Return the digest of each document that is held; None when that cannot be read."""
    state = folder.state()
    if state is None:
        return None
    try:
        reader: Any = open_dir(str(folder.generation(state))).reader()
        try:
            entries = [stored["entry"] for stored in reader.all_stored_fields()]
        finally:
            reader.close()
        return {entry["key"]: entry["digest"] for entry in entries}
    except Exception:  # whatever a damaged pickle leads to
        return None
