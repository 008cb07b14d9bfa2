"""Small files for the tests of media intake, made in memory; all content is synthetic.

Every function returns the bytes of one file. Pictures show four quarters of
known colours (:data:`QUARTERS`), so that turning, mirroring and colour
conversion can be read off a few pixels.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any, Final

from PIL import ExifTags, Image, ImageCms

#: Top left, top right, bottom left, bottom right.
QUARTERS: Final = ((200, 40, 40), (40, 160, 60), (40, 60, 190), (230, 220, 200))


def quarters(width: int = 800, height: int = 600) -> Image.Image:
    """A picture of four coloured quarters, as seen upright."""
    picture = Image.new("RGB", (width, height))
    half = width // 2, height // 2
    for index, colour in enumerate(QUARTERS):
        left, top = (index % 2) * half[0], (index // 2) * half[1]
        picture.paste(colour, (left, top, width, height))
    return picture


def encoded(picture: Image.Image, image_format: str, **options: Any) -> bytes:
    """The picture in Pillow's format of that name."""
    buffer = io.BytesIO()
    picture.save(buffer, image_format, **options)
    return buffer.getvalue()


def jpeg(width: int = 800, height: int = 600, **options: Any) -> bytes:
    """An ordinary RGB JPEG of four quarters."""
    return encoded(quarters(width, height), "JPEG", **{"quality": 92, **options})


def png(width: int = 800, height: int = 600) -> bytes:
    """An ordinary RGB PNG of four quarters."""
    return encoded(quarters(width, height), "PNG")


def webp(width: int = 800, height: int = 600, **options: Any) -> bytes:
    """An ordinary lossy WebP of four quarters."""
    return encoded(quarters(width, height), "WEBP", **options)


def tiff(width: int = 800, height: int = 600, **options: Any) -> bytes:
    """An RGB TIFF of four quarters, uncompressed unless told otherwise."""
    return encoded(quarters(width, height), "TIFF", **options)


def oriented_jpeg(orientation: int, width: int = 800, height: int = 600) -> bytes:
    """Four quarters stored so that applying ``orientation`` (EXIF 1 to 8) shows them upright."""
    stored = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }.get(orientation)
    picture = quarters(width, height)
    return encoded(
        picture.transpose(stored) if stored is not None else picture,
        "JPEG",
        quality=92,
        exif=exif({ExifTags.Base.Orientation: orientation}),
    )


def exif(tags: Mapping[int, Any]) -> Image.Exif:
    """A block of EXIF with these tags."""
    block = Image.Exif()
    block.update(tags)
    return block


def jpeg_with_metadata() -> bytes:
    """A JPEG with a camera's name, a position, XMP, a comment and an sRGB profile."""
    tags = exif({ExifTags.Base.Make: "MAY-ANH-MAU", ExifTags.Base.Artist: "TAC-GIA-MAU"})
    tags.get_ifd(ExifTags.IFD.GPSInfo).update(
        {1: "N", 2: (21.0, 51.0, 0.0), 3: "E", 4: (106.0, 45.0, 0.0)}
    )
    return jpeg(
        exif=tags,
        xmp=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>GHI-CHU-XMP</x:xmpmeta>",
        comment=b"LOI-BINH-MAU",
        icc_profile=srgb_profile(),
    )


def srgb_profile() -> bytes:
    """An ICC profile of sRGB."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def swapped_profile() -> bytes:
    """An sRGB profile whose red and green primaries are exchanged.

    A picture that carries it shows green where its numbers say red, so a
    conversion that ignores the profile is seen at once.
    """
    profile = bytearray(srgb_profile())
    count = struct.unpack_from(">I", profile, 128)[0]
    for index in range(count):
        place = 132 + 12 * index
        name = bytes(profile[place : place + 4])
        exchanged = {b"rXYZ": b"gXYZ", b"gXYZ": b"rXYZ"}.get(name)
        if exchanged:
            profile[place : place + 4] = exchanged
    return bytes(profile)


def cmyk_jpeg(ink: tuple[int, int, int, int] = (255, 0, 0, 0), **options: Any) -> bytes:
    """A CMYK JPEG of one ink mixture (0 to 255 each), as a printer's scan has it."""
    return encoded(Image.new("CMYK", (800, 600), ink), "JPEG", quality=95, **options)


