"""The alert: who, where, when, what was said, why it matters, what was before, what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from liudeng.archive import StoredMessage
from liudeng.desk.case import Case, CaseKind
from liudeng.desk.page import Page, hints
from liudeng.desk.texts import SITUATION, clock, line_of, said
from liudeng.pictures import CaseCard, CaseLine, CaseSection

QUOTE_LIMIT = 300
REASONS_SHOWN = 4
_FIRST_STEPS = {
    CaseKind.DISTRESS: (
        "私下联系 TA，先听，不讲道理。第一句可以是：「刚看到你的话，我有点担心你。你现在安全吗？」"
    ),
    CaseKind.WORRY: (
        "私下联系写这句话的人，问清那位朋友现在在哪里、能不能联系上，陪着一起想办法。"
        "可以说：「谢谢你告诉我们。你朋友现在身边有人吗？」"
    ),
    CaseKind.REPORT: "先看前后文，再私下问问被举报的人。谁举报的，请不要说出去。",
    CaseKind.SCAM: "先私下核实，确认是骗局就撤回那条消息，再提醒大家别转账、别点链接。",
    CaseKind.CONDUCT: "先私下提醒说话的人，再问问被说的人还好吗。可以说：「这句话有人听了难过。」",
    CaseKind.APPEAL: (
        "换一位没参与的管理来看前后文，再私下把结果和理由告诉 TA。"
        "可以说：「我重新看了一遍，跟你说说我是怎么想的。」"
    ),
    CaseKind.MOOD: "去群里陪一会儿，说点家常的。可以说：「今天大家都不容易，喝口水，歇一歇。」",
}
_ABOUT_PEOPLE = (CaseKind.DISTRESS, CaseKind.WORRY)
_EMERGENCY = "有马上的危险又知道地点：打 110 或 120。心理援助热线 12356。"
_DISCRETION = "请不要在群里点名讨论。"


@dataclass(frozen=True, slots=True)
class AlertContext:
    """What an alert tells besides the case itself."""

    group: str
    reasons: Sequence[str]
    message: StoredMessage | None = None
    around: Sequence[StoredMessage] = ()
    told_by: str = ""
    """The member who told the desk; empty when none did."""
    room: str = ""
    """The room that asked for the case; empty for the watcher and for members."""
    history: Sequence[str] = ()
    """Lines about what was before: how often lately, what came of it."""
    time_ms: int = 0


def alert_page(case: Case, context: AlertContext, zone: ZoneInfo) -> Page:
    """Return the private alert. The first line, which a notification shows, quotes nothing."""
    steps = [f"回「接手 {case.id}」，让其他管理知道你来", _FIRST_STEPS[case.kind]]
    if case.kind in _ABOUT_PEOPLE:
        steps.append(_EMERGENCY)
    reasons = shown_reasons(context.reasons)
    listing = [
        *_quoted(context, zone),
        "",
        *([f"为什么提醒（等级 {case.level}/3）：", *(f"· {one}" for one in reasons)]),
        *context.history,
        "",
        "接下来：",
        *(f"{number}. {step}" for number, step in enumerate(steps, 1)),
    ]
    tail = [
        f"看错了就回「误报 {case.id}」；处理好了回「完结 {case.id} 结果」。",
        _DISCRETION,
        f"（编号 {case.id}-{case.alerts}）",
    ]
    return Page(
        head="\n".join(_head(case, context, zone)),
        listing="\n".join(listing).strip("\n"),
        tail="\n".join(tail),
        card=_card(case, context, steps, zone),
    )


def shown_reasons(reasons: Sequence[str]) -> list[str]:
    """Return the first few different ones."""
    return [reason for reason in dict.fromkeys(reasons) if reason][:REASONS_SHOWN]


def subject_lines(case: Case) -> list[str]:
    """Return who a case is about; nothing for the mood of a whole group."""
    if case.kind is CaseKind.MOOD:
        return []
    return [f"成员：{case.subject_name}（{case.subject_id}）"]


def _head(case: Case, context: AlertContext, zone: ZoneInfo) -> list[str]:
    lines = [
        f"【留灯】案件 {case.id}：{SITUATION[case.kind]}，需要你看一眼",
        "",
        f"群：{context.group}（{case.group_id}）",
        *subject_lines(case),
    ]
    if context.told_by:
        lines.append(f"告诉我们的人：{context.told_by}（只有管理看得到）")
    if context.room:
        lines.append(f"来自：{context.room}")
    return [*lines, f"时间：{clock(context.time_ms or case.opened_ms, zone)}"]


def _quoted(context: AlertContext, zone: ZoneInfo) -> list[str]:
    if context.message is None:
        return []
    before = _before(context)
    return [
        f"原话：「{said(context.message, QUOTE_LIMIT)}」",
        *(["在那之前：", *(line_of(entry, zone) for entry in before)] if before else []),
    ]


def _before(context: AlertContext) -> list[StoredMessage]:
    message = context.message
    return [one for one in context.around if one.id < message.id] if message else []


def _card(case: Case, context: AlertContext, steps: Sequence[str], zone: ZoneInfo) -> CaseCard:
    when = clock(context.time_ms or case.opened_ms, zone)
    number = "" if case.kind is CaseKind.MOOD else f" · QQ {case.subject_id}"
    spoken = (
        [CaseLine(text=said(context.message, QUOTE_LIMIT), strong=True)] if context.message else []
    )
    before = [
        CaseLine(above=f"{clock(one.time_ms, zone)} {one.display_name}", text=said(one))
        for one in _before(context)
    ]
    source = context.room or context.told_by
    sections = (
        CaseSection(title="原话", lines=tuple(spoken)),
        CaseSection(title="在那之前", lines=tuple(before)),
        CaseSection(title="为什么提醒", lines=points(shown_reasons(context.reasons))),
        CaseSection(title="谁告诉我们的", lines=points([source] if source else [])),
        CaseSection(title="以前", lines=points(context.history)),
        CaseSection(
            title="接下来",
            lines=tuple(
                CaseLine(mark=str(order), text=step) for order, step in enumerate(steps, 1)
            ),
        ),
    )
    return CaseCard(
        kicker=f"案件 {case.id} · {context.group} · {when}",
        title=case.subject_name,
        subtitle=SITUATION[case.kind],
        level=case.level,
        state=f"等级 {case.level}/3{number}",
        sections=tuple(section for section in sections if section.lines),
        footer=_DISCRETION,
        hints=hints(
            case.id, ("接手 {}", "我来"), ("误报 {}", "看错了"), ("完结 {} 结果", "处理好了")
        ),
    )


def points(texts: Sequence[str]) -> tuple[CaseLine, ...]:
    """Return lines of a card with a dot before each."""
    return tuple(CaseLine(mark="·", text=text) for text in texts)
