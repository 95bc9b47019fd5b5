"""From what implementations send to a `Message`: real shapes, and shapes nobody should send."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liudeng.archive import (
    PayloadRefused,
    is_group_message,
    parse_message,
    parse_recall,
    parse_segments,
    shown_text,
)
from liudeng.archive.payload import MAX_SEGMENTS, MAX_SEGMENTS_BYTES, MAX_TEXT
from tests.fakes.payloads import NOW_MS, group_message, group_recall, segment, text

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = [
    json.loads(line)
    for line in (ROOT / "tests/data/payloads.jsonl").read_text(encoding="utf-8").splitlines()
]
RECORDED = Path(os.environ.get("LIUDENG_SAMPLES", ROOT.parent / "shared")) / "onebot_samples.jsonl"
"""An optional file of recorded payloads, one `{"impl": …, "payload": …}` a line."""

DAY_MS = 24 * 3600 * 1000


def name_of(sample: dict[str, Any]) -> str:
    return f"{sample['impl']}: {sample['note']}"


@pytest.mark.parametrize("sample", [sample for sample in SAMPLES if "text" in sample], ids=name_of)
def test_the_shapes_of_the_implementations_are_understood(sample: dict[str, Any]) -> None:
    message = parse_message(sample["payload"], NOW_MS)
    assert message.text == sample["text"]
    assert message.group_id == 731415926
    told = {"user_id": "1414213562", **sample.get("expect", {})}
    assert {field: getattr(message, field) for field in told} == told


@pytest.mark.parametrize(
    "sample", [sample for sample in SAMPLES if sample.get("refused")], ids=name_of
)
def test_what_has_no_place_in_the_archive_is_refused(sample: dict[str, Any]) -> None:
    with pytest.raises(PayloadRefused) as refused:
        parse_message(sample["payload"], NOW_MS)
    said = json.dumps(sample["payload"].get("message"), ensure_ascii=False)
    assert said not in str(refused.value)


@pytest.mark.skipif(not RECORDED.is_file(), reason="no recorded payloads (set LIUDENG_SAMPLES)")
def test_recorded_payloads_are_understood() -> None:
    lines = RECORDED.read_text(encoding="utf-8").splitlines()
    payloads = [json.loads(line)["payload"] for line in lines if line]
    heard = [payload for payload in payloads if is_group_message(payload)]
    assert heard, f"{RECORDED} holds no group message"
    for payload in heard:
        message = parse_message(payload, NOW_MS)
        assert message.message_id == str(payload["message_id"])
        assert message.user_id == str(payload["user_id"])
        assert shown_text(message.segments) or not payload["message"], payload
    for payload in payloads:
        if payload.get("notice_type") == "group_recall":
            assert parse_recall(payload, NOW_MS).message_id == str(payload["message_id"])


def test_names_are_those_of_that_moment() -> None:
    sender = {"nickname": "小满", "card": "满月", "role": "admin"}
    message = parse_message(group_message(sender=sender), NOW_MS)
    assert (message.name, message.card, message.role) == ("小满", "满月", "admin")


@pytest.mark.parametrize(
    ("card", "kept"),
    [
        ("满月\n⚠ 群：假的", "满月 ⚠ 群：假的"),
        ("满\u2028月\r\x1b", "满 月"),
        ("\u202e月满\u202c\u2066\u200b", "月满"),
        ("满　月 👨‍👩‍👧", "满　月 👨‍👩‍👧"),
        ("\n\u202e", ""),
    ],
)
def test_a_name_is_one_line_that_reads_as_it_is_written(card: str, kept: str) -> None:
    sender = {"nickname": card, "card": card}
    message = parse_message(group_message(sender=sender), NOW_MS)
    assert (message.name, message.card) == (kept, kept)


@pytest.mark.parametrize("sender", [None, [], "小满", {}, {"card": None, "nickname": {"a": []}}])
def test_a_message_without_a_usable_sender_is_kept(sender: Any) -> None:
    message = parse_message(group_message("我在", sender=sender), NOW_MS)
    assert (message.text, message.name, message.card, message.role) == ("我在", "", "", "member")


def test_the_user_may_stand_in_the_sender_alone() -> None:
    payload = group_message(sender={"user_id": 42})
    del payload["user_id"]
    assert parse_message(payload, NOW_MS).user_id == "42"


@pytest.mark.parametrize(
    "time",
    [
        NOW_MS // 1000 + 2 * 24 * 3600,  # in the future
        0,
        -1,
        10**14,
        pytest.param(10**400, id="too large for a float"),
        float("nan"),
        float("inf"),
        float("-inf"),
        "gestern",
        None,
        True,
        [],
    ],
)
def test_a_time_that_cannot_be_is_the_time_of_receipt(time: Any) -> None:
    message = parse_message(group_message(time=time), NOW_MS)
    assert (message.time_ms, message.time_is_guessed) == (NOW_MS, True)


@pytest.mark.parametrize(
    ("time", "time_ms"),
    [
        (NOW_MS // 1000 - 60, NOW_MS - 60_000),
        (str(NOW_MS // 1000), NOW_MS),
        (NOW_MS, NOW_MS),
        ((NOW_MS + DAY_MS) // 1000, NOW_MS + DAY_MS),
    ],
)
def test_the_time_is_the_implementation_s(time: Any, time_ms: int) -> None:
    message = parse_message(group_message(time=time), NOW_MS)
    assert (message.time_ms, message.time_is_guessed) == (time_ms, False)


@pytest.mark.parametrize(
    ("fields", "number"),
    [
        ({"real_seq": "271828"}, 271828),
        ({"real_seq": None, "message_seq": 7131}, 7131),
        ({"real_seq": None, "message_seq": 5, "message_id": 5}, 0),
        ({"real_seq": "?", "message_seq": 12}, 12),
        ({"real_seq": -4}, 0),
        ({"real_seq": 2**64, "message_seq": None}, 0),
    ],
)
def test_the_group_s_own_number_is_told_from_the_short_id(
    fields: dict[str, Any], number: int
) -> None:
    assert parse_message(group_message(**fields), NOW_MS).platform_seq == number


def test_a_text_of_a_hundred_thousand_characters_is_kept_whole() -> None:
    long = "晚安🌙" * (MAX_TEXT // 3)
    assert parse_message(group_message(long), NOW_MS).text == long


def test_more_than_that_is_cut() -> None:
    message = parse_message(group_message("啊" * (MAX_TEXT + 5)), NOW_MS)
    assert message.text == "啊" * MAX_TEXT
    assert len(message.segments[0]["data"]["text"]) == MAX_TEXT


@pytest.mark.parametrize(
    "sent",
    [
        [text("啊" * (MAX_TEXT - 1)), segment("face", id="1"), text("末尾"), text("多余")],
        "啊" * (MAX_TEXT - 1) + "[CQ:face,id=1]末尾[CQ:dice]多余",
    ],
)
def test_what_is_cut_is_the_text_of_all_segments_together(sent: Any) -> None:
    segments = parse_segments(sent)
    words = [part["data"]["text"] for part in segments if part["type"] == "text"]
    assert words == ["啊" * (MAX_TEXT - 1), "末"]
    assert segments[1] == segment("face", id="1")


def test_a_thousand_segments_are_kept_and_no_more() -> None:
    segments = parse_segments([segment("face", id="1")] * (MAX_SEGMENTS + 1))
    assert len(segments) == MAX_SEGMENTS


def test_of_a_huge_message_the_words_and_the_kinds_are_kept() -> None:
    huge = [text("看图"), segment("image", file="x" * MAX_SEGMENTS_BYTES)]
    message = parse_message(group_message(huge), NOW_MS)
    assert message.text == "看图"
    assert message.segments == (text("看图"), {"type": "image", "data": {}})


def nested(depth: int) -> Any:
    node: Any = "底"
    for _ in range(depth):
        node = [node]
    return node


def test_data_that_is_nested_too_deeply_is_dropped() -> None:
    deep = [segment("forward", content=nested(500)), text("上面是一段转发")]
    message = parse_message(group_message(deep), NOW_MS)
    assert message.segments[0] == {"type": "forward", "data": {}}
    assert message.text == "上面是一段转发"


def test_a_card_nested_too_deeply_says_nothing() -> None:
    hostile = segment("json", data="[" * 50_000 + "]" * 50_000)
    assert parse_message(group_message([hostile, text("卡片")]), NOW_MS).text == "卡片"


def card(node: Any) -> list[dict[str, Any]]:
    return [segment("json", data=json.dumps(node))]


def test_of_a_card_a_dozen_texts_are_read_each_once() -> None:
    items = [{"title": f"标题{number % 15}", "other": "不读"} for number in range(40)]
    message = parse_message(group_message(card({"items": [[item] for item in items]})), NOW_MS)
    assert message.text.split() == [f"标题{number}" for number in range(12)]


def test_of_a_card_the_depths_are_not_read() -> None:
    deep: Any = {"title": "太深"}
    for _ in range(9):
        deep = {"meta": deep}
    assert parse_message(group_message(card({"prompt": "浅", "meta": deep})), NOW_MS).text == "浅"


def test_what_no_file_can_hold_is_taken_out() -> None:
    hostile = [
        segment("reply", id="\ud800 7"),
        segment("at", qq="1", name="\udfff老周"),
        text("晚\0安\ud83d"),
    ]
    message = parse_message(group_message(hostile, sender={"card": "满\0月\ud800"}), NOW_MS)
    assert (message.text, message.card) == ("@老周 晚安", "满月")
    assert message.reply_to == "7"
    shown_text(message.segments).encode()
    parse_message(group_message("[CQ:at,qq=1,name=\ud800]\ud800"), NOW_MS).text.encode()


def test_emoji_and_invisible_runs_stay_as_they_were_said() -> None:
    said = "👨‍👩‍👧‍👦\u200b\u200b\u200d🌙️" * 300
    assert parse_message(group_message(said), NOW_MS).text == said


def test_a_recall_names_who_did_it() -> None:
    recall = parse_recall(group_recall(-2147400002, operator_id=1414213562), NOW_MS)
    assert (recall.message_id, recall.operator_id) == ("-2147400002", "1414213562")


@pytest.mark.parametrize(
    ("operator", "kept"), [(None, ""), ("\ud800" * 3, ""), ("1" * 900, "1" * 128), ([], "")]
)
def test_a_recall_by_nobody_in_particular_is_a_recall(operator: Any, kept: str) -> None:
    assert parse_recall(group_recall(5, operator_id=operator), NOW_MS).operator_id == kept


@pytest.mark.parametrize("fields", [{"message_id": None}, {"group_id": "x"}, {"group_id": None}])
def test_a_recall_of_nothing_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(PayloadRefused):
        parse_recall({**group_recall(5), **fields}, NOW_MS)


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([2**63, -(2**63), 10**400])
    | st.floats()
    | st.text(st.characters(), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(("type", "data", "text", "id", "qq", "name", "file", "url")), inner
        )
    ),
    max_leaves=12,
)
segments_of_some_kind = st.lists(
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(
                ("text", "at", "reply", "image", "json", "share", "file", "markdown", "??")
            ),
            "data": anything | st.dictionaries(st.sampled_from(("text", "data", "id")), anything),
        }
    ),
    max_size=4,
)
sound = group_message()
anything_sent_as_a_message = (
    segments_of_some_kind | anything | st.text().map("[CQ:at,qq=1]".__add__)
)


@given(
    st.builds(
        lambda message, spoilt: {**sound, "message": message, **spoilt},
        anything_sent_as_a_message,
        st.dictionaries(st.sampled_from(sorted(sound)), anything, max_size=2),
    )
)
def test_any_json_is_a_message_or_refused(payload: dict[str, Any]) -> None:
    try:
        message = parse_message(payload, NOW_MS)
    except PayloadRefused:
        return
    json.dumps(message.model_dump(mode="json")).encode()
    for number in (message.self_id, message.group_id, message.platform_seq, message.time_ms << 20):
        assert abs(number) < 2**63
    kept = (message.message_id, message.user_id, message.name, message.card, message.text)
    for words in (*kept, message.reply_to or "", shown_text(message.segments)):
        words.encode()


@given(
    st.dictionaries(st.sampled_from(sorted(group_recall(1))), anything, max_size=2).map(
        lambda spoilt: {**group_recall(1), **spoilt}
    )
)
def test_any_json_is_a_recall_or_refused(payload: dict[str, Any]) -> None:
    try:
        recall = parse_recall(payload, NOW_MS)
    except PayloadRefused:
        return
    (recall.message_id + recall.operator_id).encode()
