"""What stands for an emoji: the font has none, so it is drawn, or named on a small label."""

from dataclasses import dataclass

FIRST_TOKEN = 0xF0000
"""Tokens take the place of one character in a text: private ones, from here on."""

# One line for each token: what is drawn ("-" for a label), its name, the emoji it stands for.
_TABLE = """
dot 点
moon 月亮 🌙🌛🌜🌝🌚🌕🌖🌗🌘🌑🌒🌓🌔
star 星星 ⭐🌟🌠✴
sparkle 闪亮 ✨💫❇🎆🎇
sun 太阳 ☀🌞🌅🌄🌇🌤
heart 心 ❤🧡💛💚💙💜🤎🖤🤍🩷🩵🩶💗💓💕💖💝💞💘♥❣💟💌
broken 心碎 💔
candle 蜡烛 🕯🪔
lamp 灯 💡🏮🛋
flower 花 🌸🌹🌺🌷🌼🌻💐🏵💮🪷🥀
leaf 叶子 🌱🌿🍀🍃🍂🍁☘🪴🌾🌲🌳🎄
rain 雨 🌧☔☂🌦💧💦⛈🌩
cloud 云 ☁⛅🌥🌫
snow 雪 ❄⛄☃🌨
note 音乐 🎵🎶🎼🎤🎧
cat 猫 🐱🐈😺😸😹😻😽🙀😿😾
cake 蛋糕 🎂🍰🧁
tick 对 ✅✔☑
cross 错 ❌✖❎
warn 注意 ⚠❗❕
smile 微笑 🙂😊☺😀😃😄😁😇🤭🫠🙃😋
grin 大笑 😆😅
joy 笑哭 😂🤣
tear 流泪 😢🥲😥😓
sob 大哭 😭
sad 难过 😞😔☹🙁😟😕😩😫😣😖😿
plead 含泪 🥺🥹
love 喜欢 😍🥰😘😚😙😗
sleep 睡了 😴😪😌🥱💤
flat 无语 😐😑😶🙄😒🫥🤐😬
angry 生气 😠😡🤬😤💢
wink 眨眼 😉😜😝😛😏🤪
shock 惊讶 😱😨😮😲😯😧😦😳🤯😰
- 抱抱 🤗🫂
- 合十 🙏
- 赞 👍
- 踩 👎
- 挥手 👋🖐✋🙋
- 好的 👌🆗
- 鼓掌 👏🙌
- 握手 🤝
- 比心 🫰🫶🤟
- 加油 💪✊👊
- 胜利 ✌🤞
- 捂脸 🤦🤷
- 小丑 🤡
- 骷髅 💀☠
- 鬼 👻👽🤖
- 生病 🤒🤕😷🤢🤮🥵🥶🤧
- 庆祝 🎉🎊🥳
- 礼物 🎁🧧
- 墓碑 🪦⚰
- 翅膀 🪽👼🧚
- 狗 🐶🐕🐩
- 兔子 🐰🐇
- 小熊 🐻🐼🧸🐨
- 狐狸 🦊
- 小鸟 🐦🕊🐤🐥🐣🐔🦉
- 蝴蝶 🦋
- 鱼 🐟🐠🐡🐳🐋🐬
- 脚印 🐾👣
- 羊 🐑🐏🐐
- 马 🐎🐴🦄
- 火 🔥
- 闪电 ⚡🌪
- 彩虹 🌈
- 海浪 🌊
- 地球 🌍🌎🌏
- 山 🏔⛰🗻
- 房子 🏠🏡🏘
- 火车 🚂🚄🚉🚆
- 飞机 ✈🛫🛬
- 火箭 🚀
- 车 🚗🚕🛵🚲🚌
- 船 ⛵🚢🛶
- 咖啡 ☕🍵🧋🥤
- 酒 🍻🍺🍷🥂🍸
- 米饭 🍚🍜🍝🍲🍱
- 水果 🍉🍎🍊🍓🍑🍇🍒🍋
- 糖 🍬🍭🍫🍪
- 书 📖📚📕📝
- 信 ✉📩📨📧📮📭📬📪📫💬🗨
- 电话 📞☎📱
- 相机 📷📸🖼
- 时间 ⏰⏳⌛🕰⏱
- 日历 📅📆🗓
- 钥匙 🔑🗝🔒🔓
- 戒指 💍👰🤵💒
- 王冠 👑
- 球 ⚽🏀🎾🏐
- 游戏 🎮🎲
- 图钉 📌📍
- 链接 🔗
- 铃 🔔📢📣
- 刀 🔪🗡
- 药 💊💉🩸🩹
- 眼睛 👀👁
- 嘴 💋👄👅
- 问号 ❓❔
- 星座 ♈♉♊♋♌♍♎♏♐♑♒♓
- 人 👤👥🧑👨👩👦👧👶🧒👴👵
- 嘘 🤫
- 夜 🌃🌉🌌🌆🏙
- 窗 🪟
- 门 🚪
- 床 🛏
- 耳朵 👂
- 脑 🧠
- 气球 🎈
- 钱 💰💸💵
- 电脑 💻🖥⌨
- 循环 🔁🔄♻
- 满分 💯
- 禁止 🚫🈲⛔
- 放大镜 🔍🔎
- 笔 ✍🖊✏🖋
- 帐篷 ⛺
- 旗 🏁🚩🎌🏴🏳
- 泰文
- 阿拉伯文
- 希伯来文
- 印地文
- 藏文
- 外文
"""


@dataclass(frozen=True, slots=True)
class Token:
    """One picture or label within a text."""

    icon: str
    """What is drawn; empty for a label that bears the name."""
    name: str


def _tokens() -> tuple[tuple[Token, ...], dict[str, str], dict[str, str]]:
    tokens: list[Token] = []
    by_emoji: dict[str, str] = {}
    by_name: dict[str, str] = {}
    for line in _TABLE.strip().splitlines():
        icon, name, *emoji = line.split()
        character = chr(FIRST_TOKEN + len(tokens))
        tokens.append(Token("" if icon == "-" else icon, name))
        by_name[name] = character
        for one in "".join(emoji):
            by_emoji.setdefault(one, character)
    return tuple(tokens), by_emoji, by_name


_TOKENS, _BY_EMOJI, _BY_NAME = _tokens()


def token_for(emoji: str) -> str | None:
    """Return the character that stands for an emoji, if there is one."""
    return _BY_EMOJI.get(emoji)


def token_named(name: str) -> str:
    """Return the character for a token of this name. Raises KeyError."""
    return _BY_NAME[name]


def token_of(character: str) -> Token | None:
    """Return what a character of a cleaned text stands for; None for an ordinary one."""
    number = ord(character) - FIRST_TOKEN
    return _TOKENS[number] if 0 <= number < len(_TOKENS) else None


DOT = token_named("点")
"""Stands for whatever has no better token."""
