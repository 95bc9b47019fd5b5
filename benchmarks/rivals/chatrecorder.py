"""nonebot-plugin-chatrecorder on SQLite. GET /count tells how many messages are committed."""

import os

import nonebot
from nonebot.adapters.onebot.v11 import Adapter

nonebot.init(
    driver="~fastapi",
    port=int(os.environ["PORT"]),
    onebot_access_token=os.environ["ONEBOT_ACCESS_TOKEN"],
    log_level=os.environ.get("LOG_LEVEL", "INFO"),
    sqlalchemy_database_url=f"sqlite+aiosqlite:///{os.environ['DATA_DIR']}/chatrecorder.db",
    localstore_data_dir=os.environ["DATA_DIR"],
    localstore_cache_dir=os.environ["DATA_DIR"],
    localstore_config_dir=os.environ["DATA_DIR"],
    alembic_startup_check=False,
)
nonebot.get_driver().register_adapter(Adapter)
nonebot.load_plugin("nonebot_plugin_orm")
nonebot.load_plugin("nonebot_plugin_chatrecorder")

from nonebot_plugin_chatrecorder.model import MessageRecord  # pyright: ignore[reportMissingImports]
from nonebot_plugin_orm import get_session  # pyright: ignore[reportMissingImports]
from sqlalchemy import func, select


@nonebot.get_app().get("/count")
async def _count() -> dict[str, int]:
    async with get_session() as session:
        query = select(func.count()).select_from(MessageRecord)
        return {"count": (await session.execute(query)).scalar_one()}


nonebot.run()
