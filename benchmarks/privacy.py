"""Claim: consent costs an ordinary message microseconds, and an erasure holds nobody up for long.

    python -m benchmarks.privacy [--messages 200000] [--refusers 1000] [--json]

The gate is asked about the same messages with an open book and with so many refusers, alternately.
Then one member of 200 is erased out of an archive of so many messages, while others go on
talking: how long it takes, how long the longest of their messages waited, whether a byte is left.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from liudeng.archive import LogWriter, Message
from liudeng.db import Database, migrate, now_ms
from liudeng.media import MediaStore
from liudeng.outbox import Enclosures
from liudeng.privacy import EVERYWHERE, Gate, Keeping, Places, Pseudonyms, Register, Said
from liudeng.privacy.erasure import Erasure
from liudeng.privacy.holders import all_holders
from liudeng.privacy.sweeping import Sweeper
from liudeng.search.log_index import refresh_index

_GROUP = 731_415_926
_SPEAKERS = 200
_FIRST = 800_000_001
_ASKED = 20_000
_ROUNDS = 7
_SAID = "今天晚上大家都睡不着吧，我也是，想起它最后说的那句话 {number}"
_MARK = "只有要走的人说过的暗号"


def message(number: int, begin_ms: int) -> Message:
    """Return one message of an archive; every speaker in turn."""
    who = _FIRST + number % _SPEAKERS
    words = _SAID.format(number=number % 1000) + (_MARK if who == _FIRST else "")
    moment = begin_ms + number * 1000
    return Message(
        self_id=1,
        group_id=_GROUP,
        message_id=str(number),
        platform_seq=number,
        time_ms=moment,
        received_ms=moment,
        user_id=str(who),
        name=f"昵称{who}",
        text=words,
        segments=({"type": "text", "data": {"text": words}},),
    )


def asked_us(gate: Gate, messages: Sequence[Message]) -> float:
    """Return the microseconds of one question."""
    started = perf_counter()
    for one in messages:
        gate.admit(one)
    return (perf_counter() - started) / len(messages) * 1e6


async def gate_costs(folder: Path, refusers: int) -> dict[str, float]:
    """Compare an open book with one of many refusers."""
    gates = []
    for name, count in (("open", 0), ("refused", refusers)):
        path = folder / f"{name}.sqlite3"
        await asyncio.to_thread(migrate, path)
        register = Register(Database(path), Pseudonyms("", folder / f"{name}.key"))
        await register.open()
        for number in range(count):
            await register.say(Said(str(number), EVERYWHERE, 0, Keeping.NONE))
        gates.append(Gate(register))
    messages = [message(number, now_ms()) for number in range(_ASKED)]
    pairs = [[asked_us(gate, messages) for gate in gates] for _ in range(_ROUNDS)]
    return {
        "open_us": round(statistics.median(pair[0] for pair in pairs), 2),
        "refusers_us": round(statistics.median(pair[1] for pair in pairs), 2),
    }


async def erasure_costs(folder: Path, count: int) -> dict[str, Any]:
    """Erase one speaker while the others talk on."""
    path = folder / "liudeng.sqlite3"
    await asyncio.to_thread(migrate, path)
    database = Database(path)
    await refresh_index(database)
    register = Register(database, Pseudonyms("", folder / "privacy.key"))
    await register.open()
    writer = LogWriter(database, 20_000, Gate(register))
    writer.start(0)
    begin = now_ms() - count * 1000
    for number in range(count):
        await writer.put(message(number, begin))
    await writer.drain()

    async def nothing() -> None:
        return None

    holders = all_holders()
    places = Places(MediaStore(folder / "media"), lambda _: None, nothing)
    sweeper = Sweeper(database, places, holders)
    enclosures = Enclosures(folder / "enclosures")
    erasure = Erasure(database, register, sweeper, holders, enclosures, writer.drain)
    megabytes = await asyncio.to_thread(_megabytes, path)
    writer.status.latencies_ms.clear()
    talking = asyncio.create_task(talk(writer, count))
    started = perf_counter()
    receipt = await erasure.erase(str(_FIRST), now_ms())
    seconds = perf_counter() - started
    talking.cancel()
    await asyncio.gather(talking, return_exceptions=True)
    await writer.close()
    await database.close()
    left = await asyncio.to_thread(_traces, folder)
    waits = sorted(writer.status.latencies_ms)
    return {
        "messages": count,
        "megabytes": round(megabytes),
        "erased": receipt.erased.messages,
        "seconds": round(seconds, 1),
        "others_said_meanwhile": len(waits),
        "others_waited_ms_p50": round(waits[len(waits) // 2], 1) if waits else None,
        "others_waited_ms_most": round(waits[-1], 1) if waits else None,
        "files_with_traces": len(left),
    }


def _traces(folder: Path) -> list[Path]:
    return [each for each in folder.iterdir() if each.is_file() and _holds(each)]


def _megabytes(path: Path) -> float:
    return path.stat().st_size / 2**20


def _holds(path: Path) -> bool:
    return any(sign.encode() in path.read_bytes() for sign in (_MARK, f"昵称{_FIRST}"))


async def talk(writer: LogWriter, begin: int) -> None:
    """Let somebody else say something twenty times a second."""
    number = begin
    while True:
        number += _SPEAKERS - begin % _SPEAKERS if number == begin else _SPEAKERS
        writer.offer(message(number + 1, now_ms() - (number + 1) * 1000))
        await asyncio.sleep(0.05)


async def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Run both."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        gate = await gate_costs(Path(one), options.refusers)
        return {**gate, **await erasure_costs(Path(other), options.messages)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=200_000)
    parser.add_argument("--refusers", type=int, default=1_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    result = asyncio.run(measure(options))
    sys.stdout.write(json.dumps(result, indent=None if options.json else 2) + "\n")


if __name__ == "__main__":
    main()
