"""The writing process: one order, then it ends.

Whoosh writes in pure Python. In a thread it would make the bot stammer for as long as it writes;
here it may take its time, and its memory is given back when it ends.
"""

import contextlib
import os
import sys
from collections.abc import Iterator

from liudeng.library.index import writing
from liudeng.library.index.document import Document
from liudeng.library.index.folder import IndexFolder
from liudeng.library.index.order import Order, Outcome, Task

_NICENESS = 10


def main() -> None:
    """Read an order and its documents, carry it out, answer."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(_NICENESS)
    order = Order.model_validate_json(sys.stdin.buffer.readline())
    try:
        outcome = Outcome(changed=_carry_out(order))
    except Exception as error:
        outcome = Outcome(failed=type(error).__name__)
    sys.stdout.write(outcome.model_dump_json() + "\n")


def _carry_out(order: Order) -> int:
    folder = IndexFolder(order.folder)
    match order.task:
        case Task.BUILD:
            return writing.build(folder, _documents(), order.seq)
        case Task.RECONCILE:
            return writing.reconcile(folder, _documents(), order.seq)
        case Task.APPLY:
            return writing.apply(folder, tuple(_documents()), order.removed, order.seq)


def _documents() -> Iterator[Document]:
    lines = sys.stdin.buffer.readlines()  # at once: the bot has a transaction open for them
    return map(Document.model_validate_json, lines)


if __name__ == "__main__":
    main()
