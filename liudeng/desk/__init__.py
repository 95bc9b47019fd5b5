"""The desk: cases, alerts and the people who answer them."""

from liudeng.desk.case import Case, CaseKind, CaseState, Signal
from liudeng.desk.desk import Desk

__all__ = ["Case", "CaseKind", "CaseState", "Desk", "Signal"]
