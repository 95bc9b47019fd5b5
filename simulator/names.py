"""Names for the quiet members a group is filled up with."""

from collections.abc import Iterator
from random import Random

_FIRST = "南北夏冬晚星雨山海月橘云木白青初半浅听拾微小阿老"
_SECOND = "夜风灯岛舟鹿柚禾笙川眠雪野糖溪屿桥叶圆茶晴雀麦鲸"
_WHOLE = (
    *("今天也要早睡", "不吃香菜", "在逃薯片", "打烊了", "Echo", "momo"),
    *("kite_", "没电的手机", "人间观察员", "路过的猫", "Luna.", "一只咸鱼"),
    *("周末愉快", "moon27", "等一个晴天", "热水袋", "ฅ^•ﻌ•^ฅ", "Sept.", "慢慢来", "404 Not Found"),
)


def nicknames(random: Random) -> Iterator[str]:
    """An endless stream of nicknames; like real ones they are not all different."""
    while True:
        if random.random() < 0.25:
            yield random.choice(_WHOLE)
            continue
        name = random.choice(_FIRST) + random.choice(_SECOND)
        yield name + random.choice(("", "", "", "·", "_", "er", "酱", str(random.randint(1, 99))))
