"""Every picture of the demonstration, drawn by Pillow alone from a seed.

Three kinds, and the difference is a rule of the house:

- ``draw_mount`` stands where a *real* record belongs until its scan is there: an
  empty passe-partout with the source's name. Nothing that could be taken for the
  document, the person or the photograph is ever drawn in its place.
- ``draw_sample`` is a MẪU: it may look like paper, a print or an object, says MẪU
  across it, and has strokes for letters that nobody can read; no stamp, no seal,
  no signature, no portrait and no map.
- ``draw_cover`` is a cover (see ``mountains``).

All return an RGB ``Image`` of exactly the asked size in pixels.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from core.lettering import INTERFACE, READING, TITLES, balanced_lines
from home.demonstration.mountains import COVER_SIZE, PALETTES, draw_cover
from home.demonstration.paper import Colour, Size, clouds, dither, mix, sheet

__all__ = [
    "COVER_SIZE",
    "LANDSCAPE",
    "PALETTES",
    "PORTRAIT",
    "SAMPLE_KINDS",
    "SHAPES",
    "SQUARE",
    "draw_cover",
    "draw_mount",
    "draw_sample",
]

PORTRAIT: Size = (1400, 1900)
LANDSCAPE: Size = (1900, 1400)
SQUARE: Size = (1600, 1600)

SHAPES: dict[str, Size] = {"portrait": PORTRAIT, "landscape": LANDSCAPE, "square": SQUARE}
"""Sizes by the names the content uses."""

INK: Colour = (27, 24, 21)
MUTED: Colour = (94, 86, 77)
SON: Colour = (142, 27, 31)
GOLD: Colour = (154, 122, 44)
BOARD: Colour = (236, 226, 206)
WINDOW: Colour = (250, 246, 236)
MAT: Colour = (205, 195, 178)

WAITING = "Chờ bản quét"
SAMPLE = "MẪU"


def _soft_shadow(
    picture: Image.Image, box: tuple[int, int, int, int], reach: int, strength: int
) -> None:
    """Darken ``picture`` around ``box``, most at the lower right, as a sheet lying there does."""
    small = (max(1, picture.width // 4), max(1, picture.height // 4))
    mask = Image.new("L", small, 0)
    left, top, right, bottom = (edge // 4 for edge in box)
    shift = reach // 12
    ImageDraw.Draw(mask).rectangle(
        (left + shift, top + shift, right + shift, bottom + shift), fill=strength
    )
    mask = mask.filter(ImageFilter.GaussianBlur(reach / 4))
    picture.paste(INK, mask=mask.resize(picture.size, Image.Resampling.BICUBIC))


def draw_mount(source: str, size: Size, seed: int = 0, words: str = WAITING) -> Image.Image:
    """A neutral mount for a real caption: paper, a window, ``words`` and "Nguồn: ``source``".

    ``source`` empty leaves the second line out.
    """
    random = Random(f"mount {seed} {source}")
    width, height = size
    unit = min(size) / 1400
    picture = sheet(random, size, tone=BOARD, shade=(196, 176, 140), depth=0.28)
    margin = round(150 * unit)
    window = (margin, margin, width - margin, height - round(margin * 1.15))
    _bevel(picture, window, round(9 * unit))
    left, top, right, bottom = window
    inner = sheet(
        random, (right - left, bottom - top), tone=WINDOW, shade=(226, 212, 184), depth=0.22
    )
    picture.paste(inner, (left, top))
    pen = ImageDraw.Draw(picture)
    inset = round(44 * unit)
    _hairline(
        pen, (left + inset, top + inset, right - inset, bottom - inset), mix(GOLD, WINDOW, 0.45)
    )
    inset += round(12 * unit)
    _hairline(
        pen, (left + inset, top + inset, right - inset, bottom - inset), mix(GOLD, WINDOW, 0.7)
    )
    outer = round(46 * unit)
    _hairline(pen, (outer, outer, width - outer, height - outer), mix(GOLD, BOARD, 0.6))

    title_size, source_size = round(92 * unit), round(36 * unit)
    measure = (right - left) * 0.84
    lines = (
        balanced_lines(INTERFACE, f"Nguồn: {source}".split(), source_size, measure)
        if source
        else []
    )
    middle = width / 2
    baseline = (top + bottom) / 2 - len(lines) * source_size * 0.5
    thread = round(64 * unit)
    pen.rectangle(
        (
            middle - thread,
            baseline - title_size * 1.75,
            middle + thread,
            baseline - title_size * 1.75 + 3 * unit,
        ),
        fill=SON,
    )
    READING.write(pen, (middle, baseline), words, title_size, INK)
    for number, line in enumerate(lines):
        INTERFACE.write(
            pen, (middle, baseline + source_size * (2.9 + 1.6 * number)), line, source_size, MUTED
        )
    return picture


def _bevel(picture: Image.Image, window: tuple[int, int, int, int], depth: int) -> None:
    """The cut edge of the board around ``window``: dark above and left, light below and right."""
    left, top, right, bottom = window
    pen = ImageDraw.Draw(picture)
    outer = (left - depth, top - depth, right + depth, bottom + depth)
    corners = {
        (178, 162, 132): [(outer[0], outer[1]), (outer[2], outer[1]), (right, top), (left, top)],
        (198, 183, 154): [(outer[0], outer[1]), (left, top), (left, bottom), (outer[0], outer[3])],
        (255, 251, 241): [
            (outer[0], outer[3]),
            (left, bottom),
            (right, bottom),
            (outer[2], outer[3]),
        ],
        (250, 243, 228): [
            (outer[2], outer[1]),
            (outer[2], outer[3]),
            (right, bottom),
            (right, top),
        ],
    }
    for colour, polygon in corners.items():
        pen.polygon(polygon, fill=colour)


def _hairline(pen: ImageDraw.ImageDraw, box: tuple[int, int, int, int], colour: Colour) -> None:
    pen.rectangle(box, outline=colour, width=2)


def _write_sample(
    picture: Image.Image, centre: tuple[float, float], size: int, angle: float
) -> None:
    """Lay MẪU over ``picture`` like a watermark: large, spaced, in thin lacquer red."""
    spacing = size * 0.16
    width = round(TITLES.width(SAMPLE, size, spacing) + size)
    word = Image.new("L", (width, size * 2), 0)
    TITLES.write(ImageDraw.Draw(word), (width / 2, size * 1.5), SAMPLE, size, 255, spacing)
    core = word.filter(ImageFilter.MinFilter(5))
    word = ImageChops.add(
        ImageChops.subtract(word, core).point(lambda value: value * 120 // 255),
        word.point(lambda value: value * 34 // 255),
    ).rotate(angle, Image.Resampling.BICUBIC, expand=True)
    place = (round(centre[0] - word.width / 2), round(centre[1] - word.height / 2))
    picture.paste(SON, place, word)


# --- Sheets of paper -------------------------------------------------------


def _old_sheet(random: Random, size: Size) -> Image.Image:
    """A sheet with its age in it: browned edges, a few foxed spots."""
    tone = random.choice(((239, 226, 198), (243, 233, 211), (233, 222, 197), (237, 229, 212)))
    paper = sheet(random, size, tone=tone, shade=(190, 160, 112), depth=0.42)
    small = (size[0] // 8, size[1] // 8)
    edge = Image.new("L", small, 255)
    ImageDraw.Draw(edge).rectangle((9, 9, small[0] - 10, small[1] - 10), fill=0)
    edge = ImageChops.multiply(
        edge.filter(ImageFilter.GaussianBlur(11)), clouds(random, small, (6, 8), 200)
    ).resize(size, Image.Resampling.BICUBIC)
    paper.paste((150, 112, 66), mask=edge.point(lambda value: round(value * 0.75)))
    spots = Image.new("L", small, 0)
    pen = ImageDraw.Draw(spots)
    for _ in range(random.randint(4, 12)):
        x, y, radius = (
            random.uniform(0, small[0]),
            random.uniform(0, small[1]),
            random.uniform(0.3, 1.4),
        )
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=random.randint(40, 110))
    spots = spots.filter(ImageFilter.GaussianBlur(1)).resize(size, Image.Resampling.BICUBIC)
    paper.paste((142, 100, 56), mask=spots)
    return paper


def _fold(paper: Image.Image, random: Random, *, across: bool, at: float) -> None:
    """A fold through the sheet at ``at`` (0…1): a worn light line beside a soft dark one."""
    length = paper.width if across else paper.height
    crease = Image.new("L", (length, 36), 0)
    pen = ImageDraw.Draw(crease)
    pen.line((0, 21, length, 21), fill=70, width=5)
    dark = crease.filter(ImageFilter.GaussianBlur(5))
    worn = clouds(random, (length, 36), (max(2, length // 40), 1))
    light = Image.new("L", (length, 36), 0)
    ImageDraw.Draw(light).line((0, 16, length, 16), fill=120, width=2)
    light = ImageChops.multiply(light.filter(ImageFilter.GaussianBlur(0.8)), worn)
    for colour, mask in (((96, 72, 44), dark), ((255, 250, 236), light)):
        if across:
            paper.paste(colour, (0, round(paper.height * at) - 18), mask)
        else:
            turned = mask.transpose(Image.Transpose.ROTATE_90)
            paper.paste(colour, (round(paper.width * at) - 18, 0), turned)


def _lay_on_mat(paper: Image.Image, random: Random, size: Size, *, holes: bool) -> Image.Image:
    """``paper`` lying on a mat of ``size``, a hair out of square, as it lay under the camera."""
    mat = dither(Image.new("RGB", size, MAT), random, 10)
    cut = Image.new("L", paper.size, 255)
    pen = ImageDraw.Draw(cut)
    if holes:
        radius = paper.height // 110
        for share in (0.46, 0.54):
            x, y = paper.width * 0.035, paper.height * share
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=0)
    corner = random.randint(paper.width // 40, paper.width // 18)
    pen.polygon(
        [(paper.width - corner, 0), (paper.width, 0), (paper.width, round(corner * 0.8))], fill=0
    )
    flap = ImageDraw.Draw(paper)
    flap.polygon(
        [
            (paper.width - corner, 0),
            (paper.width, round(corner * 0.8)),
            (paper.width - round(corner * 0.82), round(corner * 0.92)),
        ],
        fill=(222, 206, 172),
        outline=(186, 164, 124),
    )
    angle = random.uniform(-0.5, 0.5)
    paper = paper.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    cut = cut.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    left, top = (size[0] - paper.width) // 2, (size[1] - paper.height) // 2
    _soft_shadow(mat, (left, top, left + paper.width, top + paper.height), 44, 120)
    mat.paste(paper, (left, top), cut)
    return mat


def _typed_word(
    pen: ImageDraw.ImageDraw, random: Random, x: float, y: float, letters: int, pitch: float
) -> None:
    """Marks the size of typewriter letters, each a few strokes that spell nothing."""
    for _ in range(letters):
        shade = random.randint(100, 225)
        tall = random.random() < 0.22
        top = y - pitch * (1.15 if tall else 0.8)
        middle = random.uniform(0.2, 0.7)
        pen.line((x + 0.2 * pitch, top, x + 0.2 * pitch, y), fill=shade, width=2)
        if random.random() < 0.7:
            across = y - pitch * 0.8 * middle
            pen.line((x + 0.2 * pitch, across, x + 0.75 * pitch, across), fill=shade, width=2)
        if random.random() < 0.6:
            pen.line((x + 0.72 * pitch, y - pitch * 0.75, x + 0.72 * pitch, y), fill=shade, width=2)
        if random.random() < 0.3:
            pen.line((x + 0.3 * pitch, y, x + 0.7 * pitch, y), fill=shade, width=2)
        x += pitch


def _typed_line(
    pen: ImageDraw.ImageDraw, random: Random, left: float, right: float, y: float, pitch: float
) -> None:
    """Words of two to five letters, as Vietnamese has them, from ``left`` to ``right``."""
    x = left
    while True:
        letters = random.randint(2, 5)
        if x + letters * pitch > right:
            return
        _typed_word(pen, random, x, y + random.uniform(-0.8, 0.8), letters, pitch)
        x += (letters + 1) * pitch


def _typed_ink(random: Random, size: Size) -> Image.Image:
    """A typewritten page: two short blocks above, a heading, paragraphs; nothing below them."""
    width, height = size
    ink = Image.new("L", size, 0)
    pen = ImageDraw.Draw(ink)
    pitch = width / 88
    leading = pitch * 2.5
    left, right = width * 0.15, width * 0.91
    for number, share in enumerate((1.0, 0.7, 0.4)):
        y = height * 0.10 + number * leading
        half = width * 0.13 * share
        _typed_line(pen, random, width * 0.27 - half, width * 0.27 + half, y, pitch)
        half = width * 0.20 * share
        _typed_line(pen, random, width * 0.69 - half, width * 0.69 + half, y, pitch)
    y = height * 0.10 + 6 * leading
    _typed_line(pen, random, width * 0.36, width * 0.66, y, pitch * 1.25)
    y += 3 * leading
    end = height * random.uniform(0.72, 0.86)
    while y < end:
        lines = random.randint(3, 7)
        for number in range(lines):
            last = number == lines - 1
            start = left + (pitch * 6 if number == 0 else 0)
            finish = left + (right - left) * random.uniform(0.25, 0.8) if last else right
            _typed_line(pen, random, start, finish, y, pitch)
            y += leading
            if y > end:
                break
        y += leading * 0.45
    return ink.filter(ImageFilter.GaussianBlur(0.9))


def _written_ink(random: Random, size: Size) -> Image.Image:
    """A handwritten page: running strokes of a nib, word by word, that spell nothing."""
    width, height = size
    ink = Image.new("L", size, 0)
    pen = ImageDraw.Draw(ink)
    body = height / 120
    y = height * 0.12
    while y < height * random.uniform(0.80, 0.88):
        x = width * (0.14 if random.random() < 0.8 else 0.2)
        finish = width * (0.9 if random.random() < 0.85 else 0.55)
        while x < finish:
            x = _written_word(pen, random, x, y, body) + body * random.uniform(1.6, 2.6)
        y += body * 4.6
    return ink.filter(ImageFilter.GaussianBlur(0.8))


def _written_word(
    pen: ImageDraw.ImageDraw, random: Random, x: float, y: float, body: float
) -> float:
    """One run of humps and hollows from ``x`` on the line ``y``; returns where it ends."""
    points: list[tuple[float, float]] = []
    for _ in range(random.randint(2, 5)):
        rise = body * random.choice((0.7, 0.9, 1.0, 1.1, 0.8, 1.9, -1.0))
        breadth = body * random.uniform(0.9, 1.6)
        curl = random.uniform(0.0, 0.24) * body
        for step in range(12):
            turn = step / 12 * 2 * math.pi
            up = rise * (1 - math.cos(turn)) / 2 + body * 0.12 * math.sin(turn * 1.5)
            along = breadth * step / 12 + math.sin(turn) * curl
            points.append((x + along + up * 0.38, y - up))
        x += breadth
    pen.line(points, fill=random.randint(120, 215), width=2, joint="curve")
    return x


def _table_ink(random: Random, size: Size) -> Image.Image:
    """A form: a heading and a ruled table with a few marks in its cells."""
    width, height = size
    ink = Image.new("L", size, 0)
    pen = ImageDraw.Draw(ink)
    pitch = min(size) / 92
    _typed_line(pen, random, width * 0.34, width * 0.68, height * 0.12, pitch * 1.3)
    _typed_line(pen, random, width * 0.42, width * 0.60, height * 0.12 + pitch * 3, pitch)
    left, right, top, bottom = width * 0.09, width * 0.93, height * 0.22, height * 0.88
    rows = round((bottom - top) / (pitch * 4.6))
    gap = (bottom - top) / rows
    columns = [0.0, 0.07, 0.42, 0.60, 0.78, 1.0]
    for row in range(rows + 1):
        pen.line((left, top + row * gap, right, top + row * gap), fill=120, width=2)
    edges = [left + (right - left) * share for share in columns]
    for edge in edges:
        pen.line((edge, top, edge, bottom), fill=120, width=2)
    for row in range(rows):
        y = top + (row + 0.66) * gap
        for start, finish in pairwise(edges):
            if row and random.random() < 0.25:
                continue
            reach = finish if row == 0 else start + (finish - start) * random.uniform(0.4, 1)
            _typed_line(pen, random, start + pitch, reach - pitch * 0.6, y, pitch)
    return ink.filter(ImageFilter.GaussianBlur(0.9))


def _sheet_sample(
    random: Random, size: Size, ink: Callable[[Random, Size], Image.Image], colour: Colour
) -> Image.Image:
    """A sheet with ``ink`` of ``colour`` on it, folded, lying on its mat."""
    inner = (round(size[0] * 0.93), round(size[1] * 0.95))
    paper = _old_sheet(random, inner)
    worn = clouds(random, inner, (40, 50)).point(lambda value: 150 + value * 105 // 255)
    paper.paste(colour, mask=ImageChops.multiply(ink(random, inner), worn))
    _fold(paper, random, across=True, at=0.5 + random.uniform(-0.02, 0.02))
    if random.random() < 0.5:
        _fold(paper, random, across=False, at=0.5 + random.uniform(-0.02, 0.02))
    picture = _lay_on_mat(paper, random, size, holes=random.random() < 0.7)
    _write_sample(picture, (size[0] / 2, size[1] * 0.53), round(min(size) * 0.20), 24)
    return picture


def _typed(random: Random, size: Size) -> Image.Image:
    return _sheet_sample(random, size, _typed_ink, (52, 48, 58))


def _handwritten(random: Random, size: Size) -> Image.Image:
    return _sheet_sample(random, size, _written_ink, random.choice(((40, 52, 92), (70, 50, 40))))


def _table(random: Random, size: Size) -> Image.Image:
    return _sheet_sample(random, size, _table_ink, (58, 52, 52))


# --- Prints, objects, plans --------------------------------------------------


SILVER_TONES: tuple[tuple[int, int], ...] = ((38, 238), (33, 232), (28, 218))
"""Darkest and lightest level of red, green and blue in a warm-toned silver print."""


def _between(channel: Image.Image, darkest: int, lightest: int) -> Image.Image:
    """``channel`` with its levels laid between ``darkest`` and ``lightest``."""
    return channel.point(lambda value: darkest + value * (lightest - darkest) / 255)


def _photograph(random: Random, size: Size) -> Image.Image:
    """A silver print with a white border on its mat: nothing in it but ridges in mist."""
    mat = dither(Image.new("RGB", size, mix(MAT, INK, 0.12)), random, 10)
    margin = round(min(size) * 0.07)
    box = (margin, margin, size[0] - margin, size[1] - margin)
    _soft_shadow(mat, box, 50, 130)
    card = (box[2] - box[0], box[3] - box[1])
    mat.paste(sheet(random, card, tone=(240, 235, 222), shade=(214, 202, 176), depth=0.2), box[:2])
    border = round(min(size) * 0.04)
    view_size = (card[0] - 2 * border, card[1] - 2 * border)
    view = draw_cover(random.randrange(1 << 30), "silver", view_size)
    silver = view.convert("L")
    toned = Image.merge("RGB", [_between(silver, *ends) for ends in SILVER_TONES])
    mat.paste(toned, (box[0] + border, box[1] + border))
    _write_sample(mat, (size[0] / 2, size[1] * 0.36), round(min(size) * 0.2), 0)
    return mat


Profile = tuple[tuple[float, float], ...]

PROFILES: tuple[Profile, ...] = (
    ((0.0, 0.21), (0.04, 0.20), (0.08, 0.19), (0.2, 0.33), (0.42, 0.45), (0.7, 0.39), (1.0, 0.24)),
    ((0.0, 0.15), (0.05, 0.11), (0.2, 0.10), (0.4, 0.21), (0.62, 0.33), (0.82, 0.29), (1.0, 0.19)),
    ((0.0, 0.43), (0.05, 0.42), (0.25, 0.42), (0.5, 0.39), (0.75, 0.31), (0.9, 0.20), (1.0, 0.18)),
)
"""A jar, a vase and a bowl as turned shapes: (depth below the rim 0…1, half the breadth)."""

PROPORTIONS: tuple[float, ...] = (0.92, 1.15, 0.62)
"""Height over breadth of each of the ``PROFILES``."""

GLAZES: tuple[Colour, ...] = ((158, 172, 152), (128, 92, 62), (98, 116, 138), (202, 195, 176))


def _half_breadth(profile: Profile, depth: float) -> float:
    """Half the breadth of ``profile`` at ``depth``, on a curve through its points."""
    index = next(i for i in range(len(profile) - 1) if depth <= profile[i + 1][0])
    before, start, end, after = (
        profile[min(max(i, 0), len(profile) - 1)] for i in range(index - 1, index + 3)
    )
    span = end[0] - start[0]
    share = (depth - start[0]) / span
    leaving = (end[1] - before[1]) / (end[0] - before[0]) * span
    arriving = (after[1] - start[1]) / (after[0] - start[0]) * span
    square, cube = share * share, share**3
    return (
        (2 * cube - 3 * square + 1) * start[1]
        + (cube - 2 * square + share) * leaving
        + (3 * square - 2 * cube) * end[1]
        + (cube - square) * arriving
    )


VESSEL_TILT = 0.13
"""How far a round rim is seen from above: height over breadth of its ellipse."""


def _ring(middle: float, y: float, half: float) -> tuple[float, float, float, float]:
    """The box of a level circle of radius ``half`` around a vessel's axis, as it is seen."""
    return (middle - half, y - half * VESSEL_TILT, middle + half, y + half * VESSEL_TILT)


