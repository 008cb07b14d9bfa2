"""Banner files: made once, made anew when something changes, whole or not there at all."""

from __future__ import annotations

import errno
import io
import multiprocessing
import os
import re
import resource
import time
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from PIL import ExifTags, Image, ImageChops

from campaigns.banners import files, shelf
from campaigns.banners.colours import LACQUER
from campaigns.banners.drawing import set_title
from campaigns.banners.files import (
    KINDS,
    BannerUnavailable,
    alt_text_of,
    banner_file,
    file_name,
    kit_archive,
    prune_banner_files,
)
from campaigns.banners.wording import banner_text, file_stem
from campaigns.models import (
    BANNER_SIZES,
    Banner,
    BannerForm,
    CampaignExhibition,
    CampaignPage,
)
from core.media.storage import rendition_folder
from core.models import CustomImage
from exhibitions.models import ClearanceState, ExhibitionOrganiser, ExhibitionPage, OpeningState
from tests import factories, images
from tests.portal import Hall

pytestmark = pytest.mark.django_db

TITLE = "Lạng Sơn 75 năm thi đua yêu nước"


@pytest.fixture(autouse=True)
def empty_shelf(tmp_path: Path, settings) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path / "banners"


@pytest.fixture
def campaign(hall: Hall) -> CampaignPage:
    """A campaign for the open exhibition, with a drawn banner of every form."""
    home = hall.exhibition.get_parent().get_parent().specific
    index = factories.CampaignIndexPageFactory(parent=home)
    page = factories.CampaignPageFactory(
        parent=index, title="Tuyên truyền triển lãm", contact="Phòng Lưu trữ, (0205) 3812 345"
    )
    page.exhibitions.create(exhibition=hall.exhibition)
    for form in BannerForm:
        page.banners.create(form=form)
    page.save()
    organiser = factories.OrganisationFactory(name="Sở Nội vụ tỉnh Lạng Sơn")
    archive = factories.OrganisationFactory(name="Trung tâm Lưu trữ quốc gia III")
    for number, (organisation, role) in enumerate(
        [(archive, "cooperating"), (organiser, "leading")]
    ):
        ExhibitionOrganiser.objects.create(
            page=hall.exhibition, organisation=organisation, role=role, sort_order=number
        )
    return page


def banner_of(campaign: CampaignPage, form: str = BannerForm.WIDE) -> Banner:
    """The banner as a request finds it: read anew, with nothing remembered."""
    return Banner.objects.get(page=campaign, form=form)


def picture(banner: Banner, extension: str = "png") -> Image.Image:
    with Image.open(banner_file(banner, extension).path) as opened:
        return opened.convert("RGB")


def artwork(data: bytes, name: str = "banner.png") -> CustomImage:
    return factories.CustomImageFactory(file=ContentFile(data, name=name))


def use_artwork(banner: Banner, image: CustomImage) -> Banner:
    Banner.objects.filter(pk=banner.pk).update(artwork=image)
    return Banner.objects.get(pk=banner.pk)


def change(exhibition: ExhibitionPage, **fields: object) -> None:
    ExhibitionPage.objects.filter(pk=exhibition.pk).update(**fields)


# --- The file ----------------------------------------------------------------


@pytest.mark.parametrize("form", list(BannerForm))
@pytest.mark.parametrize("extension", KINDS)
def test_every_form_comes_as_every_kind_of_file_in_exactly_its_size(
    campaign: CampaignPage, form: str, extension: str
) -> None:
    file = banner_file(banner_of(campaign, form), extension)
    assert (file.width, file.height) == BANNER_SIZES[form]
    assert file.length == file.path.stat().st_size == len(file.path.read_bytes())
    assert re.fullmatch(r'"[0-9a-f]+-\w+"', file.etag)
    with Image.open(file.path) as opened:
        assert opened.size == BANNER_SIZES[form]
        assert Image.MIME[opened.format or ""] == file.content_type


