"""帮助 as a card. The commands change only with the program, so each card is drawn once."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from liudeng.commands.help import FOOTER, INTRO, HelpTopic
from liudeng.pictures import (
    HelpCard,
    HelpLine,
    HelpSection,
    PictureUnavailable,
    Studio,
    Theme,
    render_help,
    theme_at,
)

_Key = tuple[tuple[HelpTopic, ...], bool, Theme]


class HelpPictures:
    """Draws 帮助."""

    def __init__(self, studio: Studio, zone: ZoneInfo) -> None:
        self._studio = studio
        self._zone = zone
        self._drawn: dict[_Key, bytes] = {}

    async def draw(self, topics: Sequence[HelpTopic], *, private: bool) -> bytes | None:
        """Return the card as PNG; None when it cannot be drawn."""
        key = (tuple(topics), private, theme_at(datetime.now(self._zone)))
        if key not in self._drawn:
            try:
                self._drawn[key] = await self._studio.draw(render_help, _card(*key[:2]), key[2])
            except PictureUnavailable:
                return None
        return self._drawn[key]


def _card(topics: Sequence[HelpTopic], private: bool) -> HelpCard:
    sections = [
        HelpSection(
            title=topic.title,
            lines=tuple(
                HelpLine(usage=command.usage, summary=command.summary) for command in topic.commands
            ),
        )
        for topic in topics
    ]
    footer = "" if private else FOOTER
    return HelpCard(title="留灯能做什么", intro=INTRO, sections=tuple(sections), footer=footer)
