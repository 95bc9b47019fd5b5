"""What a visitor does in the group."""

import base64

from playwright.async_api import Page, expect

from simulator import Simulator
from tests.browser.small_bot import SmallBot

ATANG, XIAOMAN, HEZI = 2840011001, 2840011003, 2840011004

# A red 2x2 picture.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGP4z8DA8B+MGQAS8AP9Hf/3mQAAAABJRU5ErkJggg=="
)

PASTE = """async (element, encoded) => {
    const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([bytes], "shot.png", { type: "image/png" }));
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
}"""


async def become(page: Page, name: str) -> None:
    """Choose somebody through the picker, by keyboard."""
    await page.locator("#me").click()
    await page.get_by_role("combobox", name="按名字或 QQ 号查找").fill(name)
    await page.keyboard.press("Enter")
    await expect(page.locator("#people")).not_to_be_visible()


async def say(page: Page, text: str) -> None:
    """Type into the group's input and send."""
    await page.locator("#group-input").fill(text)
    await page.keyboard.press("Enter")


async def test_a_newcomer_is_an_ordinary_member_without_lines(page: Page, sim: Simulator) -> None:
    await expect(page.locator("#me-name")).not_to_have_text("…")
    await expect(page.locator("#me-role")).not_to_be_visible()
    name = await page.locator("#me-name").inner_text()
    named = {person.nickname for person in sim.world.named_people()}
    assert name not in named


async def test_somebody_is_found_by_name_and_chosen(page: Page) -> None:
    await become(page, "阿棠")
    await expect(page.locator("#me-name")).to_have_text("阿棠｜值夜")
    await expect(page.locator("#me-role")).to_have_text("群主")
    await page.reload()
    await expect(page.locator("#me-name")).to_have_text("阿棠｜值夜")


async def test_enter_sends_and_shift_enter_breaks_the_line(page: Page, bot: SmallBot) -> None:
    await become(page, "小满")
    await page.locator("#group-input").fill("第一行")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("第二行")
    await page.keyboard.press("Enter")
    own = page.locator("#group-log .own .text")
    await expect(own).to_have_text("第一行\n第二行")
    await expect(page.locator("#group-input")).to_have_value("")
    assert (await bot.heard_text("第一行\n第二行"))["user_id"] == XIAOMAN


async def test_enter_inside_an_input_method_sends_nothing(page: Page, sim: Simulator) -> None:
    await page.locator("#group-input").fill("wan an")
    await page.locator("#group-input").dispatch_event("keydown", {"key": "Enter", "keyCode": 229})
    await page.locator("#group-input").dispatch_event(
        "keydown", {"key": "Enter", "isComposing": True}
    )
    await expect(page.locator("#group-input")).to_have_value("wan an")
    assert sim.world.messages == []


async def test_a_double_click_answers_a_message(page: Page, sim: Simulator, bot: SmallBot) -> None:
    asked = await sim.say("hezi", "有人醒着吗")
    await page.locator("#group-log .text", has_text="有人醒着吗").dblclick()
    await expect(page.locator("#group-composer .answering")).to_contain_text(
        "回复 盒子：有人醒着吗"
    )
    await say(page, "我在")
    await expect(page.locator("#group-log .own .quote")).to_have_text("盒子有人醒着吗")
    heard = await bot.heard_text("我在")
    assert heard["message"][0] == {"type": "reply", "data": {"id": str(asked.message_id)}}


async def test_a_pasted_picture_is_shown_and_reaches_the_bot(page: Page, bot: SmallBot) -> None:
    await page.locator("#group-input").evaluate(PASTE, base64.b64encode(PNG).decode())
    await expect(page.locator("#group-composer .attachment img")).to_be_visible()
    await say(page, "最后一张")
    picture = page.locator("#group-log .own .picture img")
    await expect(picture).to_have_js_property("naturalWidth", 2)
    heard = await bot.heard(lambda event: "最后一张" in event.get("raw_message", ""))
    assert [segment["type"] for segment in heard["message"]] == ["text", "image"]
    await picture.click()
    await expect(page.locator("#lightbox img")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("#lightbox")).not_to_be_visible()


async def test_what_is_no_picture_is_refused_with_a_sentence(page: Page) -> None:
    await page.locator("#group-input").evaluate(PASTE, base64.b64encode(b"no picture").decode())
    await say(page, "看图")
    await expect(page.locator(".toast.error")).to_have_text("只收 PNG、JPEG 或 GIF")
    await expect(page.locator("#group-input")).to_have_value("看图")


async def test_people_take_back_their_own_message(page: Page, bot: SmallBot) -> None:
    await become(page, "小满")
    await say(page, "发错了")
    await page.locator("#group-log .own .bubble").click(button="right")
    await page.get_by_role("menuitem", name="撤回").click()
    await expect(page.locator("#group-log .recalled")).to_have_text("小满 撤回了一条消息")
    recall = await bot.heard(lambda event: event.get("notice_type") == "group_recall")
    assert recall["operator_id"] == XIAOMAN


