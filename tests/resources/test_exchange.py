"""The ledger as a file, out and in."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from liudeng.cli import app
from liudeng.resources.exchange import BadFile, Form, Row, read, write
from liudeng.settings import get_settings

_WORDS = (
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp")), min_size=1, max_size=30
    )
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)
_ROWS = st.builds(
    Row,
    title=_WORDS,
    url=st.sampled_from(["https://a.example/x", "https://a.example/y?z=1&w=(2)"]),
    category=st.sampled_from(["导出与备份", "自己的类"]),
    login=st.booleans(),
    expires=st.none() | st.dates(date(2000, 1, 1), date(2099, 1, 1)),
    tags=st.lists(st.sampled_from(["信", "图文"]), unique=True).map(tuple),
    summary=st.just("") | _WORDS,
    version=st.sampled_from(["", "3"]),
)


@given(st.lists(_ROWS, max_size=3))
@settings(max_examples=40)
def test_what_is_written_is_read_again(rows: list[Row]) -> None:
    for form in (Form.TOML, Form.CSV):
        assert [row.model_dump() for row in read(write(rows, form), form)] == [
            row.model_dump() for row in rows
        ]


def test_markdown_reads_as_people_write_it() -> None:
    text = (
        "# 我们的资源\n说明一下。\n## 导出与备份\n- [图文 \\[新\\]](https://a.example/x)：十一张截图"
        "（2026-12-31 到期，要登录，版本 3，海外）\n* [第二条](https://b.example)\n"
    )
    first, second = read(text, Form.MARKDOWN)
    assert (first.title, first.category, first.summary) == ("图文 [新]", "导出与备份", "十一张截图")
    assert (first.expires, first.login) == (date(2026, 12, 31), True)
    assert (first.version, first.region) == ("3", "海外")
    assert second.title == "第二条"
    assert read(write([first, second], Form.MARKDOWN), Form.MARKDOWN) == [first, second]


def test_a_spreadsheet_takes_no_title_for_a_formula() -> None:
    row = Row(title="=HYPERLINK(1)", url="https://a.example/x")
    text = write([row], Form.CSV)
    assert "\n'=HYPERLINK" in text
    assert read(text, Form.CSV)[0].title == row.title


@pytest.mark.parametrize(
    ("text", "form", "said"),
    [
        ("resources = 1", Form.TOML, "[[resources]]"),
        ("[[resources", Form.TOML, "TOML"),
        ('[[resources]]\ntitle="a"\nurl="no"', Form.TOML, "第 1 条：网址不对"),
        ("a,b\n1,2", Form.CSV, "title 和 url"),
        ("title,url\na,https://a.example\n,https://b.example", Form.CSV, "第 3 行：标题"),
        ("- [a](ftp://x)", Form.MARKDOWN, "第 1 行：网址不对"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, form: Form, said: str) -> None:
    with pytest.raises(BadFile, match=r".+") as raised:
        read(text, form)
    assert said in str(raised.value)


def test_the_command_line_carries_a_ledger_from_one_place_to_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner = CliRunner()

    def run(place: str, *typed: str) -> str:
        monkeypatch.setenv("DATA_DIR", str(tmp_path / place))
        get_settings.cache_clear()
        result = runner.invoke(app, ["resources", *typed])
        assert result.exit_code == 0, result.output
        return result.output

    file = tmp_path / "mine.csv"
    file.write_text("title,url,category\n自己的,https://mine.example/a,导出与备份\n", "utf-8")
    assert "收录了 1 条新的" in run("one", "import", str(file), "--group", "10001")
    out = tmp_path / "out.md"
    assert "51 条" in run("one", "export", str(out), "--group", "10001")
    assert "50 条" in run("one", "export", str(tmp_path / "shared.toml")), "no group's own"
    assert "收录了 1 条新的，改了 0 条，50 条没有变" in run("two", "import", str(out))
    get_settings.cache_clear()
