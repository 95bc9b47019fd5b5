"""The watcher's report: how often it was right, by rule and group, and what might be changed.

Nothing changes by itself: every proposal names what a person would have to edit.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from liudeng.arming import Held, alerts_among
from liudeng.review.judged import Judged, Record
from liudeng.review.proposals import Proposal, propose
from liudeng.watch.evaluation import Share, share


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class RuleLine(_Frozen):
    """How often alerts in which a rule spoke were right."""

    rule: str
    fired: int
    """Messages on which it spoke, judged or not, told or held back."""
    precision: Share


class GroupLine(_Frozen):
    """How the watcher did in one group."""

    group_id: int
    alerts: int
    """Cases that it opened or joined."""
    held_in_dry_run: int
    """Would-be cases that were only counted."""
    below_threshold: int
    """Messages below `WATCH_THRESHOLD`."""
    precision: Share
    rules: tuple[RuleLine, ...]


class WatchReport(_Frozen):
    """All that `liudeng watch report` states. Intervals are Wilson's, 95 %."""

    alerts: int
    judged: int
    unjudged: int
    """Closed cases of which nobody said 属实 or 误报."""
    missed: int
    """Confirmed cases that a member told of while the watcher was silent."""
    marked: int
    """Of `judged`: those from a replay's page."""
    precision: Share
    rules: tuple[RuleLine, ...]
    groups: tuple[GroupLine, ...]
    proposals: tuple[Proposal, ...]


def build_report(
    record: Record,
    marked: Sequence[Judged],
    unjudged: int,
    authors: Mapping[int, str],
    words: Mapping[str, Mapping[str, tuple[int, int]]],
    threshold: float,
) -> WatchReport:
    """Add everything up.

    Args:
        record: what the tables know.
        marked: what was judged on a replay's page besides.
        unjudged: closed cases without a verdict.
        authors: who wrote a message, by its `id`.
        words: by rule, what it saw in judged messages: how often in true, how often in false ones.
        threshold: the score from which single messages alert now.
    """
    judged = (*record.judged, *marked)
    groups = sorted({one.group_id for one in (*record.firings, *judged)})
    return WatchReport(
        alerts=_alerts(record, groups),
        judged=len(judged),
        unjudged=unjudged,
        missed=record.missed,
        marked=len(marked),
        precision=_precision(judged),
        rules=_rules(record, judged),
        groups=tuple(_group(record, judged, group, authors) for group in groups),
        proposals=tuple(propose(judged, words, threshold, record.missed)),
    )


def _alerts(record: Record, groups: Iterable[int]) -> int:
    wanted = set(groups)
    told = (one for one in record.firings if one.held is Held.NOT and one.group_id in wanted)
    return len({one.case_id for one in told})


def _group(
    record: Record, judged: Sequence[Judged], group: int, authors: Mapping[int, str]
) -> GroupLine:
    fired = [one for one in record.firings if one.group_id == group]
    here = [one for one in judged if one.group_id == group]
    dry = [one for one in fired if one.held is Held.DRY_RUN]
    return GroupLine(
        group_id=group,
        alerts=_alerts(record, [group]),
        held_in_dry_run=len(alerts_among(dry, authors)),
        below_threshold=sum(one.held is Held.TOO_WEAK for one in fired),
        precision=_precision(here),
        rules=_rules(Record(tuple(fired), (), 0), here),
    )


def _rules(record: Record, judged: Sequence[Judged]) -> tuple[RuleLine, ...]:
    fired = Counter(rule for one in record.firings for rule in one.rules)
    names = {*fired, *(rule for one in judged for rule in one.rules)}
    lines = [
        RuleLine(
            rule=name,
            fired=fired[name],
            precision=_precision(one for one in judged if name in one.rules),
        )
        for name in names
    ]
    return tuple(sorted(lines, key=lambda line: (-line.precision.of, -line.fired, line.rule)))


def _precision(judged: Iterable[Judged]) -> Share:
    return share(one.is_true for one in judged)
