"""Answers the bot's calls, and fails as real implementations do."""

import asyncio
import json
import logging
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from simulator.actions.registry import (
    BAD_PARAMS,
    FAILED,
    ActionError,
    Desk,
    Request,
    find,
)
from simulator.actions.sending import SENDING
from simulator.delivery import dumps
from simulator.ledger import Call
from simulator.world import WorldError, short_id

logger = logging.getLogger(__name__)

_SUFFIXES = ("_async", "_rate_limited")


class ActionServer:
    """One frame in, at most one answer out."""

    def __init__(self, desk: Desk, answer: Callable[[str], None]) -> None:
        self._desk = desk
        self._answer = answer
        self._recent_sends: deque[float] = deque()
        self.on_call: Callable[[Call], None] = lambda call: None

    def handle(self, frame: str | bytes) -> None:
        """Perform the call in a frame and answer it, unless a fault forbids the answer."""
        at = int(time.time() * 1000)
        try:
            call = json.loads(frame)
            name, params = _plain_name(call["action"]), call.get("params") or {}
        except (ValueError, KeyError, TypeError, AttributeError):
            self._answer(dumps(_failure(BAD_PARAMS, "请求不是合法的 OneBot 调用")))
            return
        response = self._respond(Request(self._desk, name, at), params)
        response["echo"] = call.get("echo")
        self.on_call(Call(name, params, response["retcode"], at))
        self._send(name, dumps(response))

    def _send(self, name: str, text: str) -> None:
        faults = self._desk.faults
        if name in faults.swallow_answer:
            return
        if faults.answer_delay > 0:
            asyncio.get_running_loop().call_later(faults.answer_delay, self._answer, text)
        else:
            self._answer(text)

    def _respond(self, request: Request, params: Any) -> dict[str, Any]:
        try:
            return _success(self._perform(request, params))
        except ActionError as error:
            return _failure(error.retcode, str(error))
        except WorldError as error:
            return _failure(FAILED, str(error))
        except ValidationError as error:
            return _failure(BAD_PARAMS, _explain(error))
        except Exception as error:
            # A bug here must look like a failed call, not like a lost connection.
            logger.exception("action %s failed", request.action)
            return _failure(FAILED, repr(error))

    def _perform(self, request: Request, params: Any) -> Any:
        faults = self._desk.faults
        model, handler = find(request.action)
        if request.action in faults.refuse:
            raise ActionError("模拟的拒绝", faults.refuse[request.action])
        checked = model.model_validate(params)
        if request.action in faults.say_ok_do_nothing:
            return _pretence(request)
        if request.action in SENDING:
            self._check_rate()
        return handler(request, checked)

    def _check_rate(self) -> None:
        limit = self._desk.faults.rate_limit
        now = time.monotonic()
        while self._recent_sends and now - self._recent_sends[0] > 60:
            self._recent_sends.popleft()
        if limit is not None and len(self._recent_sends) >= limit:
            raise ActionError("SEND_MSG_API_ERROR: 发送过于频繁, 被风控")
        self._recent_sends.append(now)


def _plain_name(name: str) -> str:
    for suffix in _SUFFIXES:
        name = name.removesuffix(suffix)
    return name


def _pretence(request: Request) -> Any:
    """An answer that looks like success although nothing was done."""
    return {"message_id": short_id("nothing", request.at)} if request.action in SENDING else None


def _success(data: Any) -> dict[str, Any]:
    return {"status": "ok", "retcode": 0, "data": data, "message": "", "wording": ""}


def _failure(retcode: int, message: str) -> dict[str, Any]:
    return {
        "status": "failed",
        "retcode": retcode,
        "data": None,
        "message": message,
        "wording": message,
    }


def _explain(error: ValidationError) -> str:
    items = error.errors(include_url=False)
    return ", ".join(f"Key: {'.'.join(map(str, i['loc']))}, Message: {i['msg']}" for i in items)