async def test_only_moderators_take_back_what_others_said(
    page: Page, sim: Simulator, bot: SmallBot
) -> None:
    await sim.say("hezi", "低价代恢复")
    await become(page, "小满")
    message = page.locator("#group-log .bubble", has_text="低价代恢复")
    await message.click(button="right")
    await expect(page.get_by_role("menuitem", name="回复")).to_be_visible()
    await expect(page.get_by_role("menuitem", name="撤回")).to_have_count(0)
    await page.keyboard.press("Escape")
    await become(page, "阿棠")
    await message.click(button="right")
    await page.get_by_role("menuitem", name="撤回").click()
    await expect(page.locator("#group-log .recalled")).to_have_text(
        "阿棠｜值夜 撤回了 盒子 的一条消息"
    )
    recall = await bot.heard(lambda event: event.get("notice_type") == "group_recall")
    assert (recall["operator_id"], recall["user_id"]) == (ATANG, HEZI)


async def test_a_double_click_on_an_avatar_pokes(page: Page, sim: Simulator, bot: SmallBot) -> None:
    await sim.say("hezi", "在的")
    await become(page, "小满")
    await page.locator("#group-log .avatar").dblclick()
    await expect(page.locator("#group-log .notice")).to_have_text("小满 拍了拍 盒子")
    poke = await bot.heard(lambda event: event.get("sub_type") == "poke")
    assert (poke["user_id"], poke["target_id"]) == (XIAOMAN, HEZI)


async def test_a_mention_from_the_menu_becomes_a_mention(
    page: Page, sim: Simulator, bot: SmallBot
) -> None:
    await sim.say("hezi", "谁在")
    await page.locator("#group-log .bubble").click(button="right")
    await page.get_by_role("menuitem", name="@盒子").click()
    await page.keyboard.type("早点睡")
    await page.keyboard.press("Enter")
    await expect(page.locator("#group-log .own .at")).to_have_text("@盒子")
    heard = await bot.heard(lambda event: "早点睡" in event.get("raw_message", ""))
    assert heard["message"][0] == {"type": "at", "data": {"qq": str(HEZI)}}


async def test_the_log_and_its_menu_work_by_keyboard(page: Page, sim: Simulator) -> None:
    await sim.say("hezi", "第一句")
    await sim.say("hezi", "第二句")
    await expect(page.locator("#group-log .row")).to_have_count(2)
    await page.locator("#group-log").focus()
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitem", name="回复")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#group-composer .answering")).to_contain_text("第一句")


async def test_markup_in_messages_stays_text(page: Page, sim: Simulator) -> None:
    hostile = '<img src=x onerror="window.stolen=1"><script>window.stolen=1</script>&lt;b&gt;'
    await sim.say("hezi", hostile)
    link = (
        '{"prompt":"点我","meta":{"news":{"title":"<b>点我</b>","jumpUrl":"javascript:stolen=1"}}}'
    )
    await sim.say("hezi", [{"type": "json", "data": {"data": link}}])
    await sim.say("hezi", [{"type": "image", "data": {"file": "x", "url": "javascript:stolen=1"}}])
    await sim.say("hezi", "看 https://example.org/a?b=1&c=2。")
    log = page.locator("#group-log")
    await expect(log.locator(".row")).to_have_count(4)
    await expect(log.locator(".text").first).to_have_text(hostile)
    await expect(log.locator(".card-title")).to_have_text("<b>点我</b>")
    await expect(log.locator(".bubble img, script, .bubble b")).to_have_count(0)
    links = await log.locator("a").evaluate_all("found => found.map(a => [a.href, a.rel])")
    assert links == [["https://example.org/a?b=1&c=2", "noopener noreferrer nofollow"]]
    assert await page.evaluate("window.stolen") is None


async def test_every_kind_of_segment_is_readable(page: Page, sim: Simulator) -> None:
    await sim.say(
        "hezi", [{"type": "face", "data": {"id": "49"}}, {"type": "at", "data": {"qq": "all"}}]
    )
    await sim.say("hezi", [{"type": "record", "data": {"file": "a.amr"}}])
    await sim.say("hezi", [{"type": "something_new", "data": {}}])
    node = sim.forwards.node(
        sim.world.person("xiaoman"), [{"type": "text", "data": {"text": "海是什么颜色"}}], 0
    )
    forward = {"type": "forward", "data": {"id": sim.forwards.add([node])}}
    await sim.say("hezi", [forward])
    log = page.locator("#group-log")
    await expect(log.get_by_role("img", name="拥抱")).to_have_text("🤗")
    await expect(log).to_contain_text("@全体成员")
    await expect(log).to_contain_text("[语音]")
    await expect(log).to_contain_text("[暂不支持的消息]")
    await log.locator(".forward").click()
    await expect(page.locator("#forward-dialog")).to_contain_text("海是什么颜色")


async def test_a_refusal_is_one_sentence_and_keeps_the_draft(page: Page, sim: Simulator) -> None:
    sim.stage.ban_all(next(iter(sim.world.groups)), "atang", enable=True)
    await say(page, "我想说话")
    await expect(page.locator(".toast.error")).to_have_text("全员禁言中")
    await expect(page.locator("#group-input")).to_have_value("我想说话")
