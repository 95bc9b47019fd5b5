"""Read rule files; what cannot work or would hit everybody refuses to load and says why."""

import re
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from liudeng.moderation.rules.places import Places
from liudeng.moderation.rules.problem import RuleProblem
from liudeng.moderation.rules.rule import RuleSet
from liudeng.moderation.rules.width import too_wide

RULES_DIRECTORY = Path(__file__).resolve().parents[3] / "data" / "rules"
MOST_BYTES = 2_000_000
_TOML_PLACE = re.compile(r"\(at (?:line (\d+), column (\d+)|end of document)\)")
_PROBLEMS = {
    "missing": "缺少「{key}」这一项",
    "extra_forbidden": "不认识「{key}」，是不是写错了名字？",
    "too_short": "「{key}」不能是空的：空的名单会把所有消息都算进去",
    "too_long": "「{key}」太多了",
    "string_too_short": "「{key}」太短了，请写得具体一点",
    "string_too_long": "「{key}」太长了，请写短一点",
    "string_pattern_mismatch": "「{key}」只能用小写字母、数字和短横线，至少两个字符",
    "greater_than_equal": "「{key}」太小了，最小是 {ge}",
    "less_than_equal": "「{key}」太大了，最大是 {le}",
    "enum": "「{key}」里有不认识的取值，可以写：{expected}",
    "value_error": "「{key}」看不懂，时长请写成 10分钟、1天、2h 这样",
}


def load_sets(directory: Path = RULES_DIRECTORY) -> list[RuleSet]:
    """Read every file of rules, in order of name.

    Raises:
        RuleProblem: the first file that does not load, and why.
        OSError: a file cannot be read.
    """
    found: list[RuleSet] = []
    owners: dict[str, str] = {}
    for path in sorted(directory.glob("*.toml")):
        raw = path.read_bytes()[:MOST_BYTES].decode("utf-8", "replace")
        one = parse_set(raw, path.name)
        for number, rule in enumerate(one.rules):
            if rule.id in owners:
                line, column = Places(raw).of_key(number, "id")
                other = owners[rule.id]
                raise RuleProblem(
                    path.name, line, column, f"编号 {rule.id} 已经在 {other} 里用过了"
                )
            owners[rule.id] = path.name
        found.append(one)
    return found


def parse_set(raw: str, name: str) -> RuleSet:
    """Read one file's text.

    Raises:
        RuleProblem: it does not load, and why.
    """
    try:
        parsed = tomllib.loads(raw)
    except tomllib.TOMLDecodeError as error:
        place = _TOML_PLACE.search(str(error))
        line = int(place[1]) if place and place[1] else raw.count("\n") + 1
        column = int(place[2]) if place and place[2] else 1
        problem = "这里的写法不对：检查引号、逗号和方括号是不是成对"
        raise RuleProblem(name, line, column, problem) from None
    places = Places(raw)
    try:
        rules = RuleSet.model_validate(parsed)
    except ValidationError as error:
        raise _explained(name, places, error) from None
    _refuse_repeated(name, places, rules)
    for number, rule in enumerate(rules.rules):
        wide = too_wide(rule)
        if wide is not None:
            line, column = (
                places.of_word(number, wide.key, wide.word)
                if wide.word
                else places.of_key(number, wide.key)
            )
            raise RuleProblem(name, line, column, wide.problem)
    return rules


def _refuse_repeated(name: str, places: Places, rules: RuleSet) -> None:
    seen: set[str] = set()
    for number, rule in enumerate(rules.rules):
        if rule.id in seen:
            line, column = places.of_key(number, "id")
            raise RuleProblem(name, line, column, f"编号 {rule.id} 用了两次")
        seen.add(rule.id)


def _explained(name: str, places: Places, error: ValidationError) -> RuleProblem:
    first: Any = error.errors()[0]
    location = list(first["loc"])
    number = next((part for part in location if isinstance(part, int)), None)
    keys = [part for part in location if isinstance(part, str) and part not in ("rule", "[key]")]
    key = keys[-1] if keys else "rule"
    template = _PROBLEMS.get(first["type"], "「{key}」的写法不对")
    problem = template.format(
        key=key, **{"ge": "", "le": "", "expected": ""} | first.get("ctx", {})
    )
    line, column = places.of_key(number if keys else None, key)
    return RuleProblem(name, line, column, problem)
