"""帮助: what this person may do here, from the commands themselves."""

from collections.abc import Iterable

from liudeng.commands.command import Audience, Command, Place

_TITLES = {Audience.MEMBER: "大家都能用", Audience.MODERATOR: "管理专用"}


def help_card(commands: Iterable[Command], *, moderator: bool, private: bool) -> str:
    """Return the card for a member or moderator, in the group or in private chat."""
    usable = [
        command
        for command in commands
        if (moderator or command.audience is Audience.MEMBER)
        and (private or command.place is Place.ANYWHERE)
    ]
    lines = ["我是留灯，帮大家存住聊天、找回说过的话。", "（前面加不加 / 都可以）"]
    for audience, title in _TITLES.items():
        section = [command for command in usable if command.audience is audience]
        if section:
            lines.append(f"— {title} —")
            lines.extend(f"{command.usage}　{command.summary}" for command in section)
    if not private:
        lines.append("也可以私聊我搜你所在的群。")
    return "\n".join(lines)
