"""A whole house without NoneBot: everything that writes to the data directory is at work."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import PngImagePlugin
from sqlalchemy import select

from liudeng.archive.tables import messages
from liudeng.commands import CommandTable
from liudeng.house import House
from liudeng.media import State
from liudeng.media.tables import attachments
from liudeng.privacy import Member
from liudeng.settings import Settings
from tests.fakes.gateway import FakeGateway
from tests.fakes.payloads import GROUP, OTHER_GROUP, OWNER, STAFF_GROUP, group_message, segment
from tests.fakes.waiting import until
from tests.library_index.conftest import NearWriter
from tests.media.pictures import chat, encoded
from tests.media.server import FileServer


@dataclass
class Inn:
    """A house, who lives there, and the picture server they post from."""

    house: House
    gateway: FakeGateway
    server: FileServer
    data_dir: Path

    def hear(self, message: Any, who: int, time: int, **fields: Any) -> dict[str, Any]:
        """Let somebody say something."""
        name = fields.pop("name", f"昵称{who}")
        payload = group_message(message, user_id=who, time=time, **fields)
        payload["sender"] = {"user_id": who, "nickname": name, "card": "", "role": "member"}
        self.house.ear.hear(payload)
        return payload

    def picture(self, seed: int, note: str) -> dict[str, Any]:
        """Return the segment of a picture whose file holds a note."""
        info = PngImagePlugin.PngInfo()
        info.add_itxt("note", note)
        body = encoded(chat(seed), pnginfo=info)
        url = self.server.serve(f"/{seed}.png", body)
        return segment("image", file=f"{seed}.png", url=url, sub_type=0, summary="")

    async def settle(self) -> None:
        """Wait until everything heard is stored, read and fetched."""
        await self.house.writer.drain()
        for reader in self.house.readers:
            await reader.caught_up()
        await until(self._nothing_pending, "every picture is there", 30)

    async def texts(self, who: int | None = None) -> list[str]:
        """Return what is kept, of somebody or of everybody."""
        await self.house.writer.drain()
        query = select(messages.c.text).order_by(messages.c.id)
        if who is not None:
            query = query.where(messages.c.user_id == str(who))
        async with self.house.database.read() as connection:
            return list(await connection.scalars(query))

    def traces(self, *signs: str) -> dict[str, list[str]]:
        """Return in which files of the data directory a sign stands, in whatever encoding."""
        found: dict[str, list[str]] = {}
        for path in sorted(self.data_dir.rglob("*")):
            if not path.is_file():
                continue
            content = path.read_bytes()
            for sign in signs:
                if any(form in content for form in forms(sign)):
                    found.setdefault(sign, []).append(str(path.relative_to(self.data_dir)))
        return found

    def member(self, who: int, time: int, group_id: int | None = None) -> Member:
        """Return somebody who says something about being kept."""
        return Member(str(who), group_id, time * 1000)

    async def _nothing_pending(self) -> bool:
        async with self.house.database.read() as connection:
            states = set(await connection.scalars(select(attachments.c.state)))
        return State.PENDING.value not in states


def forms(sign: str) -> list[bytes]:
    """Return how a text may stand in a file."""
    found = [sign.encode(), sign.encode("unicode_escape"), sign.encode("utf-16-le")]
    if sign.isdecimal() and int(sign) < 2**48:  # as SQLite stores an integer of this size
        found.append(int(sign).to_bytes(6, "big"))
    return list(dict.fromkeys(found))


@asynccontextmanager
async def inn(data_dir: Path, **settings: Any) -> AsyncIterator[Inn]:
    """Open a house."""
    async with FileServer() as server:
        told: dict[str, Any] = {
            "data_dir": data_dir,
            "archive_groups": frozenset({GROUP, OTHER_GROUP}),
            "staff_group": STAFF_GROUP,
            "media_trusted_hosts": frozenset({server.origin}),
            "ocr_enabled": False,
            "faq_vectors": False,
            "superusers": frozenset({str(OWNER)}),
            **settings,
        }
        gateway = FakeGateway()
        house = House(Settings(_env_file=None, **told), CommandTable(), gateway)  # type: ignore[call-arg]
        house.roster.set_friends([OWNER])
        house.roster.set_groups({GROUP: "守灯人", OTHER_GROUP: "别的群"})
        house.roster.set_members(GROUP, [{"user_id": OWNER, "role": "owner", "nickname": "阿棠"}])
        house.library.index._writer = NearWriter()
        await house.open()
        try:
            yield Inn(house, gateway, server, data_dir)
        finally:
            await house.close()
