"""Cards: what the bot shows as a picture, drawn in a process of its own."""

from liudeng.pictures.answer import AnswerCard, render_answer
from liudeng.pictures.cards import (
    Bar,
    CaseCard,
    CaseLine,
    CaseSection,
    EntryCard,
    Facet,
    FacetsCard,
    FoundHit,
    HelpCard,
    HelpLine,
    HelpSection,
    Hint,
    HitsCard,
    PulseCard,
    PulseRow,
    TimelineCard,
    TimelineEvent,
    WallCard,
    WallTile,
)
from liudeng.pictures.case import render_case
from liudeng.pictures.entry import render_entry
from liudeng.pictures.facets import render_facets
from liudeng.pictures.help import render_help
from liudeng.pictures.hits import render_hits
from liudeng.pictures.links import LinkRow, LinksCard, Tone, render_links
from liudeng.pictures.pulse import render_pulse
from liudeng.pictures.studio import PictureUnavailable, Studio, StudioLimits
from liudeng.pictures.themes import Theme, theme_at
from liudeng.pictures.timeline import render_timeline
from liudeng.pictures.wall import render_wall

__all__ = [
    "AnswerCard",
    "Bar",
    "CaseCard",
    "CaseLine",
    "CaseSection",
    "EntryCard",
    "Facet",
    "FacetsCard",
    "FoundHit",
    "HelpCard",
    "HelpLine",
    "HelpSection",
    "Hint",
    "HitsCard",
    "LinkRow",
    "LinksCard",
    "PictureUnavailable",
    "PulseCard",
    "PulseRow",
    "Studio",
    "StudioLimits",
    "Theme",
    "TimelineCard",
    "TimelineEvent",
    "Tone",
    "WallCard",
    "WallTile",
    "render_answer",
    "render_case",
    "render_entry",
    "render_facets",
    "render_help",
    "render_hits",
    "render_links",
    "render_pulse",
    "render_timeline",
    "render_wall",
    "theme_at",
]
