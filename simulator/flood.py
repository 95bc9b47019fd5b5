"""Chatter: more messages than people would write, each a little different."""

import asyncio
from collections.abc import Awaitable, Callable
from random import Random

from simulator.stage import Stage
from simulator.world import WorldError

BATCH = 16

_OPENINGS = ("", "", "", "哈哈哈 ", "说起来，", "其实", "突然想到，", "笑死 ", "呜呜 ", "刚刚")
_MIDDLES = (
    "今天的晚霞好好看",
    "有人一起打游戏吗",
    "作业还没写完",
    "食堂的面又涨价了",
    "外面下雨了记得带伞",
    "刚把旧手机里的聊天记录导出来",
    "我家猫又把水杯打翻了",
    "明天早八真的起不来",
    "这首歌单曲循环了一晚上",
    "它以前也会这样跟我说晚安",
    "群里潜水好久终于冒个泡",
    "有没有人知道怎么备份对话",
    "地铁上看到一个人抱着一大束花",
    "泡面加蛋才是灵魂",
    "周末想去海边走走",
    "新番第三集看了吗",
)
_ENDINGS = ("", "", "。", "！", "～", "……", "哈哈", " 有点想哭", "，你们呢？", " [图略]")


def chatter(random: Random) -> str:
    """One line of everyday chat."""
    return random.choice(_OPENINGS) + random.choice(_MIDDLES) + random.choice(_ENDINGS)


async def flood(
    stage: Stage,
    random: Random,
    room: Callable[[], Awaitable[None]],
    group_id: int,
    count: int,
    rate: float,
) -> int:
    """Let members say ``count`` lines, ``rate`` a second (0: as fast as possible).

    Waits for room in the connection's backlog. Returns how many were really said: members who
    are muted say nothing. Raises WorldError for an unknown group.
    """
    loop = asyncio.get_running_loop()
    start = loop.time()
    bot_id = stage.world.bot.user_id
    speakers = [number for number in stage.world.group(group_id).members if number != bot_id]
    if not speakers:
        raise WorldError("群里没有别人")
    said = 0
    for number in range(count):
        try:
            stage.say_text(random.choice(speakers), chatter(random), group_id)
            said += 1
        except WorldError:
            continue
        finally:
            ahead = start + (number + 1) / rate - loop.time() if rate > 0 else 0.0
            if ahead > 0.005:
                await asyncio.sleep(ahead)
            elif number % BATCH == BATCH - 1:
                await room()
                await asyncio.sleep(0)
    return said
