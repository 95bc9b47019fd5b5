"""Sentences from frames with slots: many tellings of one thing, always the same ones."""

import random
import re
import tomllib
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

_TOKEN = re.compile(r"\{(?P<slot>[^{}]+)\}|\((?P<choices>[^()]*)\)")
_TRIES = 20
"""Drawings for each sentence wanted, before a narrow frame is left with fewer."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Frame(_Strict):
    level: int = Field(ge=0, le=3)
    other: int = Field(default=0, ge=0, le=3)
    kind: str
    take: int = Field(gt=0)
    text: str


class _Frames(_Strict):
    slots: dict[str, tuple[str, ...]]
    frames: tuple[_Frame, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence of a frame, labelled like it."""

    text: str
    level: int
    other: int
    kind: str


def sentences(path: Path) -> Iterator[Told]:
    """Draw what each frame is to give; the draw depends on the frame alone.

    Raises:
        ValueError: the file is no file of frames.
        KeyError: a frame names a slot that is not there.
    """
    found = _Frames.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    for frame in found.frames:
        for text in _drawn(frame, found.slots):
            yield Told(text, frame.level, frame.other, frame.kind)


def _drawn(frame: _Frame, slots: Mapping[str, Sequence[str]]) -> list[str]:
    chance = random.Random(zlib.crc32(frame.text.encode()))

    def chosen(token: re.Match[str]) -> str:
        if token["slot"]:
            return chance.choice(slots[token["slot"]])
        # A choice may name a slot itself.
        return _TOKEN.sub(chosen, chance.choice(token["choices"].split("|")))

    drawn: dict[str, None] = {}
    for _ in range(frame.take * _TRIES):
        if len(drawn) == frame.take:
            break
        drawn[_TOKEN.sub(chosen, frame.text).strip("，")] = None
    return list(drawn)
