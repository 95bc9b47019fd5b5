"""Two rules keep it a house: plugins lean on liudeng and never back, and hold no SQL."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def imported(path: Path, foreign: set[str]) -> set[str]:
    """Return which of the `foreign` packages a module imports."""
    text = path.read_text(encoding="utf-8")
    if not any(name in text for name in foreign):
        return set()  # what is not even written there is not imported: most need no parsing
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").partition(".")[0])
    return found & foreign


@pytest.mark.parametrize(
    ("room", "foreign"),
    [
        ("liudeng", {"nonebot", "nonebug", "plugins", "simulator", "tests"}),
        ("plugins", {"sqlalchemy", "sqlite3", "aiosqlite", "simulator", "tests"}),
        ("simulator", {"nonebot", "plugins", "tests"}),
    ],
)
def test_a_room_does_not_reach_where_it_should_not(room: str, foreign: set[str]) -> None:
    modules = sorted((ROOT / room).rglob("*.py"))
    assert modules
    reaching = {str(path.relative_to(ROOT)): imported(path, foreign) for path in modules}
    assert {path: names for path, names in reaching.items() if names} == {}
