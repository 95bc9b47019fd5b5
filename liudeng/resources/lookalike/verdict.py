"""What is thought of a host."""

from dataclasses import dataclass
from enum import StrEnum


class Judgement(StrEnum):
    """Whose a host is."""

    OFFICIAL = "official"
    """It belongs to a name that is often imitated."""
    ORDINARY = "ordinary"
    """Nothing about its name is wrong; of what stands there this says nothing."""
    LOOKALIKE = "lookalike"
    """Its name poses as somebody else's."""


class Trick(StrEnum):
    """How a look-alike is made."""

    GLYPHS = "glyphs"
    """0penai: characters that look like others."""
    FOREIGN_LETTERS = "foreign_letters"
    """оpenai with a Cyrillic о, also in punycode."""
    TYPO = "typo"
    """chatgtp: one letter wrong."""
    SUFFIX = "suffix"
    """openai.vip: the right name under another suffix."""
    EXTRA_WORDS = "extra_words"
    """chatgpt-4o.vip: the name with something added."""
    IN_FRONT = "in_front"
    """openai.com.example.top: the name in front of somebody else's."""
    USER_PART = "user_part"
    """https://openai.com@example.top: the name where a user name stands."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement on one host, with its reason in one Chinese clause."""

    host: str
    """As it would be typed: lower case, without punycode."""
    judgement: Judgement
    reason: str
    brand: str = ""
    """Whose name it is or poses as: OpenAI."""
    home: str = ""
    """Where that one really is: chatgpt.com."""
    trick: Trick | None = None

    @property
    def suspicious(self) -> bool:
        """Whether people should be warned."""
        return self.judgement is Judgement.LOOKALIKE
