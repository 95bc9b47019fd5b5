"""Kills the bot at random moments of a flood and counts what is missing or doubled afterwards.

    python -m benchmarks.crash --rounds 20 --seed 1 --json crash.json

Every round, a watched group floods the bot while three of its members write that they do not
want to live. The bot is killed with SIGKILL at a random moment and started again at once, with
the flood going on; in half of the rounds it is killed again while it recovers. Then everything
that was said must be in the archive exactly once, and every moderator must have been told of
every member exactly once. The archive is the same from the first round to the last.

Exit code 1: something was lost or doubled.
"""

import asyncio
import json
import logging
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from benchmarks.support.cast import DANGER_TEXT, FRIENDS, STAFF, staffed_group
from benchmarks.support.reckoning import Reckoning, deliveries, expected_deliveries, reckon
from benchmarks.support.rig import Rig, start_rig, wall_ms
from benchmarks.support.waiting import until

FLOOD_S = 6.0
"""It goes on while the killed bot is down; there is more as soon as it is back."""
KILL_WITHIN_S = 2.5
ANSWER_DELAY_S = 0.15
"""What an implementation takes to answer; a bot can be killed while it waits, too."""
IN_DANGER = 3
"""Members who write that they do not want to live, each round."""
RECIPIENTS = (*FRIENDS, STAFF)
SECOND_KILL_WITHIN_S = 1.0
RECOVERS_WITHIN_S = 60.0
_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did and what it left behind."""

    number: int
    killed_after_s: tuple[float, ...]
    """After the beginning of the flood; the second one after the restarted bot was called."""
    said: int
    missing_at_restart: int
    """Messages that had been said and were not in the archive when the bot had started again."""
    messages_lost: int
    messages_twice: int
    alerts: int
    alerts_lost: int
    alerts_twice: int
    recovery_s: float | None
    """From the last restart until the gap was closed, the start itself included."""

    @property
    def clean(self) -> bool:
        """Whether everything is there exactly once."""
        return not any(
            (self.messages_lost, self.messages_twice, self.alerts_lost, self.alerts_twice)
        )


class CrashRun:
    """The rounds of one run, on one archive."""

    def __init__(self, rig: Rig, random: Random, rate: int) -> None:
        self._rig = rig
        self._random = random
        self._rate = rate
        self._subjects: list[int] = []
        self._floods: list[asyncio.Task[int]] = []
        self._given_up: set[object] = set()
        """What an earlier round has lost or doubled: counted there, once."""

    async def round(self, number: int) -> Round:
        """Flood, kill, restart, wait, count."""
        first = len(self._rig.sim.world.messages)
        self._begin_flood()
        killed_after, missing, restarted_ms = await self._crash()
        if await self._recover(restarted_ms):
            await self._rig.flush()
        closed_ms = self._rig.archive.gap_ended_since(self._rig.group_id, restarted_ms)
        messages, alerts = self._reckon()
        self._given_up.update(messages.lost, messages.twice, alerts.lost, alerts.twice)
        said = sum(not m.is_self for m in self._rig.sim.world.messages[first:])
        return Round(
            number=number,
            killed_after_s=killed_after,
            said=said,
            missing_at_restart=missing,
            messages_lost=len(messages.lost),
            messages_twice=len(messages.twice),
            alerts=IN_DANGER * len(RECIPIENTS),
            alerts_lost=len(alerts.lost),
            alerts_twice=len(alerts.twice),
            recovery_s=round((closed_ms - restarted_ms) / 1000, 1) if closed_ms else None,
        )

    def _begin_flood(self) -> None:
        rig = self._rig
        self._flood(FLOOD_S)
        loop = asyncio.get_running_loop()
        for _ in range(IN_DANGER):
            subject = rig.bystander()
            self._subjects.append(subject)
            moment = self._random.uniform(0, KILL_WITHIN_S)
            loop.call_later(moment, rig.sim.stage.say_text, subject, DANGER_TEXT, rig.group_id)

    def _flood(self, seconds: float) -> None:
        flood = self._rig.sim.flood(self._rig.group_id, int(self._rate * seconds), self._rate)
        self._floods.append(asyncio.create_task(flood))

    async def _crash(self) -> tuple[tuple[float, ...], int, int]:
        """Kill and restart, once or twice; when, how much was missing, the last restart in ms."""
        moments = [self._random.uniform(0, KILL_WITHIN_S)]
        if self._random.random() < 0.5:
            moments.append(self._random.uniform(0, SECOND_KILL_WITHIN_S))
        missing, restarted_ms = 0, 0
        for moment in moments:
            await asyncio.sleep(moment)
            await self._rig.bot.kill()
            restarted_ms = wall_ms()
            await self._rig.bot.start()
            missing = max(missing, len(self._reckon()[0].lost))
            await self._rig.sim.wait_connected(60)
            self._flood(SECOND_KILL_WITHIN_S)
        return tuple(round(moment, 3) for moment in moments), missing, restarted_ms

    async def _recover(self, restarted_ms: int) -> bool:
        """Wait until nothing is missing; False when that took too long."""
        rig = self._rig

        def whole() -> bool:
            if rig.archive.count(rig.group_id) < self._count_said():
                return False
            messages, alerts = self._reckon()
            return not (messages.lost or alerts.lost)

        await asyncio.gather(*self._floods)
        try:
            await until(whole, "nothing is missing", RECOVERS_WITHIN_S, pause_s=0.1)
            await rig.reconnected(restarted_ms)
            await rig.idle()
        except TimeoutError:
            return False
        return True

    def _count_said(self) -> int:
        messages = self._rig.sim.world.messages
        said = sum(m.group_id == self._rig.group_id and not m.is_self for m in messages)
        return said - len(self._given_up)

    def _reckon(self) -> tuple[Reckoning, Reckoning]:
        """Messages and alerts: what is lost or doubled and was not in an earlier round."""
        rig = self._rig
        expected = expected_deliveries(rig.archive.cases(), self._subjects, RECIPIENTS)
        alerts = reckon(expected, deliveries(rig.sim.sent))
        return self._new(rig.reckon_messages()), self._new(alerts)

    def _new(self, reckoning: Reckoning) -> Reckoning:
        return Reckoning(
            lost=tuple(key for key in reckoning.lost if key not in self._given_up),
            twice=tuple(key for key in reckoning.twice if key not in self._given_up),
        )


async def run(rounds: int, seed: int, rate: int, directory: Path) -> list[Round]:
    """Play all rounds against one bot and one archive."""
    cast = staffed_group(members=IN_DANGER * rounds + 50)
    done: list[Round] = []
    settings = {"STAFF_GROUP": STAFF, "API_TIMEOUT": 5}
    async with start_rig(directory, cast, settings=settings) as rig:
        rig.sim.faults.answer_delay = ANSWER_DELAY_S
        crashes = CrashRun(rig, Random(seed), rate)
        for number in range(1, rounds + 1):
            done.append(await crashes.round(number))
            Console(stderr=True).print(_line(done[-1]))
    return done


def _line(done: Round) -> str:
    state = "clean" if done.clean else "[red]NOT CLEAN"
    return f"round {done.number}: {state}, recovered in {done.recovery_s} s"


def table(rounds: list[Round]) -> Table:
    """Return the rounds as a table, with their sum."""
    shown = Table(title="kill -9 in a flood", show_footer=True)
    for title, footer in (
        ("round", "all"),
        ("killed after", f"{sum(len(r.killed_after_s) for r in rounds)} kills"),
        ("said", str(sum(r.said for r in rounds))),
        ("missed", str(sum(r.missing_at_restart for r in rounds))),
        ("lost", str(sum(r.messages_lost for r in rounds))),
        ("twice", str(sum(r.messages_twice for r in rounds))),
        ("alerts", str(sum(r.alerts for r in rounds))),
        ("alerts lost", str(sum(r.alerts_lost for r in rounds))),
        ("alerts twice", str(sum(r.alerts_twice for r in rounds))),
        ("back in s", f"max {max(r.recovery_s or 0.0 for r in rounds)}"),
    ):
        shown.add_column(title, footer=footer, justify="right", no_wrap=title == "killed after")
    for done in rounds:
        kills = " + ".join(f"{moment:.2f}" for moment in done.killed_after_s)
        cells = list(asdict(done).values())
        shown.add_row(str(done.number), kills, *(str(cell) for cell in cells[2:]))
    return shown


def main(
    rounds: Annotated[int, typer.Option(min=1, help="How often to kill.")] = 20,
    seed: Annotated[int, typer.Option(help="Decides every random moment.")] = 1,
    rate: Annotated[int, typer.Option(min=1, help="Messages a second in the flood.")] = 400,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the result here.")] = None,
    keep: Annotated[Path | None, typer.Option(help="Keep the bot's data and log here.")] = None,
) -> None:
    """Kill the bot at random moments of a flood; count what is lost or doubled."""
    logging.getLogger("simulator").setLevel(logging.ERROR)  # it complains of every lost line
    with tempfile.TemporaryDirectory() as temporary:
        done = asyncio.run(run(rounds, seed, rate, keep or Path(temporary)))
    Console(width=None if sys.stdout.isatty() else _WIDTH).print(table(done))
    clean = all(r.clean for r in done)
    if json_file is not None:
        result = {
            "benchmark": "crash",
            "seed": seed,
            "rate": rate,
            "clean": clean,
            "rounds": [asdict(r) for r in done],
        }
        json_file.write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n", "utf-8")
    raise typer.Exit(0 if clean else 1)


if __name__ == "__main__":
    typer.run(main)
