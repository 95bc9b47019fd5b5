"""What a member addresses to the bot: commands as matchers, and 帮助."""

from nonebot import on_message, require
from nonebot.adapters.onebot.v11 import PrivateMessageEvent
from nonebot.plugin import PluginMetadata
from nonebot.rule import Rule

require("recorder")

from liudeng.commands import Command, help_text, help_topics, topics_called, where_else
from plugins.recorder import house

from .asking import Asked, Asker, QuotedWords, on_chat_command, quoted_words

__plugin_meta__ = PluginMetadata(
    name="帮助",
    description="列出你在这里能用的命令",
    usage="帮助",
    type="application",
    supported_adapters={"~onebot.v11"},
)
__all__ = ["Asked", "Asker", "QuotedWords", "on_chat_command", "quoted_words"]

TOPICS = (
    *("搜索", "告别墙", "日子", "资源", "问答", "图片", "照看彼此", "我的数据", "大家都能用"),
    *("值班台", "守望", "群管", "入群", "管理专用"),
)
"""What may follow 帮助; whatever else does is talk."""
help_command = on_chat_command(
    Command(
        name="帮助",
        aliases=("help", "菜单"),
        usage="帮助",
        summary="看看你能用哪些命令；帮助 搜索 只看一类",
        takes_text=True,
        expects=rf"(?:{'|'.join(TOPICS)})?\s*$",
    )
)


@help_command.handle()
async def _help(asker: Asked) -> None:
    private = asker.group_id is None
    topics = help_topics(
        house.commands,
        moderator=asker.is_moderator,
        private=private,
        operator=asker.is_operator,
    )
    chosen = topics_called(topics, asker.rest) or topics
    below = "想试哪一条，直接发出来就好。"
    await asker.show(
        lambda: house.help_pictures.draw(chosen, private=private),
        below if len(chosen) < len(topics) else f"{below}\n{where_else(topics)}",
        help_text(chosen, private=private),
    )


def _is_private_chat(event: PrivateMessageEvent) -> bool:
    return event.user_id != event.self_id


small_talk = on_message(rule=Rule(_is_private_chat), priority=99, block=False)


@small_talk.handle()
async def _not_understood(asker: Asked) -> None:
    await asker.answer_now_and_then("我只听得懂命令。发「帮助」看看我能做什么。")
