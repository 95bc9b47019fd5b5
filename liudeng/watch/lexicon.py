"""Load the lexicon a moderator can edit: TOML files of signs, contexts and word sets.

`load_lexicon(directory)` reads `sets.toml`, `*.toml` and `context/*.toml`, checks every entry and
returns one `Lexicon` whose `find` runs all entries over a text in one pass (Aho-Corasick).
"""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import ahocorasick
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from liudeng.watch.lexicon_error import EntryLines, LexiconError, explain
from liudeng.watch.pattern import Pattern, PatternError, compile_guard, compile_pattern

Kind = Literal["danger", "pain", "support", "worry", "context"]
Scope = Literal[
    "cover", "before", "after", "around", "clause", "message", "subject", "topic", "alarmed"
]
Weight = Annotated[float, Field(gt=0, le=1)]

GUARD_CHARS = 12
"""How far around a match the words of `unless` and `needs` are looked for."""
MATCHES_PER_ENTRY = 4
"""Repeating one phrase a thousand times must not make a message slow to assess."""


class _Group(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    entries: Annotated[tuple[str, ...], Field(min_length=1)]
    weight: Weight | None = None
    note: str = ""
    source: str = ""
    unless: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    scope: Scope | None = None
    window: Annotated[int, Field(ge=0, le=200)] | None = None
    factor: Annotated[float, Field(ge=0, le=1)] | None = None


class _FileHead(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    name: Annotated[str, Field(alias="class", pattern=r"^[a-z][a-z_]*$")]
    title: Annotated[str, Field(min_length=2)]
    explain: Annotated[str, Field(min_length=4)]
    provenance: Annotated[str, Field(min_length=2)]
    groups: Annotated[tuple[_Group, ...], Field(min_length=1)]


class _SignFile(_FileHead):
    kind: Literal["danger", "pain", "support", "worry"]
    weight: Weight


class _ContextFile(_FileHead):
    kind: Literal["context"]
    scope: Scope
    window: Annotated[int, Field(ge=0, le=200)] = 6
    factor: Annotated[float, Field(ge=0, le=1)] = 0.0
    targets: tuple[str, ...] = ("danger",)


class _SetsFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    sets: dict[str, Annotated[tuple[str, ...], Field(min_length=1)]]


_FILE: TypeAdapter[_SignFile | _ContextFile] = TypeAdapter(
    Annotated[_SignFile | _ContextFile, Field(discriminator="kind")]
)


@dataclass(frozen=True, slots=True)
class RuleClass:
    """What a file describes: its name, kind and the words shown to moderators."""

    name: str
    kind: Kind
    title: str
    explain: str


@dataclass(frozen=True, slots=True)
class Reach:
    """Which signs a context entry speaks about, from where, and what it leaves of their weight."""

    scope: Scope
    window: int
    factor: float
    targets: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of the lexicon, compiled. `reach` is set for context entries only."""

    cls: RuleClass
    entry: str
    pattern: Pattern
    weight: float
    unless: re.Pattern[str] | None
    needs: re.Pattern[str] | None
    reach: Reach | None


@dataclass(frozen=True, slots=True)
class Match:
    """A rule found in a folded text at `[start, end)`."""

    rule: Rule
    start: int
    end: int


class Lexicon:
    """All rules with one automaton over their anchors. Immutable after construction."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        anchors: dict[str, list[Rule]] = {}
        for rule in self.rules:
            for anchor in rule.pattern.anchors:
                anchors.setdefault(anchor, []).append(rule)
        self._automaton = ahocorasick.Automaton()
        for anchor, owners in anchors.items():
            plain = tuple(rule for rule in owners if rule.pattern.source is None)
            open_ = tuple(rule for rule in owners if rule.pattern.source is not None)
            self._automaton.add_word(anchor, (len(anchor), plain, open_))
        self._automaton.make_automaton()

    def find(self, text: str) -> list[Match]:
        """Every match of every rule in a folded text, guards already checked."""
        if not self.rules:
            return []
        found: list[Match] = []
        plain_hits: Counter[int] = Counter()
        candidates: dict[int, Rule] = {}
        for last, (length, plain, open_) in self._automaton.iter(text):
            for rule in plain:
                plain_hits[id(rule)] += 1
                if plain_hits[id(rule)] <= MATCHES_PER_ENTRY:
                    found.append(Match(rule, last + 1 - length, last + 1))
            candidates.update((id(rule), rule) for rule in open_)
        for rule in candidates.values():
            found.extend(_search(rule, text))
        return [match for match in found if _guards_allow(match, text)]


def _search(rule: Rule, text: str) -> Iterator[Match]:
    regex = rule.pattern.regex
    if regex is None:
        return
    for number, match in enumerate(regex.finditer(text)):
        if number == MATCHES_PER_ENTRY:
            return
        yield Match(rule, match.start(), match.end())


def _guards_allow(match: Match, text: str) -> bool:
    rule = match.rule
    if rule.unless is None and rule.needs is None:
        return True
    around = text[max(0, match.start - GUARD_CHARS) : match.end + GUARD_CHARS]
    if rule.unless is not None and rule.unless.search(around):
        return False
    return rule.needs is None or bool(rule.needs.search(around))


def load_lexicon(directory: Path) -> Lexicon:
    """Read and check every file under `directory`; raises LexiconError naming file and line."""
    sets = _load_sets(directory / "sets.toml")
    paths = [*sorted(directory.glob("*.toml")), *sorted((directory / "context").glob("*.toml"))]
    rules: list[Rule] = []
    names: dict[str, Path] = {}
    for path in paths:
        if path.name == "sets.toml":
            continue
        raw, parsed = _read(path)
        try:
            file = _FILE.validate_python(parsed)
        except ValidationError as error:
            raise explain(path, raw, error) from error
        if file.name in names:
            raise LexiconError(path, None, f"类名 {file.name} 与 {names[file.name].name} 重复")
        names[file.name] = path
        rules.extend(_compile_file(path, raw, file, sets))
    if not rules:
        raise LexiconError(directory, None, "没有找到任何词库文件")
    return Lexicon(rules)


def _load_sets(path: Path) -> Mapping[str, Sequence[str]]:
    if not path.exists():
        return {}
    raw, parsed = _read(path)
    try:
        return _SetsFile.model_validate(parsed).sets
    except ValidationError as error:
        raise explain(path, raw, error) from error


def _read(path: Path) -> tuple[str, dict[str, object]]:
    try:
        raw = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise LexiconError(path, None, "不是 UTF-8 编码，请用 UTF-8 另存") from error
    try:
        return raw, tomllib.loads(raw)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        number = int(line[1]) if line else len(raw.splitlines())
        problem = "这里写得不合 TOML 格式，请检查引号、逗号和方括号是否成对"
        raise LexiconError(path, number, problem) from error


def _compile_file(
    path: Path, raw: str, file: _SignFile | _ContextFile, sets: Mapping[str, Sequence[str]]
) -> Iterator[Rule]:
    cls = RuleClass(file.name, file.kind, file.title, file.explain)
    lines = EntryLines(raw)
    for group in file.groups:
        seen: set[str] = set()
        build: Callable[[str], Rule] | None = None
        for entry in group.entries:
            line = lines.next(entry)
            if entry in seen:
                raise LexiconError(path, line, f"词条“{entry}”在这一组里重复了")
            seen.add(entry)
            try:
                build = build or _rules_of(cls, group, file, sets)
                yield build(entry)
            except PatternError as error:
                raise LexiconError(path, line, f"词条“{entry}”不能用：{error}") from error


def _rules_of(
    cls: RuleClass,
    group: _Group,
    file: _SignFile | _ContextFile,
    sets: Mapping[str, Sequence[str]],
) -> Callable[[str], Rule]:
    """Return what makes a rule of an entry; the guards of its group are compiled once for all."""
    reach = _reach(group, file) if isinstance(file, _ContextFile) else None
    weight = group.weight or (file.weight if isinstance(file, _SignFile) else 1.0)
    unless, needs = compile_guard(group.unless, sets), compile_guard(group.needs, sets)

    def build(entry: str) -> Rule:
        return Rule(cls, entry, compile_pattern(entry, sets), weight, unless, needs, reach)

    return build


def _reach(group: _Group, file: _ContextFile) -> Reach:
    return Reach(
        scope=group.scope or file.scope,
        window=file.window if group.window is None else group.window,
        factor=file.factor if group.factor is None else group.factor,
        targets=frozenset(file.targets),
    )
