"""What members and moderators type for moderation."""

from liudeng.commands import Audience, Command, Place

TOPIC = "群管"
_GROUP_OR_NOTHING = r"$|[0-9]{5,}"


def _by_hand(name: str, usage: str, summary: str, *, aliases: tuple[str, ...] = ()) -> Command:
    """A moderators' command in the group itself, or in private with numbers."""
    return Command(
        name=name,
        aliases=aliases,
        usage=usage,
        summary=summary,
        topic=TOPIC,
        audience=Audience.MODERATOR,
        takes_text=True,
        expects=r"$|[@＠0-9]",
    )


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


WARN = _by_hand("警告", "警告 @某人 理由", "私下提醒 TA，并记下")
MUTE = _by_hand("禁言", "禁言 @某人 10分钟 [理由]", "请 TA 先休息；时长怎么写都行")
UNMUTE = _by_hand("解禁", "解禁 @某人", "解除禁言")
RECALL = _by_hand("撤回", "（回复一条）撤回；或 撤回 @某人 3", "撤回那条，或 TA 最近几条")
KICK = _by_hand("踢", "踢 @某人 理由", "移出群；要再回「确认踢」才动手")
CONFIRM_KICK = Command(
    name="确认踢",
    usage="确认踢",
    summary="确认刚才的移出",
    topic=TOPIC,
    audience=Audience.MODERATOR,
)
RECORD = _privately("记录", "记录 QQ号", "看 TA 的处置和备注", expects=r"[0-9]{5,}")
NOTE = _privately("备注成员", "备注成员 QQ号 内容", "给管理们记一笔", expects=r"[0-9]{5,}")
UNDO = _privately("撤销", "撤销 编号", "撤销一次处置，改正记录", expects=r"[0-9]+\s*$")
RULES = _privately(
    "规则",
    "规则 新增 防推销：词 下单，进群 7天 → 撤回",
    "看和改这个群的规则；还有 启用、生效、停用、看、测试、删、图片",
)
BLOCK_PICTURE = Command(
    name="拦图",
    usage="（回复一张图）拦图 名字",
    summary="记下这张图，再发一样的先记录；生效后撤回",
    topic=TOPIC,
    audience=Audience.MODERATOR,
    takes_text=True,
    expects=r"\S{2,20}$",
)
STOP = _privately("停手", "停手 [群号]", "一键停下所有自动处置", expects=_GROUP_OR_NOTHING)
RESUME = _privately("开始群管", "开始群管 [群号]", "停手以后再开始", expects=_GROUP_OR_NOTHING)
MEMORIAL = _privately("纪念模式", "纪念模式 8小时｜关", "告别的夜晚不算刷屏，防诈骗照常")
AUDIT = _privately("审计", "审计 [试运行]", "谁在什么时候做了什么", expects=r"$|试运行|[0-9]{5,}")
WHOLE_MUTE = _privately("全员禁言", "全员禁言 群号", "全员禁言", expects=_GROUP_OR_NOTHING)
WHOLE_UNMUTE = _privately(
    "解除全员禁言", "解除全员禁言 群号", "解除全员禁言", expects=_GROUP_OR_NOTHING
)
APPEAL = Command(
    name="申诉",
    usage="申诉 [编号] [想说的话]",
    summary="觉得处置错了，请管理再看一次",
    topic="照看彼此",
    place=Place.PRIVATE,
    takes_text=True,
)
