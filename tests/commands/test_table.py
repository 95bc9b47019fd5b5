"""Which texts address a command."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liudeng.commands import Audience, Command, CommandTable, Place, help_text, help_topics

SEARCH = Command(
    name="搜", aliases=("搜索", "search"), usage="搜 关键词", summary="找", takes_text=True
)
NEXT = Command(name="下一页", aliases=("next",), usage="下一页", summary="翻")
CLAIM = Command(
    name="接手",
    usage="接手 编号",
    summary="接",
    takes_text=True,
    audience=Audience.MODERATOR,
    place=Place.STAFF,
)


LOOK = Command(name="看", usage="看 编号", summary="看一封", takes_text=True, expects=r"[#＃]?\d")


@pytest.fixture(scope="module")
def table() -> CommandTable:
    commands = CommandTable()
    for command in (SEARCH, NEXT, CLAIM, LOOK):
        commands.add(command)
    return commands


@pytest.mark.parametrize(
    ("text", "command", "rest"),
    [
        ("搜 晚安", SEARCH, "晚安"),
        ("搜", SEARCH, ""),
        ("  搜索　晚安 想你 ", SEARCH, "晚安 想你"),
        ("搜\n晚安", SEARCH, "晚安"),
        ("/搜 晚安", SEARCH, "晚安"),
        ("／搜 晚安", SEARCH, "晚安"),
        ("/ 搜 晚安", SEARCH, "晚安"),
        ("/搜晚安", SEARCH, "晚安"),
        ("/搜索晚安", SEARCH, "晚安"),
        ("SEARCH night", SEARCH, "night"),
        ("/Search night", SEARCH, "night"),
        ("下一页", NEXT, ""),
        ("/下一页", NEXT, ""),
        ("/下一页谢谢", NEXT, "谢谢"),
        ("next", NEXT, ""),
        ("接手 12", CLAIM, "12"),
        ("搜 " + "长" * 5_000, SEARCH, "长" * 4_094),
    ],
)
def test_a_command_is_the_first_word(
    text: str, command: Command, rest: str, table: CommandTable
) -> None:
    addressed = table.match(text)
    assert addressed is not None
    assert (addressed.command, addressed.rest) == (command, rest)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "/",
        "//搜 晚安",
        "我搜 晚安",
        "搜了半天没找到",
        "搜索引擎",
        "下一页在哪",
        "下一页 在哪",
        "下一页下一页",
        "/没有这个命令",
        "nextweek",
        "#搜 晚安",
        "下",
    ],
)
def test_talk_is_no_command(text: str, table: CommandTable) -> None:
    assert table.match(text) is None


@given(st.text(st.characters() | st.sampled_from("/／搜索下一页 \u3000ßﬁ"), max_size=40))
def test_any_text_is_a_command_or_not(table: CommandTable, text: str) -> None:
    addressed = table.match(text)
    if addressed is not None:
        words = [word.casefold() for word in addressed.command.words]
        opening = text.strip().lstrip("/／").lstrip().casefold()
        assert any(opening.startswith(word) for word in words)
        assert text.rstrip().endswith(addressed.rest)


def test_two_commands_cannot_share_a_word(table: CommandTable) -> None:
    with pytest.raises(ValueError, match="next"):
        table.add(Command(name="后面", aliases=("NEXT",), usage="", summary=""))
    table.add(SEARCH)
    assert list(table) == [SEARCH, NEXT, CLAIM, LOOK]


def test_an_empty_table_matches_nothing() -> None:
    assert CommandTable().match("/搜 晚安") is None


@pytest.mark.parametrize(
    ("moderator", "private", "listed"),
    [
        (False, False, {"搜 关键词", "下一页", "看 编号"}),
        (False, True, {"搜 关键词", "下一页", "看 编号"}),
        (True, False, {"搜 关键词", "下一页", "看 编号"}),
        (True, True, {"搜 关键词", "下一页", "看 编号", "接手 编号"}),
    ],
)
def test_help_lists_what_one_may_use_here(
    moderator: bool, private: bool, listed: set[str], table: CommandTable
) -> None:
    card = help_text(help_topics(table, moderator=moderator, private=private), private=private)
    assert {line.partition("　")[0] for line in card.splitlines() if "　" in line} == listed
    assert ("管理专用" in card) == ("接手 编号" in listed)
    assert ("也可以私聊我" in card) == (not private)


@pytest.mark.parametrize("text", ["看 12", "看 #12 ", "/看 这个", "/看12", "看"])
def test_what_a_command_expects_makes_it_one(table: CommandTable, text: str) -> None:
    addressed = table.match(text)
    assert addressed is not None
    assert addressed.command == LOOK


@pytest.mark.parametrize("text", ["看 这张好好笑", "看 x12", "看了半天"])
def test_what_it_does_not_expect_stays_a_conversation(table: CommandTable, text: str) -> None:
    assert table.match(text) is None
