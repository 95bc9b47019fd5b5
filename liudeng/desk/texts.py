"""What the desk writes to moderators."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from liudeng.archive import StoredMessage, shown_text
from liudeng.desk.case import Case, CaseKind, CaseState

_QUOTE_LIMIT = 300
_CONTEXT_LIMIT = 60
_REASONS_SHOWN = 4

_SITUATION = {
    CaseKind.DISTRESS: "有一位成员可能正处在危险里",
    CaseKind.WORRY: "有一位成员在担心另一个人的安危",
}
_FIRST_STEPS = {
    CaseKind.DISTRESS: (
        "私下联系 TA，先听，不讲道理。第一句可以是：「刚看到你的话，我有点担心你。你现在安全吗？」"
    ),
    CaseKind.WORRY: (
        "私下联系写这句话的人，问清那位朋友现在在哪里、能不能联系上，陪着一起想办法。"
        "可以说：「谢谢你告诉我们。你朋友现在身边有人吗？」"
    ),
}
_EMERGENCY = "有马上的危险又知道地点：打 110 或 120。心理援助热线 12356。"


@dataclass(frozen=True, slots=True)
class CaseNames:
    """Names of what a case holds as numbers."""

    group: str
    claimed_by: str = ""


def alert_text(
    case: Case,
    group_name: str,
    around: Sequence[StoredMessage],
    message: StoredMessage,
    reasons: Sequence[str],
    zone: ZoneInfo,
) -> str:
    """Return the private alert. The first line, which a notification shows, quotes nothing."""
    return "\n".join(
        [
            f"【留灯】案件 {case.id}：{_SITUATION[case.kind]}，需要你看一眼",
            "",
            f"群：{group_name}（{case.group_id}）",
            f"成员：{case.subject_name}（{case.subject_id}）",
            f"时间：{clock(message.time_ms, zone)}",
            *_quoted(around, message, zone),
            "",
            *_why(case, reasons),
            "",
            "接下来：",
            f"1. 回「接手 {case.id}」，让其他管理知道你来",
            f"2. {_FIRST_STEPS[case.kind]}",
            f"3. {_EMERGENCY}",
            f"看错了就回「误报 {case.id}」；处理好了回「完结 {case.id} 结果」。",
            "请不要在群里点名讨论。",
            f"（编号 {case.id}-{case.alerts}）",
        ]
    )


def staff_notice(case: Case, group_name: str) -> str:
    """Return what the staff group is told when others already have the details privately."""
    return (
        f"【留灯】案件 {case.id}：「{group_name}」里{_SITUATION[case.kind]}。\n"
        "详情已私聊值班管理。没收到的请先加我为好友，"
        f"再私聊我「案件 {case.id}」；要接手就私聊「接手 {case.id}」。\n"
        f"（编号 {case.id}-{case.alerts}）"
    )


def claimed_notice(case: Case, name: str) -> str:
    """Return what the other moderators are told when one of them takes a case."""
    return f"【留灯】案件 {case.id} 由 {name} 接手了，你可以先不用联系这位成员。"


def case_text(
    case: Case,
    names: CaseNames,
    quoted: Sequence[StoredMessage],
    reasons: Sequence[str],
    zone: ZoneInfo,
) -> str:
    """Return a case's card for a moderator who asks for it."""
    lines = [
        f"案件 {case.id}：{_SITUATION[case.kind]}",
        f"状态：{state_text(case, names)}",
        f"群：{names.group}（{case.group_id}）",
        f"成员：{case.subject_name}（{case.subject_id}）",
        f"开始：{clock(case.opened_ms, zone)}",
        "原话：",
        *(_line(message, zone, _QUOTE_LIMIT) for message in quoted),
        *_why(case, reasons),
    ]
    if case.state is not CaseState.CLOSED:
        lines.append(f"可用：接手 {case.id}｜误报 {case.id}｜完结 {case.id} 结果")
    return "\n".join(lines)


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


def clock(time_ms: int, zone: ZoneInfo) -> str:
    """Return a time as people write it: 02-13 23:41."""
    return datetime.fromtimestamp(time_ms / 1000, zone).strftime("%m-%d %H:%M")


def _quoted(around: Sequence[StoredMessage], message: StoredMessage, zone: ZoneInfo) -> list[str]:
    before = [entry for entry in around if entry.id < message.id]
    lines = [f"原话：「{_short(message, _QUOTE_LIMIT)}」"]
    if before:
        lines.append("在那之前：")
        lines.extend(_line(entry, zone, _CONTEXT_LIMIT) for entry in before)
    return lines


def _why(case: Case, reasons: Sequence[str]) -> list[str]:
    shown = list(dict.fromkeys(reasons))[:_REASONS_SHOWN]
    return [f"为什么提醒（等级 {case.level}/3）：", *(f"· {reason}" for reason in shown)]


def _line(message: StoredMessage, zone: ZoneInfo, limit: int) -> str:
    return f"　{clock(message.time_ms, zone)} {message.display_name}：{_short(message, limit)}"


def _short(message: StoredMessage, limit: int) -> str:
    text = " ".join(shown_text(message.segments).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
