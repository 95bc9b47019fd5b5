"""A web server of few lines with every bad habit."""

import asyncio
import contextlib
import ssl
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]
PAGE = "<html><head><title>{title}</title></head><body>{words}</body></html>"
_LETTERS = 200
_PIECE = b"<p>" + b"x" * 16_381


def page(title: str = "一封信", words: str = "留一盏灯，" * 60) -> bytes:
    """Return a page with enough words to be known again."""
    return PAGE.format(title=title, words=words).encode()


def reply(
    body: bytes = b"",
    *,
    status: int = 200,
    kind: str = "text/html; charset=utf-8",
    location: str = "",
) -> bytes:
    """Return a whole HTTP answer."""
    lines = [f"HTTP/1.1 {status} -", f"Content-Type: {kind}", "Connection: close"]
    lines += [f"Content-Length: {len(body)}", *([f"Location: {location}"] if location else [])]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def never(writer: asyncio.StreamWriter) -> None:
    """Say nothing, for ever."""
    await asyncio.Event().wait()


async def drip(writer: asyncio.StreamWriter) -> None:
    """Send headers one letter at a time, and never come to their end."""
    writer.write(b"HTTP/1.1 200 OK\r\n")
    for _ in range(_LETTERS):
        writer.write(b"X")
        await writer.drain()
        await asyncio.sleep(0)  # the letter goes by itself
    await asyncio.Event().wait()


async def endless(writer: asyncio.StreamWriter) -> None:
    """Send a body that never ends."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><title>t</title>")
    while True:
        writer.write(_PIECE)
        await writer.drain()


async def huge(writer: asyncio.StreamWriter) -> None:
    """Send 20 MB."""
    size = 20 * 1024 * 1024
    writer.write(
        f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {size}\r\n\r\n".encode()
    )
    for _ in range(size // len(_PIECE)):
        writer.write(_PIECE)
        await writer.drain()


async def garbage(writer: asyncio.StreamWriter) -> None:
    """Send what is no HTTP."""
    writer.write(b"\x00\xff220 smtp.example ready\r\n\r\n" * 10)


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """Close at once."""


@dataclass
class WebServer:
    """Serves `answers` by path on the loopback interface; counts what was asked and sent."""

    answers: dict[str, bytes | Answer] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    """How often each `METHOD /path` was asked for."""
    hosts: set[str] = field(default_factory=set)
    certificate: ssl.SSLContext | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def __aenter__(self) -> "WebServer":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self.certificate)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()

    @property
    def origin(self) -> str:
        """`host:port`, as it stands in a setting."""
        return f"127.0.0.1:{self.port}"

    def url(self, path: str, scheme: str = "http") -> str:
        """Return where a path is served."""
        return f"{scheme}://{self.origin}{path}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            request = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            method, path = request.split()[:2]
            self.asked[f"{method} {path}"] += 1
            self.hosts |= {
                line[5:].strip() for line in request.splitlines() if line.startswith("Host:")
            }
            answer = self.answers.get(path, reply(status=404))
            if callable(answer):
                await answer(writer)
            else:
                head, _, body = answer.partition(b"\r\n\r\n")
                writer.write(head + b"\r\n\r\n" + (b"" if method == "HEAD" else body))
                await writer.drain()
        writer.close()


def self_signed(folder: Path) -> ssl.SSLContext:
    """Return a certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(private)
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context
