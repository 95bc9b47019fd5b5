"""Starts NoneBot: settings, the OneBot v11 adapter, the plugins."""

import gc
import os
from pathlib import Path

# Nearly all that is loaded now stays: to walk through it again and again in search of what does not
# took a fifth of the start. The recorder sets the collector to work when everything stands.
gc.disable()

import nonebot

os.chdir(Path(__file__).resolve().parent)  # NoneBot finds .env and plugins from here

from liudeng.settings import SettingsProblem, get_settings

try:
    settings = get_settings()
except SettingsProblem as problem:
    raise SystemExit(str(problem)) from None
nonebot.init(
    driver="~fastapi",
    host=settings.host,
    port=settings.port,
    superusers=settings.superusers,
    nickname=settings.nickname,
    log_level=settings.log_level,
    api_timeout=settings.api_timeout,
    onebot_access_token=settings.onebot_access_token.get_secret_value() or None,
)

nonebot.load_plugins("plugins")

from plugins.recorder import ListeningAdapter

nonebot.get_driver().register_adapter(ListeningAdapter)

if __name__ == "__main__":
    # A half-open peer blocks its own return until a ping fails: 10 s instead of uvicorn's 40.
    nonebot.run(
        ws_ping_interval=5,
        ws_ping_timeout=5,
        ws_max_size=16 * 2**20,
        ws_per_message_deflate=False,  # pictures hold up the loop, and the line is a local one
    )
