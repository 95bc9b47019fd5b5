"""导出搜索: everything a search finds, as a file for the one who asked."""

from liudeng.search.export.choosing import Limits
from liudeng.search.export.exporting import MEMBERS_LIMIT, MODERATORS_LIMIT, SearchExport
from liudeng.search.export.files import ExportFolder

__all__ = ["MEMBERS_LIMIT", "MODERATORS_LIMIT", "ExportFolder", "Limits", "SearchExport"]
