"""The desk: cases, alerts and the people who answer them."""

from liudeng.desk.case import Case, CaseKind, CaseState, Signal
from liudeng.desk.concern import Concern
from liudeng.desk.desk import Desk, DeskOptions
from liudeng.desk.drawing import Drawing
from liudeng.desk.escalation import Patience
from liudeng.desk.hours import parse_span
from liudeng.desk.page import Page
from liudeng.desk.reach import reach_report
from liudeng.desk.reports import Reporter
from liudeng.desk.seal import Seal, SealKeyProblem

__all__ = [
    "Case",
    "CaseKind",
    "CaseState",
    "Concern",
    "Desk",
    "DeskOptions",
    "Drawing",
    "Page",
    "Patience",
    "Reporter",
    "Seal",
    "SealKeyProblem",
    "Signal",
    "parse_span",
    "reach_report",
]
