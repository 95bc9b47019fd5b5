"""A picture server of few lines that lies when it is told to."""

import asyncio
import contextlib
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass
class FileServer:
    """Serves `answers` by path on the loopback interface; counts who asked for what."""

    answers: dict[str, bytes] = field(default_factory=dict)
    """Path -> the whole HTTP answer, as `reply` builds it."""
    asked: Counter[str] = field(default_factory=Counter)
    hosts: list[str] = field(default_factory=list)
    """The Host header of every request."""
    held: asyncio.Event | None = None
    """When set to an event, nobody is answered before it is set."""

    async def __aenter__(self) -> "FileServer":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    @property
    def origin(self) -> str:
        """`host:port`, as it stands in a setting."""
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        """Return where a path is served."""
        return f"http://{self.origin}{path}"

    def serve(self, path: str, body: bytes, *, length: int | None = None) -> str:
        """Serve a body; returns its URL."""
        self.answers[urlsplit(path).path] = reply(body, length=length)
        return self.url(path)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            request = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            path = urlsplit(request.split()[1]).path
            self.asked[path] += 1
            self.hosts += [
                line[5:].strip()
                for line in request.splitlines()
                if line.lower().startswith("host:")
            ]
            if self.held is not None:
                await self.held.wait()
            writer.write(self.answers.get(path) or reply(b"", status=404))
            await writer.drain()
        writer.close()


def reply(
    body: bytes, *, status: int = 200, location: str = "", length: int | None = None
) -> bytes:
    """Return a whole HTTP answer; `length` may claim more or less than there is."""
    lines = [f"HTTP/1.1 {status} -", "Content-Type: image/png", "Connection: close"]
    lines.append(f"Content-Length: {len(body) if length is None else length}")
    if location:
        lines.append(f"Location: {location}")
    return "\r\n".join([*lines, "", ""]).encode() + body
