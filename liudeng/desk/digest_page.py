"""The day's digest: what is open, what nobody has taken, what came to an end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from liudeng.desk.case import Case, CaseState
from liudeng.desk.page import Page
from liudeng.desk.texts import CaseNames, case_line, clock, state_text
from liudeng.pictures import CaseCard, CaseLine, CaseSection

_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Day:
    """What a digest tells."""

    cases: Sequence[Case]
    """Those that are open."""
    ended: Sequence[Case]
    """Those that were closed in the last day."""
    names: Mapping[int, CaseNames]
    """By number of the case."""

    @property
    def untaken(self) -> int:
        """How many nobody has."""
        return sum(case.state is CaseState.OPEN for case in self.cases)


def digest_page(day: Day, zone: ZoneInfo) -> Page:
    """Return the digest of a day; its first line names nobody."""
    head = (
        f"【留灯】今日摘要：未完结 {len(day.cases)} 件，还没有人接手 {day.untaken} 件，"
        f"24 小时内完结 {len(day.ended)} 件。"
    )
    if not day.cases and not day.ended:
        return Page(head)
    sections = [
        CaseSection(title=title, lines=tuple(_row(one, day, zone) for one in found[:_SHOWN]))
        for title, found in (("还开着", day.cases), ("今天完结的", day.ended))
        if found
    ]
    return Page(
        head=head,
        listing="\n".join(_in_words(day, zone)),
        tail="发「案件 编号」看详情。",
        card=CaseCard(
            kicker="今日摘要",
            title=f"{len(day.cases)} 件还开着",
            subtitle=f"没有人接手 {day.untaken} 件 · 24 小时内完结 {len(day.ended)} 件",
            sections=tuple(sections),
        ),
    )


def _in_words(day: Day, zone: ZoneInfo) -> list[str]:
    lines = [case_line(case, day.names[case.id], zone) for case in day.cases[:_SHOWN]]
    if day.ended:
        lines.append("已完结：")
        lines.extend(case_line(case, day.names[case.id], zone) for case in day.ended[:_SHOWN])
    return lines


def _row(case: Case, day: Day, zone: ZoneInfo) -> CaseLine:
    names = day.names[case.id]
    return CaseLine(
        mark=str(case.id),
        above=f"{names.group} · {clock(case.opened_ms, zone)} · 等级 {case.level}/3",
        text=f"{case.subject_name}：{state_text(case, names)}",
    )
