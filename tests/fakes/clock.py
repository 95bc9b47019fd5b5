"""The hour of the day, which a test chooses instead of meeting."""

from datetime import UTC, datetime

_FURTHEST_EAST = 12


def zone_at(hour: int) -> str:
    """Name a zone in which the clock now shows this hour, of 0 to 23."""
    east = (hour - datetime.now(UTC).hour) % 24
    if east > _FURTHEST_EAST:
        return f"Etc/GMT+{24 - east}"  # POSIX counts the other way round
    return f"Etc/GMT-{east}"
