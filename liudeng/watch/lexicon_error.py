"""What is wrong with a lexicon file, said to the moderator who edits it: file, line and reason."""

import re
from pathlib import Path

from pydantic import ValidationError

_KINDS = ("danger", "pain", "support", "worry", "context")
"""Pydantic's locations name the branch of the schema, which means nothing to an editor."""


class LexiconError(ValueError):
    """A lexicon file is unusable; the message names file and line, in Chinese."""

    def __init__(self, path: Path, line: int | None, problem: str) -> None:
        where = f"第 {line} 行" if line else "整个文件"
        super().__init__(f"词库文件 {path.name}（{where}）：{problem}")
        self.path = path
        self.line = line


class EntryLines:
    """Finds the line an entry stands on; entries are asked for in file order."""

    def __init__(self, raw: str) -> None:
        self._lines = raw.splitlines()
        self._at = 0

    def next(self, entry: str) -> int | None:
        """Number of the line, from 1, on which the next such entry stands."""
        quoted = (f'"{entry}"', f"'{entry}'")
        for number in range(self._at, len(self._lines)):
            code = self._lines[number]
            if not code.lstrip().startswith("#") and any(form in code for form in quoted):
                self._at = number
                return number + 1
        return None


_PROBLEMS = {
    "missing": "缺少这一项",
    "extra_forbidden": "不认识这一项，是不是写错了名字？",
    "too_short": "不能是空的",
    "string_too_short": "太短了，请写成一句话",
    "union_tag_invalid": "只能是 danger、pain、support、worry 或 context",
    "union_tag_not_found": "缺少 kind 这一项",
    "literal_error": "不在允许的取值里",
    "greater_than": "数字太小",
    "less_than_equal": "数字太大，最大是 1",
}


def explain(path: Path, raw: str, error: ValidationError) -> LexiconError:
    """Say in Chinese what the first finding of the schema means, and where."""
    first = error.errors()[0]
    location = [part for part in first["loc"] if part not in _KINDS]
    keys = [part for part in location if isinstance(part, str)]
    key = keys[-1] if keys else "kind"
    lines = raw.splitlines()
    start = 0
    if len(location) > 1 and location[0] == "groups" and isinstance(location[1], int):
        heads = [n for n, code in enumerate(lines) if code.strip() == "[[groups]]"]
        start = heads[location[1]] if location[1] < len(heads) else 0
    at = next((n for n in range(start, len(lines)) if _sets_key(lines[n], key)), start or None)
    problem = _PROBLEMS.get(first["type"], "这一项的写法不对")
    return LexiconError(path, None if at is None else at + 1, f"{key}：{problem}")


def _sets_key(line: str, key: str) -> bool:
    return re.match(rf"""\s*["']?{re.escape(key)}["']?\s*=""", line) is not None
