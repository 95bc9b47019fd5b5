"""What an album holds, and what it must not hold."""

from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import insert, update

from liudeng.archive import LogWriter
from liudeng.archive.tables import groups, messages
from liudeng.library import Visibility, withdraw
from liudeng.ocr import Box, Line, Reading, ReadingState
from tests.album.gallery import AUTHOR, GROUP, Gallery, all_text, flat
from tests.fakes.archive import kept, store
from tests.fakes.payloads import said

ADDRESS = Reading(
    lines=(Line(text="写信到 moon@example.com", box=Box(20, 300, 340, 340), confidence=1.0),)
)


def names(folder: Path) -> set[str]:
    """Return everything in a folder."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "album"


async def test_only_public_entries_that_still_stand_are_shown(
    gallery: Gallery, writer: LogWriter, out: Path
) -> None:
    await store(writer, said("公开的那封"), said("后来撤回的那封"))
    rows = [message.id for message in await kept(gallery.database)]
    await gallery.place("公开的", words="留在这里的话", message_row=rows[0])
    await gallery.place("撤回的", words="不在这里的话", message_row=rows[1])
    await gallery.place("本群的", words="只给群里的话", visibility=Visibility.GROUP)
    await gallery.place("私密的", words="只给自己的话", visibility=Visibility.PRIVATE)
    await gallery.place("别的群的", words="别处的话", group_id=GROUP + 1)
    recall = update(messages).where(messages.c.id == rows[1]).values(recalled_ms=1)
    async with gallery.database.write() as connection:
        await connection.execute(recall)
    assert "写好了：1 封" in await gallery.write(out)
    text = all_text(out)
    assert "留在这里的话" in text
    assert [
        word for word in ("撤回的", "本群的", "私密的", "别的群的", "不在这里") if word in text
    ] == []


async def test_after_a_withdrawal_nothing_of_an_entry_is_left(gallery: Gallery, out: Path) -> None:
    await gallery.place("会留下的", words="晚安")
    gone = await gallery.place(
        "会撤下的", words="再见", tags=("月亮",), pictures=(await gallery.keep(flat(), ADDRESS),)
    )
    await gallery.write(out, zipped=True)
    assert {"album.zip", f"album/p/{gone.id}-1.webp"} <= names(out.parent)
    async with gallery.database.write() as connection:
        await withdraw(connection, gone.id, 1)
    await gallery.write(out)
    assert [word for word in ("会撤下的", "再见", "月亮") if word in all_text(out)] == []
    assert [name for name in names(out.parent) if Path(name).name.startswith(f"{gone.id}")] == []
    assert "album.zip" not in names(out.parent), "a ZIP file of the older album is a trace"


async def test_no_number_or_address_is_in_words_titles_names_and_tags(
    gallery: Gallery, writer: LogWriter, out: Path
) -> None:
    await store(writer, said("早", user_id=10_086))  # a short number is told by being a member's
    await gallery.place(
        "打给我13800138000",
        words="我是10086，加V：abc_123x，写信到 a.b@qq.com\n一共1024天",
        companion="小暖2236067977",
        author_name=AUTHOR,
        tags=("QQ12345678", "晚安"),
    )
    await gallery.write(out)
    text = all_text(out)
    secrets = ("13800138000", "10086", "abc_123x", "a.b@qq.com", AUTHOR, "12345678", str(GROUP))
    assert [secret for secret in secrets if secret in text] == []
    assert "一共1024天" in text
    assert "小暖［已隐去］" in text


async def test_pictures_are_covered_and_thumbnails_are_made_of_the_covered_ones(
    gallery: Gallery, out: Path
) -> None:
    entry = await gallery.place("一张图", pictures=(await gallery.keep(flat(), ADDRESS),))
    await gallery.write(out)
    assert f"e/{entry.id}.html" in names(out)
    for name, place in (
        (f"{entry.id}-1.webp", (200, 320)),
        (f"{entry.id}-1.thumb.webp", (200, 248)),
    ):
        with Image.open(out / "p" / name) as picture:
            channel = picture.getchannel("B")
            spot = channel.crop((*place, place[0] + 1, place[1] + 1))
            assert spot.tobytes()[0] < 200, f"{name} is white where the address stood"
            assert "exif" not in picture.info
    assert "moon@example.com" not in all_text(out)
    assert (await gallery.keep(flat(), None)) not in all_text(out), "not even the original's hash"


async def test_pictures_that_were_not_read_stay_out_and_the_operator_is_told(
    gallery: Gallery, out: Path
) -> None:
    unread = await gallery.keep(flat("#111111"))
    failed = await gallery.keep(flat("#222222"), Reading(), ReadingState.FAILED)
    words = await gallery.place("有字也有图", words="晚安", pictures=(unread,))
    await gallery.place("只有图", pictures=(unread, failed))
    told = await gallery.write(out)
    assert "写好了：1 封，0 张图" in told
    assert "2 张图还没认过字" in told
    assert "liudeng ocr --pending" in told
    assert "1 张图认不出" in told
    entries = {name for name in names(out) if name.startswith(("e/", "p/"))}
    assert entries == {f"e/{words.id}.html"}


async def test_the_group_is_named_and_markup_in_what_people_wrote_is_text(
    gallery: Gallery, out: Path
) -> None:
    async with gallery.database.write() as connection:
        await connection.execute(
            insert(groups).values(group_id=GROUP, name="留灯<b>", first_seen_ms=0)
        )
    await gallery.place("<script>1</script>", words="</script><img src=x>")
    await gallery.write(out)
    text = all_text(out)
    assert "<title>留灯&lt;b&gt; · 纪念册</title>" in text
    assert "<script>1" not in text
    assert "<img src=x>" not in text


async def test_a_group_without_public_entries_gets_no_album(gallery: Gallery, out: Path) -> None:
    assert "还没有公开的告别" in await gallery.write(out)
    assert "album" not in names(out.parent)
