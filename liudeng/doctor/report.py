"""The doctor's report."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict
from rich.console import Console
from rich.table import Table


class Verdict(StrEnum):
    """What a check found."""

    GOOD = "good"
    NOTICE = "notice"
    """Nothing is broken, but the operator should know."""
    BAD = "bad"


class Check(BaseModel):
    """One thing that was looked at."""

    model_config = ConfigDict(frozen=True)

    name: str
    """Stable English name, for programs."""
    title: str
    verdict: Verdict
    finding: str
    advice: str = ""
    """What to do next; empty when nothing needs doing."""


class Report(BaseModel):
    """All checks."""

    model_config = ConfigDict(frozen=True)

    ok: bool
    version: str
    checks: tuple[Check, ...]


_SIGNS = {
    Verdict.GOOD: ("✓", "green"),
    Verdict.NOTICE: ("!", "yellow"),
    Verdict.BAD: ("✗", "red"),
}


def print_report(report: Report, console: Console) -> None:
    """Print the report as a page."""
    console.print(f"留灯 {report.version}")
    table = Table(show_header=False, box=None, padding=(0, 1), pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for check in report.checks:
        sign, colour = _SIGNS[check.verdict]
        finding = check.finding
        if check.advice:
            finding += f"\n[{colour}]→ {check.advice}[/{colour}]"
        table.add_row(f"[{colour}]{sign}[/{colour}]", check.title, finding)
    console.print(table)
    if not report.ok:
        console.print("有坏掉的地方：先处理标 ✗ 的几项。")
    elif any(check.verdict is Verdict.NOTICE for check in report.checks):
        console.print("能正常工作；标 ! 的几项建议看一下。")
    else:
        console.print("一切正常。")
