"""How politely, how long and how much is asked of other people's servers."""

from pydantic import BaseModel, ConfigDict, Field

_KIB = 1024
_HOUR, _DAY = 3600.0, 24 * 3600.0


class ProbeLimits(BaseModel):
    """Bounds on a look at a page. Times in seconds, sizes in bytes."""

    model_config = ConfigDict(frozen=True)

    trusted_hosts: frozenset[str] = frozenset()
    """`host:port` that may be asked although their addresses are not public (tests)."""
    agent: str = "LiudengLinkCheck/1.0"
    """As servers and robots.txt know the bot."""

    connect_timeout: float = Field(default=8.0, gt=0)
    total_timeout: float = Field(default=20.0, gt=0)
    """For one page, redirects included."""
    page_bytes: int = Field(default=256 * _KIB, gt=0)
    """What is read of a page; the rest of a larger one is left unread."""
    robots_bytes: int = Field(default=128 * _KIB, gt=0)
    header_redirects: int = Field(default=5, ge=0, le=20)
    connections: int = Field(default=2, ge=1, le=8)
    """Pages that are looked at at the same time."""

    host_pause: float = Field(default=20.0, ge=0)
    """Between two looks at pages of one host; a longer crawl-delay of its own counts instead."""
    longest_host_pause: float = Field(default=300.0, ge=0)
    robots_kept: float = Field(default=_DAY, gt=0)
    hosts_remembered: int = Field(default=2_000, ge=1)

    first_after: float = Field(default=60.0, ge=0)
    """After the start of the bot, before the first look."""
    every: float = Field(default=3 * _DAY, gt=0)
    """Between two looks at one page."""
    after_trouble: float = Field(default=8 * _HOUR, gt=0)
    """Until a page that could not be opened is looked at again."""
    when_dead: float = Field(default=7 * _DAY, gt=0)
    gone_after: int = Field(default=2, ge=1)
    """So many answers of "not found" in a row, and the page is dead."""
    dead_after: int = Field(default=4, ge=1)
    """So many failures of any other kind in a row."""
    online_for: float = Field(default=_HOUR, gt=0)
    """Somebody must have answered in this time for silence to count against a page: else it is
    our own line that is down."""

    short_attempts: int = Field(default=4, ge=1)
    short_hops: int = Field(default=4, ge=1, le=10)
    short_pause: float = Field(default=3.0, ge=0)
    short_waits: int = Field(default=200, ge=1)
    """Short links that are worked off before other tasks have their turn."""
