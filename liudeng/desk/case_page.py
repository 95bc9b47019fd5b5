"""A case as a moderator sees it who asks for it, and what was said around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from liudeng.archive import StoredMessage
from liudeng.desk.alert_page import QUOTE_LIMIT, points, shown_reasons, subject_lines
from liudeng.desk.case import Case, CaseKind, CaseState
from liudeng.desk.page import Page, hints
from liudeng.desk.seal import SealedContext, SealedLine
from liudeng.desk.texts import SITUATION, CaseNames, clock, line_of, said, state_text
from liudeng.pictures import CaseCard, CaseLine, CaseSection

_EVENTS_SHOWN = 8
_COMMANDS = (
    ("接手 {}", "我来"),
    ("备注 {} 内容", "记一笔"),
    ("转交 {} QQ号", ""),
    ("前后文 {}", ""),
    ("送上资源 {}", ""),
    ("完结 {} 结果", ""),
)


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened to a case."""

    when: str
    what: str


@dataclass(frozen=True, slots=True)
class CaseStory:
    """What is told of a case besides the case itself."""

    names: CaseNames
    quoted: Sequence[StoredMessage]
    reasons: Sequence[str]
    timeline: Sequence[TimelineEntry]


def case_page(case: Case, story: CaseStory, zone: ZoneInfo) -> Page:
    """Return a case for a moderator who asks for it."""
    names, timeline = story.names, story.timeline[-_EVENTS_SHOWN:]
    lines = [
        f"案件 {case.id}：{SITUATION[case.kind]}",
        f"状态：{state_text(case, names)}",
        f"群：{names.group}（{case.group_id}）",
        *subject_lines(case),
        f"开始：{clock(case.opened_ms, zone)}",
    ]
    if story.quoted:
        lines.append("原话：")
        lines.extend(line_of(message, zone, QUOTE_LIMIT) for message in story.quoted)
    if reasons := shown_reasons(story.reasons):
        lines.append(f"为什么提醒（等级 {case.level}/3）：")
        lines.extend(f"· {reason}" for reason in reasons)
    if timeline:
        lines.append("经过：")
        lines.extend(f"　{entry.when} {entry.what}" for entry in timeline)
    tail = ""
    if case.state is not CaseState.CLOSED:
        tail = (
            f"可用：接手 {case.id}｜误报 {case.id}｜完结 {case.id} 结果\n"
            f"　　　备注｜转交｜升级｜回访｜前后文｜送上资源，后面都写 {case.id}"
        )
    return Page(
        listing="\n".join(lines),
        tail=tail or f"案件 {case.id} 已完结。",
        card=_card(case, story, zone),
    )


def context_page(case: Case, contexts: Sequence[SealedContext], zone: ZoneInfo) -> Page:
    """Return what was said around the latest of a case's signals."""
    latest = contexts[-1]
    lines = [f"案件 {case.id} 的前后文："]
    lines.extend(_in_words(line, zone) for line in latest.lines)
    if latest.pictures:
        lines.append(f"（还封存了 {len(latest.pictures)} 张图片，画得出图的时候才看得到）")
    more = f"（共 {len(contexts)} 段，这是最近的一段）" if len(contexts) > 1 else ""
    rows = tuple(
        CaseLine(
            above=f"{clock(line.time_ms, zone)} {line.name}",
            text=line.text,
            strong=line.is_signal,
        )
        for line in latest.lines
    )
    return Page(
        listing="\n".join(lines),
        tail="\n".join(part for part in ("只在这里看，请不要转发。", more) if part),
        card=CaseCard(
            kicker=f"案件 {case.id} · 前后文",
            title=case.subject_name,
            subtitle="封存的记录，完结 30 天后清掉",
            sections=(CaseSection(lines=rows),),
            footer="看过会留下记录。",
        ),
        pictures=latest.pictures,
    )


def _in_words(line: SealedLine, zone: ZoneInfo) -> str:
    mark = "▶" if line.is_signal else "　"
    return f"{mark}{clock(line.time_ms, zone)} {line.name}：{line.text}"


def _card(case: Case, story: CaseStory, zone: ZoneInfo) -> CaseCard:
    quoted = tuple(
        CaseLine(
            above=f"{clock(one.time_ms, zone)} {one.display_name}",
            text=said(one, QUOTE_LIMIT),
            strong=True,
        )
        for one in story.quoted
    )
    happened = tuple(
        CaseLine(above=entry.when, text=entry.what) for entry in story.timeline[-_EVENTS_SHOWN:]
    )
    sections = (
        CaseSection(title="原话", lines=quoted),
        CaseSection(title="为什么提醒", lines=points(shown_reasons(story.reasons))),
        CaseSection(title="经过", lines=happened),
    )
    is_open = case.state is not CaseState.CLOSED
    number = () if case.kind is CaseKind.MOOD else (f"QQ {case.subject_id}",)
    opened = clock(case.opened_ms, zone)
    return CaseCard(
        kicker=f"案件 {case.id} · {story.names.group} · {opened}",
        title=case.subject_name,
        subtitle=" · ".join((SITUATION[case.kind], *number)),
        level=case.level,
        state=f"等级 {case.level}/3 · {state_text(case, story.names)}",
        sections=tuple(section for section in sections if section.lines),
        hints=hints(case.id, *_COMMANDS) if is_open else (),
    )
