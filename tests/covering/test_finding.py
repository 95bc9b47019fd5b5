"""What is covered in a screenshot, and what stays readable."""

import pytest

from liudeng.covering import Cover, Names, Why, find_covers
from liudeng.covering.finding import find
from liudeng.ocr import Box
from tests.covering.screens import HEIGHT, WIDTH, Screen, part, share


def covers(screen: Screen, names: Names | None = None) -> list[Cover]:
    return find_covers(screen.picture, screen.reading, names)


def ink(line: Box) -> Box:
    """Return what is dark of a line that `Screen.words` wrote."""
    return Box(line.left + 3, line.top + 8, line.right - 6, line.bottom - 8)


def group_chat() -> Screen:
    """A screen on which two have spoken."""
    screen = Screen()
    screen.face(270)
    screen.bubble("大家还好吗", top=320)
    screen.face(430, mine=True, seed=2)
    screen.bubble("还好，谢谢", top=450, mine=True)
    return screen


@pytest.mark.parametrize("round_", [True, False])
def test_avatars_are_covered_wholly_and_words_are_not(round_: bool) -> None:
    screen = Screen()
    faces = [
        screen.face(270, round_=round_),
        screen.face(420, mine=True, seed=2, round_=round_),
        screen.face(560, seed=3, round_=round_),
    ]
    words = [
        *screen.bubble("大家还好吗", top=290),
        *screen.bubble("还好，谢谢", top=440, mine=True),
        *screen.bubble("那就好", "明天再说", top=580),
    ]
    found = covers(screen)
    assert [share(found, face) for face in faces] == [1.0] * 3
    assert [share(found, line) for line in words] == [0.0] * 4


def test_an_avatar_as_pale_as_the_page_is_covered_where_it_must_be() -> None:
    screen = group_chat()
    pale = screen.pale_face(560)
    screen.bubble("我用白头像", top=610)
    assert share(covers(screen), pale) > 0.95


def test_an_app_without_avatars_has_nothing_to_cover_at_the_edges() -> None:
    screen = Screen()
    for row, text in enumerate(("我先睡了", "晚安")):
        left, top = (40, 300) if row == 0 else (WIDTH - 150, 400)
        screen.picture.paste((233, 233, 235), (left - 20, top - 14, left + 130, top + 54))
        screen.words(text, left, top)
    assert covers(screen) == []


def test_a_nickname_above_a_bubble_is_covered_and_a_time_between_is_not() -> None:
    screen = group_chat()
    nickname = screen.words("半糖不加冰", 106, 270)
    time = screen.words("昨天 23:41", 300, 540)
    found = covers(screen)
    assert share(found, nickname) == 1.0
    assert share(found, time) == 0.0


def test_a_nickname_that_nobody_could_read_is_covered_all_the_same() -> None:
    screen = group_chat()
    nickname = screen.words("南瓜饼", 106, 560, read=False)
    screen.bubble("我也在", top=626)
    assert share(covers(screen), ink(nickname)) == 1.0


@pytest.mark.parametrize("read", [True, False])
def test_the_title_is_covered_and_the_clock_is_not(read: bool) -> None:
    screen = group_chat()
    screen.status_bar()
    title = screen.words("留灯小屋(128)", 280, 84, read=read)
    found = covers(screen)
    assert share(found, ink(title)) == 1.0
    clock = next(piece.box for piece in screen.pieces if piece.text == "23:47")
    assert share(found, clock) == 0.0


def test_a_title_of_digits_is_a_number_and_no_time() -> None:
    screen = group_chat()
    screen.status_bar()
    title = screen.words("13800138000", 280, 84)
    assert share(covers(screen), title) == 1.0


def test_only_the_number_within_a_bubble_is_covered() -> None:
    screen = group_chat()
    text = "我的电话是13800138000记得打给我呀"
    [line] = screen.bubble(text, top=600)
    found = covers(screen)
    assert share(found, part(line, text, "13800138000")) == 1.0
    assert share(found, part(line, text, "我的电")) == 0.0
    assert share(found, part(line, text, "给我呀")) == 0.0
    assert {one.why for one in found} == {Why.AVATAR, Why.NUMBER}


def test_a_number_that_goes_on_in_the_next_line_is_covered_in_both() -> None:
    screen = group_chat()
    first, second = screen.bubble("记一下我的号码吧1380013", "8000", top=600)
    found = covers(screen)
    assert share(found, part(first, "记一下我的号码吧1380013", "1380013")) == 1.0
    assert share(found, second) == 1.0


def test_a_number_told_in_two_bubbles_is_covered() -> None:
    screen = group_chat()
    pieces = [*screen.bubble("138001", top=600), *screen.bubble("38000", top=720)]
    found = covers(screen)
    assert [share(found, piece) for piece in pieces] == [1.0, 1.0]


def test_full_width_digits_that_were_read_as_narrow_ones_are_covered() -> None:
    screen = group_chat()
    [line] = screen.bubble("打给我１３８００１３８０００", top=600)
    piece = screen.pieces[-1]
    screen.pieces[-1] = type(piece)("打给我13800138000", piece.box, 1.0)
    digits = part(line, "打给我１３８００１３８０００", "１３８００１３８０００")
    assert share(covers(screen), digits) == 1.0


def test_the_name_in_the_title_is_covered_in_what_was_said_unless_it_is_kept() -> None:
    screen = group_chat()
    screen.status_bar()
    title = screen.words("小暖", 340, 84)
    text = "你今天过得好吗，小暖"
    [line] = screen.bubble(text, top=600, mine=True)
    name = part(line, text, "小暖")
    assert share(covers(screen), name) == 1.0
    kept = covers(screen, Names(kept=("小暖",)))
    assert share(kept, name) == 0.0
    assert share(kept, title) == 1.0, "the title is covered whoever is kept"


def test_a_known_members_name_is_covered_wherever_it_stands() -> None:
    screen = group_chat()
    text = "我刚才问了晚风不赶路和阿澈"
    [line] = screen.bubble(text, top=600)
    found = covers(screen, Names(known=("晚风不赶路", "南瓜饼")))
    assert share(found, part(line, text, "晚风不赶路")) == 1.0
    assert share(found, part(line, text, "我刚才")) == 0.0


def test_the_empty_field_does_not_say_who_is_written_to() -> None:
    screen = group_chat()
    screen.picture.paste((255, 255, 255), (80, HEIGHT - 110, WIDTH - 80, HEIGHT - 40))
    hint = screen.words("给阿澈发送消息", 110, HEIGHT - 96)
    assert share(covers(screen), part(hint, "给阿澈发送消息", "阿澈")) == 1.0


def test_in_a_picture_that_is_no_chat_addresses_are_covered_and_nothing_else() -> None:
    screen = Screen()
    letter = screen.words("亲爱的小暖", 100, 200)
    address = screen.words("moon@example.com", 100, 300)
    found = covers(screen)
    assert share(found, address) == 1.0
    assert share(found, letter) == 0.0


def test_what_is_left_to_read_holds_nothing_that_was_covered() -> None:
    screen = group_chat()
    screen.status_bar()
    screen.words("小暖", 340, 84)
    screen.bubble("小暖，打13800138000", top=600, mine=True)
    assert find(screen.picture, screen.reading).words.splitlines() == [
        "大家还好吗",
        "还好，谢谢",
        "［已隐去］，打［已隐去］",
    ]
