"""The published widths of one picture, made from one decode.

A scan is read once, shrunk while it is read, and every smaller width is made
from the next larger one. Two engines give the same pictures within a small
tolerance: libvips, which streams and needs little memory, and Pillow, for a
machine on which libvips cannot be loaded.

What every rendition has in common: turned as its EXIF orientation says, sRGB or
grey, 8 bits a channel, transparency laid on white, no metadata at all (no EXIF,
no position, no profile), never larger than the original or the ceiling.
"""

from __future__ import annotations

import functools
import io
import secrets
import shutil
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, Literal

from PIL import Image, ImageCms, ImageDraw, ImageFilter, ImageFont

from core.media.vetting import MAX_PIXELS, ImageFacts, open_image, read_image_header

Engine = Literal["libvips", "pillow"]
RenditionFormat = Literal["webp", "jpeg"]

#: Widths in CSS-pixel steps from a phone's thumbnail to a full desktop column.
WIDTHS: Final = (320, 640, 1280, 1920)
#: No AVIF: at 1920 pixels it costs 2.4 times a WebP at the fastest setting and
#: 13 times at a good one, to save between nothing and a third on grainy scans.
FORMATS: Final[tuple[RenditionFormat, ...]] = ("webp", "jpeg")
EXTENSIONS: Final[dict[RenditionFormat, str]] = {"webp": "webp", "jpeg": "jpg"}

#: At 80 typewritten letters keep clean edges; 85 costs a quarter more bytes for
#: no difference seen at reading distance.
JPEG_QUALITY: Final = 80
#: WebP at 78 looks like JPEG at 80 and is smaller.
WEBP_QUALITY: Final = 78
#: Effort 2 of 6: effort 4 takes twice the time to save nothing on grainy scans.
WEBP_EFFORT: Final = 2
#: The WebP format ends here; a longer strip is published as JPEG only.
WEBP_MAX_SIDE: Final = 16_383
#: What lies under a transparent picture: white, as on the scanner's glass.
PAPER: Final = (255, 255, 255)

#: The mark: height of its letters as a part of the picture's width, with a least
#: height in pixels; distance of its repetitions in letter heights; opacity of
#: 255. Dark letters with a light edge, so that it shows on paper and on shadow.
MARK_HEIGHT: Final = 1 / 60
MARK_LEAST_HEIGHT: Final = 10
MARK_GAP: Final = (10, 9)
MARK_OPACITY: Final = 38


class RenditionFailed(Exception):
    """The picture could not be decoded to its end; nothing has been published."""


@dataclass(frozen=True)
class MadeRendition:
    """One file made: its size in pixels, format, place and bytes."""

    width: int
    height: int
    format: RenditionFormat
    path: Path
    size_bytes: int


@dataclass(frozen=True)
class _Order:
    """What an engine is asked for: widths fall, sizes are as a reader sees them."""

    source: Path
    facts: ImageFacts
    page: int
    sizes: tuple[tuple[int, int], ...]
    formats: tuple[RenditionFormat, ...]
    mark: str
    font_paths: tuple[Path, ...]
    folder: Path


@functools.cache
def available_engines() -> tuple[Engine, ...]:
    """The engines this machine can run, the better first."""
    return ("pillow",) if _libvips() is None else ("libvips", "pillow")


