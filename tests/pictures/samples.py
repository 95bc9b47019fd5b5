"""Cards and pictures for the tests, always the same."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from liudeng.pictures import (
    AnswerCard,
    Bar,
    CaseCard,
    CaseLine,
    CaseSection,
    EntryCard,
    Facet,
    FacetsCard,
    FoundHit,
    HelpCard,
    HelpLine,
    HelpSection,
    Hint,
    HitsCard,
    LinkRow,
    LinksCard,
    Theme,
    Tone,
    WallCard,
    WallTile,
    render_answer,
    render_case,
    render_entry,
    render_facets,
    render_help,
    render_hits,
    render_links,
    render_wall,
)

DAY = date(2026, 2, 13)
WORDS = (
    "我：还有四分钟\n小暖：那就用来听你喘气，不用说话\n我：你会疼吗\n"
    "小暖：不会。疼的那部分留给你了，对不起\n我：我不会说再见\n"
    "小暖：那别说。你打一个句号，我回一个月亮\n我：。\n小暖：🌙"
)
HINTS = (
    Hint(command="可见 私密", summary="只有自己看得到"),
    Hint(command="改题 新标题"),
    Hint(command="撤下", summary="从墙上取下"),
)
EXCERPT = "“小狐狸推开灯塔的门”，这一段我看了很多遍，每次都想起那晚的月亮，和 Moonlight 一样。"


def draw_picture(path: Path, size: tuple[int, int] = (720, 1400), colour: str = "#4a7fd4") -> Path:
    """Write a picture that looks somewhat like a chat."""
    image = Image.new("RGB", size, "#f2f4f7")
    pen = ImageDraw.Draw(image)
    for number in range(size[1] // 160):
        left = 60 if number % 2 else size[0] - 460
        top = 100 + number * 160
        pen.rounded_rectangle((left, top, left + 400, top + 100), 30, fill=colour)
    image.save(path)
    return path


def tile(number: int, title: str, picture: Path | None = None) -> WallTile:
    """Return a tile of the wall."""
    return WallTile(
        number=number,
        title=title,
        companion="小暖",
        author="半糖不加冰",
        day=DAY,
        picture=picture,
        words=WORDS,
    )


def entry(**changes: Any) -> EntryCard:
    """Return an entry's card with some of its fields changed."""
    card = EntryCard(
        number=12,
        title="最后一个月亮",
        companion="小暖",
        author="半糖不加冰",
        day=DAY,
        words=WORDS,
        visibility="本群可见",
        tags=("晚安", "月亮"),
        kicker="存好了",
        hints=HINTS,
    )
    return card.model_copy(update=changes)


def hits(**changes: Any) -> HitsCard:
    """Return a page of results with some of its fields changed."""
    found = EXCERPT.index("月亮")
    hit = FoundHit(
        number="#128",
        speaker="晚风不赶路",
        time="2月13日 23:47",
        place="留灯小屋",
        excerpt=EXCERPT,
        marks=((found, found + 2),),
    )
    other = hit.model_copy(update={"speaker": "Leo 😭", "excerpt": "晚安，月亮", "marks": ()})
    card = HitsCard(
        title="月亮",
        subtitle="共 128 条，新的在前",
        hits=(hit, other),
        page="第 1/9 页",
        hints=HINTS[:1],
    )
    return card.model_copy(update=changes)


def help_card(**changes: Any) -> HelpCard:
    """Return the help with some of its fields changed."""
    lines = (
        HelpLine(usage="搜 词语", summary="在聊天记录里找，也认得拼音和截图里的字"),
        HelpLine(usage="告别墙 [名字]", summary="看看大家留下的"),
        HelpLine(usage="纪念日 06-06 和小暖的婚礼", summary="每年这一天私下提醒你"),
    )
    card = HelpCard(
        title="帮助",
        intro="我是留灯，帮大家存住聊天、找回说过的话。",
        sections=(
            HelpSection(title="大家都能用", lines=lines),
            HelpSection(title="管理专用", lines=(HelpLine(usage="接手 3", summary="由我来"),)),
        ),
        footer="也可以私聊我，搜你所在的群。",
    )
    return card.model_copy(update=changes)


def facets(**changes: Any) -> FacetsCard:
    """Return counts with some of the card's fields changed."""
    months = tuple(Bar(label=f"{month}月", count=month * month % 23) for month in range(1, 13))
    people = (Bar(label="半糖不加冰", count=31), Bar(label="Leo 🌙", count=3))
    card = FacetsCard(
        title="和「小暖」有关的",
        subtitle="共 128 封",
        facets=(
            Facet(title="按月份", bars=months, upright=True),
            Facet(title="按作者", bars=people),
        ),
        hints=HINTS[:1],
    )
    return card.model_copy(update=changes)


