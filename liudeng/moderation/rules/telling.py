"""A rule told in Chinese: what a moderator has written, read back."""

import json
from collections.abc import Mapping
from typing import Any

from liudeng.moderation.duration import in_words
from liudeng.moderation.rules.rule import Consequence, Rule, RuleSet, When
from liudeng.moderation.rules.typed import DO, SCORES, TypedRule

_SHOWN = 8
_DO = {value: word for word, value in DO.items()}
_SCORES = {value: word for word, value in SCORES.items()} | {"offensive": "轻蔑"}
_KEYS = {
    "name": "名字",
    "summary": "说明",
    "words": "词",
    "patterns": "句式",
    "domains": "域名",
    "files": "文件",
    "mentions": "提到",
    "same": "重复",
    "rate": "连发",
    "joined_within": "进群",
    "links": "链接",
    "images": "图",
    "mute_for": "禁言时长",
    "points": "分",
    "do": "后果",
    "when": "条件",
}


def told_in_chinese(problem: str) -> str:
    """A problem of a file's rule, without the names of the file's fields."""
    for key, word in _KEYS.items():
        problem = problem.replace(f"「{key}」", f"「{word}」")
    return problem.replace("改成 desk", "改成交给管理")


def tell_set(one: RuleSet) -> list[str]:
    """A set of rules, a line for each."""
    return [f"「{one.name}」第 {one.version} 版：{one.summary}", *map(tell_rule, one.rules)]


def tell_rule(rule: Rule) -> str:
    """A rule in one line: name, conditions, consequences, exemptions."""
    conditions = "，".join(_conditions(rule.when)) + ("，看图" if rule.pictures else "")
    tail = [f"记 {rule.points:g} 分"] if rule.points else []
    if rule.exempt.in_group_for:
        tail.append(f"除了进群 {in_words(rule.exempt.in_group_for)}以上的")
    if rule.exempt.members:
        tail.append("除了 " + " ".join(map(str, rule.exempt.members[:_SHOWN])))
    if rule.flood:
        tail.append("纪念模式时不管")
    told = "，".join((" ".join(_consequences(rule)), *tail))
    return f"· {rule.name}：{conditions} → {told}"


def _consequences(rule: Rule) -> list[str]:
    length = f" {in_words(rule.mute_for)}"
    return [_DO[one] + (length if one is Consequence.MUTE else "") for one in rule.then]


def _conditions(when: When) -> list[str]:
    told = [f"像{_SCORES[label]} {least:g}" for label, least in (when.score or {}).items()]
    if when.words:
        more = f"……共 {len(when.words)} 个" if len(when.words) > _SHOWN else ""
        told.insert(0, "词 " + " ".join(when.words[:_SHOWN]) + more)
    told += [f"句式 {pattern}" for pattern in when.patterns or ()]
    told += ["域名 " + " ".join(when.domains[:_SHOWN])] if when.domains else []
    told += ["文件 " + " ".join(when.files)] if when.files else []
    told += [f"像名单上的 {len(when.images)} 张图"] if when.images else []
    told += [f"连发 {when.rate.messages}条 {in_words(when.rate.within)}"] if when.rate else []
    for value, words in (
        (when.mentions, f"提到 {when.mentions}人"),
        (when.same, f"重复 {when.same}遍"),
        (when.repeats, "一条里大段重复"),
        (when.joined_within, f"进群 {in_words(when.joined_within or 0)}"),
        (when.links, "链接"),
        (when.lookalike, "仿冒链接"),
        (when.forward, "转发"),
        (when.qr, "二维码"),
    ):
        told += [words] if value else []
    return told


def as_toml(rule: TypedRule, version: int) -> str:
    """What a file of this one rule would say."""
    fields: dict[str, Any] = {
        "id": "own",
        "name": rule.name,
        "why": "它不合这个群自己定的规则",
        "do": rule.do,
        "points": rule.points,
        "pictures": rule.pictures,
        "when": rule.when,
    }
    fields |= {"mute_for": rule.mute_for} if rule.mute_for else {}
    fields |= {"exempt": rule.exempt} if rule.exempt else {}
    head = {"name": rule.name, "summary": f"自己写的规则「{rule.name}」", "version": version}
    return "\n".join((*_lines(head), "[[rule]]", *_lines(fields))) + "\n"


def _lines(fields: Mapping[str, Any]) -> list[str]:
    return [f"{name} = {_value(value)}" for name, value in fields.items()]


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
