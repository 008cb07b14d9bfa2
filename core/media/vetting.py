"""Is this file one we accept? Decided from its bytes, never from its name.

Two doors: :func:`vet_image` for pictures and :func:`vet_document` for everything
an editor attaches. Both read the header and the structure of the file and raise
:class:`MediaRefused` with a message an editor can act upon. Neither decodes a
picture nor unpacks an archive, so a tiny file that claims to be enormous costs
milliseconds and no memory.

What vetting does not promise: bytes damaged in the *middle* of a picture are
found only by the full decode that makes the renditions, in the upload task.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import BinaryIO, Final, Literal

import filetype
from django.utils.translation import gettext_lazy as _
from PIL import ExifTags, Image, ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import ImageFileDirectory_v2, TiffImageFile

ImageFormat = Literal["jpeg", "png", "webp", "tiff"]
ColourSpace = Literal["grey", "rgb", "cmyk"]

#: Pixels in one frame. The largest flatbed of an archive (A2 at 400 dpi) gives
#: 62 megapixels, a repro camera 100; beyond that it is a mistake or an attack.
MAX_PIXELS: Final = 120_000_000
#: Pixels along one side: the JPEG format ends at 65,535.
MAX_SIDE: Final = 65_500
#: Bytes of one upload. An uncompressed 16-bit TIFF of 50 megapixels is 300 MB.
MAX_BYTES: Final = 300 * 1024 * 1024
#: Pages in one multi-page TIFF.
MAX_FRAMES: Final = 400
#: Entries and unpacked bytes an office document may declare.
MAX_ARCHIVE_ENTRIES: Final = 10_000
MAX_ARCHIVE_BYTES: Final = 1024 * 1024 * 1024

_CHUNK: Final = 1024 * 1024
#: What Pillow's plugins raise at a header that makes no sense.
_NONSENSE: Final = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    struct.error,
)

#: Why a file is refused: code → sentence for the editor, which says what to do.
REFUSALS: Final = {
    "empty": _("The file is empty (0 bytes). Choose the file again and upload it once more."),
    "too-big": _(
        "The file has %(size)s MB; at most %(limit)s MB are accepted. "
        "Make a smaller file and upload that."
    ),
    "not-an-image": _(
        "This file is not an image that can be read. Upload a JPEG, PNG, WebP or TIFF file."
    ),
    "svg": _(
        "SVG drawings are not accepted, because they can carry scripts. "
        "Export the drawing as PNG and upload that."
    ),
    "unsupported-image": _(
        "Images of this kind are not accepted. Save the image as JPEG, PNG, WebP or TIFF "
        "and upload that."
    ),
    "unsupported-pixels": _(
        "The colours of this image are stored in a way that cannot be published. "
        "Save it with 8 or 16 bits a channel in grey, RGB or CMYK and upload it once more."
    ),
    "truncated": _(
        "The file ends too early. Copy it again from the scanner or the disk "
        "and upload it once more."
    ),
    "damaged": _(
        "The file is damaged and cannot be read. Copy it again from the scanner or the disk "
        "and upload it once more."
    ),
    "too-many-pixels": _(
        "The image has %(width)s × %(height)s pixels; at most %(limit)s megapixels are "
        "accepted. Scan it at a lower resolution, or cut it into several images."
    ),
    "too-long": _(
        "The image has %(width)s × %(height)s pixels; no side may be longer than %(limit)s. "
        "Cut it into several images."
    ),
    "too-many-frames": _("The file has more than %(limit)s pages. Split it into several files."),
    "unsupported-document": _(
        "Files of this kind are not accepted. Upload a PDF, DOCX, XLSX, ODT, MP3 or MP4 file."
    ),
    "misnamed": _(
        "The file is named “%(name)s”, but its content is something else. "
        "Open it in the program it was made with, save it again as PDF, DOCX, XLSX, ODT, MP3 "
        "or MP4, and upload that."
    ),
    "macros": _(
        "The document contains macros (small programs) and is not accepted. "
        "Save it without macros, or as PDF, and upload that."
    ),
    "archive-bomb": _(
        "The document would unpack to more than is reasonable and is not accepted. "
        "Save it as PDF and upload that."
    ),
    "heic-damaged": _(
        "The photo is damaged and cannot be read. Send it from the phone once more, best as "
        "JPEG, and upload that."
    ),
    "pdf-damaged": _(
        "The PDF is damaged and its pages cannot be read. Open it, print it as a new PDF, "
        "and upload that."
    ),
    "pdf-encrypted": _(
        "The PDF is locked with a password. Open it, save it without a password, and upload that."
    ),
    "pdf-too-many-pages": _("The PDF has more than %(limit)s pages. Split it into several files."),
    "took-too-long": _(
        "Reading the file takes too much time or memory. Save it with a lower resolution "
        "or in several files, and upload those."
    ),
}


class MediaRefused(ValueError):
    """The file is not accepted.

    ``code`` is a key of :data:`REFUSALS`; ``message`` is its lazily translated
    sentence and ``params`` fill it, as in Django's ``ValidationError``, so a form
    passes all three on. ``str()`` gives the finished sentence.
    """

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.message = REFUSALS[code]
        self.params = params

    def __str__(self) -> str:
        return str(self.message) % self.params if self.params else str(self.message)


@dataclass(frozen=True)
class ImageFacts:
    """What the header of an accepted picture says.

    Width and height are pixels as a reader sees them, after the EXIF orientation
    (1 to 8) has been applied; those of the first frame unless another was asked
    for. ``mode`` is Pillow's name of the pixel layout as it decodes it, ``bits``
    the bits of one channel in the file, ``extension`` the one that fits the
    content, without a dot. ``has_profile`` tells of an embedded ICC profile.
    """

    format: ImageFormat
    mime: str
    extension: str
    width: int
    height: int
    orientation: int
    mode: str
    bits: int
    colour: ColourSpace
    has_alpha: bool
    has_profile: bool
    frames: int


@dataclass(frozen=True)
class DocumentFacts:
    """What an accepted document is: kind, mime type, fitting extension, size in bytes."""

    format: str
    mime: str
    extension: str
    size_bytes: int


def vet_image(
    file: BinaryIO,
    *,
    max_pixels: int = MAX_PIXELS,
    max_bytes: int = MAX_BYTES,
    max_frames: int = MAX_FRAMES,
) -> ImageFacts:
    """Accept a picture, or raise :class:`MediaRefused`.

    ``file`` is seekable and binary; it is left open, at its start. The limits are
    checked on the header, in this order, before anything else is read; then the
    structure is followed to its end to find out whether the file is whole.
    """
    refuse_by_size(file, max_bytes)
    facts = read_image_header(file, max_pixels=max_pixels, max_frames=max_frames)
    try:
        _COMPLETENESS[facts.format](file, facts.frames)
    except MediaRefused:
        raise
    except _NONSENSE as error:
        raise MediaRefused("damaged") from error
    finally:
        file.seek(0)
    return facts


def read_image_header(
    file: BinaryIO,
    *,
    frame: int = 0,
    max_pixels: int = MAX_PIXELS,
    max_frames: int = MAX_FRAMES,
) -> ImageFacts:
    """Facts from the header alone; completeness is not looked at.

    ``frame`` chooses the page of a multi-page TIFF whose size and colours are
    told. Every frame is held against ``max_pixels``. Raises :class:`MediaRefused`.
    """
    image_format = _sniff_image(file)
    file.seek(0)
    try:
        facts = _HEADERS[image_format](file, frame, max_pixels, max_frames)
    except MediaRefused:
        raise
    except _NONSENSE as error:
        # Pillow names a pixel layout it does not know only in the text of its error.
        unknown = "pixel mode" in str(error) or "-bit layers" in str(error)
        raise MediaRefused("unsupported-pixels" if unknown else "damaged") from error
    finally:
        file.seek(0)
    return facts


def read_size(file: BinaryIO) -> tuple[int, int]:
    """Width and height in pixels as a reader sees them, from the header alone.

    Raises :class:`MediaRefused` where :func:`read_image_header` does.
    """
    facts = read_image_header(file)
    return facts.width, facts.height


def open_image(file: BinaryIO, image_format: ImageFormat) -> ImageFile.ImageFile:
    """Pillow's lazy image of a file whose header has been vetted.

    The plugin is taken by its class: ``Image.open`` would hold the size against
    Pillow's own process-wide limit, which is neither ours nor per call, and would
    try formats we do not accept.
    """
    file.seek(0)
    if image_format == "webp":
        # Its plugin allocates the whole canvas when opened, so it is imported
        # for decoding only; headers are read by this module.
        from PIL.WebPImagePlugin import WebPImageFile

        return WebPImageFile(file)
    return _PLUGINS[image_format](file)


def vet_document(file: BinaryIO, name: str, *, max_bytes: int = MAX_BYTES) -> DocumentFacts:
    """Accept a document, or raise :class:`MediaRefused`.

    ``name`` is what the uploader called the file; it only serves the message.
    The kind, and with it the stored extension, comes from the content.
    """
    size = refuse_by_size(file, max_bytes)
    try:
        kind = _sniff_document(file, size, name)
    finally:
        file.seek(0)
    return DocumentFacts(kind, _DOCUMENT_MIMES[kind], kind, size)


# --- Shared ---------------------------------------------------------------------------------


def refuse_by_size(file: BinaryIO, max_bytes: int) -> int:
    """The size of ``file`` in bytes, which is left at its start.

    Raises :class:`MediaRefused` where it is empty or has more than ``max_bytes``.
    """
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if size == 0:
        raise MediaRefused("empty")
    if size > max_bytes:
        megabyte = 1024 * 1024
        raise MediaRefused("too-big", size=-(-size // megabyte), limit=max_bytes // megabyte)
    return size


def _size_of(file: BinaryIO) -> int:
    return file.seek(0, io.SEEK_END)


def _read_exactly(file: BinaryIO, count: int) -> bytes:
    data = file.read(count)
    if len(data) < count:
        raise MediaRefused("truncated")
    return data


# --- Pictures: headers -----------------------------------------------------------------------

_IMAGE_MAGIC: Final[tuple[tuple[bytes, ImageFormat], ...]] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"II+\x00", "tiff"),
    (b"MM\x00+", "tiff"),
)

#: Format → mime type and extension of the stored file.
_IMAGE_KINDS: Final[dict[ImageFormat, tuple[str, str]]] = {
    "jpeg": ("image/jpeg", "jpg"),
    "png": ("image/png", "png"),
    "webp": ("image/webp", "webp"),
    "tiff": ("image/tiff", "tif"),
}

_PLUGINS: Final[dict[str, Callable[[BinaryIO], ImageFile.ImageFile]]] = {
    "jpeg": JpegImageFile,
    "png": PngImageFile,
    "tiff": TiffImageFile,
}

#: Pillow's pixel layouts that can be published, with what they hold.
_COLOURS: Final[dict[str, ColourSpace]] = {
    "1": "grey",
    "L": "grey",
    "LA": "grey",
    "I;16": "grey",
    "I;16B": "grey",
    "I;16L": "grey",
    "P": "rgb",
    "PA": "rgb",
    "RGB": "rgb",
    "RGBX": "rgb",
    "RGBA": "rgb",
    "YCbCr": "rgb",
    "CMYK": "cmyk",
}


def _sniff_image(file: BinaryIO) -> ImageFormat:
    file.seek(0)
    head = file.read(4096)
    for magic, image_format in _IMAGE_MAGIC:
        if head.startswith(magic):
            return image_format
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if b"<svg" in head.lower():
        raise MediaRefused("svg")
    guess = filetype.guess(head)
    if guess is not None and guess.mime.startswith("image/"):
        raise MediaRefused("unsupported-image")
    raise MediaRefused("not-an-image")


def _refuse_by_pixels(width: int, height: int, max_pixels: int) -> None:
    if width < 1 or height < 1:
        raise MediaRefused("damaged")
    if width * height > max_pixels:
        raise MediaRefused(
            "too-many-pixels", width=width, height=height, limit=max_pixels // 1_000_000
        )
    if max(width, height) > MAX_SIDE:
        raise MediaRefused("too-long", width=width, height=height, limit=MAX_SIDE)


def _facts(
    image_format: ImageFormat,
    size: tuple[int, int],
    *,
    mode: str,
    bits: int,
    orientation: int,
    has_alpha: bool,
    has_profile: bool,
    frames: int = 1,
) -> ImageFacts:
    if mode not in _COLOURS:
        raise MediaRefused("unsupported-pixels")
    turn = orientation if 1 <= orientation <= 8 else 1
    # Orientations 5 to 8 lay the picture on its side.
    width, height = reversed(size) if turn >= 5 else size
    mime, extension = _IMAGE_KINDS[image_format]
    return ImageFacts(
        format=image_format,
        mime=mime,
        extension=extension,
        width=width,
        height=height,
        orientation=turn,
        mode=mode,
        bits=bits,
        colour=_COLOURS[mode],
        has_alpha=has_alpha,
        has_profile=has_profile,
        frames=frames,
    )


def _orientation_in(exif_bytes: bytes | None) -> int:
    """The orientation in a block of EXIF; 1 where there is none or it is broken.

    Cameras write broken EXIF often enough; it never makes a good picture unusable.
    """
    exif = Image.Exif()
    try:
        exif.load(exif_bytes or b"")
        return int(exif.get(ExifTags.Base.Orientation, 1))
    except _NONSENSE:
        return 1


def _jpeg_header(file: BinaryIO, frame: int, max_pixels: int, max_frames: int) -> ImageFacts:
    del frame, max_frames  # one picture a file
    with JpegImageFile(file) as image:
        _refuse_by_pixels(*image.size, max_pixels)
        return _facts(
            "jpeg",
            image.size,
            mode=image.mode,
            bits=8,
            orientation=_orientation_in(image.info.get("exif")),
            has_alpha=False,
            has_profile="icc_profile" in image.info,
        )


def _png_header(file: BinaryIO, frame: int, max_pixels: int, max_frames: int) -> ImageFacts:
    del frame, max_frames  # of an animation the first frame is shown
    # The size stands first, before any chunk a plugin would store.
    head = _read_exactly(file, 26)
    width, height, bits, _colour_type = struct.unpack(">IIBB", head[16:26])
    _refuse_by_pixels(width, height, max_pixels)
    file.seek(0)
    with PngImageFile(file) as image:
        return _facts(
            "png",
            (width, height),
            mode=image.mode,
            bits=bits,
            orientation=_orientation_in(image.info.get("exif")),
            has_alpha="A" in image.mode or "transparency" in image.info,
            has_profile="icc_profile" in image.info,
        )


def _tiff_header(file: BinaryIO, frame: int, max_pixels: int, max_frames: int) -> ImageFacts:
    with TiffImageFile(file) as image:
        chosen: ImageFacts | None = None
        frames = 0
        for frames, tags in enumerate(_tiff_frames(image, max_frames), start=1):
            size = tags[ExifTags.Base.ImageWidth], tags[ExifTags.Base.ImageLength]
            _refuse_by_pixels(*size, max_pixels)
            facts = _facts(
                "tiff",
                size,
                mode=image.mode,
                bits=max(tags.get(ExifTags.Base.BitsPerSample) or (1,)),
                orientation=tags.get(ExifTags.Base.Orientation, 1),
                has_alpha="A" in image.mode,
                has_profile=ExifTags.Base.InterColorProfile in tags,
            )
            if frames - 1 == frame:
                chosen = facts
    if chosen is None:
        raise MediaRefused("damaged")
    return replace(chosen, frames=frames)


def _tiff_frames(image: TiffImageFile, max_frames: int) -> Iterator[ImageFileDirectory_v2]:
    """The tags of every frame; Pillow ends a chain that runs in a circle."""
    for index in range(max_frames + 1):
        try:
            image.seek(index)
        except EOFError:
            return
        if index == max_frames:
            raise MediaRefused("too-many-frames", limit=max_frames)
        yield image.tag_v2


def _webp_header(file: BinaryIO, frame: int, max_pixels: int, max_frames: int) -> ImageFacts:
    """Read the container's chunks (WebP Container Specification, RFC 9649 section 2)."""
    del frame, max_frames  # of an animation the first frame is shown
    size: tuple[int, int] | None = None
    has_alpha = has_profile = False
    orientation = 1
    for kind, length in _webp_chunks(file):
        if kind == b"VP8X":
            flags, width, height = struct.unpack("<B3x3s3s", _read_exactly(file, 10))
            size = int.from_bytes(width, "little") + 1, int.from_bytes(height, "little") + 1
            has_alpha = bool(flags & 0x10)
        elif kind == b"VP8L" and size is None:
            bits = struct.unpack("<xI", _read_exactly(file, 5))[0]
            size = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
            has_alpha = bool(bits >> 28 & 1)
        elif kind == b"VP8 " and size is None:
            width, height = struct.unpack("<6xHH", _read_exactly(file, 10))
            size = width & 0x3FFF, height & 0x3FFF
        elif kind == b"ICCP":
            has_profile = True
        elif kind == b"EXIF":
            orientation = _orientation_in(file.read(length))
        if size is not None:
            _refuse_by_pixels(*size, max_pixels)
    if size is None:
        raise MediaRefused("damaged")
    return _facts(
        "webp",
        size,
        mode="RGBA" if has_alpha else "RGB",
        bits=8,
        orientation=orientation,
        has_alpha=has_alpha,
        has_profile=has_profile,
    )


