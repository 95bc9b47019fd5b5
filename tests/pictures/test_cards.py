"""Cards take what people write and send: nothing raises, nothing grows without end."""

from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from liudeng.pictures import (
    EntryCard,
    FacetsCard,
    FoundHit,
    HelpCard,
    Hint,
    HitsCard,
    Theme,
    WallCard,
    render_entry,
    render_facets,
    render_help,
    render_hits,
    render_wall,
)
from liudeng.pictures.themes import Palette
from tests.pictures import samples

ANYTHING = st.text(st.characters(), max_size=60)
TALLEST = 4000
A_WALL_IN_BYTES = 700 * 1024


def opened(png: bytes) -> Image.Image:
    image = Image.open(BytesIO(png))
    assert (image.format, image.width) == ("PNG", 1080)
    assert image.height <= TALLEST
    return image.convert("RGB")


def has_colour(image: Image.Image, colour: str) -> bool:
    wanted = tuple(bytes.fromhex(colour[1:]))
    return any(pixel == wanted for _, pixel in image.getcolors(1 << 24) or [])


def with_picture(path: Path, count: int = 1) -> Image.Image:
    card = EntryCard(number=1, title="月亮", day=samples.DAY, pictures=(path,) * count)
    return opened(render_entry(card, Theme.LIGHT))


@cache
def without_picture(count: int = 1) -> Image.Image:
    return with_picture(Path("/nowhere/picture.png"), count)


def reach_of(image: Image.Image, channel: int) -> tuple[int, int, int, int] | None:
    """Return where an image is red (0) or blue (2) and nothing else."""
    bands = image.split()
    strong = bands[channel].point([255 * (value > 200) for value in range(256)])
    weak = bands[2 - channel].point([255 * (value < 60) for value in range(256)])
    return ImageChops.darker(strong, weak).getbbox()


def light() -> Palette:
    return Theme.LIGHT.palette


@settings(max_examples=4)
@given(ANYTHING, ANYTHING, ANYTHING, st.tuples(st.integers(-9, 90), st.integers(-9, 90)))
def test_whatever_is_written_is_drawn(
    title: str, name: str, words: str, mark: tuple[int, int]
) -> None:
    opened(
        render_entry(samples.entry(title=title, author=name, words=words, tags=(name,)), Theme.DARK)
    )
    hit = FoundHit(number=title, speaker=name, excerpt=words, marks=(mark, mark))
    opened(render_hits(HitsCard(title=title, hits=(hit,)), Theme.LIGHT))
    tile = samples.tile(1, title).model_copy(update={"companion": name, "words": words})
    opened(render_wall(WallCard(title=title, tiles=(tile,)), Theme.LIGHT))


@pytest.mark.parametrize("theme", Theme)
def test_nothing_at_all_is_drawn_too(theme: Theme) -> None:
    opened(render_entry(EntryCard(number=1, title="", day=samples.DAY), theme))
    opened(render_wall(WallCard(title=""), theme))
    opened(render_help(HelpCard(title=""), theme))
    opened(render_hits(HitsCard(title=""), theme))
    opened(render_facets(FacetsCard(title=""), theme))


def test_no_card_is_taller_than_the_limit() -> None:
    many = {
        "entry": render_entry(samples.entry(words="今天也想你。" * 5_000), Theme.LIGHT),
        "wall": render_wall(
            WallCard(title="告别墙", tiles=tuple(samples.tile(n, "月亮") for n in range(60))),
            Theme.LIGHT,
        ),
        "help": render_help(
            samples.help_card(sections=samples.help_card().sections * 20), Theme.LIGHT
        ),
        "hits": render_hits(samples.hits(hits=samples.hits().hits * 30), Theme.LIGHT),
        "facets": render_facets(samples.facets(facets=samples.facets().facets * 9), Theme.LIGHT),
    }
    for png in many.values():
        assert opened(png).height > 3000, "and what fits is shown"


def test_an_entry_with_too_much_of_everything_fits(tmp_path: Path) -> None:
    tall = samples.draw_picture(tmp_path / "tall.png", (360, 3000))
    crowded = samples.entry(
        title="长" * 900,
        author="长" * 900,
        tags=("很长的标签" * 30,) * 90,
        hints=tuple(Hint(command="撤下" * 90, summary="长" * 90) for _ in range(40)),
    )
    for pictures in ((tall,), (tall,) * 20):
        opened(render_entry(crowded.model_copy(update={"pictures": pictures}), Theme.LIGHT))


