"""What the writing process is told, and what it answers."""

from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict


class Task(StrEnum):
    """What is to be done with the documents that follow."""

    BUILD = "build"
    RECONCILE = "reconcile"
    APPLY = "apply"


class Order(BaseModel):
    """The first line the process reads; each line after it is a document."""

    model_config = ConfigDict(frozen=True)

    task: Task
    folder: Path
    seq: int
    removed: tuple[str, ...] = ()


class Outcome(BaseModel):
    """The line the process answers."""

    model_config = ConfigDict(frozen=True)

    changed: int = 0
    failed: str = ""
    """The kind of error; its text might quote an entry."""
