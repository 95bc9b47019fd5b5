"""`liudeng doctor`: one readable page on the state of the house."""

from liudeng.doctor.examine import examine
from liudeng.doctor.report import Check, Report, Verdict, print_report

__all__ = ["Check", "Report", "Verdict", "examine", "print_report"]
