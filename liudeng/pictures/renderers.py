"""Every kind of card by the function that draws it."""

from collections.abc import Callable
from typing import Any

from liudeng.pictures.answer import AnswerCard, render_answer
from liudeng.pictures.cards import (
    Card,
    CaseCard,
    EntryCard,
    FacetsCard,
    HelpCard,
    HitsCard,
    PulseCard,
    TimelineCard,
    WallCard,
)
from liudeng.pictures.case import render_case
from liudeng.pictures.entry import render_entry
from liudeng.pictures.facets import render_facets
from liudeng.pictures.help import render_help
from liudeng.pictures.hits import render_hits
from liudeng.pictures.links import LinksCard, render_links
from liudeng.pictures.pulse import render_pulse
from liudeng.pictures.themes import Theme
from liudeng.pictures.timeline import render_timeline
from liudeng.pictures.wall import render_wall

_RENDERERS: dict[str, tuple[Callable[[Any, Theme], bytes], type[Card]]] = {
    function.__name__: (function, model)
    for function, model in (
        (render_entry, EntryCard),
        (render_wall, WallCard),
        (render_help, HelpCard),
        (render_hits, HitsCard),
        (render_facets, FacetsCard),
        (render_pulse, PulseCard),
        (render_links, LinksCard),
        (render_answer, AnswerCard),
        (render_case, CaseCard),
        (render_timeline, TimelineCard),
    )
}


def name_of(function: Callable[[Any, Theme], bytes]) -> str:
    """Return the name under which the drawing process knows a function.

    Raises:
        ValueError: it draws no card.
    """
    name = getattr(function, "__name__", "")
    if name not in _RENDERERS or _RENDERERS[name][0] is not function:
        raise ValueError(f"{function!r} draws no card")
    return name


def render(name: str, card: dict[str, Any], theme: str) -> bytes:
    """Draw a card that came from another process.

    Raises:
        KeyError, ValueError: there is no such function or theme, or it is not its card.
    """
    function, model = _RENDERERS[name]
    return function(model.model_validate(card), Theme(theme))
