"""Review: how the watcher does on a group's own archive, and what people said of its alerts."""

from liudeng.review.marks import Mark, Marks, MarksProblem, read_marks
from liudeng.review.replay import Question, Replayed, replay
from liudeng.review.report import WatchReport, build_report

__all__ = [
    "Mark",
    "Marks",
    "MarksProblem",
    "Question",
    "Replayed",
    "WatchReport",
    "build_report",
    "read_marks",
    "replay",
]
