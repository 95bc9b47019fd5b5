"""Importing: chat exports of other programs become messages of the archive."""

from liudeng.importing.importer import import_file
from liudeng.importing.report import ImportProblem, ImportReport, Progress, Refusal

__all__ = ["ImportProblem", "ImportReport", "Progress", "Refusal", "import_file"]
