"""Phones' photos and PDFs become scans, and no stranger's file harms the portal by it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pillow_heif
import pypdfium2
import pytest
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from core.media import conversion, renditions
from core.media.conversion import heic_as_jpeg, is_heic, is_pdf, pdf_page_count, pdf_pages
from core.media.vetting import MediaRefused
from tests import images

#: Commands in place of the child's; the order is added to each as an argument.
CRASHES = (sys.executable, "-c", "import os; os.abort()")
KILLED = (sys.executable, "-c", "import os; os.kill(os.getpid(), 9)")
WAITS = (sys.executable, "-c", "import threading; threading.Event().wait()")
SAYS_NOTHING = (sys.executable, "-c", "")


def heic(picture: Image.Image | None = None, **options: Any) -> bytes:
    """A HEIC photo of four quarters, or of ``picture``."""
    buffer = io.BytesIO()
    photo = pillow_heif.from_pillow(picture or images.quarters())
    photo.save(buffer, quality=90, **options)
    return buffer.getvalue()


def pdf_of(*pictures: Image.Image, **options: Any) -> bytes:
    """A PDF with a page of each picture, 72 pixels an inch unless told otherwise."""
    return images.encoded(
        pictures[0], "PDF", save_all=True, append_images=pictures[1:], quality=95, **options
    )


def pdf_by_hand(*objects: bytes, trailer: bytes = b"") -> bytes:
    """A PDF of these objects, the first of them its catalogue."""
    data, places = b"%PDF-1.6\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table, size = len(data), len(objects) + 1
    data += b"xref\n0 %d\n0000000000 65535 f \n" % size
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (size, trailer)
    return data + b"startxref\n%d\n%%%%EOF\n" % table


def pages_by_hand(page: bytes, *more: bytes, count: int = 1, trailer: bytes = b"") -> bytes:
    """A PDF with the page ``page`` ``count`` times; ``more`` are objects from number 4 on."""
    kids = b" ".join([b"3 0 R"] * count)
    return pdf_by_hand(
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R] >> >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
        b"<< /Type /Page /Parent 2 0 R %s >>" % page,
        *more,
        trailer=trailer,
    )


def locked_pdf() -> bytes:
    """A PDF which only opens with a password nobody knows."""
    lock = b"/Filter /Standard /V 1 /R 2 /P -4 /O (%s) /U (%s)" % (b"o" * 32, b"u" * 32)
    names = b"/Encrypt << %s >> /ID [(0123456789abcdef) (0123456789abcdef)]" % lock
    return pages_by_hand(b"/MediaBox [0 0 100 100]", trailer=names)


def is_like(pixel: Any, colour: tuple[int, int, int], tolerance: int = 12) -> bool:
    return all(abs(one - other) <= tolerance for one, other in zip(pixel, colour, strict=True))


def shows_quarters(path: Path) -> bool:
    """Whether the picture shows the four quarters, upright."""
    with Image.open(path) as picture:
        width, height = picture.size
        places = [(x * width // 4, y * height // 4) for y in (1, 3) for x in (1, 3)]
        pixels = [picture.convert("RGB").getpixel(place) for place in places]
    return all(map(is_like, pixels, images.QUARTERS))


def refusal(work: Callable[[], Any]) -> str:
    with pytest.raises(MediaRefused) as refused:
        work()
    assert "%(" not in str(refused.value)
    return refused.value.code


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Where the file to be converted is put; nothing made lies beside it."""
    (tmp_path / "sent").mkdir()
    return tmp_path / "sent" / "1"


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """The folder things are made in; empty."""
    (tmp_path / "made").mkdir()
    return tmp_path / "made"


