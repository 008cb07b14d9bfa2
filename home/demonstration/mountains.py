"""Covers: layered northern ridges in mist, printed as if from woodblocks.

A cover has no words and shows no real place. Each is made of seven to nine
blocks from far to near: a sky that darkens towards its upper edge, a small sun
or moon in lacquer red, then ridge after ridge, paler the farther it lies, mist
in the valleys between them, and one lacquer-red thread along a crest, the
thread that leads through the portal's rooms.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from home.demonstration.paper import Colour, Size, clouds, dither, fibres, mix

COVER_SIZE: Size = (2400, 1350)

SMOOTHING = 2
"""Shapes are drawn this many times larger and reduced, for Pillow draws jagged edges."""


@dataclass(frozen=True)
class Palette:
    """The inks of one cover, all as red, green, blue.

    ``zenith``, ``paper`` and ``horizon`` colour the sky from its upper edge
    down; ridges go from ``far`` to ``near``; ``mist`` lies between them;
    ``disc`` is the sun or moon and ``thread`` the line along one crest; None
    leaves them out.
    """

    zenith: Colour
    paper: Colour
    horizon: Colour
    far: Colour
    near: Colour
    mist: Colour
    disc: Colour | None
    thread: Colour | None = (176, 44, 40)


PALETTES: dict[str, Palette] = {
    "indigo": Palette(
        zenith=(150, 168, 186),
        paper=(244, 237, 222),
        horizon=(247, 225, 196),
        far=(182, 194, 205),
        near=(19, 38, 66),
        mist=(240, 234, 222),
        disc=(176, 44, 40),
    ),
    "pine": Palette(
        zenith=(158, 178, 168),
        paper=(246, 240, 224),
        horizon=(243, 231, 198),
        far=(186, 201, 192),
        near=(17, 50, 52),
        mist=(240, 237, 222),
        disc=(196, 62, 44),
    ),
    "dusk": Palette(
        zenith=(96, 98, 128),
        paper=(226, 205, 190),
        horizon=(240, 188, 150),
        far=(176, 152, 160),
        near=(34, 28, 50),
        mist=(228, 204, 188),
        disc=(250, 240, 222),
    ),
    "ochre": Palette(
        zenith=(206, 190, 158),
        paper=(247, 240, 224),
        horizon=(248, 232, 204),
        far=(206, 196, 176),
        near=(58, 44, 34),
        mist=(244, 236, 218),
        disc=(176, 44, 40),
    ),
    "silver": Palette(
        zenith=(150, 148, 143),
        paper=(222, 220, 214),
        horizon=(226, 223, 216),
        far=(178, 176, 171),
        near=(38, 37, 36),
        mist=(214, 212, 206),
        disc=None,
        thread=None,
    ),
}


def _wave(random: Random, count: int, wavelength: float) -> list[float]:
    """Smooth random values in -1…1, a new one every ``wavelength`` of ``count`` steps."""
    knots = [random.uniform(-1, 1) for _ in range(int(count / wavelength) + 3)]
    offset = random.random()
    values = []
    for index in range(count):
        position = index / wavelength + offset
        whole = int(position)
        share = position - whole
        eased = share * share * (3 - 2 * share)
        values.append(knots[whole] + (knots[whole + 1] - knots[whole]) * eased)
    return values


def _fractal(random: Random, count: int, wavelength: float, octaves: int) -> list[float]:
    """A mountain line in about 0…1: sharp summits and round valleys at every scale."""
    heights = [0.0] * count
    weight, total = 1.0, 0.0
    for octave in range(octaves):
        for index, value in enumerate(_wave(random, count, max(2.0, wavelength))):
            ridged = 1 - abs(value) if octave < 3 else 0.5 + value / 2
            heights[index] += ridged * weight
        total += weight
        weight *= 0.5
        wavelength /= 2.1
    return [height / total for height in heights]


def _towers(random: Random, count: int, spacing: float) -> list[float]:
    """Limestone towers, steep and rounded, as they stand in the northern border country."""
    heights = [0.0] * count
    centre = random.uniform(-spacing, 0)
    while centre < count + spacing:
        tallness = random.choice((0.45, 0.6, 0.75, 1.0)) * random.uniform(0.85, 1.1)
        breadth = spacing * random.uniform(0.34, 0.62)
        lean = random.uniform(-0.25, 0.25)
        for index in range(
            max(0, int(centre - 3 * breadth)), min(count, int(centre + 3 * breadth))
        ):
            away = (index - centre) / breadth
            away = abs(away) * (1 + lean if away > 0 else 1 - lean)
            heights[index] = max(heights[index], tallness / (1 + away**3.2))
        centre += spacing * random.uniform(0.5, 1.25)
    rough = _fractal(random, count, spacing / 3, 5)
    return [
        height * 0.86 + roughness * 0.2 for height, roughness in zip(heights, rough, strict=True)
    ]


def _ramp(size: Size, stops: list[tuple[float, Colour]]) -> Image.Image:
    """A vertical ramp through ``stops`` (height 0…1, colour), smooth from top to bottom."""
    column = Image.new("RGB", (1, 256))
    for row in range(256):
        height = row / 255
        upper = max((stop for stop in stops if stop[0] <= height), key=lambda stop: stop[0])
        lower = min((stop for stop in stops if stop[0] >= height), key=lambda stop: stop[0])
        gap = lower[0] - upper[0]
        column.putpixel((0, row), mix(upper[1], lower[1], (height - upper[0]) / gap if gap else 0))
    return column.resize(size, Image.Resampling.BICUBIC)


def _fade(size: Size, top: int, bottom: int, above: int, below: int) -> Image.Image:
    """A mask that goes from ``above`` at row ``top`` to ``below`` at row ``bottom``, eased."""
    mask = Image.new("L", size, above)
    mask.paste(below, (0, max(0, bottom), size[0], size[1]))
    column = Image.new("L", (1, 256))
    for row in range(256):
        share = row / 255
        column.putpixel((0, row), round(above + (below - above) * share * share * (3 - 2 * share)))
    mask.paste(column.resize((size[0], max(1, bottom - top)), Image.Resampling.BICUBIC), (0, top))
    return mask


@dataclass(frozen=True)
class _Ridge:
    """One block of the print: the crest as points, from the left edge to the right."""

    crest: list[tuple[float, float]]
    depth: float
    """0 for the farthest ridge, 1 for the nearest."""

    @property
    def top(self) -> int:
        """The row of the highest summit."""
        return int(min(y for _, y in self.crest))

    def summits(self, reach: int) -> list[int]:
        """Indices of the points that are highest within ``reach`` points on both sides."""
        heights = [y for _, y in self.crest]
        return [
            index
            for index in range(reach, len(heights) - reach)
            if heights[index] == min(heights[index - reach : index + reach + 1])
        ]


def _ridges(random: Random, size: Size, count: int) -> list[_Ridge]:
    """``count`` crests, each lower in the picture, rougher and nearer than the one before."""
    width, height = size
    points = width // 4 + 2
    ridges = []
    for number in range(count):
        depth = number / (count - 1)
        foot = height * (0.50 + 0.46 * depth**1.15)
        rise = height * (0.20 - 0.05 * depth)
        if number in (2, 4):
            line = _towers(random, points, points / (9 - number))
            rise *= 1.35
        else:
            line = _fractal(random, points, points / (2.2 + 2.4 * depth), 6)
            lowest, highest = min(line), max(line)
            line = [(value - lowest) / (highest - lowest) for value in line]
        slope = random.uniform(-0.05, 0.05) * height
        crest = [
            (index * 4.0, foot - value * rise + slope * (index / points - 0.5))
            for index, value in enumerate(line)
        ]
        ridges.append(_Ridge(crest, depth))
    return ridges


def _shape(size: Size, outline: list[tuple[float, float]], top: int) -> Image.Image:
    """A smooth-edged mask of ``outline``, closed along the lower edge; empty above ``top``."""
    width, height = size
    band = Image.new("L", (width * SMOOTHING, (height - top) * SMOOTHING), 0)
    corners = [(x * SMOOTHING, (y - top) * SMOOTHING) for x, y in outline]
    ImageDraw.Draw(band).polygon(
        [*corners, (corners[-1][0], band.height), (corners[0][0], band.height)], fill=255
    )
    mask = Image.new("L", size, 0)
    mask.paste(band.reduce(SMOOTHING), (0, top))
    return mask


def _slopes(random: Random, size: Size, ridge: _Ridge) -> Image.Image:
    """A mask of the shaded sides: from each summit a spur runs down, dark on its right.

    A side ends where the crest begins to rise again; from there a broken line
    runs back to the foot of the spur, so that the shade closes to a point.
    """
    mask = Image.new("L", size, 0)
    pen = ImageDraw.Draw(mask)
    for index in ridge.summits(8):
        end = index
        while end + 2 < len(ridge.crest) and ridge.crest[end + 2][1] >= ridge.crest[end][1] - 1:
            end += 2
        side = ridge.crest[index : end + 1]
        fall = side[-1][1] - side[0][1]
        if fall < 12:
            continue
        foot_x = side[0][0] + (side[-1][0] - side[0][0]) * random.uniform(0.15, 0.55)
        foot_y = side[0][1] + fall * random.uniform(1.25, 1.9)
        spur = _broken_line(random, side[0], (foot_x, foot_y))
        back = _broken_line(random, side[-1], (foot_x, foot_y))
        pen.polygon([*side, *back, *reversed(spur)], fill=255)
    return mask.filter(ImageFilter.BoxBlur(1))


def _broken_line(
    random: Random, start: tuple[float, float], end: tuple[float, float]
) -> list[tuple[float, float]]:
    """Points from ``start`` to ``end``, swerving as rock does, most in the middle."""
    length = abs(end[0] - start[0]) + abs(end[1] - start[1])
    steps = max(3, int(length / 9))
    points = []
    swerve = 0.0
    for step in range(steps + 1):
        share = step / steps
        swerve += random.uniform(-6, 6)
        weight = 4 * share * (1 - share)
        points.append(
            (
                start[0] + (end[0] - start[0]) * share + swerve * weight,
                start[1] + (end[1] - start[1]) * share,
            )
        )
    return points


def _cuts(random: Random, size: Size, ridge: _Ridge) -> Image.Image:
    """A mask of the block cutter's fine strokes, falling with the slope below the crest."""
    mask = Image.new("L", size, 0)
    pen = ImageDraw.Draw(mask)
    for index in range(4, len(ridge.crest) - 5):
        x, y = ridge.crest[index]
        fall = (ridge.crest[index + 4][1] - ridge.crest[index - 4][1]) / 32
        lean = max(-1.1, min(1.1, fall * 1.6))
        below = 5 + random.expovariate(1 / 34)
        length = random.uniform(6, 30)
        fading = max(0.15, 1 - below / 130)
        pen.line(
            [
                (x + lean * below * 0.5, y + below),
                (x + lean * (below + length) * 0.5, y + below + length),
            ],
            fill=round(random.uniform(40, 150) * fading),
            width=1 if random.random() < 0.7 else 2,
        )
    return mask


