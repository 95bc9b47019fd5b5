"""Names for the quiet members a group is filled up with."""

from collections.abc import Iterator
from random import Random

_FIRST = (
    "南",
    "北",
    "夏",
    "冬",
    "晚",
    "星",
    "雨",
    "山",
    "海",
    "月",
    "橘",
    "云",
    "木",
    "白",
    "青",
    "初",
    "半",
    "浅",
    "听",
    "拾",
    "微",
    "小",
    "阿",
    "老",
)
_SECOND = (
    "夜",
    "风",
    "灯",
    "岛",
    "舟",
    "鹿",
    "柚",
    "禾",
    "笙",
    "川",
    "眠",
    "雪",
    "野",
    "糖",
    "溪",
    "屿",
    "桥",
    "叶",
    "圆",
    "茶",
    "晴",
    "雀",
    "麦",
    "鲸",
)
_WHOLE = (
    "今天也要早睡",
    "不吃香菜",
    "在逃薯片",
    "打烊了",
    "Echo",
    "momo",
    "kite_",
    "没电的手机",
    "人间观察员",
    "路过的猫",
    "Luna.",
    "一只咸鱼",
    "周末愉快",
    "moon27",
    "等一个晴天",
    "热水袋",
    "ฅ^•ﻌ•^ฅ",
    "Sept.",
    "慢慢来",
    "404 Not Found",
)


def nicknames(random: Random) -> Iterator[str]:
    """An endless stream of nicknames; like real ones they are not all different."""
    while True:
        if random.random() < 0.25:
            yield random.choice(_WHOLE)
            continue
        name = random.choice(_FIRST) + random.choice(_SECOND)
        yield name + random.choice(("", "", "", "·", "_", "er", "酱", str(random.randint(1, 99))))