class TestRecognising:
    @pytest.mark.parametrize(
        ("brands", "expected"),
        [
            (b"heic\0\0\0\0mif1heic", True),
            (b"heix\0\0\0\0mif1heix", True),
            (b"hevc\0\0\0\0msf1hevc", True),
            (b"mif1\0\0\0\0mif1heic", True),
            (b"msf1\0\0\0\0hevc", True),
            (b"mif1\0\0\0\0", True),
            (b"mif1\0\0\0\0mif1avifmiaf", False),
            (b"avif\0\0\0\0mif1miaf", False),
            (b"isom\0\0\2\0isomavc1mp41", False),
        ],
    )
    def test_a_phones_photo_is_told_by_its_brands(self, brands: bytes, expected: bool) -> None:
        head = (8 + len(brands)).to_bytes(4, "big") + b"ftyp" + brands

        assert is_heic(head + b"\0\0\1\0meta") is expected

    def test_what_is_no_photo_of_a_phone_is_not_taken_for_one(self) -> None:
        for data in (images.jpeg(), images.mp4(), images.pdf(), images.empty(), b"\0\0\0\x18ftyp"):
            assert not is_heic(data[:64])
        assert is_heic(heic()[:64])

    def test_a_pdf_is_told_by_its_header(self) -> None:
        assert is_pdf(images.pdf()[:1024])
        assert is_pdf(b"\x1b%-12345X@PJL\r\n" + images.pdf())
        for data in (images.jpeg(), images.html() + images.pdf(), images.empty(), b" " * 1024):
            assert not is_pdf(data + images.pdf() if data[:1] == b" " else data)


