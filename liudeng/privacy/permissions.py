"""File permissions: who else on this machine can read what the bot keeps."""

import stat
import sys
from pathlib import Path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_SECRETS = ("privacy.key", "case.key", "liudeng.sqlite3", "liudeng.sqlite3-wal")


def open_to_others(data_dir: Path) -> list[Path]:
    """Return what other accounts of this machine can get at, the folder first.

    In a folder that is closed to them nothing else is open. Windows has no such bits.
    """
    if sys.platform == "win32" or not data_dir.is_dir():
        return []
    found = [data_dir] if data_dir.stat().st_mode & _OTHERS else []
    keys = [data_dir / name for name in _SECRETS if name.endswith(".key") or found]
    return found + [path for path in keys if path.is_file() and path.stat().st_mode & _OTHERS]


def warning(paths: list[Path]) -> str:
    """Return what the operator is told, with what to do."""
    commands = "；".join(f"chmod {700 if path.is_dir() else 600} {path}" for path in paths)
    return f"同机的其他账号能读到数据或密钥，请运行：{commands}"
