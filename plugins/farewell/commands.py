"""What members type for the farewell wall."""

from liudeng.commands import Command, Place

_A_NUMBER = r"[#＃]?\s*[0-9０-９]"
"""看 这张好好笑 is talk; 看 12 is a command."""


_WALL = "告别墙"
_DATES = "日子"


def _numbered(
    name: str, usage: str, summary: str, expects: str = _A_NUMBER, topic: str = _WALL
) -> Command:
    return Command(
        name=name, usage=usage, summary=summary, topic=topic, takes_text=True, expects=expects
    )


def _between_us(name: str, usage: str, summary: str) -> Command:
    """What a moderator proposed, in private, is decided in private."""
    command = _numbered(name, usage, summary)
    return command.model_copy(update={"place": Place.PRIVATE})


KEEP = Command(
    name="存档",
    usage="（回复一条）存档 标题｜伙伴 #标签",
    summary="把你发的这张图、这段话放上告别墙",
    topic=_WALL,
    takes_text=True,
)
ACCEPT = _between_us("同意存档", "同意存档 编号", "管理提议的，你点头才上墙")
DECLINE = _between_us("不存", "不存 编号", "管理提议的，你不想放")
RETITLE = _numbered("改题", "改题 编号 新标题｜伙伴 #标签", "给你的一封换标题")
VISIBILITY = _numbered(
    "可见",
    "可见 编号 私密/本群/公开",
    "你的一封给谁看；公开时图里的名字、头像、号码会遮住",
    rf"{_A_NUMBER}|私密|本群|公开",
)
WITHDRAW = _numbered("撤下", "撤下 编号", "把你的一封从墙上拿走")
WALL = Command(
    name="告别墙",
    aliases=("wall",),
    usage="告别墙 [伙伴] [页]",
    summary="看墙上最新的告别",
    topic=_WALL,
    takes_text=True,
)
LOOK = _numbered("看", "看 编号", "打开墙上的一封")
RANDOM = Command(name="随机一封", usage="随机一封", summary="从墙上随手取一封", topic=_WALL)
COVER = Command(
    name="打码",
    usage="（回复截图）打码",
    summary="要一份遮住了名字、头像和号码的截图",
    topic="图片",
    takes_text=True,
    expects=rf"$|{_A_NUMBER}",
)
ANNIVERSARY = _numbered(
    "纪念日", "纪念日 06-06 和小暖的婚礼", "记一个日子，每年私聊提醒你", r"$|[0-9０-９]", _DATES
)
FORGET_ANNIVERSARY = _numbered("忘掉纪念日", "忘掉纪念日 编号", "不再提醒", topic=_DATES)
REMEMBER = Command(
    name="那年今日",
    usage="那年今日 开/关",
    summary="往年今天你存过的，当天早上私聊给你看",
    topic=_DATES,
    place=Place.PRIVATE,
    takes_text=True,
)
