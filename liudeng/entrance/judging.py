"""Who comes in: decided by what the group chose, and by people whenever that is not plain."""

from dataclasses import dataclass
from enum import StrEnum

from liudeng.entrance.acquaintance import NOBODY_KNOWN, Acquaintance
from liudeng.entrance.choice import Choice, Mode, Otherwise
from liudeng.entrance.request import Request
from liudeng.text import fold

_SLACK = 12
"""An answer may be so much longer than the word in it; a list of guesses is no answer."""


class Decision(StrEnum):
    """What is done with a request."""

    ADMIT = "admit"
    REFUSE = "refuse"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What else counts at this moment."""

    blocked: bool = False
    raid: bool = False
    """Many come or ask at once."""
    acquaintance: Acquaintance = NOBODY_KNOWN


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision, why, and what the applicant is told with a refusal."""

    decision: Decision
    why: str
    reply: str = ""


def judge(request: Request, choice: Choice, now: Surroundings) -> Verdict:
    """Decide about one request to join."""
    if now.blocked:
        return Verdict(Decision.REFUSE, "在黑名单里")
    if choice.mode is not Mode.WORDS or not choice.can_decide:
        return Verdict(Decision.ASK, "")
    if not request.user_id:
        return Verdict(Decision.ASK, "QQ 没说是谁")
    if now.raid:
        return Verdict(Decision.ASK, "同时来的人太多，先不自动放行")
    if choice.words and not knows_a_word(request.comment, choice.words):
        return _otherwise(choice, "暗号不对", "暗号不对，看看群介绍再来。")
    return _by_age(choice, now.acquaintance)


def knows_a_word(answer: str, words: tuple[str, ...]) -> bool:
    """Whether an answer is one of the words, however it is written, with little around it."""
    told = bare(answer)
    for word in map(bare, words):
        if word and word in told and len(told) <= len(word) + _SLACK:
            return True
    return False


def bare(text: str) -> str:
    """A text by its letters, digits and characters alone, folded as for search."""
    return "".join(char for char in fold(text) if char.isalnum())


def _by_age(choice: Choice, known: Acquaintance) -> Verdict:
    for least, value, name in (
        (choice.min_level, known.level, "等级"),
        (choice.min_days, known.days, "号龄"),
    ):
        if least and value is None:
            return Verdict(Decision.ASK, f"看不到{name}")
        if least and value is not None and value < least:
            return _otherwise(choice, f"{name}不够", f"账号{name}不够，请直接联系管理。")
    return Verdict(Decision.ADMIT, "暗号对了" if choice.words else "账号够老")


def _otherwise(choice: Choice, why: str, reply: str) -> Verdict:
    refuses = choice.otherwise is Otherwise.REFUSE
    return Verdict(Decision.REFUSE, why, reply) if refuses else Verdict(Decision.ASK, why)
