"""What members, moderators and operators type about what is kept."""

from liudeng.commands import Audience, Command, Place

_TOPIC = "我的数据"


def _mine(name: str, summary: str, *aliases: str) -> Command:
    """A bare word about oneself, that leaves no row of its own."""
    return Command(
        name=name, aliases=aliases, usage=name, summary=summary, topic=_TOPIC, untraced=True
    )


ABOUT = _mine("隐私", "存什么、给谁看、怎么不要", "privacy")
REFUSE = _mine("不要存我", "从现在起不存你说的话")
WALL_ONLY = _mine("只存存档", "只留你自己放上墙的")
KEEP = _mine("存我", "恢复存你说的话")
WATCH_LESS = _mine("别看我", "除非话里明说有危险，不留意你")
WATCH = _mine("可以看我", "恢复照常留意")
MY_DATA = _mine("我的数据", "存了你什么，打包私聊给你")
ERASE = _mine("删掉我", "删掉存着的你的一切；会先问一次")
CONFIRM = _mine("确认删掉我", "看过会删什么之后，确定要删")
GROUP_MODE = Command(
    name="群存档",
    usage="群存档 开/自愿/关",
    summary="定这个群存谁的话：不拒绝的都存、说了存我的才存、都不存",
    audience=Audience.MODERATOR,
    takes_text=True,
    expects=r"$|开|自愿|关",
)
DEPARTURE = Command(
    name="退群存档",
    usage="退群存档 群号 保留/导出/删除",
    summary="定一个退出了的群，它的存档怎么办",
    audience=Audience.OPERATOR,
    place=Place.PRIVATE,
    takes_text=True,
)
