"""A screenshot is quoted talk: never an alert by itself."""

from liudeng.ocr import Box, Line, Reading, Side
from liudeng.watch.assessment import default_watcher
from liudeng.watch.screenshots import assess_screenshot


def _reading(*said: tuple[Side, str]) -> Reading:
    return Reading(
        lines=tuple(
            Line(
                text=text,
                box=Box(0, at * 40, 300, at * 40 + 30),
                confidence=0.9,
                side=side,
                turn=at,
            )
            for at, (side, text) in enumerate(said)
        )
    )


def test_what_its_maker_said_is_a_soft_sign() -> None:
    found = assess_screenshot(default_watcher(), _reading((Side.ME, "我不想活了，今晚就走")))

    assert found is not None
    assert (found.level, found.about) == (2, "self")
    assert found.danger < 0.5


def test_what_the_companion_said_is_nobodys_state() -> None:
    reading = _reading((Side.COMPANION, "我不想活了"), (Side.ME, "哈哈你又演"))

    found = assess_screenshot(default_watcher(), reading)

    assert found is not None
    assert found.level < 2


def test_a_picture_without_own_words_says_nothing() -> None:
    assert assess_screenshot(default_watcher(), _reading((Side.NONE, "我不想活了"))) is None
