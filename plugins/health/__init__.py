"""GET /health: whether the bot is well, for the operator, a probe and `liudeng doctor`."""

from typing import cast

from fastapi import FastAPI
from nonebot import get_app, require
from nonebot.plugin import PluginMetadata

require("recorder")

from liudeng.health import Health, take_pulse
from plugins.recorder import house

__plugin_meta__ = PluginMetadata(
    name="健康检查",
    description="给运维看的状态",
    usage="GET /health",
    type="application",
    supported_adapters={"~onebot.v11"},
)

app = cast(FastAPI, get_app())


@app.get("/health")
async def health() -> Health:
    """Return counts and times only: nothing that anybody said, no account."""
    return take_pulse(house)