def _webp_chunks(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Kind and length of each chunk, the file standing at its first byte of content."""
    end = _size_of(file)
    position = 12
    while position + 8 <= end:
        file.seek(position)
        kind, length = struct.unpack("<4sI", file.read(8))
        yield kind, length
        position += 8 + length + length % 2


_HEADERS: Final[dict[ImageFormat, Callable[[BinaryIO, int, int, int], ImageFacts]]] = {
    "jpeg": _jpeg_header,
    "png": _png_header,
    "tiff": _tiff_header,
    "webp": _webp_header,
}


# --- Pictures: is the file whole? ------------------------------------------------------------


def _jpeg_is_whole(file: BinaryIO, frames: int) -> None:
    """There is a start of scan, and an end of image somewhere after it.

    Inside a scan the encoder never writes FF D9, so a file cut anywhere has none.
    What phones append after the end does not matter.
    """
    file.seek(2)
    while True:
        marker = _read_exactly(file, 2)
        if marker[0] != 0xFF:
            raise MediaRefused("damaged")
        if marker[1] == 0xFF:  # padding before a marker
            file.seek(-1, io.SEEK_CUR)
            continue
        length = struct.unpack(">H", _read_exactly(file, 2))[0]
        file.seek(length - 2, io.SEEK_CUR)
        if marker[1] == 0xDA:
            break
    last = b""
    while chunk := file.read(_CHUNK):
        if b"\xff\xd9" in last + chunk:
            return
        last = chunk[-1:]
    raise MediaRefused("truncated")


def _png_is_whole(file: BinaryIO, frames: int) -> None:
    """Every chunk is there with its checksum, up to the end chunk."""
    file.seek(0)
    size = _size_of(file)
    file.seek(max(0, size - _CHUNK))
    if b"IEND" not in file.read():
        raise MediaRefused("truncated")
    file.seek(0)
    try:
        PngImageFile(file).verify()
    except (OSError, SyntaxError, ValueError, struct.error) as error:
        raise MediaRefused("damaged") from error


def _tiff_is_whole(file: BinaryIO, frames: int) -> None:
    """Every strip or tile of every frame lies inside the file."""
    end = _size_of(file)
    file.seek(0)
    with TiffImageFile(file) as image:
        for tags in _tiff_frames(image, frames):
            offsets = tags.get(ExifTags.Base.StripOffsets) or tags.get(ExifTags.Base.TileOffsets)
            counts = tags.get(ExifTags.Base.StripByteCounts) or tags.get(
                ExifTags.Base.TileByteCounts
            )
            if not offsets or not counts or len(offsets) != len(counts):
                raise MediaRefused("damaged")
            if any(start + count > end for start, count in zip(offsets, counts, strict=True)):
                raise MediaRefused("truncated")


def _webp_is_whole(file: BinaryIO, frames: int) -> None:
    """The file is at least as long as its container says."""
    file.seek(4)
    if 8 + struct.unpack("<I", _read_exactly(file, 4))[0] > _size_of(file):
        raise MediaRefused("truncated")


_COMPLETENESS: Final[dict[ImageFormat, Callable[[BinaryIO, int], None]]] = {
    "jpeg": _jpeg_is_whole,
    "png": _png_is_whole,
    "tiff": _tiff_is_whole,
    "webp": _webp_is_whole,
}


# --- Documents -------------------------------------------------------------------------------

_DOCUMENT_MIMES: Final = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
}

#: The part every package of the kind has (ECMA-376 part 1, sections 11.3.10 and 12.3.23).
_OFFICE_PARTS: Final = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}

#: What no honest PDF has before its header: programs, scripts, web pages, archives.
_FOREIGN_STARTS: Final = (b"MZ", b"\x7fELF", b"#!", b"<", b"PK", b"Rar!", b"\xca\xfe\xba\xbe")


def looks_like_pdf(head: bytes) -> bool:
    """Whether a file that begins with ``head``, its first 1,024 bytes, says it is a PDF."""
    begins_otherwise = head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_FOREIGN_STARTS)
    return b"%PDF-" in head and not begins_otherwise


def _sniff_document(file: BinaryIO, size: int, name: str) -> str:
    file.seek(0)
    head = file.read(1024)
    if looks_like_pdf(head):
        _pdf_is_whole(file, size)
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return _office_kind(file, name)
    guess = filetype.guess(head)
    if guess is not None and guess.mime == "audio/mpeg":
        return "mp3"
    if guess is not None and guess.mime == "video/mp4":
        _mp4_is_whole(file, size)
        return "mp4"
    raise _wrong_kind(name)


def _wrong_kind(name: str) -> MediaRefused:
    """The right sentence for a content we do not take, by what its name promised."""
    if PurePath(name).suffix.lower().lstrip(".") in _DOCUMENT_MIMES:
        return MediaRefused("misnamed", name=PurePath(name).name)
    return MediaRefused("unsupported-document")


def _pdf_is_whole(file: BinaryIO, size: int) -> None:
    """The end marker stands in the last 2 kB (ISO 32000-1, 7.5.5, and what readers allow)."""
    file.seek(max(0, size - 2048))
    if b"%%EOF" not in file.read():
        raise MediaRefused("truncated")


def _office_kind(file: BinaryIO, name: str) -> str:
    """Tell DOCX, XLSX and ODT apart by the central directory; nothing is unpacked."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            if (
                len(entries) > MAX_ARCHIVE_ENTRIES
                or sum(entry.file_size for entry in entries) > MAX_ARCHIVE_BYTES
            ):
                raise MediaRefused("archive-bomb")
            names = {entry.filename for entry in entries}
            kind = next((kind for part, kind in _OFFICE_PARTS.items() if part in names), None)
            if kind is None and _is_open_document_text(archive, names):
                kind = "odt"
    except zipfile.BadZipFile as error:
        # The directory stands at the end: without it the file was cut.
        raise MediaRefused("truncated") from error
    except MediaRefused:
        raise
    except (*_NONSENSE, RuntimeError, zlib.error) as error:
        raise MediaRefused("damaged") from error
    if kind is None:
        raise _wrong_kind(name)
    if any(_holds_macros(entry) for entry in names):
        raise MediaRefused("macros")
    return kind


def _is_open_document_text(archive: zipfile.ZipFile, names: set[str]) -> bool:
    """ODF 1.2 part 3, section 3.3: the first entry is the mime type, stored plain."""
    mime = _DOCUMENT_MIMES["odt"].encode()
    if "mimetype" not in names or archive.getinfo("mimetype").file_size > len(mime) + 2:
        return False
    return archive.read("mimetype").strip() == mime


def _holds_macros(entry: str) -> bool:
    return entry.lower().endswith("vbaproject.bin") or entry.startswith(("Basic/", "Scripts/"))


def _mp4_is_whole(file: BinaryIO, size: int) -> None:
    """Follow the boxes at the top (ISO/IEC 14496-12, 4.2): all inside, one ``moov``."""
    kinds: set[bytes] = set()
    position = 0
    while position < size:
        file.seek(position)
        length, kind = struct.unpack(">I4s", _read_exactly(file, 8))
        if length == 1:
            length = struct.unpack(">Q", _read_exactly(file, 8))[0]
        elif length == 0:  # to the end of the file
            length = size - position
        if length < 8:
            raise MediaRefused("damaged")
        kinds.add(kind)
        position += length
    if position > size or b"moov" not in kinds:
        raise MediaRefused("truncated")
