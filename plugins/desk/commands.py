"""What members and moderators type for the desk."""

from liudeng.commands import Audience, Command, Place

from .case_number import A_CASE

_NUMBER = rf"$|{A_CASE}"
_TOGETHER = "照看彼此"


def _desk(
    name: str, usage: str, summary: str, *, expects: str | None = None, private: bool = False
) -> Command:
    """A moderators' command; `expects` None: the bare word alone."""
    return Command(
        name=name,
        usage=usage,
        summary=summary,
        topic="值班台",
        audience=Audience.MODERATOR,
        place=Place.PRIVATE if private else Place.STAFF,
        takes_text=expects is not None,
        expects=expects or "",
    )


CASES = _desk("案件", "案件 [编号]", "看未完结的案件，或其中一件", expects=_NUMBER, private=True)
MINE = _desk("我的案件", "我的案件", "看你手里的案件", private=True)
CONTEXT = _desk(
    "前后文", "前后文 编号", "看封存的前后文，看过会留记录", expects=_NUMBER, private=True
)
SUMMARY = _desk("摘要", "摘要", "今天还开着的、完结了的", private=True)
CLAIM = _desk("接手", "接手 编号", "告诉大家这件由你来", expects=_NUMBER)
HAND_OVER = _desk("转交", "转交 编号 QQ号", "交给另一位管理", expects=rf"{_NUMBER}|[@＠]")
NOTE = _desk("备注", "备注 编号 内容", "在案件里记一笔", expects="")
ESCALATE = _desk("升级", "升级 编号 [原因]", "比看上去严重，再叫一次管理", expects="")
DISMISS = _desk("误报", "误报 编号", "机器人看错了，关掉它", expects=_NUMBER)
CONFIRM = _desk("属实", "属实 编号", "机器人没看错，记一笔", expects=_NUMBER)
CHECK_IN = _desk("回访", "回访 编号 [24h]", "到时候提醒你再问问 TA", expects=_NUMBER)
RESOLVE = _desk("完结", "完结 编号 结果", "处理好了，写一句结果", expects="")
RESOURCES = _desk(
    "送上资源", "送上资源 编号", "起草一段温和的话给 TA，你看过才发", expects=_NUMBER, private=True
)
SEND_DRAFT = _desk("确认", "确认", "发出刚才给你看的那段话", private=True)
SHIFT = _desk(
    "值班",
    "值班 20:00-02:00 [周一至周五]",
    "排你的班；单发「值班」看谁在",
    expects=r"$|[0-9０-９]|清空|取消",
)
AWAY = _desk("离岗", "离岗 [8h]", "这段时间先叫别人", expects=r"$|[0-9０-９]")
BACK = _desk("到岗", "到岗", "提前回来了")
QUIET = _desk(
    "免打扰", "免打扰 23:00-07:00", "每天这段时间先叫别人", expects=r"$|[0-9０-９]|关|取消"
)
LEAD = _desk("组长", "组长 [取消] QQ号", "群主定谁来带管理", expects=r"$|[0-9０-９@＠]|取消")
REST = _desk("我需要休息", "我需要休息", "手上的案件转给别人，歇一天")

REPORT = Command(
    name="举报",
    usage="（回复一条）举报 [理由]",
    summary="悄悄告诉管理；也可以私聊我「举报 QQ号 理由」",
    topic=_TOGETHER,
    takes_text=True,
)
WORRY = Command(
    name="我担心",
    usage="我担心 QQ号 发生了什么",
    summary="私下告诉管理有人可能需要帮忙",
    topic=_TOGETHER,
    place=Place.PRIVATE,
    takes_text=True,
)
WHO_SAW_ME = Command(
    name="谁看过我",
    usage="谁看过我",
    summary="管理打开过几次关于你的记录",
    topic=_TOGETHER,
    place=Place.PRIVATE,
)
