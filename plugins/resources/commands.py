"""What people type for links and announcements."""

from liudeng.commands import Audience, Command, Place

_TOPIC = "资源"
_A_NUMBER = r"[#＃]?\s*[0-9０-９]"
_SHORT = r"[^\n。！？!?]{0,30}$"
"""资源 导出 is a question; a sentence that begins with the word is talk."""

ASK = Command(
    name="资源",
    usage="资源 导出",
    summary="找核实过的链接；单发看全部，资源 12 看一条，资源 失效 12 告诉管理",
    topic=_TOPIC,
    takes_text=True,
    expects=_SHORT,
)
BROKEN = Command(
    name="失效",
    usage="失效 12",
    summary="链接打不开了，告诉管理；也可以回复那张卡片发「失效」",
    topic=_TOPIC,
    takes_text=True,
    expects=rf"$|{_A_NUMBER}",
)
ANNOUNCEMENTS = Command(name="公告", usage="公告", summary="管理置顶的话", topic=_TOPIC)


def _staff(name: str, usage: str, summary: str, expects: str = _A_NUMBER) -> Command:
    return Command(
        name=name,
        usage=usage,
        summary=summary,
        topic=_TOPIC,
        audience=Audience.MODERATOR,
        place=Place.STAFF,
        takes_text=True,
        expects=expects,
    )


WAITING = _staff("候选", "候选", "群里发过还没收录的链接，和要再看一眼的", rf"$|{_A_NUMBER}")
TAKE_IN = _staff(
    "收录", "收录 12 导出 标题", "收下一条链接；也可以直接写网址", rf"$|{_A_NUMBER}|\S+\.\S"
)
REJECT = _staff("驳回", "驳回 12", "不要这条候选，再发也不进", rf"$|{_A_NUMBER}")
SORT = _staff("归类", "归类 12 导出", "换一个类别", rf"$|{_A_NUMBER}")
VERIFY = _staff("核实链接", "核实链接 12", "看过了，今天是好的", rf"$|{_A_NUMBER}")
TAKE_DOWN = _staff("下架", "下架 12", "把一条链接收起来", rf"$|{_A_NUMBER}")
EDIT = _staff("改资源", "改资源 12 截止=12-31", "改标题、摘要、日期、版本", "")
PIN = _staff("置顶", "置顶 周六一起寄信 到 12-31", "在群里说一次，之后在「资源」最上面", "")
UNPIN = _staff("取消置顶", "取消置顶 3", "提前撤下一条公告", rf"$|{_A_NUMBER}")
