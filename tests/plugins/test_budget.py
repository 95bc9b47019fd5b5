"""One person's answers are limited, everybody else's are not."""

import pytest


@pytest.mark.usefixtures("house")
def test_whoever_asks_without_end_is_not_answered_without_end() -> None:
    from plugins.commands.budget import ANSWERS, PER_SECONDS, AnswerBudget

    now = 0.0
    budget = AnswerBudget(lambda: now)
    assert all(budget.allows(1) for _ in range(ANSWERS))
    assert not budget.allows(1)
    assert budget.allows(2)
    now = PER_SECONDS
    assert budget.allows(1)
