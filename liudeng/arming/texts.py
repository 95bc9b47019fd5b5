"""What moderators read about dry runs and arming."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

STILL_DRY = "这个群还在试运行，只有说得最明白的才提醒；发「布防」就全部提醒"
NO_GROUPS = "你没有在管的群，或者我还没看清成员名单。过一会儿再试。"


def held_notice(name: str, group_id: int) -> str:
    """Return what moderators are told, once a day at most, when a dry run held something back."""
    return (
        f"【留灯】「{name}」还在试运行：刚才有一句话，布防以后会提醒你们，现在只记了数。\n"
        f"私聊我「守望 {group_id}」看看是哪些话；觉得准，就发「布防 {group_id}」开始提醒。\n"
        "说得最明白的危险，试运行时也会提醒。这样的消息一天最多一条。"
    )


def which_group(command: str, names: Sequence[tuple[int, str]]) -> str:
    """Return the question which of several groups is meant."""
    lines = [f"· {name}（{group_id}）" for group_id, name in names]
    return "\n".join(["说的是哪个群？", *lines, f"例如：{command} {names[0][0]}"])


def armed(name: str) -> str:
    """Return the answer to 布防."""
    return f"「{name}」布防了：从现在起，看起来有危险的话都会私下提醒管理。想停就发「撤防」。"


def disarmed(name: str) -> str:
    """Return the answer to 撤防."""
    return (
        f"「{name}」撤防了，回到试运行：只有说得最明白的危险还会提醒，别的只记数。"
        "我也告诉了其他管理。想恢复就发「布防」。"
    )


def told_of(name: str, who: str, *, is_armed: bool) -> str:
    """Return what the group's other moderators are told of a change."""
    if is_armed:
        return f"【留灯】{who} 给「{name}」布防了：从现在起，看起来有危险的话都会提醒你们。"
    return (
        f"【留灯】{who} 给「{name}」撤防了：只有说得最明白的危险还会提醒。"
        "要是觉得不妥，发「布防」就恢复。"
    )


def already(name: str, *, is_armed: bool) -> str:
    """Return the answer when nothing changes."""
    return f"「{name}」本来就{'布防着' if is_armed else '在试运行'}，没有改动。"


def day(time_ms: int, zone: ZoneInfo) -> str:
    """Return a date and time as people write it: 02-13 23:41."""
    return datetime.fromtimestamp(time_ms / 1000, zone).strftime("%m-%d %H:%M")
