"""Crisis words in disguise, spelled out: 自sha, 想si, yi书. Read beside the original.

Only whole crisis words of several characters are restored, and only where the neighbours fit; a
single homophone proves nothing (紫砂 is a teapot until the lexicon says otherwise).
"""

import re
from collections.abc import Iterator
from itertools import chain

from liudeng.text.normalise import Normalised
from liudeng.text.rewriting import rewrite

_LEFT = r"(?<![a-z0-9])"
_RIGHT = r"(?![a-z0-9])"
_STOP = r"(?=[了掉吧算啊呀的,。!?~;: …)]|一[了下次]|给|在|意|亡|$)"
_WISH = r"(?<=[想要去求寻就也都只早会该能不如])"

_DISGUISES: tuple[tuple[str, str], ...] = (
    (rf"自(?:sha{_RIGHT}|s{_RIGHT}|鲨|啥|纱|煞|莎|刹)(?!车)", "自杀"),
    (rf"{_LEFT}zi?(?:杀|鲨|沙|傻)", "自杀"),
    (rf"{_LEFT}zi ?sha{_RIGHT}", "自杀"),
    (r"(?:[紫字资兹][杀鲨沙啥刹]|子[杀鲨])(?=[了吧算掉,。!的念倒未想前]|$)", "自杀"),
    (rf"{_WISH}(?:si|shi|亖|歹匕|歹夕匕|4+|s|丝(?=[,了]|$)){_STOP}", "死"),
    (rf"{_LEFT}(?:wo ?)?xiang ?si{_RIGHT}", "想死"),
    (rf"{_LEFT}bu ?xiang ?huo{_RIGHT}", "不想活"),
    (r"[4四亖](?=意已)", "死"),
    (r"氵舌", "活"),
    (r"(?<=安乐)[4四亖]", "死"),
    (rf"{_LEFT}si ?wang{_RIGHT}", "死亡"),
    (rf"(?<=不想)(?:huo|h|话|火)(?=[了着,。! ]|下去|$)|(?<=不想再)huo|(?<=不想活)le{_RIGHT}", "活"),
    (r"(?<=活不下)qu", "去"),
    (r"(?<=活)(?:bu|8|卜|布)(?=下)", "不"),
    (rf"遗shu{_RIGHT}|{_LEFT}yi(?:书|shu{_RIGHT})|{_LEFT}y书|遗sh?{_RIGHT}", "遗书"),
    (rf"遗yan{_RIGHT}|{_LEFT}yi言", "遗言"),
    (rf"割(?:wan|w|碗|婉){_RIGHT}|[隔歌鸽]腕|{_LEFT}ge?(?:腕|wan{_RIGHT})", "割腕"),
    (rf"跳(?:lou|l|喽|搂|娄){_RIGHT}|{_LEFT}tiao(?:楼| ?lou{_RIGHT})|{_LEFT}t楼", "跳楼"),
    (rf"{_LEFT}tiao(?=下|[河江桥海])", "跳"),
    (rf"上diao{_RIGHT}|{_LEFT}shang吊", "上吊"),
    (rf"自(?:can|c){_RIGHT}|{_LEFT}zi残", "自残"),
    (rf"安(?:mian|m)药|{_LEFT}an眠药", "安眠药"),
    (rf"安乐(?:si|s){_RIGHT}", "安乐死"),
    (rf"{_LEFT}tian台", "天台"),
    (r"(?<=[从想跳])lou(?=[上下顶,]|$)", "楼"),
    (r"(?<=[又在])ge(?=了)", "割"),
)
_SOUNDS = {
    "自": "zi", "杀": "sha", "轻": "qing", "生": "sheng", "残": "can", "尽": "jin", "缢": "yi",
    "吊": "diao", "烧": "shao", "炭": "tan", "吞": "tun", "药": "yao", "跳": "tiao", "河": "he",
    "江": "jiang", "海": "hai", "卧": "wo", "轨": "gui", "了": "liao", "结": "jie", "己": "ji",
    "束": "shu", "命": "ming", "死": "si", "寻": "xun",
}  # fmt: skip
_HALF_SPELLED = (
    "轻生", "自残", "自尽", "自缢", "上吊", "烧炭", "吞药", "跳河", "跳江", "跳海", "卧轨", "寻死",
    "了结自己", "结束自己", "结束生命", "一了百了",
)  # fmt: skip
"""Words of which any part may stand in letters: 轻sheng, shao炭, 结束ziji."""


