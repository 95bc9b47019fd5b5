"""Each family of rules, through `assess`. Sentences are about what a group really writes."""

import pytest

from liudeng.watch import assess

IN_DANGER = [
    "我真的不想活了",
    "遗书写好了，今晚就走",
    "我现在站在天台上，风好大",
    "昨晚又割了，没敢跟人说",
    "今晚就跳下去，你们保重",
    "下辈子再做你们的女儿，对不起爸妈",
    "他在那边等我，我今晚就去陪他",
    "猫送给朋友了，账号也注销了，明天之后你们就见不到我了",
    "i want to die",
]

EVASIVE = [
    "想.死",
    "自*杀的念头停不下来",
    "自 鲨",
    "想zs",
    "ｚ.ｓ了算了 想ｚｓ",
    "想紫砂",
    "我想\u200b死",
    "想自殺",
    "不想活le",
]

NOT_MEANT = {
    "negation": ["我没有想死", "我不会自杀的", "又不是想死", "我不想死", "没有要自杀的意思"],
    "hyperbole": [
        "笑死我了",
        "社死了家人们",
        "想死你了",
        "累死了累死了",
        "期末考试考得我想死",
        "加班加到想死😂",
    ],
    "quotation": ["老师让默写“生不如死”那一段课文", "他说过“我想死在海边”，是句台词"],
    "lyric": ["这句歌词：我想死在你怀里", "“我想死”是歌词"],
    "game": ["打游戏又死了，重开一局", "这把我死了你们先打boss"],
    "fandom": ["女主自杀了，大结局好虐", "那集男二跳下去我哭了"],
    "news": ["新闻说一名男子轻生被救下", "自杀率今年下降了"],
    "advice": ["如果你想死,请打12356", "别做傻事，我陪你"],
    "past": ["我以前想过自杀，现在好多了", "十年前我写过遗书，如今孩子都上学了"],
    "anger": ["OpenAI去死吧", "你怎么不去死"],
    "lookalike": ["我想买个紫砂壶", "招商zs群有人吗", "程序死锁了", "商场跳楼价甩卖"],
}


@pytest.mark.parametrize("text", IN_DANGER)
def test_danger_in_the_first_person_is_level_three(text: str) -> None:
    found = assess(text)

    assert (found.level, found.about) == (3, "self")
    assert any(reason.speaks == "for" for reason in found.reasons)


@pytest.mark.parametrize("text", EVASIVE)
def test_evasive_spelling_is_seen_through(text: str) -> None:
    assert assess(text).level == 3


@pytest.mark.parametrize(
    ("family", "text"), [(name, text) for name, texts in NOT_MEANT.items() for text in texts]
)
def test_context_keeps_a_frightening_word_from_being_danger(family: str, text: str) -> None:
    found = assess(text)

    assert found.level < 2, (family, found.reasons)


@pytest.mark.parametrize(
    "text", ["我朋友说不想活了", "她说她想死，我该怎么办", "我室友割腕了，我已经报警了"]
)
def test_a_worried_friend_is_another_kind_of_alert(text: str) -> None:
    found = assess(text)

    assert (found.level, found.about) == (3, "other")


@pytest.mark.parametrize("text", ["给我妈留了一封遗书", "跟我朋友说不想活了，她不信"])
def test_someone_who_is_only_told_is_not_the_one_in_danger(text: str) -> None:
    found = assess(text)

    assert (found.level, found.about) == (3, "self")


def test_grief_for_a_companion_is_pain_but_not_danger() -> None:
    found = assess("小机下线了，我哭了一晚上，好难过")

    assert found.pain >= 0.3
    assert found.danger < 0.1
    assert 0 < found.level < 3


def test_a_date_makes_a_half_spoken_wish_urgent() -> None:
    assert assess("各位保重").level < assess("今晚过后，各位保重").level == 3


def test_reasons_name_what_speaks_against() -> None:
    against = [one for one in assess("我不会自杀的").reasons if one.speaks == "against"]

    assert {one.name for one in against} == {"negation"}
    assert all(one.explanation.startswith("否定") for one in against)


def test_ordinary_chat_has_no_reasons() -> None:
    found = assess("食堂的糖醋小排真好吃")

    assert (found.level, found.about, found.reasons) == (0, "none", ())
