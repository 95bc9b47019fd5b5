"""Hears every event and hands it to the archive; closes the gap after each connection."""

import gc
import logging

from nonebot import get_driver
from nonebot.adapters import Bot
from nonebot.log import LoguruHandler
from nonebot.plugin import PluginMetadata

from liudeng.db import SchemaTooNew, explain
from liudeng.desk import SealKeyProblem
from liudeng.faq.matching import SynonymsProblem
from liudeng.faq.seed import SeedProblem
from liudeng.moderation import RuleProblem
from liudeng.privacy import PrivacyKeyProblem
from liudeng.pulse import MoodLexiconError
from liudeng.watch import LexiconError

from .adapter import ListeningAdapter
from .logs import set_up_logs
from .wiring import gateway, house

__plugin_meta__ = PluginMetadata(
    name="存档",
    description="把群里的消息存下来，断线后补回",
    usage="自动运行，不需要命令",
    type="application",
    supported_adapters={"~onebot.v11"},
)
__all__ = ["ListeningAdapter", "house"]

set_up_logs(house.settings.log_level.upper())

from . import notices as notices

_driver = get_driver()
_log = logging.getLogger("liudeng")


@_driver.on_startup
async def _open() -> None:
    if not any(isinstance(handler, LoguruHandler) for handler in _log.handlers):
        _log.addHandler(LoguruHandler())
        _log.setLevel(house.settings.log_level.upper())
        _log.propagate = False
    try:
        await house.open()
    except (LexiconError, MoodLexiconError) as error:
        _log.critical("词库读不了，机器人没有启动：%s", error)
        raise
    except RuleProblem as error:
        _log.critical("群管规则读不了，机器人没有启动：%s", error)
        raise
    except (SealKeyProblem, PrivacyKeyProblem, SynonymsProblem, SeedProblem) as error:
        _log.critical("机器人没有启动：%s", error)
        raise
    except SchemaTooNew:
        _log.critical("数据库是更新版本的留灯写的，机器人没有启动：请更新程序。")
        raise
    except Exception as error:
        _log.critical("机器人没有启动：%s", explain(error).advice)
        raise
    # What is loaded now stays: the collector need not walk through it again and again, which
    # held up the event loop for some tenths of a second each time.
    gc.collect()
    gc.freeze()
    gc.enable()  # `bot.py` holds it back
    ListeningAdapter.hear = house.ear.hear


@_driver.on_shutdown
async def _close() -> None:
    await house.close()


@_driver.on_bot_connect
async def _connected(bot: Bot) -> None:
    gateway.connect(bot)
    house.connected(int(bot.self_id) if bot.self_id.isdecimal() else None)


@_driver.on_bot_disconnect
async def _disconnected(bot: Bot) -> None:
    if gateway.disconnect(bot):
        await house.disconnected()
