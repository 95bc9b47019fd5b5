"""The pages of an album."""

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from PIL import Image

from liudeng.album.calendar import months, span, written
from liudeng.album.model import Entry, Gathered, Shot

_THUMBNAIL_WIDTH = 480
_TALLEST_THUMBNAIL = 1.25
"""Of its width."""
_ABOVE_THE_TALK = 0.2
"""Of the width: status bar and title bar of a screenshot, which say nothing."""
_TALL = 1.3
"""Height by width from which on a picture is taken for a screenshot of a phone."""
_QUALITY = 78
_ASSETS = ("album.css", "album.js")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as a page shows it; paths from the album's folder."""

    path: str
    width: int
    height: int
    thumbnail: str
    thumbnail_size: tuple[int, int]
    words: str


@dataclass(frozen=True, slots=True)
class Card:
    """An entry with its pictures as files of the album."""

    entry: Entry
    pictures: tuple[Picture, ...]


def write_site(folder: Path, gathered: Gathered) -> None:
    """Write every page, picture and thumbnail. Raises OSError."""
    for name in ("e", "p"):
        (folder / name).mkdir()
    cards = [Card(entry, tuple(_pictures(folder, entry))) for entry in gathered.entries]
    for name in _ASSETS:
        asset = files("liudeng.album").joinpath("templates", name)
        (folder / name).write_bytes(asset.read_bytes())
    pages = _environment()
    _write_index(folder, pages, gathered, cards)
    _write_entries(folder, pages, gathered, cards)


def _write_index(
    folder: Path, pages: Environment, gathered: Gathered, cards: Sequence[Card]
) -> None:
    page = pages.get_template("index.html").render(
        root="",
        group=gathered.name,
        count=len(cards),
        span=span(gathered.entries),
        months=months(gathered.entries),
        cards={card.entry.id: card for card in cards},
        texts=[_searched(card) for card in cards],
    )
    (folder / "index.html").write_text(page, "utf-8")


def _write_entries(
    folder: Path, pages: Environment, gathered: Gathered, cards: Sequence[Card]
) -> None:
    template = pages.get_template("entry.html")
    for index, card in enumerate(cards):
        page = template.render(
            root="../",
            group=gathered.name,
            card=card,
            entry=card.entry,
            earlier=cards[index - 1].entry if index else None,
            later=cards[index + 1].entry if index + 1 < len(cards) else None,
        )
        (folder / card.entry.page).write_text(page, "utf-8")


def _searched(card: Card) -> dict[str, Any]:
    """What an entry is found by; a match is shown from the words or the pictures."""
    entry = card.entry
    names = [entry.title, entry.companion, entry.author, written(entry.day)]
    return {
        "id": entry.id,
        "names": "\n".join([*names, entry.day.isoformat(), *(f"#{tag}" for tag in entry.tags)]),
        "words": "\n".join([entry.words, *(picture.words for picture in card.pictures)]).strip(),
    }


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("liudeng.album"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["written"] = written
    environment.filters["embedded"] = _embedded
    return environment


def _embedded(value: object) -> str:
    """Return JSON that cannot end the script element it stands in; marked safe in the template."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _pictures(folder: Path, entry: Entry) -> Iterator[Picture]:
    for number, shot in enumerate(entry.shots, start=1):
        yield _picture(folder, f"p/{entry.id}-{number}", shot)


def _picture(folder: Path, name: str, shot: Shot) -> Picture:
    path, thumbnail = f"{name}.webp", f"{name}.thumb.webp"
    shutil.copyfile(shot.copy, folder / path)
    with Image.open(shot.copy, formats=("WEBP",)) as copy:
        size = copy.size
        small = _thumbnail(copy.convert("RGB"))
    small.save(folder / thumbnail, "WEBP", quality=_QUALITY, method=4)
    return Picture(path, *size, thumbnail, small.size, shot.words)


def _thumbnail(picture: Image.Image) -> Image.Image:
    """Return the beginning of what is said, not the whole of it, which nobody could read."""
    width, height = picture.size
    if height > width * _TALL:
        top = round(width * _ABOVE_THE_TALK)
        picture = picture.crop(
            (0, top, width, min(height, top + round(width * _TALLEST_THUMBNAIL)))
        )
    scale = min(1.0, _THUMBNAIL_WIDTH / picture.width)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.LANCZOS)
