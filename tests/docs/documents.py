"""Reads what the documents claim, so that tests can hold it against the code."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from liudeng.settings import PROJECT_ROOT

READMES = ("README.md", "README.en.md")
_EXAMPLE_LINE = re.compile(r"#(?:   .*? )?(?P<name>[A-Z][A-Z_]*)=(?P<value>.*)")
_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Assignment:
    """A setting in `.env.example`."""

    name: str
    value: str
    kind: str
    """`set` (no #), `default` (behind #) or `sample` (in the explanation, indented)."""


def read_document(name: str) -> str:
    """Return a document of the repository."""
    return (PROJECT_ROOT / name).read_text("utf-8")


def env_example() -> list[Assignment]:
    """Return every assignment in `.env.example`."""
    found = []
    for line in read_document(".env.example").splitlines():
        if line.startswith("#"):
            match = _EXAMPLE_LINE.fullmatch(line)
            if match:
                kind = "sample" if line.startswith("# ") else "default"
                found.append(Assignment(match["name"], match["value"], kind))
        elif "=" in line:
            name, _, value = line.partition("=")
            found.append(Assignment(name, value, "set"))
    return found


def table_rows(document: str, columns: int) -> Iterator[list[str]]:
    """Yield the cells of every row of every table with so many columns."""
    for line in read_document(document).splitlines():
        if not (line.startswith("| ") and line.endswith(" |")):
            continue
        cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) == columns:
            yield cells


def code_in(cell: str) -> list[str]:
    """Return what stands between backticks."""
    return _CODE.findall(cell)


def markdown_files() -> list[Path]:
    """Return the documents for people: those at the root and in `docs/`."""
    return [*sorted(PROJECT_ROOT.glob("*.md")), *sorted((PROJECT_ROOT / "docs").rglob("*.md"))]


def anchors(document: Path) -> set[str]:
    """Return what a link can point at inside a document, as GitHub names its headings."""
    headings = re.findall(r"^#+ (.+)$", document.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in headings}
