"""How much is taken in, how fast, and for how long it is tried."""

from pydantic import BaseModel, ConfigDict, Field

_MIB = 1024 * 1024


class MediaLimits(BaseModel):
    """Bounds on everything that comes from outside. Times in seconds, sizes in bytes."""

    model_config = ConfigDict(frozen=True)

    trusted_hosts: frozenset[str] = frozenset()
    """`host:port` that may be asked although their addresses are not public (the demo)."""

    concurrency: int = Field(default=4, ge=1, le=32)
    """Files that are fetched at the same time."""
    per_second: float = Field(default=20.0, gt=0)
    """Fetches that are begun per second, in the long run."""
    connect_timeout: float = Field(default=10.0, gt=0)
    total_timeout: float = Field(default=60.0, gt=0)
    """For one file, redirects included."""
    redirects: int = Field(default=3, ge=0, le=10)

    attempts: int = Field(default=6, ge=1)
    """After this many failures a file is lost."""
    backoff_first: float = Field(default=2.0, ge=0)
    backoff_longest: float = Field(default=600.0, ge=0)
    offline_retry: float = Field(default=15.0, ge=0)
    """Pause before asking again while no account is connected; not counted as an attempt."""

    image_bytes: int = Field(default=20 * _MIB, gt=0)
    file_bytes: int = Field(default=30 * _MIB, gt=0)
    """For files, videos and voice; larger ones are not kept."""
    pixels: int = Field(default=40_000_000, gt=0)
    """Width times height of a picture; long screenshots have about ten million."""
    frames: int = Field(default=500, ge=1)
    thumbnail_px: int = Field(default=512, ge=64)
    """Longest side of a thumbnail."""
    inspection_timeout: float = Field(default=20.0, gt=0)
    inspection_memory: int = Field(default=1024 * _MIB, gt=0)
    """Address space of the process that decodes pictures, where the system can limit it."""
    inspection_idle: float = Field(default=30.0, ge=0)
    """The decoding process ends after this time without work."""

    forward_depth: int = Field(default=3, ge=1, le=10)
    forward_nodes: int = Field(default=500, ge=1)
    """Messages kept of one merged forward, nested ones included."""
    forward_asks: int = Field(default=20, ge=1)
    """Times the implementation is asked for one merged forward, nested ones included: one that
    comes back empty fills nothing, and there may be hundreds inside."""
    forward_asks_per_hour: int = Field(default=600, ge=1)
    """Times it is asked for any; what is beyond waits."""
    forward_pause: float = Field(default=60.0, ge=0)
    """Before a forward that waits is tried again."""
    per_message: int = Field(default=50, ge=1)
    """Attachments taken note of in one message."""
