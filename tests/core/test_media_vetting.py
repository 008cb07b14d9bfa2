"""What editors may upload, and what they are told when they may not."""

from __future__ import annotations

import io
import time
import tracemalloc
from collections.abc import Callable

import pytest

from core.media.vetting import REFUSALS, MediaRefused, read_size, vet_document, vet_image
from tests import images

# Pillow warns of odd tags in files that are damaged on purpose.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


def refusal_of_image(data: bytes, **limits: int) -> MediaRefused:
    with pytest.raises(MediaRefused) as refused:
        vet_image(io.BytesIO(data), **limits)
    return refused.value


def refusal_of_document(data: bytes, name: str, **limits: int) -> MediaRefused:
    with pytest.raises(MediaRefused) as refused:
        vet_document(io.BytesIO(data), name, **limits)
    return refused.value


class TestAcceptedPictures:
    @pytest.mark.parametrize(
        ("data", "image_format", "mime", "extension"),
        [
            (images.jpeg(), "jpeg", "image/jpeg", "jpg"),
            (images.png(), "png", "image/png", "png"),
            (images.webp(), "webp", "image/webp", "webp"),
            (images.webp(lossless=True), "webp", "image/webp", "webp"),
            (images.tiff(), "tiff", "image/tiff", "tif"),
            (images.tiff(compression="tiff_lzw"), "tiff", "image/tiff", "tif"),
        ],
        ids=["jpeg", "png", "webp", "lossless webp", "tiff", "lzw tiff"],
    )
    def test_content_decides_the_format_and_the_extension(
        self, data: bytes, image_format: str, mime: str, extension: str
    ) -> None:
        facts = vet_image(io.BytesIO(data))

        assert (facts.format, facts.mime, facts.extension) == (image_format, mime, extension)
        assert (facts.width, facts.height, facts.frames) == (800, 600, 1)
        assert (facts.colour, facts.bits, facts.has_alpha) == ("rgb", 8, False)

    @pytest.mark.parametrize("orientation", range(1, 9))
    def test_width_and_height_are_those_a_reader_sees(self, orientation: int) -> None:
        facts = vet_image(io.BytesIO(images.oriented_jpeg(orientation)))

        assert (facts.width, facts.height, facts.orientation) == (800, 600, orientation)
        assert read_size(io.BytesIO(images.oriented_jpeg(orientation))) == (800, 600)

    @pytest.mark.parametrize("image_format", ["PNG", "WEBP", "TIFF"])
    def test_orientation_is_read_in_every_format(self, image_format: str) -> None:
        exif = images.exif({0x0112: 6})
        data = images.encoded(images.quarters(600, 400), image_format, exif=exif)

        facts = vet_image(io.BytesIO(data))

        assert (facts.width, facts.height, facts.orientation) == (400, 600, 6)

    @pytest.mark.parametrize(
        ("data", "colour", "bits"),
        [
            (images.cmyk_jpeg(), "cmyk", 8),
            (images.grey_16_bit_png(), "grey", 16),
            (images.grey_16_bit_tiff(), "grey", 16),
            (images.rgb_16_bit_png(), "rgb", 16),
            (images.rgb_16_bit_tiff(), "rgb", 16),
            (images.bitonal_tiff(), "grey", 1),
            (images.palette_png(), "rgb", 2),
        ],
        ids=[
            "cmyk",
            "grey 16 png",
            "grey 16 tiff",
            "rgb 16 png",
            "rgb 16 tiff",
            "1 bit",
            "palette",
        ],
    )
    def test_what_scanners_write_is_accepted_and_described(
        self, data: bytes, colour: str, bits: int
    ) -> None:
        facts = vet_image(io.BytesIO(data))

        assert (facts.colour, facts.bits) == (colour, bits)

    def test_the_pages_of_a_tiff_are_counted(self) -> None:
        assert vet_image(io.BytesIO(images.multi_frame_tiff())).frames == 3

    def test_transparency_and_profiles_are_noticed(self) -> None:
        assert vet_image(io.BytesIO(images.transparent_png())).has_alpha
        assert vet_image(io.BytesIO(images.webp(lossless=True))).has_alpha is False
        assert vet_image(io.BytesIO(images.jpeg_with_metadata())).has_profile
        assert not vet_image(io.BytesIO(images.jpeg())).has_profile

    def test_what_a_phone_appends_after_the_picture_does_not_matter(self) -> None:
        assert vet_image(io.BytesIO(images.jpeg() + b"\0" * 3000 + b"trailer")).format == "jpeg"

    def test_broken_exif_does_not_make_a_good_picture_unusable(self) -> None:
        facts = vet_image(io.BytesIO(images.jpeg(exif=b"Exif\0\0II*\0\xff\xff\xff\x7f")))

        assert facts.orientation == 1

    def test_the_file_is_left_open_at_its_start(self) -> None:
        file = io.BytesIO(images.png())

        vet_image(file)

        assert file.tell() == 0
        assert not file.closed


