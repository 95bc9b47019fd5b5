"""Reading the words in pictures, offline, in a process of its own."""

from liudeng.ocr.limits import OcrLimits
from liudeng.ocr.process import (
    EngineUnavailable,
    PictureFailed,
    ProcessDied,
    ReadingProcess,
)
from liudeng.ocr.reading import Box, Line, Reading, Side, Turn, join_turns, quoted_turns
from liudeng.ocr.readings import ReadingState, reading_of
from liudeng.ocr.service import OcrService
from liudeng.ocr.sources import PictureSource, StoredPictures

__all__ = [
    "Box",
    "EngineUnavailable",
    "Line",
    "OcrLimits",
    "OcrService",
    "PictureFailed",
    "PictureSource",
    "ProcessDied",
    "Reading",
    "ReadingProcess",
    "ReadingState",
    "Side",
    "StoredPictures",
    "Turn",
    "join_turns",
    "quoted_turns",
    "reading_of",
]
