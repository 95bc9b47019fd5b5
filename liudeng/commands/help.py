"""帮助: what this person may do here, from the commands themselves."""

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from liudeng.commands.command import Audience, Command, Place

INTRO = "帮大家存住聊天、找回说过的话。前面加不加 / 都可以。"
FOOTER = "也可以私聊我搜你所在的群。"
_STAFF = "管理专用"


class HelpTopic(BaseModel):
    """Commands that belong together."""

    model_config = ConfigDict(frozen=True)

    title: str
    commands: tuple[Command, ...]


def help_topics(
    commands: Iterable[Command], *, moderator: bool, private: bool, operator: bool = False
) -> tuple[HelpTopic, ...]:
    """Return what a member or moderator may use, in the group or in private chat, by topic."""
    allowed = {
        Audience.MEMBER: True,
        Audience.MODERATOR: moderator,
        Audience.OPERATOR: operator,
    }
    topics: dict[str, list[Command]] = {}
    for command in commands:
        for_staff = command.audience is not Audience.MEMBER
        if allowed[command.audience] and (private or command.place is Place.ANYWHERE):
            topics.setdefault(_STAFF if for_staff else command.topic, []).append(command)
    staff = topics.pop(_STAFF, None)
    found = [HelpTopic(title=title, commands=tuple(listed)) for title, listed in topics.items()]
    return (*found, HelpTopic(title=_STAFF, commands=tuple(staff))) if staff else tuple(found)


def help_text(topics: Iterable[HelpTopic], *, private: bool) -> str:
    """Return the help in words."""
    lines = [f"我是留灯，{INTRO}"]
    for topic in topics:
        lines.append(f"— {topic.title} —")
        lines.extend(f"{command.usage}　{command.summary}" for command in topic.commands)
    if not private:
        lines.append(FOOTER)
    return "\n".join(lines)
