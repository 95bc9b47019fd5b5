"""A raid in a minute: 200 arrivals, 5,000 messages, and members who go on talking.

    python -m benchmarks.moderation_raid [--arrivals 200] [--messages 5000] [--whole-mute]

Over a real WebSocket, with 防炸群 armed as moderators would do it. It says who was muted, what the
bot sent, when the raid went quiet, and whether the archive is complete; it fails if an innocent
talker was muted. With --whole-mute the group has allowed the bot to mute everybody in a storm;
with --varied every raider says something else each time.
"""

import asyncio
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import monotonic, time
from typing import Annotated

import typer

from benchmarks.support.cast import ATANG, STAFF, staffed_group
from benchmarks.support.rig import Rig, start_rig
from simulator.world import WorldError

FIRST = 3_900_000_000
TALKERS = 10
SPAN_S = 60.0
JOINING_S = 10.0


def main(
    arrivals: Annotated[int, typer.Option()] = 200,
    messages: Annotated[int, typer.Option()] = 5_000,
    whole_mute: Annotated[bool, typer.Option()] = False,
    varied: Annotated[bool, typer.Option()] = False,
) -> None:
    """Play the raid and tell what became of it."""
    asyncio.run(_play(Plan(arrivals, messages, whole_mute, varied)))


@dataclass(frozen=True, slots=True)
class Plan:
    """How the raid is played."""

    arrivals: int
    messages: int
    whole_mute: bool
    varied: bool

    def words(self, number: int) -> str:
        """What a raider says."""
        if not self.varied:
            return f"冲冲冲{number % 7}这个群没了{number}"
        rng = Random(number)
        return "".join(chr(rng.randrange(0x4E00, 0x9FA5)) for _ in range(12))


async def _play(plan: Plan) -> None:
    with tempfile.TemporaryDirectory() as directory:
        cast = staffed_group(members=40)
        async with start_rig(Path(directory), cast, settings={"STAFF_GROUP": STAFF}) as rig:
            await rig.ask(ATANG, "规则 启用 防炸群", private=True)
            await rig.ask(ATANG, "规则 生效 防炸群", private=True)
            if plan.whole_mute:
                await rig.ask(ATANG, "规则 启用 自动全员禁言", private=True)
            talkers = [rig.bystander() for _ in range(TALKERS)]
            await _tell(rig, await _raid(rig, plan, talkers), talkers)


async def _raid(rig: Rig, plan: Plan, talkers: list[int]) -> Counter[str]:
    """Everybody comes within ten seconds and says what is left of the minute."""
    told: Counter[str] = Counter()
    began = monotonic()
    arrivals, messages = plan.arrivals, plan.messages
    quiet_after = 0.0
    for number in range(arrivals):
        person = rig.sim.world.newcomer(FIRST + number)
        rig.sim.stage.join(rig.group_id, person)
        await asyncio.sleep(JOINING_S / arrivals)
    for number in range(messages):
        speaker = FIRST + number % arrivals
        try:
            await rig.sim.say(speaker, plan.words(number), group=rig.group_id)
            told["said by raiders"] += 1
            quiet_after = monotonic() - began - JOINING_S
        except WorldError:
            told["kept back by a mute"] += 1
        if number % 25 == 0:
            talker = talkers[number // 25 % len(talkers)]
            try:
                await rig.sim.say(talker, f"大家别怕，管理在 {number}", group=rig.group_id)
                told["said by members"] += 1
            except WorldError:
                told["members kept back by a mute of everybody"] += 1
        ahead = began + JOINING_S + (number + 1) * (SPAN_S - JOINING_S) / messages - monotonic()
        await asyncio.sleep(max(0.0, ahead))
    told["seconds"] = round(monotonic() - began)
    told["seconds from the first word to the last of a raider"] = round(quiet_after)
    return told


async def _tell(rig: Rig, told: Counter[str], talkers: list[int]) -> None:
    began = time() - told["seconds"] + JOINING_S
    await rig.complete(120)
    await rig.idle()
    await _acted(rig)
    calls = Counter(call.action for call in rig.sim.calls if not call.retcode)
    bans = [call.at / 1000 for call in rig.sim.calls if call.action == "set_group_ban"]
    if bans:
        at = [round(bans[len(bans) * share // 100] - began, 1) for share in (0, 50, 99)]
        typer.echo(f"mutes, first, half, last, seconds after the first word: {at}")
    muted = {call.params["user_id"] for call in rig.sim.calls if call.action == "set_group_ban"}
    innocent = {int(user) for user in muted} & set(talkers)
    reckoned = rig.reckon_messages()
    for name, count in told.items():
        typer.echo(f"{name}: {count}")
    typer.echo(f"muted: {len(muted)}, of these members who only talked: {len(innocent)}")
    typer.echo(f"actions: {dict(calls)}")
    typer.echo(f"messages of the bot: {len(rig.sim.sent)}")
    typer.echo(f"archive: {len(reckoned.lost)} lost of what was said")
    if innocent or reckoned.lost:
        raise typer.Exit(1)


async def _acted(rig: Rig) -> None:
    """Wait until the hands have nothing left to do."""
    before = -1
    while (count := len(rig.sim.calls)) != before:
        before = count
        await asyncio.sleep(3)


if __name__ == "__main__":
    typer.run(main)
