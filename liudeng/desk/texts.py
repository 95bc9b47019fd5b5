"""What the desk writes to moderators."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from liudeng.archive import StoredMessage, shown_text
from liudeng.archive.reading import clean
from liudeng.desk.case import Case, CaseEvent, CaseKind, CaseState, EventKind, Verdict

_TYPED_LIMIT = 200
_QUOTE_LIMIT = 300
_CONTEXT_LIMIT = 60
_REASONS_SHOWN = 4
_EVENTS_SHOWN = 8

SITUATION = {
    CaseKind.DISTRESS: "有一位成员可能正处在危险里",
    CaseKind.WORRY: "有一位成员在担心另一个人的安危",
    CaseKind.REPORT: "有成员举报了别人说的话",
    CaseKind.SCAM: "可能有人在骗大家",
    CaseKind.CONDUCT: "有人说的话可能伤到别人",
    CaseKind.APPEAL: "有成员觉得处理得不对",
    CaseKind.MOOD: "群里的气氛有些沉",
}
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
_EVENT_NAMES = {
    EventKind.REPORT: "告诉我们：",
    EventKind.CLAIM: "接手",
    EventKind.TRANSFER: "转交给",
    EventKind.RELEASE: "放下了这件",
    EventKind.NOTE: "备注：",
    EventKind.ESCALATION: "",
    EventKind.VERDICT: "",
    EventKind.MESSAGE: "以团队的名义写给了 TA",
    EventKind.CHECK_IN: "到了回访的时候",
    EventKind.CLOSE: "完结：",
    EventKind.REOPENED: "又有动静，重新打开了，上次的结果：",
}


@dataclass(frozen=True, slots=True)
class CaseNames:
    """Names of what a case holds as numbers."""

    group: str
    claimed_by: str = ""


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
    """Lines about what was before: earlier signals, what helped."""
    time_ms: int = 0


def alert_text(case: Case, context: AlertContext, zone: ZoneInfo) -> str:
    """Return the private alert. The first line, which a notification shows, quotes nothing."""
    steps = [f"回「接手 {case.id}」，让其他管理知道你来", _FIRST_STEPS[case.kind]]
    if case.kind in _ABOUT_PEOPLE:
        steps.append(_EMERGENCY)
    return "\n".join(
        [
            f"【留灯】案件 {case.id}：{SITUATION[case.kind]}，需要你看一眼",
            "",
            *_where(case, context, zone),
            *_quoted(context, zone),
            "",
            *_why(case, context.reasons),
            *context.history,
            "",
            "接下来：",
            *(f"{number}. {step}" for number, step in enumerate(steps, 1)),
            f"看错了就回「误报 {case.id}」；处理好了回「完结 {case.id} 结果」。",
            "请不要在群里点名讨论。",
            f"（编号 {case.id}-{case.alerts}）",
        ]
    )


def staff_notice(case: Case, group_name: str) -> str:
    """Return what the staff group is told when others already have the details privately."""
    return (
        f"【留灯】案件 {case.id}：「{group_name}」里{SITUATION[case.kind]}。\n"
        "详情已私聊值班管理。没收到的请先加我为好友，"
        f"再私聊我「案件 {case.id}」；要接手就私聊「接手 {case.id}」。\n"
        f"（编号 {case.id}-{case.alerts}）"
    )


def unanswered_in_staff(case: Case, group_name: str) -> str:
    """Return what the staff group is told when nobody takes a case."""
    return (
        f"【留灯】案件 {case.id}：「{group_name}」里{SITUATION[case.kind]}，还没有人接手。\n"
        f"谁方便，请回「接手 {case.id}」，再私聊我「案件 {case.id}」看详情。"
    )


def unanswered(case: Case, group_name: str) -> str:
    """Return the one reminder to all when everybody was called and nobody came."""
    return (
        f"【留灯】案件 {case.id} 还没有人接手（「{group_name}」，{SITUATION[case.kind]}）。\n"
        f"哪怕只有几分钟，也请回「接手 {case.id}」去问一句。我不会再催了，它会留在「案件」里。"
    )


def claimed_notice(case: Case, name: str) -> str:
    """Return what the other moderators are told when one of them takes a case."""
    return f"【留灯】案件 {case.id} 由 {name} 接手了，你可以先不用联系这位成员。"


def handed_notice(case: Case, names: CaseNames, giver: str, words: str) -> str:
    """Return what somebody is told who was given a case."""
    said = f"\nTA 说：{words}" if words else ""
    return (
        f"【留灯】{giver} 把案件 {case.id} 转交给你了：「{names.group}」里"
        f"{SITUATION[case.kind]}。{said}\n"
        f"回「案件 {case.id}」看来龙去脉；接不住就回「转交 {case.id} 另一位的QQ号」。"
    )


def handed_in_staff(case: Case, giver: str) -> str:
    """Return what the staff group is told for somebody who cannot be told privately."""
    return (
        f" {giver} 把案件 {case.id} 转交给你了。\n"
        f"请先加我为好友，再私聊我「案件 {case.id}」看来龙去脉；"
        f"接不住就回「转交 {case.id} 另一位的QQ号」。"
    )


def taken_over_notice(case: Case, giver: str, heir: str) -> str:
    """Return what somebody is told whose case a lead has given to another."""
    return (
        f"【留灯】{giver} 把案件 {case.id} 转给 {heir} 了，你可以放下了，谢谢你。"
        f"还有什么要让 TA 知道的，回「备注 {case.id} 内容」。"
    )


def case_text(
    case: Case,
    names: CaseNames,
    quoted: Sequence[StoredMessage],
    reasons: Sequence[str],
    timeline: Sequence[str],
    zone: ZoneInfo,
) -> str:
    """Return a case's card for a moderator who asks for it."""
    lines = [
        f"案件 {case.id}：{SITUATION[case.kind]}",
        f"状态：{state_text(case, names)}",
        f"群：{names.group}（{case.group_id}）",
        *_subject(case),
        f"开始：{clock(case.opened_ms, zone)}",
    ]
    if quoted:
        lines.append("原话：")
        lines.extend(line_of(message, zone, _QUOTE_LIMIT) for message in quoted)
    lines.extend(_why(case, reasons))
    if timeline:
        lines.extend(["经过：", *timeline[-_EVENTS_SHOWN:]])
    if case.state is not CaseState.CLOSED:
        lines.append(f"可用：接手 {case.id}｜误报 {case.id}｜完结 {case.id} 结果")
        lines.append(f"　　　备注｜转交｜升级｜回访｜前后文｜送上资源，后面都写 {case.id}")
    return "\n".join(lines)


