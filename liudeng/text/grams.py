"""Character n-grams of folded messages, hashed into buckets: many messages in a few array steps."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

BITS = 18
BUCKETS = 1 << BITS
SIZES = (1, 2, 3)
_END = 0
"""Separates messages; normalising leaves no control character in a message."""
_BASE = np.uint64(0x100000001B3)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_SHORT = 12.0
_SHIFT = np.uint64(64 - BITS)

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Grams(NamedTuple):
    """One entry for each different n-gram of each message."""

    rows: Ints
    """Which message."""
    buckets: Ints
    values: Floats
    """1 + ln(how often it occurs)."""


class Places(NamedTuple):
    """One entry for each occurrence of an n-gram in one message."""

    starts: Ints
    sizes: Ints
    buckets: Ints


def grams_of(texts: Sequence[str], known: NDArray[np.bool_] | None = None) -> Grams:
    """Count the n-grams of folded texts; with `known`, only those whose bucket is known."""
    codes = _codes(texts)
    row_of = np.cumsum(codes == _END)
    keys: list[Ints] = []
    for size in SIZES:
        starts, buckets = _windows(codes, row_of, size)
        if known is not None:
            kept = known[buckets]
            starts, buckets = starts[kept], buckets[kept]
        keys.append((row_of[starts] << BITS) | buckets)
    found, counts = np.unique(np.concatenate(keys), return_counts=True)
    return Grams(found >> BITS, found & (BUCKETS - 1), 1.0 + np.log(counts))


def lengths_of(grams: Grams, count: int) -> Floats:
    """What each message's n-grams are divided by, so that long ones do not shout short ones down.

    The shortest get less than their full weight: two characters prove little.
    """
    return np.sqrt(np.bincount(grams.rows, grams.values**2, count) + _SHORT)


def places_of(text: str) -> Places:
    """Every n-gram of one folded text with its place, to show which words spoke."""
    codes = _codes([text])
    row_of = np.cumsum(codes == _END)
    parts = [(*_windows(codes, row_of, size), size) for size in SIZES]
    return Places(
        np.concatenate([starts for starts, _, _ in parts]),
        np.concatenate([np.full(len(starts), size) for starts, _, size in parts]),
        np.concatenate([buckets for _, buckets, _ in parts]),
    )


def _codes(texts: Sequence[str]) -> NDArray[np.uint32]:
    joined = "\0".join(texts).encode("utf-32-le", "replace")
    codes = np.frombuffer(joined, dtype=np.uint32).copy()
    # One date or sum is as good as another.
    codes[(codes >= ord("0")) & (codes <= ord("9"))] = ord("0")
    return codes


def _windows(codes: NDArray[np.uint32], row_of: Ints, size: int) -> tuple[Ints, Ints]:
    """Start and bucket of every window of `size` characters that lies within one message."""
    count = max(0, len(codes) - size + 1)
    hashed = np.full(count, size, dtype=np.uint64)
    for offset in range(size):
        hashed = hashed * _BASE + codes[offset : offset + count]
    inside = (row_of[:count] == row_of[size - 1 : size - 1 + count]) & (codes[:count] != _END)
    starts = np.flatnonzero(inside)
    return starts, ((hashed[starts] * _MIX) >> _SHIFT).astype(np.int64)
