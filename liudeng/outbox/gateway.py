"""The way out to QQ, as the outbox sees it."""

from typing import Any, Protocol


class NotConnected(Exception):
    """No account is connected; nothing was handed over."""


class Refused(Exception):
    """The implementation said no. Nothing was sent."""

    def __init__(self, retcode: int, reason: str) -> None:
        super().__init__(f"retcode {retcode}: {reason}")
        self.retcode = retcode
        self.reason = reason

    @property
    def by_risk_control(self) -> bool:
        """Whether the platform throttles the account, so that waiting can help.

        Source: go-cqhttp reports 风控 as SEND_MSG_API_ERROR with retcode 100.
        """
        return self.retcode == 100 or "SEND_MSG_API_ERROR" in self.reason


class OutcomeUnknown(Exception):
    """The call was handed over and no trustworthy answer came: it may have been carried out."""


class Gateway(Protocol):
    """Calls OneBot actions on the connected account."""

    @property
    def connected(self) -> bool:
        """Whether an account is connected."""
        ...

    async def call(self, action: str, **parameters: Any) -> Any:
        """Carry out an action and return its data.

        Raises:
            NotConnected, Refused, OutcomeUnknown
        """
        ...