class TestRefusedPictures:
    def test_a_file_that_is_no_image_is_refused(self) -> None:
        assert refusal_of_image(b"Ch\xc3\xa0o" * 100).code == "not-an-image"
        assert refusal_of_image(images.executable()).code == "not-an-image"
        assert refusal_of_image(images.html()).code == "not-an-image"

    @pytest.mark.parametrize(
        "make",
        [
            images.jpeg,
            lambda: images.jpeg(progressive=True),
            images.png,
            images.webp,
            images.tiff,
            images.multi_frame_tiff,
            images.grey_16_bit_tiff,
        ],
        ids=["jpeg", "progressive jpeg", "png", "webp", "tiff", "multi-frame tiff", "16-bit tiff"],
    )
    @pytest.mark.parametrize("part", [0.3, 0.6, 0.99])
    def test_a_truncated_image_is_refused(self, make: Callable[[], bytes], part: float) -> None:
        refused = refusal_of_image(images.truncated(make(), part))

        # A TIFF keeps its directory at the end: without it nothing else can be told.
        assert refused.code in ("truncated", "damaged")

    def test_a_truncated_jpeg_is_refused_even_if_its_thumbnail_is_whole(self) -> None:
        thumbnail = b"Exif\0\0" + images.jpeg(80, 60)
        data = images.jpeg(exif=thumbnail)

        assert refusal_of_image(images.truncated(data, 0.9)).code == "truncated"

    def test_a_damaged_png_is_refused(self) -> None:
        assert refusal_of_image(images.damaged_png()).code == "damaged"

    def test_a_400_megapixel_bomb_is_refused_from_its_header_alone(self) -> None:
        bomb = images.bomb_png()
        tracemalloc.start()
        start = time.process_time()
        refused = refusal_of_image(bomb)
        seconds = time.process_time() - start
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

        assert refused.code == "too-many-pixels"
        assert refused.params == {"width": 20_000, "height": 20_000, "limit": 120}
        assert peak < 2_000_000
        assert seconds < 0.25

    def test_a_bomb_on_a_later_page_of_a_tiff_is_refused(self) -> None:
        assert refusal_of_image(images.multi_frame_tiff(), max_pixels=479_999).code == (
            "too-many-pixels"
        )

    @pytest.mark.parametrize("make", [images.jpeg, images.png, images.webp, images.tiff])
    def test_the_limit_of_pixels_holds_for_every_format(self, make: Callable[[], bytes]) -> None:
        data = make()

        assert vet_image(io.BytesIO(data), max_pixels=480_000).width == 800
        assert refusal_of_image(data, max_pixels=479_999).code == "too-many-pixels"

    def test_a_strip_longer_than_a_jpeg_can_be_is_refused(self) -> None:
        data = images.png_by_hand(70_000, 10, pixels=b"")

        assert refusal_of_image(data).code == "too-long"

    def test_an_svg_with_a_script_is_refused(self) -> None:
        assert refusal_of_image(images.svg_with_script()).code == "svg"

    def test_an_empty_file_is_refused(self) -> None:
        assert refusal_of_image(images.empty()).code == "empty"

    def test_other_kinds_of_image_are_refused_by_name(self) -> None:
        for image_format in ("GIF", "BMP", "AVIF"):
            data = images.encoded(images.quarters(80, 60), image_format)
            assert refusal_of_image(data).code == "unsupported-image"

    def test_pixels_that_cannot_be_published_are_refused(self) -> None:
        assert refusal_of_image(images.float_tiff()).code == "unsupported-pixels"

    def test_a_file_with_too_many_bytes_is_refused_before_it_is_read(self) -> None:
        refused = refusal_of_image(images.tiff(), max_bytes=1024 * 1024)

        assert refused.code == "too-big"
        assert refused.params == {"size": 2, "limit": 1}

    def test_a_tiff_with_too_many_pages_is_refused(self) -> None:
        assert vet_image(io.BytesIO(images.multi_frame_tiff()), max_frames=3).frames == 3
        assert refusal_of_image(images.multi_frame_tiff(), max_frames=2).code == "too-many-frames"

    def test_a_tiff_whose_pages_run_in_a_circle_ends(self) -> None:
        data = bytearray(images.rgb_16_bit_tiff())
        data[-4:] = data[4:8]

        assert vet_image(io.BytesIO(bytes(data))).frames == 1

    @pytest.mark.parametrize(
        "make", [images.jpeg, images.png, images.webp, images.tiff], ids=lambda make: make.__name__
    )
    def test_any_changed_byte_is_accepted_or_refused_but_never_crashes(
        self, make: Callable[[], bytes]
    ) -> None:
        data = make()
        places = (*range(min(400, len(data))), *range(len(data) - 200, len(data)))
        for place in places:
            changed = bytearray(data)
            changed[place] ^= 0xFF
            try:
                vet_image(io.BytesIO(bytes(changed)))
            except MediaRefused as refused:
                assert refused.code in REFUSALS


