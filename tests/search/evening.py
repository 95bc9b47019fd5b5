"""The demo's evening as an archive, straight from its script."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from liudeng.archive import LogWriter, Message, Recall, Source, parse_message, parse_recall
from liudeng.archive.seen_text import add_seen_text
from liudeng.archive.tables import messages
from liudeng.db import Database
from tests.fakes.archive import store
from tests.fakes.payloads import group_message, group_recall, segment, text

_SCRIPT = Path(__file__).parents[2] / "data" / "scenarios" / "farewell_night.jsonl"
_START_S = 1_770_984_000  # 2026-02-13 20:00 in the group's zone
_COMMANDS = ("搜 ", "帮助", "告别墙", "那年今日")
"""What the evening's members say to the bot begins so."""


@dataclass
class Evening:
    """Who was there and what was said, by the short number that an answer shows."""

    group_id: int
    people: dict[str, int] = field(default_factory=dict)
    """Nickname -> QQ number."""
    said: dict[int, str] = field(default_factory=dict)
    """Short number -> `nickname: what was said`."""


async def archive_evening(database: Database, writer: LogWriter) -> Evening:
    """Write the script into the archive: its messages, its recalls, the words in its pictures."""
    lines = _SCRIPT.read_text("utf-8").splitlines()
    script = [json.loads(line) for line in lines if line.startswith("{")]
    members = {entry["id"]: entry for entry in script if entry.get("kind") == "member"}
    (group, *_) = (entry for entry in script if entry.get("kind") == "group")
    evening = Evening(group["group_id"])
    evening.people = {each["nickname"]: each["user_id"] for each in members.values()}
    events = [event for event in script if "t" in event and not event.get("private")]
    entries = list(_entries(events, members, evening))
    await store(writer, *entries)
    await _read_pictures(database, events)
    return evening


def _entries(
    events: list[dict[str, Any]], members: dict[str, Any], evening: Evening
) -> Iterator[Message | Recall]:
    numbers: dict[str, int] = {}
    for event in events:
        at_s = _START_S + int(event["t"])
        if event.get("kind") == "recall":
            recall = group_recall(
                numbers[event["ref"]], group_id=evening.group_id, time=at_s, self_id=1
            )
            yield parse_recall(recall, at_s * 1000)
        elif "kind" not in event:
            number = len(evening.said) + 1
            numbers[event.get("ref", "")] = number
            author = members[event["who"]]
            evening.said[number] = f"{author['nickname']}: {_first_words(event)}"
            payload = group_message(
                list(_segments(event, members, numbers)),
                user_id=author["user_id"],
                sender={"nickname": author["nickname"], "card": author.get("card", "")},
                group_id=evening.group_id,
                message_id=number,
                real_seq=str(number),
                time=at_s,
                self_id=1,
            )
            said = parse_message(payload, at_s * 1000, Source.IMPORT)
            to_the_bot = event.get("text", "").startswith(_COMMANDS)
            yield said.model_copy(update={"addressed": to_the_bot})


def _segments(
    event: dict[str, Any], members: dict[str, Any], numbers: dict[str, int]
) -> Iterator[dict[str, Any]]:
    if quoted := event.get("reply_to"):
        yield segment("reply", id=str(numbers[quoted]))
    for target in event.get("at", ()):
        yield segment("at", qq="all" if target == "all" else str(members[target]["user_id"]))
    if words := event.get("text"):
        yield text(words)
    if picture := event.get("image"):
        yield segment("image", file="a.png", sub_type=int("sticker" in picture))
    if card := event.get("card"):
        yield segment("json", data=json.dumps({"prompt": card["prompt"], "meta": {"news": card}}))
    if "forward" in event:
        yield segment("forward", id="1")


def _first_words(event: dict[str, Any]) -> str:
    picture, card = event.get("image", {}), event.get("card", {})
    nodes = event.get("forward", [{}])
    words = event.get("text") or card.get("title") or picture.get("title")
    return words or picture.get("sticker") or nodes[0].get("text", "")


async def _read_pictures(database: Database, events: list[dict[str, Any]]) -> None:
    """Let the words in pictures and forwards be found, as after they were read."""
    said = [event for event in events if "kind" not in event]
    async with database.write() as connection:
        rows = await connection.execute(messages.select().order_by(messages.c.seq))
        ids = {row.seq: row.id for row in rows}
        for number, event in enumerate(said, start=1):
            lines = [words for _, words in event.get("image", {}).get("lines", ())]
            lines += [node["text"] for node in event.get("forward", ())]
            if lines:
                await add_seen_text(connection, ids[number], "\n".join(lines))
