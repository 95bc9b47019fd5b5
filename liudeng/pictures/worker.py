"""The process that draws: an order on each line of its input, a PNG for each on its output.

A picture that takes all memory or crashes a decoder does so here and not in the bot.
"""

import contextlib
import json
import os
import sys
from typing import Any, BinaryIO

_NICENESS = 5


def main() -> None:
    """Serve orders until the input closes; argument: bytes of address space."""
    with contextlib.suppress(AttributeError, OSError):
        os.nice(_NICENESS)
    _limit_memory(int(sys.argv[1]))
    from liudeng.pictures.fonts import load  # below the limit

    load(42)
    output = sys.stdout.buffer
    _answer(output, {"ready": True})
    for line in sys.stdin.buffer:
        _serve(json.loads(line), output)


def _serve(order: dict[str, Any], output: BinaryIO) -> None:
    from liudeng.pictures.renderers import render

    try:
        png = render(order["function"], order["card"], order["theme"])
    except Exception as error:  # this card fails; the next is another
        _answer(output, {"failed": type(error).__name__})
    else:
        _answer(output, {"bytes": len(png)}, png)


def _answer(output: BinaryIO, head: dict[str, Any], body: bytes = b"") -> None:
    output.write(json.dumps(head).encode() + b"\n" + body)
    output.flush()


def _limit_memory(size: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (size, size))


if __name__ == "__main__":
    main()
