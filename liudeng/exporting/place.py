"""The folder an export is written to: whose it is, how far it has come, that it is whole."""

import json
import os
import shutil
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from liudeng.exporting.model import ExportProblem

CHATLAB = "messages.chatlab.jsonl"
QCE = "messages.qce.json"
MARK = "export.json"
PROGRESS = ".progress.json"
README = "说明.txt"
_MARK = {"made_by": "liudeng", "kind": "group-export", "format": 1}


@dataclass(slots=True)
class Standing:
    """How far an export has come: all of it lies on the disk before this is written."""

    group: str
    kind: str
    started_ms: int
    up_to: int
    """`messages.id` of the newest message that belongs to it."""
    total: int
    erasures: int = 0
    """How often something had been erased from the group's messages before."""
    row: int = 0
    """`messages.id` of the last message that was written."""
    messages: int = 0
    left_out_files: int = 0
    chatlab: int = 0
    qce: int = 0
    pages: list[list[str | int]] = field(default_factory=list)
    page: int = 0


class Place:
    """The folder of one export. Its methods block on the disk."""

    def __init__(self, out: Path) -> None:
        self.out = out.absolute()

    def standing(self, group: str, kind: str) -> Standing | None:
        """Return how far an interrupted export of the same has come; None for a new one.

        Raises:
            ExportProblem: the folder holds something else, or is finished.
            OSError: the folder can be neither made nor read.
        """
        progress = self._read(PROGRESS)
        if progress is not None:
            try:
                standing = Standing(**progress)
            except TypeError:
                raise self._taken() from None
            if (standing.group, standing.kind) != (group, kind):
                raise ExportProblem(f"{self.out} 里有另一次没写完的导出：请换一个目录。")
            return standing
        if self.out.exists() and any(self.out.iterdir()):
            raise self._taken()
        self.out.mkdir(mode=0o700, parents=True, exist_ok=True)
        return None

    def empty(self) -> None:
        """Delete what was written of an export that has to begin anew. Raises OSError."""
        for path in self.out.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name != PROGRESS:
                path.unlink()
        (self.out / PROGRESS).unlink(missing_ok=True)  # last: by it the folder is known

    def keep(self, standing: Standing) -> None:
        """Write down how far it has come, all or nothing. Raises OSError."""
        self._write(PROGRESS, asdict(standing))

    def finish(self, told: dict[str, Any], readme: str) -> None:
        """Mark the folder as a whole export. Raises OSError."""
        self._write(MARK, {**_MARK, **told})
        (self.out / README).write_text(readme, "utf-8")
        (self.out / PROGRESS).unlink(missing_ok=True)

    def _taken(self) -> ExportProblem:
        if (self.out / MARK).is_file():
            return ExportProblem(f"{self.out} 里已有一份写完的导出，没有动它：请换一个目录。")
        return ExportProblem(f"{self.out} 里已有别的东西，没有动它：请换一个空目录。")

    def _read(self, name: str) -> dict[str, Any] | None:
        try:
            found = json.loads((self.out / name).read_text("utf-8"))
        except FileNotFoundError:
            return None
        except (ValueError, NotADirectoryError):
            raise self._taken() from None
        return found if isinstance(found, dict) else None

    def _write(self, name: str, content: dict[str, Any]) -> None:
        descriptor, fresh = tempfile.mkstemp(dir=self.out, prefix=".", suffix=".part")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        Path(fresh).replace(self.out / name)
