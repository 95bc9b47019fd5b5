"""The lists about links, from `data/links/links.toml`, which moderators may edit."""

import tomllib
from functools import cached_property, lru_cache

from pydantic import BaseModel, ConfigDict

from liudeng.resources.lookalike.brands import LINKS_ROOT


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Tracking(_Frozen):
    """Parameters of a query that only tell who shared a link."""

    prefixes: tuple[str, ...]
    names: frozenset[str]
    on: dict[str, frozenset[str]]
    """Host -> parameters that mean nothing there and on the hosts below it."""

    def drops(self, host: str, name: str) -> bool:
        """Tell whether a parameter, in lower case, can go."""
        if name in self.names or name.startswith(self.prefixes):
            return True
        labels = host.split(".")
        domains = (".".join(labels[start:]) for start in range(len(labels)))
        return any(name in self.on.get(domain, ()) for domain in domains)


class _Hosts(_Frozen):
    hosts: frozenset[str]


class _Ignored(_Hosts):
    file_endings: frozenset[str]


class LinkLists(_Frozen):
    """Everything in the file."""

    tracking: Tracking
    short: _Hosts
    ignored: _Ignored

    @cached_property
    def shorteners(self) -> frozenset[str]:
        """Hosts whose links lead elsewhere."""
        return self.short.hosts


@lru_cache(maxsize=1)
def link_lists() -> LinkLists:
    """Return the lists, read once.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is not what it should be.
    """
    text = (LINKS_ROOT / "links.toml").read_text("utf-8")
    return LinkLists.model_validate(tomllib.loads(text))
