"""The settings an operator can make, and the mistakes that are caught."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from liudeng.settings import Settings
from tests.fakes.payloads import ADMIN, GROUP, OTHER_GROUP, OWNER, STAFF_GROUP


def settings(**values: Any) -> Settings:
    return Settings(_env_file=None, **values)  # pyright: ignore[reportCallIssue]


def test_every_group_is_archived_but_the_staff_s() -> None:
    made = settings(staff_group=STAFF_GROUP)
    assert made.archives(GROUP)
    assert not made.archives(STAFF_GROUP)


def test_only_the_named_groups_are_archived() -> None:
    made = settings(archive_groups={GROUP})
    assert made.archives(GROUP)
    assert not made.archives(OTHER_GROUP)


def test_a_watched_group_cannot_receive_the_alerts() -> None:
    with pytest.raises(ValidationError, match="STAFF_GROUP 不能同时出现在 ARCHIVE_GROUPS"):
        settings(archive_groups={GROUP}, staff_group=GROUP)


def test_they_are_read_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("ARCHIVE_GROUPS", f"[{GROUP}]")
    monkeypatch.setenv("MODERATORS", f'{{"{GROUP}": [{OWNER}, {ADMIN}]}}')
    monkeypatch.setenv("ONEBOT_ACCESS_TOKEN", "geheim")
    made = settings()
    assert made.database_path == tmp_path / "liudeng.sqlite3"
    assert made.archive_groups == {GROUP}
    assert made.moderators == {GROUP: {OWNER, ADMIN}}
    assert "geheim" not in repr(made)


def test_they_are_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("TIMEZONE=Europe/Berlin\nSEARCH_PAGE_SIZE=9\n", encoding="utf-8")
    made = Settings(_env_file=file)  # pyright: ignore[reportCallIssue]
    assert (made.zone.key, made.search_page_size) == ("Europe/Berlin", 9)


@pytest.mark.parametrize(
    "values",
    [
        {"archive_groups": {0}},
        {"archive_groups": {-5}},
        {"staff_group": "群"},
        {"moderators": {GROUP: {0}}},
        {"port": 70_000},
        {"send_interval": -1},
        {"search_page_size": 0},
        {"writer_queue_size": 1},
        {"api_timeout": 0},
    ],
)
def test_what_cannot_be_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        settings(**values)
