"""What a picture shows, and drawing it."""

from io import BytesIO
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from simulator.pictures.screenshot import Screen, draw_screen
from simulator.pictures.sticker import draw_sticker


class PictureSpec(BaseModel):
    """Either a chat on a phone (``lines``: who said what), or a sticker with a word on it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(default="", max_length=60)
    companion: str = Field(default="", max_length=30)
    lines: tuple[tuple[Literal["me", "it"], str], ...] = Field(default=(), max_length=60)
    sticker: str | None = Field(default=None, max_length=12)

    @model_validator(mode="after")
    def _one_kind(self) -> "PictureSpec":
        if (self.sticker is None) == (not self.lines):
            raise ValueError("图片要么有 lines，要么有 sticker")
        return self


def draw(spec: PictureSpec) -> bytes:
    """The PNG of a picture. Takes a few tenths of a second of CPU: call it in a thread."""
    if spec.sticker is not None:
        picture = draw_sticker(spec.sticker)
    else:
        picture = draw_screen(Screen(spec.title, spec.companion, spec.lines))
    target = BytesIO()
    picture.save(target, "PNG", compress_level=6)
    return target.getvalue()
