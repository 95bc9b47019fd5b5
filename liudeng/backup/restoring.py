"""Putting a snapshot back: checked first, and what was there before is set aside, not deleted."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from liudeng.backup.model import BackupProblem, RestoreReport
from liudeng.backup.vault import DATABASE, Vault, listed_files, read_about, sync_file
from liudeng.db import now_ms
from liudeng.manifest import sha256_of, verify

_DERIVED = ("library_index", "covered", "enclosures", "exports")
"""What the bot makes anew from the rest, or forgets at each start."""
_OF_DATABASE = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm")


def restore(
    vault: Vault, data_dir: Path, name: str = "", *, replace: bool = False
) -> RestoreReport:
    """Put a snapshot into a data directory. The bot must not run. Blocks.

    Files are checked one by one; a damaged one is left out and counted. A damaged database is
    not put back.

    Args:
        vault: where snapshots are.
        data_dir: where the bot keeps its data.
        name: of the snapshot; the newest if it is empty.
        replace: whether an archive that is there may be set aside.

    Raises:
        BackupProblem: no such snapshot, it is damaged, or an archive is there.
        OSError: the disk refuses.
    """
    snapshot = _chosen(vault, name)
    _check(snapshot)
    about = read_about(snapshot)
    there = (data_dir / DATABASE).exists()
    if there and not replace:
        raise BackupProblem(f"{data_dir} 里已有存档：确定要换掉就加 --replace，原来的会挪到旁边。")
    if there:
        check_not_in_use(data_dir / DATABASE)
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = _set_aside(data_dir) if there else None
    files, missing = _put_files(vault, snapshot, data_dir)
    fresh = data_dir / f"{DATABASE}.restoring"
    shutil.copyfile(snapshot / DATABASE, fresh)
    fresh.chmod(0o600)
    sync_file(fresh)
    fresh.replace(data_dir / DATABASE)
    return RestoreReport(
        snapshot=snapshot.name,
        files=files,
        missing_files=missing,
        set_aside=aside,
        missing_keys=tuple(key for key in about.keys if not (data_dir / key).exists()),
    )


def check_not_in_use(database: Path) -> None:
    """Make sure that no process has a database open.

    Raises:
        BackupProblem: one has.
    """
    try:
        with closing(sqlite3.connect(database, timeout=0)) as connection:
            # Only who is alone with a database in WAL mode gets this lock.
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.rollback()
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise BackupProblem("机器人还在运行：先停下它，再恢复。") from None
    except sqlite3.DatabaseError:
        pass  # damaged: that is why it is being restored


def _chosen(vault: Vault, name: str) -> Path:
    snapshots = vault.snapshots()
    if not snapshots:
        raise BackupProblem(f"{vault.root} 里没有写完的备份：请检查目录。")
    if not name:
        return snapshots[-1]
    found = next((one for one in snapshots if one.name == name), None)
    if found is None:
        names = "、".join(one.name for one in snapshots[-3:])
        raise BackupProblem(f"没有叫 {name} 的备份，最近的是：{names}。")
    return found


def _check(snapshot: Path) -> None:
    try:
        whole = verify(snapshot).ok
    except (OSError, ValueError):
        whole = False
    if not whole:
        raise BackupProblem(f"{snapshot.name} 这一份坏了，没有动原来的存档：换一份试试。")


def _set_aside(data_dir: Path) -> Path:
    aside = data_dir / f"before-restore-{now_ms()}"
    aside.mkdir(mode=0o700)
    for name in (*_OF_DATABASE, *_DERIVED):
        if (data_dir / name).exists():
            (data_dir / name).rename(aside / name)
    return aside


def _put_files(vault: Vault, snapshot: Path, data_dir: Path) -> tuple[int, int]:
    """Copy the files that are not there yet; return how many are there now, and how many not."""
    files = missing = 0
    for path, digest in listed_files(snapshot):
        target = data_dir / path
        if not target.is_file():
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            part = target.with_suffix(".part")
            try:
                shutil.copyfile(vault.root / path, part)
            except FileNotFoundError:
                missing += 1
                continue
            if sha256_of(part) != digest:
                part.unlink()
                missing += 1
                continue
            part.replace(target)
        files += 1
    return files, missing
