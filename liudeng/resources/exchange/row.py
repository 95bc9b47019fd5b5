"""One link in a file, the same in every form."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from liudeng.resources.canonical import canonical
from liudeng.resources.entry import UNSORTED, Draft, Resource
from liudeng.resources.ledger import LONGEST_CATEGORY, LONGEST_SUMMARY, LONGEST_TITLE

FIELDS = (
    *("title", "url", "category", "region", "login", "expires", "deadline", "version"),
    *("verified", "source", "tags", "summary"),
)
_COLUMNS = {"login": "needs_login", "verified": "verified_on"}
_WRONG = {
    "title": f"标题要有，不超过 {LONGEST_TITLE} 字",
    "url": "网址不对",
    "category": f"类别不超过 {LONGEST_CATEGORY} 字",
    "summary": f"摘要不超过 {LONGEST_SUMMARY} 字",
    "login": "login 写 true 或 false",
    "expires": "到期写成 2026-12-31",
    "deadline": "截止写成 2026-12-31",
    "verified": "核实日期写成 2026-12-31",
}


class BadFile(ValueError):
    """A file cannot be read; the text is one Chinese sentence that says where and why."""


class Row(BaseModel):
    """A link in a file."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    title: str
    url: str
    category: str = UNSORTED
    region: str = ""
    login: bool = False
    expires: date | None = None
    deadline: date | None = None
    version: str = ""
    verified: date | None = None
    source: str = ""
    tags: tuple[str, ...] = ()
    summary: str = ""

    @field_validator("title")
    @classmethod
    def _title_fits(cls, value: str) -> str:
        value = " ".join(value.split())
        if not 0 < len(value) <= LONGEST_TITLE:
            raise ValueError
        return value

    @field_validator("url")
    @classmethod
    def _url_opens(cls, value: str) -> str:
        if canonical(value) is None:
            raise ValueError
        return value.strip()

    @field_validator("category")
    @classmethod
    def _category_fits(cls, value: str) -> str:
        if len(value) > LONGEST_CATEGORY:
            raise ValueError
        return value.strip() or UNSORTED

    @field_validator("summary")
    @classmethod
    def _summary_fits(cls, value: str) -> str:
        if len(value) > LONGEST_SUMMARY:
            raise ValueError
        return " ".join(value.split())

    def draft(self) -> Draft:
        """Return it as the ledger takes it."""
        return Draft(url=self.url, **self.told())

    def told(self) -> dict[str, Any]:
        """Return what the file says of the link, by the ledger's columns."""
        return {
            _COLUMNS.get(name, name): getattr(self, name)
            for name in FIELDS
            if name != "url" and name in self.model_fields_set
        }


def row_of(entry: Resource) -> Row:
    """Return a resource as it stands in a file: nobody's number is in it."""
    return Row.model_construct(
        title=entry.name,
        url=entry.url,
        category=entry.category,
        region=entry.region,
        login=entry.needs_login,
        expires=entry.expires,
        deadline=entry.deadline,
        version=entry.version,
        verified=entry.verified_on,
        source=entry.source,
        tags=entry.tags,
        summary=entry.summary,
    )


def checked(values: Mapping[str, Any], place: str) -> Row:
    """Read the fields of one link.

    Raises:
        BadFile: one does not fit; `place` says where that is.
    """
    filled = {name: value for name, value in values.items() if value not in ("", None)}
    try:
        return Row.model_validate(filled)
    except ValidationError as error:
        field = str(error.errors(include_input=False, include_url=False)[0]["loc"][0])
        raise BadFile(f"{place}：{_WRONG.get(field, f'{field} 读不懂')}。") from None