def test_another_kind_of_file_is_refused(campaign: CampaignPage) -> None:
    with pytest.raises(KeyError):
        banner_file(banner_of(campaign), "gif")


def test_a_file_is_made_once_and_kept(
    campaign: CampaignPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = banner_file(banner_of(campaign), "jpg")
    content = first.path.read_bytes()
    monkeypatch.setattr(files, "encode", lambda *arguments: pytest.fail("made again"))
    assert banner_file(banner_of(campaign), "jpg") == first
    assert first.path.read_bytes() == content


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "Lạng Sơn 80 năm thi đua yêu nước"},
        {"opens_at": datetime(2100, 12, 25, 1, tzinfo=UTC)},
        {"closes_at": datetime(2024, 1, 1, tzinfo=UTC)},
        {"kind": "hybrid"},
    ],
    ids=["title", "announced", "ended", "kind"],
)
def test_it_is_made_anew_when_what_it_says_changes(
    campaign: CampaignPage, hall: Hall, changed: dict[str, object]
) -> None:
    before, seen = banner_file(banner_of(campaign), "png"), picture(banner_of(campaign))
    change(hall.exhibition, **changed)
    after = banner_file(banner_of(campaign), "png")
    assert after.etag != before.etag
    assert after.path != before.path
    assert ImageChops.difference(seen, picture(banner_of(campaign))).getbbox() is not None


def test_another_organiser_changes_it_and_another_campaign_s_change_does_not(
    campaign: CampaignPage, hall: Hall
) -> None:
    before = banner_file(banner_of(campaign), "png").etag
    CampaignPage.objects.filter(pk=campaign.pk).update(title="Đợt hai")
    assert banner_file(banner_of(campaign), "png").etag == before
    hall.exhibition.organisers.all().delete()
    assert banner_file(banner_of(campaign), "png").etag != before


