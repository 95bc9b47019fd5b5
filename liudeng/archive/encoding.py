"""Segments as a column: JSON, or nothing for a message that is its text and no more."""

import json

from liudeng.archive.message import Segment


def encode_segments(segments: tuple[Segment, ...], text: str) -> str:
    """Return JSON, or nothing for the common message that is its text and no more."""
    if len(segments) == 1 and segments[0] == {"type": "text", "data": {"text": text}}:
        return ""
    # ASCII only: whatever a hostile segment holds, SQLite and UTF-8 can hold this.
    return json.dumps(segments, separators=(",", ":"), default=str)


def decode_segments(encoded: str, text: str) -> tuple[Segment, ...]:
    """Undo `encode_segments`."""
    if not encoded:
        return ({"type": "text", "data": {"text": text}},) if text else ()
    return tuple(json.loads(encoded))
