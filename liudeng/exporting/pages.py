"""The readable pages: one a day, a busy day in parts, each message a line of its own."""

from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from liudeng.archive.reading import shown_text
from liudeng.exporting.model import FileRef, Spoken
from liudeng.exporting.track import Track

FOLDER = "html"
_MOST = 1_000
"""Messages of one page: a phone opens it at once."""
_ASSETS = ("export.css",)


@dataclass(slots=True)
class _Page:
    """One page, as the index lists it."""

    name: str
    day: str
    part: int
    count: int = 0


class Pages:
    """Writes pages; `state` is what another process needs to go on."""

    def __init__(self, out: Path, title: str, zone: ZoneInfo, *, nameless: bool) -> None:
        self._folder = out / FOLDER
        self._title = title
        self._zone = zone
        self._nameless = nameless
        self._pages: list[_Page] = []
        self._track: Track | None = None
        self._templates = Environment(
            loader=PackageLoader("liudeng.exporting"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )

    def resume(self, state: list[list[str | int]], position: int) -> None:
        """Go on where another process stood. Raises OSError."""
        self._pages = [_Page(*entry) for entry in state]  # pyright: ignore[reportArgumentType]
        if self._pages:
            self._track = Track(self._folder / self._pages[-1].name, position)

    def state(self) -> tuple[list[list[str | int]], int]:
        """Bring the page to the disk; return what `resume` takes. Raises OSError."""
        position = self._track.settle() if self._track else 0
        return [[page.name, page.day, page.part, page.count] for page in self._pages], position

    def write(self, spoken: Spoken) -> None:
        """Write a message. Raises OSError."""
        at = datetime.fromtimestamp(spoken.time_ms / 1000, self._zone)
        day = at.strftime("%Y-%m-%d")
        last = self._pages[-1] if self._pages else None
        if last is None or last.day != day or last.count >= _MOST:
            part = last.part + 1 if last is not None and last.day == day else 1
            self._turn_to(_Page(f"{day}-{part}.html", day, part))
        assert self._track is not None
        self._track.write(message_line(spoken, at, nameless=self._nameless))
        self._pages[-1].count += 1

    def finish(self) -> None:
        """Close the last page, write the index. Raises OSError."""
        self._end_page(following=None)
        self._folder.mkdir(parents=True, exist_ok=True)
        for name in _ASSETS:
            asset = files("liudeng.exporting").joinpath("templates", name)
            (self._folder / name).write_bytes(asset.read_bytes())
        total = sum(page.count for page in self._pages)
        index = self._templates.get_template("index.html").render(
            title=self._title, pages=self._pages, total=total, nameless=self._nameless
        )
        (self._folder / "index.html").write_text(index, "utf-8")

    def _turn_to(self, page: _Page) -> None:
        self._end_page(following=page)
        before = self._pages[-1] if self._pages else None
        self._pages.append(page)
        self._track = Track(self._folder / page.name)
        head = self._templates.get_template("head.html")
        self._track.write(head.render(title=self._title, page=page, before=before))

    def _end_page(self, following: _Page | None) -> None:
        if self._track is None:
            return
        foot = self._templates.get_template("foot.html")
        self._track.write(foot.render(following=following))
        self._track.settle()
        self._track.close()
        self._track = None


def message_line(spoken: Spoken, at: datetime, *, nameless: bool) -> str:
    """Return a message as one line of a page."""
    clock = at.strftime("%H 点") if nameless else at.strftime("%H:%M:%S")
    words = escape(shown_text(spoken.segments)).replace("\n", Markup("<br>"))
    shown = Markup("").join(_file(file) for file in spoken.files)
    return Markup('{}<p class="who"><b>{}</b> <time>{}</time></p><p>{}</p>{}</article>\n').format(
        opening(spoken), spoken.display_name, clock, words, shown
    )


def opening(spoken: Spoken) -> Markup:
    """Return how a message's line begins: it leads to the message, and tells its line."""
    anchor = f"m{spoken.number}" if spoken.number else spoken.message_id
    return Markup('<article id="{}">').format(anchor)


def _file(file: FileRef) -> Markup:
    if file.is_picture:
        return Markup('<a href="../{0}"><img loading="lazy" alt="图片" src="../{0}"></a>').format(
            file.path
        )
    return Markup('<p class="file"><a href="../{}">{}</a></p>').format(file.path, file.name)
