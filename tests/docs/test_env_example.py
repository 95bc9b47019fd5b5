"""`.env.example` names every setting, truthfully, and can be used as it is."""

import os
import re
from pathlib import Path

import pytest

from liudeng.settings import PROJECT_ROOT, Settings
from tests.docs.documents import Assignment, env_example, read_document

FIELDS = frozenset(name.upper() for name in Settings.model_fields)
ASSIGNMENTS = env_example()


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ.keys() & FIELDS:
        monkeypatch.delenv(name)


def _settings(path: Path, *assignments: Assignment) -> Settings:
    text = "".join(f"{entry.name}={entry.value}\n" for entry in assignments)
    path.write_text(text, "utf-8")
    return Settings(_env_file=path)  # type: ignore[call-arg]


def test_it_loads_unchanged() -> None:
    settings = Settings(_env_file=PROJECT_ROOT / ".env.example")  # type: ignore[call-arg]
    assert settings == Settings(_env_file=None)  # type: ignore[call-arg]


def test_it_names_every_setting_once() -> None:
    named = [entry.name for entry in ASSIGNMENTS if entry.kind != "sample"]
    assert set(named) >= FIELDS
    assert len(named) == len(set(named))


def test_it_names_nothing_that_nobody_reads() -> None:
    for_compose = set(re.findall(r"\$\{([A-Z_]+)", read_document("compose.yaml")))
    assert {entry.name for entry in ASSIGNMENTS} <= FIELDS | for_compose


def test_compose_finds_what_it_asks_for() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+)", read_document("compose.yaml")))
    assert asked
    assert asked <= {entry.name for entry in ASSIGNMENTS if entry.kind != "sample"}


@pytest.mark.parametrize(
    "shown", [entry for entry in ASSIGNMENTS if entry.kind == "default"], ids=lambda e: e.name
)
def test_what_stands_behind_a_hash_is_the_default(shown: Assignment, tmp_path: Path) -> None:
    field = Settings.model_fields.get(shown.name.lower())
    if field is None:
        return  # for compose.yaml
    told = getattr(_settings(tmp_path / "env", shown), shown.name.lower())
    if isinstance(told, Path):
        told = PROJECT_ROOT / told
    assert told == field.default


@pytest.mark.parametrize(
    "sample", [entry for entry in ASSIGNMENTS if entry.kind == "sample"], ids=lambda e: e.name
)
def test_samples_can_be_copied(sample: Assignment, tmp_path: Path) -> None:
    settings = _settings(tmp_path / "env", sample)
    if sample.name in FIELDS:
        name = sample.name.lower()
        assert getattr(settings, name) != Settings.model_fields[name].default


def test_samples_fit_together(tmp_path: Path) -> None:
    samples = [entry for entry in ASSIGNMENTS if entry.kind == "sample"]
    settings = _settings(tmp_path / "env", *samples)
    assert settings.archive_groups >= settings.moderators.keys()
    assert settings.staff_group is not None
    assert not settings.archives(settings.staff_group)
