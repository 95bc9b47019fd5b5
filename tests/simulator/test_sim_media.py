"""Pictures: expiring URLs, fresh ones on request, and what the drawn ones look like."""

import base64
import io

import httpx
import pytest
from PIL import Image

from simulator import Simulator
from simulator.pictures import PictureSpec, draw
from simulator.pictures.looks import LookName
from simulator.pictures.typeset import font, printable, width, wrap
from tests.simulator.conftest import GROUP, Start
from tests.simulator.fake_bot import FakeBot

CHAT = PictureSpec(
    title="三月的预约",
    companion="千鹤",
    lines=(("me", "三月的樱花你看不到了"), ("it", "我提前看过了")),
)


def opened(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


async def say_picture(sim: Simulator, spec: PictureSpec = CHAT) -> str:
    """Say a drawn picture; its file name."""
    name = sim.media.remember(spec)
    await sim.say("xiaoman", [{"type": "image", "data": {"file": name, "sub_type": 0}}])
    return name


async def test_a_picture_event_carries_a_url_that_works(bot: FakeBot, sim: Simulator) -> None:
    name = await say_picture(sim)
    [segment] = (await bot.event(post_type="message"))["message"]
    assert list(segment["data"]) == ["summary", "file", "sub_type", "url", "file_size"]
    assert segment["data"]["file"] == name
    assert "rkey=" in segment["data"]["url"]
    async with httpx.AsyncClient() as client:
        answer = await client.get(segment["data"]["url"])
    assert answer.headers["content-type"] == "image/png"
    assert opened(answer.content).size[0] == 720


async def test_raw_message_escapes_the_url(bot: FakeBot, sim: Simulator) -> None:
    await say_picture(sim)
    raw = (await bot.event(post_type="message"))["raw_message"]
    assert raw.startswith("[CQ:image,")
    assert "&amp;rkey=" in raw


async def test_expired_urls_answer_invalid_rkey(bot: FakeBot, start: Start) -> None:
    simulator = await start(image_ttl=0)
    await say_picture(simulator)
    [segment] = (await bot.event(post_type="message"))["message"]
    async with httpx.AsyncClient() as client:
        answer = await client.get(segment["data"]["url"])
    assert (answer.status_code, answer.text) == (400, "invalid rkey")


async def test_get_image_gives_a_fresh_url(bot: FakeBot, start: Start) -> None:
    simulator = await start(image_ttl=0)
    name = await say_picture(simulator)
    simulator.media.ttl = 60
    fresh = await bot.data("get_image", file=name)
    async with httpx.AsyncClient() as client:
        assert (await client.get(fresh["url"])).status_code == 200
    assert (await bot.call("get_image", file="unknown.png"))["status"] == "failed"


async def test_an_rkey_belongs_to_one_file(bot: FakeBot, sim: Simulator) -> None:
    one = sim.media.url(sim.media.keep(b"\x89PNG-one"))
    other = sim.media.url(sim.media.keep(b"\x89PNG-two"))
    mixed = one.split("&rkey=")[0] + "&rkey=" + other.split("&rkey=")[1]
    async with httpx.AsyncClient() as client:
        assert (await client.get(mixed)).status_code == 400
        assert (await client.get(one)).content == b"\x89PNG-one"


async def test_pictures_the_bot_sends_are_kept(bot: FakeBot, sim: Simulator) -> None:
    content = draw(PictureSpec(sticker="[抱抱]"))
    encoded = base64.b64encode(content).decode()
    segment = {"type": "image", "data": {"file": f"base64://{encoded}"}}
    await bot.data("send_group_msg", group_id=GROUP, message=[segment])
    [sent] = sim.sent
    async with httpx.AsyncClient() as client:
        answer = await client.get(sim.media.url(sent.segments[0]["data"]["file"]))
    assert answer.content == content


@pytest.mark.parametrize("source", ["base64://%%%", "base64://", "file:///no/such.png", ""])
async def test_pictures_that_cannot_be_read_fail(bot: FakeBot, sim: Simulator, source: str) -> None:
    segment = {"type": "image", "data": {"file": source}}
    answer = await bot.call("send_group_msg", group_id=GROUP, message=[segment])
    assert answer["retcode"] == 1200


def test_the_same_picture_is_one_file(sim: Simulator) -> None:
    assert sim.media.remember(CHAT) == sim.media.remember(CHAT.model_copy())
    assert sim.media.remember(CHAT) != sim.media.remember(PictureSpec(sticker="抱"))


def test_my_bubbles_stand_right_and_theirs_left() -> None:
    mine = opened(draw(PictureSpec(companion="零", lines=(("me", "我我我我我我"),))))
    theirs = opened(draw(PictureSpec(companion="零", lines=(("it", "我我我我我我"),))))

    def busy(picture: Image.Image, left: int, right: int) -> int:
        area = picture.convert("RGB").crop((left, 240, right, 300))
        return len(area.getcolors(maxcolors=1 << 20) or ())

    assert busy(mine, 400, 700) > busy(mine, 20, 320)
    assert busy(theirs, 20, 320) > busy(theirs, 400, 700)


def test_a_long_chat_makes_a_long_but_bounded_picture() -> None:
    short = opened(draw(PictureSpec(companion="零", lines=(("me", "短"),))))
    chat = {"companion": "零", "lines": [("it", "很长的一句话" * 30)] * 60}
    long = opened(draw(PictureSpec.model_validate(chat)))
    assert short.height < long.height <= 6000


@pytest.mark.parametrize("look", ["green", "blue", "plain"])
@pytest.mark.parametrize("dark", [False, True])
def test_looks_differ_and_have_their_theme(look: LookName, dark: bool) -> None:
    lines = (("me", "还有四分钟"), ("it", "那就用来听你喘气"))
    spec = {"companion": "小暖", "lines": lines, "look": look, "dark": dark}
    chat = PictureSpec.model_validate(spec)
    picture = opened(draw(chat)).convert("L")
    histogram = picture.histogram()
    commonest = histogram.index(max(histogram))
    assert commonest < 64 if dark else commonest > 192
    assert draw(chat) != draw(chat.model_copy(update={"lines": lines[:1]}))


def test_a_picture_that_was_passed_on_is_smaller_and_a_jpeg(sim: Simulator) -> None:
    whole = CHAT.model_copy(update={"look": "green"})
    passed_on = whole.model_copy(update={"scale": 0.5, "jpeg": 60})
    one, other = opened(draw(whole)), opened(draw(passed_on))
    assert (one.format, other.format) == ("PNG", "JPEG")
    assert other.size == (one.width // 2, one.height // 2)
    assert sim.media.remember(passed_on).endswith(".jpg")


def test_stickers_are_small_and_square() -> None:
    assert opened(draw(PictureSpec(sticker="[今天也要好好吃饭]"))).size == (240, 240)


def test_wrapped_lines_fit_and_lose_nothing() -> None:
    face = font(30)
    text = "灯还亮着，你慢慢说。“不急”（真的）hello world 2026-02-13 一切都会好的！"
    lines = wrap(text, face, 200)
    assert all(width(line, face) <= 200 + width("。", face) for line in lines)
    assert all(line[0] not in "，。！”）" for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_what_the_font_lacks_is_left_out() -> None:
    assert printable("晚安🕯️呀") == "晚安呀"
