"""The live log under load and after interruptions, and the controls in the header."""

import json
from pathlib import Path

import pytest
from playwright.async_api import Page, WebSocketRoute, expect

from simulator import GroupSpec, Simulator
from tests.browser.screens import OpenPage, StartSimulator

GROUP = 714400213
MOST_ROWS = 400
# The most rows seen at the end of any change to the log since this ran.
COUNT_ROWS = """() => {
    const log = document.getElementById("group-log");
    window.mostRows = 0;
    new MutationObserver(() => {
        window.mostRows = Math.max(window.mostRows, log.querySelectorAll(".row").length);
    }).observe(log, { childList: true, subtree: true });
}"""
# Luminance contrast of the text of an element against the nearest opaque background behind it.
CONTRAST = """(element) => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const read = (colour) => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const light = (colour) => colour.slice(0, 3)
        .map((part) => part / 255)
        .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
        .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
    let behind = element;
    const ground = (node) => read(getComputedStyle(node).backgroundColor);
    while (behind !== document.body && ground(behind)[3] < 255) behind = behind.parentElement;
    const pair = [read(getComputedStyle(element).color), ground(behind)]
        .map(light).sort((a, b) => b - a);
    return (pair[0] + 0.05) / (pair[1] + 0.05);
}"""


async def rows(page: Page) -> int:
    """Messages and notices of the group that are in the document."""
    return await page.locator("#group-log .row").count()


async def test_a_flood_keeps_the_document_small_and_loses_nothing(
    page: Page, sim: Simulator
) -> None:
    await page.evaluate(COUNT_ROWS)
    await sim.flood(None, 1500)
    await sim.say("hezi", "刷屏结束")
    await expect(page.locator("#group-log .text").last).to_have_text("刷屏结束")
    assert 0 < await page.evaluate("window.mostRows") <= MOST_ROWS
    first = await page.locator("#group-log .text").first.inner_text()
    await page.locator("#group-log").evaluate("log => { log.scrollTop = 0; }")
    await expect(page.locator("#group-log .text").first).not_to_have_text(first)
    assert await rows(page) <= MOST_ROWS
    await page.locator("#group-pill").click()
    await expect(page.locator("#group-log .text").last).to_be_in_viewport()


async def test_the_whole_history_can_be_scrolled_through(
    sim: Simulator, open_page: OpenPage
) -> None:
    for number in range(250):
        await sim.say("hezi", f"第 {number} 句")
    page = await open_page(sim)
    await expect(page.locator("#group-log .text").last).to_have_text("第 249 句")
    oldest = page.locator("#group-log .text", has_text="第 0 句")
    while await oldest.count() == 0:
        before = await page.locator("#group-log .text").first.inner_text()
        await page.locator("#group-log").evaluate("log => { log.scrollTop = 0; }")
        await expect(page.locator("#group-log .text").first).not_to_have_text(before)
    texts = await page.locator("#group-log .text").all_inner_texts()
    assert texts == [f"第 {number} 句" for number in range(250)]


async def test_whoever_reads_further_up_is_left_in_peace(
    sim: Simulator, open_page: OpenPage
) -> None:
    for number in range(60):
        await sim.say("hezi", f"第 {number} 句")
    page = await open_page(sim)
    log, pill = page.locator("#group-log"), page.locator("#group-pill")
    await expect(pill).not_to_be_visible()
    await log.evaluate("log => { log.scrollTop = 400; }")
    await expect(pill).to_have_text("↓ 回到最新")
    await sim.say("hezi", "新的一句")
    await sim.say("hezi", "又一句")
    await expect(pill).to_have_text("↓ 2 条新消息")
    assert await log.evaluate("log => log.scrollTop") == 400
    await pill.click()
    await expect(page.locator("#group-log .text").last).to_have_text("又一句")
    await expect(pill).not_to_be_visible()


async def test_a_lost_stream_comes_back_with_what_was_missed(
    sim: Simulator, open_page: OpenPage
) -> None:
    page = await open_page(sim)
    streams: list[WebSocketRoute] = []

    def pass_on(stream: WebSocketRoute) -> None:
        stream.connect_to_server()
        streams.append(stream)

    await page.route_web_socket("**/api/stream", pass_on)
    await page.reload()
    await page.wait_for_selector("body[data-ready]")
    await sim.say("hezi", "断线之前")
    await expect(page.locator("#group-log .text")).to_have_text(["断线之前"])
    await streams[-1].close()
    await expect(page.locator("#offline-strip")).to_be_visible()
    await sim.say("hezi", "断线之中")
    await expect(page.locator("#group-log .text")).to_have_text(["断线之前", "断线之中"])
    await expect(page.locator("#offline-strip")).not_to_be_visible()
    await sim.say("hezi", "断线之后")
    await expect(page.locator("#group-log .text")).to_have_text(
        ["断线之前", "断线之中", "断线之后"]
    )


