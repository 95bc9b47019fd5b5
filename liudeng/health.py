"""The pulse of a running bot: counts and times, nothing that anybody said."""

import math
from collections.abc import Collection
from time import monotonic

from pydantic import BaseModel, ConfigDict

from liudeng.house import House

_STARTED = monotonic()


class Percentiles(BaseModel):
    """Milliseconds; None where nothing was measured."""

    model_config = ConfigDict(frozen=True)

    p50: float | None
    p95: float | None
    p99: float | None


class Health(BaseModel):
    """What a running bot tells about itself."""

    model_config = ConfigDict(frozen=True)

    ok: bool
    connected: bool
    settled: bool
    """Whether members are known and the gap before this connection was dealt with."""
    trouble: str
    """What the operator must do, else empty."""
    uptime_s: float
    queue: int
    stored: int
    duplicates: int
    recalls: int
    refused: int
    overflowed: int
    committed_seq: int
    readers: dict[str, int]
    """Reader -> messages it is behind."""
    skipped: dict[str, int] = {}
    """Reader -> messages it could not read and passed over."""
    durable_ms: Percentiles
    """From the socket to durable and searchable."""


def percentiles(values: Collection[float]) -> Percentiles:
    """Return the nearest-rank percentiles of `values`."""
    ordered = sorted(values)

    def rank(share: float) -> float | None:
        if not ordered:
            return None
        return round(ordered[max(0, math.ceil(share * len(ordered)) - 1)], 2)

    return Percentiles(p50=rank(0.50), p95=rank(0.95), p99=rank(0.99))


def take_pulse(house: House) -> Health:
    """Look at a house as it is now."""
    status = house.writer.status
    trouble = status.trouble or next((one.trouble for one in house.readers if one.trouble), "")
    return Health(
        ok=house.gateway.connected and not trouble,
        connected=house.gateway.connected,
        settled=house.settled,
        trouble=trouble,
        uptime_s=round(monotonic() - _STARTED, 1),
        queue=house.writer.waiting,
        stored=status.stored,
        duplicates=status.duplicates,
        recalls=status.recalls,
        refused=status.refused + house.ear.refused,
        overflowed=status.overflowed,
        committed_seq=status.committed_seq,
        readers={
            reader.name: max(0, status.committed_seq - reader.seq) for reader in house.readers
        },
        skipped={reader.name: reader.skipped for reader in house.readers if reader.skipped},
        durable_ms=percentiles(status.latencies_ms),
    )
