"""What is published of a picture, whichever engine makes it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat

from core.media import renditions
from core.media.renditions import (
    Engine,
    MadeRendition,
    RenditionFailed,
    available_engines,
    draw_mark_tile,
    make_renditions,
    rendition_sizes,
)
from core.media.vetting import MediaRefused
from tests import images

ROOT = Path(__file__).resolve().parents[2]
FONTS = tuple(
    ROOT / f"static/fonts/be-vietnam-pro-{subset}-500-normal.woff2"
    for subset in ("latin", "vietnamese")
)
#: JPEG and WebP at their published quality keep a flat colour within this.
LOSS = 6

Make = Callable[..., tuple[MadeRendition, ...]]


@pytest.fixture(params=["libvips", "pillow"])
def engine(request: pytest.FixtureRequest) -> Engine:
    if request.param not in available_engines():
        pytest.skip("libvips cannot be loaded on this machine")
    return request.param


@pytest.fixture
def make(tmp_path: Path, engine: Engine) -> Make:
    """Make renditions of bytes into ``tmp_path / "published"`` with the engine at hand."""

    def make_of_bytes(data: bytes, **options: Any) -> tuple[MadeRendition, ...]:
        source = tmp_path / "original"
        source.write_bytes(data)
        return make_renditions(source, tmp_path / "published", engine=engine, **options)

    return make_of_bytes


def pixel(rendition: MadeRendition, across: float, down: float) -> tuple[int, ...]:
    """RGB at a part of the width and height."""
    with Image.open(rendition.path) as picture:
        place = int(picture.width * across), int(picture.height * down)
        colour = picture.convert("RGB").getpixel(place)
    assert isinstance(colour, tuple)
    return colour


def extremes(picture: Image.Image) -> tuple[int, int]:
    """The darkest and the lightest value of a grey picture."""
    values = picture.convert("L").tobytes()
    return min(values), max(values)


def close(found: tuple[int, ...], wanted: tuple[int, ...], loss: int = LOSS) -> bool:
    return all(abs(a - b) <= loss for a, b in zip(found, wanted, strict=True))


def assert_upright(rendition: MadeRendition) -> None:
    places = ((0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75))
    found = [pixel(rendition, *place) for place in places]
    assert all(close(*pair) for pair in zip(found, images.QUARTERS, strict=True)), found


class TestWidths:
    def test_every_width_in_both_formats_from_a_large_scan(self, make: Make) -> None:
        made = make(images.jpeg(2400, 1600))

        assert [(one.width, one.height, one.format) for one in made] == [
            (width, height, image_format)
            for width, height in ((1920, 1280), (1280, 853), (640, 427), (320, 213))
            for image_format in ("webp", "jpeg")
        ]
        for one in made:
            with Image.open(one.path) as picture:
                assert picture.size == (one.width, one.height)
                assert picture.format == one.format.upper()
            assert one.size_bytes == one.path.stat().st_size > 0
            assert_upright(one)

    def test_nothing_is_enlarged(self, make: Make) -> None:
        assert [one.width for one in make(images.png(1279, 900), formats=("jpeg",))] == [640, 320]

    def test_a_picture_narrower_than_the_smallest_width_is_published_as_it_is(
        self, make: Make
    ) -> None:
        (made,) = make(images.png(200, 150), formats=("jpeg",))

        assert (made.width, made.height) == (200, 150)

    def test_jpegs_are_progressive(self, make: Make) -> None:
        for one in make(images.jpeg(), formats=("jpeg",)):
            with Image.open(one.path) as picture:
                assert picture.info.get("progressive")

    def test_a_scroll_too_long_for_webp_is_published_as_jpeg(self, make: Make) -> None:
        made = make(images.jpeg(640, 17_000))

        assert [(one.width, one.format) for one in made] == [
            (640, "jpeg"),
            (320, "webp"),
            (320, "jpeg"),
        ]


class TestCeiling:
    def test_no_side_of_any_rendition_passes_the_ceiling(self, make: Make) -> None:
        made = make(images.jpeg(1500, 2000), ceiling=1000)

        assert {one.width for one in made} == {640, 320}
        assert max(max(one.width, one.height) for one in made) <= 1000

    def test_below_the_smallest_width_the_ceiling_itself_is_published(self, make: Make) -> None:
        made = make(images.jpeg(1500, 2000), ceiling=200, formats=("jpeg",))

        assert [(one.width, one.height) for one in made] == [(150, 200)]

    @pytest.mark.parametrize("width", [1, 7, 319, 320, 641, 5000])
    @pytest.mark.parametrize("height", [1, 333, 4999])
    @pytest.mark.parametrize("ceiling", [None, 1, 300, 1920, 9000])
    def test_sizes_never_pass_original_or_ceiling_and_are_never_empty(
        self, width: int, height: int, ceiling: int | None
    ) -> None:
        sizes = rendition_sizes(width, height, ceiling=ceiling)

        assert sizes
        assert sizes == tuple(sorted(sizes))
        for made_width, made_height in sizes:
            assert 1 <= made_width <= width
            assert 1 <= made_height <= height
            assert ceiling is None or max(made_width, made_height) <= ceiling


class TestOrientation:
    @pytest.mark.parametrize("orientation", range(1, 9))
    def test_a_photograph_stands_upright(self, make: Make, orientation: int) -> None:
        made = make(images.oriented_jpeg(orientation))

        assert (made[0].width, made[0].height) == (640, 480)
        for one in made:
            assert_upright(one)

    @pytest.mark.parametrize("orientation", [3, 6, 8])
    @pytest.mark.parametrize("image_format", ["PNG", "TIFF", "WEBP"])
    def test_in_every_format(self, make: Make, image_format: str, orientation: int) -> None:
        stored = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90}.get(
            orientation, Image.Transpose.ROTATE_270
        )
        data = images.encoded(
            images.quarters().transpose(stored),
            image_format,
            exif=images.exif({0x0112: orientation}),
        )

        made = make(data, formats=("jpeg",))

        assert (made[0].width, made[0].height) == (640, 480)
        assert_upright(made[0])


class TestColours:
    @pytest.mark.parametrize(
        ("ink", "colour"),
        [
            ((0, 0, 0, 0), (255, 255, 255)),
            ((255, 0, 0, 0), (0, 156, 228)),
            ((0, 255, 0, 0), (234, 23, 133)),
            ((0, 0, 255, 0), (255, 240, 0)),
            ((0, 0, 0, 255), (40, 36, 42)),
            ((0, 0, 0, 128), (137, 136, 137)),
            ((90, 60, 120, 40), (144, 146, 123)),
        ],
    )
    def test_cmyk_without_a_profile_looks_printed_and_not_garish(
        self, make: Make, ink: tuple[int, int, int, int], colour: tuple[int, int, int]
    ) -> None:
        made = make(images.cmyk_jpeg(ink))

        for one in made:
            assert close(pixel(one, 0.5, 0.5), colour, 18)

    def test_an_embedded_profile_is_honoured(self, make: Make) -> None:
        red = Image.new("RGB", (700, 500), (220, 30, 30))
        made = make(images.encoded(red, "PNG", icc_profile=images.swapped_profile()))

        for one in made:
            found = pixel(one, 0.5, 0.5)
            assert found[1] > 180
            assert found[0] < 80

    def test_an_embedded_press_profile_is_honoured(self, make: Make) -> None:
        pyvips = pytest.importorskip("pyvips", reason="its press profile is the specimen")
        profile = pyvips.Operation.call("profile_load", "cmyk")
        made = make(images.cmyk_jpeg((128, 0, 0, 0), icc_profile=profile))

        for one in made:
            assert close(pixel(one, 0.5, 0.5), (97, 194, 241))

    def test_a_broken_profile_does_not_lose_the_picture(self, make: Make) -> None:
        made = make(images.jpeg(icc_profile=b"no profile at all" * 20))

        assert_upright(made[0])

    @pytest.mark.parametrize(
        "data",
        [images.grey_16_bit_png(40_000), images.grey_16_bit_tiff(40_000)],
        ids=["png", "tiff"],
    )
    def test_16_bit_grey_keeps_its_tones_and_stays_grey(self, make: Make, data: bytes) -> None:
        made = make(data)

        for one in made:
            assert close(pixel(one, 0.25, 0.5), (156, 156, 156))
            assert close(pixel(one, 0.75, 0.5), (39, 39, 39))
        with Image.open(made[1].path) as picture:
            assert picture.mode == "L"

    @pytest.mark.parametrize(
        "data", [images.rgb_16_bit_png(), images.rgb_16_bit_tiff()], ids=["png", "tiff"]
    )
    def test_16_bit_colour_keeps_its_tones(self, make: Make, data: bytes) -> None:
        for one in make(data):
            assert close(pixel(one, 0.5, 0.5), (200, 40, 120))

    def test_one_bit_stripes_become_an_even_grey(self, make: Make) -> None:
        smallest = make(images.bitonal_tiff())[-1]

        assert all(90 < value < 165 for value in pixel(smallest, 0.5, 0.5))

    def test_a_palette_is_spread(self, make: Make) -> None:
        assert_upright(make(images.palette_png())[0])

    def test_transparency_is_laid_on_white_paper(self, make: Make) -> None:
        for one in make(images.transparent_png()):
            assert close(pixel(one, 0.25, 0.5), images.QUARTERS[0])
            assert close(pixel(one, 0.75, 0.5), (255, 255, 255))


class TestPages:
    @pytest.mark.parametrize(
        ("frame", "size", "colour"),
        [
            (0, (640, 480), images.QUARTERS[0]),
            (1, (320, 427), images.QUARTERS[1]),
            (2, (320, 240), images.QUARTERS[2]),
        ],
    )
    def test_each_page_of_a_tiff_is_published_by_itself(
        self, make: Make, frame: int, size: tuple[int, int], colour: tuple[int, int, int]
    ) -> None:
        made = make(images.multi_frame_tiff(), page=frame, formats=("jpeg",))

        assert (made[0].width, made[0].height) == size
        assert close(pixel(made[0], 0.5, 0.5), colour)

    def test_a_page_that_does_not_exist_is_refused(self, make: Make, tmp_path: Path) -> None:
        with pytest.raises(MediaRefused):
            make(images.multi_frame_tiff(), page=3)

        assert not (tmp_path / "published").exists()


class TestMetadata:
    def test_nothing_about_camera_place_or_person_is_published(self, make: Make) -> None:
        data = images.jpeg_with_metadata()
        for secret in (b"MAY-ANH-MAU", b"TAC-GIA-MAU", b"GHI-CHU-XMP", b"LOI-BINH-MAU"):
            assert secret in data

        for one in make(data):
            published = one.path.read_bytes()
            for trace in (b"MAU", b"XMP", b"Exif", b"EXIF", b"ICC", b"GHI-CHU"):
                assert trace not in published
            with Image.open(one.path) as picture:
                assert not picture.getexif()
                assert "icc_profile" not in picture.info

    @pytest.mark.parametrize("image_format", ["PNG", "TIFF", "WEBP"])
    def test_from_every_format(self, make: Make, image_format: str) -> None:
        data = images.encoded(
            images.quarters(),
            image_format,
            exif=images.exif({0x010F: "MAY-ANH-MAU"}),
            icc_profile=images.srgb_profile(),
        )
        assert b"MAY-ANH-MAU" in data

        for one in make(data):
            with Image.open(one.path) as picture:
                assert not picture.getexif()
                assert "icc_profile" not in picture.info


class TestMark:
    TEXT = "Trung tâm Lưu trữ lịch sử"

    @pytest.mark.parametrize("ground", [30, 128, 235])
    def test_the_mark_is_there_but_faint_on_dark_and_light(self, make: Make, ground: int) -> None:
        plain = images.encoded(Image.new("RGB", (1400, 1000), (ground,) * 3), "PNG")

        for one in make(plain, mark=self.TEXT, font_paths=FONTS, formats=("jpeg",)):
            with Image.open(one.path) as picture:
                grey = picture.convert("L")
            changed = ImageChops.difference(grey, Image.new("L", grey.size, ground))
            most = extremes(changed)[1]
            share = ImageStat.Stat(changed.point(lambda value: 255 * (value > 4))).mean[0] / 255
            assert 8 <= most <= 60
            assert 0.001 < share < 0.06

    def test_it_repeats_over_the_whole_picture(self, make: Make) -> None:
        white = images.encoded(Image.new("L", (1400, 1400), 255), "PNG")
        largest = make(white, mark=self.TEXT, font_paths=FONTS, formats=("jpeg",))[0]

        with Image.open(largest.path) as picture:
            assert picture.mode == "L"
            half_width, half_height = picture.width // 2, picture.height // 2
            for left in (0, half_width):
                for top in (0, half_height):
                    quarter = picture.crop((left, top, left + half_width, top + half_height))
                    assert extremes(quarter)[0] < 245

    def test_without_a_text_nothing_is_drawn(self, make: Make) -> None:
        white = images.encoded(Image.new("L", (700, 500), 255), "PNG")

        with Image.open(make(white, mark="  ", formats=("jpeg",))[0].path) as picture:
            assert extremes(picture) == (255, 255)

    def test_vietnamese_letters_come_from_the_font_that_has_them(self) -> None:
        whole = draw_mark_tile("ữ", 1920, FONTS)
        latin_only = draw_mark_tile("ữ", 1920, FONTS[:1])

        assert whole.tobytes() != latin_only.tobytes()
        assert draw_mark_tile("u\u031b\u0303", 1920, FONTS).tobytes() == whole.tobytes()

    def test_a_mark_works_without_any_font_file(self, make: Make) -> None:
        assert make(images.jpeg(), mark="MAU")


class TestAllOrNothing:
    def test_a_failure_in_the_middle_leaves_nothing(
        self, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: Engine
    ) -> None:
        monkeypatch.setitem(renditions._ENGINES, engine, _stopping_after(2, engine))

        with pytest.raises(KeyboardInterrupt):
            make(images.jpeg())

        assert [path.name for path in tmp_path.iterdir()] == ["original"]

    def test_a_failure_keeps_the_older_set_whole(
        self, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: Engine
    ) -> None:
        before = {one.path: one.path.read_bytes() for one in make(images.jpeg())}
        monkeypatch.setitem(renditions._ENGINES, engine, _stopping_after(2, engine))

        with pytest.raises(KeyboardInterrupt):
            make(images.jpeg(1400, 1000))

        assert {path: path.read_bytes() for path in (tmp_path / "published").iterdir()} == before

    def test_a_killed_process_leaves_nothing_to_see_and_the_next_run_tidies_up(
        self, tmp_path: Path, engine: Engine
    ) -> None:
        source, destination = tmp_path / "original", tmp_path / "published"
        source.write_bytes(images.jpeg())
        killed = subprocess.run(
            [sys.executable, "-c", _KILLED_IN_THE_MIDDLE, source, destination, engine],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=False,
        )

        assert killed.returncode == -9
        assert not destination.exists()
        assert len(list(tmp_path.glob(".making-published-*/*"))) == 2
        made = make_renditions(source, destination, engine=engine)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["original", "published"]
        assert {path.name for path in destination.iterdir()} == {one.path.name for one in made}

    def test_old_leftovers_can_be_swept_and_runs_at_work_are_spared(self, tmp_path: Path) -> None:
        old, new = tmp_path / "ab/.making-x-1", tmp_path / "cd/.making-y-2"
        for folder in (old, new):
            folder.mkdir(parents=True)
            (folder / "320.jpg").write_bytes(b"half")
        os.utime(old, (0, 0))

        assert renditions.remove_unfinished(tmp_path, older_than=timedelta(hours=6)) == 1
        assert not old.exists()
        assert new.exists()

    def test_a_second_run_replaces_the_set(self, make: Make, tmp_path: Path) -> None:
        make(images.jpeg(1400, 1000))
        make(images.jpeg(1400, 1000), ceiling=700)

        assert {path.stem for path in (tmp_path / "published").iterdir()} == {"640", "320"}

    def test_a_picture_that_ends_too_early_is_not_published(
        self, make: Make, tmp_path: Path
    ) -> None:
        with pytest.raises(RenditionFailed):
            make(images.truncated(images.encoded(_grain(), "JPEG", quality=95)))

        assert not (tmp_path / "published").exists()

    def test_a_bomb_is_refused_here_too(self, make: Make, tmp_path: Path) -> None:
        with pytest.raises(MediaRefused) as refused:
            make(images.bomb_png())

        assert refused.value.code == "too-many-pixels"
        assert not (tmp_path / "published").exists()


class TestEngines:
    def test_pillow_is_always_at_hand(self) -> None:
        assert available_engines()[-1] == "pillow"

    def test_a_machine_without_libvips_uses_pillow(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "pyvips", None)
        renditions._libvips.cache_clear()
        available_engines.cache_clear()
        try:
            assert available_engines() == ("pillow",)
        finally:
            renditions._libvips.cache_clear()
            available_engines.cache_clear()

    @pytest.mark.skipif(
        "libvips" not in available_engines(), reason="libvips cannot be loaded on this machine"
    )
    @pytest.mark.parametrize("mark", ["", "Trung tâm Lưu trữ lịch sử"])
    @pytest.mark.parametrize(
        ("data", "tolerance"),
        [
            (images.encoded(images.quarters(2600, 1700), "JPEG", quality=95), 2),
            (images.oriented_jpeg(6, 1500, 1100), 2),
            (images.cmyk_jpeg((60, 120, 90, 30)), 8),
            (images.grey_16_bit_tiff(), 2),
            (images.transparent_png(), 2),
        ],
        ids=["jpeg", "turned", "cmyk", "grey", "transparent"],
    )
    def test_both_make_the_same_pictures_within_a_small_tolerance(
        self, tmp_path: Path, data: bytes, tolerance: int, mark: str
    ) -> None:
        source = tmp_path / "original"
        source.write_bytes(data)
        sets = [
            make_renditions(source, tmp_path / engine, engine=engine, mark=mark, font_paths=FONTS)
            for engine in ("libvips", "pillow")
        ]

        for one, other in zip(*sets, strict=True):
            assert (one.width, one.height, one.path.name) == (
                other.width,
                other.height,
                other.path.name,
            )
            with Image.open(one.path) as first, Image.open(other.path) as second:
                assert first.mode == second.mode
                difference = ImageChops.difference(first.convert("RGB"), second.convert("RGB"))
            assert max(ImageStat.Stat(difference).mean) < tolerance


def _grain() -> Image.Image:
    return Image.effect_noise((1400, 1000), 40).convert("RGB")


def _stopping_after(count: int, engine: Engine) -> Callable[..., object]:
    """The engine's writer, interrupted once ``count`` files are written."""
    write = renditions._ENGINES[engine]

    def stopping(order: object) -> object:
        for index, written in enumerate(write(order), start=1):  # type: ignore[arg-type]
            yield written
            if index == count:
                raise KeyboardInterrupt

    return stopping


_KILLED_IN_THE_MIDDLE = """
import os, signal, sys
from core.media import renditions
source, destination, engine = sys.argv[1:]
write = renditions._ENGINES[engine]
def killed(order):
    for index, written in enumerate(write(order), start=1):
        if index == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        yield written
renditions._ENGINES[engine] = killed
renditions.make_renditions(source, destination, engine=engine)
"""
