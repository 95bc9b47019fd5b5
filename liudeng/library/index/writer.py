"""The writing process as the bot sees it: given an order, timed, ended."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncGenerator, Sequence

from pydantic import ValidationError

from liudeng.library.index.document import Document
from liudeng.library.index.order import Order, Outcome
from liudeng.workers import ROOT, inherited_environment

_COMMAND = (sys.executable, "-m", "liudeng.library.index.worker")
_TIME_LIMIT_S = 900.0


class WritingFailed(Exception):
    """The index could not be written; what was published before still counts."""


class IndexWriter:
    """Starts a process for each order; one at a time."""

    def __init__(
        self, command: Sequence[str] = _COMMAND, time_limit: float = _TIME_LIMIT_S
    ) -> None:
        self._command = command
        self._time_limit = time_limit
        self._turn = asyncio.Lock()

    async def write(self, order: Order, documents: AsyncGenerator[Document, None]) -> int:
        """Carry out an order.

        Returns:
            How many documents were put in or taken out.

        Raises:
            WritingFailed: the process failed, died, or took too long.
        """
        async with self._turn:
            try:
                async with asyncio.timeout(self._time_limit):
                    outcome = await self._carry_out(order, documents)
            except (TimeoutError, OSError, ValidationError) as error:
                raise WritingFailed(type(error).__name__) from None
        if outcome.failed:
            raise WritingFailed(outcome.failed)
        return outcome.changed

    async def _carry_out(self, order: Order, documents: AsyncGenerator[Document, None]) -> Outcome:
        process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=ROOT,
            env=inherited_environment(),
            start_new_session=True,  # Ctrl-C is for the bot, which then ends it in order
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(_line(order.model_dump_json()))
            async with contextlib.aclosing(documents):
                async for document in documents:
                    process.stdin.write(_line(document.model_dump_json()))
                    await process.stdin.drain()
            process.stdin.close()
            return Outcome.model_validate_json(await process.stdout.readline())
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def _line(json: str) -> bytes:
    return json.encode() + b"\n"
