"""What members and moderators type for questions and answers."""

from liudeng.commands import Audience, Command

_A_NUMBER = r"[#＃]?\s*[0-9０-９]"
_TOPIC = "问答"


def _moderators(
    name: str,
    usage: str,
    summary: str,
    *,
    expects: str = _A_NUMBER,
    aliases: tuple[str, ...] = (),
) -> Command:
    return Command(
        name=name,
        aliases=aliases,
        usage=usage,
        summary=summary,
        topic=_TOPIC,
        audience=Audience.MODERATOR,
        takes_text=True,
        expects=expects,
    )


ASK = Command(
    name="问",
    usage="问 怎么导出聊天记录",
    summary="用自己的话问；也可以 @我 直接问",
    topic=_TOPIC,
    takes_text=True,
)
ENTRIES = Command(
    name="问答",
    aliases=("faq",),
    usage="问答 12",
    summary="打开一条；单发「问答」看有哪些",
    topic=_TOPIC,
    takes_text=True,
    expects=rf"$|{_A_NUMBER}",
)
USEFUL = Command(
    name="有用",
    usage="有用",
    summary="刚才的回答帮到你了；也可以回复那条回答或那张链接卡片发「有用」",
    topic=_TOPIC,
    takes_text=True,
    expects=rf"$|{_A_NUMBER}",
)
USELESS = Command(
    name="没用",
    usage="没用",
    summary="刚才的回答不对、不够；也可以回复那条发「没用」",
    topic=_TOPIC,
    takes_text=True,
    expects=rf"$|{_A_NUMBER}",
)
HUSH = Command(
    name="不用答",
    usage="不用答",
    summary="我没被问就接的那句，一个月内别再接",
    topic=_TOPIC,
    takes_text=True,
    expects=rf"$|{_A_NUMBER}",
)

ADD = _moderators("新增问答", "新增问答 问题｜答案｜#标签", "写一条，看过再发布", expects=r"")
EDIT = _moderators(
    "改问答", "改问答 12 新的答案", "改一条；也能改 问题：问法：标签：来源：到期：", aliases=("改",)
)
PUBLISH = _moderators("发布", "发布 12", "把写好、改好的问答放出来")
MERGE = _moderators("合并", "合并 12 到 8", "问法并进另一条")
SWITCH_OFF = _moderators("停用", "停用 12", "这条不再回答")
VERIFY = _moderators("核实", "核实 12", "看过了，答案今天还对；后面可以写来源")
UNDO = _moderators("改回", "改回 12", "回到上一版，或丢掉没发布的改动")
HISTORY = _moderators("问答历史", "问答历史 12", "谁在什么时候改了什么")
GAPS = _moderators("待答", "待答", "大家问过、还没有答案的", expects=r"$")
FILL = _moderators("补答", "补答 3 答案", "给一条待答写上答案")
DROP = _moderators("不答", "不答 3", "这条待答不用回答")
SWITCH = _moderators(
    "自动回答", "自动回答 关", "没人叫我时别接话；「自动回答 开」再接", expects=r"$|[开关]"
)
