"""The READMEs' tables hold what the code has: settings, commands, the command line."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from pydantic import SecretStr
from typer.core import TyperGroup
from typer.main import get_command

from liudeng.cli import app
from liudeng.settings import PROJECT_ROOT, Settings
from tests.docs.documents import (
    READMES,
    anchors,
    code_in,
    markdown_files,
    read_document,
    table_rows,
)

_LIST_COMMANDS = """
import json, bot
from plugins.recorder import house
print(json.dumps([command.model_dump(mode="json") for command in house.commands]))
"""
_AUDIENCE = {
    "README.md": {"member": "大家", "moderator": "管理", "operator": "运营"},
    "README.en.md": {
        "member": "everyone",
        "moderator": "moderators",
        "operator": "operators",
    },
}
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"")
_LARGEST_IMAGE = 300 * 1024


@pytest.fixture(scope="module")
def registered(tmp_path_factory: pytest.TempPathFactory) -> list[dict]:
    """Every command of the chat, asked of a bot that has loaded its plugins."""
    environment = {**os.environ, "DATA_DIR": str(tmp_path_factory.mktemp("data"))}
    asked = subprocess.run(
        [sys.executable, "-c", _LIST_COMMANDS],
        cwd=PROJECT_ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return json.loads(asked.stdout.splitlines()[-1])


def _setting_rows(readme: str) -> dict[str, Sequence[str]]:
    rows = {}
    for cells in table_rows(readme, columns=4):
        names = code_in(cells[0])
        if names and re.fullmatch(r"[A-Z][A-Z_]*", names[0]):
            rows[names[0]] = cells
    return rows


@pytest.mark.parametrize("readme", READMES)
def test_the_table_of_settings_names_each_once(readme: str) -> None:
    assert set(_setting_rows(readme)) == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("readme", READMES)
def test_the_table_of_settings_tells_the_defaults(readme: str, tmp_path: Path) -> None:
    told, expected = {}, {}
    for name, cells in _setting_rows(readme).items():
        default = Settings.model_fields[name.lower()].default
        shown = code_in(cells[2])
        if not shown:  # "none", "empty"
            assert default is None or default == SecretStr("")
            continue
        env = tmp_path / name
        env.write_text(f"{name}={shown[0]}\n", "utf-8")
        value = getattr(Settings(_env_file=env), name.lower())  # type: ignore[call-arg]
        told[name] = PROJECT_ROOT / value if isinstance(value, Path) else value
        expected[name] = default
    assert told == expected
    assert told


@pytest.mark.parametrize("readme", READMES)
def test_the_table_of_commands_is_the_bots(readme: str, registered: list[dict]) -> None:
    rows = {}
    for cells in table_rows(readme, columns=4):
        usages = code_in(cells[1])
        if usages and not re.fullmatch(r"[A-Z][A-Z_]*", (code_in(cells[0]) or [""])[0]):
            rows[usages[0]] = cells
    assert set(rows) == {command["usage"] for command in registered}
    for command in registered:
        cells = rows[command["usage"]]
        assert cells[2].startswith(_AUDIENCE[readme][command["audience"]])
        assert set(command["aliases"]) <= set(code_in(cells[3]))


def list_commands() -> list[str]:
    """What can stand behind `liudeng`."""
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    return sorted(group.commands)


@pytest.mark.parametrize("readme", READMES)
def test_the_command_line_is_told(readme: str) -> None:
    text = read_document(readme)
    for name in list_commands():
        assert f"liudeng {name}" in text


@pytest.mark.parametrize("readme", READMES)
def test_two_commands_are_enough_to_begin(readme: str) -> None:
    lines = read_document(readme).splitlines()
    assert "pip install uv && uv run liudeng demo" in lines
    assert "pip install uv && uv run pytest" in lines


@pytest.mark.parametrize("document", markdown_files(), ids=lambda path: path.name)
def test_links_inside_the_repository_lead_somewhere(document: Path) -> None:
    for match in _LINK.finditer(document.read_text("utf-8")):
        link = match[1] or match[2]
        if "://" in link:
            continue
        path, _, heading = link.partition("#")
        target = document.parent / path if path else document
        assert target.exists(), link
        assert not heading or heading in anchors(target), link


def test_pictures_are_small() -> None:
    pictures = list((PROJECT_ROOT / "docs" / "images").glob("*"))
    assert pictures
    for picture in pictures:
        assert picture.stat().st_size <= _LARGEST_IMAGE, picture.name
