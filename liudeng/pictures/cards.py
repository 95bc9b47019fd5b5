"""What the cards show: plain data, without a database, a setting or a clock."""

from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class Card(BaseModel):
    """What can be drawn, and sent to the process that draws."""

    model_config = ConfigDict(frozen=True)


class Hint(Card):
    """A command that may be typed next, and what it does."""

    command: str
    summary: str = ""


class EntryCard(Card):
    """One farewell."""

    number: int
    title: str
    companion: str = ""
    author: str = ""
    day: date
    words: str = ""
    pictures: tuple[Path, ...] = ()
    """Originals, or covered copies of them; absolute."""
    visibility: str = ""
    """Who may see it, as a person reads it: 本群可见."""
    tags: tuple[str, ...] = ()
    kicker: str = ""
    """A few words above the title: 存好了."""
    hints: tuple[Hint, ...] = ()


class WallTile(Card):
    """One farewell on the wall."""

    number: int
    title: str
    companion: str = ""
    author: str = ""
    day: date
    picture: Path | None = None
    """Its first picture or that one's thumbnail; absolute."""
    words: str = ""
    """Shown where there is no picture."""


class WallCard(Card):
    """A page of the farewell wall."""

    title: str
    group: str = ""
    tiles: tuple[WallTile, ...] = ()
    page: str = ""
    """Where in the whole this page is: 第 1/3 页 · 共 31 封."""
    hints: tuple[Hint, ...] = ()


class HelpLine(Card):
    """One command of the help."""

    usage: str
    summary: str = ""


class HelpSection(Card):
    """Commands that belong together."""

    title: str = ""
    lines: tuple[HelpLine, ...] = ()


class HelpCard(Card):
    """The commands that this person may use here."""

    title: str
    intro: str = ""
    sections: tuple[HelpSection, ...] = ()
    footer: str = ""


class FoundHit(Card):
    """One message or entry that was found."""

    number: str = ""
    """As a member types it: #128."""
    speaker: str = ""
    time: str = ""
    excerpt: str
    marks: tuple[tuple[int, int], ...] = ()
    """Found words: begin and end in `excerpt`, in characters."""
    picture: Path | None = None
    place: str = ""
    """Which group it is from, where that is not plain."""


class HitsCard(Card):
    """A page of search results."""

    title: str
    """What was searched for."""
    kicker: str = "搜索"
    subtitle: str = ""
    hits: tuple[FoundHit, ...] = ()
    page: str = ""
    hints: tuple[Hint, ...] = ()


class Bar(Card):
    """One value of a facet."""

    label: str
    count: int = Field(ge=0)


class Facet(Card):
    """How entries are spread over months, companions or authors."""

    title: str
    bars: tuple[Bar, ...] = ()
    upright: bool = False
    """Columns side by side, for months; otherwise one row for each value."""


class FacetsCard(Card):
    """Counts of what there is to be found."""

    title: str
    subtitle: str = ""
    facets: tuple[Facet, ...] = ()
    hints: tuple[Hint, ...] = ()


class PulseRow(Card):
    """One mood over time, side by side with the others on the same scale."""

    title: str
    tone: str
    """Name of its colour: see `liudeng.pictures.pulse`."""
    values: tuple[int | None, ...]
    """People in each stretch of time; None where too few spoke to show anything."""
    peak: str = ""
    """In words, when it was highest: 最多 12 人 · 22 点."""


class PulseCard(Card):
    """How a group sounded over hours or days."""

    title: str
    subtitle: str = ""
    rows: tuple[PulseRow, ...] = ()
    ticks: tuple[tuple[int, str], ...] = ()
    """Labels under the columns: which column, and what it says."""
    notes: tuple[str, ...] = ()
    hints: tuple[Hint, ...] = ()


class CaseLine(Card):
    """One thing that is told on a case's card."""

    text: str
    above: str = ""
    """A quieter line above it: who said it and when."""
    mark: str = ""
    """What stands before it: a number, a dot."""
    strong: bool = False
    """Whether it lies on a paper of its own: the words that matter."""


class CaseSection(Card):
    """What belongs together on a case's card."""

    title: str = ""
    lines: tuple[CaseLine, ...] = ()
    pictures: tuple[Path, ...] = ()
    """Shown below the lines; absolute."""


class CaseCard(Card):
    """A case, an alert or a list of cases, for moderators."""

    kicker: str = ""
    title: str
    subtitle: str = ""
    level: int | None = Field(default=None, ge=0, le=3)
    """How pressing it is; None where that is not the question."""
    state: str = ""
    """Who has it, beside the level."""
    sections: tuple[CaseSection, ...] = ()
    footer: str = ""
    hints: tuple[Hint, ...] = ()


class TimelineEvent(Card):
    """A day, and what happened on it."""

    day: date
    title: str
    detail: str = ""
    source: str = ""
    number: int | None = None
    """Of a group's own milestone; the world's have none."""


class TimelineCard(Card):
    """What happened when, in order."""

    title: str
    subtitle: str = ""
    events: tuple[TimelineEvent, ...] = ()
    hints: tuple[Hint, ...] = ()
