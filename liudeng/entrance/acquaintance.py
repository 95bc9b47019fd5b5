"""What an implementation knows of somebody who asks to come in. Unknown is not young."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from liudeng.archive.reading import clean, one_line

_DAY_MS = 86_400_000
_FIRST_YEAR, _LAST_YEAR = 1999, 2100
"""QQ began in 1999: an earlier time is a blank that somebody filled in."""
_LEVELS = ("qqLevel", "qq_level", "qqlevel", "level")
_REGISTERED = ("reg_time", "regTime", "register_time", "RegisterTime")
_DAYS_SEEN = ("login_days", "loginDays")
_NAME_CHARS = 30


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """What is known; None is unknown."""

    name: str = ""
    level: int | None = None
    days: int | None = None
    """At least so many days old."""

    def in_words(self) -> str:
        """As moderators read it: 等级 16，号龄 3 年."""
        told = [] if self.level is None else [f"等级 {self.level}"]
        if self.days is not None:
            years = self.days // 365
            told.append(f"号龄 {years} 年多" if years else f"号龄 {self.days} 天")
        return "，".join(told) or "等级和号龄看不到"


NOBODY_KNOWN = Acquaintance()


def acquaintance_of(answer: object, now_ms: int) -> Acquaintance:
    """Read the answer to `get_stranger_info`, whose fields differ from one to the other.

    NapCat has qqLevel and reg_time, LLBot level, reg_time and login_days, go-cqhttp level and
    login_days, Lagrange level and RegisterTime. A level or time of 0 means that it is not known.
    """
    if not isinstance(answer, Mapping):
        return NOBODY_KNOWN
    registered = next(filter(None, (_moment(answer.get(key)) for key in _REGISTERED)), None)
    days = None if registered is None else max(0, (now_ms - registered) // _DAY_MS)
    if days is None:
        days = next(filter(None, (_count(answer.get(key)) for key in _DAYS_SEEN)), None)
    return Acquaintance(
        name=one_line(clean(str(answer.get("nickname") or "")[:_NAME_CHARS])),
        level=next(filter(None, (_count(answer.get(key)) for key in _LEVELS)), None),
        days=days,
    )


def _count(value: Any) -> int | None:
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if 0 < number < 100_000 else None


def _moment(value: Any) -> int | None:
    """Milliseconds from seconds, milliseconds or an ISO date; None for what is none."""
    try:
        if isinstance(value, str) and not value.strip().isdecimal():
            moment = datetime.fromisoformat(value.strip())
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        else:
            number = float(value)
            moment = datetime.fromtimestamp(number / 1000 if number > 1e11 else number, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
    return int(moment.timestamp() * 1000) if _FIRST_YEAR <= moment.year < _LAST_YEAR else None