class TestPhotos:
    def test_a_photo_becomes_a_jpeg_of_the_same_size_and_colours(
        self, source: Path, made: Path
    ) -> None:
        source.write_bytes(heic())

        heic_as_jpeg(source, made / "a.jpg")

        with Image.open(made / "a.jpg") as picture:
            assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (800, 600))
            # A colour for every pixel: 4:4:4.
            assert isinstance(picture, JpegImageFile)
            assert {layer[1:3] for layer in picture.layer} == {(1, 1)}
        assert shows_quarters(made / "a.jpg")
        assert os.listdir(made) == ["a.jpg"]

    @pytest.mark.parametrize(
        ("orientation", "stored"),
        [
            (6, Image.Transpose.ROTATE_90),
            (3, Image.Transpose.ROTATE_180),
            (8, Image.Transpose.ROTATE_270),
            (2, Image.Transpose.FLIP_LEFT_RIGHT),
            (5, Image.Transpose.TRANSPOSE),
        ],
    )
    def test_a_photo_is_turned_upright_once(
        self, orientation: int, stored: Image.Transpose, source: Path, made: Path
    ) -> None:
        # As phones do it: a property says how to turn, and EXIF says the same again.
        picture = images.quarters().transpose(stored)
        photo = pillow_heif.from_pillow(picture)
        photo.info["exif"] = images.exif({0x0112: orientation}).tobytes()
        buffer = io.BytesIO()
        pillow_heif.register_heif_opener()
        picture.info["exif"] = images.exif({0x0112: orientation}).tobytes()
        picture.save(buffer, "HEIF", quality=90)
        source.write_bytes(buffer.getvalue())
        assert b"Exif" in source.read_bytes()

        heic_as_jpeg(source, made / "a.jpg")

        with Image.open(made / "a.jpg") as turned:
            assert turned.size == (800, 600)
        assert shows_quarters(made / "a.jpg")

    def test_nothing_of_who_took_it_and_where_is_left(self, source: Path, made: Path) -> None:
        with Image.open(io.BytesIO(images.jpeg_with_metadata())) as picture:
            exif, xmp = picture.info["exif"], picture.info["xmp"]
        source.write_bytes(heic(exif=exif, xmp=xmp, icc_profile=images.srgb_profile()))
        assert b"MAY-ANH-MAU" in source.read_bytes()

        heic_as_jpeg(source, made / "a.jpg")

        data = (made / "a.jpg").read_bytes()
        for trace in (b"MAY-ANH-MAU", b"TAC-GIA-MAU", b"GHI-CHU-XMP", b"Exif", b"ICC_PROFILE"):
            assert trace not in data
        with Image.open(made / "a.jpg") as picture:
            assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}

    def test_colours_are_converted_from_the_photos_profile(self, source: Path, made: Path) -> None:
        red = Image.new("RGB", (64, 64), (200, 40, 40))
        source.write_bytes(heic(red, icc_profile=images.swapped_profile()))

        heic_as_jpeg(source, made / "a.jpg")

        with Image.open(made / "a.jpg") as picture:
            pixel = picture.getpixel((32, 32))
        assert isinstance(pixel, tuple)
        assert pixel[1] > 150 > pixel[0]

    @pytest.mark.parametrize("primaries", [12, 9])
    def test_colours_are_converted_from_a_wider_space_told_by_number(
        self, primaries: int, source: Path, made: Path
    ) -> None:
        muted = Image.new("RGB", (64, 64), (150, 90, 90))
        source.write_bytes(heic(muted, color_primaries=primaries, transfer_characteristics=13))

        heic_as_jpeg(source, made / "a.jpg")

        with Image.open(made / "a.jpg") as picture:
            pixel = picture.getpixel((32, 32))
        assert isinstance(pixel, tuple)
        # The same colour has a redder number in the smaller space.
        assert pixel[0] > 153 and pixel[1] < 90

    def test_grey_stays_grey_also_with_ten_bits(self, source: Path, made: Path) -> None:
        for picture, level in (
            (Image.new("L", (64, 48), 100), 100),
            (Image.new("I;16", (64, 48), 40_000), 156),
        ):
            source.write_bytes(heic(picture))
            heic_as_jpeg(source, made / "a.jpg")
            with Image.open(made / "a.jpg") as grey:
                pixel = grey.getpixel((32, 24))
                assert grey.mode == "L"
            assert isinstance(pixel, int)
            assert abs(pixel - level) <= 3

    @pytest.mark.parametrize("mode", ["RGBA", "RGBa", "LA"])
    def test_transparent_parts_lie_on_white(self, mode: str, source: Path, made: Path) -> None:
        picture = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
        picture.paste((90, 90, 90, 255), (0, 0, 32, 64))
        source.write_bytes(heic(picture.convert(mode)))

        heic_as_jpeg(source, made / "a.jpg")

        with Image.open(made / "a.jpg") as opaque:
            assert is_like(opaque.convert("RGB").getpixel((50, 32)), (255, 255, 255))
            assert is_like(opaque.convert("RGB").getpixel((14, 32)), (90, 90, 90))

    def test_of_several_pictures_the_one_that_programs_show_is_taken(
        self, source: Path, made: Path
    ) -> None:
        photo = pillow_heif.from_pillow(images.quarters())
        photo.add_from_pillow(Image.new("RGB", (320, 320)))
        buffer = io.BytesIO()
        photo.save(buffer, primary_index=0)
        source.write_bytes(buffer.getvalue())

        heic_as_jpeg(source, made / "a.jpg")

        with Image.open(made / "a.jpg") as picture:
            assert picture.size == (800, 600)

    def test_what_a_phone_appends_does_not_matter(self, source: Path, made: Path) -> None:
        source.write_bytes(heic() + b"SEFT\xff\xff\xff\xff" + b"x" * 100)

        heic_as_jpeg(source, made / "a.jpg")

        assert shows_quarters(made / "a.jpg")

    def test_an_older_file_of_the_name_is_replaced(self, source: Path, made: Path) -> None:
        source.write_bytes(heic())
        (made / "a.jpg").write_bytes(b"older")

        heic_as_jpeg(source, made / "a.jpg")

        assert shows_quarters(made / "a.jpg")


