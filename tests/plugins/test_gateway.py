"""The gateway: every way in which an action can end is one of three."""

import asyncio
from typing import Any, cast

import pytest
from nonebot.adapters.onebot.v11 import Adapter, Bot
from nonebot.adapters.onebot.v11.exception import ActionFailed, ApiNotAvailable, NetworkError
from nonebot.exception import WebSocketClosed
from nonebug import App

from liudeng.outbox import NotConnected, OutcomeUnknown, Refused

pytestmark = pytest.mark.usefixtures("client")

MESSAGE = {"user_id": 42, "message": [{"type": "text", "data": {"text": "晚安"}}]}


@pytest.fixture
def gateway() -> Any:
    from plugins.recorder.gateway import BotGateway

    return BotGateway()


async def call(app: App, gateway: Any, *, answer: Any = None, error: Any = None) -> Any:
    """Call an action that is answered so."""
    async with app.test_api() as context:
        adapter = context.create_adapter(base=Adapter)
        bot = context.create_bot(base=Bot, adapter=adapter, auto_connect=False)
        gateway.connect(bot)
        context.should_call_api("send_private_msg", MESSAGE, result=answer, exception=error)
        return await gateway.call("send_private_msg", **MESSAGE)


async def test_an_answer_is_handed_back(app: App, gateway: Any) -> None:
    assert await call(app, gateway, answer={"message_id": 7}) == {"message_id": 7}


async def test_without_an_account_nothing_is_handed_over(gateway: Any) -> None:
    assert not gateway.connected
    with pytest.raises(NotConnected):
        await gateway.call("send_private_msg", **MESSAGE)


@pytest.mark.parametrize(
    ("info", "retcode", "throttled"),
    [
        ({"retcode": 100, "message": "SEND_MSG_API_ERROR"}, 100, True),
        ({"retcode": 1200, "wording": "SEND_MSG_API_ERROR 风控"}, 1200, True),
        ({"retcode": 1200, "message": "", "wording": "不是好友"}, 1200, False),
        ({"retcode": 1404, "message": "不支持的Api"}, 1404, False),
        ({"retcode": "bad"}, 0, False),
        ({}, 0, False),
    ],
)
async def test_a_no_is_a_refusal(
    info: dict[str, Any], retcode: int, throttled: bool, app: App, gateway: Any
) -> None:
    with pytest.raises(Refused) as refused:
        await call(app, gateway, error=ActionFailed(status="failed", **info))
    assert (refused.value.retcode, refused.value.by_risk_control) == (retcode, throttled)


@pytest.mark.parametrize(
    "error",
    [
        ActionFailed(retcode=1200, message="Timeout: NTEvent serviceAndMethod:NodeIKernelMsg"),
        ActionFailed(retcode=1200, message="", wording="request timed out"),
        ActionFailed(retcode=200, message="sendMsg timeout"),
        ActionFailed(retcode=200, message="消息发送超时"),
        NetworkError("WebSocket call api send_private_msg timeout"),
        WebSocketClosed(1006),
        RuntimeError('Cannot call "send" once a close message has been sent.'),
        TypeError("an answer without a status"),
    ],
    ids=repr,
)
async def test_what_may_have_been_done_is_unknown(error: Exception, app: App, gateway: Any) -> None:
    with pytest.raises(OutcomeUnknown):
        await call(app, gateway, error=error)


async def test_an_account_without_a_line_is_not_connected(app: App, gateway: Any) -> None:
    with pytest.raises(NotConnected):
        await call(app, gateway, error=ApiNotAvailable())


class _Hanging:
    """An account that never answers."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()

    async def call_api(self, _api: str, **_data: Any) -> Any:
        self.asked.set()
        await asyncio.Event().wait()


@pytest.fixture
def hanging() -> _Hanging:
    return _Hanging()


async def test_when_the_line_drops_nobody_waits_for_the_answer(
    gateway: Any, hanging: _Hanging
) -> None:
    gateway.connect(cast(Bot, hanging))
    waiting = asyncio.create_task(gateway.call("send_private_msg", **MESSAGE))
    await hanging.asked.wait()
    gateway.disconnect(cast(Bot, hanging))
    with pytest.raises(OutcomeUnknown, match="lost"):
        await waiting
    assert not gateway.connected


async def test_an_old_line_that_drops_late_leaves_the_new_one_alone(gateway: Any) -> None:
    old, new = cast(Bot, _Hanging()), cast(Bot, _Hanging())
    gateway.connect(old)
    gateway.connect(new)
    gateway.disconnect(old)
    assert gateway.connected
