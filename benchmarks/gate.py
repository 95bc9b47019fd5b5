"""Claim: idle commands cost an ordinary message next to nothing.

    python -m benchmarks.gate [--json]

Measures `Ear.hear` on the same payloads with no command and with thirty, in alternating rounds, and
for scale what the same thirty cost as NoneBot matchers would: one rule check each.
"""

import argparse
import json
import statistics
import sys
from pathlib import Path
from time import perf_counter

from benchmarks.load import group_message
from liudeng.archive import Ear, LogWriter
from liudeng.commands import Command, CommandTable
from liudeng.db import Database

_MESSAGES = 5_000
_ROUNDS = 15
_COMMANDS = 30


def ear_with(commands: int) -> Ear:
    """Return an ear that archives nothing and knows so many commands."""
    table = CommandTable()
    for number in range(commands):
        table.add(Command(name=f"命令{number}", usage="", summary="", takes_text=True))
    writer = LogWriter(Database(Path("unused.sqlite3")), 100)
    return Ear(writer, table, archives=lambda _group: False)


def round_us(ear: Ear, payloads: list[dict]) -> float:
    """Return the microseconds per message of one round."""
    started = perf_counter()
    for payload in payloads:
        ear.hear(payload)
    return (perf_counter() - started) / len(payloads) * 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    payloads = [
        group_message(f"今天晚上大家都睡不着吧，我也是 {number}", number, number % 800)
        for number in range(1, _MESSAGES + 1)
    ]
    without, with_commands = ear_with(0), ear_with(_COMMANDS)
    pairs = [
        (round_us(without, payloads), round_us(with_commands, payloads)) for _ in range(_ROUNDS)
    ]
    result = {
        "commands": _COMMANDS,
        "hear_us_without": round(statistics.median(pair[0] for pair in pairs), 2),
        "hear_us_with": round(statistics.median(pair[1] for pair in pairs), 2),
        "difference_us": round(statistics.median(pair[1] - pair[0] for pair in pairs), 2),
    }
    sys.stdout.write(json.dumps(result, indent=None if options.json else 2) + "\n")


if __name__ == "__main__":
    main()
