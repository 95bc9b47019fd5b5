"""What should be there against what is: messages in the archive, alerts with their recipients."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.ledger import Sent

_ALERT = re.compile(r"（编号 (\d+)-\d+）$")

Delivery = tuple[int, int]
"""Case number, and the account or group that was told."""


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What is missing and what is there more than once, by its key."""

    lost: tuple[Any, ...]
    twice: tuple[Any, ...]

    @property
    def clean(self) -> bool:
        """Whether everything is there exactly once."""
        return not self.lost and not self.twice


def reckon(expected: Iterable[Any], found: Mapping[Any, int]) -> Reckoning:
    """Compare what must be there once with how often it is there."""
    return Reckoning(
        lost=tuple(sorted(key for key in set(expected) if not found.get(key))),
        twice=tuple(sorted(key for key, count in found.items() if count > 1)),
    )


def said_in(truth: Iterable[Mapping[str, Any]], group_id: int) -> list[int]:
    """Return the group's own numbers of what people said in it and did not take back.

    What was taken back before the bot could hear it is in no history and need not be archived.
    """
    return [
        int(line["real_seq"])
        for line in truth
        if line["group_id"] == group_id and not line["self"] and not line["recalled"]
    ]


def case_number(sent: Sent) -> int | None:
    """Return the case that an alert or a staff notice is about; None for any other message."""
    match = _ALERT.search(sent.text)
    return int(match[1]) if match else None


def deliveries(sent: Iterable[Sent]) -> Counter[Delivery]:
    """Return how often each recipient was told of each case."""
    found: Counter[Delivery] = Counter()
    for message in sent:
        number = case_number(message)
        if number is not None:
            found[number, message.user_id or message.group_id or 0] += 1
    return found


def expected_deliveries(
    cases: Mapping[int, Collection[int]], subjects: Iterable[int], recipients: Collection[int]
) -> set[Delivery]:
    """Return who must be told of what: of each subject's case, every recipient.

    A subject without a case counts as case 0, which nobody can have been told of.
    """
    return {
        (number, recipient)
        for subject in subjects
        for number in cases.get(subject) or (-subject,)
        for recipient in recipients
    }
