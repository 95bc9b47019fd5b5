"""The process that reads pictures: a path a line comes in, an answer a line goes out.

It is a program of its own, not a fork: a child of the bot would import the bot once more.
"""

import contextlib
import json
import os
import sys
from pathlib import Path
from typing import Any

_NICENESS = 10
_GIVEN_UP_FIRST = "900"
"""When memory runs out, Linux ends this process before the one that archives."""


def main() -> None:
    """Answer until the input ends."""
    threads = int(sys.argv[1])
    answers = _take_output()
    _step_back(threads)

    from liudeng.ocr.picture import load, read_picture

    load(threads)
    _say(answers, {"ready": True})
    for order in sys.stdin.buffer:
        path = Path(json.loads(order)["path"])
        try:
            _say(answers, read_picture(path, threads).model_dump(mode="json"))
        except MemoryError:
            raise
        except Exception as error:  # the text of an error may quote the picture
            _say(answers, {"failed": type(error).__name__})


def _take_output() -> int:
    """Keep standard output for answers: a library's print must not get among them."""
    answers = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return answers


def _step_back(threads: int) -> None:
    """Everything else on the machine goes first."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = str(threads)
    with contextlib.suppress(AttributeError, OSError):
        os.nice(_NICENESS)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_GIVEN_UP_FIRST)


def _say(answers: int, answer: dict[str, Any]) -> None:
    line = json.dumps(answer, ensure_ascii=False).encode() + b"\n"
    while line:
        line = line[os.write(answers, line) :]


if __name__ == "__main__":
    main()
