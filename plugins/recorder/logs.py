"""The log: for the operator, who will paste it into a public issue.

From INFO up nothing in it quotes a message or names an account. NoneBot itself logs the text of
every event it handles and whole payloads it cannot parse, so its records are cleaned here.
"""

import contextlib
import re
import sys
from typing import TYPE_CHECKING

from nonebot.log import default_format, logger, logger_id

if TYPE_CHECKING:
    from loguru import Record

_NUMBER = re.compile(r"\d{5,}")
_RAW = re.compile(r"Raw: .*", re.DOTALL)
_SERVER = "uvicorn"
# Two lines per command and notice, one per look at /health: nothing an operator can act on.
_CHATTER = re.compile(r'Event will be handled by |Matcher\(.*running complete|.*"GET /health ')


def set_up_logs(level: str) -> int:
    """Replace NoneBot's sink, which lets every level through, by one with a level of its own.

    Returns:
        The sink's number, by which loguru can remove it.
    """
    with contextlib.suppress(ValueError):  # it was replaced before
        logger.remove(logger_id)
    return logger.add(
        sys.stdout, level=level, diagnose=False, format=default_format, filter=_private
    )


def _private(record: "Record") -> bool:
    """Clean a record in place; False when there is nothing left to say."""
    if record["level"].no < logger.level("INFO").no:
        return True
    if record["function"] == "handle_event" and record["level"].name == "SUCCESS":
        return False  # "Message … from …: the text of the message"
    if record["level"].name == "INFO" and _CHATTER.match(record["message"]):
        return False
    error = record["exception"]
    if error is not None and error.type is not None:
        # A traceback's last line may quote the input; its type and place do not.
        record["message"] += f"（{error.type.__name__}{_place(error.traceback)}）"
        record["exception"] = None
    if record["message"].startswith("Traceback"):
        record["message"] = record["message"].strip().rpartition("\n")[2]
    if not (record["name"] or "").startswith(_SERVER):  # it names addresses and ports alone
        message = _RAW.sub("Raw: （已隐去）", record["message"])
        record["message"] = _NUMBER.sub("＊", message)
    return True


def _place(traceback: object) -> str:
    last = None
    while traceback is not None:
        last, traceback = traceback, getattr(traceback, "tb_next", None)
    if last is None:
        return ""
    code = last.tb_frame.f_code  # type: ignore[attr-defined]
    return f" @ {code.co_filename.rsplit('/', 1)[-1]}:{last.tb_lineno}"  # type: ignore[attr-defined]
