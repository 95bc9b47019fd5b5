"""Pinyin: how Chinese characters sound, and which syllables a run of Latin letters may spell."""

import os
from functools import lru_cache

# The dictionary of phrases would cost 50 MB; `_OTHER_READINGS` does what matters of its work.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")

from pypinyin import lazy_pinyin

_SPELT = """
a ai an ang ao ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu ca cai can cang
cao ce cen ceng cha chai chan chang chao che chen cheng chi chong chou chu chua chuai chuan
chuang chui chun chuo ci cong cou cu cuan cui cun cuo da dai dan dang dao de dei den deng di
dian diao die ding diu dong dou du duan dui dun duo e ei en eng er fa fan fang fei fen feng fo
fou fu ga gai gan gang gao ge gei gen geng gong gou gu gua guai guan guang gui gun guo ha hai
han hang hao he hei hen heng hong hou hu hua huai huan huang hui hun huo ji jia jian jiang jiao
jie jin jing jiong jiu ju juan jue jun ka kai kan kang kao ke ken keng kong kou ku kua kuai
kuan kuang kui kun kuo la lai lan lang lao le lei leng li lia lian liang liao lie lin ling liu
long lou lu luan lun luo lv lve lue ma mai man mang mao me mei men meng mi mian miao mie min
ming miu mo mou mu na nai nan nang nao ne nei nen neng ni nian niang niao nie nin ning niu nong
nou nu nuan nuo nv nve nue o ou pa pai pan pang pao pei pen peng pi pian piao pie pin ping po
pou pu qi qia qian qiang qiao qie qin qing qiong qiu qu quan que qun ran rang rao re ren reng
ri rong rou ru ruan rui run ruo sa sai san sang sao se sen seng sha shai shan shang shao she
shei shen sheng shi shou shu shua shuai shuan shuang shui shun shuo si song sou su suan sui sun
suo ta tai tan tang tao te teng ti tian tiao tie ting tong tou tu tuan tui tun tuo wa wai wan
wang wei wen weng wo wu xi xia xian xiang xiao xie xin xing xiong xiu xu xuan xue xun ya yan
yang yao ye yi yin ying yo yong you yu yuan yue yun za zai zan zang zao ze zei zen zeng zha
zhai zhan zhang zhao zhe zhen zheng zhi zhong zhou zhu zhua zhuai zhuan zhuang zhui zhun zhuo
zi zong zou zu zuan zui zun zuo
"""
_SYLLABLES = frozenset(_SPELT.split())
_LONGEST = max(map(len, _SYLLABLES))

_ALSO_READ = """
长chang 長chang 重chong 行hang 还huan 還huan 觉jiao 覺jiao 乐yue 樂yue 了liao 都du 得dei 地de
着zhao 便pian 传zhuan 傳zhuan 调tiao 調tiao 弹tan 彈tan 系ji 血xie 薄bo 差chai 朝zhao 参shen
藏zang 和huo 没mo 么mo 谁shei 誰shei 什shi 大dai 会kuai 说shui 說shui 角jue 落la 率shuai 单shan
曾zeng 露lou 熟shou 盛cheng 石dan 宿xiu 尾yi 吓he 仔zai 扎za 折she 粘nian 轧ya 咽ye 嚼jue 晕yun
模mu 降xiang 解xie 校jiao 车ju 車ju 绿lu 喔wo 哪nei 那nei 啊e 女nu 嗯en 哦e
"""
_OTHER_READINGS = {pair[0]: pair[1:] for pair in _ALSO_READ.split()}
"""Everyday characters whose second reading is spelt differently."""

_VOWEL_LIKE = str.maketrans({"ü": "v"})
_LONGEST_RUN = 48
"""Letters of one run that are read as syllables; what follows is no pinyin anybody typed."""


@lru_cache(maxsize=32_768)
def readings(char: str) -> tuple[str, ...]:
    """Return the syllables of a character, the usual one first; empty for what has none."""
    usual = lazy_pinyin(char, errors="ignore")
    if not usual or usual[0] not in _SYLLABLES:
        return (_OTHER_READINGS[char],) if char in _OTHER_READINGS else ()
    other = _OTHER_READINGS.get(char)
    return (usual[0], other) if other else (usual[0],)


@lru_cache(maxsize=1_024)
def blurred(syllable: str) -> str:
    """Return what a syllable sounds like to those who do not tell zh from z, or -ng from -n."""
    if syllable[:2] in ("zh", "ch", "sh"):
        syllable = syllable[0] + syllable[2:]
    if syllable.endswith(("ang", "eng", "ing")):
        syllable = syllable[:-1]
    return {"lue": "lve", "nue": "nve"}.get(syllable, syllable)


def spellings(letters: str, limit: int = 4) -> list[tuple[str, ...]]:
    """Return how a run of Latin letters divides into syllables, fewest syllables first.

    `xian` is one syllable or two. Empty if the letters are no pinyin.
    """
    letters = letters.casefold().translate(_VOWEL_LIKE)
    if not letters or len(letters) > _LONGEST_RUN:
        return []
    ways: list[list[tuple[str, ...]]] = [[()]]
    for end in range(1, len(letters) + 1):
        found = [
            (*way, letters[start:end])
            for start in range(max(0, end - _LONGEST), end)
            if letters[start:end] in _SYLLABLES
            for way in ways[start]
        ]
        ways.append(sorted(found, key=len)[:limit])
    return ways[-1]
