"""Banners drawn from an exhibition's cover and title, for campaigns without their own artwork.

A banner is a sheet of paper with the cover let into one side. All words stand on the plain
paper, or on a label of plain lacquer, never on the picture, so their contrast is that of
the tokens in ``tokens.css`` (ink on paper 16 : 1, lacquer red and paper 8 : 1) whatever the
cover shows. The title is set as large as its space allows; when it is long, the picture
gives way before the letters become small, and only when nothing helps are words left out at
the end, marked with "…".

Nothing here reads the database or a request; a cover comes as an opened picture.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil

from PIL import Image, ImageDraw

from campaigns.banners.colours import INK, LACQUER, LINE, MUTED, PAPER
from campaigns.banners.phrases import phrases, reluctance
from campaigns.banners.ridges import draw_ridges
from campaigns.models.vocabulary import BANNER_SIZES
from core.lettering import INTERFACE, LABELS, TITLES, Typeface, balanced_lines, lines_needed

DRAWING_VERSION = 1
"""Raised with every change of how banners look, so that kept files are drawn anew."""

Box = tuple[int, int, int, int]
"""Left, top, right and bottom, in pixels."""

TITLE_LEADING = 1.22
"""Line height of a title in its size: room for stacked marks (Ể, Ộ, Ữ) above and below."""

SMALL_LEADING = 1.4
KICKER_SPACING = 0.07
"""Between the capitals of the line above the title, as a part of their size."""

THREAD = 3
"""Width of the red thread between picture and paper, in pixels."""

ORGANISER_LINES = 2
LABEL_LINES = 2
MOST_ENLARGED = 2.0
"""A cover that would have to be enlarged more is not hung: it would be a blur."""

ELLIPSIS = "…"
MIDDLE = (0.5, 0.5)


@dataclass(frozen=True)
class BannerText:
    """The words of a banner: what it is, its title, who invites, and its state if not open.

    ``short_title`` is taken when the title is longer than a form can hold.
    """

    kicker: str
    title: str
    organiser: str
    state: str = ""
    short_title: str = ""


@dataclass(frozen=True)
class Layout:
    """How one form of a banner is divided, in pixels.

    ``pictures`` are the places the cover may take, largest first. The title is set in a
    size between ``smallest`` and ``largest``; down to ``comfortable`` the picture keeps
    its place, below that it gives way first.
    """

    pictures: tuple[Box, ...]
    margins: tuple[int, int]
    smallest: int
    comfortable: int
    largest: int
    small: int


LAYOUTS: dict[tuple[int, int], Layout] = {
    (1200, 250): Layout(
        pictures=((760, 0, 1200, 250), (835, 0, 1200, 250), (910, 0, 1200, 250)),
        margins=(44, 20),
        smallest=20,
        comfortable=30,
        largest=58,
        small=16,
    ),
    (300, 250): Layout(
        pictures=((0, 0, 300, 108), (0, 0, 300, 84), (0, 0, 300, 64), (0, 0, 300, 48)),
        margins=(18, 11),
        smallest=13,
        comfortable=17,
        largest=27,
        small=12,
    ),
    (300, 600): Layout(
        pictures=((0, 0, 300, 310), (0, 0, 300, 250), (0, 0, 300, 190)),
        margins=(24, 24),
        smallest=16,
        comfortable=22,
        largest=38,
        small=13,
    ),
}


@dataclass(frozen=True)
class Setting:
    """The words as they are set: the cover's place, the title's size and lines, who invites."""

    picture: Box
    size: int
    lines: tuple[str, ...]
    organiser: tuple[str, ...]


def draw_banner(
    form: str,
    text: BannerText,
    cover: Image.Image | None,
    focus: tuple[float, float] = MIDDLE,
) -> Image.Image:
    """The banner of ``form`` at exactly its size, as RGB; ridges stand in for no cover.

    ``focus`` is the point of the cover that must be seen, as parts of its width and height.
    Raises KeyError for a form nobody knows.
    """
    size = BANNER_SIZES[form]
    setting = set_title(size, text)
    banner = Image.new("RGB", size, PAPER)
    left, top, right, bottom = setting.picture
    place = (right - left, bottom - top)
    picture = _cut_to(cover, place, focus) if cover else None
    banner.paste(picture or draw_ridges(place, text.title), (left, top))
    _rule(banner, setting.picture)
    _write(banner, LAYOUTS[size], setting, text)
    lay_label(banner, text.state, setting.picture)
    return banner


def text_box(size: tuple[int, int], picture: Box) -> Box:
    """Where the words of a banner of ``size`` stand: what the picture leaves, less the margins."""
    width, height = size
    across, down = LAYOUTS[size].margins
    if picture[0] > 0:
        return (across, down, picture[0] - THREAD - across, height - down)
    return (across, picture[3] + THREAD + down, width - across, height - down)


# --- Setting the title -------------------------------------------------------


def set_title(size: tuple[int, int], text: BannerText) -> Setting:
    """Find the largest setting of the title that fits beside a picture as large as can be.

    A word wider than its line is broken only when no size is small enough; words are left
    out only when that does not help either.
    """
    layout = LAYOUTS[size]
    for title in dict.fromkeys((text.title, text.short_title or text.title)):
        whole = phrases(title)
        for broken in (False, True):
            for picture, points in _sizes_to_try(layout):
                setting = _setting(size, picture, points, whole, text, broken=broken)
                if setting:
                    return setting
    return _shortened(size, text)


def _sizes_to_try(layout: Layout) -> Iterator[tuple[Box, int]]:
    """Places of the picture and sizes of the title, the best to look at first."""
    for picture in layout.pictures:
        for points in range(layout.largest, layout.comfortable - 1, -1):
            yield picture, points
    for points in range(layout.comfortable - 1, layout.smallest - 1, -1):
        for picture in layout.pictures:
            yield picture, points


def _setting(
    size: tuple[int, int],
    picture: Box,
    points: int,
    pieces: Sequence[str],
    text: BannerText,
    *,
    broken: bool = False,
) -> Setting | None:
    """The title's ``pieces`` at a size of ``points`` pixels, or None when they do not fit."""
    layout = LAYOUTS[size]
    left, top, right, bottom = text_box(size, picture)
    measure = right - left
    if any(TITLES.width(piece, points) > measure for piece in pieces):
        if not broken:
            return None
        pieces = _broken(pieces, points, measure)
    organiser = _small_lines(INTERFACE, text.organiser, layout.small, measure, ORGANISER_LINES)
    around = _kicker_height(layout, text) + _organiser_height(layout, organiser)
    room = int((bottom - top - around) // (points * TITLE_LEADING))
    if lines_needed(TITLES, pieces, points, measure) > room:
        return None
    lines = balanced_lines(TITLES, pieces, points, measure, reluctance)
    return Setting(picture, points, tuple(lines), organiser)


def _broken(pieces: Sequence[str], points: int, measure: float) -> list[str]:
    """``pieces`` in single words, those wider than ``measure`` cut between letters."""
    narrow: list[str] = []
    # No letter is narrower than a fifth of its height: longer beginnings need no measuring.
    longest = int(5 * measure / points)
    for word in " ".join(pieces).split():
        rest = word
        while rest:
            beginnings = [rest[: length + 1] for length in range(min(len(rest), longest))]
            fitting = _most(beginnings, lambda each: TITLES.width(each, points) <= measure)
            narrow.append(beginnings[max(fitting - 1, 0)])
            rest = rest[len(narrow[-1]) :]
    return narrow


def _shortened(size: tuple[int, int], text: BannerText) -> Setting:
    """The setting of as many whole words as fit at the smallest size, with "…" behind.

    Of a single word that fills the whole sheet, as many letters: there is no better place.
    """
    layout = LAYOUTS[size]
    picture, points = layout.pictures[-1], layout.smallest

    def cut(title: str) -> Setting | None:
        pieces = phrases(title.rstrip(",;:.–- ") + ELLIPSIS)
        return _setting(size, picture, points, pieces, text, broken=True)

    words = text.title.split()
    by_words = [" ".join(words[: count + 1]) for count in range(len(words))]
    by_letters = [text.title[: count + 1] for count in range(len(text.title))]
    for beginnings in (by_words, by_letters):
        fitting = _most(beginnings, lambda each: cut(each) is not None)
        setting = cut(beginnings[fitting - 1]) if fitting else None
        if setting:
            return setting
    return Setting(picture, points, (), ())


def _most(beginnings: Sequence[str], fits: Callable[[str], bool]) -> int:
    """How many of ever longer ``beginnings`` fit."""
    return bisect_left(beginnings, True, key=lambda each: not fits(each))


@lru_cache(maxsize=256)
def _small_lines(
    typeface: Typeface, words: str, size: int, measure: float, most: int
) -> tuple[str, ...]:
    """A small text in at most ``most`` lines; what goes beyond is left out, with "…" behind."""
    kept = [_within(typeface, word, size, measure) for word in words.split()]
    pieces = phrases(" ".join(kept))
    while kept and lines_needed(typeface, pieces, size, measure) > most:
        kept.pop()
        pieces = phrases(" ".join(kept).rstrip(",;:.–- ") + ELLIPSIS)
    if any(typeface.width(piece, size) > measure for piece in pieces):
        pieces = " ".join(pieces).split()
    return tuple(balanced_lines(typeface, pieces, size, measure, reluctance)[:most])


def _within(typeface: Typeface, word: str, size: int, measure: float) -> str:
    """``word``, or as many of its letters as ``measure`` pixels hold, with "…" behind."""
    if typeface.width(word, size) <= measure:
        return word
    beginnings = [word[:length] + ELLIPSIS for length in range(len(word))]
    fitting = _most(beginnings, lambda each: typeface.width(each, size) <= measure)
    return beginnings[max(fitting - 1, 0)]


def _kicker_height(layout: Layout, text: BannerText) -> float:
    """How high the line above the title is, with the space between them; 0 without one."""
    return layout.small * (SMALL_LEADING + 0.35) if text.kicker else 0


def _organiser_height(layout: Layout, organiser: Sequence[str]) -> float:
    """How high the lines below the title are, with the space between them; 0 without any."""
    return layout.small * (SMALL_LEADING * len(organiser) + 0.7) if organiser else 0


# --- Drawing -----------------------------------------------------------------


def _cut_to(
    cover: Image.Image, place: tuple[int, int], focus: tuple[float, float]
) -> Image.Image | None:
    """The part of the cover about ``focus`` that fills ``place``; None for one far too small."""
    scale = max(place[0] / cover.width, place[1] / cover.height)
    if scale > MOST_ENLARGED:
        return None
    width, height = place[0] / scale, place[1] / scale
    left = min(max(focus[0] * cover.width - width / 2, 0), cover.width - width)
    top = min(max(focus[1] * cover.height - height / 2, 0), cover.height - height)
    box = (left, top, left + width, top + height)
    return cover.convert("RGB").resize(place, Image.Resampling.LANCZOS, box, reducing_gap=3)


def _rule(banner: Image.Image, picture: Box) -> None:
    """The red thread between picture and paper, and a hairline along the edge of the paper."""
    width, height = banner.size
    left, _top, right, bottom = picture
    pen = ImageDraw.Draw(banner)
    if left:
        pen.line([(left, 0), (0, 0), (0, height - 1), (left, height - 1)], fill=LINE)
        pen.rectangle((left - THREAD, 0, left - 1, height), fill=LACQUER)
    else:
        pen.line(
            [(0, bottom), (0, height - 1), (width - 1, height - 1), (width - 1, bottom)], fill=LINE
        )
        pen.rectangle((0, bottom, right, bottom + THREAD - 1), fill=LACQUER)


def _write(banner: Image.Image, layout: Layout, setting: Setting, text: BannerText) -> None:
    """Write all words on the paper, the block in the middle of its height."""
    left, top, right, bottom = text_box(banner.size, setting.picture)
    small = layout.small
    height = (
        _kicker_height(layout, text)
        + len(setting.lines) * setting.size * TITLE_LEADING
        + _organiser_height(layout, setting.organiser)
    )
    y = top + (bottom - top - height) / 2
    if text.kicker:
        line, size, spacing = _kicker(text.kicker, small, right - left)
        LABELS.print_line(banner, (left, y + small), line, size, LACQUER, spacing)
        y += _kicker_height(layout, text)
    for line in setting.lines:
        baseline = y + setting.size * (TITLE_LEADING - 0.28)
        TITLES.print_line(banner, (left, baseline), line, setting.size, INK)
        y += setting.size * TITLE_LEADING
    y += small * 0.7
    for line in setting.organiser:
        INTERFACE.print_line(banner, (left, y + small), line, small, MUTED)
        y += small * SMALL_LEADING


def _kicker(words: str, small: int, measure: float) -> tuple[str, int, float]:
    """The line above the title: in spaced capitals where they fit, else as it is written."""
    size = small - 1
    spacing = size * KICKER_SPACING
    if LABELS.width(words.upper(), size, spacing) <= measure:
        return words.upper(), size, spacing
    return "".join(_small_lines(LABELS, words, size, measure, 1)), size, 0


def lay_label(picture: Image.Image, words: str, place: Box) -> None:
    """Lay a label with ``words`` over the lower left corner of ``place``; nothing for none.

    Light on plain lacquer, with an edge of paper, so that it is read on any picture.
    """
    if not words:
        return
    left, _top, right, bottom = place
    size = 15 if picture.width > 600 else 12
    across, leading = round(size * 0.8), size * SMALL_LEADING
    lines = _small_lines(LABELS, words, size, right - left - 2 * across - 1, LABEL_LINES)
    width = ceil(max(LABELS.width(line, size) for line in lines)) + 2 * across
    height = ceil(len(lines) * leading + size * 0.5)
    upper = bottom - height
    pen = ImageDraw.Draw(picture)
    pen.rectangle((left, upper - 1, left + width, bottom - 1), fill=PAPER)
    pen.rectangle((left, upper, left + width - 1, bottom - 1), fill=LACQUER)
    for number, line in enumerate(lines):
        baseline = upper + size * 0.25 + number * leading + size * 1.06
        LABELS.print_line(picture, (left + across, baseline), line, size, PAPER)
