"""The desk: cases, alerts and the people who answer them."""

from liudeng.desk.case import Case, CaseKind, CaseState, Signal
from liudeng.desk.concern import Concern
from liudeng.desk.desk import Desk, DeskOptions
from liudeng.desk.escalation import Patience
from liudeng.desk.hours import parse_span
from liudeng.desk.reports import Reporter
from liudeng.desk.seal import Seal, SealKeyProblem

__all__ = [
    "Case",
    "CaseKind",
    "CaseState",
    "Concern",
    "Desk",
    "DeskOptions",
    "Patience",
    "Reporter",
    "Seal",
    "SealKeyProblem",
    "Signal",
    "parse_span",
]
