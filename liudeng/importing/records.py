"""The records of a file one by one, numbered, broken ones among them."""

import codecs
import json
from collections.abc import Iterator
from typing import Any, BinaryIO

import ijson

from liudeng.importing.report import RecordRefused

MAX_LINE = 8 * 1024 * 1024
"""Bytes of one line; the longest message QQ allows needs a few thousand."""

Record = dict[str, Any]
Numbered = tuple[int, "Record | RecordRefused"]


class FileBreaksOff(RecordRefused):
    """From here on the file cannot be read."""


def line_records(stream: BinaryIO) -> Iterator[Numbered]:
    """Read JSON Lines; blank lines and `#` comments are counted as lines and passed over."""
    number = 0
    while raw := stream.readline(MAX_LINE):
        number += 1
        if len(raw) == MAX_LINE and not raw.endswith(b"\n"):
            _skip_line(stream)
            yield number, RecordRefused(f"这一行超过 {MAX_LINE // 1024 // 1024} MB")
            continue
        raw = raw.removeprefix(codecs.BOM_UTF8).strip()
        if raw and not raw.startswith(b"#"):
            yield number, parse_line(raw)


def document_records(stream: BinaryIO) -> Iterator[Numbered]:
    """Read the `messages` array of one JSON document, holding one message at a time."""
    number = 0
    try:
        # Without use_float, ijson 3.6 crashes the process on an int of 5,000 digits.
        items = ijson.items(stream, "messages.item", use_float=True)
        for number, record in enumerate(items, start=1):
            if isinstance(record, dict):
                yield number, record
            else:
                yield number, RecordRefused("不是一个 JSON 对象")
    except ijson.JSONError:
        yield number + 1, FileBreaksOff("文件从这里起不是有效的 JSON，后面的内容读不到")


def parse_line(raw: bytes) -> Record | RecordRefused:
    """Read one line of JSON Lines."""
    try:
        record = json.loads(raw.decode())
    except UnicodeDecodeError:
        return RecordRefused("不是 UTF-8 编码")
    except (ValueError, RecursionError):
        return RecordRefused("不是完整的 JSON")
    return record if isinstance(record, dict) else RecordRefused("不是一个 JSON 对象")


def _skip_line(stream: BinaryIO) -> None:
    while (rest := stream.readline(MAX_LINE)) and not rest.endswith(b"\n"):
        pass
