"""What moderation says: plain, polite, with the reason, the rule and the way to appeal."""

from liudeng.moderation.action import Kind, State
from liudeng.moderation.duration import in_words

KIND_NAMES = {
    Kind.NOTE: "记录",
    Kind.WARN: "提醒",
    Kind.RECALL: "撤回",
    Kind.MUTE: "禁言",
    Kind.UNMUTE: "解除禁言",
    Kind.KICK: "移出",
    Kind.WHOLE_MUTE: "全员禁言",
    Kind.WHOLE_UNMUTE: "解除全员禁言",
}
STATE_NAMES = {
    State.DRY: "试运行，没有动手",
    State.PLANNED: "正在做",
    State.DOING: "正在做",
    State.DONE: "已做",
    State.REFUSED: "没做成",
    State.UNKNOWN: "不知道成没成",
    State.CANCELLED: "取消了",
    State.UNDONE: "已撤销",
}
_TEXT_CHARS = 500


def done_to(kinds: list[Kind], seconds: int) -> str:
    """Say what follows for a member: 撤回了这条消息，并禁言 10 分钟."""
    told: list[str] = []
    if Kind.RECALL in kinds:
        told.append("撤回了它")
    if Kind.MUTE in kinds:
        told.append(f"请你先休息 {in_words(seconds)}")
    return "，".join(told)


def notice_to_member(
    group: str, why: str, rule: str, done: str, number: int, text: str | None
) -> str:
    """The private letter about one message: the reason, the rule, how to appeal, the text back."""
    lines = [
        f"你好，你在「{group}」刚发的一条消息，{why}，"
        + (f"我{done}。" if done else "先提醒你一声。")
    ]
    lines.append(
        f"依据：{rule}（编号 {number}）。如果我弄错了，回「申诉 {number} 想说的话」，会有管理来看。"
    )
    if text:
        lines.append(f"原文还给你：\n{text[:_TEXT_CHARS]}")
    return "\n".join(lines)


def by_hand_to_member(group: str, kind: Kind, seconds: int, reason: str, number: int) -> str:
    """The private letter about what a moderator did."""
    done = {
        Kind.WARN: "管理提醒你",
        Kind.MUTE: f"管理请你先休息 {in_words(seconds)}",
        Kind.RECALL: "管理撤回了你的一条消息",
        Kind.KICK: "管理把你移出了群",
        Kind.UNMUTE: "管理解除了你的禁言",
    }[kind]
    tail = f"：{reason}" if reason else ""
    appeal = "" if kind is Kind.UNMUTE else f"\n有话想说，回「申诉 {number} 想说的话」。"
    return f"在「{group}」，{done}{tail}。（编号 {number}）{appeal}"


UNDONE_TO_MEMBER = (
    "你好，「{group}」里之前对你的处置（编号 {number}）已经撤销，不算在你的记录里。抱歉打扰了你。"
)
BUDGET_SPENT = (
    "「{group}」这一小时我已经自动处置了 {count} 次，先停手了，怕弄错。\n"
    "看过「审计」没问题，回「开始群管 {group_id}」我再继续。"
)
NOT_ADMIN = (
    "「{group}」有消息按规则该撤回或禁言，可我不是管理员，QQ 不让。\n"
    "请群主在「管理员设置」里加上我；在那之前请管理动手。"
)
FAILED = "「{group}」里有一次{kind}没做成（编号 {number}）：{trouble}。请管理看看要不要亲自动手。"
