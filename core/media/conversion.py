"""Files that become scans when they are imported: phones' photos and the pages of PDFs.

HEIC photos and PDFs are what archives are sent, and neither can be published as it is.
Both are decoded by native code that strangers' files reach, in a child process of its
own (:mod:`core.media.converting`) with limits on memory, time and what it may write.
A file that breaks the child is refused like any other that cannot be read.

What is made appears under its final name whole or not at all. What a killed server
leaves are hidden folders, ".making-" and letters, beside what was to be made and, for
the pages of a PDF that were only counted, beside the PDF. Whoever gave these places
removes them by and by, as :func:`core.media.renditions.remove_unfinished` does.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal

from core.media.converting import ANSWER, PHOTO, Order, page_name
from core.media.vetting import (
    MAX_BYTES,
    MAX_PIXELS,
    MediaRefused,
    looks_like_pdf,
    refuse_by_size,
    vet_document,
    vet_image,
)

logger = logging.getLogger(__name__)

#: Pages taken from one PDF: as many as are taken from one TIFF.
MAX_PDF_PAGES: Final = 400
#: Bytes of memory (address space) of one child. A photo of MAX_PIXELS needs 1.0 GB, a
#: page of 5,000 × 5,000 pixels 0.2 GB.
CHILD_MEMORY: Final = 1536 * 1024 * 1024
#: Seconds one child may take by the clock, and of the processor. The largest photo takes
#: 5, twenty scanned pages between 5 and 20.
CHILD_PATIENCE: Final = 180
CHILD_SECONDS: Final = 120
#: Pages one child draws: a PDF that was made to take for ever is found out early, and
#: what pdfium does not give back is given back.
PAGES_A_CHILD: Final = 20

#: The command of the child, to which the order is added.
CHILD_COMMAND: Final = (sys.executable, "-m", "core.media.converting")
#: Where the child finds this code.
_CODE: Final = Path(__file__).resolve().parents[2]
#: What it needs to find its libraries; the passwords and keys of the portal it is not told.
_ENVIRONMENT: Final = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "LANG", "SYSTEMROOT")
#: How the hidden folders begin; as those of renditions.
_UNFINISHED: Final = ".making-"
#: Characters of an answer and of an error that are read.
_SHORT: Final = 10_000

#: Brands of files whose pictures are coded as phones do it, HEVC (ISO/IEC 23008-12, B.4).
_HEIC_BRANDS: Final = frozenset(
    (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs")
)
#: Brands that tell the container only, whatever coding is in it.
_CONTAINER_BRANDS: Final = frozenset((b"mif1", b"mif2", b"msf1"))
_AVIF_BRANDS: Final = frozenset((b"avif", b"avis"))
#: Boxes without which there is no picture, and whose end tells whether the file is whole.
_NEEDED_BOXES: Final = frozenset((b"ftyp", b"meta", b"mdat", b"moov"))

#: What a child may answer instead of doing as it was asked: code → what fills its sentence.
_CHILDS_REFUSALS: Final[dict[str, tuple[str, ...]]] = {
    "too-many-pixels": ("width", "height", "limit"),
    "pdf-encrypted": (),
    "pdf-damaged": (),
    "took-too-long": (),
}

_Kind = Literal["heic", "pdf"]


def is_heic(head: bytes) -> bool:
    """Whether a file that begins with ``head`` is a phone's photo; 64 bytes are enough."""
    if len(head) < 16 or head[4:8] != b"ftyp":
        return False
    length = min(len(head), int.from_bytes(head[:4], "big"))
    major = head[8:12]
    # After the minor version: all brands the file can be read as.
    compatible = {head[place : place + 4] for place in range(16, length - 3, 4)}
    if major in _CONTAINER_BRANDS:
        return bool(compatible & _HEIC_BRANDS) or not compatible & _AVIF_BRANDS
    return major in _HEIC_BRANDS


def is_pdf(head: bytes) -> bool:
    """Whether a file that begins with ``head`` is a PDF; 1,024 bytes are enough."""
    return looks_like_pdf(head[:1024])


def heic_as_jpeg(source: Path, target: Path) -> None:
    """Make a JPEG of a phone's HEIC or HEIF photo, as it would have been sent as JPEG.

    Upright, in sRGB, without metadata (so without the place where it was taken); of
    several pictures in the file the one that programs show. An existing ``target``
    is replaced.

    :raises MediaRefused: it is no such photo, it is damaged, or it asks for too much.
    """
    with source.open("rb") as file:
        _refuse_unlike_heic(file)
    with _workshop(target.parent) as folder:
        order = _order("photo", source, folder, max_pixels=MAX_PIXELS)
        _have_done(order, "heic")
        made = folder / PHOTO
        _refuse_unlike_jpeg(made, "heic")
        made.replace(target)


def pdf_page_count(source: Path) -> int:
    """How many pages a PDF has, at least one.

    :raises MediaRefused: it is no PDF, damaged, locked by a password, or has more than
        :data:`MAX_PDF_PAGES` pages.
    """
    with source.open("rb") as file:
        if vet_document(file, source.name).format != "pdf":
            raise MediaRefused("pdf-damaged")
    with _workshop(source.parent) as folder:
        answer = _have_done(_order("count", source, folder), "pdf")
    pages = answer.get("pages")
    if not isinstance(pages, int) or pages < 1:
        raise MediaRefused("pdf-damaged")
    if pages > MAX_PDF_PAGES:
        raise MediaRefused("pdf-too-many-pages", limit=MAX_PDF_PAGES)
    return pages


