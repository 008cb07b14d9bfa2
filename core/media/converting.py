"""The child process in which strangers' photos and PDFs are decoded.

libheif and pdfium are native code fed by whoever sends a file; what breaks in them
breaks here, in a process with little memory and little time which is started for one
file and knows no secret. :mod:`core.media.conversion` starts it and judges its answer.

This module is started by its name and imports neither Django nor the models, so that
it runs within a fifth of a second.
"""

from __future__ import annotations

import io
import json
import signal
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal

from core.lifeline import end_with_parent

#: Names of what the child writes into the folder it is given.
ANSWER: Final = "answer.json"
PHOTO: Final = "photo.jpg"

#: Quality of the JPEGs, which become the originals kept in the library: as good as a
#: phone's or a scanner's own, with a colour for every pixel, for red seals on black type.
PHOTO_QUALITY: Final = 92
PAGE_QUALITY: Final = 90
SUBSAMPLING: Final = "4:4:4"

#: pdfium's reasons to refuse a document: it asks for a password, or is locked in a way
#: that pdfium does not know (fpdfview.h: FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY).
_LOCKED: Final = (4, 5)
_POINTS_PER_INCH: Final = 72
_PAPER: Final = (255, 255, 255)
_RED, _GREEN, _BLUE = b"rXYZ", b"gXYZ", b"bXYZ"

#: The primaries of colour spaces that are told by number (ITU-T H.273, table 2), as XYZ
#: adapted to D50: what the profile of such a space says. Number 1 is that of sRGB.
_PRIMARIES: Final = {
    12: {  # Display P3
        _RED: (0.51512, 0.24120, -0.00105),
        _GREEN: (0.29198, 0.69225, 0.04189),
        _BLUE: (0.15710, 0.06657, 0.78407),
    },
    9: {  # Rec. 2020
        _RED: (0.67346, 0.27904, -0.00193),
        _GREEN: (0.16566, 0.67535, 0.02999),
        _BLUE: (0.12505, 0.04561, 0.79685),
    },
}


@dataclass(frozen=True)
class Order:
    """What the child is asked to do, and with how much.

    ``task`` is the photo of ``source`` as :data:`PHOTO`, the number of pages, or the
    pages from ``first`` (counted from 0) to ``beyond`` as "0001.jpg" and so on, all
    in ``folder``. Memory and file size in bytes, time in seconds of the processor.
    """

    task: Literal["photo", "count", "pages"]
    source: str
    folder: str
    parent: int
    memory: int
    file_size: int
    seconds: int
    max_pixels: int = 0
    dots_per_inch: int = 0
    longest_side: int = 0
    first: int = 0
    beyond: int = 0

    def as_argument(self) -> str:
        """This order as one argument of a command."""
        return json.dumps(asdict(self))


class Refused(Exception):
    """The file is refused: a code of the vetting module and what fills its sentence."""

    def __init__(self, code: str, **params: int) -> None:
        super().__init__(code)
        self.answer: dict[str, Any] = {"refused": code, "params": params}


def page_name(index: int) -> str:
    """The file name of the page with this index, counted from 0."""
    return f"{index + 1:04}.jpg"


def hold_to_limits(order: Order) -> None:
    """End with the parent, leave no core dump, and take no more than ``order`` allows.

    Only Linux keeps such limits reliably; elsewhere there is the parent's patience alone.
    """
    # By the signal that cannot be swallowed: native code may have hung.
    end_with_parent(order.parent, by=signal.SIGKILL)
    if not sys.platform.startswith("linux"):
        return
    # Not to be found on Windows.
    import resource

    for limit, amount in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, order.memory),
        (resource.RLIMIT_FSIZE, order.file_size),
        (resource.RLIMIT_CPU, order.seconds),
    ):
        _soft, most = resource.getrlimit(limit)
        # What the whole server is held to can only be lowered.
        allowed = amount if most == resource.RLIM_INFINITY else min(amount, most)
        resource.setrlimit(limit, (allowed, allowed))


# --- Photos ----------------------------------------------------------------------------------


def convert_photo(order: Order) -> dict[str, Any]:
    """Write the photo as JPEG; an empty answer. Raises :class:`Refused`."""
    import pillow_heif

    # The machine serves pages as well.
    pillow_heif.options.DECODE_THREADS = 1
    # Nothing but the photo is looked at: what phones store beside it cannot do harm.
    pillow_heif.options.THUMBNAILS = False
    pillow_heif.options.DEPTH_IMAGES = False
    pillow_heif.options.AUX_IMAGES = False
    pictures = pillow_heif.open_heif(order.source)
    photo = pictures[pictures.primary_index]
    _refuse_by_pixels(photo.size, order.max_pixels)
    photo.load()
    # The decoder has the last word on the size.
    _refuse_by_pixels(photo.size, order.max_pixels)
    picture = _pixels_of(photo)
    notes: dict[str, Any] = photo.info
    profile = notes.get("icc_profile") or _profile_by_number(notes.get("nclx_profile"))
    del photo, pictures
    picture = _as_srgb(picture, profile)
    # The conversion notes the profile it ended in, and Pillow would write it.
    picture.info.clear()
    picture.save(Path(order.folder, PHOTO), "JPEG", quality=PHOTO_QUALITY, subsampling=SUBSAMPLING)
    return {}


