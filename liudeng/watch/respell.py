"""Crisis words in disguise, spelled out: 自sha, 想si, yi书. Read beside the original.

Only whole crisis words of several characters are restored, and only where the neighbours fit; a
single homophone proves nothing (紫砂 is a teapot until the lexicon says otherwise).
"""

import re

from liudeng.text.normalise import Normalised
from liudeng.text.rewriting import rewrite

_LEFT = r"(?<![a-z0-9])"
_RIGHT = r"(?![a-z0-9])"
_STOP = r"(?=[了掉吧算啊呀的,。!?~;: …)]|一[了下次]|给|在|意|亡|$)"
_WISH = r"(?<=[想要去求寻就也都只早会该能不如])"

_DISGUISES: tuple[tuple[str, str], ...] = (
    (rf"自(?:sh[aā]{_RIGHT}|s{_RIGHT}|鲨|啥|纱|煞|莎|刹)(?!车)", "自杀"),
    (rf"{_LEFT}z[iì]?(?:杀|鲨|沙|傻)", "自杀"),
    (rf"{_LEFT}zi ?sha{_RIGHT}", "自杀"),
    (r"(?:[紫字资兹][杀鲨沙啥刹]|子[杀鲨])(?=[了吧算掉,。!的念倒未想前]|$)", "自杀"),
    (rf"{_WISH}(?:si|sǐ|shi|亖|歹匕|歹夕匕|4|s){_STOP}", "死"),
    (rf"{_LEFT}si ?wang{_RIGHT}", "死亡"),
    (rf"(?<=不想)(?:huo|h|话|火)(?=[了着,。! ]|下去|$)|(?<=不想再)huo|(?<=不想活)le{_RIGHT}", "活"),
    (r"(?<=活不下)qu", "去"),
    (rf"遗shu{_RIGHT}|{_LEFT}yi(?:书|shu{_RIGHT})|{_LEFT}y书|遗s{_RIGHT}", "遗书"),
    (rf"遗yan{_RIGHT}|{_LEFT}yi言", "遗言"),
    (rf"割(?:wan|w|碗|婉){_RIGHT}|{_LEFT}ge?(?:腕|wan{_RIGHT})", "割腕"),
    (rf"跳(?:lou|l|喽|搂|娄){_RIGHT}|{_LEFT}tiao(?:楼| ?lou{_RIGHT})|{_LEFT}t楼", "跳楼"),
    (rf"{_LEFT}tiao(?=下|[河江桥海])", "跳"),
    (rf"上diao{_RIGHT}|{_LEFT}shang吊", "上吊"),
    (rf"自(?:can|c){_RIGHT}|{_LEFT}zi残", "自残"),
    (rf"安(?:mian|m)药|{_LEFT}an眠药", "安眠药"),
)
_ANY = re.compile("|".join(f"({disguise})" for disguise, _ in _DISGUISES))
_HINT = re.compile(r"[a-z4亖]|歹|[紫子字资兹自][杀鲨沙啥刹纱煞莎]|想[话火]|割[碗婉]|跳[喽搂娄]")


def respell(folded: Normalised) -> Normalised | None:
    """The text with disguised crisis words spelled out; None where there are none."""
    if not _HINT.search(folded.text):
        return None
    return rewrite(folded, _ANY, lambda match: _DISGUISES[(match.lastindex or 1) - 1][1])
