"""What rules judge: one message with all that can be known of it beforehand."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from liudeng.moderation.model import Label


@dataclass(frozen=True, slots=True)
class Heard:
    """A message as rules see it."""

    plain: str
    """The text without its disguises."""
    scores: Mapping[Label, float] = field(default_factory=dict)
    hosts: tuple[str, ...] = ()
    lookalikes: tuple[str, ...] = ()
    mentions: int = 0
    repeats: float = 0.0
    same: int = 1
    """How many messages alike this member has sent in the last minutes, this one included."""
    recent_s: tuple[float, ...] = ()
    """Seconds since each of this member's last messages, this one (0.0) included."""
    in_group_s: float | None = None
    """How long the member has been here, where it is known."""
    member: int = 0
    forward: bool = False
    files: tuple[str, ...] = ()
    seen: bool = False
    """Whether it is judged by its pictures: their words and codes are in here."""
    codes: tuple[str, ...] = ()
    looks: tuple[str, ...] = ()
    """Perceptual hashes of its pictures."""
    warns: bool = False
    """Whether the message warns of what it quotes."""