def _forest(random: Random, ridge: _Ridge, height: int) -> list[tuple[float, float]]:
    """The crest of ``ridge`` with the tips of trees standing along it here and there."""
    outline: list[tuple[float, float]] = []
    density = _wave(random, len(ridge.crest), 26)
    for (x, y), here in zip(ridge.crest, density, strict=True):
        if here + random.uniform(-0.5, 0.3) < 0:
            outline.append((x, y))
            continue
        tip = height * random.uniform(0.004, 0.013) * (0.5 + here)
        outline.extend(
            [(x - 1.6, y + 1), (x + random.uniform(-0.6, 0.6), y - tip), (x + 1.6, y + 1)]
        )
    return outline


def _print_ridge(picture: Image.Image, random: Random, ridge: _Ridge, palette: Palette) -> None:
    """Print one ridge into ``picture``: its ink, its shaded sides, its cuts, mist at its foot.

    All is drawn on the band from the highest tree tip down, for what lies above is sky.
    """
    height = picture.height
    top = max(0, ridge.top - round(height * 0.022))
    size = (picture.width, height - top)
    band = _Ridge([(x, y - top) for x, y in ridge.crest], ridge.depth)
    ink = mix(palette.far, palette.near, ridge.depth**1.25)
    outline = _forest(random, band, height) if ridge.depth > 0.7 else band.crest
    shape = _shape(size, outline, 0)
    foot = round(70 + 150 * ridge.depth)
    misty = _fade(size, round(height * 0.07), round(height * 0.36), 255, foot)
    pigment = clouds(random, size, (17, 11)).point(lambda value: 226 + value * 29 // 255)
    body = ImageChops.multiply(ImageChops.multiply(shape, misty), pigment)
    picture.paste(ink, (0, top), body)
    if ridge.depth > 0.1:
        dark = mix(ink, palette.near, 0.28) if ridge.depth < 0.99 else mix(ink, (0, 0, 0), 0.3)
        slopes = ImageChops.multiply(_slopes(random, size, band), body)
        picture.paste(dark, (0, top), slopes.point(lambda value: value * 0.75))
    if ridge.depth > 0.3:
        light = mix(ink, palette.mist, 0.30)
        cuts = ImageChops.multiply(_cuts(random, size, band), body)
        picture.paste(light, (0, top), cuts)


def _spread_mist(picture: Image.Image, random: Random, ridge: _Ridge, palette: Palette) -> None:
    """Lay a drifting bank of mist over the foot of ``ridge``."""
    width, height = picture.size
    middle = round(ridge.top + height * random.uniform(0.19, 0.25))
    half = round(height * 0.10)
    band = clouds(random, (width, 2 * half), (6, 5), 255).point(
        lambda value: min(255, max(0, round((value - 92) * 2.2)))
    )
    edge = Image.new("L", (1, 64))
    for row in range(64):
        share = 1 - abs(row - 31.5) / 32
        edge.putpixel((0, row), round(235 * share * share * (3 - 2 * share)))
    band = ImageChops.multiply(band, edge.resize(band.size, Image.Resampling.BICUBIC))
    band = band.point(lambda value: round(value * (0.85 - 0.35 * ridge.depth)))
    picture.paste(palette.mist, (0, middle - half), band)


def _print_disc(picture: Image.Image, random: Random, colour: Colour, ridges: list[_Ridge]) -> None:
    """Print the sun or moon where the skyline dips, a little of it still behind the ridges.

    Its ink is a little uneven, as a hand-printed block leaves it.
    """
    radius = round(picture.height * 0.05)
    skyline = [
        min(points, key=lambda point: point[1])
        for points in zip(*(ridge.crest for ridge in ridges), strict=True)
    ]
    count = len(skyline)
    centre_x, crest_y = max(skyline[count // 6 : count * 5 // 6], key=lambda point: point[1])
    left, top = round(centre_x) - radius, round(crest_y - radius * 1.7)
    disc = Image.new("L", (radius * 8, radius * 8), 0)
    ImageDraw.Draw(disc).ellipse((0, 0, radius * 8 - 1, radius * 8 - 1), fill=255)
    disc = disc.reduce(4)
    hidden = _shape(picture.size, skyline, top).crop(
        (left, top, left + 2 * radius, top + 2 * radius)
    )
    ink = clouds(random, disc.size, (19, 19)).point(lambda value: 218 + value * 37 // 255)
    seen = ImageChops.multiply(ImageChops.subtract(disc, hidden), ink)
    picture.paste(colour, (left, top), seen)


def _draw_thread(picture: Image.Image, ridge: _Ridge, colour: Colour) -> None:
    """Lay the red thread along the crest of ``ridge``, from edge to edge."""
    width, height = picture.size
    reach = 2
    points = []
    for index in range(0, len(ridge.crest), 2):
        near = ridge.crest[max(0, index - reach) : index + reach + 1]
        points.append((ridge.crest[index][0], sum(y for _, y in near) / len(near)))
    top = int(min(y for _, y in points)) - 8
    band_height = int(max(y for _, y in points)) + 8 - top
    band = Image.new("L", (width * SMOOTHING, band_height * SMOOTHING), 0)
    ImageDraw.Draw(band).line(
        [(x * SMOOTHING, (y - top) * SMOOTHING) for x, y in points],
        fill=255,
        width=round(height / 1350 * 2.6 * SMOOTHING),
        joint="curve",
    )
    picture.paste(colour, (0, top), band.reduce(SMOOTHING))


def draw_cover(seed: int, palette: str = "indigo", size: Size = COVER_SIZE) -> Image.Image:
    """A cover of ``size`` pixels from ``seed``: the same seed always gives the same picture.

    ``palette`` names one of ``PALETTES`` and raises ``KeyError`` otherwise. The
    lower third is the darkest, so that a title may stand on it in white.
    """
    inks = PALETTES[palette]
    random = Random(seed)
    picture = _ramp(
        size,
        [
            (0.0, inks.zenith),
            (0.16, mix(inks.zenith, inks.paper, 0.75)),
            (0.3, inks.paper),
            (0.52, inks.horizon),
            (0.75, inks.mist),
            (1.0, inks.mist),
        ],
    )
    breath = clouds(random, size, (9, 4)).point(lambda value: value // 6)
    picture.paste(inks.paper, mask=breath)
    ridges = _ridges(random, size, random.choice((7, 8)))
    if inks.disc:
        _print_disc(picture, random, inks.disc, ridges)
    threaded = len(ridges) - 3
    for number, ridge in enumerate(ridges):
        _print_ridge(picture, random, ridge, inks)
        if number == threaded and inks.thread:
            _draw_thread(picture, ridge, inks.thread)
        if number < len(ridges) - 1:
            _spread_mist(picture, random, ridge, inks)
    threads = fibres(random, size, size[0] * size[1] // 12000)
    picture.paste(inks.paper, mask=threads.point(lambda value: value // 5))
    return dither(picture, random, 11)
