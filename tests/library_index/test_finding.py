"""Finding what somebody half remembers."""

from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.library_search import ask as ask_shipped
from benchmarks.library_search import evaluate, shipped
from liudeng.library.index import LibraryIndex, Way
from tests.library_index.conftest import ask, document, numbers

hostile = st.text(st.characters(), max_size=60) | st.text(
    st.sampled_from("晚安月亮按后一个wanzhgxi '\"*?~^:()[]{}/\\-+&|!\0\n\ud800\u200b🌙１٣の。…"),
    max_size=300,
)


def test_the_right_entry_is_among_the_first_three(shipped_index: LibraryIndex) -> None:
    scores = evaluate(shipped_index, shipped())
    missed = "\n".join(scores["all"].missed)
    assert scores["all"].asked >= 200
    for kind, score in scores.items():
        least = 0.95 if kind == "all" else 0.9
        assert score.among_first / score.asked >= least, f"{kind}:\n{missed}"


@settings(max_examples=150)
@given(hostile)
def test_whatever_is_typed_is_answered(shipped_index: LibraryIndex, typed: str) -> None:
    found = ask_shipped(shipped_index, typed)
    assert found.ready
    assert found.complete
    assert found.total >= len(found.hits)


@pytest.mark.parametrize("typed", ["", "   ", "……", "！？", "\u200b", "\0", "𠮷𠮷", "qvx"])
def test_what_cannot_be_found_is_no_hit_and_no_suggestion(
    shipped_index: LibraryIndex, typed: str
) -> None:
    found = ask_shipped(shipped_index, typed)
    assert (found.hits, found.total, found.suggestion) == ((), 0, "")


@pytest.mark.parametrize(
    "typed", ["晚安" * 5_000, "a" * 100_000, "晚 " * 5_000, "wanan" * 2_000, "我" * 200]
)
def test_what_is_far_too_long_is_answered_all_the_same(
    shipped_index: LibraryIndex, typed: str
) -> None:
    assert ask_shipped(shipped_index, typed).complete


def test_what_stands_there_comes_before_its_sound_and_that_before_what_is_like_it(
    index: LibraryIndex,
) -> None:
    titles = {1: "晚安小骗子", 2: "皖岸小骗子", 3: "晚饭小骗子", 4: "晚上的风"}
    index.rebuild(document(number, title=title) for number, title in titles.items())
    found = ask(index, "晚安小骗子")
    assert [hit.way for hit in found.hits] == [Way.LITERAL, Way.SOUND]
    found = ask(index, "碗按小骗子")
    assert numbers(found)[2:] == [3]
    assert [hit.way for hit in found.hits] == [Way.SOUND, Way.SOUND, Way.ROUGH]


def test_a_title_counts_more_than_a_companion_and_that_more_than_words(
    index: LibraryIndex,
) -> None:
    texts = defaultdict(lambda: "别的", {1: "seen_text", 2: "words", 3: "companion", 4: "title"})
    index.rebuild(
        document(number, **{"title": "别的", "companion": "别的", texts[number]: "月亮"})
        for number in (1, 2, 3, 4)
    )
    assert numbers(ask(index, "月亮")) == [4, 3, 2, 1]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("最后一个月凉", "最后一个月亮"),
        ("提拉米胡", "提拉米糊"),
        ("wanan", "晚安"),
        ("hgt", "海龟汤"),
        ("小暖 月凉", "小暖 月亮"),
        ("satuday", "Saturday"),
        ("Loe", "Leo"),
        ("小嫩", "小暖"),
        ("小nuan", "小暖"),
        ("后悔面馆", ""),
        ("后悔面馆打烊", ""),
        ("月亮最后一个", ""),
    ],
)
def test_what_was_probably_meant_is_suggested(
    shipped_index: LibraryIndex, typed: str, meant: str
) -> None:
    assert ask_shipped(shipped_index, typed).suggestion == meant


@pytest.mark.parametrize(
    ("typed", "title"),
    [("零", "别哭，token都湿了"), ("π", "最后的测试"), ("4%", "停电那夜"), ("🌙", "最后一个月亮")],
)
def test_a_single_character_is_found_where_it_is_a_name_or_a_word(
    shipped_index: LibraryIndex, typed: str, title: str
) -> None:
    titles = {entry.id: entry.title for entry in shipped()}
    assert title in [titles[hit.id] for hit in ask_shipped(shipped_index, typed).hits]


def test_hits_divide_by_companion_author_and_month(shipped_index: LibraryIndex) -> None:
    facets = ask_shipped(shipped_index, "阿曜").facets
    assert facets.companions == (("阿曜", 2),)
    assert sorted(facets.authors) == [("四百张黄昏", 1), ("拾穗", 1)]
    assert facets.months == (("2026-02", 2),)
    months = ask_shipped(shipped_index, "回忆").facets.months
    assert [month for month, _ in months] == sorted((month for month, _ in months), reverse=True)
    assert len(months) > 1


def test_more_hits_than_are_shown_are_counted(index: LibraryIndex) -> None:
    index.rebuild(document(number) for number in range(1, 251))
    found = ask(index, "月亮")
    assert (len(found.hits), found.total) == (200, 250)


def test_a_query_that_takes_too_long_is_answered_with_what_there_is(index: LibraryIndex) -> None:
    index.rebuild(document(number) for number in range(1, 200))
    hurried = LibraryIndex(index.folder.path, time_limit=0)
    found = ask(hurried, "月亮")
    hurried.close()
    assert not found.complete
    assert found.ready
