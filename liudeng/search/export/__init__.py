"""导出搜索: everything a search finds, as a file for the one who asked."""

from liudeng.search.export.exporting import MEMBERS_LIMIT, MODERATORS_LIMIT, SearchExport

__all__ = ["MEMBERS_LIMIT", "MODERATORS_LIMIT", "SearchExport"]
