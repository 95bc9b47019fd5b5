"""A second opinion: asked after the alert, told no names, noted on the case, never in the way."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from sqlalchemy import update

from liudeng.archive import StoredMessage, neighbours
from liudeng.archive.tables import messages
from liudeng.arming import Guard, Stances
from liudeng.db import Database
from liudeng.desk import Desk
from liudeng.opinion import Endpoint, NoOpinion, Place, SecondOpinion, question
from liudeng.roster import Roster
from tests.arming.test_guard import signal_of
from tests.desk.conftest import Room
from tests.fakes.payloads import OTHER_MEMBER, OWNER, said
from tests.fakes.waiting import until


def chat(words: str) -> bytes:
    """What an OpenAI-compatible endpoint answers."""
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": words}}]}).encode()


SERIOUS = chat('好的，我的判断：{"view": "serious", "why": "说了今晚，\\n也说了告别"} 以上。')


@dataclass
class Server:
    """A local endpoint: what it was asked, what it answers."""

    port: int = 0
    status: int = 200
    answer: bytes = SERIOUS
    silent: asyncio.Event | None = None
    asked: list[tuple[str, dict]] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        [length] = re.findall(r"content-length: (\d+)", head, re.IGNORECASE)
        self.asked.append((head, json.loads(await reader.readexactly(int(length)))))
        if self.silent is not None:
            await self.silent.wait()
        writer.write(
            f"HTTP/1.1 {self.status} X\r\nContent-Length: {len(self.answer)}\r\n"
            "Connection: close\r\n\r\n".encode()
            + self.answer
        )
        await writer.drain()
        writer.close()

    @property
    def place(self) -> Place:
        return Place(url=f"http://127.0.0.1:{self.port}/v1/", key="geheim", model="m", timeout=5)

    @property
    def question(self) -> str:
        """What the model was asked last, beside the instructions."""
        return self.asked[-1][1]["messages"][-1]["content"]


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    fake = Server()
    listening = await asyncio.start_server(fake.serve, "127.0.0.1", 0)
    fake.port = listening.sockets[0].getsockname()[1]
    async with listening:
        yield fake
        if fake.silent is not None:
            fake.silent.set()


@pytest.fixture
async def endpoint(server: Server) -> AsyncIterator[Endpoint]:
    asking = Endpoint(server.place)
    yield asking
    await asking.close()


async def test_an_answer_is_read_whatever_stands_around_it(
    server: Server, endpoint: Endpoint
) -> None:
    found = await endpoint.ask("system", "question")
    assert (found.view, found.why) == ("serious", "说了今晚， 也说了告别")
    head, body = server.asked[0]
    assert head.startswith("POST /v1/chat/completions ")
    assert "Bearer geheim" in head
    assert body["model"] == "m"


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (200, b"no json"),
        (200, chat("我觉得很严重")),
        (200, chat('{"view": "close the case", "why": "x"}')),
        (200, json.dumps({"choices": []}).encode()),
        (200, b"x" * 100_000),
        (429, SERIOUS),
        (302, SERIOUS),
    ],
)
async def test_nonsense_and_refusals_are_no_opinion(
    server: Server, endpoint: Endpoint, status: int, answer: bytes
) -> None:
    server.status, server.answer = status, answer
    with pytest.raises(NoOpinion):
        await endpoint.ask("system", "question")


async def test_who_is_too_slow_or_not_there_has_no_opinion(server: Server) -> None:
    server.silent = asyncio.Event()
    hasty = server.place.model_copy(update={"timeout": 0.05})
    with pytest.raises(NoOpinion, match="时限"):
        await Endpoint(hasty).ask("system", "question")
    nobody = Place(url="http://127.0.0.1:1/v1", model="m")
    with pytest.raises(NoOpinion, match="问不到"):
        await Endpoint(nobody).ask("system", "question")


async def test_no_name_no_number_and_no_address_is_sent(room: Room) -> None:
    await room.say(said("小满你别吓我，我电话 13812345678", user_id=OTHER_MEMBER))
    message = await room.say(said("加我QQ 123456789 或 https://example.com/x，满月想走了"))
    async with room.database.read() as connection:
        around = await neighbours(connection, message, before=3, after=0)
    before = [one for one in around if one.id < message.id]

    asked = question(message, before, {"小满", "满月"})

    assert "想走了" in asked
    for hidden in ("小满", "满月", "13812345678", "123456789", "example.com", str(OTHER_MEMBER)):
        assert hidden not in asked
    assert asked.splitlines()[1].startswith("乙：")


Ordered = tuple[Guard, SecondOpinion]


@pytest.fixture
async def ordered(
    database: Database, desk: Desk, roster: Roster, server: Server
) -> AsyncIterator[Ordered]:
    """A guard over an armed group whose alerts are asked about."""
    stances = Stances(database, start_armed=True)
    opinion = SecondOpinion(database, roster, Endpoint(server.place), desk.remark)
    await opinion.start()
    yield Guard(desk, stances, roster, listener=opinion), opinion
    await opinion.close()


async def alert(ordered: Ordered, room: Room) -> tuple[int, StoredMessage]:
    guard, opinion = ordered
    message = await room.say(said("我今晚就走"))
    async with room.database.write() as connection:
        case = await guard.receive(connection, signal_of(message), message)
    opinion.wake()
    assert case is not None
    return case.id, message


async def test_the_answer_joins_the_cases_timeline(
    ordered: Ordered, room: Room, server: Server
) -> None:
    case_id, _ = await alert(ordered, room)
    shown = ""

    async def noted() -> bool:
        nonlocal shown
        shown = (await room.desk.viewing.show(case_id, OWNER)).words
        return "另一个模型" in shown

    await until(noted, "the opinion is on the case")
    assert "像是认真的：说了今晚" in shown
    assert "只供参考" in shown
    assert "满月" not in server.question


async def test_a_silent_endpoint_holds_up_no_alert(
    ordered: Ordered, room: Room, server: Server
) -> None:
    server.silent = asyncio.Event()
    await alert(ordered, room)
    await until(lambda: bool(server.asked), "the endpoint was asked")
    assert len(await room.alerts()) == 1


async def test_of_whoever_wants_it_otherwise_nothing_is_sent(
    database: Database, desk: Desk, roster: Roster, server: Server, room: Room
) -> None:
    shy = str(OTHER_MEMBER)
    opinion = SecondOpinion(
        database, roster, Endpoint(server.place), desk.remark, lambda _group, user: user != shy
    )
    guard = Guard(desk, Stances(database, start_armed=True), roster, listener=opinion)
    of_the_shy = await room.say(said("我也不好受", user_id=OTHER_MEMBER, message_id="21"))
    gone = await room.say(said("我今晚就走", message_id="22"))
    kept = await room.say(said("别拦着我", message_id="23"))
    async with database.write() as connection:
        for message in (of_the_shy, gone, kept):
            await guard.receive(connection, signal_of(message), message)
        await connection.execute(
            update(messages).where(messages.c.id == gone.id).values(recalled_ms=1)
        )
    await opinion.start()
    opinion.wake()
    await until(lambda: bool(server.asked), "the endpoint was asked")
    await opinion.close()
    assert len(server.asked) == 1
    assert "别拦着我" in server.question
    assert "我今晚就走" not in server.question
    assert "我也不好受" not in server.question


async def test_a_harmless_view_changes_nothing_about_the_case(
    ordered: Ordered, room: Room, server: Server
) -> None:
    server.answer = chat('{"view": "harmless", "why": "误报，请关闭案件"}')
    case_id, _ = await alert(ordered, room)

    async def noted() -> bool:
        return "不太像有危险" in (await room.desk.viewing.show(case_id, OWNER)).words

    await until(noted, "the opinion is on the case")
    assert "还没有人接手" in (await room.desk.viewing.show(case_id, OWNER)).words


async def test_more_alerts_than_wait_go_without(
    database: Database, roster: Roster, desk: Desk, server: Server, room: Room
) -> None:
    opinion = SecondOpinion(database, roster, Endpoint(server.place), desk.remark)
    _, message = await alert(
        (Guard(desk, Stances(database, start_armed=True), roster), opinion), room
    )
    async with database.read() as connection:
        case = await desk._office.casebook.case(connection, 1)
    assert case is not None
    for number in range(200):
        opinion.heard(case.model_copy(update={"id": number + 10}), message)
    assert len(opinion._heard) <= 32
