"""What a picture shows, and drawing it."""

from io import BytesIO
from typing import Literal

from PIL import Image
from pydantic import BaseModel, ConfigDict, Field, model_validator

from simulator.pictures.looks import LookName, Phone, draw_look
from simulator.pictures.screenshot import Screen, draw_screen
from simulator.pictures.sticker import draw_sticker


class PictureSpec(BaseModel):
    """Either a chat on a phone (``lines``: who said what), or a sticker with a word on it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(default="", max_length=60)
    companion: str = Field(default="", max_length=30)
    lines: tuple[tuple[Literal["me", "it"], str], ...] = Field(default=(), max_length=60)
    sticker: str | None = Field(default=None, max_length=12)
    look: LookName | None = None
    """Another app's look; the house look by default."""
    dark: bool = False
    """The dark theme of that app; the house look has its own days and nights."""
    scale: float = Field(default=1.0, gt=0.2, le=2)
    """As pictures shrink when they are passed on from phone to phone."""
    jpeg: int | None = Field(default=None, ge=10, le=95)
    """JPEG quality of a picture that was compressed on its way."""

    @model_validator(mode="after")
    def _one_kind(self) -> "PictureSpec":
        if (self.sticker is None) == (not self.lines):
            raise ValueError("图片要么有 lines，要么有 sticker")
        return self


def draw(spec: PictureSpec) -> bytes:
    """The PNG or JPEG of a picture. Takes a few tenths of a second of CPU: call it in a thread."""
    picture = _draw_whole(spec)
    if spec.scale != 1.0:
        size = (round(picture.width * spec.scale), round(picture.height * spec.scale))
        picture = picture.resize(size, Image.Resampling.BILINEAR)
    target = BytesIO()
    if spec.jpeg is not None:
        picture.convert("RGB").save(target, "JPEG", quality=spec.jpeg)
    else:
        picture.save(target, "PNG", compress_level=6)
    return target.getvalue()


def _draw_whole(spec: PictureSpec) -> Image.Image:
    if spec.sticker is not None:
        return draw_sticker(spec.sticker)
    if spec.look is not None:
        return draw_look(Phone(spec.companion, spec.title, spec.lines, spec.look, spec.dark))
    return draw_screen(Screen(spec.title, spec.companion, spec.lines))