def pdf_pages(
    source: Path,
    folder: Path,
    *,
    dots_per_inch: int = 200,
    longest_side: int = 5000,
    before_drawing: Callable[[int], None] = lambda _pages_left: None,
) -> list[Path]:
    """Draw each page of a PDF on white as "0001.jpg" and so on; the paths in their order.

    Turned as the pages say, with their annotations, fields and seals. ``folder`` is made;
    files of these names in it are replaced, others left alone.

    :param dots_per_inch: resolution, unless that makes a side longer than allowed.
    :param longest_side: pixels of the longer side of a page at most.
    :param before_drawing: called with the number of pages still to be drawn, once for all
        of them and again before each :data:`PAGES_A_CHILD`: what it raises ends the
        work, and nothing is left.
    :raises MediaRefused: as :func:`pdf_page_count`, or a page cannot be drawn.
    """
    count = pdf_page_count(source)
    with _workshop(folder.parent) as workshop:
        for first in range(0, count, PAGES_A_CHILD):
            before_drawing(count - first)
            beyond = min(count, first + PAGES_A_CHILD)
            order = _order(
                "pages",
                source,
                workshop,
                dots_per_inch=dots_per_inch,
                longest_side=longest_side,
                first=first,
                beyond=beyond,
            )
            _have_done(order, "pdf")
        names = [page_name(index) for index in range(count)]
        for name in names:
            _refuse_unlike_jpeg(workshop / name, "pdf")
        folder.mkdir(parents=True, exist_ok=True)
        return [(workshop / name).replace(folder / name) for name in names]


# --- Before the child ------------------------------------------------------------------------


def _refuse_unlike_heic(file: BinaryIO) -> None:
    """What can be told without decoding: kind, size, and whether the file was cut."""
    size = refuse_by_size(file, MAX_BYTES)
    if not is_heic(file.read(64)):
        raise MediaRefused("not-an-image")
    position = 0
    while position + 16 <= size:
        file.seek(position)
        head = file.read(16)
        length, kind = int.from_bytes(head[:4], "big"), head[4:8]
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        # Some phones append what is no box at all; whatever it is, the photo is whole.
        if kind not in _NEEDED_BOXES and (length < 8 or position + length > size):
            return
        if length == 0:  # to the end of the file
            return
        if position + length > size:
            raise MediaRefused("truncated")
        if length < 8:
            raise MediaRefused("heic-damaged")
        position += length


# --- The child -------------------------------------------------------------------------------


@contextmanager
def _workshop(beside: Path) -> Iterator[Path]:
    """A hidden folder in ``beside``, so on its file system; removed however it ends."""
    beside.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=beside))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _order(
    task: Literal["photo", "count", "pages"], source: Path, folder: Path, **more: int
) -> Order:
    return Order(
        task=task,
        source=str(source.resolve()),
        folder=str(folder.resolve()),
        parent=os.getpid(),
        memory=CHILD_MEMORY,
        # What would be larger could not be taken into the library anyway.
        file_size=MAX_BYTES,
        seconds=CHILD_SECONDS,
        **more,
    )


def _have_done(order: Order, kind: _Kind) -> dict[str, Any]:
    """Have a child carry out ``order``; its answer. Raises :class:`MediaRefused`.

    It dies with the thread that waits here, so with this process.
    """
    errors = Path(order.folder, "errors.txt")
    with errors.open("wb") as error_file:
        try:
            ended = subprocess.run(
                [*CHILD_COMMAND, order.as_argument()],
                cwd=_CODE,
                env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=error_file,
                timeout=CHILD_PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise MediaRefused("took-too-long") from error
    if ended.returncode != 0:
        # For whoever looks after the server; the editor is told what to do about the file.
        with errors.open("rb") as error_file:
            error_file.seek(max(0, errors.stat().st_size - _SHORT))
            tail = error_file.read().decode(errors="replace")
        logger.warning("A %s could not be converted (%s): %s", kind, ended.returncode, tail)
        raise _refusal_of(ended.returncode, kind)
    return _answer_of(order, kind)


def _refusal_of(returncode: int, kind: _Kind) -> MediaRefused:
    """Why a child ended with an error; a negative code is the signal that ended it."""
    # SIGXCPU (24 on Linux) is the system's "too long"; the hard limit kills with SIGKILL.
    return MediaRefused("took-too-long" if returncode in (-24, -9) else f"{kind}-damaged")


def _answer_of(order: Order, kind: _Kind) -> dict[str, Any]:
    """The child's answer. Nothing in it is trusted: a stranger's file may have written it."""
    try:
        with Path(order.folder, ANSWER).open(encoding="utf-8") as file:
            answer = json.loads(file.read(_SHORT))
    except (OSError, ValueError) as error:
        raise MediaRefused(f"{kind}-damaged") from error
    if not isinstance(answer, dict):
        raise MediaRefused(f"{kind}-damaged")
    code, params = answer.get("refused"), answer.get("params")
    if code is None:
        return answer
    names = _CHILDS_REFUSALS.get(code) if isinstance(code, str) else None
    if names is None or not isinstance(params, dict):
        raise MediaRefused(f"{kind}-damaged")
    numbers = {name: params.get(name) for name in names}
    raise MediaRefused(
        code, **{name: value if isinstance(value, int) else 0 for name, value in numbers.items()}
    )


def _refuse_unlike_jpeg(made: Path, kind: _Kind) -> None:
    """What the child made is a whole JPEG and nothing else, as any upload has to be."""
    if made.is_symlink() or not made.is_file():
        raise MediaRefused(f"{kind}-damaged")
    try:
        with made.open("rb") as file:
            is_jpeg = vet_image(file).format == "jpeg"
    except MediaRefused as refused:
        # The disk is full, or the picture larger than any that is accepted.
        logger.warning("What was made of a %s is not whole: %s", kind, refused.code)
        is_jpeg = False
    if not is_jpeg:
        raise MediaRefused(f"{kind}-damaged")