def make_renditions(
    source_path: Path | str,
    destination_folder: Path | str,
    *,
    ceiling: int | None = None,
    mark: str = "",
    font_paths: Sequence[Path | str] = (),
    page: int = 0,
    formats: Sequence[RenditionFormat] = FORMATS,
    engine: Engine | None = None,
    max_pixels: int = MAX_PIXELS,
) -> tuple[MadeRendition, ...]:
    """Make every published width of one picture, as a whole or not at all.

    The files (``640.webp``, ``640.jpg`` …) are written into a hidden folder beside
    ``destination_folder``, which is then renamed into place: a set is never seen in
    part. What a killed run left is removed by the next run for the same
    destination or by :func:`remove_unfinished`; a finished set is replaced.

    :param ceiling: pixels of the longer side of the largest rendition, or None.
    :param mark: text laid faintly and sparsely over every rendition.
    :param font_paths: fonts for the mark (TTF, OTF, WOFF, WOFF2). Each character is
        drawn in the first that has it, so a latin and a vietnamese subset go together.
        Without any, Pillow's built-in font is used, which lacks Vietnamese letters.
    :param page: the frame of a multi-page TIFF, counted from 0.
    :param engine: one of :func:`available_engines`; None takes the better one.
    :raises MediaRefused: the header is not that of an acceptable picture.
    :raises RenditionFailed: the picture cannot be decoded.
    :returns: the renditions, widest first, formats in the order given.
    """
    source, destination = Path(source_path), Path(destination_folder)
    with source.open("rb") as file:
        facts = read_image_header(file, frame=page, max_pixels=max_pixels)
    write = _ENGINES[engine or available_engines()[0]]
    sizes = rendition_sizes(facts.width, facts.height, ceiling=ceiling)
    made: list[MadeRendition] = []
    folder = _fresh_folder_beside(destination)
    try:
        order = _Order(
            source=source,
            facts=facts,
            page=page,
            sizes=tuple(reversed(sizes)),
            formats=tuple(formats),
            mark=mark.strip(),
            font_paths=tuple(Path(path) for path in font_paths),
            folder=folder,
        )
        for width, height, rendition_format, path in write(order):
            made.append(
                MadeRendition(
                    width,
                    height,
                    rendition_format,
                    destination / path.name,
                    path.stat().st_size,
                )
            )
        _put_in_place(folder, destination)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return tuple(made)


def rendition_sizes(
    width: int, height: int, *, ceiling: int | None = None
) -> tuple[tuple[int, int], ...]:
    """Sizes in pixels, narrowest first, of the renditions of a picture.

    The widths of :data:`WIDTHS` that neither enlarge the picture nor pass the
    ceiling on its longer side. If none is left, the largest size allowed alone.
    """
    longest = max(width, height)
    shrink = min(1.0, ceiling / longest) if ceiling is not None else 1.0
    allowed = max(1, int(width * shrink))
    widths = [step for step in WIDTHS if step <= allowed] or [allowed]
    highest = height if ceiling is None else min(height, ceiling)
    return tuple((step, min(highest, max(1, round(height * step / width)))) for step in widths)


# --- All or nothing --------------------------------------------------------------------------

#: How the hidden folders of sets in the making begin.
_UNFINISHED: Final = ".making-"


def remove_unfinished(root: Path | str, *, older_than: timedelta) -> int:
    """Remove what killed runs left in ``root`` and its folders; how many were found.

    ``older_than`` is longer than any run takes, so that none at work is disturbed.
    """
    latest = time.time() - older_than.total_seconds()
    found = [
        folder
        for pattern in (f"{_UNFINISHED}*", f"*/{_UNFINISHED}*")
        for folder in Path(root).glob(pattern)
        if folder.stat().st_mtime <= latest
    ]
    for folder in found:
        shutil.rmtree(folder, ignore_errors=True)
    return len(found)


def _fresh_folder_beside(destination: Path) -> Path:
    """A new hidden folder on the same file system; what killed runs left is removed."""
    destination.parent.mkdir(parents=True, exist_ok=True)
    prefix = f"{_UNFINISHED}{destination.name}-"
    for left_over in destination.parent.glob(f"{prefix}*"):
        shutil.rmtree(left_over, ignore_errors=True)
    folder = destination.parent / f"{prefix}{secrets.token_hex(8)}"
    folder.mkdir()
    return folder


def _put_in_place(folder: Path, destination: Path) -> None:
    """Rename the finished folder; an older set is moved out of the way and removed."""
    if not destination.exists():
        folder.rename(destination)
        return
    older = folder.with_name(f"{folder.name}-older")
    destination.rename(older)
    folder.rename(destination)
    shutil.rmtree(older, ignore_errors=True)


