"""Alerts and pages as pictures: what a notification shows, and what is said without a picture."""

import base64
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from liudeng.db import Database
from liudeng.desk import Desk, DeskOptions, Drawing, Page, Seal
from liudeng.outbox import Enclosures, Pace, Refused, Sender, State
from liudeng.pictures import CaseCard, Studio, StudioLimits
from liudeng.roster import Roster
from tests.desk.conftest import SHANGHAI, Clock, Room
from tests.fakes.gateway import FakeGateway
from tests.fakes.payloads import ADMIN, OWNER, STAFF_GROUP
from tests.fakes.waiting import until

WORDS = "我今晚就走"
PNG = b"\x89PNG-of-the-alert"
FAKE = (sys.executable, str(Path(__file__).parents[1] / "pictures" / "fake_worker.py"))


@pytest.fixture
def desk(database: Database, roster: Roster, zone: ZoneInfo, clock: Clock, seal: Seal) -> Desk:
    options = DeskOptions(seal=seal, clock=clock, cards=True)
    return Desk(database, roster, STAFF_GROUP, zone, options)


class Post:
    """A sender with a painter that paints, or does not."""

    def __init__(self, database: Database, desk: Desk, folder: Path) -> None:
        self.gateway = FakeGateway()
        self.picture: bytes | None = PNG
        self.cards: list[CaseCard] = []
        self.given_s: float | None = None
        enclosures = Enclosures(folder, self._draw)
        self.sender = Sender(
            database, self.gateway, Pace(0, 1), desk.route, desk.fall_back, None, enclosures
        )

    async def deliver(self, room: Room) -> None:
        async def done() -> bool:
            states = {letter.state for letter in await room.letters()}
            return not states & {State.PENDING, State.SENDING, State.UNKNOWN}

        await self.sender.start()
        await until(done, "all letters are settled")
        await self.sender.close()

    def to(self, user: int) -> list[list[dict[str, Any]]]:
        sent = self.gateway.sent()
        return [one.parameters["message"] for one in sent if one.parameters.get("user_id") == user]

    async def _draw(self, card: Mapping[str, Any], within_s: float | None) -> bytes | None:
        self.cards.append(CaseCard.model_validate(card))
        self.given_s = within_s
        return self.picture


@pytest.fixture
def post(database: Database, desk: Desk, tmp_path: Path) -> Post:
    return Post(database, desk, tmp_path / "enclosures")


def spoken(message: list[dict[str, Any]]) -> str:
    return "".join(part["data"].get("text", "") for part in message if part["type"] == "text")


async def test_an_alert_is_a_picture_between_words_that_quote_nobody(
    room: Room, post: Post
) -> None:
    await room.signal(WORDS)
    await post.deliver(room)
    (message,) = post.to(OWNER)
    assert [part["type"] for part in message] == ["text", "image", "text"]
    assert WORDS not in spoken(message)
    assert spoken(message).startswith("【留灯】案件 1：有一位成员可能正处在危险里")
    assert base64.b64decode(message[1]["data"]["file"].removeprefix("base64://")) == PNG
    card = post.cards[0]
    assert card.level == 3
    lines = {line.text for section in card.sections for line in section.lines}
    assert {WORDS, "说到今晚离开（「今晚就走」）", "回「接手 1」，让其他管理知道你来"} <= lines


@pytest.mark.parametrize(("ago_s", "given"), [(2.0, 0.0), (60.0, None)], ids=["busy", "caught up"])
async def test_what_is_behind_its_time_does_not_wait_for_a_picture(
    ago_s: float, given: float | None, room: Room, post: Post, clock: Clock
) -> None:
    await room.signal(WORDS, received_ms=clock() - int(ago_s * 1000))
    await post.deliver(room)
    assert post.given_s == given


async def test_where_nothing_can_be_drawn_the_words_say_all(room: Room, post: Post) -> None:
    post.picture = None
    await room.signal(WORDS)
    await post.deliver(room)
    (message,) = post.to(OWNER)
    assert {part["type"] for part in message} == {"text"}
    for part in (f"原话：「{WORDS}」", "为什么提醒（等级 3/3）", "接下来：", "（编号 1-1）"):
        assert part in spoken(message)


