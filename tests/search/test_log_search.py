"""Searching the log: every substring is found, and nothing else is."""

from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text as sql

from liudeng.archive import LogWriter, Message
from liudeng.archive.store import store_batch
from liudeng.db import Database
from liudeng.search import LogSearch, Query, parse_query
from liudeng.search.log_index import index_version, refresh_index
from liudeng.search.query import AllOf, AnyOf, Node, Not, Word
from liudeng.text import TOKENISER_VERSION, fold
from tests.fakes.archive import found, recall_of, store
from tests.fakes.payloads import GROUP, NOW_S, OTHER_GROUP, said

_new_groups = count(1)

confusable = st.text(
    st.sampled_from("晚安晚安aAbß１1!！ \u200b　\"'*-:^()\\🌙👨\u200d👩é\u0301ﬁ㎏"), max_size=10
)
any_text = st.text(max_size=12) | confusable


def contains(text: str, node: Node) -> bool:
    match node:
        case Word(word):
            return fold(word) in fold(text)
        case Not(inner):
            return not contains(text, inner)
        case AnyOf(nodes):
            return any(contains(text, child) for child in nodes)
        case AllOf(nodes):
            return all(contains(text, child) for child in nodes)
    raise AssertionError(node)


async def check(database: Database, texts: list[str], clauses: tuple[Node, ...]) -> None:
    """Compare the index with a scan over the folded texts."""
    group_id = next(_new_groups)
    messages = [said(text, group_id=group_id) for text in texts]
    async with database.write() as connection:
        await store_batch(connection, messages)
    page = await LogSearch(database).search(Query(clauses), [group_id], 1_000)
    expected = [
        message.text
        for message in reversed(messages)
        if all(contains(message.text, clause) for clause in clauses)
    ]
    assert [hit.text for hit in page.hits] == expected
    assert page.total == len(expected)


@given(st.lists(any_text, min_size=1, max_size=6), st.data())
async def test_every_substring_is_found_and_nothing_else(
    database: Database, texts: list[str], data: st.DataObject
) -> None:
    folded = [fold(text) for text in texts if fold(text)] or ["晚"]
    source = data.draw(st.sampled_from(folded))
    start = data.draw(st.integers(0, len(source) - 1))
    end = data.draw(st.integers(start + 1, len(source)))
    await check(database, texts, (Word(source[start:end]),))


@settings(max_examples=60)
@given(st.lists(confusable, min_size=1, max_size=6), st.data())
async def test_words_alternatives_and_exclusions_together(
    database: Database, texts: list[str], data: st.DataObject
) -> None:
    words = st.text(st.sampled_from("晚安ab1！"), min_size=1, max_size=3).map(Word)
    trees = st.recursive(
        words,
        lambda nodes: (
            nodes.map(Not)
            | st.lists(nodes, min_size=2, max_size=3).map(lambda some: AnyOf(tuple(some)))
            | st.lists(nodes, min_size=2, max_size=3).map(lambda some: AllOf(tuple(some)))
        ),
        max_leaves=6,
    )
    await check(database, texts, tuple(data.draw(st.lists(trees, min_size=1, max_size=3))))


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("我今天好想你", "天好"),
        ("我今天好想你", "你"),
        ("Replika 更新了", "rep"),
        ("Replika 更新了", "REPLIKA"),
        ("ＡＩ　伴侣", "ai伴侣"),
        ("ＡＩ　伴侣", '"ai 伴侣"'),
        ("晚\u200b安", "晚安"),
        ("C++ 很难", "c++"),
        ("gpt-4o 没了", "gpt-4o"),
        ("他说：“晚安。”", "晚安"),
        ("100%真的", "100％"),
        ("🌙🌙", "🌙"),
        ("NOT AND OR NEAR", '"AND OR"'),
        ("第一行\n第二行", "行第"),
    ],
)
async def test_people_find_what_they_mean(
    text: str, query: str, writer: LogWriter, database: Database
) -> None:
    await store(writer, said(text), said("别的话"))
    assert await found(database, query) == [text]


async def test_a_needle_at_the_end_of_a_very_long_text(
    writer: LogWriter, database: Database
) -> None:
    await store(writer, said("草" * 99_990 + "这里有一根针"))
    assert len(await found(database, "一根针")) == 1


async def test_members_find_only_what_their_groups_said(
    writer: LogWriter, database: Database
) -> None:
    near_numbers = (73141592, GROUP, 7314159260, OTHER_GROUP)
    await store(writer, *(said(f"晚安 {group}", group_id=group) for group in near_numbers))
    for group in near_numbers:
        assert await found(database, "晚安", group) == [f"晚安 {group}"]
    assert len(await found(database, "晚安", GROUP, OTHER_GROUP)) == 2
    page = await LogSearch(database).search(parse_query("晚安"), (), 5)
    assert (page.total, page.hits) == (0, ())


async def test_a_group_s_number_is_no_word_of_its_messages(
    writer: LogWriter, database: Database
) -> None:
    await store(writer, said("晚安"))
    assert await found(database, str(GROUP)) == []


async def test_what_has_no_text_is_no_hit_and_no_harm(
    writer: LogWriter, database: Database
) -> None:
    picture = said([{"type": "image", "data": {"url": "https://x"}}])
    await store(writer, picture, said("\u200b"), said("晚安"))
    await store(writer, recall_of(picture))
    assert await found(database, "晚安") == ["晚安"]


async def test_pages_show_every_hit_once_though_new_ones_come_in(
    writer: LogWriter, database: Database
) -> None:
    await store(writer, *(said(f"晚安{number}", time=NOW_S + number) for number in range(23)))
    search, query = LogSearch(database), parse_query("晚安")
    shown: list[str] = []
    below = None
    while (page := await search.search(query, [GROUP], 5, below)).hits:
        shown += [hit.text for hit in page.hits]
        below = page.hits[-1].id
        await store(writer, said("晚安，新来的", time=NOW_S + 100))
    assert shown == [f"晚安{number}" for number in range(22, -1, -1)]
    assert page.total > 23


async def forget_everything(database: Database) -> None:
    async with database.write() as connection:
        await connection.execute(sql("INSERT INTO log_index(log_index) VALUES ('delete-all')"))


@pytest.fixture
def talk() -> list[Message]:
    return [said("晚安"), said("撤回的晚安"), said("搜 晚安"), said("早安")]


@pytest.fixture
async def archived(talk: list[Message], writer: LogWriter, database: Database) -> None:
    await refresh_index(database)
    talk[2] = talk[2].model_copy(update={"addressed": True})
    await store(writer, *talk)
    await store(writer, recall_of(talk[1]))


@pytest.mark.usefixtures("archived")
async def test_an_index_of_another_tokeniser_is_built_anew(database: Database) -> None:
    await forget_everything(database)
    async with database.write() as connection:
        await connection.execute(sql("UPDATE index_state SET value = 0"))
    assert await refresh_index(database) == 2
    async with database.read() as connection:
        assert await index_version(connection) == TOKENISER_VERSION
    assert await found(database, "安") == ["早安", "晚安"]


@pytest.mark.usefixtures("archived")
async def test_an_index_that_is_current_is_left_alone_unless_forced(database: Database) -> None:
    assert await refresh_index(database) is None
    await forget_everything(database)
    assert await refresh_index(database, force=True) == 2
    assert await found(database, "安") == ["早安", "晚安"]
