"""Dó paper: the sheet under every picture of the demonstration.

Everything is drawn by Pillow alone and from a seeded ``random.Random``, so the
same seed gives the same picture on every machine: no photograph, no texture
file, no licence to keep. ``Image.effect_noise`` is not used, for it draws from
the process-wide generator and would change from run to run.
"""

from __future__ import annotations

from random import Random

from PIL import Image, ImageChops, ImageDraw

Colour = tuple[int, int, int]
Size = tuple[int, int]

GRAIN_TILE = 512
"""Side, in pixels, of the square of noise that is repeated to cover a sheet."""


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """The colour that lies ``share`` (0 to 1) of the way from ``first`` to ``second``."""
    return tuple(  # type: ignore[return-value]
        round(a + (b - a) * share) for a, b in zip(first, second, strict=True)
    )


def noise(random: Random, size: Size, spread: int = 255) -> Image.Image:
    """A greyscale sheet of independent random pixels around 128, ``spread`` levels wide."""
    plain = Image.frombytes("L", size, random.randbytes(size[0] * size[1]))
    lowest = 128 - spread / 2
    return plain.point(lambda value: round(lowest + value * spread / 255))


def clouds(random: Random, size: Size, cells: Size, spread: int = 255) -> Image.Image:
    """Soft blotches: a few ``cells`` of noise stretched smoothly over ``size``."""
    return noise(random, cells, spread).resize(size, Image.Resampling.BICUBIC)


def grain(random: Random, size: Size, spread: int) -> Image.Image:
    """Fine noise over the whole of ``size``, from one tile laid side by side.

    The tile is turned and mirrored by turns, so that no pattern shows.
    """
    tile = noise(random, (GRAIN_TILE, GRAIN_TILE), spread)
    turns = [
        tile,
        tile.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        tile.transpose(Image.Transpose.ROTATE_180),
        tile.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
    ]
    sheet = Image.new("L", size)
    for top in range(0, size[1], GRAIN_TILE):
        for left in range(0, size[0], GRAIN_TILE):
            sheet.paste(random.choice(turns), (left, top))
    return sheet


def dither(picture: Image.Image, random: Random, spread: int) -> Image.Image:
    """``picture`` with fine grain over it, which also keeps gradients from banding."""
    speckle = grain(random, picture.size, spread)
    shift = Image.merge("RGB", (speckle, speckle, speckle))
    return ImageChops.add(picture, shift, scale=1, offset=-128)


def fibres(random: Random, size: Size, count: int) -> Image.Image:
    """A mask of the long bast fibres that show in handmade paper, drawn as fine curves."""
    mask = Image.new("L", size, 0)
    pen = ImageDraw.Draw(mask)
    for _ in range(count):
        x, y = random.uniform(0, size[0]), random.uniform(0, size[1])
        step_x, step_y = random.uniform(-9, 9), random.uniform(-5, 5)
        bend_x, bend_y = random.uniform(-0.6, 0.6), random.uniform(-0.6, 0.6)
        points = [(x, y)]
        for _ in range(random.randint(4, 14)):
            step_x, step_y = step_x + bend_x, step_y + bend_y
            x, y = x + step_x, y + step_y
            points.append((x, y))
        pen.line(points, fill=random.randint(40, 120), width=1, joint="curve")
    return mask


def sheet(
    random: Random,
    size: Size,
    *,
    tone: Colour = (243, 234, 214),
    shade: Colour = (206, 186, 150),
    depth: float = 0.35,
) -> Image.Image:
    """A blank sheet of dó paper of ``size`` pixels.

    ``tone`` is the paper's colour, ``shade`` the colour of its darker blotches
    and fibres, ``depth`` (0 to 1) how far the blotches go towards it.
    """
    paper = Image.new("RGB", size, tone)
    blotches = ImageChops.add(
        clouds(random, size, (5, 7)), clouds(random, size, (23, 31)), scale=2, offset=0
    ).point(lambda value: round(max(0, value - 96) * depth))
    paper.paste(shade, mask=blotches)
    paper.paste(mix(tone, shade, 0.9), mask=fibres(random, size, size[0] * size[1] // 9000))
    paper.paste(
        mix(tone, (255, 255, 255), 0.7), mask=fibres(random, size, size[0] * size[1] // 14000)
    )
    return dither(paper, random, 14)