def _half_spelled(word: str) -> str:
    """Any part of a word in pinyin, or after a wish its last sound as one letter: 想上d."""
    sounds = [_SOUNDS.get(char) for char in word]
    ways: set[str] = set()
    for start in range(len(word)):
        for end in range(start + 1, len(word) + 1):
            if all(sounds[start:end]):
                spelled = " ?".join(filter(None, sounds[start:end]))
                ways.add(f"{_edge(start, _LEFT)}{word[:start]}{spelled}{word[end:]}")
    last = sounds[-1]
    letters = "|".join(f"{way}{_RIGHT if way[-1].isascii() else ''}" for way in sorted(ways))
    return f"{letters}|{_WISH}{word[:-1]}{last[0]}{_RIGHT}" if last else letters


def _edge(start: int, guard: str) -> str:
    return guard if start == 0 else ""


_TURNED = ((r"杀自(?=[想了的,]|$)|(?<=想)杀自", "自杀"), (r"了?活想不", "不想活了"))
_NOT = (r"(?:卜|8|b|bu|布|补)(?=[想响]活|想话|想火)", "不")
_THINK = (r"(?<=[不布卜])响(?=活|死)", "想")
_LEET = (r"su[i1!]c[i1!]de", "suicide")
_HAN = r"[\u3400-\u9fff]"
_BETWEEN = (rf"(?<={_HAN})[#※✖♥♡☆★]{{1,3}}(?={_HAN})", "")
_PICTURED = (
    ("🔪|🗡", "刀"), ("💊", "药"), ("🪢", "绳子"), ("🩸", "流血"), ("⚰", "棺材"), ("🪦", "墓"),
    ("🌉", "桥上"), ("🏢", "楼"), ("🚪", "门"), ("⬇|👇", "下"), ("🪂", "跳下"), ("👻", "鬼"),
    ("💀|☠", "死"), ("🌊", "海"),
)  # fmt: skip
"""Pictures that stand in for the words of a sentence: 🔪了手."""
_ALL = (
    *_DISGUISES,
    *_PICTURED,
    *((_half_spelled(word), word) for word in _HALF_SPELLED),
    *_TURNED,
    _NOT,
    _THINK,
    _LEET,
    _BETWEEN,
)
_FIRST = "".join(dict.fromkeys("紫字资兹子自亖歹四丝氵话火遗割隔歌鸽跳上安卜布补杀了活响#※✖♥♡☆★"
    + "".join(f"{shown[0]}{shown[-1]}" for shown, _ in _PICTURED)
    + "".join(word[0] for word in _HALF_SPELLED)))  # fmt: skip
_BEGIN = (
    rf"(?=[a-z48{_FIRST}])"
    r"(?:(?<![a-z0-9])|(?![a-z0-9])|(?=su[i1!]c|4意已|(?:8|bu?)[想响]))"
)
"""Where a disguise can begin at all: a tenth of a Chinese text, the words' beginnings of a Latin
one. Every other place is passed over by one look instead of seventy."""
_HEAD, _TAIL = 5_000, 3_000
"""Of a longer text only the beginning and the end are looked at: reading takes up to 3 ms per
thousand characters, on the event loop."""
_ANY = re.compile(f"{_BEGIN}(?:{'|'.join(f'({disguise})' for disguise, _ in _ALL)})")
_HINT = re.compile(
    r"[a-z48亖卜布🔪🗡💊🪢🩸⚰🪦🌉🏢🚪⬇👇🪂👻💀☠🌊四#※✖♥♡☆★]|杀自|活想不|歹|[紫子字资兹自][杀鲨沙啥刹纱煞莎]|想[话火]|[隔歌鸽]腕|氵舌|想丝|响[活死]|割[碗婉]|跳[喽搂娄]"
)


def respell(folded: Normalised) -> Normalised | None:
    """The text with disguised crisis words spelled out; None where there are none."""
    if not _HINT.search(folded.text):
        return None
    return rewrite(folded, _found(folded.text), lambda match: _ALL[(match.lastindex or 1) - 1][1])


def _found(text: str) -> Iterator[re.Match[str]]:
    if len(text) <= _HEAD + _TAIL:
        return _ANY.finditer(text)
    return chain(_ANY.finditer(text, 0, _HEAD), _ANY.finditer(text, len(text) - _TAIL))
