"""Bare NoneBot: one matcher that does nothing. GET /count tells how many events it has seen."""

import os

import nonebot
from nonebot.adapters.onebot.v11 import Adapter

nonebot.init(
    driver="~fastapi",
    port=int(os.environ["PORT"]),
    onebot_access_token=os.environ["ONEBOT_ACCESS_TOKEN"],
    log_level=os.environ.get("LOG_LEVEL", "INFO"),
)
nonebot.get_driver().register_adapter(Adapter)

seen = 0
matcher = nonebot.on_message()


@matcher.handle()
async def _nothing() -> None:
    global seen
    seen += 1


@nonebot.get_app().get("/count")
async def _count() -> dict[str, int]:
    return {"count": seen}


nonebot.run()
