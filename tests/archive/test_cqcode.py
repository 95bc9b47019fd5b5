"""CQ strings: codes become segments, everything else stays text."""

from hypothesis import given
from hypothesis import strategies as st

from liudeng.archive import shown_text
from liudeng.archive.cqcode import parse_cq


def words(raw: str) -> str:
    return "".join(part["data"]["text"] for part in parse_cq(raw) if part["type"] == "text")


def escaped(text: str) -> str:
    for char, escape in (("&", "&amp;"), ("[", "&#91;"), ("]", "&#93;"), (",", "&#44;")):
        text = text.replace(char, escape)
    return text


def test_codes_and_text_in_their_order() -> None:
    assert parse_cq("前[CQ:at,qq=1]中[CQ:face,id=63,]后") == [
        {"type": "text", "data": {"text": "前"}},
        {"type": "at", "data": {"qq": "1"}},
        {"type": "text", "data": {"text": "中"}},
        {"type": "face", "data": {"id": "63"}},
        {"type": "text", "data": {"text": "后"}},
    ]


def test_a_value_may_hold_an_equals_sign_and_escapes() -> None:
    (image,) = parse_cq("[CQ:image,url=https://x/?a=1&amp;b=2,summary=&#91;动画表情&#93;]")
    assert image["data"] == {"url": "https://x/?a=1&b=2", "summary": "[动画表情]"}


def test_the_ampersand_is_unescaped_last() -> None:
    assert words("&amp;#91;") == "&#91;"


def test_what_only_looks_like_a_code_is_text() -> None:
    for raw in ("[CQ:", "[CQ:at,qq=1", "[图片]", "[CQ:,a=1]", "[CQ:at qq=1]", "CQ:at]"):
        assert words(raw) == raw


def test_ten_thousand_brackets_are_text() -> None:
    raw = "[CQ:at," * 10_000
    assert words(raw) == raw


@given(st.text(st.characters() | st.sampled_from("[]&,=CQ:#;")))
def test_any_string_is_read(raw: str) -> None:
    shown_text(parse_cq(raw))


@given(st.text(st.characters() | st.sampled_from("[]&,=CQ:#;")))
def test_no_word_is_lost(text: str) -> None:
    assert words(escaped(text)) == text
    assert words(f"[CQ:at,qq=1]{escaped(text)}[CQ:face,id=1]") == text


@given(
    st.lists(
        st.tuples(
            st.from_regex(r"[a-z]{1,8}", fullmatch=True).filter(lambda kind: kind != "text"),
            st.dictionaries(st.from_regex(r"[a-z]{1,6}", fullmatch=True), st.text(), max_size=3),
        ),
        max_size=4,
    )
)
def test_codes_come_back_as_they_were_sent(codes: list[tuple[str, dict[str, str]]]) -> None:
    raw = "".join(
        f"[CQ:{kind}{''.join(f',{key}={escaped(value)}' for key, value in data.items())}]"
        for kind, data in codes
    )
    assert parse_cq(raw) == [{"type": kind, "data": data} for kind, data in codes]