def test_found_words_are_marked() -> None:
    unmarked = samples.hits(
        hits=tuple(hit.model_copy(update={"marks": ()}) for hit in samples.hits().hits)
    )
    assert has_colour(opened(render_hits(samples.hits(), Theme.LIGHT)), light().mark)
    assert not has_colour(opened(render_hits(unmarked, Theme.LIGHT)), light().mark)


def test_a_mark_may_lie_within_a_word_and_beyond_the_end() -> None:
    hit = FoundHit(excerpt="moonlight", marks=((4, 9_999), (-3, 2), (6, 5)))
    assert has_colour(
        opened(render_hits(HitsCard(title="", hits=(hit,)), Theme.LIGHT)), light().mark
    )


def test_the_two_themes_are_two() -> None:
    for theme in Theme:
        corner = opened(render_help(samples.help_card(), theme)).getpixel((3, 700))
        assert corner == tuple(bytes.fromhex(theme.palette.paper[1:]))


def write_text(path: Path) -> None:
    path.write_text("no picture")


def write_nothing(path: Path) -> None:
    path.touch()


def write_half(path: Path) -> None:
    samples.draw_picture(path)
    path.write_bytes(path.read_bytes()[:900])


def write_bomb(path: Path) -> None:
    Image.new("1", (8_000, 6_000)).save(path, "PNG")


def write_folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize("write", [write_text, write_nothing, write_half, write_bomb, write_folder])
@pytest.mark.parametrize("count", [1, 2])
def test_what_cannot_be_shown_is_said_to_be_gone(
    write: Callable[[Path], None], count: int, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.png"
    write(bad)
    assert with_picture(bad, count).tobytes() == without_picture(count).tobytes()


@pytest.mark.parametrize("mode", ["RGB", "CMYK", "L", "I;16", "RGBA", "P", "1"])
def test_pictures_of_every_kind_are_shown(mode: str, tmp_path: Path) -> None:
    path = tmp_path / ("picture.jpg" if mode == "CMYK" else "picture.png")
    image = Image.new("RGB", (500, 400), "#3366cc")
    (image.convert("L") if mode == "I;16" else image).convert(mode).save(path)
    assert with_picture(path).size != without_picture().size


def test_a_picture_lies_as_it_was_taken(tmp_path: Path) -> None:
    path = tmp_path / "turned.jpg"
    image = Image.new("RGB", (800, 400), "#ff0000")
    image.paste("#0000ff", (0, 0, 400, 400))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned to the right: blue is above then
    image.save(path, exif=exif, quality=95)
    shown = with_picture(path)
    column = shown.crop((540, 0, 541, shown.height))
    blue, red = (reach_of(column, channel) for channel in (2, 0))
    assert blue
    assert red
    assert blue[3] <= red[1]


@pytest.mark.parametrize(
    "size",
    [(1, 1), (3, 4000), (4000, 3), (1500, 60), (1000, 999), (999, 1665), (40, 30), (360, 3000)],
)
def test_pictures_of_every_shape_are_shown(size: tuple[int, int], tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    Image.new("RGB", size, "#3366cc").save(path)
    assert has_colour(with_picture(path), "#3366cc") or min(size) <= 3  # less than its edge


@pytest.mark.parametrize("count", [2, 4, 12])
def test_several_pictures_stand_in_a_grid(count: int, tmp_path: Path) -> None:
    path = samples.draw_picture(tmp_path / "picture.png")
    shown = with_picture(path, count)
    assert shown.size == without_picture(count).size
    differs = ImageChops.difference(shown, without_picture(count)).convert("L")
    middle = shown.width // 2
    for left, right in ((0, middle), (middle, shown.width)):
        assert differs.crop((left, 0, right, shown.height)).getbbox() is not None


def test_a_wall_of_photographs_stays_small(tmp_path: Path) -> None:
    photo = Image.effect_noise((300, 400), 40).convert("RGB").resize((450, 600))
    photo.save(tmp_path / "photo.jpg", quality=85)
    tiles = tuple(samples.tile(n, "月亮", tmp_path / "photo.jpg") for n in range(12))
    assert len(render_wall(WallCard(title="告别墙", tiles=tiles), Theme.LIGHT)) < A_WALL_IN_BYTES
