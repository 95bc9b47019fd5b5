"""A group's archive as a folder that needs no bot: two exchange formats, pages, files, hashes."""

from liudeng.exporting.export import export_group
from liudeng.exporting.model import ExportProblem, ExportReport, ExportWish

__all__ = ["ExportProblem", "ExportReport", "ExportWish", "export_group"]
