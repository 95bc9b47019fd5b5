"""How a message sounds: like somebody who wants to know, or like somebody who tells."""

import re

_ASKS = re.compile(
    r"吗|么(?!说)|嘛$|怎|咋|哪|谁|多少|几[个号点天句版份]|啥|什么|如何|求|能不能|可不可以|有没有|是不是|会不会"
    r"|可以.{0,6}[吗么不]|要不要|该不该|用不用|行不行|[？?]|呢$|不$|没$|为何|多久|多长|何时|请教|请问|想问|怎样|靠谱|正常不"
)
_SEEKS = re.compile(
    r"求|请教|请问|想问|想知道|谁能|谁懂|有人知道|发一下|发一份|来一份|怎么办|咋办|咋整|救命|急|想把|想要|想找"
)
_TELLS = re.compile(
    r"了[，,。！!~]|了$|已经|刚刚?(?!在)|终于|今天|昨[天晚]|哈哈|[~！!]$|笑死|真好|谢谢|辛苦|可爱"
)
_ENDINGS = ("吗", "么", "?", "？", "呢", "不", "呀", "啊")
_USUAL_LENGTH = 20
SPEECH = ("asks", "seeks", "tells", "length", "ending")


def asks(text: str) -> bool:
    """Tell whether a text has anything of a question."""
    return _ASKS.search(text) is not None


def speech(text: str) -> tuple[float, ...]:
    """Return how a text sounds, one number for each of `SPEECH`."""
    text = text.strip()
    return (
        float(asks(text)),
        float(_SEEKS.search(text) is not None),
        float(_TELLS.search(text) is not None),
        min(len(text), 2 * _USUAL_LENGTH) / _USUAL_LENGTH,
        float(text.endswith(_ENDINGS)),
    )
