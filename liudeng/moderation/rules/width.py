"""Rules that would hit everybody, or act upon too little, are refused before they can do harm."""

import re
from dataclasses import dataclass
from functools import cache

from liudeng.moderation.disguise import unmask
from liudeng.moderation.rules.rule import Consequence, Rule

_HARSH = frozenset({Consequence.RECALL, Consequence.MUTE, Consequence.PROPOSE_KICK})
_CONTEXT_ONLY = frozenset({"joined_within", "links", "forward"})
"""True of many harmless messages: alone they may lead to a note or the desk."""
_EVERYDAY = (
    "早上好", "晚安", "我想他了", "谢谢大家", "好的", "今天下班好晚", "哈哈哈哈", "在吗",
    "你们吃饭了吗", "签了", "他走了以后我一直没睡好", "怎么导出聊天记录", "加油", "我也是", "抱抱",
    "嗯嗯", "2月13日", "https://example.com", "帮助", "搜 晚安", "他说会一直在", "别难过", "明天见",
    "群公告在哪里看", "有人知道怎么设置吗", "这张图好好看", "我妈做的饭", "4o", "谢谢管理",
    "辛苦了",     "对不起", "没事的",
)  # fmt: skip
"""What a group says all day; a rule's words and patterns that hit one of these are too wide."""
_LONGEST_PATTERN = 400
_SLOW = "这个正则太长，或重复得没有尽头，会拖慢机器人：.* 只能有一个，别的写成 .{0,20}"
_MOST_OPEN_REPEATS = 1
"""Each without an end multiplies the time a message takes by its length."""
_CLASS_OR_ESCAPE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_GROUP_HEAD = re.compile(r"\((?:\?(?:P?<[=!]?\w*>?|[:=!>]|[a-z]+:?))?")
_REPEAT = re.compile(r"[*+]|\{\d*,\d*\}|\{\d+\}")
_OPEN_REPEAT = re.compile(r"[*+]|\{\d*,\}")
_INNER_GROUP = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class Wide:
    """Which key, and which of its entries, is the trouble."""

    key: str
    problem: str
    word: str = ""


@cache
def _everyday() -> dict[str, str]:
    """Everyday lines, and how rules read them."""
    return {line: unmask(line).plain.text for line in _EVERYDAY}


def too_wide(rule: Rule) -> Wide | None:
    """Say what makes a rule refuse to load; None when it is fine."""
    when = rule.when
    if not when.given:
        return Wide("when", "一个条件也没有：这条规则会对每条消息生效")
    return (
        _empty_list(rule)
        or _wrong_images(rule)
        or _wide_words(rule)
        or _wide_patterns(rule)
        or _too_harsh(rule)
    )


def _empty_list(rule: Rule) -> Wide | None:
    for key in rule.when.given:
        if getattr(rule.when, key) in ((), {}):
            return Wide(key, f"「{key}」是空的：空的名单会把所有消息都算进去")
        if getattr(rule.when, key) is False:
            return Wide(key, f"「{key}」写成 false 等于没有条件，请删掉这一行")
    return None


def _wrong_images(rule: Rule) -> Wide | None:
    for look in rule.when.images or ():
        if not re.fullmatch(r"[0-9a-f]{64}", look):
            problem = "这不是图的指纹：在群里回复那张图发「拦图 名字」，我来记"
            return Wide("images", problem, look)
    return None


def _wide_words(rule: Rule) -> Wide | None:
    alone = rule.when.given == ("words",)
    for word in rule.when.words or ():
        plain = unmask(word).plain.text.strip()
        if not plain:
            return Wide("words", "这里有一个空的词：它会命中所有消息", word)
        if alone and len(plain) < 2:
            return Wide(
                "words", f"「{word}」只有一个字，会误伤很多人；请写长一点，或加别的条件", word
            )
        hit = next((line for line, as_read in _everyday().items() if plain in as_read), None)
        if alone and hit is not None:
            return Wide("words", f"「{word}」太宽了：连「{hit}」这样的平常话也会命中", word)
    return None


def _wide_patterns(rule: Rule) -> Wide | None:
    for pattern in rule.when.patterns or ():
        if len(pattern) > _LONGEST_PATTERN or _is_slow(pattern):
            return Wide("patterns", _SLOW, pattern)
        try:
            compiled = re.compile(pattern)
        except (re.error, OverflowError):
            return Wide("patterns", "这个正则写错了：检查括号和反斜杠", pattern)
        if compiled.search(""):
            return Wide("patterns", "这个正则什么都不写也能匹配：它会命中所有消息", pattern)
        hit = next((line for line in _EVERYDAY if compiled.search(line)), None)
        if hit is not None:
            return Wide("patterns", f"这个正则太宽了：连「{hit}」这样的平常话也会命中", pattern)
    return None


def _is_slow(pattern: str) -> bool:
    """Whether some message could make a pattern try for minutes: nobody can stop it meanwhile.

    What is repeated may neither repeat nor choose itself, as (a+)+ and (.|a)+ do.
    """
    bare = _GROUP_HEAD.sub("(", _CLASS_OR_ESCAPE.sub("x", pattern))
    if len(_OPEN_REPEAT.findall(bare)) > _MOST_OPEN_REPEATS:
        return True
    while match := _INNER_GROUP.search(bare):
        inner, behind = match[1], bare[match.end() :]
        varies = "|" in inner or "?" in inner or _REPEAT.search(inner) is not None
        if varies and _REPEAT.match(behind):
            return True
        # What varies still varies where this group stands within another.
        bare = f"{bare[: match.start()]}{'x?' if varies else 'x'}{behind}"
    return False


def _too_harsh(rule: Rule) -> Wide | None:
    given = set(rule.when.given)
    if given <= _CONTEXT_ONLY and _HARSH & set(rule.then):
        return Wide("do", "只凭这些条件就撤回或禁言，会误伤很多人：请再加词、分数或次数")
    if given == {"qr"} and _HARSH & set(rule.then):
        return Wide("do", "只凭有二维码就撤回或禁言，会误伤很多人：请再加进群时间、词或域名")
    if given <= {"score"} and Consequence.PROPOSE_KICK in rule.then:
        return Wide("do", "模型的分数不能单独用来提议移出：请再加别的条件，或改成 desk")
    return None
