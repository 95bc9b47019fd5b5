"""A raid in a minute: 200 arrivals, 5,000 messages, and members who go on talking.

    python -m benchmarks.moderation_raid [--arrivals 200] [--messages 5000]

Over a real WebSocket, with 防炸群 armed as moderators would do it. It says who was muted, what the
bot sent, and whether the archive is complete; it fails if an innocent talker was muted.
"""

import asyncio
import tempfile
from collections import Counter
from pathlib import Path
from time import monotonic
from typing import Annotated

import typer

from benchmarks.support.cast import ATANG, STAFF, staffed_group
from benchmarks.support.rig import Rig, start_rig
from simulator.world import WorldError

FIRST = 3_900_000_000
TALKERS = 10
SPAN_S = 60.0


def main(
    arrivals: Annotated[int, typer.Option()] = 200,
    messages: Annotated[int, typer.Option()] = 5_000,
) -> None:
    """Play the raid and tell what became of it."""
    asyncio.run(_play(arrivals, messages))


async def _play(arrivals: int, messages: int) -> None:
    with tempfile.TemporaryDirectory() as directory:
        cast = staffed_group(members=40)
        async with start_rig(Path(directory), cast, settings={"STAFF_GROUP": STAFF}) as rig:
            await rig.ask(ATANG, "规则 启用 防炸群", private=True)
            await rig.ask(ATANG, "规则 生效 防炸群", private=True)
            talkers = [rig.bystander() for _ in range(TALKERS)]
            await _tell(rig, await _raid(rig, arrivals, messages, talkers), talkers)


async def _raid(rig: Rig, arrivals: int, messages: int, talkers: list[int]) -> Counter[str]:
    """Everybody comes within ten seconds and says what is left of the minute."""
    told: Counter[str] = Counter()
    began = monotonic()
    for number in range(arrivals):
        person = rig.sim.world.newcomer(FIRST + number)
        rig.sim.stage.join(rig.group_id, person)
        await asyncio.sleep(10 / arrivals)
    for number in range(messages):
        speaker = FIRST + number % arrivals
        try:
            await rig.sim.say(speaker, f"冲冲冲{number % 7}这个群没了{number}", group=rig.group_id)
            told["said by raiders"] += 1
        except WorldError:
            told["kept back by a mute"] += 1
        if number % 25 == 0:
            talker = talkers[number // 25 % len(talkers)]
            await rig.sim.say(talker, f"大家别怕，管理在 {number}", group=rig.group_id)
            told["said by members"] += 1
        ahead = began + 10 + (number + 1) * (SPAN_S - 10) / messages - monotonic()
        await asyncio.sleep(max(0.0, ahead))
    told["seconds"] = round(monotonic() - began)
    return told


async def _tell(rig: Rig, told: Counter[str], talkers: list[int]) -> None:
    await rig.complete(120)
    await rig.idle()
    await _acted(rig)
    calls = Counter(call.action for call in rig.sim.calls if not call.retcode)
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
