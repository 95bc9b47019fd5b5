"""What every test may use: a migrated database, a writer, a clock."""

import gc
import logging
import os
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from nonebug import NONEBOT_INIT_KWARGS, NONEBOT_START_LIFESPAN

from liudeng.archive import LogWriter
from liudeng.db import Database, migrate

settings.register_profile(
    "liudeng",
    deadline=None,  # the machine may be busy: nothing here asserts speed
    max_examples=100,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.register_profile("thorough", settings.get_profile("liudeng"), max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "liudeng"))


# Many containers forbid to keep bytecode. Every worker would then rewrite and compile all tests,
# and every bot and command line that a test starts all it imports: seconds of work each time.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

gc.disable()  # what is loaded and collected now stays: see `pytest_runtestloop`

if Path("/dev/shm").is_dir():
    # Thousands of small databases, each commit with its fsync: memory spares the disk.
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", "/dev/shm")


def pytest_configure(config: pytest.Config) -> None:
    """NoneBot is initialised once per session; only tests/plugins start it, with the plugins."""
    config.stash[NONEBOT_INIT_KWARGS] = {
        "driver": "~fastapi",
        "log_level": "WARNING",
        "superusers": set(),
        "nickname": {"留灯"},
        "onebot_access_token": None,
        "api_timeout": 5.0,
    }
    config.stash[NONEBOT_START_LIFESPAN] = False


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """Thousands of tests and all they import are walked through once, and never again."""
    gc.collect()
    gc.freeze()
    gc.enable()


_FIRST = ("e2e", "privacy", "ocr", "covering")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest: the last one runs alone."""
    here = Path(__file__).parent

    def rank(item: pytest.Item) -> int:
        room = item.path.relative_to(here).parts[0]
        return _FIRST.index(room) if room in _FIRST else len(_FIRST)

    items.sort(key=rank)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file at the current schema, to be copied."""
    path = tmp_path_factory.mktemp("schema") / "liudeng.sqlite3"
    migrate(path)
    return path


@pytest.fixture
def database_path(migrated_file: Path, tmp_path: Path) -> Path:
    """The path of an empty archive."""
    path = tmp_path / "liudeng.sqlite3"
    shutil.copyfile(migrated_file, path)
    return path


@pytest.fixture
async def database(database_path: Path) -> AsyncIterator[Database]:
    """An empty archive."""
    opened = Database(database_path)
    yield opened
    await opened.close()


@pytest.fixture
async def writer(database: Database) -> AsyncIterator[LogWriter]:
    """A writer at work."""
    working = LogWriter(database, 1_000)
    working.start(0)
    yield working
    await working.close()


@pytest.fixture(autouse=True)
def _logs_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """tests/plugins start the bot, which keeps its log to itself for the rest of the session."""
    monkeypatch.setattr(logging.getLogger("liudeng"), "propagate", True)


@pytest.fixture
def zone() -> ZoneInfo:
    """The zone in which times are shown."""
    return ZoneInfo("Asia/Shanghai")
