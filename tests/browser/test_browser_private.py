"""The private chats with the bot, beside the group."""

from playwright.async_api import Locator, Page, expect

from simulator import Simulator
from tests.browser.screens import PHONE, OpenPage
from tests.browser.small_bot import SmallBot

ATANG, LAOZHOU, XIAOMAN = 2840011001, 2840011002, 2840011003


def chip(page: Page, user_id: int) -> Locator:
    """Somebody's button above the private chat."""
    return page.locator(f'.inbox-chip[data-peer="{user_id}"]')


async def test_one_sees_at_once_whom_the_bot_wrote_to(page: Page, bot: SmallBot) -> None:
    await expect(chip(page, ATANG).locator(".count")).to_have_count(0)
    await bot.whisper(ATANG, "案件 1：有一位成员可能正处在危险里")
    await expect(chip(page, ATANG).locator(".count")).to_have_text("1")
    await expect(chip(page, LAOZHOU).locator(".count")).to_have_count(0)
    await expect(page.locator("#announcer")).to_have_text(
        "留灯私聊了阿棠｜值夜：案件 1：有一位成员可能正处在危险里"
    )
    await expect(page).to_have_title("(1) 留灯 · 模拟群")
    await expect(page.locator("#private-log .empty")).to_contain_text("阿棠｜值夜")
    await expect(page.locator("#group-log .row")).to_have_count(0)


async def test_a_click_shows_the_chat_and_its_owner_can_answer(page: Page, bot: SmallBot) -> None:
    visitor = await page.locator("#me-name").inner_text()
    await bot.whisper(ATANG, "回「接手 1」")
    await chip(page, ATANG).click()
    log = page.locator("#private-log")
    await expect(log.locator(".from-bot .text")).to_have_text("回「接手 1」")
    await expect(log.locator(".from-bot .badge")).to_have_text("机器人")
    await expect(chip(page, ATANG).locator(".count")).to_have_count(0)
    await page.locator("#private-input").fill("接手 1")
    await page.keyboard.press("Enter")
    await expect(log.locator(".own .text")).to_have_text("接手 1")
    heard = await bot.heard_text("接手 1")
    assert (heard["message_type"], heard["user_id"]) == ("private", ATANG)
    await expect(page.locator("#me-name")).to_have_text(visitor)
    await page.get_by_role("button", name="在群里也当 TA").click()
    await expect(page.locator("#me-name")).to_have_text("阿棠｜值夜")


async def test_what_was_read_stays_read_and_the_rest_stays_unread(
    page: Page, bot: SmallBot
) -> None:
    await bot.whisper(ATANG, "第一条")
    await bot.whisper(LAOZHOU, "第二条")
    await chip(page, ATANG).click()
    await expect(page.locator("#private-log .from-bot")).to_have_count(1)
    await page.reload()
    await page.wait_for_selector("body[data-ready]")
    await expect(chip(page, LAOZHOU).locator(".count")).to_have_text("1")
    await expect(chip(page, ATANG).locator(".count")).to_have_count(0)


async def test_somebody_who_is_no_friend_can_become_one(
    page: Page, sim: Simulator, bot: SmallBot
) -> None:
    await page.locator("#me").click()
    await page.locator("#people-query").fill("小满")
    await page.keyboard.press("Enter")
    note = page.locator("#peer-note")
    await expect(note).to_contain_text("「小满」还没加留灯为好友")
    await note.get_by_role("button", name="加为好友").click()
    await expect(note).not_to_be_visible()
    assert sim.world.person(XIAOMAN).friend
    await bot.whisper(XIAOMAN, "你好")
    await expect(page.locator("#private-log .from-bot .text")).to_have_text("你好")


async def test_the_suggestion_names_the_case_the_bot_wrote_about(page: Page, bot: SmallBot) -> None:
    await bot.whisper(LAOZHOU, "案件 7。回「接手 7」")
    await expect(chip(page, LAOZHOU).locator(".count")).to_have_text("1")
    await page.get_by_role("button", name="接手 1（管理员，私聊）").click()
    await expect(chip(page, LAOZHOU)).to_have_attribute("aria-pressed", "true")
    await expect(page.locator("#private-input")).to_have_value("接手 7")
    await expect(page.locator("#private-input")).to_be_focused()


async def test_a_phone_shows_one_chat_at_a_time_under_tabs(
    sim: Simulator, open_page: OpenPage, bot: SmallBot
) -> None:
    page = await open_page(sim, **PHONE)
    group, private = page.locator("#pane-group"), page.locator("#pane-private")
    await expect(page.get_by_role("tab", name="群聊")).to_have_attribute("aria-selected", "true")
    await expect(group).to_be_visible()
    await expect(private).not_to_be_visible()
    await bot.whisper(ATANG, "请看一眼")
    await expect(page.locator("#tab-private-count")).to_have_text("1")
    await page.get_by_role("tab", name="和留灯的私聊").tap()
    await expect(private).to_be_visible()
    await expect(group).not_to_be_visible()
    await chip(page, ATANG).tap()
    await expect(private.locator(".from-bot .text")).to_have_text("请看一眼")
    await expect(page.locator("#tab-private-count")).not_to_be_visible()
    await sim.say("hezi", "群里有人说话")
    await expect(page.locator("#tab-group-count")).to_have_text("1")
    wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, "the page must not scroll sideways on a phone"
