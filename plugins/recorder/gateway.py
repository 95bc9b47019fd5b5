"""The outbox's way out: OneBot actions on the connected account, with three outcomes."""

import asyncio
import re
from typing import Any

from nonebot.adapters import Bot
from nonebot.adapters.onebot.v11.exception import ActionFailed, ApiNotAvailable

from liudeng.outbox import NotConnected, OutcomeUnknown, Refused

# NapCat reports a send whose confirmation it did not see as failed, though it may have gone out.
_TIMED_OUT = re.compile(r"time[d_ -]*out|超时", re.IGNORECASE)


class BotGateway:
    """Calls actions on whichever account connected last."""

    def __init__(self) -> None:
        self._bot: Bot | None = None
        self._gone = asyncio.Event()

    @property
    def connected(self) -> bool:
        """Whether an account is connected."""
        return self._bot is not None

    def connect(self, bot: Bot) -> None:
        """Use this account from now on."""
        self._bot = bot
        self._gone = asyncio.Event()

    def disconnect(self, bot: Bot) -> bool:
        """The account is gone: nobody waits for its answers any longer.

        Returns:
            False when it was not the account in use.
        """
        if self._bot is not bot:
            return False
        self._bot = None
        self._gone.set()
        return True

    async def call(self, action: str, **parameters: Any) -> Any:
        """Carry out an action and return its data.

        Raises:
            NotConnected, Refused, OutcomeUnknown
        """
        if self._bot is None:
            raise NotConnected("no account is connected")
        answer = asyncio.ensure_future(_call(self._bot, action, parameters))
        gone = asyncio.ensure_future(self._gone.wait())
        try:
            await asyncio.wait({answer, gone}, return_when=asyncio.FIRST_COMPLETED)
            if answer.done():
                return answer.result()
            raise OutcomeUnknown(f"{action}: the connection was lost before an answer came")
        finally:
            answer.cancel()
            gone.cancel()


async def _call(bot: Bot, action: str, parameters: dict[str, Any]) -> Any:
    try:
        return await bot.call_api(action, **parameters)
    except ActionFailed as failed:
        retcode = failed.info.get("retcode")
        reason = " ".join(str(failed.info.get(field) or "") for field in ("message", "wording"))
        if _TIMED_OUT.search(reason):
            raise OutcomeUnknown(f"{action}: {reason[:100]}") from failed
        number = retcode if isinstance(retcode, int) else 0
        raise Refused(number, reason.strip()[:200]) from failed
    except ApiNotAvailable as error:
        raise NotConnected(action) from error
    except Exception as error:  # a closing socket, a broken answer: nobody can tell what was done
        raise OutcomeUnknown(f"{action}: {type(error).__name__}") from error
