"""The demo itself: two processes, one evening, and nothing lost."""

import pytest
from rich.console import Console

from liudeng.demo import DemoOptions, run_demo

pytestmark = pytest.mark.e2e


@pytest.mark.timeout(200)
async def test_the_whole_evening_is_kept_and_the_two_who_need_somebody_are_seen(
    capsys: pytest.CaptureFixture[str],
) -> None:
    options = DemoOptions(speed=0, browser=False, exit_when_done=True, read_pictures=False)
    verdict = await run_demo(options, Console())
    assert verdict is not None
    assert verdict.ok
    assert verdict.sent == verdict.archived > 1_500
    assert (verdict.lost, verdict.duplicates, verdict.unsearchable) == (0, 0, 0)
    assert verdict.alerts.by_label == {"danger": 1, "worry": 1}
    assert verdict.alerts.leaked == 0
    assert verdict.pictures.kept == verdict.pictures.posted > 30
    assert "这一晚都留住了" in capsys.readouterr().out
