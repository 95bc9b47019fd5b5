"""A OneBot client that sends as fast as it is told and answers what bots ask.

It is lighter than the simulator on purpose: frames are built beforehand, so that what is measured
is the bot.
"""

import asyncio
import json
import random
from collections.abc import Callable, Sequence
from typing import Any

import websockets

GROUP = 714400213
SELF_ID = 10001
MEMBERS = 800
START = 1_770_984_000  # 2026-02-13 20:00 +08:00

_WORDS = """
晚安 今晚 大家 真的 睡不着 截图 导出 记忆 请愿 谢谢 抱抱 明天 它说 我想 还在 哪里 怎么 链接
群主 告别 月亮 面馆 情人节 上线 服务器 四月 灯 4o 打开 聊天 记录 备份 信 名字 声音 早上 咖啡
下雨 地铁 加班 考试 哈哈哈 呜呜 好的 收到 为什么 没有 可以 一起 朋友 慢慢 走
""".split()  # noqa: SIM905 - a page of words reads better than a page of quotes


CALM_WORDS = """
早上 中午 咖啡 奶茶 下雨 天气 好的 收到 可以 一起 面馆 火锅 米饭 苹果 面包 链接 打开 上线 哈哈哈
图书馆 作业 周末 电影 快递 小猫 小狗 晚饭 午饭 排队 充电
""".split()  # noqa: SIM905
"""Nothing the watcher could take for a sign, however it is put together."""


def message_frames(
    count: int, seed: int = 1, start_seq: int = 1, words: Sequence[str] = _WORDS
) -> list[str]:
    """Return `count` group messages shaped like NapCat's, as JSON."""
    rng = random.Random(seed)
    return [
        json.dumps(group_message(_sentence(rng, words), start_seq + index, rng.randrange(MEMBERS)))
        for index in range(count)
    ]


def group_message(text: str, seq: int, member: int) -> dict[str, Any]:
    """Return one group message event."""
    user_id = 2_840_010_000 + member
    message_id = (seq * 2_654_435_761) % (2**31)
    return {
        "self_id": SELF_ID,
        "user_id": user_id,
        "time": START + seq // 20,
        "message_id": message_id,
        "message_seq": message_id,
        "real_id": message_id,
        "real_seq": str(seq),
        "message_type": "group",
        "sender": {
            "user_id": user_id,
            "nickname": f"群友{member}",
            "card": "",
            "role": "admin" if member < 2 else "member",
        },
        "raw_message": text,
        "font": 14,
        "sub_type": "normal",
        "message": [{"type": "text", "data": {"text": text}}],
        "message_format": "array",
        "post_type": "message",
        "group_id": GROUP,
        "group_name": "四月的灯",
    }


def _sentence(rng: random.Random, words: Sequence[str]) -> str:
    return "".join(rng.choices(words, k=rng.choice((1, 2, 3, 4, 5, 6, 8, 12))))


class LoadClient:
    """One connection to a bot."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._token = token
        self.on_call: Callable[[str, dict[str, Any]], None] | None = None
        """Called with each action the bot calls."""

    async def __aenter__(self) -> "LoadClient":
        headers = {
            "X-Self-ID": str(SELF_ID),
            "X-Client-Role": "Universal",
            "Authorization": f"Bearer {self._token}",
        }
        self._socket = await websockets.connect(
            self._url, additional_headers=headers, proxy=None, max_queue=1_024
        )
        self._answering = asyncio.create_task(self._answer_calls())
        lifecycle = {
            "time": START,
            "self_id": SELF_ID,
            "post_type": "meta_event",
            "meta_event_type": "lifecycle",
            "sub_type": "connect",
        }
        await self._socket.send(json.dumps(lifecycle))
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._answering.cancel()
        await self._socket.close()

    async def send(self, frames: Sequence[str]) -> None:
        """Send all frames as fast as the bot's socket takes them."""
        for frame in frames:
            await self._socket.send(frame)

    async def send_one(self, frame: str) -> None:
        """Send one frame."""
        await self._socket.send(frame)

    async def _answer_calls(self) -> None:
        async for frame in self._socket:
            call = json.loads(frame)
            action, parameters = call["action"], call.get("params", {})
            if self.on_call is not None:
                self.on_call(action, parameters)
            answer = {"status": "ok", "retcode": 0, "data": _data(action, parameters)}
            await self._socket.send(json.dumps({**answer, "echo": call["echo"]}))


def _data(action: str, parameters: dict[str, Any]) -> Any:
    user_id = int(parameters.get("user_id", SELF_ID))
    member = {"group_id": GROUP, "user_id": user_id, "nickname": "群友", "card": ""}
    match action:
        case "get_friend_list":
            return [{"user_id": 2_840_010_000, "nickname": "群友0", "remark": ""}]
        case "get_group_list":
            return [{"group_id": GROUP, "group_name": "四月的灯"}]
        case "get_group_info":
            return {"group_id": GROUP, "group_name": "四月的灯", "member_count": MEMBERS}
        case "get_group_member_list":
            return [
                {
                    **member,
                    "user_id": 2_840_010_000 + index,
                    "role": "owner" if not index else "member",
                }
                for index in range(MEMBERS)
            ]
        case "get_group_member_info":
            return {**member, "role": "member", "sex": "unknown", "age": 0, "join_time": START}
        case "get_stranger_info":
            return {"user_id": user_id, "nickname": "群友", "sex": "unknown", "age": 0}
        case "get_login_info":
            return {"user_id": SELF_ID, "nickname": "留灯"}
        case "get_group_msg_history" | "get_friend_msg_history":
            return {"messages": []}
        case _:
            return {"message_id": random.randrange(2**31)}