def event_line(event: CaseEvent, name: str, heir: str, zone: ZoneInfo) -> str | None:
    """Return one line of a case's timeline; None for what the card shows elsewhere."""
    if event.kind not in _EVENT_NAMES:
        return None
    detail = heir if event.kind is EventKind.TRANSFER else event.detail
    if event.kind is EventKind.VERDICT:
        detail = "属实" if event.detail == Verdict.TRUE.value else "误报"
    by = "" if event.actor == "liudeng" or event.kind is EventKind.ESCALATION else f"{name} "
    return f"　{clock(event.at_ms, zone)} {by}{_EVENT_NAMES[event.kind]}{detail}"


def case_line(case: Case, names: CaseNames, zone: ZoneInfo) -> str:
    """Return one line of the list of open cases."""
    return (
        f"{case.id}｜{clock(case.opened_ms, zone)}｜{names.group}｜"
        f"{case.subject_name}｜{state_text(case, names)}"
    )


def state_text(case: Case, names: CaseNames) -> str:
    """Return who has the case."""
    if case.state is CaseState.CLOSED:
        return f"已完结（{case.outcome}）" if case.outcome else "已完结"
    if case.state is CaseState.CLAIMED:
        return f"{names.claimed_by} 在跟进"
    return "还没有人接手"


def in_short(words: str) -> str:
    """Return what a person typed as one line that fits on a card."""
    return " ".join(clean(words).split())[:_TYPED_LIMIT]


def clock(time_ms: int, zone: ZoneInfo) -> str:
    """Return a time as people write it: 02-13 23:41."""
    return datetime.fromtimestamp(time_ms / 1000, zone).strftime("%m-%d %H:%M")


def line_of(message: StoredMessage, zone: ZoneInfo, limit: int = _CONTEXT_LIMIT) -> str:
    """Return a message as one line: when, who, what."""
    return f"　{clock(message.time_ms, zone)} {message.display_name}：{_short(message, limit)}"


def _where(case: Case, context: AlertContext, zone: ZoneInfo) -> list[str]:
    lines = [f"群：{context.group}（{case.group_id}）", *_subject(case)]
    if context.told_by:
        lines.append(f"告诉我们的人：{context.told_by}（只有管理看得到）")
    if context.room:
        lines.append(f"来自：{context.room}")
    return [*lines, f"时间：{clock(context.time_ms or case.opened_ms, zone)}"]


def _subject(case: Case) -> list[str]:
    if case.kind is CaseKind.MOOD:
        return []
    return [f"成员：{case.subject_name}（{case.subject_id}）"]


def _quoted(context: AlertContext, zone: ZoneInfo) -> list[str]:
    message = context.message
    if message is None:
        return []
    before = [entry for entry in context.around if entry.id < message.id]
    lines = [f"原话：「{_short(message, _QUOTE_LIMIT)}」"]
    if before:
        lines.append("在那之前：")
        lines.extend(line_of(entry, zone) for entry in before)
    return lines


def _why(case: Case, reasons: Sequence[str]) -> list[str]:
    shown = [reason for reason in dict.fromkeys(reasons) if reason][:_REASONS_SHOWN]
    if not shown:
        return []
    return [f"为什么提醒（等级 {case.level}/3）：", *(f"· {reason}" for reason in shown)]


def _short(message: StoredMessage, limit: int) -> str:
    text = " ".join(shown_text(message.segments).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