def _refuse_by_pixels(size: tuple[int, int], max_pixels: int) -> None:
    width, height = size
    if width * height > max_pixels:
        raise Refused("too-many-pixels", width=width, height=height, limit=max_pixels // 1_000_000)


def _pixels_of(photo: Any) -> Any:
    """The photo as Pillow's grey or RGB image without any metadata, laid on paper.

    libheif has turned it upright as the file's own properties say. The orientation in
    EXIF repeats these and is not to be followed (ISO/IEC 23008-12, 6.5.10 and A.2.1).
    """
    from PIL import Image

    if photo.mode.startswith("I;16"):
        # Little-endian: of every two bytes the second one weighs more. Pillow would cut.
        return Image.frombytes("L", photo.size, bytes(photo.data[1::2]))
    picture = Image.frombytes(photo.mode, photo.size, photo.data, "raw", photo.mode, photo.stride)
    if not photo.has_alpha:
        return picture
    opaque = Image.new("RGB", picture.size, _PAPER)
    opaque.paste(picture.convert("RGBA"), mask=picture.getchannel(3))
    return opaque


def _profile_by_number(numbers: dict[str, Any] | None) -> bytes | None:
    """A profile for a colour space that is told by number; None for sRGB and unknown ones."""
    from PIL import ImageCms

    primaries = _PRIMARIES.get((numbers or {}).get("color_primaries", 0))
    if primaries is None:
        return None
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    # ICC.1:2022, 7.3: the table of tags stands after the header of 128 bytes.
    for index in range(int.from_bytes(profile[128:132], "big")):
        name, start = bytes(profile[132 + 12 * index :][:4]), 136 + 12 * index
        if name in primaries:
            place = int.from_bytes(profile[start : start + 4], "big") + 8
            profile[place : place + 12] = b"".join(
                round(value * 65_536).to_bytes(4, "big", signed=True) for value in primaries[name]
            )
    return bytes(profile)


def _as_srgb(picture: Any, profile: bytes | None) -> Any:
    """The picture in sRGB; as it is where its profile is missing or makes no sense."""
    from PIL import ImageCms

    if profile is None:
        return picture
    srgb = ImageCms.createProfile("sRGB")
    # In place where it can be, for a large photo fills half of the memory there is.
    in_place = picture.mode == "RGB"
    try:
        converted = ImageCms.profileToProfile(
            picture, io.BytesIO(profile), srgb, outputMode="RGB", inPlace=in_place
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
    return picture if in_place else converted


# --- PDFs ------------------------------------------------------------------------------------


def count_pages(order: Order) -> dict[str, Any]:
    """Answer how many pages there are. Raises :class:`Refused`."""
    with _open_pdf(order.source) as document:
        return {"pages": len(document)}


def draw_pages(order: Order) -> dict[str, Any]:
    """Write the pages asked for as JPEG; an empty answer. Raises :class:`Refused`."""
    with _open_pdf(order.source) as document:
        # What stands in fields: the seals and signatures of signed documents are fields.
        document.init_forms()
        for index in range(order.first, order.beyond):
            _draw_page(document, index, order)
    return {}


def _open_pdf(source: str) -> Any:
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        raise Refused("pdf-encrypted" if error.err_code in _LOCKED else "pdf-damaged") from error


def _draw_page(document: Any, index: int, order: Order) -> None:
    """Draw one page, turned as it says, with its annotations, on white."""
    page = document[index]
    scale = min(
        order.dots_per_inch / _POINTS_PER_INCH,
        # Less a little, because the sides are rounded up.
        (order.longest_side - 0.01) / max(1, *page.get_size()),
    )
    bitmap = page.render(scale=scale, rev_byteorder=True, fill_color=(*_PAPER, 255))
    bitmap.to_pil().convert("RGB").save(
        Path(order.folder, page_name(index)), "JPEG", quality=PAGE_QUALITY, subsampling=SUBSAMPLING
    )
    bitmap.close()
    page.close()


TASKS: Final = {"photo": convert_photo, "count": count_pages, "pages": draw_pages}
"""What each task of an order is done by."""


def main(argument: str) -> None:
    """Do what the order in ``argument`` asks; the answer is a file in its folder.

    Whatever goes wrong otherwise ends the process with an error, which the parent sees.
    """
    order = Order(**json.loads(argument))
    hold_to_limits(order)
    try:
        answer = TASKS[order.task](order)
    except Refused as refused:
        answer = refused.answer
    except MemoryError:
        answer = Refused("took-too-long").answer
    Path(order.folder, ANSWER).write_text(json.dumps(answer))


if __name__ == "__main__":
    main(sys.argv[1])
