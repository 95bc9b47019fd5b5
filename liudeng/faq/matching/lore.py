"""How people talk, as moderators write it down in `data/faq`: synonyms, and what nobody answers."""

from dataclasses import dataclass
from pathlib import Path

from liudeng.faq.matching.concepts import Concepts, SynonymsProblem

_SYNONYMS, _ELSEWHERE, _TALK = "synonyms.toml", "elsewhere.txt", "talk.txt"


@dataclass(frozen=True, slots=True)
class Lore:
    """What the matcher knows besides the entries."""

    concepts: Concepts
    elsewhere: tuple[str, ...] = ()
    """Questions that no entry answers: what is like them is left alone."""
    talk: tuple[str, ...] = ()
    """What is said and asks for nothing."""

    @classmethod
    def load(cls, folder: Path) -> "Lore":
        """Read the files of a folder.

        Raises:
            SynonymsProblem: one is missing or malformed.
        """
        return cls(
            Concepts.load(folder / _SYNONYMS), _lines(folder / _ELSEWHERE), _lines(folder / _TALK)
        )

    def bare(self) -> "Lore":
        """Return the same without synonyms."""
        return Lore(Concepts({}), self.elsewhere, self.talk)


def _lines(path: Path) -> tuple[str, ...]:
    try:
        listed = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SynonymsProblem(f"{path} 读不了：{type(error).__name__}。") from error
    said = (line.strip() for line in listed)
    return tuple(dict.fromkeys(line for line in said if line and not line.startswith("#")))
