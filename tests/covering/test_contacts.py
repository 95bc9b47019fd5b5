"""What in a text leads to a person, and what only looks like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liudeng.covering import private_spans, redacted


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("电话１３８ 0013 8000", "电话"),
        ("我的号是138001\n38000", "我的号是"),
        ("138.0013.8000", ""),
        ("+86 138-0013-8000", ""),
        ("1 3 8 0 0 1 3 8 0 0 0", ""),
        ("1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣", ""),
        ("一三八零零一三八零零零", ""),
        ("138OO138OOO", ""),
        ("010-82951332", ""),
        ("QQ12345678", "QQ"),
        ("扣扣：1 2 3 4 5", "扣扣："),
        ("QQ：20010203", "QQ："),
        ("2236067977qq", "qq"),
        ("小满(12345)", "小满()"),
        ("【987654321】", "【】"),
        ("群号 12345", "群号 "),
        ("身份证11010519491231002X", "身份证"),
        ("6222 0213 1234 5678 901", ""),
        ("加V：abc_123x", "加V："),
        ("加我v13800138000", "加我v"),
        ("家薇xiaohu99", "家薇"),
        ("vx xiaonuan_0213", "vx "),
        ("我微信号是 xiaonuan0213 记得", "我微信号是  记得"),
        ("微信：hello-world_1", "微信："),
        ("wxid_ab12cd34", ""),
        ("抖音号：dy_1234", "抖音号："),
        ("写信到 a.b@qq.com", "写信到 "),
        ("abc ＠ foo . com", ""),
        ("@小满 你还好吗", " 你还好吗"),
    ],
)
def test_numbers_addresses_and_accounts_are_taken_out(text: str, left: str) -> None:
    assert redacted(text).replace("［已隐去］", "").replace("\ufe0f\u20e3", "") == left


@pytest.mark.parametrize(
    "text",
    [
        "昨天 23:41",
        "2026-02-13 23:47:05",
        "2026-02-1323:47:05",
        "20260213",
        "202602132359",
        "(20260213)",
        "2026年2月13日",
        "从2025.08.07到2026.02.13",
        "2024/05/13 20:00 - 2026/02/13 10:00",
        "2-13 2-14 2-15",
        "2019 2020 2021",
        "2013-2026",
        "¥1999999",
        "1234567元",
        "1234567.89",
        "1,234,567",
        "3.1415926535",
        "用手机 2026-02-13 拍的",
        "手机里有1024张截图",
        "5201314",
        "520 1314",
        "2333333",
        "10 9 8 7 6 5 4 3 2 1",
        "400-161-9995",
        "gpt-4o-2024-11-20",
        "claude-3-5-sonnet-20240620",
        "V我50",
        "写了100000字",
    ],
)
def test_times_dates_prices_and_sayings_stay(text: str) -> None:
    assert redacted(text) == text


def test_known_names_are_found_as_people_write_them() -> None:
    names = ("Luna_月亮", "半糖不加冰", "AI", "2026", "。。", "暖")
    assert redacted("ＬＵＮＡ_月亮说半糖不加冰睡了", names) == "［已隐去］说［已隐去］睡了"
    assert redacted("AI 会 SAID 吗", names) == "［已隐去］ 会 SAID 吗", "a word, not a part of one"
    harmless = "2026年的。。暖和"
    assert redacted(harmless, names) == harmless, "a year, dots, a single letter name nobody"


@given(st.text(max_size=60), st.lists(st.text(max_size=6), max_size=3))
def test_spans_lie_in_the_text_in_order_and_apart(text: str, names: list[str]) -> None:
    end = 0
    for span in private_spans(text, names):
        assert end <= span.start < span.end <= len(text)
        end = span.end


@pytest.mark.parametrize("number", ["1900 1 10 0000", "13 1900 1 1 000", "1987-12-3 1234"])
def test_a_mobile_number_that_looks_like_a_day_is_found(number: str) -> None:
    assert redacted(f"打我{number}，晚安") == "打我［已隐去］，晚安"


@given(
    st.from_regex(r"1[3-9]\d{9}", fullmatch=True),
    st.lists(st.sampled_from(["", " ", "-", "　", "\u200b"]), min_size=10, max_size=10),
    st.sampled_from(["", "电话：", "打我", "（"]),
)
def test_a_mobile_number_is_found_however_it_is_broken_up(
    number: str, gaps: list[str], before: str
) -> None:
    broken = number[0] + "".join(map(str.__add__, gaps, number[1:]))
    assert redacted(before + broken + "，晚安") == f"{before}［已隐去］，晚安"
