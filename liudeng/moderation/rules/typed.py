"""A rule as a moderator types it in one message, read into what a file of rules would say.

    名字：条件，条件 → 后果 后果，除了 例外

Each condition begins with its word; without one it is a list of words. Whatever cannot be read is
named by the moderator's own words, with an example of how it is written.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from liudeng.moderation.duration import LONGEST_S, leading_duration, parse_duration

_ARROW = re.compile(r"→|->|=>|➡️?")
_PARTS = re.compile(r"[，；;\n]|,(?=\s)")
_BETWEEN = re.compile(r"[\s、]+")
HOW_TO_ADD = (
    "写成：规则 新增 名字：条件，条件 → 后果\n"
    "条件：词 甲 乙｜句式 正则｜链接｜仿冒链接｜域名 a.com｜提到 5人｜重复 3遍｜连发 12条 20秒"
    "｜进群 3天｜转发｜文件 apk｜二维码｜像诈骗（广告、辱骂、怂恿、刷屏、采访）｜看图\n"
    "后果：记录 提醒 撤回 禁言 10分钟 交给管理 提议移出\n"
    "后面还可以加：，除了 30天 12345678（放过老成员和某人），记 2 分\n"
    "例如：规则 新增 防推销：词 厂家直销 加我下单，进群 7天 → 撤回 禁言 1小时，除了 30天"
)
DO = {
    "记录": "note",
    "提醒": "warn",
    "撤回": "recall",
    "禁言": "mute",
    "交给管理": "desk",
    "提议移出": "propose_kick",
}
SCORES = {
    "诈骗": "scam",
    "广告": "ad",
    "辱骂": "abuse",
    "怂恿": "incite",
    "刷屏": "flood",
    "采访": "outsider",
}
_LONGEST_NAME = 20


class TypedProblem(ValueError):
    """What was typed cannot be read; the text is a Chinese sentence that says how to write it."""


@dataclass(slots=True)
class TypedRule:
    """A rule as it was read: the fields of a rule in a file."""

    name: str
    when: dict[str, Any] = field(default_factory=dict)
    do: list[str] = field(default_factory=list)
    mute_for: int | None = None
    exempt: dict[str, Any] = field(default_factory=dict)
    points: float = 1.0
    pictures: bool = False


def read_typed(typed: str) -> TypedRule:
    """Read a rule.

    Raises:
        TypedProblem: it cannot be read, and why.
    """
    name, colon, rest = typed.strip().replace(":", "：", 1).partition("：")
    name = name.strip()
    if not colon or not 2 <= len(name) <= _LONGEST_NAME:
        raise TypedProblem(f"先写两到 {_LONGEST_NAME} 个字的名字和冒号。\n{HOW_TO_ADD}")
    halves = _ARROW.split(rest)
    if len(halves) != 2:
        raise TypedProblem(f"条件和后果之间要有一个箭头「→」（打 -> 也行）。\n{HOW_TO_ADD}")
    rule = TypedRule(name)
    for part in _parts(halves[0]):
        _read_condition(rule, part)
    consequences, *exempt = _parts(halves[1]) or [""]
    _read_consequences(rule, consequences)
    for part in exempt:
        _read_tail(rule, part)
    if not rule.when:
        raise TypedProblem("一个条件也没有：这条规则会对每条消息生效。")
    return rule


def _parts(text: str) -> list[str]:
    return [part.strip() for part in _PARTS.split(text) if part.strip()]


def _read_condition(rule: TypedRule, part: str) -> None:
    head, _, rest = part.partition(" ")
    if head.startswith("像") and head[1:] in SCORES:
        rule.when.setdefault("score", {})[SCORES[head[1:]]] = _score(part, rest.strip())
    elif head == "看图":
        rule.pictures = True
    elif head in _FLAGS and not rest:
        rule.when[_FLAGS[head]] = True
    elif head in _READERS:
        key, read = _READERS[head]
        value = read(part, rest.strip())
        before = rule.when.get(key)
        rule.when[key] = [*before, *value] if isinstance(before, list) else value
    else:
        words = _BETWEEN.split(part)
        rule.when["words"] = [*rule.when.get("words", []), *words]


def _score(part: str, rest: str) -> float:
    try:
        value = float(rest) if rest else 0.5
    except ValueError:
        value = 0.0
    if not 0.5 <= value <= 1:
        raise TypedProblem(f"「{part}」：分数写 0.5 到 1，不写就是 0.5，例如：像诈骗 0.8")
    return value


def _words(part: str, rest: str) -> list[str]:
    if not rest:
        raise TypedProblem(f"「{part}」后面没有写词，例如：词 厂家直销 加我下单")
    return _BETWEEN.split(rest)


def _pattern(part: str, rest: str) -> list[str]:
    if not rest:
        raise TypedProblem(f"「{part}」后面没有写句式，例如：句式 加.{{0,3}}微信.*下单")
    return [rest]


def _domains(part: str, rest: str) -> list[str]:
    found = [one.lower().removeprefix("https://").strip("/") for one in _BETWEEN.split(rest)]
    wrong = next((one for one in found if not re.fullmatch(r"[\w-]+(\.[\w-]+)+", one)), None)
    if wrong is not None:
        raise TypedProblem(f"「{wrong or part}」不像域名，写成：域名 example.com a.example.cn")
    return found


def _files(part: str, rest: str) -> list[str]:
    found = [one.lower().lstrip(".") for one in _BETWEEN.split(rest) if one]
    if not found or not all(one.isascii() and one.isalnum() for one in found):
        raise TypedProblem(f"「{part}」：写文件名的结尾，例如：文件 apk exe")
    return found


def _between(least: int, most: int, unit: str, example: str) -> Callable[[str, str], int]:
    def read(part: str, rest: str) -> int:
        match = re.fullmatch(rf"(\d{{1,5}})\s*(?:{unit})?", rest)
        if match is None or not least <= int(match[1]) <= most:
            raise TypedProblem(f"「{part}」：写 {least} 到 {most} 的数，例如：{example}")
        return int(match[1])

    return read


def _rate(part: str, rest: str) -> dict[str, int]:
    match = re.match(r"(\d{1,4})\s*(?:条|句)?[\s/]+(.+)", rest)
    within = parse_duration(match[2], "s") if match else None
    if match is None or within is None or not 3 <= int(match[1]) <= 1_000 or within < 1:
        raise TypedProblem(f"「{part}」：写几条和多久，至少 3 条，例如：连发 12条 20秒")
    return {"messages": int(match[1]), "within": within}


def _joined(part: str, rest: str) -> int:
    seconds = parse_duration(rest.removesuffix("内").strip(), "d")
    if not seconds:
        raise TypedProblem(f"「{part}」：写进群多久以内，例如：进群 3天")
    return seconds


_FLAGS = {"链接": "links", "仿冒链接": "lookalike", "转发": "forward", "二维码": "qr"}
_READERS: Mapping[str, tuple[str, Callable[[str, str], Any]]] = {
    "词": ("words", _words),
    "句式": ("patterns", _pattern),
    "域名": ("domains", _domains),
    "文件": ("files", _files),
    "提到": ("mentions", _between(2, 500, "人|个人", "提到 5人")),
    "重复": ("same", _between(2, 100, "遍|次", "重复 3遍")),
    "连发": ("rate", _rate),
    "进群": ("joined_within", _joined),
}


def _read_consequences(rule: TypedRule, part: str) -> None:
    rest = part
    while rest:
        word = next((one for one in sorted(DO, key=len, reverse=True) if rest.startswith(one)), "")
        if not word:
            known = "、".join(DO)
            raise TypedProblem(f"后果「{rest[:10]}」不认识，可以写：{known}。")
        rule.do.append(DO[word])
        rest = rest.removeprefix(word).lstrip(" 、")
        if word == "禁言":
            seconds, rest = leading_duration(rest)
            rule.mute_for = 600 if seconds is None else seconds
            rest = rest.lstrip(" 、")
            if not 1 <= rule.mute_for <= LONGEST_S:
                raise TypedProblem("QQ 最多禁言 30 天，例如：禁言 10分钟")
    if not rule.do:
        raise TypedProblem(f"箭头后面要写后果：{'、'.join(DO)}。")


def _read_tail(rule: TypedRule, part: str) -> None:
    if match := re.fullmatch(r"记\s*(\d{1,2}(?:\.\d)?)\s*分", part):
        if float(match[1]) > 10:
            raise TypedProblem(f"「{part}」：一次最多记 10 分。")
        rule.points = float(match[1])
        return
    if not part.startswith("除了"):
        raise TypedProblem(f"「{part[:20]}」看不懂。后果后面可以写：除了 30天 12345678，或 记 2 分")
    for word in _BETWEEN.split(part.removeprefix("除了").strip()):
        if re.fullmatch(r"\d{5,12}", word):
            rule.exempt["members"] = [*rule.exempt.get("members", []), int(word)]
        elif seconds := parse_duration(word, "d"):
            rule.exempt["in_group_for"] = seconds
        else:
            raise TypedProblem(
                f"「{part[:20]}」：写进群多久的老成员，或 QQ 号，例如：除了 30天 12345678"
            )
