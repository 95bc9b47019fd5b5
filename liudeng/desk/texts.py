"""What the desk writes to moderators."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from liudeng.archive import StoredMessage, shown_text
from liudeng.archive.reading import clean
from liudeng.desk.case import Case, CaseEvent, CaseKind, CaseState, EventKind, Verdict

_TYPED_LIMIT = 200
_CONTEXT_LIMIT = 60

SITUATION = {
    CaseKind.DISTRESS: "有一位成员可能正处在危险里",
    CaseKind.WORRY: "有一位成员在担心另一个人的安危",
    CaseKind.REPORT: "有成员举报了别人说的话",
    CaseKind.SCAM: "可能有人在骗大家",
    CaseKind.CONDUCT: "有人说的话可能伤到别人",
    CaseKind.APPEAL: "有成员觉得处理得不对",
    CaseKind.MOOD: "群里的气氛有些沉",
}
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


def staff_notice(case: Case, group_name: str) -> str:
    """Return what the staff group is told when others already have the details privately."""
    return (
        f"【留灯】案件 {case.id}：「{group_name}」里{SITUATION[case.kind]}。\n"
        "详情已私聊值班管理。没收到的请先加我为好友，"
        f"再私聊我「案件 {case.id}」；要接手就私聊「接手 {case.id}」。\n"
        f"{number(case)}"
    )


def unanswered_in_staff(case: Case, group_name: str) -> str:
    """Return what the staff group is told when nobody takes a case."""
    return (
        f"【留灯】案件 {case.id}：「{group_name}」里{SITUATION[case.kind]}，还没有人接手。\n"
        f"谁方便，请回「接手 {case.id}」，再私聊我「案件 {case.id}」看详情。\n"
        f"{number(case)}"
    )


def unanswered(case: Case, group_name: str) -> str:
    """Return the one reminder to all when everybody was called and nobody came."""
    return (
        f"【留灯】案件 {case.id} 还没有人接手（「{group_name}」，{SITUATION[case.kind]}）。\n"
        f"哪怕只有几分钟，也请回「接手 {case.id}」去问一句。我不会再催了，它会留在「案件」里。\n"
        f"{number(case)}"
    )


def number(case: Case) -> str:
    """Return what tells one alert of a case from the next, where it is looked up in a chat."""
    return f"（编号 {case.id}-{case.alerts}）"


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


def what_happened(event: CaseEvent, name: str, heir: str) -> str | None:
    """Return one entry of a case's timeline; None for what the card shows elsewhere."""
    if event.kind not in _EVENT_NAMES:
        return None
    detail = heir if event.kind is EventKind.TRANSFER else event.detail
    if event.kind is EventKind.VERDICT:
        detail = "属实" if event.detail == Verdict.TRUE.value else "误报"
    by = "" if event.actor == "liudeng" or event.kind is EventKind.ESCALATION else f"{name} "
    return f"{by}{_EVENT_NAMES[event.kind]}{detail}"


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
    return f"　{clock(message.time_ms, zone)} {message.display_name}：{said(message, limit)}"


def said(message: StoredMessage, limit: int = _CONTEXT_LIMIT) -> str:
    """Return what a message says on one line."""
    text = " ".join(shown_text(message.segments).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
