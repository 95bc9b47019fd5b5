"""帮助: what this person may do here, from the commands themselves."""

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from liudeng.commands.command import Audience, Command, Place

INTRO = "帮大家存住聊天、找回说过的话。前面加不加 / 都可以。"
FOOTER = "也可以私聊我搜你所在的群。"
_STAFF = "管理专用"
_BY_STAFF = "（管理）"
_EVERYBODY = "大家都能用"


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
    for_staff: dict[str, list[Command]] = {}
    for command in commands:
        if not allowed[command.audience] or not (private or command.place is Place.ANYWHERE):
            continue
        if command.audience is Audience.MEMBER:
            topics.setdefault(command.topic, []).append(command)
        else:
            for_staff.setdefault(_staff_title(command.topic), []).append(command)
    return tuple(
        HelpTopic(title=title, commands=tuple(listed))
        for title, listed in (*topics.items(), *for_staff.items())
    )


def topics_called(topics: Iterable[HelpTopic], word: str) -> tuple[HelpTopic, ...]:
    """Return what a word after 帮助 means: a heading, and the moderators' part of it."""
    return tuple(one for one in topics if word in (one.title, _short(one)))


def where_else(topics: Iterable[HelpTopic]) -> str:
    """Say which headings there are, for a card that cannot show all of them."""
    names = dict.fromkeys(_short(one) for one in topics)
    return f"只看一类，发「帮助 {next(iter(names), '')}」：{'、'.join(names)}"


def _short(topic: HelpTopic) -> str:
    return topic.title.removesuffix(_BY_STAFF)


def _staff_title(topic: str) -> str:
    return _STAFF if topic == _EVERYBODY else topic.removesuffix(_BY_STAFF) + _BY_STAFF


def help_text(topics: Iterable[HelpTopic], *, private: bool) -> str:
    """Return the help in words."""
    lines = [f"我是留灯，{INTRO}"]
    for topic in topics:
        lines.append(f"— {topic.title} —")
        lines.extend(f"{command.usage}　{command.summary}" for command in topic.commands)
    if not private:
        lines.append(FOOTER)
    return "\n".join(lines)
