"""What is shipped for running the bot: nothing of it opens the bot to the world."""

import configparser

import pytest

from liudeng.settings import PROJECT_ROOT
from tests.docs.documents import read_document

yaml = pytest.importorskip("yaml", reason="PyYAML is not installed: compose.yaml is not checked")


def _services() -> dict[str, dict]:
    return yaml.safe_load(read_document("compose.yaml"))["services"]


def test_compose_publishes_nothing_but_napcats_page_on_this_machine() -> None:
    services = _services()
    assert "ports" not in services["liudeng"]
    published = [port for service in services.values() for port in service.get("ports", [])]
    assert published == ["127.0.0.1:6099:6099"]


def test_compose_keeps_the_bot_away_from_strangers() -> None:
    bot = _services()["liudeng"]
    assert bot["networks"] == ["onebot"]
    assert "ports" not in bot


def test_compose_holds_no_secret() -> None:
    for service in _services().values():
        for name, value in service.get("environment", {}).items():
            if "TOKEN" in name:
                assert value.startswith("${")
                assert ":?" in value  # refuses to start without one


def test_the_image_does_not_run_as_root() -> None:
    lines = read_document("Dockerfile").splitlines()
    last_stage = lines[max(i for i, line in enumerate(lines) if line.startswith("FROM ")) :]
    users = [line.split()[1] for line in last_stage if line.startswith("USER ")]
    assert users == ["liudeng"]


def test_everything_the_image_copies_is_let_in() -> None:
    ignored = set(read_document(".dockerignore").splitlines())
    for line in read_document("Dockerfile").splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            for source in line.split()[1:-1]:
                assert (PROJECT_ROOT / source).exists()
                assert f"!{source}" in ignored


def test_the_unit_may_write_where_the_bot_writes() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment]
    unit.read_string(read_document("deploy/liudeng.service"))
    service = unit["Service"]
    assert service["User"] != "root"
    assert service["ProtectSystem"] == "strict"
    assert service["ReadWritePaths"] == f"{service['WorkingDirectory']}/data/runtime"
