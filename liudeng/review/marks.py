"""Marks: what a person said of would-be alerts on a replay's page, as the page exports them."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

_LARGEST = 5 * 1024 * 1024


class MarksProblem(Exception):
    """A file of marks cannot be used; the text is one Chinese sentence for the operator."""


class Mark(BaseModel):
    """One would-be alert and what was said of it."""

    model_config = ConfigDict(frozen=True)

    id: str = Field(pattern=r"^[0-9]{1,19}$")
    """The message's number in the archive; text, for JavaScript cannot hold it."""
    verdict: Literal["true", "false", "unsure"]
    rules: tuple[str, ...] = ()
    score: float | None = None


class Marks(BaseModel):
    """The file that a replay's page exports."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["liudeng-replay-marks"]
    version: Literal[1]
    group: int
    alerts: int
    """Would-be alerts of which these are a sample."""
    marks: tuple[Mark, ...] = Field(max_length=10_000)


def read_marks(path: Path) -> Marks:
    """Read an exported file.

    Raises:
        MarksProblem: it cannot be read or is no such file.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise MarksProblem(f"{path.name} 太大了，不像是回放页面导出的标记。")
        return Marks.model_validate_json(path.read_bytes())
    except OSError:
        raise MarksProblem(f"读不了 {path}：检查路径和权限。") from None
    except ValidationError:
        raise MarksProblem(f"{path.name} 不是回放页面导出的标记，请在页面上重新导出。") from None