def grey_16_bit_png(value: int = 40_000) -> bytes:
    """A 16-bit grey PNG: left half ``value``, right half a quarter of it."""
    return encoded(_grey_16_bit(value), "PNG")


def grey_16_bit_tiff(value: int = 40_000) -> bytes:
    """A 16-bit grey TIFF: left half ``value``, right half a quarter of it."""
    return encoded(_grey_16_bit(value), "TIFF")


def _grey_16_bit(value: int) -> Image.Image:
    row = struct.pack("<H", value) * 400 + struct.pack("<H", value // 4) * 400
    return Image.frombytes("I;16", (800, 600), row * 600)


def rgb_16_bit_png(colour: tuple[int, int, int] = (51_400, 10_280, 30_840)) -> bytes:
    """An RGB PNG of 16 bits a channel in one colour, written chunk by chunk."""
    row = b"\0" + struct.pack(">HHH", *colour) * 700
    return png_by_hand(700, 500, bits=16, colour_type=2, pixels=zlib.compress(row * 500))


def rgb_16_bit_tiff(colour: tuple[int, int, int] = (51_400, 10_280, 30_840)) -> bytes:
    """An RGB TIFF of 16 bits a channel in one colour, uncompressed, one strip."""
    width, height = 700, 500
    pixels = struct.pack("<HHH", *colour) * (width * height)
    bits_at = 8
    pixels_at = bits_at + 6
    tags_at = pixels_at + len(pixels)
    tags = (
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, 3, bits_at),
        (259, 3, 1, 1),
        (262, 3, 1, 2),
        (273, 4, 1, pixels_at),
        (277, 3, 1, 3),
        (278, 4, 1, height),
        (279, 4, 1, len(pixels)),
    )
    directory = struct.pack("<H", len(tags))
    directory += b"".join(struct.pack("<HHII", *tag) for tag in tags) + struct.pack("<I", 0)
    head = b"II*\0" + struct.pack("<I", tags_at)
    return head + struct.pack("<HHH", 16, 16, 16) + pixels + directory


def float_tiff() -> bytes:
    """A TIFF of floating-point pixels, which nobody can publish as they are."""
    return encoded(Image.new("F", (60, 40), 0.5), "TIFF")


def multi_frame_tiff() -> bytes:
    """Three pages: red 800 × 600, green 600 × 800, blue 400 × 300."""
    pages = [
        Image.new("RGB", size, colour)
        for size, colour in (
            ((800, 600), QUARTERS[0]),
            ((600, 800), QUARTERS[1]),
            ((400, 300), QUARTERS[2]),
        )
    ]
    return encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:])


def transparent_png() -> bytes:
    """A picture whose left half is opaque red, whose right half is black and invisible."""
    picture = Image.new("RGBA", (800, 600), (0, 0, 0, 0))
    picture.paste((*QUARTERS[0], 255), (0, 0, 400, 600))
    return encoded(picture, "PNG")


def palette_png() -> bytes:
    """Four quarters with a palette of four colours, two bits a pixel."""
    return encoded(quarters().quantize(4), "PNG")


def bitonal_tiff() -> bytes:
    """Black and white fine stripes of one bit, as fax-compressed scans of typescripts."""
    picture = Image.new("1", (2000, 1500), 1)
    for left in range(0, 2000, 4):
        picture.paste(0, (left, 0, left + 2, 1500))
    return encoded(picture, "TIFF", compression="group4")


def truncated(data: bytes, part: float = 0.6) -> bytes:
    """The first part of a file, as a broken copy leaves it."""
    return data[: int(len(data) * part)]


