"""Sealed contexts: encrypted, complete, gone in time."""

import asyncio
import hashlib
import stat
from pathlib import Path

import pytest
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import insert, select

from liudeng.archive import StoredMessage
from liudeng.db import Database
from liudeng.desk import Desk, Seal, SealKeyProblem, rotation
from liudeng.desk.rotation import rotate_key_file
from liudeng.desk.seal import PICTURES
from liudeng.desk.tables import desk_drafts, sealed_contexts, sealed_pictures
from liudeng.media import MediaStore
from liudeng.media.tables import attachments
from liudeng.roster import Roster
from tests.desk.conftest import Clock, Room
from tests.fakes.archive import recall_of, store
from tests.fakes.payloads import MEMBER, NOW_S, OTHER_GROUP, OWNER, said


async def bodies(database: Database) -> list[bytes]:
    async with database.read() as connection:
        return list(await connection.scalars(select(sealed_contexts.c.body)))


async def test_ten_before_and_ten_after_are_kept_and_nobody_reads_them_in_the_file(
    room: Room, desk: Desk, database: Database, clock: Clock
) -> None:
    for number in range(12):
        await room.say(said(f"前面{number}。", time=NOW_S - 60 + number))
    await room.say(said("别的群", group_id=OTHER_GROUP, time=NOW_S - 1))
    await room.signal(time=NOW_S)
    for number in range(12):
        await room.say(said(f"后面{number}。", time=NOW_S + 1 + number))
    before = (await desk.viewing.context(1, OWNER)).words
    assert "后面" not in before
    await room.pass_time(clock, minutes=31)
    shown = (await desk.viewing.context(1, OWNER)).words
    assert [f"前面{number}。" in shown for number in range(12)] == [False] * 2 + [True] * 10
    assert [f"后面{number}。" in shown for number in range(12)] == [True] * 10 + [False] * 2
    assert "▶" in next(line for line in shown.splitlines() if "我今晚就走" in line)
    assert "别的群" not in shown
    (body,) = await bodies(database)
    assert "前面".encode() not in body


async def test_what_is_recalled_later_stays_with_the_case(
    room: Room, desk: Desk, clock: Clock
) -> None:
    spoken = said("后来撤回的", time=NOW_S - 5)
    await room.say(spoken)
    await room.signal(time=NOW_S)
    await store(room.writer, recall_of(spoken))
    await room.pass_time(clock, minutes=31)
    assert "后来撤回的" in (await desk.viewing.context(1, OWNER)).words


class Album:
    """Kept pictures of messages, as the media room leaves them."""

    def __init__(self, database: Database, store: MediaStore) -> None:
        self._database = database
        self._store = store

    async def attach(self, message: StoredMessage, *pictures: bytes) -> None:
        for position, picture in enumerate(pictures):
            sha256 = hashlib.sha256(picture).hexdigest()
            folder = self._store.root / sha256[:2] / sha256[2:4]
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{sha256}.thumb.webp").write_bytes(picture)
            values = {
                "message_row": message.id,
                "forwarded_id": 0,
                "position": position,
                "kind": "image",
                "state": "stored",
                "sha256": sha256,
            }
            blank = {"url": "", "file": "", "reason": "", "declared_size": 0, "sub_type": 0}
            async with self._database.write() as connection:
                await connection.execute(
                    insert(attachments).values(attempts=0, due_ms=0, **blank, **values)
                )


@pytest.fixture
def seal(tmp_path: Path, clock: Clock) -> Seal:
    return Seal("", tmp_path / "case.key", clock, MediaStore(tmp_path / "media"))


@pytest.fixture
def album(tmp_path: Path, database: Database) -> Album:
    return Album(database, MediaStore(tmp_path / "media"))


async def test_pictures_are_sealed_with_the_context_and_go_with_it(
    room: Room, opened: Desk, album: Album, clock: Clock, tmp_path: Path
) -> None:
    database = room.database
    before = await room.say(said("看看这张", time=NOW_S - 5))
    await album.attach(before, b"sunset", b"note")
    taken_back = said("这张不算", time=NOW_S - 4)
    await album.attach(await room.say(taken_back), b"recalled")
    await store(room.writer, recall_of(taken_back))
    await room.signal(time=NOW_S, level=2)
    after = await room.say(said("还有这张", time=NOW_S + 9))
    await album.attach(after, *(f"picture {number}".encode() for number in range(9)))
    await room.pass_time(clock, minutes=31)

    page = await opened.viewing.context(1, OWNER)
    assert page.pictures[:2] == (b"sunset", b"note")
    assert len(page.pictures) == PICTURES, "the nearest, not all"
    assert b"recalled" not in page.pictures
    assert "还封存了 6 张图片" in page.words
    async with database.read() as connection:
        sealed = list(await connection.scalars(select(sealed_pictures.c.body)))
    assert not any(b"sunset" in body for body in sealed)
    assert (await rotate_key_file(database, tmp_path / "case.key")).unopened == 0
    assert (await opened.viewing.context(1, OWNER)).pictures == page.pictures

    await opened.handling.resolve(1, OWNER, "好了")
    await room.pass_time(clock, days=31)
    async with database.read() as connection:
        assert list(await connection.scalars(select(sealed_pictures.c.id))) == []