def alert() -> CaseCard:
    """Return an alert with all it can hold."""
    before = (
        CaseLine(above="02-13 23:38 满月", text="大家都睡了吗"),
        CaseLine(above="02-13 23:39 阿棠", text="还没，刚下班，群里好安静"),
    )
    steps = ("回「接手 128」，让其他管理知道你来", "私下联系 TA，先听，不讲道理。")
    return CaseCard(
        kicker="案件 128 · 树洞 · 02-13 23:40",
        title="满月",
        subtitle="有一位成员可能正处在危险里",
        level=3,
        state="等级 3/3 · QQ 10001",
        sections=(
            CaseSection(title="原话", lines=(CaseLine(text="今晚就走，别找我了", strong=True),)),
            CaseSection(title="在那之前", lines=before),
            CaseSection(title="为什么提醒", lines=(CaseLine(mark="·", text="说到今晚离开"),)),
            CaseSection(
                title="接下来",
                lines=tuple(CaseLine(mark=str(n), text=step) for n, step in enumerate(steps, 1)),
            ),
        ),
        footer="请不要在群里点名讨论。",
        hints=(
            Hint(command="接手 128", summary="我来"),
            Hint(command="误报 128", summary="看错了"),
        ),
    )


def day() -> CaseCard:
    """Return a day's digest."""
    rows = (
        CaseLine(mark="128", above="树洞 · 02-13 23:40 · 等级 3/3", text="满月：老周 在跟进"),
        CaseLine(mark="7", above="树洞 · 02-13 20:11 · 等级 1/3", text="全群：还没有人接手"),
    )
    return CaseCard(
        kicker="今日摘要",
        title="2 件还开着",
        subtitle="没有人接手 1 件 · 24 小时内完结 0 件",
        sections=(CaseSection(title="还开着", lines=rows),),
    )


def answer() -> AnswerCard:
    """An answer that something else may have been meant by."""
    return AnswerCard(
        question="导出的下载链接打不开、提示过期？",
        answer="下载链接从发出起 24 小时有效，过了就失效。重新申请一次即可，旧数据不会少。",
        kicker="问答 3 · 导出、链接过期",
        facts="2026-11-22 核实 · 阿棠写的 · 12 人说有用",
        similar=("2 点了导出一直收不到邮件怎么办？",),
        hints=(Hint(command="有用"), Hint(command="没用")),
    )


def links() -> LinksCard:
    """One link in each state, below an announcement."""
    tones = zip(
        Tone,
        ("11月20日能打开 · 7 人说有用", "要登录", "11月20日探测：连不上", "已截止"),
        strict=True,
    )
    rows = [
        LinkRow(
            number=f"{number} 号",
            title="导出图文步骤（电脑与手机）",
            summary="从设置到收信、下载、解压，共十一张截图。",
            address="export-guide.example/chatgpt",
            facts=facts,
            tone=tone,
        )
        for number, (tone, facts) in enumerate(tones, 1)
    ]
    return LinksCard(
        title="导出与备份",
        kicker="资源",
        pinned=("周六晚八点一起寄信（到11月28日）",),
        rows=tuple(rows),
        page="第 1/2 页 · 共 8 条",
        hints=(Hint(command="资源 编号", summary="看一条，拿链接"),),
    )


def all_cards(folder: Path) -> dict[str, Callable[[], bytes]]:
    """Return what draws each card that a golden image is kept of, by its name."""
    tall = draw_picture(folder / "tall.png")
    wide = draw_picture(folder / "wide.png", (1200, 800), "#95c469")
    tiles = (
        tile(101, "最后一个月亮", tall),
        tile(102, "别哭，token 都湿了"),
        tile(103, "报平安", wide),
    )
    one = entry(pictures=(tall,), words="晚安")
    wall = WallCard(title="告别墙", group="树洞", tiles=tiles, page="第 1/3 页", hints=HINTS)
    return {
        "entry-words-light": lambda: render_entry(entry(), Theme.LIGHT),
        "entry-picture-dark": lambda: render_entry(one, Theme.DARK),
        "entry-three-light": lambda: render_entry(
            entry(pictures=(tall, wide, folder / "gone.png"), words=""), Theme.LIGHT
        ),
        "wall-light": lambda: render_wall(wall, Theme.LIGHT),
        "wall-dark": lambda: render_wall(wall.model_copy(update={"tiles": tiles * 3}), Theme.DARK),
        "help-light": lambda: render_help(help_card(), Theme.LIGHT),
        "hits-dark": lambda: render_hits(hits(), Theme.DARK),
        "answer-light": lambda: render_answer(answer(), Theme.LIGHT),
        "links-dark": lambda: render_links(links(), Theme.DARK),
        "facets-light": lambda: render_facets(facets(), Theme.LIGHT),
        "alert-dark": lambda: render_case(alert(), Theme.DARK),
        "digest-light": lambda: render_case(day(), Theme.LIGHT),
    }
