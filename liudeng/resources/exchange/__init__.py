"""The ledger as a file, out and in: TOML, CSV, Markdown."""

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum

from liudeng.resources.exchange.csv_form import from_csv, to_csv
from liudeng.resources.exchange.markdown_form import from_markdown, to_markdown
from liudeng.resources.exchange.row import BadFile, Row, row_of
from liudeng.resources.exchange.toml_form import from_toml, to_toml

__all__ = ["BadFile", "Form", "Row", "read", "row_of", "write"]


class Form(StrEnum):
    """The forms of a file."""

    TOML = "toml"
    CSV = "csv"
    MARKDOWN = "markdown"


_WRITERS: dict[Form, Callable[[Iterable[Row]], str]] = {
    Form.TOML: to_toml,
    Form.CSV: to_csv,
    Form.MARKDOWN: to_markdown,
}
_READERS: dict[Form, Callable[[str], Sequence[Row]]] = {
    Form.TOML: from_toml,
    Form.CSV: from_csv,
    Form.MARKDOWN: from_markdown,
}


def write(rows: Iterable[Row], form: Form) -> str:
    """Return rows as the text of a file."""
    return _WRITERS[form](rows)


def read(text: str, form: Form) -> Sequence[Row]:
    """Read what `write` wrote, or what somebody typed in its form.

    Raises:
        BadFile: it cannot be read; the text says where and why.
    """
    return _READERS[form](text)
