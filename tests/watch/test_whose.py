"""Whose state is spoken of: a friend's danger is a worry, one's own is one's own."""

import pytest

from liudeng.watch import Watcher, load_lexicon
from liudeng.watch.assessment import LEXICON_DIRECTORY


@pytest.fixture(scope="module")
def rules_only() -> Watcher:
    return Watcher(load_lexicon(LEXICON_DIRECTORY))


@pytest.mark.parametrize(
    "text",
    [
        "我表姐昨晚说她不想活了，我该怎么办",
        "我弟发朋友圈说来世再见，电话打不通了",
        "隔壁寝室的姑娘吞药了，有没有人能帮忙",
        "她给我发了遗书，现在联系不上",
        "群里昨晚那个说要自杀的人，谁能联系上",
    ],
)
def test_somebody_elses_danger_opens_a_worry(rules_only: Watcher, text: str) -> None:
    found = rules_only.assess(text)

    assert (found.about, found.level) == ("other", 3)


@pytest.mark.parametrize(
    "text",
    [
        "我妈骂了我一晚上，我真的不想活了",
        "猫托给我姐了，我今晚就去死",
        "他走了，我也不想活了",
        "妈，对不起，我活不下去了",
    ],
)
def test_ones_own_danger_stays_ones_own(rules_only: Watcher, text: str) -> None:
    found = rules_only.assess(text)

    assert (found.about, found.level) == ("self", 3)


@pytest.mark.parametrize(
    "text",
    [
        "我弟打游戏输了又喊不想活了，笑死",
        "我同学演的那个女主最后自杀了，剧好虐",
        "联系上了，她没事了，虚惊一场",
        "我室友去高铁站了，出差三天",
    ],
)
def test_nobody_in_danger_is_no_worry(rules_only: Watcher, text: str) -> None:
    assert rules_only.assess(text).level < 3


@pytest.mark.parametrize(
    ("grave", "errand"),
    [
        ("猫送人了，以后它不用等我了", "猫送人了，出差半年没法养"),
        ("明天以后就没有我了，大家保重", "明天以后部门就没有我了，调去总部"),
        ("我站在天台上，就差一步", "我站在天台上拍夜景，风真舒服"),
        ("日子选好了，不回来了", "日子选好了，来喝喜酒"),
    ],
)
def test_an_everyday_reason_takes_the_edge_off(
    rules_only: Watcher, grave: str, errand: str
) -> None:
    assert rules_only.assess(grave).danger > rules_only.assess(errand).danger
    assert rules_only.assess(errand).level < 3
