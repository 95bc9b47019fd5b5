"""What the entrance says to moderators and operators."""

from datetime import datetime
from zoneinfo import ZoneInfo

from liudeng.entrance.request import KeptRequest, State
from liudeng.moderation import in_words

_COMMENT_CHARS = 120
_LISTED = 8
DECIDED = {
    State.ADMITTING: "正在放行",
    State.REFUSING: "正在婉拒",
    State.ADMITTED: "放行了",
    State.REFUSED: "婉拒了",
    State.FAILED: "没办成",
    State.LEFT: "过了时限，留给 QQ 了",
    State.ELSEWHERE: "已经进群了",
}


def who(request: KeptRequest) -> str:
    """The applicant, in one clause."""
    number = f"QQ {request.user_id}" if request.user_id else "QQ 没说是谁"
    return f"{request.about}（{number}）" if request.about else number


def said(request: KeptRequest) -> str:
    """What they wrote."""
    return f"留言：{request.comment[:_COMMENT_CHARS]}" if request.comment else "没有留言"


def one(group: str, request: KeptRequest, wait_ms: int) -> str:
    """The letter about one request."""
    lines = [f"【留灯】有人想进「{group}」，申请 {request.id} 号：", who(request), said(request)]
    if request.why:
        lines.append(f"没有自动放行：{request.why}。")
    lines.append(
        f"回「放行 {request.id}」，或「婉拒 {request.id} 理由」；"
        f"{in_words(wait_ms // 1000)}没人回，我再提醒一次。"
    )
    return "\n".join(lines)


def many(group: str, waiting: list[KeptRequest]) -> str:
    """The letter about many requests at once."""
    first, last = waiting[0].id, waiting[-1].id
    lines = [f"【留灯】想进「{group}」的人多起来了，{len(waiting)} 个申请等着："]
    lines += [line(request) for request in waiting[:_LISTED]]
    if len(waiting) > _LISTED:
        lines.append("……全部看：入群 待办")
    lines.append(f"回「放行 {first}」「婉拒 {first} {last}」都行；像炸群就回「婉拒 全部」。")
    return "\n".join(lines)


def line(request: KeptRequest) -> str:
    """One request in one line."""
    why = f"（{request.why}）" if request.why else ""
    return f"· {request.id} 号 {who(request)}：{request.comment[:30] or '没有留言'}{why}"


def reminder(group: str, waiting: list[KeptRequest], wait_ms: int, *, admits: bool) -> str:
    """The letter about requests that nobody has answered."""
    then = "我就按你们的设置放行" if admits else "我就不再提，留给 QQ"
    lines = [f"【留灯】「{group}」还有 {len(waiting)} 个入群申请没人回："]
    lines += [line(request) for request in waiting[:_LISTED]]
    lines.append(f"回「放行 编号」或「婉拒 编号 理由」；再过 {in_words(wait_ms // 1000)}{then}。")
    return "\n".join(lines)


def over(group: str, gone: list[KeptRequest], *, admitted: bool) -> str:
    """The letter about requests whose time is over."""
    numbers = "、".join(str(request.id) for request in gone[:20])
    if admitted:
        return f"【留灯】「{group}」的申请 {numbers} 号过了时限，按你们的设置放行了。"
    return f"【留灯】「{group}」的申请 {numbers} 号过了时限，没人回；要办请在 QQ 的群通知里点。"


def invitation(request: KeptRequest) -> str:
    """The letter to operators about an invitation of the bot itself."""
    inviter = f"QQ {request.user_id}" if request.user_id else "QQ 没说是谁"
    return "\n".join(
        (
            f"【留灯】{inviter} 邀请我进群 {request.group_id}（邀请 {request.id} 号）。",
            said(request),
            f"回「应邀 {request.id}」我就进；「谢绝 {request.id}」不进。不回就留着。",
        )
    )


def failed(group: str, request: KeptRequest) -> str:
    """The letter about an answer that QQ did not take."""
    return (
        f"【留灯】「{group}」的申请 {request.id} 号没办成：{request.trouble}。"
        "请在 QQ 的群通知里点一下。"
    )


def clock(at_ms: int, zone: ZoneInfo) -> str:
    """A moment as moderators read it."""
    return datetime.fromtimestamp(at_ms / 1000, zone).strftime("%m-%d %H:%M")
