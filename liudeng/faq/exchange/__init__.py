"""Entries as files that people can edit: TOML, CSV and Markdown."""

from liudeng.faq.exchange.formats import FORMATS, FormatProblem, Row, read_rows, write_rows

__all__ = ["FORMATS", "FormatProblem", "Row", "read_rows", "write_rows"]
