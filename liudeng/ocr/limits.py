"""How much of the machine reading may take."""

from pydantic import BaseModel, ConfigDict, Field


class OcrLimits(BaseModel):
    """Bounds on the process that reads. Times in seconds."""

    model_config = ConfigDict(frozen=True)

    threads: int = Field(default=1, ge=1, le=16)
    idle: float = Field(default=60.0, ge=0)
    """The process ends, and its memory is given back, after this time without work."""
    start_timeout: float = Field(default=120.0, gt=0)
    """For loading the models on a slow, busy machine."""
    picture_timeout: float = Field(default=180.0, gt=0)
    tries: int = Field(default=2, ge=1)
    """A picture that ended the process this many times is not tried again."""
