"""Dated facts that come with the program: `data/timeline/*.toml`."""

import tomllib
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError


class TimelineProblem(Exception):
    """A file of facts does not load; the text is one Chinese sentence for the operator."""


class Fact(BaseModel):
    """Something that happened, and where that is written."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    day: date
    title: str
    detail: str = ""
    source: str


class _File(BaseModel):
    events: tuple[Fact, ...] = ()


def load_facts(folder: Path) -> list[Fact]:
    """Read every file of a folder, the earliest fact first.

    Raises:
        TimelineProblem: a file is malformed, or a fact has no source.
    """
    facts: list[Fact] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            facts += _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).events
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
            raise TimelineProblem(f"时间线 {path.name} 读不了：{type(error).__name__}。") from error
    return sorted(facts, key=lambda fact: fact.day)