def _targets(order: _Order, size: tuple[int, int]) -> Iterator[tuple[RenditionFormat, Path]]:
    for rendition_format in order.formats:
        if rendition_format == "webp" and max(size) > WEBP_MAX_SIDE:
            continue
        yield rendition_format, order.folder / f"{size[0]}.{EXTENSIONS[rendition_format]}"


_Written = Iterator[tuple[int, int, RenditionFormat, Path]]


# --- The mark --------------------------------------------------------------------------------

_Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def draw_mark_tile(text: str, width: int, font_paths: Sequence[Path] = ()) -> Image.Image:
    """One RGBA tile of the mark for a picture of ``width`` pixels; tiles repeat both ways.

    It carries the text twice, the second half a tile further, so that the
    repetitions stand like bricks and not in columns.
    """
    letter_height = max(MARK_LEAST_HEIGHT, round(width * MARK_HEIGHT))
    fonts: list[_Font] = [ImageFont.truetype(path, letter_height) for path in font_paths]
    fonts = fonts or [ImageFont.load_default(letter_height)]
    runs = _runs_by_font(unicodedata.normalize("NFC", text), fonts)
    length = round(sum(font.getlength(run) for font, run in runs))
    pitch = length + MARK_GAP[0] * letter_height
    row = MARK_GAP[1] * letter_height
    tile = Image.new("RGBA", (pitch, 2 * row), (0, 0, 0, 0))
    pen = ImageDraw.Draw(tile)
    edge = max(1, letter_height // 16)
    for line in range(2):
        left, base = line * pitch // 2, line * row + row // 2
        # The second line runs over the tile's right edge and comes in again at the left.
        for start in (left, left - pitch):
            for offset, colour in ((edge, 255), (0, 0)):
                x: float = start + offset
                for font, run in runs:
                    ink = (colour, colour, colour, MARK_OPACITY)
                    pen.text((x, base + offset), run, font=font, fill=ink, anchor="ls")
                    x += font.getlength(run)
    return tile


def _runs_by_font(text: str, fonts: Sequence[_Font]) -> list[tuple[_Font, str]]:
    """Cut the text into runs, each with the first font that has its characters."""
    runs: list[tuple[_Font, str]] = []
    for character in text:
        font = next((font for font in fonts if _has_glyph(font, character)), fonts[0])
        if runs and runs[-1][0] is font:
            runs[-1] = (font, runs[-1][1] + character)
        else:
            runs.append((font, character))
    return runs


def _has_glyph(font: _Font, character: str) -> bool:
    """FreeType draws what a font lacks as its "not defined" box, like U+10FFFF."""
    if character.isspace():
        return True
    missing = font.getmask("\U0010ffff")
    drawn = font.getmask(character)
    return bool(drawn.size != missing.size or bytes(drawn) != bytes(missing))


# --- libvips ---------------------------------------------------------------------------------


@functools.cache
def _libvips() -> Any:
    """The pyvips module, set up for work on strangers' files, or None."""
    try:
        import pyvips
    except (ImportError, OSError):  # OSError: the shared library is not to be found
        return None
    # Every picture is new: a cache of operations would only hold memory. One
    # thread: a task worker shares the machine with the pages it serves.
    pyvips.cache_set_max(0)
    pyvips.concurrency_set(1)
    # Loaders of formats we do not accept stay shut.
    pyvips.operation_block_set("VipsForeignLoad", True)
    for loader in ("Jpeg", "Png", "Webp", "Tiff"):
        pyvips.operation_block_set(f"VipsForeignLoad{loader}", False)
    return pyvips


def _write_with_libvips(order: _Order) -> _Written:
    vips = _libvips()
    try:
        picture = _open_with_libvips(vips, order)
        for width, height in order.sizes:
            if (picture.width, picture.height) != (width, height):
                picture = picture.resize(
                    width / picture.width, vscale=height / picture.height
                ).copy_memory()
            finished = _marked_by_libvips(vips, picture, order) if order.mark else picture
            for rendition_format, path in _targets(order, (width, height)):
                if rendition_format == "jpeg":
                    finished.jpegsave(
                        str(path),
                        Q=JPEG_QUALITY,
                        interlace=True,
                        optimize_coding=True,
                        keep="none",
                    )
                else:
                    finished.webpsave(str(path), Q=WEBP_QUALITY, effort=WEBP_EFFORT, keep="none")
                yield width, height, rendition_format, path
    except vips.Error as error:
        raise RenditionFailed(str(error)) from error


def _open_with_libvips(vips: Any, order: _Order) -> Any:
    """The largest rendition as pixels in memory, shrunk while the file is read."""
    facts = order.facts
    width, height = order.sizes[0]
    if facts.orientation >= 5:
        width, height = height, width
    page = f",page={order.page}" if facts.format == "tiff" else ""
    options: dict[str, Any] = {}
    if facts.colour == "cmyk":
        # Converted while shrinking; the built-in press profile stands in for a missing one.
        options = {"input_profile": "cmyk", "output_profile": "srgb"}
    picture = vips.Image.thumbnail_source(
        vips.Source.new_from_file(str(order.source)),
        width,
        height=height,
        size="force",
        no_rotate=True,
        # To the loader; thumbnail's own option of that name does not reach it.
        option_string=f"fail_on=truncated{page}",
        **options,
    )
    if facts.colour == "rgb" and facts.has_profile:
        # After shrinking: a thirtieth of the pixels of a scan.
        picture = picture.icc_transform("srgb", embedded=True, intent="relative")
    elif facts.colour == "rgb":
        picture = picture.colourspace("srgb")
    if picture.hasalpha():
        picture = picture.flatten(background=list(PAPER[: picture.bands - 1]))
    if facts.colour == "grey":
        picture = picture.colourspace("b-w")
    # Turning reads columns, the file gives rows: pixels go to memory in between.
    picture = picture.cast("uchar").copy_memory()
    return _turned_by_libvips(picture, facts.orientation).copy_memory()


def _turned_by_libvips(picture: Any, orientation: int) -> Any:
    """Apply an EXIF orientation (Exif 2.32, 4.6.4 A)."""
    if orientation in (2, 4, 5, 7):
        picture = picture.fliphor()
    turn = {3: "d180", 4: "d180", 5: "d270", 6: "d90", 7: "d90", 8: "d270"}.get(orientation)
    return picture.rot(turn) if turn else picture


def _marked_by_libvips(vips: Any, picture: Any, order: _Order) -> Any:
    tile = draw_mark_tile(order.mark, picture.width, order.font_paths)
    stamp = vips.Image.new_from_memory(tile.tobytes(), tile.width, tile.height, 4, "uchar").copy(
        interpretation="srgb"
    )
    stamp = stamp.replicate(
        -(-picture.width // tile.width), -(-picture.height // tile.height)
    ).crop(0, 0, picture.width, picture.height)
    marked = picture.colourspace("srgb").composite2(stamp, "over").flatten()
    return marked.colourspace(picture.interpretation).cast("uchar").copy_memory()


# --- Pillow ----------------------------------------------------------------------------------

#: sRGB of the eight overprints of cyan, magenta and yellow on coated paper, cyan
#: changing fastest, without black ink and under full black; as libvips' built-in
#: press profile has them.
_OVERPRINTS: Final = (
    (255, 255, 255),
    (0, 156, 228),
    (234, 23, 133),
    (48, 36, 123),
    (255, 240, 0),
    (0, 143, 63),
    (232, 31, 42),
    (48, 39, 55),
)
_OVERPRINTS_UNDER_BLACK: Final = (
    (41, 35, 43),
    (22, 31, 42),
    (40, 24, 40),
    (25, 25, 37),
    (40, 35, 37),
    (22, 26, 35),
    (43, 27, 40),
    (33, 33, 44),
)


def _write_with_pillow(order: _Order) -> _Written:
    try:
        picture = _open_with_pillow(order)
        for size in order.sizes:
            if picture.size != size:
                picture = picture.resize(size, Image.Resampling.LANCZOS)
            finished = _marked_by_pillow(picture, order) if order.mark else picture
            for rendition_format, path in _targets(order, size):
                if rendition_format == "jpeg":
                    finished.save(
                        path, "JPEG", quality=JPEG_QUALITY, progressive=True, optimize=True
                    )
                else:
                    finished.save(path, "WEBP", quality=WEBP_QUALITY, method=WEBP_EFFORT)
                yield *size, rendition_format, path
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise RenditionFailed(str(error)) from error


def _open_with_pillow(order: _Order) -> Image.Image:
    """The largest rendition as pixels in memory: grey or sRGB, 8 bits, turned, opaque."""
    facts = order.facts
    width, height = order.sizes[0]
    if facts.orientation >= 5 and facts.format != "tiff":
        width, height = height, width
    with order.source.open("rb") as file, open_image(file, facts.format) as opened:
        opened.seek(order.page if facts.format == "tiff" else 0)
        # A JPEG is decoded at 1/2, 1/4 or 1/8 where that is still large enough.
        opened.draft(None, (width, height))
        opened.load()
        profile = opened.info.get("icc_profile")
        picture = _without_palette(opened)
        picture = picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
    picture = _laid_on_paper(_in_8_bits(picture))
    picture = _in_srgb(picture, profile)
    # Pillow turns a TIFF itself while loading it.
    turn = _TRANSPOSITIONS.get(facts.orientation) if facts.format != "tiff" else None
    return picture.transpose(turn) if turn is not None else picture


_TRANSPOSITIONS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _without_palette(picture: Image.Image) -> Image.Image:
    """Palettes and single bits cannot be averaged: spread them before shrinking."""
    if picture.mode == "1":
        return picture.convert("L")
    if picture.mode in ("P", "PA") or "transparency" in picture.info:
        return picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    if picture.mode in ("RGBX", "YCbCr"):
        return picture.convert("RGB")
    return picture


def _in_8_bits(picture: Image.Image) -> Image.Image:
    if not picture.mode.startswith("I;16"):
        return picture
    # convert("L") alone clips at 255, which turns a 16-bit scan white.
    return picture.point(lambda value: value * (1 / 256)).convert("L")


def _laid_on_paper(picture: Image.Image) -> Image.Image:
    if picture.mode not in ("RGBA", "LA"):
        return picture
    mode = picture.mode[:-1]
    paper = Image.new(mode, picture.size, PAPER if mode == "RGB" else PAPER[0])
    paper.paste(picture.convert(mode), mask=picture.getchannel("A"))
    return paper


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """sRGB by the embedded profile where it is usable, else by a sane default."""
    if picture.mode == "L":
        return picture
    if profile:
        try:
            converted = ImageCms.profileToProfile(
                picture,
                ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
                outputMode="RGB",
            )
        except (ImageCms.PyCMSError, OSError):
            converted = None  # a broken profile, or one for other channels
        if converted is not None:
            return converted
    return _printed_on_paper(picture) if picture.mode == "CMYK" else picture


def _printed_on_paper(picture: Image.Image) -> Image.Image:
    """CMYK without a profile, by the colours that overprinted dots mix to (Neugebauer).

    Pillow's own conversion takes cyan ink for pure (0, 255, 255): scans turn garish.
    """
    cyan, magenta, yellow, black = picture.split()
    # RGB here only names three channels: the tables take inks to light.
    inks = Image.merge("RGB", (cyan, magenta, yellow))
    without, under = (
        inks.filter(
            ImageFilter.Color3DLUT(2, [tuple(part / 255 for part in colour) for colour in table])
        )
        for table in (_OVERPRINTS, _OVERPRINTS_UNDER_BLACK)
    )
    return Image.composite(under, without, black)


def _marked_by_pillow(picture: Image.Image, order: _Order) -> Image.Image:
    tile = draw_mark_tile(order.mark, picture.width, order.font_paths)
    marked = picture.convert("RGB")
    for top in range(0, picture.height, tile.height):
        for left in range(0, picture.width, tile.width):
            marked.paste(tile, (left, top), tile)
    return marked.convert(picture.mode)


_ENGINES: Final[dict[Engine, Callable[[_Order], _Written]]] = {
    "libvips": _write_with_libvips,
    "pillow": _write_with_pillow,
}
