"""Sending what must leave no row in the outbox: a person's data, and the receipt of an erasure."""

import asyncio
import base64
import logging
from pathlib import Path

from liudeng.db import explain
from liudeng.outbox import Gateway, NotConnected, OutcomeUnknown, Refused, text_segment
from liudeng.privacy import texts
from liudeng.privacy.handing_out import HandingOut, left_out, pack
from liudeng.search.budget import Allowance

log = logging.getLogger(__name__)

_PER_SECONDS = 600
_PAUSE_S = 1.5
"""Between two files, as between any two messages of the bot."""


class DirectMail:
    """Writes to people without the outbox, which would keep their number for a month.

    Nothing of it is tried again: whoever asked is there and asks once more.
    """

    def __init__(
        self, gateway: Gateway, handing_out: HandingOut, pause_s: float = _PAUSE_S
    ) -> None:
        self._gateway = gateway
        self._handing_out = handing_out
        self._pause_s = pause_s
        self._allowance = Allowance(1, 1 / _PER_SECONDS)
        self._turn = asyncio.Lock()

    async def tell(self, user_id: int, text: str) -> bool:
        """Say something privately; False when it did not get there."""
        try:
            await self._gateway.call(
                "send_private_msg", user_id=user_id, message=[text_segment(text)]
            )
        except (NotConnected, Refused, OutcomeUnknown):
            return False
        return True

    async def hand_out(self, user_id: int) -> str:
        """我的数据: send everything that is kept of somebody; return what became of it."""
        if self._turn.locked():
            return texts.BUSY
        if not self._allowance.allows(user_id, 1):
            return texts.OFTEN
        async with self._turn:
            self._allowance.spend(user_id, 1)
            try:
                return await self._send_all(user_id)
            except OSError as error:
                log.warning("一份「我的数据」没能打包：%s", explain(error).advice)
                return texts.CANNOT_PACK

    async def _send_all(self, user_id: int) -> str:
        async with self._handing_out.copy(str(user_id)) as copy:
            if copy.stock.is_empty:
                return texts.NOTHING_KEPT
            try:
                for number, part in enumerate(await asyncio.to_thread(list, pack(copy)), 1):
                    await self._upload(user_id, part, f"留灯_我的数据_{number}.zip")
                    await asyncio.sleep(self._pause_s)
            except NotConnected:
                return texts.NOT_CONNECTED
            except Refused:
                return texts.NOT_A_FRIEND
            except OutcomeUnknown:
                return texts.UNKNOWN_OUTCOME
            left = await asyncio.to_thread(left_out, copy)
        what = texts.stock_text(copy.stock)
        more = f"有 {left} 个文件太大或太多，发不过来，可以找运营者要。" if left else ""
        several = "几个压缩包解到同一个文件夹里，先打开 index.html。"
        await self.tell(
            user_id,
            f"我存着你的：{what}。{'多半' if left else '都'}在上面的文件里；{several}{more}",
        )
        return texts.SENT_PRIVATELY

    async def _upload(self, user_id: int, part: Path, name: str) -> None:
        # As bytes: the implementation may run in a container with other files than ours.
        encoded = await asyncio.to_thread(
            lambda: base64.b64encode(part.read_bytes()).decode("ascii")
        )
        await self._gateway.call(
            "upload_private_file", user_id=user_id, file=f"base64://{encoded}", name=name
        )