class TestAcceptedDocuments:
    @pytest.mark.parametrize(
        ("data", "kind"),
        [
            (images.pdf(), "pdf"),
            (images.docx(), "docx"),
            (images.xlsx(), "xlsx"),
            (images.odt(), "odt"),
            (images.mp3(), "mp3"),
            (images.mp4(), "mp4"),
        ],
        ids=["pdf", "docx", "xlsx", "odt", "mp3", "mp4"],
    )
    def test_content_decides_the_kind_whatever_the_name(self, data: bytes, kind: str) -> None:
        facts = vet_document(io.BytesIO(data), "Công văn số 39.bin")

        assert (facts.format, facts.extension, facts.size_bytes) == (kind, kind, len(data))

    def test_a_pdf_after_a_printer_preamble_is_accepted(self) -> None:
        data = b"\x1b%-12345X@PJL ENTER LANGUAGE=PDF\r\n" + images.pdf()

        assert vet_document(io.BytesIO(data), "scan.pdf").format == "pdf"


class TestRefusedDocuments:
    def test_an_exe_named_pdf_is_refused_with_its_name(self) -> None:
        refused = refusal_of_document(images.executable(), "cong-van.pdf")

        assert (refused.code, refused.params) == ("misnamed", {"name": "cong-van.pdf"})

    def test_an_exe_that_hides_a_pdf_header_is_refused(self) -> None:
        data = images.executable()[:200] + images.pdf()

        assert refusal_of_document(data, "cong-van.pdf").code == "misnamed"

    def test_a_web_page_named_pdf_is_refused(self) -> None:
        assert refusal_of_document(images.html(), "cong-van.pdf").code == "misnamed"
        assert refusal_of_document(images.html() + images.pdf(), "a.pdf").code == "misnamed"

    def test_an_exe_under_its_own_name_is_refused(self) -> None:
        assert refusal_of_document(images.executable(), "setup.exe").code == "unsupported-document"

    def test_an_empty_document_is_refused(self) -> None:
        assert refusal_of_document(images.empty(), "cong-van.pdf").code == "empty"

    def test_a_document_with_too_many_bytes_is_refused(self) -> None:
        assert refusal_of_document(images.pdf() * 5000, "a.pdf", max_bytes=1000).code == "too-big"

    @pytest.mark.parametrize(
        "data",
        [images.pdf(), images.docx(), images.xlsx(), images.mp4()],
        ids=["pdf", "docx", "xlsx", "mp4"],
    )
    def test_a_truncated_document_is_refused(self, data: bytes) -> None:
        assert refusal_of_document(images.truncated(data), "a.pdf").code == "truncated"

    def test_a_document_with_macros_is_refused_whatever_it_is_called(self) -> None:
        data = images.docx(**{"word/vbaProject.bin": b"\0"})

        assert refusal_of_document(data, "to-trinh.docx").code == "macros"
        assert refusal_of_document(data, "to-trinh.docm").code == "macros"

    def test_an_archive_that_is_no_document_is_refused(self) -> None:
        data = images.archive({"setup.exe": images.executable()})

        assert refusal_of_document(data, "to-trinh.docx").code == "misnamed"
        assert refusal_of_document(data, "to-trinh.zip").code == "unsupported-document"

    def test_a_document_that_would_unpack_without_end_is_refused(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("core.media.vetting.MAX_ARCHIVE_BYTES", 1_000_000)
        data = images.docx(**{"word/media/a.bmp": b"\0" * 1_000_001})

        assert len(data) < 10_000
        assert refusal_of_document(data, "to-trinh.docx").code == "archive-bomb"


class TestMessages:
    @pytest.mark.parametrize("code", REFUSALS)
    def test_every_refusal_is_a_whole_sentence_with_its_figures(self, code: str) -> None:
        refused = MediaRefused(code, width=9, height=8, limit=7, size=6, name="a.pdf")

        assert "%(" not in str(refused)
        assert str(refused).endswith(".")


def test_a_tiff_whose_directory_makes_no_sense_is_refused_as_damaged() -> None:
    assert refusal_of_image(images.tiff_with_words_for_numbers()).code == "damaged"
