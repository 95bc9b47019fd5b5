"""``python -m simulator`` as a process."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[2]
SMALL = Path(__file__).parent / "small_night.jsonl"


def begin(*options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "simulator", "--url", "none", "--port", "0", *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_it_says_when_it_is_ready_and_ends_cleanly(ending: signal.Signals) -> None:
    with begin("--scenario", str(SMALL)) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        assert ready["ready"] is True
        state = httpx.get(f"http://127.0.0.1:{ready['port']}/api/state").json()
        assert state["scenario"]["title"] == "短短的一晚"
        process.send_signal(ending)
        rest, errors = process.communicate(timeout=20)
    assert (process.returncode, rest, errors) == (0, "", "")


def test_a_bad_scenario_ends_it_with_the_line(tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text('// one\n{"kind":"dance"}\n', encoding="utf-8")
    with begin("--scenario", str(bad)) as process:
        output, errors = process.communicate(timeout=20)
    assert process.returncode == 2
    assert output == ""
    assert "第 2 行" in errors
