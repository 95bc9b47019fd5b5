"""Finding and reading the lines of a picture, with models that came with the package."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rapidocr
from PIL import Image
from rapidocr import RapidOCR

from liudeng.ocr.reading import Box

_ALONE = {"99": "”", "66": "“"}

_DETECTOR = "PP-OCRv6_det_small.onnx"
_RECOGNISER = "PP-OCRv6_rec_small.onnx"
_SURE_ENOUGH = 0.5
_SHORTEST_SIDE = 320
"""Pixels below which the detector enlarges a tile."""

# The detector's time and memory grow with the pixels: text on a phone is large enough at this
# width, and a screenshot of any length is read in pieces of bounded size.
_UPRIGHT_WIDTH = 736
_WIDE_WIDTH = 1280
_MOST_ENLARGED = 2.0
_TILE = 1000
_SHORTEST_TILE = 640

Pixels = np.ndarray
"""Height x width x 3 bytes, red, green, blue."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A line as it was recognised."""

    text: str
    box: Box
    confidence: float


class MissingModels(RuntimeError):
    """The models are not where the package keeps them; nothing is ever downloaded."""


class Recogniser:
    """The models, loaded. Takes some 200 MB: only the worker process has one."""

    def __init__(self, threads: int) -> None:
        """Load the models.

        Raises:
            MissingModels: the installed package does not carry them.
        """
        folder = Path(rapidocr.__file__).parent / "models"
        for name in (_DETECTOR, _RECOGNISER):
            if not (folder / name).is_file():
                raise MissingModels(name)
        self._engine = RapidOCR(
            params={
                "Global.use_cls": False,  # chats are upright, EXIF says so for photos
                "Global.log_level": "critical",
                "Global.text_score": _SURE_ENOUGH,
                "Global.max_side_len": max(_TILE, _WIDE_WIDTH),
                "Det.model_path": str(folder / _DETECTOR),
                "Det.limit_side_len": _SHORTEST_SIDE,
                "Rec.rec_batch_num": 1,  # together, short lines are padded to the longest
                "Rec.model_path": str(folder / _RECOGNISER),
                "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            }
        )

    def pieces(self, pixels: Pixels) -> list[Piece]:
        """Return the lines in a picture of working size, from top to bottom."""
        found: list[Piece] = []
        for top, bottom in tiles(pixels):
            found.extend(self._read_tile(pixels, top, bottom))
        return found

    def _read_tile(self, pixels: Pixels, top: int, bottom: int) -> list[Piece]:
        result: Any = self._engine(np.ascontiguousarray(pixels[top:bottom, :, ::-1]))
        if result.boxes is None or result.txts is None:
            return []
        boxes = [_box(corners, top) for corners in result.boxes]
        usual = float(np.median([box.height for box in boxes]))
        return [
            Piece(_unmistaken(text.strip(), box, usual), box, float(score))
            for box, text, score in zip(boxes, result.txts, result.scores, strict=True)
            if text.strip()
        ]


def working_size(width: int, height: int) -> float:
    """Return the factor by which a picture is resized before it is read."""
    wanted = _UPRIGHT_WIDTH if width <= height else _WIDE_WIDTH
    return min(wanted / width, _MOST_ENLARGED if width <= height else 1.0)


def resized(picture: Image.Image, factor: float) -> Pixels:
    """Return the picture's pixels at working size."""
    if factor != 1.0:
        size = (max(1, round(picture.width * factor)), max(1, round(picture.height * factor)))
        picture = picture.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    return np.asarray(picture)


def tiles(pixels: Pixels) -> list[tuple[int, int]]:
    """Cut a long picture into rows of tiles, where nothing is written across the cut."""
    height = pixels.shape[0]
    cuts = [0]
    while height - cuts[-1] > _TILE:
        cuts.append(_quietest_row(pixels, cuts[-1] + _SHORTEST_TILE, cuts[-1] + _TILE))
    return [*zip(cuts, [*cuts[1:], height], strict=True)]


def _quietest_row(pixels: Pixels, first: int, last: int) -> int:
    """Return the middle of the longest stretch of rows in which the least is drawn."""
    band = pixels[first:last].astype(np.int16)
    unrest = np.abs(np.diff(band, axis=1)).max(axis=2).clip(12, 80).mean(axis=1)
    quiet = unrest <= unrest.min() + 0.5
    edges = np.flatnonzero(np.diff(np.concatenate(([0], quiet.astype(np.int8), [0]))))
    starts, ends = edges[::2], edges[1::2]
    longest = int(np.argmax(ends - starts))
    return first + int(starts[longest] + ends[longest]) // 2


def _unmistaken(text: str, box: Box, usual_height: float) -> str:
    """A quotation mark on its own is enlarged to a line's height, and then looks like digits."""
    return _ALONE.get(text, text) if box.height < 0.6 * usual_height else text


def _box(corners: np.ndarray, top: int) -> Box:
    left, upper = np.floor(corners.min(axis=0))
    right, lower = np.ceil(corners.max(axis=0))
    return Box(int(left), int(upper) + top, int(right), int(lower) + top)
