"""The drawings of the demonstration: the same from the same seed, and of the asked size."""

from __future__ import annotations

import pytest
from PIL import Image, ImageChops, ImageStat

from core.lettering import INTERFACE, READING, Typeface, balanced_lines
from home.demonstration import content, pictures
from home.demonstration.mountains import PALETTES

SMALL = (420, 300)


def difference(first: Image.Image, second: Image.Image) -> float:
    """The mean difference of two pictures, in levels 0…255."""
    stat = ImageStat.Stat(ImageChops.difference(first, second).convert("L"))
    return float(stat.mean[0])


@pytest.mark.parametrize("palette", PALETTES)
def test_a_cover_is_the_same_from_the_same_seed_and_another_from_another(palette: str) -> None:
    cover = pictures.draw_cover(5, palette, SMALL)
    assert (cover.size, cover.mode) == (SMALL, "RGB")
    assert cover.tobytes() == pictures.draw_cover(5, palette, SMALL).tobytes()
    assert difference(cover, pictures.draw_cover(6, palette, SMALL)) > 2


@pytest.mark.parametrize("kind", pictures.SAMPLE_KINDS)
def test_a_sample_is_the_same_from_the_same_seed_and_another_from_another(kind: str) -> None:
    drawn = pictures.draw_sample(kind, 5, SMALL)
    assert (drawn.size, drawn.mode) == (SMALL, "RGB")
    assert drawn.tobytes() == pictures.draw_sample(kind, 5, SMALL).tobytes()
    assert difference(drawn, pictures.draw_sample(kind, 6, SMALL)) > 1


@pytest.mark.parametrize("kind", pictures.SAMPLE_KINDS)
def test_every_sample_says_that_it_is_one(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = pictures.draw_sample(kind, 5, SMALL)
    monkeypatch.setattr(pictures, "_write_sample", lambda *arguments: None)
    silent = pictures.draw_sample(kind, 5, SMALL)
    assert ImageChops.difference(drawn, silent).getbbox() is not None


def test_a_mount_is_the_same_from_the_same_seed_and_names_its_source() -> None:
    mount = pictures.draw_mount("Trung tâm Lưu trữ quốc gia III", SMALL, 1)
    assert (mount.size, mount.mode) == (SMALL, "RGB")
    again = pictures.draw_mount("Trung tâm Lưu trữ quốc gia III", SMALL, 1)
    assert mount.tobytes() == again.tobytes()
    assert difference(mount, pictures.draw_mount("NSNA Vũ Bách", SMALL, 1)) > 0


def test_a_drawing_nobody_knows_is_refused() -> None:
    with pytest.raises(KeyError):
        pictures.draw_sample("portrait of a person", 1, SMALL)
    with pytest.raises(KeyError):
        pictures.draw_cover(1, "neon", SMALL)


def test_every_drawing_the_content_asks_for_can_be_drawn() -> None:
    drawings = [
        medium.drawing
        for exhibition in content.EXHIBITIONS
        for item in exhibition.all_items
        for medium in item.media
    ]
    assert {drawing.kind for drawing in drawings} <= {"mount", *pictures.SAMPLE_KINDS}
    assert {drawing.shape for drawing in drawings} <= set(pictures.SHAPES)
    covers = [each.cover for each in (*content.EXHIBITIONS, *content.NEWS)]
    assert {cover.palette for cover in covers} <= set(PALETTES)
    assert len({(drawing.kind, drawing.seed) for drawing in drawings}) == len(drawings)


@pytest.mark.parametrize("typeface", [READING, INTERFACE])
def test_every_letter_of_a_source_line_is_in_its_font(typeface: Typeface) -> None:
    missing = typeface.font("latin", 40).getmask("\uffff")
    line = "Chờ bản quét – Nguồn: Trung tâm Lưu trữ lịch sử tỉnh Lạng Sơn, NSNA Vũ Bách, MẪU"
    for run, font in typeface.runs(line, 40):
        for letter in run.replace(" ", ""):
            assert bytes(font.getmask(letter)) != bytes(missing), letter


def test_a_long_source_is_broken_into_lines_of_about_equal_length() -> None:
    text = "Nguồn: Trung tâm Lưu trữ lịch sử tỉnh Lạng Sơn"
    lines = balanced_lines(INTERFACE, text.split(), 36, 600)
    assert " ".join(lines) == text
    widths = [INTERFACE.width(line, 36) for line in lines]
    assert len(lines) == 2
    assert max(widths) <= 600
    assert min(widths) > 0.6 * max(widths)
