"""The ways in which exports write down a time."""

import math
import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from liudeng.importing.report import RecordRefused

EARLIEST_MS = 915_148_800_000  # 1999-01-01: QQ did not exist before
FUTURE_TOLERANCE_MS = 24 * 3600 * 1000
# Seconds pass this in the year 5138; milliseconds passed it in 1973.
_MILLISECONDS_FROM = 1e11
_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?", re.ASCII)


def parse_time(value: Any, zone: ZoneInfo) -> int:
    """Return the UTC epoch milliseconds of a time as an export has it.

    Seconds or milliseconds as a number or as text, or ISO 8601, also with a space or slashes;
    a time without a zone is one of `zone`.

    Raises:
        RecordRefused: it is no time.
    """
    if isinstance(value, str):
        return _from_text(value.strip(), zone)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _from_number(value)
    raise RecordRefused("没有时间")


def _from_number(value: float) -> int:
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise RecordRefused("时间不是有效的数字")
    return round(number if abs(number) > _MILLISECONDS_FROM else number * 1000)


def _from_text(text: str, zone: ZoneInfo) -> int:
    if _NUMBER.fullmatch(text):
        return _from_number(float(text))
    try:
        moment = datetime.fromisoformat(text.replace("/", "-"))
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone)
        return round(moment.timestamp() * 1000)
    except (ValueError, OverflowError):
        raise RecordRefused("时间的写法看不懂") from None
