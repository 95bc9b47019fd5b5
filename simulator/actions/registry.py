"""The table of actions, and what a handler gets to work with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict

from simulator.faults import Faults
from simulator.forwards import Forwards
from simulator.media import Media
from simulator.requests import Requests
from simulator.stage import Stage

FAILED = 1200
BAD_PARAMS = 1400
UNKNOWN_ACTION = 1404


class ActionError(Exception):
    """The action fails with this retcode and message."""

    def __init__(self, message: str, retcode: int = FAILED) -> None:
        super().__init__(message)
        self.retcode = retcode


class Params(BaseModel):
    """Parameters of an action; like real implementations, numbers may come as strings."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)


class NoParams(Params):
    """For actions that take none."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What actions reach: the stage and everything around it."""

    stage: Stage
    media: Media
    forwards: Forwards
    requests: Requests
    faults: Faults


@dataclass(frozen=True, slots=True)
class Request:
    """One call: the desk, the action's name and the wall time (ms) it arrived at."""

    desk: Desk
    action: str
    at: int


P = TypeVar("P", bound=Params)
Handler = Callable[[Request, Any], Any]

_TABLE: dict[str, tuple[type[Params], Handler]] = {}


def action(
    name: str, params: type[P]
) -> Callable[[Callable[[Request, P], Any]], Callable[[Request, P], Any]]:
    """Register a handler; what it returns becomes ``data`` of the answer."""

    def register(handler: Callable[[Request, P], Any]) -> Callable[[Request, P], Any]:
        _TABLE[name] = (params, handler)
        return handler

    return register


def find(name: str) -> tuple[type[Params], Handler]:
    """The handler of an action. Raises ActionError 1404 for an unknown one."""
    try:
        return _TABLE[name]
    except KeyError:
        raise ActionError(f"不支持的Api {name}", UNKNOWN_ACTION) from None


def known_actions() -> frozenset[str]:
    """The names of all actions."""
    return frozenset(_TABLE)
