"""A page: what the desk shows somebody, in words and as a picture."""

from dataclasses import dataclass

from liudeng.outbox import Segments, drawn_segment, text_segment
from liudeng.pictures import CaseCard, Hint


@dataclass(frozen=True, slots=True)
class Page:
    """What is shown: `words` say all of it; a picture stands for `listing` alone."""

    listing: str
    """What a picture of `card` shows, in words."""
    tail: str = ""
    """Said below the picture too: what may be typed, to be copied."""
    head: str = ""
    """Said above the picture too. A notification shows it, so it quotes nobody."""
    card: CaseCard | None = None
    pictures: tuple[bytes, ...] = ()
    """Pictures that go below the last section of the card."""

    @property
    def words(self) -> str:
        """All of it in words."""
        return "\n".join(part for part in (self.head, self.listing, self.tail) if part)

    @property
    def segments(self) -> Segments:
        """A message in which the card is drawn as it is sent, or said where it cannot be."""
        if self.card is None:
            return (text_segment(self.words),)
        drawn = drawn_segment(self.card.model_dump(mode="json"), f"{self.listing}\n")
        head = (text_segment(f"{self.head}\n"),) if self.head else ()
        return (*head, drawn, *((text_segment(self.tail),) if self.tail else ()))


def hints(number: int, *commands: tuple[str, str]) -> tuple[Hint, ...]:
    """Return commands on a case as they are shown on a card: (`完结 {} 结果`, what it does)."""
    return tuple(
        Hint(command=command.format(number), summary=summary) for command, summary in commands
    )
