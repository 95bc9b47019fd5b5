"""2,000 rules with 20,000 words over ordinary chat: time a message.

    python -m benchmarks.moderation_rules [--lines FILE]

Rules and words are made up; FILE holds one message a line, else the demo's evening is read.
"""

import json
import random
import statistics
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from liudeng.moderation.assessment import Assessor
from liudeng.moderation.disguise import unmask
from liudeng.moderation.model import load_model
from liudeng.moderation.rules import Engine, Finding, Heard, parse_set

RULES, WORDS = 2_000, 10
EVENING = Path(__file__).parents[1] / "data" / "scenarios" / "farewell_night.jsonl"
_HAN = [chr(code) for code in range(0x4E00, 0x9FA0)]


def made_up_rules(seed: int = 7) -> str:
    """A file of rules: words in nine of ten, patterns in one of ten."""
    dice = random.Random(seed)
    lines = ['name = "大套"', 'summary = "两千条编出来的规则"']
    for number in range(RULES):
        words = ["".join(dice.choices(_HAN, k=dice.randint(2, 5))) for _ in range(WORDS)]
        listed = json.dumps(words, ensure_ascii=False)
        pattern = f", patterns = ['{words[0]}.{{0,6}}{words[1]}']" if number % 10 == 0 else ""
        when = f"{{ words = {listed}{pattern} }}"
        lines += [
            "[[rule]]",
            f'id = "rule-{number}"',
            'name = "编的"',
            'why = "编出来的规则"',
            'do = ["note"]',
            f"when = {when}",
        ]
    return "\n".join(lines)


def main(lines: Annotated[Path | None, typer.Option(help="one message a line")] = None) -> None:
    """Print the median and the 95th percentile."""
    texts = _texts(lines)
    began = perf_counter()
    engine = Engine([parse_set(made_up_rules(), "made-up.toml")])
    typer.echo(f"loading {RULES} rules, {RULES * WORDS} words: {perf_counter() - began:.2f} s")
    plain = [unmask(text).plain.text for text in texts]
    _report("rules alone", _timed(lambda text: engine.judge(Heard(text)), plain))
    _report("unmasking and rules", _timed(lambda text: _judged(engine, text), texts))
    assessor = Assessor(load_model())
    assessor.assess_many(texts[:50])
    _report("models, one at a time", _timed(assessor.assess, texts))


def _judged(engine: Engine, text: str) -> list[Finding]:
    return engine.judge(Heard(unmask(text).plain.text))


def _texts(path: Path | None) -> list[str]:
    if path is not None:
        return path.read_text("utf-8").splitlines()[:5_000]
    rows = (line for line in EVENING.read_text("utf-8").splitlines() if line.startswith("{"))
    return [event["text"] for event in map(json.loads, rows) if "text" in event]


def _timed(do: Callable[[str], object], texts: list[str]) -> list[float]:
    times: list[float] = []
    for text in texts:
        began = perf_counter()
        do(text)
        times.append((perf_counter() - began) * 1000)
    return times


def _report(name: str, times: list[float]) -> None:
    times.sort()
    p95 = times[int(len(times) * 0.95)]
    median = statistics.median(times)
    typer.echo(f"{name}: {len(times)} messages, median {median:.3f} ms, p95 {p95:.3f} ms")


if __name__ == "__main__":
    typer.run(main)