class TestRefusedPhotos:
    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (images.empty(), "empty"),
            (images.jpeg(), "not-an-image"),
            (images.html(), "not-an-image"),
            (images.truncated(heic()), "truncated"),
            (images.truncated(heic(), 0.99), "truncated"),
            (heic()[:40] + b"\xff" * (len(heic()) - 40), "heic-damaged"),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 100, "heic-damaged"),
        ],
        ids=["empty", "jpeg", "web page", "cut", "cut at the end", "damaged", "hollow"],
    )
    def test_what_cannot_be_read_is_refused_and_leaves_nothing(
        self, data: bytes, code: str, source: Path, made: Path
    ) -> None:
        source.write_bytes(data)

        assert refusal(lambda: heic_as_jpeg(source, made / "a.jpg")) == code
        assert os.listdir(made) == []

    def test_a_photo_with_too_many_pixels_is_refused_before_it_is_decoded(
        self, source: Path, made: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(conversion, "MAX_PIXELS", 479_999)
        source.write_bytes(heic())

        with pytest.raises(MediaRefused) as refused:
            heic_as_jpeg(source, made / "a.jpg")

        assert refused.value.code == "too-many-pixels"
        assert refused.value.params == {"width": 800, "height": 600, "limit": 0}

    def test_a_file_with_too_many_bytes_is_refused_before_it_is_read(
        self, source: Path, made: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(conversion, "MAX_BYTES", 1000)
        source.write_bytes(heic())

        assert refusal(lambda: heic_as_jpeg(source, made / "a.jpg")) == "too-big"


class TestPdfs:
    def test_each_page_becomes_a_jpeg_in_its_order(self, source: Path, made: Path) -> None:
        colours = [Image.new("RGB", (144, 216), colour) for colour in images.QUARTERS[:3]]
        source.write_bytes(pdf_of(*colours))

        paths = pdf_pages(source, made / "pages")

        assert pdf_page_count(source) == 3
        assert paths == [made / "pages" / f"000{number}.jpg" for number in (1, 2, 3)]
        assert sorted(os.listdir(made / "pages")) == [path.name for path in paths]
        assert os.listdir(made) == ["pages"]
        for path, colour in zip(paths, images.QUARTERS, strict=False):
            with Image.open(path) as picture:
                # Two by three inches.
                assert (picture.format, picture.size) == ("JPEG", (400, 600))
                assert is_like(picture.getpixel((200, 300)), colour)

    def test_pages_stay_in_order_where_several_children_draw_them(
        self, source: Path, made: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(conversion, "PAGES_A_CHILD", 2)
        colours = [Image.new("RGB", (72, 72), (40 * index, 0, 0)) for index in range(5)]
        source.write_bytes(pdf_of(*colours))

        paths = pdf_pages(source, made / "pages")

        assert [path.name for path in paths] == [f"000{number}.jpg" for number in range(1, 6)]
        for index, path in enumerate(paths):
            with Image.open(path) as picture:
                assert is_like(picture.getpixel((50, 50)), (40 * index, 0, 0))

    @pytest.mark.parametrize("angle", [0, 90, 180, 270])
    def test_a_page_is_turned_as_it_says(self, angle: int, source: Path, made: Path) -> None:
        stored = images.quarters(400, 300).rotate(angle, expand=True)
        document = pypdfium2.PdfDocument(pdf_of(stored))
        document[0].set_rotation(angle)
        document.save(source)

        (path,) = pdf_pages(source, made / "pages", dots_per_inch=72)

        with Image.open(path) as picture:
            assert picture.size == (400, 300)
        assert shows_quarters(path)

    def test_resolution_and_longest_side_are_those_asked_for(
        self, source: Path, made: Path
    ) -> None:
        source.write_bytes(pdf_of(images.quarters(720, 360)))

        def size(**options: int) -> tuple[int, int]:
            with Image.open(pdf_pages(source, made / "pages", **options)[0]) as picture:
                return picture.size

        assert size(dots_per_inch=100) == (1000, 500)
        assert size() == (2000, 1000)
        assert size(dots_per_inch=100, longest_side=500) == (500, 250)

    def test_a_page_without_a_background_is_white(self, source: Path, made: Path) -> None:
        source.write_bytes(images.pdf())

        (path,) = pdf_pages(source, made / "pages", dots_per_inch=72)

        with Image.open(path) as picture:
            assert picture.size == (595, 842)
            assert picture.getextrema() == ((255, 255),) * 3

    def test_the_seal_of_a_signed_document_is_seen(self, source: Path, made: Path) -> None:
        seal = b"1 0 0 rg 0 0 50 50 re f"
        source.write_bytes(
            pages_by_hand(
                b"/MediaBox [0 0 100 100] /Annots [4 0 R]",
                b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (seal) /F 4 /P 3 0 R "
                b"/Rect [50 50 100 100] /AP << /N 5 0 R >> >>",
                b"<< /Type /XObject /Subtype /Form /BBox [0 0 50 50] /Length %d >>\n"
                b"stream\n%s\nendstream" % (len(seal), seal),
            )
        )

        (path,) = pdf_pages(source, made / "pages", dots_per_inch=72)

        with Image.open(path) as picture:
            assert is_like(picture.getpixel((75, 25)), (255, 0, 0))
            assert is_like(picture.getpixel((25, 75)), (255, 255, 255))

    def test_pages_carry_no_metadata(self, source: Path, made: Path) -> None:
        source.write_bytes(pdf_of(images.quarters(), author="TAC-GIA-MAU", title="TIEU-DE-MAU"))

        (path,) = pdf_pages(source, made / "pages")

        data = path.read_bytes()
        assert b"-MAU" not in data and b"Exif" not in data and b"ICC_PROFILE" not in data


class TestRefusedPdfs:
    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (images.empty(), "empty"),
            (images.truncated(images.pdf()), "truncated"),
            (locked_pdf(), "pdf-encrypted"),
            (b"%PDF-1.4\n" + b"nothing at all\n" * 20 + b"%%EOF", "pdf-damaged"),
            (images.docx(), "pdf-damaged"),
            (images.executable(), "unsupported-document"),
            (pages_by_hand(b"", count=0), "pdf-damaged"),
        ],
        ids=["empty", "cut", "locked", "damaged", "word", "program", "no pages"],
    )
    def test_what_cannot_be_read_is_refused_and_leaves_nothing(
        self, data: bytes, code: str, source: Path, made: Path
    ) -> None:
        source.write_bytes(data)

        assert refusal(lambda: pdf_page_count(source)) == code
        assert refusal(lambda: pdf_pages(source, made / "pages")) == code
        assert os.listdir(made) == []

    def test_a_pdf_with_too_many_pages_is_refused(self, source: Path, made: Path) -> None:
        source.write_bytes(pages_by_hand(b"/MediaBox [0 0 9 9]", count=400))
        assert pdf_page_count(source) == 400
        source.write_bytes(pages_by_hand(b"/MediaBox [0 0 9 9]", count=401))

        assert refusal(lambda: pdf_page_count(source)) == "pdf-too-many-pages"
        assert refusal(lambda: pdf_pages(source, made / "pages")) == "pdf-too-many-pages"

    def test_enormous_and_vanishing_pages_are_drawn_or_refused_but_never_break_anything(
        self, source: Path, made: Path
    ) -> None:
        for box in (b"0 0 1e9 1", b"0 0 1 1e9", b"0 0 0 0", b"0 0 1e38 1e38", b"5 5 -5 1e-9"):
            source.write_bytes(pages_by_hand(b"/MediaBox [%s]" % box))
            try:
                (path,) = pdf_pages(source, made / "pages")
            except MediaRefused as refused:
                assert refused.code == "pdf-damaged"
            else:
                with Image.open(path) as picture:
                    assert max(picture.size) <= 5000

    def test_damage_in_a_later_batch_leaves_none_of_the_pages(
        self, source: Path, made: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # The pages' table says two, and there is one.
        monkeypatch.setattr(conversion, "PAGES_A_CHILD", 1)
        source.write_bytes(
            pdf_by_hand(
                b"<< /Type /Catalog /Pages 2 0 R >>",
                b"<< /Type /Pages /Kids [3 0 R 9 0 R] /Count 2 >>",
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
            )
        )

        assert refusal(lambda: pdf_pages(source, made / "pages")) == "pdf-damaged"
        assert os.listdir(made) == []


class TestRoomForPages:
    def test_whoever_has_room_is_asked_before_pages_are_drawn_and_again_as_they_come(
        self, source: Path, made: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(conversion, "PAGES_A_CHILD", 2)
        source.write_bytes(pages_by_hand(b"/MediaBox [0 0 9 9]", count=5))
        asked: list[tuple[int, int]] = []

        def note(pages_left: int) -> None:
            asked.append((pages_left, len(list(made.rglob("*.jpg")))))

        assert len(pdf_pages(source, made / "pages", before_drawing=note)) == 5
        assert asked == [(5, 0), (3, 2), (1, 4)]

    @pytest.mark.parametrize("left", [5, 3, 1])
    def test_where_room_ends_nothing_is_left(
        self, source: Path, made: Path, monkeypatch: pytest.MonkeyPatch, left: int
    ) -> None:
        monkeypatch.setattr(conversion, "PAGES_A_CHILD", 2)
        source.write_bytes(pages_by_hand(b"/MediaBox [0 0 9 9]", count=5))

        def require_room(pages_left: int) -> None:
            if pages_left == left:
                raise MemoryError

        with pytest.raises(MemoryError):
            pdf_pages(source, made / "pages", before_drawing=require_room)
        assert os.listdir(made) == [] and os.listdir(source.parent) == [source.name]

    def test_what_a_killed_count_leaves_lies_beside_the_pdf_and_is_found(
        self, source: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        source.write_bytes(images.pdf())
        monkeypatch.setattr(conversion.shutil, "rmtree", lambda *_args, **_options: None)
        assert pdf_page_count(source) == 1
        monkeypatch.undo()

        assert renditions.remove_unfinished(source.parent, older_than=timedelta(hours=-1)) == 1
        assert os.listdir(source.parent) == [source.name]


class TestTheChild:
    @pytest.mark.parametrize(
        ("command", "photo_code", "pdf_code"),
        [
            (CRASHES, "heic-damaged", "pdf-damaged"),
            (KILLED, "took-too-long", "took-too-long"),
            (SAYS_NOTHING, "heic-damaged", "pdf-damaged"),
        ],
        ids=["crashes", "is killed", "says nothing"],
    )
    def test_a_child_that_ends_badly_is_a_refusal_and_leaves_nothing(
        self,
        command: tuple[str, ...],
        photo_code: str,
        pdf_code: str,
        source: Path,
        made: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(conversion, "CHILD_COMMAND", command)
        source.write_bytes(heic())
        assert refusal(lambda: heic_as_jpeg(source, made / "a.jpg")) == photo_code
        source.write_bytes(images.pdf())
        assert refusal(lambda: pdf_pages(source, made / "pages")) == pdf_code

        assert os.listdir(made) == []

    def test_a_child_that_never_ends_is_ended_and_refused(
        self, source: Path, made: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(conversion, "CHILD_COMMAND", WAITS)
        monkeypatch.setattr(conversion, "CHILD_PATIENCE", 0.05)
        source.write_bytes(heic())

        assert refusal(lambda: heic_as_jpeg(source, made / "a.jpg")) == "took-too-long"
        assert os.listdir(made) == []

    @pytest.mark.parametrize(
        "answer",
        [
            "[]",
            "null",
            "{",
            '{"refused": "empty", "params": {}}',
            '{"refused": ["too-big"], "params": {}}',
            '{"refused": "pdf-damaged", "params": 1}',
            '{"pages": "many"}',
            '{"pages": -1}',
        ],
    )
    def test_a_child_that_a_file_has_taken_over_is_not_believed(
        self, answer: str, source: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        program = (
            "import json, pathlib, sys;"
            "folder = pathlib.Path(json.loads(sys.argv[1])['folder']);"
            f"(folder / 'answer.json').write_text({answer!r})"
        )
        monkeypatch.setattr(conversion, "CHILD_COMMAND", (sys.executable, "-c", program))
        source.write_bytes(images.pdf())

        assert refusal(lambda: pdf_page_count(source)) == "pdf-damaged"

    def test_a_link_made_in_place_of_the_photo_is_not_taken(
        self, source: Path, made: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        secret = made.parent / "secret.jpg"
        secret.write_bytes(images.jpeg())
        program = (
            "import json, pathlib, sys;"
            "folder = pathlib.Path(json.loads(sys.argv[1])['folder']);"
            "(folder / 'answer.json').write_text('{}');"
            f"(folder / 'photo.jpg').symlink_to({str(secret)!r})"
        )
        monkeypatch.setattr(conversion, "CHILD_COMMAND", (sys.executable, "-c", program))
        source.write_bytes(heic())

        assert refusal(lambda: heic_as_jpeg(source, made / "a.jpg")) == "heic-damaged"
        assert os.listdir(made) == []

    @pytest.mark.skipif(sys.platform != "linux", reason="Only Linux keeps the limit.")
    def test_a_file_that_needs_too_much_memory_is_refused(
        self, source: Path, made: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        program = (
            "import sys, core.media.converting as converting;"
            "converting.TASKS['photo'] = lambda order: bytearray(order.memory) and {};"
            "converting.main(sys.argv[1])"
        )
        monkeypatch.setattr(conversion, "CHILD_COMMAND", (sys.executable, "-c", program))
        source.write_bytes(heic())

        assert refusal(lambda: heic_as_jpeg(source, made / "a.jpg")) == "took-too-long"
        assert os.listdir(made) == []

    @pytest.mark.skipif(sys.platform != "linux", reason="Only Linux keeps the limit.")
    def test_a_child_has_little_time_and_leaves_no_copy_of_its_memory(
        self, source: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        program = (
            "import resource as r, sys, core.media.converting as converting;"
            "limit = lambda kind: r.getrlimit(kind)[1];"
            "converting.TASKS['count'] = lambda order: "
            "{'pages': limit(r.RLIMIT_CPU) + limit(r.RLIMIT_CORE)};"
            "converting.main(sys.argv[1])"
        )
        monkeypatch.setattr(conversion, "CHILD_COMMAND", (sys.executable, "-c", program))
        source.write_bytes(images.pdf())

        assert pdf_page_count(source) == conversion.CHILD_SECONDS

    @pytest.mark.skipif(sys.platform != "linux", reason="Only Linux keeps the limit.")
    def test_a_child_cannot_write_more_than_is_accepted(
        self, source: Path, made: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        source.write_bytes(heic())
        monkeypatch.setattr(conversion, "MAX_BYTES", source.stat().st_size)

        # The JPEG is larger than the photo was.
        assert refusal(lambda: heic_as_jpeg(source, made / "a.jpg")) == "heic-damaged"
        assert os.listdir(made) == []

    def test_a_child_does_not_learn_the_portals_secrets(
        self, source: Path, made: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told: list[dict[str, str]] = []

        def run(*command: Any, **options: Any) -> subprocess.CompletedProcess[bytes]:
            told.append(options["env"])
            return subprocess.CompletedProcess(command, 1)

        monkeypatch.setenv("SECRET_KEY", "bi-mat")
        monkeypatch.setattr(subprocess, "run", run)
        source.write_bytes(heic())

        assert refusal(lambda: heic_as_jpeg(source, made / "a.jpg")) == "heic-damaged"
        assert "SECRET_KEY" not in told[0]

    def test_a_child_starts_without_django(self) -> None:
        program = "import core.media.converting, sys; sys.exit('django' in sys.modules)"

        subprocess.run([sys.executable, "-c", program], check=True, cwd=conversion._CODE)

    @pytest.mark.skipif(sys.platform != "linux", reason="Only Linux tells of a parent's death.")
    def test_a_child_whose_parent_has_gone_does_nothing(self, source: Path, made: Path) -> None:
        source.write_bytes(images.pdf())
        order = conversion._order("count", source, made)
        orphaned = order.as_argument().replace(f'"parent": {order.parent}', '"parent": 1')

        ended = subprocess.run(
            [*conversion.CHILD_COMMAND, orphaned], cwd=conversion._CODE, check=False
        )

        assert ended.returncode == -9
        assert os.listdir(made) == []

    @pytest.mark.parametrize("make", [heic, images.pdf], ids=["heic", "pdf"])
    def test_damaged_bytes_are_read_or_refused_but_never_break_anything(
        self, make: Callable[[], bytes], source: Path, made: Path
    ) -> None:
        data = make()
        for place in range(4, len(data), max(1, len(data) // 12)):
            changed = bytearray(data)
            changed[place] ^= 0xFF
            source.write_bytes(bytes(changed))
            try:
                if make is heic:
                    heic_as_jpeg(source, made / "a.jpg")
                else:
                    pdf_pages(source, made / "pages")
            except MediaRefused as refused:
                assert str(refused).endswith(".")
            assert set(os.listdir(made)) <= {"a.jpg", "pages"}
