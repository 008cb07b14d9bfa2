"""A banner as a file: JPEG, PNG or WebP, light enough for any agency's page."""

from __future__ import annotations

import io
from itertools import chain

from PIL import Image

from campaigns.banners.colours import INK, LACQUER, LINE, MUTED, PAPER, Colour, between

BYTES_MOST = 150_000
"""The most a banner may weigh: what the IAB allows a fixed-size form of this area."""

JPEG_QUALITY = 90
WEBP_QUALITY = 88
LEAST_QUALITY = 18

FULL_COLOUR_FROM = 70
"""From this JPEG quality on red letters keep their edges: colour is stored at full size."""

FEWER_COLOURS = (32, 8)
"""What a picture of nothing but grain gives up as a PNG, when mixing 256 colours is too heavy."""

KEPT: tuple[Colour, ...] = (
    LINE,
    *(between(PAPER, ink, step / 8) for ink in (INK, MUTED, LACQUER) for step in range(9)),
)
"""Always among the 256 colours of a drawn PNG: paper and the edges of letters stay clean."""


def encode(banner: Image.Image, kind: str) -> bytes:
    """The banner as a ``jpeg``, ``png`` or ``webp`` file of at most :data:`BYTES_MOST` bytes.

    Equal pictures give equal bytes, and nothing but pixels is written. Raises ValueError
    for another kind.
    """
    match kind:
        case "jpeg":
            return _jpeg(banner)
        case "png":
            return _png(banner)
        case "webp":
            return _webp(banner)
        case _:
            raise ValueError(f"a banner is not written as {kind!r}")


def _jpeg(banner: Image.Image) -> bytes:
    for quality in range(JPEG_QUALITY, LEAST_QUALITY - 1, -8):
        sampling = 0 if quality >= FULL_COLOUR_FROM else 2
        # Neither optimised nor progressive: Pillow fails on a grainy picture that way, for
        # want of a buffer, to save a twentieth of the bytes.
        written = _saved(banner, "JPEG", quality=quality, subsampling=sampling)
        if len(written) <= BYTES_MOST:
            break
    return written


def _webp(banner: Image.Image) -> bytes:
    for quality in range(WEBP_QUALITY, LEAST_QUALITY - 1, -8):
        written = _saved(banner, "WEBP", quality=quality, method=4)
        if len(written) <= BYTES_MOST:
            break
    return written


def _png(banner: Image.Image) -> bytes:
    written = _saved(banner, "PNG")
    if len(written) > BYTES_MOST:
        written = _saved(_with_256_colours(banner), "PNG")
    for colours in FEWER_COLOURS:
        if len(written) <= BYTES_MOST:
            break
        written = _saved(banner.quantize(colours, dither=Image.Dither.NONE), "PNG")
    return written


def _with_256_colours(banner: Image.Image) -> Image.Image:
    """The banner in those of :data:`KEPT` and its own most important colours, mixed finely."""
    others = 256 - len(KEPT)
    found = banner.quantize(others).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette([*chain.from_iterable(KEPT), *found[: 3 * others]])
    return banner.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)


def _saved(banner: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    banner.save(file, kind, **options)
    return file.getvalue()
