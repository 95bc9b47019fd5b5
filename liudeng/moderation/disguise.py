"""Words in disguise, spelt out: 加薇, V❤, 扣扣, 壹佰, 亻言, 4⃣️O. Spans still map back.

What is changed here is only how a word is written, never what was said: everything that reads the
plain text can show the member's own spelling beside it.
"""

import re
from dataclasses import dataclass

from liudeng.text.normalise import Normalised, normalise
from liudeng.text.rewriting import rewrite

_SHAPES = dict(
    zip(
        "囗夲ㄧ亽囬莪伱妳恁窝俺哋嘚嚸の厶侓邦佰仟咔曰伈迣镓葳徽薇嶶溦噐幣銭钅亖廾",
        "口本一人回我你你您我我的的点的私律帮百千卡日心世家微微微微微器币钱金四开",
        strict=True,
    )
)
_JOINED = {
    "亻言": "信", "氵舌": "活", "石马": "码", "石卑": "碑", "彳亍": "行", "水日日": "水晶",
    "贝戈": "贱", "扌石": "拓", "氵去": "法", "言舌": "话", "木几": "机", "贝占": "贴",
    "亻也": "他", "女也": "她", "亻尔": "你", "口合": "哈", "木寸": "村", "讠舌": "话",
    "讠正": "证", "禾厶": "私", "禾中": "种", "王元": "玩", "亻介": "价", "车专": "转",
    "钅失": "铁", "钅戋": "钱", "贝兼": "赚", "月兑": "脱", "马扁": "骗", "丬犬": "状",
    "弓长": "张", "走召": "超", "米且": "粗", "亻弋": "代", "辶千": "迁", "氵主": "注",
    "犭者": "猪", "尸亡": "死", "歹匕": "死", "米田": "粪", "木又": "权", "忄夬": "快",
    "子女": "好", "女子子": "好", "扌丁": "打", "扌日": "扫", "口马": "吗", "门口": "问",
    "礻畐": "福", "衤者": "褚", "王里": "理", "竹官": "管", "木交": "校", "讠井": "讲",
}  # fmt: skip
_PICTURES = {
    "🛰": "卫星", "🐧": "企鹅", "✈": "飞机",
    "🧧": "红包", "🐎": "码", "🐴": "码", "🥚": "蛋", "🐔": "机", "🐥": "机", "🐑": "羊",
    "🍠": "红薯",
    "💰": "钱", "💵": "钱", "💴": "钱", "➕": "加", "🈷": "月", "🅾": "o", "🆔": "账号", "🉐": "得",
    "🈶": "有", "🈚": "无", "🈲": "禁", "🈵": "满", "🈳": "空", "🈴": "合", "🈸": "申", "🉑": "可",
    "🚗": "车", "🪜": "梯子", "📱": "手机", "📞": "电话", "💳": "卡", "🔞": "成人", "🤏": "小",
    "🐶": "狗", "🐷": "猪", "💩": "屎", "🤖": "机器人", "📦": "包", "🐒": "猴", "👉": "私",
    "🀄": "中",
    "㊙": "秘", "㊗": "祝", "㊎": "金", "🦷": "牙", "⭕": "逼", "👗": "裙", "🍴": "险",
}  # fmt: skip
_NUMERALS = str.maketrans("〇零壹贰弍叁肆伍陆柒捌玖拾幺两", "00一二二三四五六七八九十一二")

_ALIASES: tuple[tuple[str, str], ...] = (
    (
        r"(?<=[加+葳嘉家佳伽咖茄架私找搜滴有是的同发看聊走:：])"
        r"(?:v信?|微信?|威信?|[❤♥💚🧡]|wx|vx|w|wei)(?![a-z])",
        "微信",
    ),
    (
        r"(?<![a-z])(?:v ?[❤♥💚🧡信]|w ?e ?i ?x? ?i? ?n?|v[ -]?x|w[ -]?x|v信|绿泡泡|绿色软件|卫星"
        r"|微我|伩|微心|v芯|威信)(?![a-z])",
        "微信",
    ),
    (
        r"(?<![a-z])(?:q ?q|qiu ?qiu|k ?o ?u ?k ?o ?u)(?![a-z])"
        r"|扣扣|球球|企鹅号?|抠抠|寇寇|叩叩",
        "qq",
    ),
    (r"(?:电报|dian报|纸飞机|飞微?信?机|t ?g(?=群|频道|找| |$)|telegram)", "电报"),
    (r"小红薯|小红书|小桃书", "小红书"),
    (r"(?:加|嘉|家|佳|伽|茄|\+)(?=微信|qq|我|q(?![a-z])|群|裙|好友|薪)", "加"),
    (r"裙(?=[里主号满门]|$|[,。! ])|(?<=[入进新旧加拉q小二])裙", "群"),
    (r"(?<![a-z0-9])(?:4|四) ?(?:o|0|欧|圈|零|〇|殴|偶|哦)(?![a-z0-9])|(?<![a-z])gpt-?4o", "4o"),
    (r"扫[马妈玛吗麻]|扫 ?ma(?![a-z])", "扫码"),
    (r"(?<![a-z])(?:sb|s\.b|傻[bx⭕*比币⭐]|煞笔|沙比|纱布|傻叉|傻缺)(?![a-z])", "傻逼"),
    (r"(?<![a-z])(?:nmsl|n\.m\.s\.l)(?![a-z])", "你妈死了"),
    (r"(?<![a-z])(?:cnm|c\.n\.m|草泥马|艹你[妈马码吗]|草你[妈马码]|曹尼玛)", "操你妈"),
    (r"(?<![a-z])yzm(?![a-z])|验z码", "验证码"),
    (r"(?<![a-z])(?:sfz)(?![a-z])", "身份证"),
    (r"(?<![a-z])xyk(?![a-z])", "信用卡"),
)  # fmt: skip
_ALIAS = re.compile("|".join(f"({pattern})" for pattern, _ in _ALIASES))
_HAN = r"[\u3400-\u9fff]"
_DECORATION = re.compile(
    rf"(?<={_HAN})[\u2600-\u27bf\u2b00-\u2bff\U0001f300-\U0001faff✿※☆★●○◆◇■□▪丨]{{1,2}}(?={_HAN})"
)
"""What may stand between the characters of a word and say nothing."""
_ONE = re.compile("|".join(map(re.escape, (*_JOINED, *_PICTURES, *_SHAPES))))
_TABLE = {**_JOINED, **_PICTURES, **_SHAPES}


@dataclass(frozen=True, slots=True)
class Unmasked:
    """A message as it was folded, and as it reads without its disguises."""

    folded: Normalised
    plain: Normalised
    tricks: int
    """How many spellings were undone: odd characters, joined halves, pictures for words."""


def unmask(text: str) -> Unmasked:
    """Fold a message and undo what hides its words."""
    folded = normalise(text)
    plain, tricks = folded, 0
    for pattern, word in ((_ONE, _word), (_ALIAS, _alias), (_DECORATION, _nothing)):
        changed = rewrite(plain, pattern.finditer(plain.text), word)
        if changed is not None:
            tricks += sum(word(hit) != hit.group() for hit in pattern.finditer(plain.text))
            plain = changed
    numbers = plain.text.translate(_NUMERALS)
    return Unmasked(folded, Normalised(numbers, plain.origins), tricks)


def _word(match: re.Match[str]) -> str:
    return _TABLE[match.group()]


def _nothing(_: re.Match[str]) -> str:
    return ""


def _alias(match: re.Match[str]) -> str:
    return _ALIASES[(match.lastindex or 1) - 1][1]
