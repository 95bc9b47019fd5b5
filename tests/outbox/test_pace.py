"""The pace: a burst, then one at a time."""

from liudeng.outbox import Pace


class Watch:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_goes_at_once_and_then_one_every_interval() -> None:
    watch = Watch()
    pace = Pace(1.5, 3, clock=watch)
    for _ in range(3):
        assert pace.wait_s() == 0
        pace.spend()
    assert pace.wait_s() == 1.5
    watch.now += 0.5
    assert pace.wait_s() == 1.0
    watch.now += 1.0
    assert pace.wait_s() == 0
    pace.spend()
    assert pace.wait_s() == 1.5


def test_silence_saves_up_one_burst_and_no_more() -> None:
    watch = Watch()
    pace = Pace(1.5, 2, clock=watch)
    watch.now += 3600
    for _ in range(2):
        assert pace.wait_s() == 0
        pace.spend()
    assert pace.wait_s() == 1.5


def test_without_an_interval_there_is_no_pace() -> None:
    pace = Pace(0, 1)
    for _ in range(100):
        assert pace.wait_s() == 0
        pace.spend()
