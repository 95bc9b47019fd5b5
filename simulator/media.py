"""Pictures and files: stored or drawn, served under URLs that expire."""

import asyncio
import hashlib
import hmac
import time
from collections import OrderedDict
from urllib.parse import parse_qs, urlencode, urlsplit

from simulator.pictures import PictureSpec, draw

STORE_LIMIT = 256 * 1024 * 1024
DRAWN_LIMIT = 64 * 1024 * 1024
PATH = "/download"


class _Shelf:
    """Byte strings by name, oldest dropped first once they weigh more than the limit."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._weight = 0
        self._items: OrderedDict[str, bytes] = OrderedDict()

    def get(self, name: str) -> bytes | None:
        content = self._items.get(name)
        if content is not None:
            self._items.move_to_end(name)
        return content

    def put(self, name: str, content: bytes) -> None:
        if name in self._items:
            return
        self._items[name] = content
        self._weight += len(content)
        while self._weight > self._limit and len(self._items) > 1:
            _, dropped = self._items.popitem(last=False)
            self._weight -= len(dropped)


class Media:
    """The picture server's memory. ``ttl`` is the life of a URL in seconds."""

    def __init__(self, seed: int, ttl: float) -> None:
        self.base = "http://127.0.0.1"
        self.ttl = ttl
        self._key = f"rkey:{seed}".encode()
        self._stored = _Shelf(STORE_LIMIT)
        self._drawn = _Shelf(DRAWN_LIMIT)
        self._specs: dict[str, PictureSpec] = {}
        self._sizes: dict[str, int] = {}
        self._by_file_id: dict[str, str] = {}
        self._drawing = asyncio.Lock()

    def keep(self, content: bytes, suffix: str = "") -> str:
        """Store bytes; returns the file name (MD5 in capitals, as QQ names pictures)."""
        digest = hashlib.md5(content, usedforsecurity=False).hexdigest().upper()
        name = digest + (suffix or _suffix(content))
        self._stored.put(name, content)
        self._register(name, len(content))
        return name

    def remember(self, spec: PictureSpec) -> str:
        """Promise a drawn picture; it is drawn when first asked for."""
        canonical = spec.model_dump_json().encode()
        digest = hashlib.md5(canonical, usedforsecurity=False).hexdigest().upper()
        name = f"{digest}.{'png' if spec.jpeg is None else 'jpg'}"
        if name not in self._specs:
            self._specs[name] = spec
            self._register(name, 60_000 + int(digest[:4], 16))
        return name

    def words_in(self, name: str) -> list[str]:
        """What is said in a drawn chat, line by line; nothing for any other picture."""
        spec = self._specs.get(name)
        return [words for _, words in spec.lines] if spec else []

    def _register(self, name: str, size: int) -> None:
        self._sizes[name] = size
        self._by_file_id[_file_id(name)] = name

    def knows(self, name: str) -> bool:
        """Whether a file of this name was ever stored or promised."""
        return name in self._sizes

    def size(self, name: str) -> int:
        """Bytes; a guess for a picture that was not drawn yet."""
        return self._sizes.get(name, 0)

    def url(self, name: str, base: str | None = None) -> str:
        """A URL that works for ``ttl`` seconds from now."""
        file_id = _file_id(name)
        expiry = int((time.time() + self.ttl) * 1000)
        rkey = f"CAQS{expiry:x}-{self._sign(file_id, expiry)}"
        query = urlencode({"appid": "1407", "fileid": file_id, "rkey": rkey})
        return f"{base or self.base}{PATH}?{query}"

    def name_in_url(self, url: str) -> str | None:
        """The file a URL of this server points to, whether or not it has expired."""
        file_id = parse_qs(urlsplit(url).query).get("fileid", [""])[0]
        return self._by_file_id.get(file_id)

    def valid(self, file_id: str, rkey: str) -> bool:
        """Whether an rkey belongs to the file and has not expired."""
        expiry_text, _, signature = rkey.removeprefix("CAQS").partition("-")
        try:
            expiry = int(expiry_text, 16)
        except ValueError:
            return False
        fresh = time.time() * 1000 < expiry
        return fresh and hmac.compare_digest(signature, self._sign(file_id, expiry))

    def _sign(self, file_id: str, expiry: int) -> str:
        return hmac.new(self._key, f"{file_id}:{expiry}".encode(), "sha256").hexdigest()[:40]

    def stored(self, name: str) -> bytes | None:
        """The bytes that were stored under a name, as when the bot sent a picture."""
        return self._stored.get(name)

    async def content(self, file_id: str) -> bytes | None:
        """The bytes behind a file id; draws in a worker thread, one picture at a time."""
        name = self._by_file_id.get(file_id)
        if name is None:
            return None
        spec = self._specs.get(name)
        if spec is None:
            return self._stored.get(name)
        async with self._drawing:
            drawn = self._drawn.get(name)
            if drawn is None:
                drawn = await asyncio.to_thread(draw, spec)
                self._drawn.put(name, drawn)
                self._sizes[name] = len(drawn)
            return drawn


def _file_id(name: str) -> str:
    return "EhQ" + hashlib.sha256(name.encode()).hexdigest()[:48]


def _suffix(content: bytes) -> str:
    if content.startswith(b"\xff\xd8\xff"):
        return ".jpg"
    return ".gif" if content.startswith(b"GIF8") else ".png"


def media_type(content: bytes) -> str:
    """The MIME type told by the first bytes."""
    if content.startswith(b"\x89PNG"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    return "image/gif" if content.startswith(b"GIF8") else "application/octet-stream"
