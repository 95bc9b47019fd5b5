"""Whose a bubble is, told from where it stands and from its colour alone."""

import numpy as np
import pytest

from liudeng.ocr.layout import lay_out
from liudeng.ocr.reading import FURNITURE, Box, Line, Side
from liudeng.ocr.recognise import Piece

WIDTH, HEIGHT = 736, 1300
WHITE, GREY, GREEN, NIGHT = (255, 255, 255), (233, 233, 235), (149, 236, 105), (33, 33, 33)
Colour = tuple[int, int, int]


class Screen:
    """A page on which bubbles are put; words are dark bars where letters would be."""

    def __init__(self, background: Colour = WHITE) -> None:
        self.pixels = np.full((HEIGHT, WIDTH, 3), background, np.uint8)
        self.pieces: list[Piece] = []

    def bubble(self, area: tuple[int, int, int, int], colour: Colour) -> None:
        left, top, right, bottom = area
        self.pixels[top:bottom, left:right] = colour

    def words(self, text: str, left: int, top: int, width: int = 120) -> None:
        for x in range(left + 4, left + width - 8, 12):
            self.pixels[top + 8 : top + 32, x : x + 5] = (120, 120, 120)
        self.pieces.append(Piece(text, Box(left, top, left + width, top + 40), 1.0))

    def said(self, text: str, left: int, top: int, colour: Colour, width: int = 120) -> None:
        self.bubble((left - 24, top - 16, left + width + 24, top + 56), colour)
        self.words(text, left, top, width)

    def lines(self) -> dict[str, Line]:
        return {line.text: line for line in lay_out(self.pixels, self.pieces)}

    def sides(self) -> dict[str, Side]:
        return {text: line.side for text, line in self.lines().items()}


def test_right_is_me_left_is_the_companion_and_the_middle_is_nobody() -> None:
    screen = Screen()
    screen.words("昨天 23:41", 308, 300)
    screen.said("我", 550, 400, GREEN)
    screen.said("它", 60, 500, GREY)
    assert screen.sides() == {
        "昨天 23:41": Side.NONE,
        "我": Side.ME,
        "它": Side.COMPANION,
    }


def test_a_bubble_as_wide_as_the_screen_is_told_by_its_colour() -> None:
    screen = Screen()
    screen.said("短", 540, 400, GREEN)
    screen.said("长", 66, 500, GREEN, width=604)
    screen.said("它", 60, 600, GREY)
    assert screen.sides()["长"] is Side.ME


def test_a_time_in_a_chip_of_a_bubbles_colour_is_nobodys() -> None:
    screen = Screen()
    screen.said("昨天", 308, 300, GREY)
    screen.said("它", 60, 400, GREY)
    assert screen.sides()["昨天"] is Side.NONE


@pytest.mark.parametrize("page", [WHITE, NIGHT])
def test_words_on_the_page_itself_are_the_companions_where_only_i_have_bubbles(
    page: Colour,
) -> None:
    bubble = (244, 244, 244) if page == WHITE else (47, 47, 47)
    screen = Screen(page)
    screen.said("我", 550, 400, bubble)
    screen.words("它说得很长，", 40, 500, 640)
    screen.words("还有一行", 40, 548, 150)
    screen.words("另一段", 40, 700)
    lines = screen.lines()
    assert {lines[text].side for text in ("它说得很长，", "还有一行")} == {Side.COMPANION}
    assert lines["它说得很长，"].turn == lines["还有一行"].turn != lines["另一段"].turn


def test_lines_of_one_bubble_are_one_turn_and_the_next_bubble_is_another() -> None:
    screen = Screen()
    screen.bubble((36, 400, 460, 500), GREY)
    screen.words("第一行", 60, 406, 300)
    screen.words("第二行", 60, 452, 200)
    screen.said("另一个", 60, 530, GREY)
    lines = screen.lines()
    assert lines["第一行"].turn == lines["第二行"].turn != lines["另一个"].turn


def test_a_line_in_pieces_goes_on_under_any_of_them() -> None:
    screen = Screen()
    screen.bubble((36, 400, 560, 500), GREY)
    screen.words("（系统）", 60, 406, 150)
    screen.words("您好，请问", 220, 406, 300)
    screen.words("需要什么", 60, 452, 130)
    assert len({line.turn for line in screen.lines().values()}) == 1


def test_a_letter_in_an_avatar_and_the_status_bar_are_furniture() -> None:
    screen = Screen()
    screen.words("23:47", 20, 14, 70)
    screen.words("小暖", 320, 90)
    screen.bubble((20, 390, 90, 460), (200, 120, 95))
    screen.words("小", 34, 404, 42)
    screen.said("晚安", 140, 404, GREY)
    lines = screen.lines()
    assert lines["23:47"].turn == lines["小"].turn == FURNITURE
    assert FURNITURE not in (lines["小暖"].turn, lines["晚安"].turn)
    assert lines["小暖"].side is Side.NONE


def test_a_short_bubble_at_the_edge_is_no_avatar() -> None:
    screen = Screen()
    screen.said("嗯", 60, 400, GREY, width=40)
    assert screen.lines()["嗯"].side is Side.COMPANION
    assert screen.lines()["嗯"].turn != FURNITURE


def test_the_empty_input_field_is_furniture() -> None:
    screen = Screen(GREY)
    screen.said("它", 60, 600, WHITE)
    screen.bubble((80, HEIGHT - 110, WIDTH - 80, HEIGHT - 40), WHITE)
    screen.words("随便写写", 110, HEIGHT - 96)
    assert screen.lines()["随便写写"].turn == FURNITURE


def test_a_picture_that_is_no_screen_has_no_sides() -> None:
    screen = Screen()
    screen.pixels = screen.pixels[:200]
    screen.said("横幅", 550, 80, GREEN)
    assert screen.sides() == {"横幅": Side.NONE}


def test_a_window_on_a_computers_screen_has_no_sides() -> None:
    screen = Screen()
    screen.pixels = np.full((720, 1280, 3), WHITE, np.uint8)
    screen.said("窗口在右边", 900, 300, GREEN)
    assert screen.sides() == {"窗口在右边": Side.NONE}


def test_a_picture_without_words_has_no_lines() -> None:
    assert Screen().lines() == {}
