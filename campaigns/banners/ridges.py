"""Layered ridges in indigo mist, with a lacquer-red sun: what hangs where there is no cover."""

from __future__ import annotations

from random import Random

from PIL import Image, ImageDraw

from campaigns.banners.colours import Colour, between

SKY: tuple[Colour, Colour] = (204, 213, 220), (255, 240, 212)
"""The sky from its upper edge down to the horizon."""

SUN: Colour = (168, 42, 38)
MIST: Colour = (243, 237, 226)
RIDGES: tuple[Colour, ...] = (
    (190, 201, 211),
    (150, 167, 184),
    (104, 126, 151),
    (61, 87, 119),
    (28, 52, 84),
)

FINE = 2
"""Drawn this many times larger and reduced, for Pillow draws jagged edges."""


def draw_ridges(size: tuple[int, int], seed: str) -> Image.Image:
    """A picture of ``size``, always the same for the same ``seed``."""
    random = Random(f"ridges {seed}")
    width, height = size[0] * FINE, size[1] * FINE
    picture = _falling((width, height), *SKY)
    _hang_sun(picture, random)
    for layer, colour in enumerate(RIDGES):
        crest = _crest(random, width, height, layer)
        foot = height - round(height * 0.1 * (len(RIDGES) - 1 - layer))
        _lay(picture, crest, foot, colour)
    return picture.resize(size, Image.Resampling.LANCZOS)


def _falling(size: tuple[int, int], upper: Colour, lower: Colour) -> Image.Image:
    """A wash that turns from ``upper`` into ``lower`` from the top down."""
    wash = Image.linear_gradient("L").resize(size)
    return Image.composite(Image.new("RGB", size, lower), Image.new("RGB", size, upper), wash)


def _hang_sun(picture: Image.Image, random: Random) -> None:
    width, height = picture.size
    radius = min(width, height) * 0.085
    x, y = width * random.uniform(0.2, 0.8), height * random.uniform(0.24, 0.32)
    ImageDraw.Draw(picture).ellipse((x - radius, y - radius, x + radius, y + radius), fill=SUN)


def _crest(random: Random, width: int, height: int, layer: int) -> list[tuple[float, float]]:
    """The line of a ridge from left to right, in pixels; lower in the picture when nearer."""
    rough = _rough_line(random, steps=256, roughness=0.5)
    # Only as much of the range as the picture is wide, so that no form stretches its peaks.
    seen = rough[: max(24, round(len(rough) * min(1.0, width / height / 2.4)))]
    lowest, highest = min(seen), max(seen)
    foot, swing = height * (0.52 + 0.115 * layer), height * (0.24 - 0.028 * layer)
    step = width / (len(seen) - 1)
    # The power makes summits steeper than valleys.
    heights = [((each - lowest) / (highest - lowest)) ** 1.4 for each in seen]
    return [(number * step, foot - swing * each) for number, each in enumerate(heights)]


def _rough_line(random: Random, steps: int, roughness: float) -> list[float]:
    """``steps`` + 1 heights, by halving: each middle strays from its neighbours' mean."""
    line = {at: random.uniform(-1, 1) for at in range(0, steps + 1, steps // 4)}
    stray, stride = 0.9, steps // 4
    while stride > 1:
        half = stride // 2
        for left in range(0, steps, stride):
            mean = (line[left] + line[left + stride]) / 2
            line[left + half] = mean + random.uniform(-stray, stray)
        stray, stride = stray * roughness, half
    return [line[number] for number in range(steps + 1)]


def _lay(picture: Image.Image, crest: list[tuple[float, float]], foot: int, colour: Colour) -> None:
    """Lay one ridge over the picture; towards its foot it fades into mist."""
    width, height = picture.size
    shape = Image.new("L", picture.size, 0)
    ImageDraw.Draw(shape).polygon([(0, height), *crest, (width, height)], fill=255)
    top = max(0, round(min(y for _x, y in crest)))
    wash = Image.new("RGB", picture.size, colour)
    if foot < height:
        band = (width, max(1, height - top))
        wash.paste(_falling(band, colour, between(colour, MIST, 0.55)), (0, top))
    picture.paste(wash, mask=shape)
