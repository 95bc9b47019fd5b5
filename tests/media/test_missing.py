"""缺图: one polite message about what is gone, for those who may know."""

from zoneinfo import ZoneInfo

import pytest

from liudeng.archive import parse_recall
from liudeng.media import MissingPictures
from tests.fakes.archive import kept
from tests.fakes.payloads import GROUP, NOW_MS, OTHER_GROUP, group_recall
from tests.media.conftest import Room, image
from tests.media.pictures import png
from tests.media.server import FileServer


@pytest.fixture
def missing(room: Room, zone: ZoneInfo) -> MissingPictures:
    return MissingPictures(room.database, zone)


async def lose(room: Room, server: FileServer, pictures: int = 1, **fields: object) -> None:
    """Somebody posts pictures whose links are dead, and nobody has others."""
    gone = [image(server.url("/gone"), file=f"{number}.jpg") for number in range(pictures)]
    await room.receive(*gone, **fields)
    await room.settled()


def by(card: str) -> dict[str, object]:
    return {"user_id": 1, "nickname": "n", "card": card, "role": "member"}


async def test_what_is_gone_is_listed_with_a_request(
    room: Room, server: FileServer, missing: MissingPictures
) -> None:
    await lose(room, server, sender=by("小满"))
    await lose(room, server, 2, sender=by("@全体成员"))
    first, second = [message.seq for message in await kept(room.database)]
    assert await missing.answer([GROUP]) == (
        "有 3 张图没能留下（多半是链接先过期了）：\n"
        f"#{second} 09-21 22:13 全体成员，2 张\n"
        f"#{first} 09-21 22:13 小满\n"
        "如果上面有你发的、原图还在手机里，方便时请再发一次，我会马上收好。谢谢你。"
    )


async def test_other_groups_are_nobodys_business(
    room: Room, server: FileServer, missing: MissingPictures
) -> None:
    await lose(room, server)
    assert "没有缺的图" in await missing.answer([OTHER_GROUP])
    assert "共同的群" in await missing.answer([])


async def test_what_is_kept_stickers_and_hostile_files_are_not_listed(
    room: Room, server: FileServer, missing: MissingPictures
) -> None:
    await room.receive(
        image(server.serve("/a", png())),
        image(server.url("/gone"), sub_type=1),
        image(server.serve("/b", b"<html>")),
    )
    await room.settled()
    assert "没有缺的图" in await missing.answer([GROUP])


async def test_a_damaged_copy_is_asked_for_again(
    room: Room, server: FileServer, missing: MissingPictures
) -> None:
    await room.fetch(server.serve("/a", png()[:-2_000]))
    assert "有 1 张图" in await missing.answer([GROUP])


async def test_what_was_recalled_is_not_asked_for(
    room: Room, server: FileServer, missing: MissingPictures
) -> None:
    await lose(room, server)
    [message] = await kept(room.database)
    await room.put(parse_recall(group_recall(message.message_id), NOW_MS))
    assert "没有缺的图" in await missing.answer([GROUP])


async def test_what_was_posted_again_is_missing_no_more(
    room: Room, server: FileServer, missing: MissingPictures
) -> None:
    await lose(room, server, 2)
    await room.fetch(server.serve("/a", png()), file="1.jpg")
    assert "有 1 张图" in await missing.answer([GROUP])


async def test_a_long_list_is_cut(room: Room, server: FileServer, missing: MissingPictures) -> None:
    for _ in range(12):
        await lose(room, server)
    answer = await missing.answer([GROUP])
    assert answer.startswith("有 12 张图")
    assert answer.count("#") == 10
    assert "还有更早的 2 条" in answer
