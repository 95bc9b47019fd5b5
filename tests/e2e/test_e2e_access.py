"""Who may call the bot: only whoever knows the token."""

from collections.abc import AsyncIterator
from http import HTTPStatus

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from benchmarks.support.bot_process import TOKEN, BotProcess


@pytest.fixture(scope="module")
async def bot(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BotProcess]:
    process = BotProcess(tmp_path_factory.mktemp("bot"), {"FAQ_VECTORS": False})
    try:
        await process.start()
        yield process
    finally:
        await process.stop()


def headers(authorization: str | None) -> dict[str, str]:
    who = {"X-Self-ID": "10001", "X-Client-Role": "Universal"}
    return who if authorization is None else who | {"Authorization": authorization}


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer wrong", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}"],
)
async def test_without_the_token_nobody_gets_in(bot: BotProcess, authorization: str | None) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await connect(bot.url, additional_headers=headers(authorization), proxy=None)
    assert refused.value.response.status_code == HTTPStatus.FORBIDDEN
    assert not (await bot.health())["connected"]


async def test_with_the_token_the_bot_starts_to_ask(bot: BotProcess) -> None:
    accepted = headers(f"Bearer {TOKEN}")
    async with connect(bot.url, additional_headers=accepted, proxy=None) as socket:
        assert "get_friend_list" in str(await socket.recv())
        assert socket.response is not None
        assert "Sec-WebSocket-Extensions" not in socket.response.headers, "it would compress"
        assert (await bot.health())["connected"]
