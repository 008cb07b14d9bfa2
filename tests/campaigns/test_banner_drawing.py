"""Drawn banners: of exactly their size, with every word on the paper and to be read."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import pairwise
from random import Random

import pytest
from PIL import Image, ImageChops

from campaigns.banners import drawing
from campaigns.banners.colours import LACQUER, PAPER
from campaigns.banners.drawing import BannerText, draw_banner, set_title, text_box
from campaigns.banners.encoding import BYTES_MOST, encode
from campaigns.banners.phrases import phrases, reluctance
from campaigns.models import BANNER_SIZES, BannerForm
from core.lettering import INTERFACE, LABELS, TITLES, Typeface, balanced_lines, lines_needed

SHORT = "Lạng Sơn 75 năm thi đua yêu nước"
ARTICLE = (
    "Phát huy giá trị tài liệu lưu trữ trên không gian mạng nhân dịp kỷ niệm 75 năm Ngày "
    "Chủ tịch Hồ Chí Minh ra Lời kêu gọi thi đua ái quốc"
)
SUBJECT = (
    "V/v tuyên truyền Chương trình triển lãm tài liệu lưu trữ “Phong trào thi đua yêu nước "
    "Cụm 7 tỉnh miền núi biên giới phía Bắc” trên không gian mạng"
)
LONGEST = (
    f"{SUBJECT} nhân dịp kỷ niệm 75 năm Ngày Chủ tịch Hồ Chí Minh ra Lời kêu gọi thi đua "
    "ái quốc, 11/6/1948 - 11/6/2023"
)
ORGANISER = "Sở Nội vụ tỉnh Lạng Sơn"
LONG_ORGANISER = (
    "Ủy ban nhân dân các tỉnh và thường trực Hội đồng Thi đua - Khen thưởng các tỉnh trong "
    "Cụm thi đua 7 tỉnh miền núi biên giới phía Bắc"
)
KICKER = "Triển lãm trực tuyến"
SOON = "Sắp khai mạc 08:00, 25/12/2026"

TITLES_TO_SET = [ARTICLE, SUBJECT, LONGEST, "Nghiêng" * 8, "Ể Ộ Ữ Ẫ", "W" * 250]
COVER = Image.linear_gradient("L").resize((1280, 720)).convert("RGB")
GRAIN = Image.frombytes("RGB", (1280, 720), Random(1).randbytes(1280 * 720 * 3))
DARK = Image.new("RGB", (1280, 720), (12, 10, 9))

each_form = pytest.mark.parametrize("form", list(BannerForm))


def text(title: str = SHORT, **more: str) -> BannerText:
    return BannerText(**{"kicker": KICKER, "title": title, "organiser": ORGANISER, **more})


def pixels(picture: Image.Image) -> Iterator[tuple[int, int, int]]:
    data = picture.convert("RGB").tobytes()
    return zip(data[::3], data[1::3], data[2::3], strict=True)


def luminance(colour: tuple[int, int, int]) -> float:
    """Relative luminance (WCAG 2.2)."""
    linear = [
        value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: tuple[int, int, int], second: tuple[int, int, int]) -> float:
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


# --- What an agency gets -----------------------------------------------------


@each_form
@pytest.mark.parametrize(("kind", "written"), [("jpeg", "JPEG"), ("png", "PNG"), ("webp", "WEBP")])
@pytest.mark.parametrize("cover", [COVER, GRAIN, None], ids=["cover", "grain", "no cover"])
def test_every_file_is_of_exactly_its_size_and_light_enough(
    form: str, kind: str, written: str, cover: Image.Image | None
) -> None:
    data = encode(draw_banner(form, text(SUBJECT, state=SOON), cover), kind)
    with Image.open(io.BytesIO(data)) as decoded:
        decoded.load()
        assert (decoded.size, decoded.format) == (BANNER_SIZES[form], written)
    assert len(data) <= BYTES_MOST


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp"])
def test_even_artwork_that_is_nothing_but_grain_is_light_enough(kind: str) -> None:
    assert len(encode(GRAIN.crop((0, 0, 1200, 250)), kind)) <= BYTES_MOST


def test_paper_and_letters_stay_clean_in_a_file_with_few_colours() -> None:
    banner = draw_banner("ngang", text(SUBJECT), GRAIN)
    with Image.open(io.BytesIO(encode(banner, "png"))) as decoded:
        assert decoded.mode == "P"
        words = text_box(banner.size, set_title(banner.size, text(SUBJECT)).picture)
        difference = ImageChops.difference(banner.crop(words), decoded.convert("RGB").crop(words))
    assert max(high for _low, high in difference.getextrema()) <= 24
    assert decoded.convert("RGB").getpixel((10, 10)) == PAPER


def test_another_kind_of_file_is_refused() -> None:
    with pytest.raises(ValueError, match="gif"):
        encode(draw_banner("vuong", text(), None), "gif")


@each_form
def test_the_same_banner_is_drawn_the_same_every_time(form: str) -> None:
    first, second = (draw_banner(form, text(), cover) for cover in (COVER, COVER.copy()))
    assert first.tobytes() == second.tobytes()
    bare = [draw_banner(form, text(), None) for _time in range(2)]
    assert bare[0].tobytes() == bare[1].tobytes()


# --- The words ---------------------------------------------------------------


@each_form
@pytest.mark.parametrize("title", [SHORT, ARTICLE, SUBJECT])
def test_every_word_of_a_real_title_is_there(form: str, title: str) -> None:
    setting = set_title(BANNER_SIZES[form], text(title))
    assert " ".join(setting.lines) == title
    assert " ".join(setting.organiser) == ORGANISER


@each_form
@pytest.mark.parametrize("title", TITLES_TO_SET, ids=lambda title: title[:12])
@pytest.mark.parametrize(
    "organiser", [ORGANISER, LONG_ORGANISER, "W" * 150], ids=["one", "long", "one word"]
)
def test_no_letter_leaves_the_paper_and_no_line_touches_another(
    form: str, title: str, organiser: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[tuple[int, int, int, int]] = []
    original = Typeface.print_line

    def watch(face: Typeface, picture: Image.Image, *arguments: object) -> None:
        before = picture.copy()
        original(face, picture, *arguments)  # type: ignore[arg-type]
        changed = ImageChops.difference(before, picture).getbbox()
        assert changed is not None
        printed.append(changed)

    monkeypatch.setattr(Typeface, "print_line", watch)
    words = text(title, organiser=organiser)
    setting = set_title(BANNER_SIZES[form], words)
    banner = draw_banner(form, words, COVER)
    left, top, right, bottom = text_box(banner.size, setting.picture)
    across, down = drawing.LAYOUTS[banner.size].margins
    assert len(printed) == 1 + len(setting.lines) + len(setting.organiser)
    for box in printed:
        assert box[0] >= left - 2 and box[2] <= right + 2, (box, "beside the paper")
        assert box[1] >= top - down / 2 and box[3] <= bottom + down / 2, (box, "off the paper")
    assert across > 2
    # Lines stand apart: the middle of each lies below the foot of the one above it.
    for above, below in pairwise(printed):
        assert above[3] <= below[1] + setting.size * 0.35


@each_form
def test_outside_the_words_the_paper_is_empty(form: str) -> None:
    words = text(SUBJECT, organiser=LONG_ORGANISER)
    banner = draw_banner(form, words, COVER)
    setting = set_title(banner.size, words)
    left, _top, right, _bottom = text_box(banner.size, setting.picture)
    width, height = banner.size
    paper_top = 1 if setting.picture[0] else setting.picture[3] + drawing.THREAD
    paper_right = setting.picture[0] - drawing.THREAD if setting.picture[0] else width - 1
    # Between the hairline along the edge and the margin there is nothing but paper.
    for strip in [
        (1, paper_top, left - 2, height - 1),
        (right + 2, paper_top, paper_right, height - 1),
        (1, height - 4, paper_right, height - 1),
    ]:
        assert set(pixels(banner.crop(strip))) == {PAPER}, strip


@each_form
def test_two_hundred_and_fifty_letters_are_set_whole(form: str) -> None:
    title = LONGEST[:250].rsplit(" ", 1)[0]
    assert len(LONGEST) >= 250 > len(title) > 235
    assert " ".join(set_title(BANNER_SIZES[form], text(title)).lines) == title


@each_form
@pytest.mark.parametrize("title", ["CHƯƠNG TRÌNH " * 60, "W" * 700, "Ữ" * 700])
def test_what_no_form_can_hold_ends_with_an_ellipsis(form: str, title: str) -> None:
    setting = set_title(BANNER_SIZES[form], text(title))
    assert setting.lines[-1].endswith("…")
    kept = "".join("".join(setting.lines).split()).removesuffix("…")
    assert "".join(title.split()).startswith(kept)
    assert len(kept) > 60


def test_a_title_too_long_for_a_form_gives_way_to_the_short_title() -> None:
    words = text("CHƯƠNG TRÌNH " * 60, short_title=SHORT)
    assert " ".join(set_title((300, 250), words).lines) == SHORT


@each_form
def test_a_word_wider_than_the_paper_is_broken_and_no_letter_lost(form: str) -> None:
    word = ("Nghiêng" * 9)[:60]
    setting = set_title(BANNER_SIZES[form], text(word))
    assert "".join(setting.lines) == word


@each_form
def test_a_banner_without_organiser_or_with_an_empty_title_can_be_drawn(form: str) -> None:
    assert draw_banner(form, text("", organiser=""), None).size == BANNER_SIZES[form]


def test_a_long_title_makes_the_picture_smaller_before_the_letters_become_small() -> None:
    size = BANNER_SIZES[BannerForm.SQUARE]
    layout = drawing.LAYOUTS[size]
    short, long = (set_title(size, text(title)) for title in (SHORT, ARTICLE))
    assert short.picture == layout.pictures[0]
    assert long.picture != layout.pictures[0]
    assert short.size > long.size >= layout.comfortable


# --- Breaking by sense -------------------------------------------------------


@pytest.mark.parametrize("title", TITLES_TO_SET, ids=lambda title: title[:12])
def test_phrases_are_the_title(title: str) -> None:
    assert " ".join(phrases(title)) == " ".join(title.split())


@pytest.mark.parametrize(
    ("title", "together"),
    [
        (ARTICLE, "Hồ Chí Minh"),
        (ARTICLE, "Chủ tịch"),
        (ARTICLE, "75 năm"),
        (ARTICLE, "thi đua"),
        (SUBJECT, "Cụm 7 tỉnh"),
        (SUBJECT, "phía Bắc”"),
        ("Công văn số 39 VP ngày 14/7/1948", "ngày 14/7/1948"),
        ("Trên 120 tài liệu về Điện Biên Phủ", "120 tài liệu"),
        ("Trên 120 tài liệu về Điện Biên Phủ", "Điện Biên Phủ"),
    ],
)
def test_what_is_read_together_stays_together(title: str, together: str) -> None:
    assert together in phrases(title)


def test_a_list_of_names_may_be_broken_at_its_commas() -> None:
    assert phrases("Hà Giang, Cao Bằng, Lạng Sơn") == ["Hà Giang,", "Cao Bằng,", "Lạng Sơn"]


@each_form
@pytest.mark.parametrize("title", [SHORT, ARTICLE, SUBJECT])
def test_no_line_of_a_real_title_ends_with_a_word_that_belongs_to_the_next(
    form: str, title: str
) -> None:
    lines = set_title(BANNER_SIZES[form], text(title)).lines
    for above, below in pairwise(lines):
        assert not above.endswith((" của", " và", " về", " ra", " các", "75", "Hồ", "Chí"))
        assert not above.endswith("Chủ tịch"), below


def test_a_line_is_rather_broken_before_a_small_word_than_behind_it() -> None:
    assert reluctance("kỷ niệm", "của") < reluctance("của", "nhân dân")
    assert reluctance("Cao Bằng,", "Lạng Sơn") < reluctance("thi đua", "yêu nước")
    assert reluctance("Chủ tịch", "Hồ Chí Minh") > reluctance("Ngày", "Chủ tịch")


def test_lines_are_as_few_as_can_be_and_about_equally_long() -> None:
    words = ARTICLE.split()
    lines = balanced_lines(TITLES, words, 20, 400)
    assert " ".join(lines) == ARTICLE
    assert len(lines) == lines_needed(TITLES, words, 20, 400)
    widths = [TITLES.width(line, 20) for line in lines]
    assert max(widths) <= 400
    assert min(widths) > 0.7 * max(widths)


def test_a_word_wider_than_the_measure_gets_a_line_of_its_own() -> None:
    assert balanced_lines(TITLES, ["a", "W" * 40, "b"], 20, 200) == ["a", "W" * 40, "b"]
    assert balanced_lines(TITLES, [], 20, 200) == []


@pytest.mark.parametrize("typeface", [TITLES, INTERFACE, LABELS])
def test_a_line_is_printed_as_wide_as_it_was_measured(typeface: Typeface) -> None:
    line = "Hội đồng Thi đua - Khen thưởng các tỉnh miền núi biên giới phía Bắc"
    paper = Image.new("RGB", (1200, 60), PAPER)
    typeface.print_line(paper, (10, 40), line, 13, (0, 0, 0))
    empty = Image.new("RGB", paper.size, PAPER)
    left, _top, right, _bottom = ImageChops.difference(paper, empty).getbbox() or (0, 0, 0, 0)
    assert right - left == pytest.approx(typeface.width(line, 13), abs=3)


# --- Picture, contrast, label ------------------------------------------------


@each_form
@pytest.mark.parametrize("cover", [COVER, GRAIN, DARK, None])
def test_words_stand_out_from_the_paper_whatever_the_cover(
    form: str, cover: Image.Image | None
) -> None:
    banner = draw_banner(form, text(ARTICLE), cover)
    box = text_box(banner.size, set_title(banner.size, text(ARTICLE)).picture)
    counted = banner.crop(box).getcolors(maxcolors=1_000_000) or []
    by_number = sorted(counted, reverse=True)
    # Most of it is plain paper; the inks are the commonest colours that are not.
    assert by_number[0][1] == PAPER
    inks = {colour for _count, colour in by_number if contrast(colour, PAPER) >= 4.5}
    assert {drawing.INK, drawing.MUTED, LACQUER} <= inks


@each_form
@pytest.mark.parametrize("cover", [COVER, GRAIN, DARK, None])
def test_the_state_is_read_on_a_label_over_the_picture(
    form: str, cover: Image.Image | None
) -> None:
    plain, labelled = (draw_banner(form, text(state=state), cover) for state in ("", SOON))
    changed = ImageChops.difference(plain, labelled).getbbox()
    assert changed is not None
    picture = set_title(plain.size, text()).picture
    assert picture[0] <= changed[0] and changed[2] <= picture[2]
    assert picture[1] <= changed[1] and changed[3] <= picture[3]
    label = labelled.crop(changed)
    counted = sorted(label.getcolors(maxcolors=1_000_000) or [], reverse=True)
    assert [colour for _count, colour in counted[:2]] == [LACQUER, PAPER]
    assert contrast(LACQUER, PAPER) >= 4.5


@each_form
def test_a_state_of_many_words_stays_on_the_picture(form: str) -> None:
    banner = Image.new("RGB", BANNER_SIZES[form], (0, 0, 255))
    place = drawing.LAYOUTS[banner.size].pictures[-1]
    before = banner.copy()
    drawing.lay_label(banner, "Tạm dừng trưng bày để tu bổ, " * 12, place)
    left, top, right, bottom = ImageChops.difference(before, banner).getbbox() or (0, 0, 0, 0)
    assert place[0] <= left and right <= place[2]
    assert place[1] <= top and bottom <= place[3]


@each_form
@pytest.mark.parametrize("size", [(1, 1), (4000, 12), (12, 4000)])
def test_a_cover_too_small_to_be_sharp_is_not_hung(form: str, size: tuple[int, int]) -> None:
    red = Image.new("RGB", size, (255, 0, 0))
    assert draw_banner(form, text(), red).tobytes() == draw_banner(form, text(), None).tobytes()


@each_form
def test_a_cover_is_cut_and_never_stretched(form: str) -> None:
    """A circle in the middle of a very wide cover is as wide as it is high on the banner."""
    disc = Image.new("RGB", (4000, 800), (255, 255, 255))
    disc.paste((0, 0, 255), (1990, 390, 2010, 410))
    banner = draw_banner(form, text(), disc)
    place = set_title(banner.size, text()).picture
    blue = banner.crop(place).convert("RGB").split()[0].point(lambda red: 255 * (red < 128))
    left, top, right, bottom = blue.getbbox() or (0, 0, 0, 0)
    assert abs((right - left) - (bottom - top)) <= 1
    assert right > left


def test_the_part_an_editor_marked_is_seen() -> None:
    cover = Image.new("RGB", (4000, 800), (255, 255, 255))
    cover.paste((0, 0, 255), (3800, 0, 4000, 800))
    place = set_title((1200, 250), text()).picture
    blue = (0, 0, 255)
    assert blue not in set(pixels(draw_banner("ngang", text(), cover).crop(place)))
    focused = draw_banner("ngang", text(), cover, focus=(0.98, 0.5))
    assert blue in set(pixels(focused.crop(place)))


def test_ridges_differ_from_title_to_title() -> None:
    first, second = (draw_banner("doc", text(title), None) for title in (SHORT, ARTICLE))
    place = set_title(first.size, text(ARTICLE)).picture
    assert first.crop(place).tobytes() != second.crop(place).tobytes()


def test_a_form_nobody_knows_is_refused() -> None:
    with pytest.raises(KeyError):
        draw_banner("tron", text(), None)
