"""Entries as files, and back."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liudeng.faq.exchange import FORMATS, FormatProblem, Row, read_rows, write_rows
from liudeng.faq.exchange.transfer import fork_all, rows_of, take_rows
from liudeng.faq.store import Editor
from tests.fakes.payloads import GROUP
from tests.faq.conftest import NOW, Room

EDITOR = Editor("", "命令行", NOW)
_words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"]), min_size=1
).filter(lambda text: "、" not in text)
_rows = st.builds(
    Row,
    id=st.from_regex(r"[A-Z]{0,3}[0-9]{1,4}", fullmatch=True),
    question=_words,
    answer=st.lists(_words, min_size=1, max_size=3).map("\n".join),
    tags=st.lists(_words, max_size=3).map(tuple),
    variants=st.lists(_words, max_size=3).map(tuple),
    source=_words | st.just(""),
    verified_on=st.dates(date(2000, 1, 1)) | st.none(),
)


@pytest.mark.parametrize("suffix", sorted(FORMATS))
@given(rows=st.lists(_rows, max_size=3))
@settings(max_examples=25)
def test_what_was_written_is_read(suffix: str, rows: list[Row]) -> None:
    assert read_rows(write_rows(rows, suffix), suffix) == rows


def test_a_spreadsheet_finds_no_formula() -> None:
    row = Row(question="=1+1", answer="@SUM(A1)")
    assert "\n,'=1+1,'@SUM(A1)" in write_rows([row], ".csv").replace("\r", "")


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        ("[[entries", ".toml"),
        ('[[entries]]\nquestion = "只有问题"', ".toml"),
        ("entries = 3", ".toml"),
        ("## 没有答案\n", ".md"),
        ('question,answer\n"没有引号结尾', ".csv"),
        ("随便", ".docx"),
    ],
)
def test_what_is_no_list_of_entries_is_refused(text: str, suffix: str) -> None:
    with pytest.raises(FormatProblem):
        read_rows(text, suffix)


async def test_reading_twice_changes_nothing(room: Room) -> None:
    async with room.database.write() as connection:
        rows = await rows_of(connection, 0)
        assert len(rows) == 60
        taken = await take_rows(connection, 0, rows, EDITOR)
        assert (taken.added, taken.changed, taken.same) == (0, 0, 60)
        changed = rows[0].model_copy(update={"answer": "新的答案。"})
        fresh = Row(id="OWN1", question="水母灯在哪买", answer="江边。")
        taken = await take_rows(connection, 0, [changed, fresh], EDITOR)
        assert (taken.added, taken.changed, taken.same) == (1, 1, 0)


async def test_a_group_gets_copies_once(room: Room) -> None:
    async with room.database.write() as connection:
        assert await fork_all(connection, GROUP, EDITOR) == 60
        assert await fork_all(connection, GROUP, EDITOR) == 0
    room.book.changed()
    entries = await room.book.entries([GROUP], room.desk.today())
    assert len(entries) == 60
    assert {entry.group_id for entry in entries} == {GROUP}