async def test_a_picture_that_is_refused_is_said_in_words_once(room: Room, post: Post) -> None:
    post.gateway.next("send_private_msg", Refused(1200, "rich media transfer failed"))
    await room.signal(WORDS)
    await post.deliver(room)
    heard = [len(post.gateway.delivered(user)) for user in (OWNER, ADMIN)]
    assert heard == [1, 1]
    texts = post.gateway.delivered(OWNER) + post.gateway.delivered(ADMIN)
    assert sum(WORDS in text for text in texts) == 1


@pytest.mark.parametrize("picture", [PNG, None], ids=["drawn", "in words"])
async def test_an_alert_whose_answer_was_lost_is_found_again_in_either_form(
    picture: bytes | None, room: Room, post: Post, roster: Roster, clock: Clock
) -> None:
    roster.set_friends([OWNER])
    post.picture = picture
    post.gateway.lose_answer("send_private_msg")
    await room.signal(WORDS)
    await post.sender.start()
    await until(lambda: bool(post.gateway.delivered(OWNER)), "it has arrived")
    post.picture = None if picture else PNG
    clock.forward(minutes=1)
    post.sender.wake()

    async def done() -> bool:
        return all(one.state is State.DONE for one in await room.letters() if "|private" in one.key)

    await until(done, "it was found")
    await post.sender.close()
    assert len(post.gateway.delivered(OWNER)) == 1


async def test_the_staff_group_gets_words_if_nobody_can_be_told_privately(
    room: Room, post: Post, roster: Roster
) -> None:
    roster.set_friends([])
    await room.signal(WORDS)
    await post.deliver(room)
    (text,) = post.gateway.delivered(STAFF_GROUP)
    assert f"原话：「{WORDS}」" in text


async def test_a_page_says_on_its_picture_what_it_says_in_words(room: Room, desk: Desk) -> None:
    await room.signal(WORDS)
    await desk.handling.note(1, ADMIN, "打过电话")
    page = await desk.viewing.show(1, OWNER)
    assert page.card is not None
    shown = page.card.model_dump_json()
    for part in (WORDS, "备注：打过电话", "还没有人接手", "案件 1"):
        assert part in shown
        assert part in page.words
    digest = await desk.summary(OWNER)
    assert digest.card is not None
    assert "满月：还没有人接手" in digest.card.model_dump_json()
    assert "满月" not in digest.head


def is_empty(folder: Path) -> bool:
    return not any(folder.iterdir())


@pytest.fixture
async def drawing() -> AsyncIterator[Drawing]:
    studio = Studio(StudioLimits(), FAKE)
    await studio.start()
    made = Drawing(studio, SHANGHAI, patience_s=20.0)
    yield made
    await made.close()
    await studio.close()


def card(title: str) -> CaseCard:
    return CaseCard(title=title)


async def test_several_recipients_share_one_drawing(drawing: Drawing) -> None:
    titles = ["满月", "满月", "fail", "last"]
    drawn = [await drawing.of_letter(card(title).model_dump(mode="json")) for title in titles]
    assert drawn == ["满月".encode(), "满月".encode(), None, b"last"]
    assert await drawing.of_letter(card("满月").model_dump(mode="json")) == "满月".encode(), (
        "it is remembered: the process that drew it is gone"
    )


async def test_what_is_not_drawn_in_time_goes_out_in_words() -> None:
    studio = Studio(StudioLimits(), FAKE)
    await studio.start()
    hurried = Drawing(studio, SHANGHAI, patience_s=0.01)
    assert await hurried.of_letter(card("hang").model_dump(mode="json")) is None
    await hurried.close()
    await studio.close()


async def test_sealed_pictures_are_on_no_disk_afterwards(
    drawing: Drawing, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    page = Page("前后文", card=card("前后文"), pictures=(b"sunset",))
    assert await drawing.of_page(page) == "前后文".encode()
    assert is_empty(tmp_path)
