"""What moderators, operators and members type about who comes in."""

from liudeng.commands import Audience, Command, Place

TOPIC = "入群"


def _privately(name: str, usage: str, summary: str, *, expects: str = "") -> Command:
    return Command(
        name=name,
        usage=usage,
        summary=summary,
        topic=TOPIC,
        audience=Audience.MODERATOR,
        place=Place.STAFF,
        takes_text=True,
        expects=expects,
    )


def _operators(name: str, usage: str, summary: str) -> Command:
    return Command(
        name=name,
        usage=usage,
        summary=summary,
        topic=TOPIC,
        audience=Audience.OPERATOR,
        place=Place.PRIVATE,
        takes_text=True,
        expects=r"$|[#＃]?[0-9]",
    )


_NUMBERS = r"$|[#＃]?[0-9]"
ENTRANCE = _privately("入群", "入群 暗号 守灯人", "谁来决定入群；暗号、黑名单、待办")
ADMIT = _privately("放行", "放行 3", "放行入群申请，可以写好几个编号", expects=_NUMBERS)
REFUSE = _privately(
    "婉拒", "婉拒 3 和群没关系", "婉拒入群申请，理由告诉 TA", expects=rf"{_NUMBERS}|全部"
)
WELCOME = _privately("欢迎", "欢迎 来了就是家人", "新人进群先听到的话，和存档的告知一起说")
RULES = Command(
    name="群规",
    usage="群规",
    summary="看群规；管理私聊我「群规 内容」来定",
    topic="大家都能用",
    takes_text=True,
)
ACCEPT = _operators("应邀", "应邀 3", "答应邀请，进那个群")
DECLINE = _operators("谢绝", "谢绝 3", "不进那个群")