def png_by_hand(
    width: int, height: int, *, bits: int = 8, colour_type: int = 2, pixels: bytes
) -> bytes:
    """A PNG with exactly this header and these compressed pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content))
            + kind
            + content
            + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", width, height, bits, colour_type, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def bomb_png() -> bytes:
    """400 megapixels of one grey in half a megabyte; header and pixels are honest."""
    row = b"\0" * 20_001
    packer = zlib.compressobj(9)
    pixels = b"".join(packer.compress(row) for _ in range(20_000)) + packer.flush()
    return png_by_hand(20_000, 20_000, colour_type=0, pixels=pixels)


def damaged_png() -> bytes:
    """A PNG of full length with one byte of its pixels changed."""
    data = bytearray(png())
    data[len(data) // 2] ^= 0xFF
    return bytes(data)


def tiff_with_words_for_numbers() -> bytes:
    """A TIFF whose sizes of strips (tag 279) are said to be text (type 2)."""
    data = bytearray(tiff(20, 20))
    tags_at = struct.unpack_from("<I", data, 4)[0]
    for index in range(struct.unpack_from("<H", data, tags_at)[0]):
        place = tags_at + 2 + 12 * index
        if struct.unpack_from("<H", data, place)[0] == 279:
            struct.pack_into("<HII", data, place + 2, 2, 1, ord("A"))
    return bytes(data)


def svg_with_script() -> bytes:
    """A drawing that would run a script in the reader's browser."""
    return (
        b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
        b"<script>alert(1)</script></svg>"
    )


def executable() -> bytes:
    """The beginning of a Windows program, padded; it does nothing."""
    return b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0" + b"\0" * 44 + b"PE\0\0" + b"\0" * 4096


def html() -> bytes:
    """A web page."""
    return b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"


def empty() -> bytes:
    """Nothing."""
    return b""


def pdf() -> bytes:
    """A PDF of one blank page, written by hand."""
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    )
    data, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(data)
    data += b"xref\n0 4\n0000000000 65535 f \n"
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + b"trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % table


def archive(parts: Mapping[str, bytes]) -> bytes:
    """A ZIP archive with these entries, in this order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


def docx(**more: bytes) -> bytes:
    """A Word document's package; ``more`` adds parts by name."""
    return archive(
        {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>", **more}
    )


def xlsx() -> bytes:
    """An Excel workbook's package."""
    return archive({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})


def odt() -> bytes:
    """An OpenDocument text's package."""
    return archive(
        {
            "mimetype": b"application/vnd.oasis.opendocument.text",
            "content.xml": b"<office:document-content/>",
        }
    )


def mp3() -> bytes:
    """An ID3 tag and one silent MPEG-1 layer III frame."""
    return b"ID3\x04\0\0\0\0\0\0" + b"\xff\xfb\x90\x00" + b"\0" * 413


def mp4() -> bytes:
    """An MP4 of three boxes: kind, an empty index, some data."""

    def box(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I4s", 8 + len(content), kind) + content

    kind = box(b"ftyp", b"isom\0\0\x02\0isomiso2avc1mp41")
    return kind + box(b"moov", b"\0" * 64) + box(b"mdat", b"\0" * 2048)


def scan_24_megapixels() -> bytes:
    """A grainy JPEG of 6000 × 4000 pixels and some 8 MB, like a photographed document.

    Soft large shapes for paper and shadow, fine noise for grain. The noise is
    random; size and cost of decoding hardly vary.
    """
    soft = Image.effect_noise((150, 100), 70).resize((6000, 4000), Image.Resampling.BICUBIC)
    grain = Image.effect_noise((3000, 2000), 34).resize((6000, 4000), Image.Resampling.BILINEAR)
    fine = Image.effect_noise((6000, 4000), 10)
    grey = Image.blend(Image.blend(soft, grain, 0.5), fine, 0.35)
    tints = ((1.0, 8), (0.94, 4), (0.82, 0))
    picture = Image.merge(
        "RGB",
        [
            grey.point([min(255, round(value * factor) + offset) for value in range(256)])
            for factor, offset in tints
        ],
    )
    return encoded(picture, "JPEG", quality=94)
