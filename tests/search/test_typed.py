"""A query in which somebody is mentioned."""

from typing import Any

import pytest

from liudeng.search import typed_query
from tests.fakes.payloads import segment, text

AT = segment("at", qq="123")


@pytest.mark.parametrize(
    ("segments", "query"),
    [
        ([text("搜 晚安")], "晚安"),
        ([segment("reply", id="5"), AT, text(" "), text("搜 晚安")], "晚安"),
        ([text("搜 发送者:"), AT, text(" 晚安")], "发送者:123  晚安"),
        ([text("搜 回复：  "), AT], "回复：123"),
        ([text("搜 晚安"), AT], "晚安 发送者:123"),
        ([text("搜 "), AT, text("晚安")], "发送者:123 晚安"),
        ([text("搜 晚安"), segment("image", file="x"), text("早安")], "晚安早安"),
        ([text("搜 晚安"), {"type": "at", "data": None}], "晚安 发送者:"),
    ],
)
def test_a_mention_is_a_number(segments: list[dict[str, Any]], query: str) -> None:
    spoken = next(part["data"]["text"] for part in segments if _speaks(part))
    assert typed_query(spoken.removeprefix("搜").strip(), segments) == query


def _speaks(part: dict[str, Any]) -> bool:
    return part["type"] == "text" and bool(part["data"]["text"].strip())
