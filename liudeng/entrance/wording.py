"""How the entrance is told in words, and the words by which it is changed."""

from liudeng.entrance.choice import Choice, Mode, Otherwise, Silence
from liudeng.moderation import in_words

MODES = {"关": Mode.OFF, "人工": Mode.PEOPLE, "自动": Mode.WORDS}
OTHERWISE = {"人工": Otherwise.PEOPLE, "婉拒": Otherwise.REFUSE}
SILENCE = {"不管": Silence.LEAVE, "放行": Silence.ADMIT}
WORDS_HOW = "入群 暗号 词 词，或 入群 等级 16，或 入群 号龄 90天"
HOW = (
    "入群 人工｜自动｜关　谁来决定\n"
    "入群 暗号 守灯人　答对就放行（自动）\n"
    "入群 等级 16　入群 号龄 90天　账号至少多老\n"
    "入群 答错 人工｜婉拒　入群 时限 6小时　入群 超时 不管｜放行\n"
    "入群 拉黑 QQ号 理由　入群 解除 QQ号　入群 黑名单　入群 待办"
)
_STATES = {
    Mode.OFF: "我不碰入群申请（关）",
    Mode.PEOPLE: "都请管理看（人工）",
    Mode.WORDS: "对得上的自动放行，其余请管理看（自动）",
}


def overview(group: str, choice: Choice) -> str:
    """入群: how a group's entrance stands."""
    lines = [f"「{group}」的入群：{_STATES[choice.mode]}。"]
    if choice.mode is not Mode.OFF:
        lines += _details(choice)
    lines.append(HOW)
    return "\n".join(lines)


def _details(choice: Choice) -> list[str]:
    told: list[str] = []
    if choice.mode is Mode.WORDS:
        asked = [f"暗号：{'、'.join(choice.words)}"] if choice.words else []
        asked += [f"等级至少 {choice.min_level}"] if choice.min_level else []
        asked += [f"号龄至少 {choice.min_days} 天"] if choice.min_days else []
        then = "直接婉拒" if choice.otherwise is Otherwise.REFUSE else "请管理看"
        told.append(f"· {'；'.join(asked)}。答错或不够：{then}。")
    silence = "放行" if choice.on_silence is Silence.ADMIT else "留给 QQ"
    wait = in_words(choice.wait_ms // 1000)
    told.append(f"· {wait}没人回就提醒一次，再过 {wait}{silence}。")
    return told


def cleared_or_kept(name: str, text: str, before: str) -> str:
    """What a moderator hears after changing the rules or the welcome."""
    what = "群规" if name == "house_rules" else "欢迎词"
    was = f"\n原来的是：\n{before}" if before else ""
    if not text:
        return f"{what}清空了。{was}" if before else f"本来就没有{what}。"
    return f"{what}记下了，新人进群时和存档的告知一起说，只说一次。{was}"
