"""Three ways to write entries down; each reads what it wrote."""

import csv
import io
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

MOST_ROWS = 10_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula."""
_COLUMNS: tuple[str, ...] = (
    "id",
    "question",
    "answer",
    "tags",
    "variants",
    "source",
    "verified_on",
    "expires_on",
)
_LABELS = {"标签": "tags", "问法": "variants", "来源": "source", "核实": "verified_on"}
_LABELS |= {"到期": "expires_on", "编号": "id"}
_LABELLED = re.compile(rf"- ({'|'.join(_LABELS)})：(.*)")


class FormatProblem(Exception):
    """A file cannot be read; the text is one Chinese sentence for the operator."""


class Row(BaseModel):
    """An entry in a file."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str = Field(default="", max_length=64)
    """Its name: the same name is the same entry when it is read again."""
    question: str = Field(min_length=1, max_length=200)
    answer: str = Field(min_length=1, max_length=2_000)
    tags: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    source: str = ""
    verified_on: date | None = None
    expires_on: date | None = None


def read_rows(text: str, suffix: str) -> list[Row]:
    """Read a file.

    Raises:
        FormatProblem: it is none of ours, or an entry has no question or no answer.
    """
    reader, _ = _of(suffix)
    rows: list[Row] = []
    try:
        for values in reader(text):
            if len(rows) == MOST_ROWS:
                raise FormatProblem(f"一次最多读 {MOST_ROWS} 条，请分成几个文件。")
            rows.append(Row.model_validate({key: value for key, value in values.items() if value}))
    except ValidationError as error:
        field = error.errors(include_input=False, include_url=False)[0]["loc"][0]
        raise FormatProblem(f"第 {len(rows) + 1} 条的 {field} 不对或太长。") from None
    except (tomllib.TOMLDecodeError, csv.Error, TypeError, AttributeError) as error:
        raise FormatProblem(f"文件格式不对：{type(error).__name__}。") from None
    return rows


def write_rows(rows: Iterable[Row], suffix: str) -> str:
    """Write entries.

    Raises:
        FormatProblem: nobody knows this kind of file.
    """
    _, writer = _of(suffix)
    return writer(rows)


def _of(suffix: str) -> "_Format":
    try:
        return FORMATS[suffix.lower()]
    except KeyError:
        raise FormatProblem("只认得 .toml、.csv 和 .md 三种文件。") from None


def _read_toml(text: str) -> Iterator[dict[str, Any]]:
    yield from tomllib.loads(text).get("entries", [])


def _write_toml(rows: Iterable[Row]) -> str:
    lines: list[str] = []
    for row in rows:
        lines.append("[[entries]]")
        for name, value in row.model_dump(exclude_defaults=True).items():
            lines.append(f"{name} = {_toml(value)}")
        lines.append("")
    return "\n".join(lines)


def _toml(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


def _read_csv(text: str) -> Iterator[dict[str, Any]]:
    for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True):
        values: dict[str, Any] = {key: _plain(value) for key, value in row.items() if key and value}
        values["tags"] = tuple(values.get("tags", "").split())
        values["variants"] = tuple(filter(None, values.get("variants", "").splitlines()))
        yield values


def _write_csv(rows: Iterable[Row]) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, _COLUMNS)
    writer.writeheader()
    for row in rows:
        values = row.model_dump(mode="json")
        values["tags"] = " ".join(row.tags)
        values["variants"] = "\n".join(row.variants)
        writer.writerow({key: _harmless(value or "") for key, value in values.items()})
    return "\ufeff" + out.getvalue()


def _harmless(value: str) -> str:
    return f"'{value}" if value.startswith((*_FORMULA, "'")) else value


def _plain(value: str) -> str:
    return value[1:] if value.startswith("'") else value


def _read_markdown(text: str) -> Iterator[dict[str, Any]]:
    for piece in re.split(r"(?m)^## ", text)[1:]:
        question, _, rest = piece.partition("\n")
        values: dict[str, Any] = {"question": question.strip(), "tags": (), "variants": ()}
        answer: list[str] = []
        for line in rest.splitlines():
            found = _LABELLED.fullmatch(line.strip())
            if found is None:
                answer.append(line.removeprefix("\\"))
                continue
            name, value = _LABELS[found[1]], found[2].strip()
            if name == "variants":
                values["variants"] = (*values["variants"], value)
            else:
                values[name] = tuple(value.split("、")) if name == "tags" else value
        values["answer"] = "\n".join(answer).strip()
        yield values


def _write_markdown(rows: Iterable[Row]) -> str:
    pieces = ["# 问答\n"]
    for row in rows:
        labelled = [
            f"- 编号：{row.id}" if row.id else "",
            f"- 标签：{'、'.join(row.tags)}" if row.tags else "",
            *(f"- 问法：{variant}" for variant in row.variants),
            f"- 来源：{row.source}" if row.source else "",
            f"- 核实：{row.verified_on}" if row.verified_on else "",
            f"- 到期：{row.expires_on}" if row.expires_on else "",
        ]
        answer = "\n".join(_escaped(line) for line in row.answer.splitlines())
        below = "\n".join(filter(None, labelled))
        pieces.append(f"## {' '.join(row.question.split())}\n\n{answer}\n\n{below}\n")
    return "\n".join(pieces)


def _escaped(line: str) -> str:
    """A line of an answer must not begin a new entry, nor look like a label."""
    return f"\\{line}" if line.startswith(("## ", "\\")) or _LABELLED.match(line.strip()) else line


_Format = tuple[Callable[[str], Iterator[dict[str, Any]]], Callable[[Iterable[Row]], str]]
FORMATS: dict[str, _Format] = {
    ".toml": (_read_toml, _write_toml),
    ".csv": (_read_csv, _write_csv),
    ".md": (_read_markdown, _write_markdown),
}