def test_how_banners_are_drawn_is_part_of_it(
    campaign: CampaignPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = banner_file(banner_of(campaign), "png").etag
    monkeypatch.setattr(files, "DRAWING_VERSION", 999)
    assert banner_file(banner_of(campaign), "png").etag != before


def test_the_language_of_an_editor_s_admin_does_not_change_it(
    campaign: CampaignPage, hall: Hall
) -> None:
    factories.open_by_hand(hall.exhibition, OpeningState.CLOSED)
    before = banner_file(banner_of(campaign), "png").etag
    with translation.override("en"):
        assert banner_file(banner_of(campaign), "png").etag == before


def test_a_kept_file_costs_few_queries(campaign: CampaignPage) -> None:
    banner_file(banner_of(campaign), "jpg")
    banner = banner_of(campaign)
    with CaptureQueriesContext(connection) as captured:
        banner_file(banner, "jpg")
    assert len(captured) <= 5


# --- What is shown -----------------------------------------------------------


def test_nothing_is_shown_of_an_exhibition_nobody_may_know_of(
    campaign: CampaignPage, hall: Hall
) -> None:
    change(hall.exhibition, live=False)
    with pytest.raises(BannerUnavailable):
        banner_file(banner_of(campaign), "jpg")
    with pytest.raises(BannerUnavailable):
        kit_archive(CampaignPage.objects.get(pk=campaign.pk))
    # The page of the kit still has words for it, and they are not the exhibition's.
    assert alt_text_of(banner_of(campaign)) == campaign.title
    assert "lang-son" not in file_name(banner_of(campaign), "jpg")


def test_it_stands_for_the_first_exhibition_the_public_may_know_of(
    campaign: CampaignPage, hall: Hall
) -> None:
    index = hall.exhibition.get_parent().specific
    second = factories.ExhibitionPageFactory(parent=index, title="Nghề Lưu trữ, Người Lưu trữ")
    CampaignExhibition.objects.create(page=campaign, exhibition=second, sort_order=2)
    assert TITLE in alt_text_of(banner_of(campaign))
    change(hall.exhibition, live=False)
    assert "Nghề Lưu trữ, Người Lưu trữ" in alt_text_of(banner_of(campaign))


def test_before_the_opening_it_says_when_in_local_time(hall: Hall) -> None:
    change(hall.exhibition, opens_at=datetime(2100, 12, 25, 1, tzinfo=UTC))
    state = banner_text(ExhibitionPage.objects.get(pk=hall.exhibition.pk)).state
    assert state == "Sắp khai mạc 08:00, 25/12/2100"


def test_an_hour_that_was_set_anew_is_the_one_it_says(hall: Hall) -> None:
    change(hall.exhibition, opens_at=datetime(2100, 12, 25, 1, tzinfo=UTC))
    new_hour = datetime(2100, 12, 26, 7, 30, tzinfo=UTC)
    factories.open_by_hand(hall.exhibition, OpeningState.ANNOUNCED, opens_at=new_hour)
    state = banner_text(ExhibitionPage.objects.get(pk=hall.exhibition.pk)).state
    assert state == "Sắp khai mạc 14:30, 26/12/2100"


def test_without_an_hour_or_past_it_only_that_it_will_open(hall: Hall) -> None:
    change(hall.exhibition, opens_at=None)
    assert banner_text(ExhibitionPage.objects.get(pk=hall.exhibition.pk)).state == "Sắp khai mạc"
    change(hall.exhibition, opens_at=timezone.now() - timedelta(days=1))
    factories.open_by_hand(hall.exhibition, OpeningState.ANNOUNCED)
    assert banner_text(ExhibitionPage.objects.get(pk=hall.exhibition.pk)).state == "Sắp khai mạc"


def test_open_it_says_nothing_and_ended_whether_it_can_be_read(hall: Hall) -> None:
    assert banner_text(hall.exhibition).state == ""
    factories.open_by_hand(hall.exhibition, OpeningState.CLOSED)
    ended = banner_text(ExhibitionPage.objects.get(pk=hall.exhibition.pk)).state
    assert ended.startswith("Đã kết thúc") and "vẫn xem được" in ended
    change(hall.exhibition, readable_after_closing=False)
    shut = banner_text(ExhibitionPage.objects.get(pk=hall.exhibition.pk)).state
    assert shut == "Đã kết thúc"


def test_who_leads_an_exhibition_invites_to_it(campaign: CampaignPage, hall: Hall) -> None:
    assert banner_text(hall.exhibition).organiser == "Sở Nội vụ tỉnh Lạng Sơn"
    hall.exhibition.organisers.filter(role="leading").delete()
    assert banner_text(hall.exhibition).organiser == "Trung tâm Lưu trữ quốc gia III"


def test_a_very_long_organiser_is_called_by_its_short_name(hall: Hall) -> None:
    council = factories.OrganisationFactory(
        name="Thường trực Hội đồng Thi đua - Khen thưởng các tỉnh miền núi biên giới phía Bắc",
        short_name="Hội đồng TĐKT Cụm 7",
    )
    ExhibitionOrganiser.objects.create(
        page=hall.exhibition, organisation=council, role="leading", sort_order=0
    )
    assert banner_text(hall.exhibition).organiser == "Hội đồng TĐKT Cụm 7"


def test_the_picture_is_described_in_words(campaign: CampaignPage) -> None:
    assert alt_text_of(banner_of(campaign)).endswith(f"«{TITLE}» – Sở Nội vụ tỉnh Lạng Sơn")
    Banner.objects.filter(page=campaign).update(alt_text="Bìa triển lãm")
    assert alt_text_of(banner_of(campaign)) == "Bìa triển lãm"


# --- The cover ---------------------------------------------------------------


def red_cover(hall: Hall, **fields: object) -> CustomImage:
    data = images.encoded(Image.new("RGB", (1400, 900), (255, 0, 0)), "JPEG")
    cover = factories.CustomImageFactory(file=ContentFile(data, name="bia.jpg"), **fields)
    change(hall.exhibition, cover=cover)
    return cover


def shows_red(banner: Banner) -> bool:
    """Whether the cover hangs on it: pure red is no colour of ours."""
    counted = picture(banner).getcolors(maxcolors=1_000_000) or []
    return any(r > 240 and g < 20 and b < 20 and n > 1000 for n, (r, g, b) in counted)


def test_the_cover_hangs_on_it_once_its_pictures_are_made(
    campaign: CampaignPage, hall: Hall
) -> None:
    cover = red_cover(hall)
    assert not shows_red(banner_of(campaign))
    factories.render(cover)
    assert shows_red(banner_of(campaign))


def test_a_scan_that_no_public_item_shows_is_not_shown_as_cover_either(
    campaign: CampaignPage, hall: Hall
) -> None:
    cover = red_cover(hall)
    item = hall.items[0]
    factories.hang(item, cover)
    assert shows_red(banner_of(campaign))
    factories.clear(item, state=ClearanceState.WITHDRAWN)
    assert not shows_red(banner_of(campaign))


def test_a_cover_is_shown_only_under_the_exhibition_s_own_mark(
    campaign: CampaignPage, hall: Hall
) -> None:
    cover = red_cover(hall)
    factories.render(cover)
    change(hall.exhibition, faint_mark="Lưu trữ lịch sử tỉnh")
    assert not shows_red(banner_of(campaign))
    factories.render(cover, mark="Lưu trữ lịch sử tỉnh")
    assert shows_red(banner_of(campaign))


def test_a_cover_whose_files_are_gone_or_damaged_leaves_a_clear_answer(
    campaign: CampaignPage, hall: Hall
) -> None:
    cover = red_cover(hall)
    made = factories.render(cover)
    for path in rendition_folder(made.key).glob("*.jpg"):
        path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(BannerUnavailable):
        banner_file(banner_of(campaign), "png")
    for path in rendition_folder(made.key).glob("*.jpg"):
        path.unlink()
    assert not shows_red(banner_of(campaign))


def test_what_an_editor_marked_on_the_cover_is_seen(campaign: CampaignPage, hall: Hall) -> None:
    drawn = Image.new("RGB", (1900, 400), (255, 255, 255))
    drawn.paste((255, 0, 0), (1700, 0, 1900, 400))
    cover = artwork(images.encoded(drawn, "JPEG"), "bia.jpg")
    factories.render(cover)
    change(hall.exhibition, cover=cover)
    assert not shows_red(banner_of(campaign))
    CustomImage.objects.filter(pk=cover.pk).update(
        focal_point_x=1800, focal_point_y=200, focal_point_width=10, focal_point_height=10
    )
    assert shows_red(banner_of(campaign))


# --- Uploaded artwork --------------------------------------------------------


def test_artwork_is_shown_as_it_was_uploaded(campaign: CampaignPage) -> None:
    drawn = images.quarters(1200, 250)
    banner = use_artwork(banner_of(campaign), artwork(images.encoded(drawn, "PNG")))
    assert picture(banner).tobytes() == drawn.tobytes()


def test_artwork_is_turned_as_its_camera_says_and_keeps_no_metadata(
    campaign: CampaignPage,
) -> None:
    data = images.oriented_jpeg(6, 1200, 250)
    banner = use_artwork(banner_of(campaign), artwork(data, "banner.jpg"))
    shown = picture(banner)
    assert shown.size == (1200, 250)
    for point, colour in zip([(9, 9), (1190, 9), (9, 240)], images.QUARTERS, strict=False):
        assert shown.getpixel(point) == pytest.approx(colour, abs=12)
    for extension in KINDS:
        with Image.open(banner_file(banner, extension).path) as opened:
            assert not opened.getexif().get(ExifTags.Base.Orientation)
            assert not {"icc_profile", "exif", "xmp", "comment"} & set(opened.info)


def test_what_is_transparent_in_artwork_lies_on_white(campaign: CampaignPage) -> None:
    clear = Image.new("RGBA", (1200, 250), (0, 0, 0, 0))
    banner = use_artwork(banner_of(campaign), artwork(images.encoded(clear, "PNG")))
    assert picture(banner).getpixel((600, 125)) == (255, 255, 255)


def test_the_colours_of_artwork_follow_its_profile(campaign: CampaignPage) -> None:
    red = Image.new("RGB", (1200, 250), (200, 40, 40))
    data = images.encoded(red, "PNG", icc_profile=images.swapped_profile())
    shown = picture(use_artwork(banner_of(campaign), artwork(data))).getpixel((600, 125))
    assert isinstance(shown, tuple)
    assert shown[1] > shown[0], "the profile says green"


def test_while_the_exhibition_is_not_open_a_label_lies_over_artwork(
    campaign: CampaignPage, hall: Hall
) -> None:
    drawn = Image.new("RGB", (1200, 250), (255, 255, 255))
    use_artwork(banner_of(campaign), artwork(images.encoded(drawn, "PNG")))
    assert picture(banner_of(campaign)).getcolors() == [(300_000, (255, 255, 255))]
    change(hall.exhibition, opens_at=timezone.now() + timedelta(days=1))
    labelled = picture(banner_of(campaign))
    left, top, right, bottom = ImageChops.difference(drawn, labelled).getbbox() or (9, 9, 9, 9)
    assert (left, bottom) == (0, 250), "in the lower left corner"
    assert right < 400 and top > 200, "and small"
    assert LACQUER in {colour for _count, colour in labelled.getcolors(100_000) or []}
    factories.open_by_hand(hall.exhibition)
    assert picture(banner_of(campaign)).tobytes() == drawn.tobytes()


def test_other_artwork_under_the_same_name_is_noticed(campaign: CampaignPage) -> None:
    image = artwork(images.encoded(images.quarters(1200, 250), "PNG"))
    before = banner_file(use_artwork(banner_of(campaign), image), "png").etag
    path = Path(image.file.path)
    path.write_bytes(images.encoded(Image.new("RGB", (1200, 250), (1, 2, 3)), "PNG"))
    os.utime(path, (1, 1))
    banner = banner_of(campaign)
    assert banner_file(banner, "png").etag != before
    assert picture(banner).getpixel((5, 5)) == (1, 2, 3)


def test_artwork_replaced_by_one_of_another_size_is_drawn_instead(campaign: CampaignPage) -> None:
    image = artwork(images.encoded(images.quarters(1199, 250), "PNG"))
    drawn = picture(banner_of(campaign)).tobytes()
    assert picture(use_artwork(banner_of(campaign), image)).tobytes() == drawn


def test_an_exhibit_s_scan_is_no_way_round_clearance_as_artwork(
    campaign: CampaignPage, hall: Hall
) -> None:
    image = artwork(images.encoded(Image.new("RGB", (1200, 250), (255, 0, 0)), "PNG"))
    factories.hang(hall.items[0], image)
    assert shows_red(use_artwork(banner_of(campaign), image))
    factories.clear(hall.items[0], state=ClearanceState.WITHDRAWN)
    assert not shows_red(banner_of(campaign))


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n broken", None])
def test_artwork_that_cannot_be_read_leaves_a_clear_answer(
    campaign: CampaignPage, data: bytes | None, empty_shelf: Path
) -> None:
    image = artwork(images.encoded(images.quarters(1200, 250), "PNG"))
    banner = use_artwork(banner_of(campaign), image)
    path = Path(image.file.path)
    path.unlink() if data is None else path.write_bytes(data)
    with pytest.raises(BannerUnavailable):
        banner_file(banner, "png")
    assert not list(empty_shelf.glob("*"))


# --- Names -------------------------------------------------------------------

BLOCKED = re.compile(r"banner|quang-?cao|(^|[-./_])(ads?|adv|qc)([-./_]|$)|\d+x\d+")


@pytest.mark.parametrize(
    "title",
    [
        TITLE,
        "Banner quảng cáo 300x250, 728x90 – QC, ads, ad",
        "Quangcao Banners AdBanner",
        "***",
        "Phát huy giá trị tài liệu lưu trữ trên không gian mạng nhân dịp kỷ niệm 75 năm Ngày",
    ],
)
def test_names_of_files_pass_the_lists_of_advertisement_blockers(title: str) -> None:
    for form in BannerForm:
        name = f"{file_stem(title, form)}.jpg"
        assert not BLOCKED.search(name), name
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*\.jpg", name)
        assert len(name) <= 75


def test_a_file_is_called_by_the_exhibition_and_its_form(
    campaign: CampaignPage, hall: Hall
) -> None:
    square = banner_of(campaign, BannerForm.SQUARE)
    assert file_name(square, "webp") == "lang-son-75-nam-thi-dua-yeu-nuoc-vuong.webp"
    change(hall.exhibition, short_title="75 năm")
    assert file_name(banner_of(campaign), "jpg") == "75-nam-ngang.jpg"


# --- The archive -------------------------------------------------------------


def test_the_archive_holds_every_form_in_every_kind_and_says_what_to_do(
    campaign: CampaignPage,
) -> None:
    with zipfile.ZipFile(io.BytesIO(kit_archive(campaign))) as package:
        assert package.testzip() is None
        stem = "lang-son-75-nam-thi-dua-yeu-nuoc"
        wanted = {f"{stem}-{form}.{kind}" for form in BannerForm for kind in KINDS}
        assert set(package.namelist()) == {*wanted, "HUONG-DAN.txt"}
        assert all(not BLOCKED.search(name) for name in package.namelist())
        assert all(each.compress_type == zipfile.ZIP_STORED for each in package.infolist())
        for name in wanted:
            form, kind = re.fullmatch(r".*-(\w+)\.(\w+)", name).groups()
            with Image.open(io.BytesIO(package.read(name))) as opened:
                assert opened.size == BANNER_SIZES[form]
                assert opened.format == KINDS[kind].upper()
        words = package.read("HUONG-DAN.txt").decode("utf-8-sig")
    assert f"«{TITLE}» – Sở Nội vụ tỉnh Lạng Sơn" in words
    assert f"{stem}-ngang.jpg (1200 × 250)" in words
    assert "(0205) 3812 345" in words
    assert "\r\n" in words and "\n\n" not in words


def test_the_same_kit_is_the_same_archive(campaign: CampaignPage) -> None:
    first = kit_archive(CampaignPage.objects.get(pk=campaign.pk))
    assert kit_archive(CampaignPage.objects.get(pk=campaign.pk)) == first
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        # Nor does it tell when it was packed.
        assert {each.date_time for each in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_two_banners_of_one_form_are_not_packed_under_one_name(campaign: CampaignPage) -> None:
    campaign.banners.create(form=BannerForm.WIDE, alt_text="Bìa khác", sort_order=9)
    with zipfile.ZipFile(io.BytesIO(kit_archive(campaign))) as package:
        names = package.namelist()
    assert len(names) == len(set(names)) == 10


def test_a_campaign_without_banners_has_no_archive(campaign: CampaignPage) -> None:
    Banner.objects.filter(page=campaign).delete()
    with pytest.raises(BannerUnavailable):
        kit_archive(CampaignPage.objects.get(pk=campaign.pk))


# --- The shelf: full disks, two processes, old files --------------------------


@pytest.mark.parametrize("at", ["replace", "fsync"])
def test_a_full_disk_leaves_a_clear_answer_and_no_file(
    campaign: CampaignPage, empty_shelf: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    def full(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, at, full)
        with pytest.raises(BannerUnavailable, match="No space left"):
            banner_file(banner_of(campaign), "jpg")
    assert list(empty_shelf.iterdir()) == []
    # With room again the same request is answered.
    assert banner_file(banner_of(campaign), "jpg").length > 1000


def test_a_file_that_cannot_be_written_to_its_end_is_not_there(tmp_path: Path) -> None:
    """The system itself refuses to write more than 4 kB, in the middle of the file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            shelf.keep(tmp_path / "a.jpg", lambda: b"x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_may_not_be_made_leaves_a_clear_answer(
    campaign: CampaignPage, empty_shelf: Path
) -> None:
    empty_shelf.write_bytes(b"a file where the folder should be")
    with pytest.raises(BannerUnavailable):
        banner_file(banner_of(campaign), "jpg")


CONTENT = bytes(range(256)) * 2000


def keep_many_times(folder: str, start: multiprocessing.synchronize.Barrier) -> None:
    for number in range(40):
        start.wait()
        path = Path(folder) / f"{number}.jpg"
        assert shelf.keep(path, lambda: CONTENT) == len(CONTENT)
        assert path.read_bytes() == CONTENT


def test_two_processes_that_make_the_same_file_at_once_both_get_it_whole(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(2)
    arguments = (str(tmp_path), barrier)
    processes = [context.Process(target=keep_many_times, args=arguments) for _one in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=60)
    assert [process.exitcode for process in processes] == [0, 0]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        f"{number}.jpg" for number in range(40)
    )


def test_files_nobody_asked_for_in_thirty_days_are_removed(
    campaign: CampaignPage, empty_shelf: Path
) -> None:
    used, unused, fresh = (banner_file(banner_of(campaign), kind) for kind in KINDS)
    long_ago = time.time() - timedelta(days=31).total_seconds()
    for file in (used, unused):
        os.utime(file.path, (long_ago, long_ago))
    banner_file(banner_of(campaign), "jpg")  # asking for it is using it
    assert prune_banner_files() == 1
    assert set(empty_shelf.iterdir()) == {used.path, fresh.path}
    assert prune_banner_files() == 0


def test_a_file_is_marked_as_used_at_most_once_a_day(campaign: CampaignPage) -> None:
    file = banner_file(banner_of(campaign), "jpg")
    for hours, marked in ((23, False), (25, True)):
        then = time.time() - timedelta(hours=hours).total_seconds()
        os.utime(file.path, (then, then))
        banner_file(banner_of(campaign), "jpg")
        assert (file.path.stat().st_mtime > then + 1) is marked


def test_what_a_killed_process_left_unfinished_goes_after_a_day(empty_shelf: Path) -> None:
    assert prune_banner_files() == 0, "no folder yet"
    empty_shelf.mkdir()
    for name, hours in ((".making-now", 1), (".making-then", 25)):
        path = empty_shelf / name
        path.write_bytes(b"half")
        then = time.time() - timedelta(hours=hours).total_seconds()
        os.utime(path, (then, then))
    assert prune_banner_files() == 1
    assert [path.name for path in empty_shelf.iterdir()] == [".making-now"]


def test_the_longest_title_and_a_grainy_cover_stay_light(
    campaign: CampaignPage, hall: Hall
) -> None:
    title = (
        "V/v tuyên truyền Chương trình triển lãm tài liệu lưu trữ “Phong trào thi đua yêu nước "
        "Cụm 7 tỉnh miền núi biên giới phía Bắc” trên không gian mạng"
    )
    grain = Image.effect_noise((1280, 720), 90).convert("RGB")
    cover = artwork(images.encoded(grain, "JPEG", quality=95), "bia.jpg")
    factories.render(cover)
    change(hall.exhibition, title=title, cover=cover)
    for form in BannerForm:
        lines = set_title(BANNER_SIZES[form], banner_text(ExhibitionPage(title=title))).lines
        assert " ".join(lines) == title
        for extension in KINDS:
            assert banner_file(banner_of(campaign, form), extension).length <= 150_000
