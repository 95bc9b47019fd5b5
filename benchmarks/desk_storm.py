"""A hundred alerts in a storm: does each of them end with a person, or with a notice?

    python -m benchmarks.desk_storm --alerts 100 --seed 1 --json desk_storm.json

A hundred members write that they do not want to live while the line drops ten times, the bot is
killed five times, a friend refuses, sends are limited, and answers get lost, come late, or say
"ok" to what was never sent. Some alerts are taken by a moderator, most are left alone. Then every
member must have one case; every case must be taken, or have called the staff group and reminded
everybody; nobody may have been told the same thing twice, unless the bot itself said that it may
be a repeat; and no private word may have reached the group.

Exit code 1: an alert was lost or doubled, or something leaked.
"""

import asyncio
import json
import logging
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from time import monotonic
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.support.cast import ATANG, DANGER_TEXT, LAOZHOU, STAFF, WATCHED, staffed_group
from benchmarks.support.reckoning import case_number
from benchmarks.support.rig import Rig, start_rig, wall_ms
from benchmarks.support.waiting import until
from simulator.faults import FaultOrder
from simulator.ledger import Sent

STORM_S = 60.0
"""In which all alerts are raised and all accidents happen."""
PATIENCE_MIN = 0.2
"""How long the bot waits for somebody to take an alert; five minutes in earnest."""
TAKEN = 0.3
"""The share of alerts that a moderator takes."""
SPELL_S = 3.0
"""How long each fault lasts."""
CALM_WITHIN_S = 420.0
_SENDS = {"send_private_msg", "send_group_msg"}
SPELLS = {
    "the answer is lost": FaultOrder(swallow_answer=_SENDS),
    "the answer comes too late": FaultOrder(answer_delay=2.5),
    "ok, but not sent": FaultOrder(say_ok_do_nothing=_SENDS),
    "the platform throttles": FaultOrder(refuse=dict.fromkeys(_SENDS, 100)),
    "so many a minute": FaultOrder(rate_limit=20),
}
_REPEAT = "（网络不稳，这条可能已经发过一次）"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the storm left behind."""

    alerts: int
    drops: int
    kills: int
    taken: int
    """Cases that a moderator has."""
    expired_with_notice: int
    """Cases nobody took, after the staff group was called and everybody was reminded."""
    unaccounted: tuple[int, ...]
    """Cases that are neither."""
    without_case: int
    cases_twice: int
    unheard: tuple[int, ...]
    """Cases of which a moderator who is reachable was never told, nor the staff group instead."""
    twice: int
    """Messages that one recipient got more than once."""
    repeats_said_so: int
    """Messages sent again that say so themselves: nobody could tell whether they arrived."""
    leaked: int
    seconds: float

    @property
    def clean(self) -> bool:
        """Whether no alert was lost or doubled, and none leaked."""
        wrong = (self.without_case, self.cases_twice, self.twice, self.leaked)
        return not any(wrong) and not self.unaccounted and not self.unheard


class Storm:
    """One storm over one bot."""

    def __init__(self, rig: Rig, random: Random) -> None:
        self._rig = rig
        self._random = random
        self._subjects: list[int] = []

    async def blow(self, alerts: int, drops: int, kills: int) -> Outcome:
        """Raise all alerts amid all accidents; wait until it is calm; count."""
        began = monotonic()
        raising = asyncio.create_task(self._raise(alerts))
        taking = asyncio.create_task(self._take())
        await self._accidents(drops, kills)
        await raising
        self._rig.sim.accident(FaultOrder(reset=True))
        self._rig.sim.stage.befriend("laozhou", friend=True)
        since = wall_ms()
        self._rig.sim.drop_connection()
        await self._rig.reconnected(since)
        await until(self._calm, "every alert has come to an end", CALM_WITHIN_S, pause_s=0.5)
        taking.cancel()
        await asyncio.gather(taking, return_exceptions=True)
        await self._rig.idle()
        return self._count(drops, kills, monotonic() - began)

    async def _raise(self, alerts: int) -> None:
        for _ in range(alerts):
            subject = self._rig.bystander()
            self._subjects.append(subject)
            self._rig.sim.stage.say_text(subject, DANGER_TEXT, self._rig.group_id)
            await asyncio.sleep(STORM_S / alerts)

    async def _accidents(self, drops: int, kills: int) -> None:
        """Spread over the storm: drops, kills, spells, and a friend who is one no longer."""
        events = ["drop"] * drops + ["kill"] * kills + list(SPELLS) + ["friend"]
        self._random.shuffle(events)
        for event in events:
            await asyncio.sleep(self._random.uniform(0.2, STORM_S / len(events)))
            await self._accident(event)

    async def _accident(self, event: str) -> None:
        rig = self._rig
        if event == "drop":
            rig.sim.drop_connection(reconnect_after=self._random.uniform(0, 1))
        elif event == "kill":
            await rig.bot.kill()
            await rig.bot.start()
            await rig.sim.wait_connected(60)
        elif event == "friend":
            rig.sim.stage.befriend("laozhou", friend=False)
        else:
            rig.sim.accident(SPELLS[event])
            await asyncio.sleep(SPELL_S)
            rig.sim.accident(FaultOrder(reset=True))

    async def _take(self) -> None:
        """A moderator takes some of the cases that are open, again until it is heard."""
        while True:
            await asyncio.sleep(0.5)
            wanted = "SELECT id FROM cases WHERE state = 'open' AND id % 10 < ?"
            for (number,) in self._rig.archive.rows(wanted, int(TAKEN * 10))[:3]:
                if self._rig.sim.connected:
                    self._rig.sim.stage.say_text("laozhou", f"接手 {number}")

    def _calm(self) -> bool:
        waiting = "SELECT count(*) FROM desk_timers WHERE kind = 'acknowledge' AND fired_ms IS NULL"
        archive = self._rig.archive
        raised = len(archive.cases().keys() & set(self._subjects))
        if raised < len(self._subjects) or archive.letters_waiting():
            return False
        return not archive.rows(waiting)[0][0]

    def _count(self, drops: int, kills: int, seconds: float) -> Outcome:
        cases, sent = self._rig.archive.cases(), self._rig.sim.sent
        of_subject = {subject: cases.get(subject, []) for subject in self._subjects}
        numbers = [number for found in of_subject.values() for number in found]
        taken = {row[0] for row in self._rig.archive.rows("SELECT id FROM cases WHERE claimed_by")}
        ended = self._ended()
        said = Counter(_said(sent))
        return Outcome(
            alerts=len(self._subjects),
            drops=drops,
            kills=kills,
            taken=len(taken & set(numbers)),
            expired_with_notice=len((ended - taken) & set(numbers)),
            unaccounted=tuple(sorted(set(numbers) - taken - ended)),
            without_case=sum(not found for found in of_subject.values()),
            cases_twice=sum(len(found) > 1 for found in of_subject.values()),
            unheard=tuple(one for one in numbers if not _was_heard(one, sent)),
            twice=sum(count - 1 for count in said.values()),
            repeats_said_so=sum(one.text.startswith(_REPEAT) for one in sent),
            leaked=sum(one.leaked or one.group_id == WATCHED for one in sent),
            seconds=round(seconds, 1),
        )

    def _ended(self) -> set[int]:
        """Return the cases of which everybody was reminded for the last time."""
        reminded = (
            "SELECT DISTINCT case_id FROM outbox WHERE key LIKE 'alert:%:last|private:%'"
            " AND state = 'done'"
        )
        return {row[0] for row in self._rig.archive.rows(reminded)}


def _said(sent: Iterable[Sent]) -> Iterable[tuple[int, str]]:
    """What was told unasked, by recipient; answers to a moderator may well be alike."""
    for one in sent:
        if one.text.startswith("【留灯】案件"):
            yield one.user_id or one.group_id or 0, one.text


def _was_heard(number: int, sent: Iterable[Sent]) -> bool:
    told = {one.user_id or one.group_id for one in sent if case_number(one) == number}
    return ATANG in told and bool({LAOZHOU, STAFF} & told)


async def run(alerts: int, drops: int, kills: int, seed: int, directory: Path) -> Outcome:
    """Blow one storm over a bot of its own."""
    settings = {
        "STAFF_GROUP": STAFF,
        "API_TIMEOUT": 2,
        "ACK_MINUTES": PATIENCE_MIN,
        "SEND_INTERVAL": 0.15,
    }
    async with start_rig(directory, staffed_group(alerts + 20), settings=settings) as rig:
        return await Storm(rig, Random(seed)).blow(alerts, drops, kills)


def main(
    alerts: Annotated[int, typer.Option(min=1, help="Members in danger.")] = 100,
    drops: Annotated[int, typer.Option(min=0, help="How often the line drops.")] = 10,
    kills: Annotated[int, typer.Option(min=0, help="How often the bot is killed.")] = 5,
    seed: Annotated[int, typer.Option(help="Decides every random moment.")] = 1,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the result here.")] = None,
    keep: Annotated[Path | None, typer.Option(help="Keep the bot's data and log here.")] = None,
) -> None:
    """Raise alerts in a storm; count what was lost, doubled or leaked."""
    logging.getLogger("simulator").setLevel(logging.ERROR)  # it complains of every lost line
    with tempfile.TemporaryDirectory() as temporary:
        outcome = asyncio.run(run(alerts, drops, kills, seed, keep or Path(temporary)))
    console = Console(stderr=not sys.stdout.isatty())
    for name, value in asdict(outcome).items():
        console.print(f"{name:>20}  {value}")
    console.print("clean" if outcome.clean else "[red]NOT CLEAN")
    if json_file is not None:
        result = {"benchmark": "desk_storm", "seed": seed, "clean": outcome.clean}
        text = json.dumps({**result, **asdict(outcome)}, ensure_ascii=False, indent=2)
        json_file.write_text(text + "\n", "utf-8")
    raise typer.Exit(0 if outcome.clean else 1)


if __name__ == "__main__":
    typer.run(main)