async def test_it_is_gone_a_month_after_the_end(
    room: Room, opened: Desk, database: Database, clock: Clock
) -> None:
    await room.signal(level=2)
    await room.pass_time(clock, days=40)
    assert len(await bodies(database)) == 1, "an open case keeps it"
    await opened.handling.resolve(1, OWNER, "好了")
    await room.pass_time(clock, days=29)
    assert len(await bodies(database)) == 1
    await room.pass_time(clock, days=2)
    assert await bodies(database) == []
    assert "到期清掉了" in (await opened.viewing.context(1, OWNER)).words


async def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "case.key"
    Seal("", path).unlock()
    key = path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    Seal("", path).unlock()
    assert path.read_text() == key


@pytest.mark.parametrize("key", ["short", "x" * 44, "密钥"])
async def test_a_key_that_is_none_is_said_so(key: str, tmp_path: Path) -> None:
    with pytest.raises(SealKeyProblem, match="CASE_KEY"):
        Seal(key, tmp_path / "case.key").unlock()
    (tmp_path / "case.key").write_text("")
    with pytest.raises(SealKeyProblem, match=r"case\.key"):
        Seal("", tmp_path / "case.key").unlock()


async def test_a_new_key_opens_what_the_old_one_sealed_and_a_foreign_one_does_not(
    room: Room, desk: Desk, database: Database, tmp_path: Path
) -> None:
    await room.signal()
    old = (tmp_path / "case.key").read_text().strip()
    new = Fernet.generate_key().decode()
    async with database.read() as connection:
        both = await Seal(f"{new},{old}", tmp_path / "unused").open(connection, 1)
        foreign = await Seal(new, tmp_path / "unused").open(connection, 1)
    assert both[0].lines[-1].text == "我今晚就走"
    assert foreign == []


async def test_after_a_rotation_the_old_key_opens_nothing(
    room: Room, opened: Desk, database: Database, seal: Seal, tmp_path: Path
) -> None:
    await room.signal()
    await room.deliver()
    key_file = tmp_path / "case.key"
    old = await asyncio.to_thread(key_file.read_text)
    rotated = await rotate_key_file(database, key_file)
    assert (rotated.contexts, rotated.unopened) == (1, 0)
    [body] = await bodies(database)
    with pytest.raises(InvalidToken):
        Fernet(old.strip()).decrypt(body)
    # The desk goes on with the same seal: it reads the file again.
    assert "我今晚就走" in (await opened.viewing.context(1, OWNER)).words
    mode = await asyncio.to_thread(key_file.stat)
    assert stat.S_IMODE(mode.st_mode) == 0o600


async def test_a_rotation_that_dies_leaves_a_key_for_everything(
    room: Room, opened: Desk, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def dies(*_: object) -> None:
        raise RuntimeError

    await room.signal()
    with monkeypatch.context() as patch:
        patch.setattr(rotation, "seal_anew", dies)
        with pytest.raises(RuntimeError):
            await rotate_key_file(database, tmp_path / "case.key")
    assert "我今晚就走" in (await opened.viewing.context(1, OWNER)).words
    assert (await rotate_key_file(database, tmp_path / "case.key")).unopened == 0
    assert "我今晚就走" in (await opened.viewing.context(1, OWNER)).words


async def test_drafts_are_not_readable_in_the_file(
    room: Room, desk: Desk, database: Database, roster: Roster
) -> None:
    roster.set_friends([OWNER, MEMBER])
    await room.signal()
    assert "满月" in await desk.resources.draft(1, OWNER)
    async with database.read() as connection:
        [kept] = list(await connection.scalars(select(desk_drafts.c.text)))
    assert "满月" not in kept
    assert "发出去了" in await desk.resources.confirm(OWNER)
    assert any("团队" in one.text and "满月" in one.text for one in await room.deliver())
