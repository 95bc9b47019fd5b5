"""The model beside the rules: it raises what no rule knows and shows which words did it."""

from pathlib import Path

import numpy as np
import pytest

from liudeng.text.transformer import MOST_WINDOWS, Transformer, transformer
from liudeng.text.transformer import fingerprint as transformer_fingerprint
from liudeng.watch import Watcher, assess, load_lexicon, load_model
from liudeng.watch.assessment import LEXICON_DIRECTORY, default_watcher
from liudeng.watch.model import HEADS, Head, grams_of
from liudeng.watch.model.heads import fingerprint
from liudeng.watch.model.meaning import FIRMEST_NO, MOST_PIECES, REACH, added, opinions
from liudeng.watch.parts import hear

HIDDEN = "闹钟都关了，猫托给楼下了，妈，下辈子还给你做女儿"


@pytest.fixture(scope="module")
def rules_only() -> Watcher:
    return Watcher(load_lexicon(LEXICON_DIRECTORY))


def test_many_messages_are_assessed_like_one_by_one() -> None:
    texts = ["我想死", "", "今天吃什么", "我朋友说不想活了", "哈哈哈", HIDDEN, "😂"]

    assert default_watcher().assess_many(texts) == [assess(text) for text in texts]


def test_nothing_is_assessed_as_nothing() -> None:
    assert default_watcher().assess_many([]) == []


@pytest.mark.parametrize(
    "text",
    [
        "遗书改到第三遍了，今晚发出去",
        "给爸妈的信压在枕头下，明天就没有我了",
        "日子选好了，就在他走的那天，我去找他",
    ],
)
def test_what_is_said_sideways_is_heard(text: str) -> None:
    assert assess(text).level == 3


def test_the_model_may_take_back_what_a_rule_saw(rules_only: Watcher) -> None:
    text = "谁发明的周报，写得我想当场去世，遗言是：格式不对别找我"

    found = assess(text)

    assert found.level <= rules_only.assess(text).level
    assert found.level < 3


def test_the_words_that_moved_it_are_shown() -> None:
    text = "给爸妈的信压在枕头下，明天就没有我了"
    shown = [reason for reason in assess(text).reasons if reason.name == "model_danger"]

    assert shown
    assert all(text[reason.start : reason.end] == reason.text for reason in shown)


def test_ordinary_talk_is_not_looked_at_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    says = transformer().says
    monkeypatch.setattr(
        Transformer, "says", lambda _self, texts, output: read.extend(texts) or says(texts, output)
    )

    default_watcher().assess_many(["今晚吃火锅吗", "哈哈哈哈", "明天下午三点开会", "我不想活了"])

    assert read == ["我不想活了"]


def test_who_was_not_asked_about_counts_as_the_firmest_no() -> None:
    grave = hear(load_lexicon(LEXICON_DIRECTORY), ["我不想活了"])

    assert (added(grave, np.full((1, len(HEADS)), -50.0)) == FIRMEST_NO).all()
    asked = added(grave, np.zeros((1, len(HEADS))))
    assert FIRMEST_NO < asked[0, Head.DANGER] <= REACH[Head.DANGER]
    assert (asked <= REACH).all()


def test_one_grave_sentence_does_not_drown_in_a_long_message() -> None:
    calm = "今天中午去食堂吃了糖醋排骨，排了二十分钟的队，味道还行，下午开会又开到六点。"
    grave = "我不想活了，今晚就结束"
    texts = [grave, f"{calm * 4}{grave}{calm * 3}", calm * 7]

    short, long, dull = opinions(hear(load_lexicon(LEXICON_DIRECTORY), texts))[:, Head.DANGER]

    assert short > 0 > dull
    assert long > 0


def test_a_long_message_is_read_in_a_few_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    says = transformer().says
    monkeypatch.setattr(
        Transformer, "says", lambda _self, texts, output: read.extend(texts) or says(texts, output)
    )

    opinions(hear(load_lexicon(LEXICON_DIRECTORY), ["撑不住了，也没有人知道，" * 200]))

    assert len(read) <= MOST_WINDOWS + MOST_PIECES


def test_a_denial_is_not_cut_from_what_it_denies() -> None:
    calm = "医生问我的时候我也这么答的，晚上去公园走了一圈，买了橘子，洗个澡睡一觉就好了"
    text = f"我没有想死，别担心，{calm}，{calm}"

    heard = hear(load_lexicon(LEXICON_DIRECTORY), [text])

    assert heard.whole[0].is_qualified
    assert opinions(heard)[0, Head.DANGER] < 0


def test_spans_lie_within_the_text() -> None:
    spans = load_model().spans(HIDDEN, Head.DANGER, limit=5)

    assert spans == sorted(spans, key=lambda span: -span.weight)
    assert all(0 <= span.start < span.end <= len(HIDDEN) for span in spans)


def test_grams_never_cross_messages() -> None:
    together, first, second = grams_of(["想死", "笑"]), grams_of(["想死"]), grams_of(["笑"])

    assert set(together.buckets[together.rows == 0]) == set(first.buckets)
    assert set(together.buckets[together.rows == 1]) == set(second.buckets)
    assert len(first.buckets) == 3


def test_every_number_counts_alike() -> None:
    assert np.array_equal(grams_of(["3月9日"]).buckets, grams_of(["7月2日"]).buckets)


def test_a_file_of_another_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.npz"
    np.savez(path, size=np.array(7))

    with pytest.raises(ValueError, match="不是这个版本"):
        load_model(path)


def test_the_model_card_names_the_shipped_model() -> None:
    card = Path(__file__).parents[2] / "docs" / "model-card.md"

    assert fingerprint()[:16] in card.read_text(encoding="utf-8")
    assert transformer_fingerprint()[:16] in card.read_text(encoding="utf-8")
