"""The names that are imitated, from `data/links/brands.toml`, which moderators may edit."""

import tomllib
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

LINKS_ROOT = Path(__file__).resolve().parents[3] / "data" / "links"
"""Where the lists about links stand. Not from the settings: nothing heavy is imported here."""

_LONG_ENOUGH_FOR_TYPOS = 6


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Brand(_Frozen):
    """Somebody whose name is imitated."""

    name: str
    home: str
    official: frozenset[str]
    strict: frozenset[str] = frozenset()
    """Names to which nothing may be added."""
    known: frozenset[str] = frozenset()
    """Names to which no word like `login` may be added."""
    weak: frozenset[str] = frozenset()
    """Words that mean other things, too."""
    any_suffix: frozenset[str] = frozenset()
    """Names that are theirs under every suffix."""
    typos: bool = True

    @cached_property
    def strong(self) -> frozenset[str]:
        """Names that nobody else has."""
        return self.strict | self.known

    @cached_property
    def typo_names(self) -> frozenset[str]:
        """Names long enough for one wrong letter to mean something."""
        if not self.typos:
            return frozenset()
        return frozenset(name for name in self.strong if len(name) >= _LONG_ENOUGH_FOR_TYPOS)


class Words(_Frozen):
    """What may stand beside a name."""

    bait: frozenset[str]
    context: frozenset[str]
    community: frozenset[str]
    ordinary: frozenset[str]
    cheap_suffixes: frozenset[str]

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every word that may be glued to a name."""
        return self.bait | self.context | self.community


class Sites(_Frozen):
    """Hosts that are never warned of, and those where anybody gets a name for nothing."""

    domains: frozenset[str]
    suffixes: frozenset[str]
    hosting: frozenset[str]


class Names(_Frozen):
    """The whole list."""

    brands: tuple[Brand, ...] = Field(min_length=1)
    sites: Sites
    words: Words

    def owner_of(self, host: str) -> Brand | None:
        """Return the brand to which a host officially belongs.

        A free host's own domain covers itself, not what its users put under it.
        """
        labels = host.split(".")
        for start in range(len(labels)):
            domain = ".".join(labels[start:])
            owner = self._owners.get(domain)
            if owner is not None and (start == 0 or domain not in self.sites.hosting):
                return owner
        return None

    def home_of(self, brand: Brand, name: str) -> str:
        """Return the official address that a name stands for, such as openai.com."""
        same = sorted(domain for domain in brand.official if domain.startswith(f"{name}."))
        return next((domain for domain in same if domain.endswith(".com")), brand.home)

    def is_ordinary_site(self, host: str) -> bool:
        """Tell whether a host is on the list of sites, or a school's, or a government's."""
        labels = host.split(".")
        domains = (".".join(labels[start:]) for start in range(len(labels)))
        return any(
            domain in self.sites.domains or domain in self.sites.suffixes for domain in domains
        )

    @cached_property
    def _owners(self) -> dict[str, Brand]:
        return {domain: brand for brand in self.brands for domain in brand.official}


@lru_cache(maxsize=1)
def names() -> Names:
    """Return the list, read once.

    Raises:
        OSError: it cannot be read.
        ValueError: it is not what it should be.
    """
    return Names.model_validate(_toml("brands.toml"))


@lru_cache(maxsize=1)
def confusables() -> dict[int, str]:
    """Return the foreign letters that pass for Latin ones, for `str.translate`."""
    letters: dict[str, str] = _toml("confusables.toml")["letters"]
    return {ord(char): latin for latin, chars in letters.items() for char in chars}


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((LINKS_ROOT / name).read_text("utf-8"))