async def test_what_the_stream_skips_is_fetched(sim: Simulator, open_page: OpenPage) -> None:
    page = await open_page(sim)

    def leave_out(stream: WebSocketRoute) -> None:
        server = stream.connect_to_server()

        def forward(frame: str | bytes) -> None:
            if "漏掉" not in str(frame):
                stream.send(frame)

        server.on_message(forward)

    await page.route_web_socket("**/api/stream", leave_out)
    await page.reload()
    await page.wait_for_selector("body[data-ready]")
    texts = ["开头", "漏掉一", "漏掉二", "结尾"]
    for text in texts:
        await sim.say("hezi", text)
    await expect(page.locator("#group-log .text")).to_have_text(texts)


async def test_a_second_group_shows_what_is_unread_there(
    start: StartSimulator, open_page: OpenPage
) -> None:
    groups = (GroupSpec(group_id=GROUP, name="大群"), GroupSpec(group_id=7, name="值班室"))
    sim = await start(groups=groups)
    sim.stage.join(7, sim.world.person("atang"))
    page = await open_page(sim)
    await sim.say("atang", "值班室见", group=7)
    tab = page.locator(".group-tab", has_text="值班室")
    await expect(tab.locator(".count")).to_have_text("1")
    await tab.click()
    await expect(page.locator("#group-log .text")).to_have_text("值班室见")
    await expect(page.locator("#group-input")).to_be_disabled()
    await expect(page.locator("#group-input")).to_have_attribute(
        "placeholder", "「小满」不在值班室里，换一个人或换一个群"
    )


async def test_the_scenario_is_played_and_paused_from_the_header(
    start: StartSimulator, open_page: OpenPage, tmp_path: Path
) -> None:
    lines = [
        {"kind": "scenario", "id": "s", "title": "小夜", "start": "2026-02-13T20:00:00+08:00"},
        {"kind": "group", "group_id": GROUP, "name": "群", "members": 5},
        {"kind": "member", "id": "a", "user_id": 11, "nickname": "甲"},
        {"t": 0, "who": "a", "text": "开始了"},
        {"t": 86_400, "who": "a", "text": "一天以后"},
    ]
    script = tmp_path / "night.jsonl"
    script.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    page = await open_page(await start(scenario=script, speed=1.0))
    await expect(page.locator("#scenario-title")).to_have_text("小夜")
    await expect(page.locator("#scenario-count")).to_have_text("0 / 2")
    await expect(page.locator("#group-log .empty")).to_contain_text("点左上角的 ▶ 播放剧本")
    await page.get_by_role("button", name="开始播放剧本").click()
    await expect(page.locator("#group-log .stamp")).to_have_text("2026年2月13日 20:00")
    await expect(page.locator("#scenario-count")).to_have_text("1 / 2")
    await page.get_by_role("button", name="暂停剧本").click()
    await expect(page.get_by_role("button", name="继续播放剧本")).to_be_visible()
    await page.get_by_role("button", name="继续播放剧本").click()
    await page.locator("#play-speed").select_option("1200")
    await expect(page.locator("#scenario-title")).to_have_text("小夜")


async def test_faults_are_switched_on_and_healed(page: Page, sim: Simulator) -> None:
    await page.get_by_role("button", name="故障").click()
    for name in ("消息丢失", "重复推送", "顺序打乱", "私聊发不出", "限制发言", "回执变慢"):
        switch = page.get_by_role("switch", name=name)
        await switch.click()
        await expect(switch).to_have_attribute("aria-checked", "true")
    faults = sim.faults
    assert (faults.offline, faults.rate_limit, faults.answer_delay) == (True, 6, 5.0)
    assert faults.repeat > 0
    assert faults.reorder > 0
    assert "send_private_msg" in faults.refuse
    await page.get_by_role("button", name="全部恢复正常").click()
    await expect(page.locator("#faults [aria-checked=true]")).to_have_count(0)
    assert faults.model_dump() == type(faults)().model_dump()


async def test_a_cut_line_is_seen_in_the_header(page: Page, sim: Simulator) -> None:
    await expect(page.locator("#bot-status")).to_have_text("留灯已连接")
    await page.get_by_role("button", name="故障").click()
    await page.get_by_role("button", name="断线 5 秒").click()
    await expect(page.locator("#bot-status")).to_have_text("留灯未连接")
    assert not sim.connected


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_small_print_can_be_read(sim: Simulator, open_page: OpenPage, scheme: str) -> None:
    await sim.say("atang", "晚上好")
    sim.stage.poke("atang", "hezi", GROUP)
    page = await open_page(sim, color_scheme=scheme)
    await sim.say("laozhou", "我也在")
    sim.stage.poke("laozhou", "hezi", GROUP)
    selectors = (
        *(
            "#scenario-count",
            "#bot-status-text",
            ".group-size",
            ".suggestion",
            ".suggestion.accent",
        ),
        *("#group-log .name", "#group-log .text", "#group-log .badge.owner"),
        *("#group-log .badge.admin", "#group-log .notice", "#group-log .stamp", ".empty p"),
        *("#group-log .avatar", "#peer-note", ".note-button", ".inbox-name", "#me-name"),
    )
    for selector in selectors:
        element = page.locator(selector).first
        await expect(element).to_be_attached()
        ratio = await element.evaluate(CONTRAST)
        assert ratio >= 4.5, f"{selector} has a contrast of only {ratio:.2f} in {scheme}"