def _light_on(glaze: Colour) -> Image.Image:
    """One row of 256 pixels across a round wall of ``glaze``, lit from the left."""
    row = Image.new("RGB", (256, 1))
    for column in range(256):
        across = column / 127.5 - 1
        lit = max(0.0, math.cos((across + 0.42) * 1.2))
        gleam = max(0.0, 1 - abs(across + 0.5) / 0.24)
        tone = mix((30, 25, 22), glaze, 0.22 + 0.78 * lit)
        row.putpixel((column, 0), mix(tone, (255, 252, 244), 0.17 * gleam * gleam))
    return row


def _vessel(random: Random, breadth: int, number: int, glaze: Colour) -> Image.Image:
    """The vessel of ``PROFILES[number]`` on transparent ground, as wide as ``breadth``."""
    profile = PROFILES[number]
    height = round(breadth * PROPORTIONS[number])
    rim, foot = profile[0][1] * breadth, profile[-1][1] * breadth
    top = rim * VESSEL_TILT
    size = (breadth, round(height + top + foot * VESSEL_TILT))
    middle = breadth / 2
    light = _light_on(glaze)
    body = Image.new("RGB", size, glaze)
    mask = Image.new("L", size, 0)
    outline = ImageDraw.Draw(mask)
    for row in range(size[1]):
        depth = (row - top) / height
        half = _half_breadth(profile, min(1.0, max(0.0, depth))) * breadth
        strip = light.resize((max(1, round(half * 2)), 1), Image.Resampling.BILINEAR)
        body.paste(strip, (round(middle - half), row))
        if 0 <= depth <= 1:
            outline.line((middle - half + 1, row, middle + half - 2, row), fill=255)
    outline.ellipse(_ring(middle, top, rim), fill=255)
    outline.ellipse(_ring(middle, top + height, foot), fill=255)
    speckle = clouds(random, size, (breadth // 5, size[1] // 5), 16)
    body = ImageChops.add(body, Image.merge("RGB", (speckle,) * 3), scale=1, offset=-128)
    pen = ImageDraw.Draw(body)
    for depth in (0.16, 0.175, 0.62):
        ring = _ring(middle, top + depth * height, _half_breadth(profile, depth) * breadth)
        pen.arc(ring, 0, 180, fill=mix(glaze, INK, 0.5), width=2)
    pen.ellipse(_ring(middle, top, rim), fill=mix(glaze, (255, 252, 244), 0.25))
    pen.ellipse(_ring(middle, top, rim * 0.93), fill=mix(glaze, INK, 0.72))
    body.putalpha(mask.filter(ImageFilter.GaussianBlur(0.8)))
    return body


def _object(random: Random, size: Size) -> Image.Image:
    """One quiet vessel on a shelf, as an object's place-holder."""
    width, height = size
    wall = mix((226, 218, 202), MUTED, 0.12)
    picture = Image.new("RGB", size, wall)
    shine = Image.radial_gradient("L").resize((width * 2, height * 2), Image.Resampling.BICUBIC)
    shine = shine.crop((width * 5 // 8, height * 5 // 8, width * 13 // 8, height * 13 // 8))
    picture.paste(mix(wall, INK, 0.42), mask=shine)
    shelf = round(height * 0.75)
    board = sheet(
        random, (width, height - shelf), tone=(206, 190, 162), shade=(150, 126, 92), depth=0.4
    )
    picture.paste(board, (0, shelf))
    number = random.randrange(len(PROFILES))
    vessel = _vessel(random, round(min(size) * 0.62), number, random.choice(GLAZES))
    left, foot = (width - vessel.width) // 2, shelf + round(height * 0.055)
    half = PROFILES[number][-1][1] * vessel.width
    shadow = Image.new("L", (width // 4, height // 4), 0)
    ImageDraw.Draw(shadow).ellipse(
        tuple(
            edge / 4
            for edge in (
                width / 2 - half * 1.05,
                foot - half * 0.34,
                width / 2 + half * 2.1,
                foot + half * 0.06,
            )
        ),
        fill=190,
    )
    shadow = shadow.filter(ImageFilter.GaussianBlur(width / 190))
    picture.paste(INK, mask=shadow.resize(size, Image.Resampling.BICUBIC))
    picture.paste(vessel, (left, foot - vessel.height), vessel)
    picture = dither(picture, random, 10)
    _write_sample(picture, (width / 2, height * 0.905), round(min(size) * 0.09), 0)
    return picture


def _plan(random: Random, size: Size) -> Image.Image:
    """The place of a map or plan: a folded sheet with a frame and a compass rose, and no map."""
    inner = (round(size[0] * 0.94), round(size[1] * 0.94))
    width, height = inner
    paper = _old_sheet(random, inner)
    pen = ImageDraw.Draw(paper)
    ink = (96, 80, 62)
    margin = round(min(inner) * 0.07)
    for inset, line in ((margin, 4), (margin + 16, 1), (margin + 30, 1)):
        pen.rectangle((inset, inset, width - inset, height - inset), outline=ink, width=line)
    for number in range(1, 24):
        x = margin + (width - 2 * margin) * number / 24
        y = margin + (height - 2 * margin) * number / 24
        reach = 30 if number % 4 == 0 else 16
        pen.line((x, margin, x, margin + reach), fill=ink, width=2)
        pen.line((x, height - margin, x, height - margin - reach), fill=ink, width=2)
        pen.line((margin, y, margin + reach, y), fill=ink, width=2)
        pen.line((width - margin, y, width - margin - reach, y), fill=ink, width=2)
    radius = round(min(inner) * 0.12)
    _compass_rose(
        paper,
        (width - margin - round(radius * 1.7), height - margin - round(radius * 1.7)),
        radius,
        ink,
    )
    for share in (0.25, 0.5, 0.75):
        _fold(paper, random, across=False, at=share)
    _fold(paper, random, across=True, at=0.5)
    picture = _lay_on_mat(paper, random, size, holes=False)
    _write_sample(picture, (size[0] / 2, size[1] * 0.46), round(min(size) * 0.24), 0)
    return picture


def _compass_rose(paper: Image.Image, centre: tuple[int, int], radius: int, ink: Colour) -> None:
    """Sixteen points, every other half inked, within two fine circles; no letters."""
    side = radius * 3
    rose = Image.new("L", (side * 2, side * 2), 0)
    pen = ImageDraw.Draw(rose)
    middle = side
    for circle in (radius * 1.25, radius * 1.32):
        circle *= 2
        pen.ellipse(
            (middle - circle, middle - circle, middle + circle, middle + circle),
            outline=190,
            width=3,
        )
    for share, length in ((1, 0.55), (2, 0.8), (4, 1.2)):
        points = 4 * (4 // share)
        for number in range(points):
            turn = number / points * 2 * math.pi
            if share < 4 and number % 2 == 0:
                continue
            tip = (
                middle + math.sin(turn) * radius * 2 * length,
                middle - math.cos(turn) * radius * 2 * length,
            )
            waist = radius * 0.34
            for side_of, shade in ((-1, 220), (1, 70)):
                corner_turn = turn + side_of * math.pi / 8
                corner = (
                    middle + math.sin(corner_turn) * waist,
                    middle - math.cos(corner_turn) * waist,
                )
                pen.polygon([(middle, middle), tip, corner], fill=shade, outline=200)
    mask = rose.reduce(2)
    paper.paste(ink, (centre[0] - mask.width // 2, centre[1] - mask.height // 2), mask)


_SAMPLES: dict[str, Callable[[Random, Size], Image.Image]] = {
    "typed": _typed,
    "handwritten": _handwritten,
    "table": _table,
    "photograph": _photograph,
    "object": _object,
    "plan": _plan,
}

SAMPLE_KINDS: tuple[str, ...] = tuple(_SAMPLES)


def draw_sample(kind: str, seed: int, size: Size = PORTRAIT) -> Image.Image:
    """A MẪU of ``kind`` (one of ``SAMPLE_KINDS``; ``KeyError`` otherwise) from ``seed``."""
    return _SAMPLES[kind](Random(f"{kind} {seed}"), size)
