"""The demonstration as it is loaded: what visitors find, what stays hidden, and only once."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import models, transaction
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page, Site, Task, Workflow
from wagtail.permissions import policy_registry

from analytics.api import OpeningBalance, views_of
from campaigns.models import CampaignPage, NoticePage
from campaigns.release import current_release
from campaigns.results import results_of
from config.quickstart import DEMO_ACCOUNT_NAMES
from core.media.storage import rendition_folder
from core.models import (
    CustomDocument,
    CustomImage,
    Organisation,
    PortalSettings,
    RenditionSet,
    User,
)
from core.roles import compare
from exhibitions.models import Clearance, ExhibitionPage, ItemPage, PartPage
from home.demonstration import content, loader
from home.demonstration.loading import people
from home.models import HomePage, NewsIndexPage, NewsPage
from home.roles import TABLE

SMALL = 1 / 8
"""Pictures an eighth as wide: they are drawn by the same code in a tenth of the time."""

A = f"/trien-lam/{content.LANG_SON.slug}/"
B = f"/trien-lam/{content.SEVEN_PROVINCES.slug}/"
C = f"/trien-lam/{content.FORTHCOMING.slug}/"
NEWS = "/tin-tuc/"
PROGRAMME = "/tuyen-truyen/80-nam-ngay-luu-tru-viet-nam/"

OPEN_TO_ALL = (
    "/",
    "/trien-lam/",
    A,
    f"{A}phan-i/",
    f"{A}phan-ii/",
    B,
    f"{B}phan-i/",
    f"{B}phan-ii/",
    f"{B}phan-iii/",
    f"{B}phan-iii/ha-giang/",
    f"{B}phan-iii/son-la/",
    C,
    NEWS,
    f"{NEWS}phat-huy-gia-tri-tai-lieu-luu-tru-tren-khong-gian-mang/",
    f"{NEWS}cac-hoat-dong-ky-niem-80-nam-ngay-luu-tru-viet-nam/",
    f"{NEWS}phoi-hop-phat-huy-gia-tri-tai-lieu-luu-tru-quoc-gia/",
    "/tuyen-truyen/",
    PROGRAMME,
    "/gioi-thieu/",
    "/lien-he/",
    "/so-do-trang/",
    "/kha-nang-tiep-can/",
    "/du-lieu-ca-nhan/",
    "/tim-kiem/",
)

CREDITS = {
    "A1": "Nguồn: Trung tâm Lưu trữ quốc gia III",
    "A2": "Nguồn: Trung tâm Lưu trữ quốc gia III",
    "A3": "Nguồn: Trung tâm Lưu trữ lịch sử tỉnh Lạng Sơn",
    "A4": "Nguồn: NSNA Vũ Bách",
}


def silent(vietnamese: str, english: str) -> None:
    """Say nothing."""


@pytest.fixture(scope="module")
def demonstration(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The demonstration, loaded once for all tests here; each works on its own savepoint."""
    with django_db_blocker.unblock(), transaction.atomic():
        with TestCase.captureOnCommitCallbacks(execute=True):
            assert loader.load(silent, SMALL)
        Site.clear_site_root_paths_cache()
        yield
        transaction.set_rollback(True)
    Site.clear_site_root_paths_cache()


@pytest.fixture
def portal(demonstration: None, db: None) -> None:
    """The loaded portal."""


@pytest.fixture
def visitor(portal: None) -> Client:
    """Somebody without an account."""
    return Client()


def item(reference: str, exhibition: str = A) -> ItemPage:
    """The item with ``reference`` in the exhibition at an address."""
    slug = exhibition.strip("/").split("/")[-1]
    path = ExhibitionPage.objects.get(slug=slug).path
    return ItemPage.objects.get(reference=reference, path__startswith=path)


def rows() -> Counter[str]:
    """How many rows every table of every app has."""
    return Counter({model._meta.label: model._base_manager.count() for model in apps.get_models()})


def texts(value: Any) -> Iterator[str]:
    """Every text within a value, those of JSON written into a text too, as revisions have it."""
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list):
        for each in value:
            yield from texts(each)
    elif isinstance(value, str) and value.startswith(("[", "{")):
        yield from texts(json.loads(value))
    elif isinstance(value, str) and value:
        yield value


def run_command() -> str:
    """Run the command again, and give what it said."""
    said = StringIO()
    call_command("load_demonstration", stdout=said)
    return said.getvalue()


@pytest.mark.parametrize("address", OPEN_TO_ALL)
def test_every_promised_address_answers(visitor: Client, address: str) -> None:
    assert visitor.get(address).status_code == 200


def test_every_cleared_item_of_the_open_exhibitions_can_be_visited(visitor: Client) -> None:
    expected = [
        each
        for exhibition in (content.LANG_SON, content.SEVEN_PROVINCES)
        for each in exhibition.all_items
        if each.cleared
    ]
    shown = Clearance.objects.exclude(
        item__path__startswith=ExhibitionPage.objects.get(slug=content.FORTHCOMING.slug).path
    )
    assert shown.count() == len(expected) > 40
    for clearance in shown[:: len(shown) // 8]:
        assert visitor.get(clearance.item.url).status_code == 200


def test_the_item_that_is_not_cleared_is_not_found(visitor: Client) -> None:
    withheld = item("II-04", B)
    assert withheld.live
    assert visitor.get(withheld.url).status_code == 404
    part = visitor.get(f"{B}phan-ii/").content.decode()
    assert "Ảnh hội nghị của Cụm" in part
    assert "chờ cho phép công bố" not in part


def test_the_exhibition_still_to_open_is_named_and_keeps_its_rooms_shut(visitor: Client) -> None:
    page = visitor.get(C).content.decode()
    assert "MẪU – Triển lãm sắp khai mạc" in page
    assert visitor.get(f"{C}phan-i/").status_code == 404
    for reference in ("I-01", "I-02", "I-03"):
        hidden = item(reference, C)
        assert Clearance.objects.filter(item=hidden).exists()
        assert visitor.get(hidden.url).status_code == 404


def test_the_exhibitions_open_at_eight_on_their_days(portal: None) -> None:
    a, b, c = (ExhibitionPage.objects.get(slug=each.slug) for each in content.EXHIBITIONS)
    local = [timezone.localtime(each.opens_at) for each in (a, b, c)]
    assert [each.strftime("%d/%m/%Y %H:%M") for each in local[:2]] == [
        "11/06/2023 08:00",
        "05/03/2024 08:00",
    ]
    assert local[2].strftime("%H:%M") == "08:00"
    assert local[2].date() == timezone.localdate() + timedelta(days=30)


def test_the_appeal_hangs_with_both_its_pages_and_their_pictures(visitor: Client) -> None:
    appeal = item("A1")
    assert [medium.label for medium in appeal.media.all()] == ["Trang 1", "Trang 2"]
    page = visitor.get(appeal.url).content.decode()
    for medium in appeal.media.all():
        key = RenditionSet.objects.get(image=medium.image).key
        width = RenditionSet.objects.get(image=medium.image).widths[-1][0]
        assert f"/h/{key}/" in page
        assert visitor.get(f"/h/{key}/{width}.jpg").status_code == 200


def test_items_hang_in_the_order_of_the_content(portal: None) -> None:
    for words in content.EXHIBITIONS:
        path = ExhibitionPage.objects.get(slug=words.slug).path
        hung = ItemPage.objects.filter(path__startswith=path).order_by("path")
        assert [each.title for each in hung] == [each.title for each in words.all_items]


def test_the_seven_provinces_are_sections_named_after_who_contributed(portal: None) -> None:
    part = PartPage.objects.get(slug="phan-iii")
    sections = PartPage.objects.child_of(part).order_by("path")
    assert [each.title for each in sections] == [
        each.title for each in content.SEVEN_PROVINCES.parts[2].parts
    ]
    assert [each.contributor.short_name for each in sections] == [each.title for each in sections]


@pytest.mark.parametrize("reference", CREDITS)
def test_a_real_record_is_credited_as_in_the_documents(visitor: Client, reference: str) -> None:
    record = item(reference)
    assert record.credit.text == CREDITS[reference]
    page = visitor.get(record.url).content.decode()
    assert CREDITS[reference].removeprefix("Nguồn: ") in page


def test_the_letter_of_1948_keeps_number_symbol_and_date(portal: None) -> None:
    letter = item("A3")
    assert (letter.document_number, letter.document_symbol) == ("39", "VP")
    assert (letter.date, letter.date_text) == ("1948-07-14", "ngày 14/7/1948")
    assert letter.date_earliest == datetime(1948, 7, 14).date()


def test_what_is_no_record_of_the_documents_says_that_it_is_a_sample(portal: None) -> None:
    for sample in ItemPage.objects.exclude(reference__in=CREDITS):
        assert sample.title.startswith("MẪU – ")
        assert sample.credit.text == "Nguồn: (mẫu)"


def test_no_title_stands_twice_side_by_side_or_among_the_items_of_an_exhibition(
    portal: None,
) -> None:
    pages = list(Page.objects.values_list("path", "title"))
    siblings = Counter((path[: -Page.steplen], title) for path, title in pages)
    items = Counter((each.path[: Page.steplen * 4], each.title) for each in ItemPage.objects.all())
    assert max(siblings.values()) == max(items.values()) == 1


def test_every_text_in_the_database_is_nfc(portal: None) -> None:
    checked = 0
    for model in apps.get_models():
        fields = [
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField)
        ]
        for row in model._base_manager.values_list(*fields) if fields else ():
            for text in texts(list(row)):
                assert unicodedata.is_normalized("NFC", text), (model, text)
                checked += 1
    assert checked > 2000


def test_the_menu_has_five_entries_in_the_order_of_the_plan(portal: None) -> None:
    home = Site.objects.get(is_default_site=True).root_page
    menu = home.get_children().live().in_menu()
    assert [page.url for page in menu] == [
        "/trien-lam/",
        "/tuyen-truyen/",
        "/tin-tuc/",
        "/gioi-thieu/",
        "/lien-he/",
    ]


def test_the_first_page_shows_exhibition_a_first_with_its_cover_ready(visitor: Client) -> None:
    assert HomePage.objects.get().featured_exhibition.slug == content.LANG_SON.slug
    response = visitor.get("/")
    assert response.context["current"].title == content.LANG_SON.title
    assert response.context["current"].cover.ready


def test_every_picture_is_ready_and_nothing_is_left_for_the_worker(portal: None) -> None:
    assert CustomImage.objects.count() == RenditionSet.objects.count() > 50
    for renditions in RenditionSet.objects.select_related("image"):
        assert renditions.made_at and not renditions.failure
        files = {path.name for path in rendition_folder(renditions.key).iterdir()}
        assert files == {
            f"{width}.{extension}"
            for width, _height in renditions.widths
            for extension in ("webp", "jpg")
        }
        image = renditions.image
        assert image.rendered_file == image.file.name
        assert image.file_hash and image.file_size


def test_keys_of_pictures_cannot_be_guessed_from_their_names(
    portal: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from home.demonstration.loading import gallery

    image = CustomImage.objects.first()
    assert image.rendition_sets.get().key == gallery._key(image.file.name)
    monkeypatch.setattr(settings, "SECRET_KEY", "another portal's")
    assert image.rendition_sets.get().key != gallery._key(image.file.name)


def test_a_report_shows_its_figures_with_caption_and_source(visitor: Client) -> None:
    words = content.NEWS[1]
    report = NewsPage.objects.get(slug=words.slug)
    figures = [block.value for block in report.body if block.block_type == "figure"]
    assert [figure["credit"] for figure in figures] == [
        "Trung tâm Lưu trữ quốc gia III",
        "Trung tâm Lưu trữ lịch sử tỉnh Lạng Sơn",
    ]
    page = visitor.get(report.url).content.decode()
    for figure in figures:
        assert figure["caption"] in page
        assert f"/h/{figure['image'].rendition_sets.get().key}/" in page
    assert "Ong Thị An" in page


def test_a_report_of_years_ago_is_not_said_to_have_been_revised_today(portal: None) -> None:
    for report in NewsPage.objects.all():
        assert report.last_published_at == report.published_at < timezone.now()


def test_the_programme_lists_its_activities_and_organisers(visitor: Client) -> None:
    page = visitor.get(PROGRAMME).content.decode().replace("\u00a0", " ")
    for activity in content.PROGRAMME.activities:
        assert activity.title in page
    assert "Cục Lưu trữ Văn phòng Trung ương Đảng" in page
    assert "từ 03/01/2025" in page


def test_the_site_map_leads_to_what_is_open_and_to_nothing_else(visitor: Client) -> None:
    page = visitor.get("/so-do-trang/").content.decode()
    assert f'href="{A}phan-i/"' in page
    assert f'href="{C}phan-i/"' not in page


def test_a_search_without_marks_finds_the_letter_and_not_what_is_withheld(visitor: Client) -> None:
    assert item("A3").url in visitor.get("/tim-kiem/?q=khau+hieu").content.decode()
    hidden = visitor.get("/tim-kiem/?q=cho+cho+phep+cong+bo").content.decode()
    assert item("II-04", B).url not in hidden


def test_an_organisation_that_ceased_names_its_successor(portal: None) -> None:
    department = Organisation.objects.get(name="Sở Nội vụ tỉnh Hà Giang")
    assert department.successor.name == "Tỉnh Tuyên Quang"
    assert department.parent.name == "Ủy ban nhân dân tỉnh Hà Giang"


def test_the_portal_names_the_department_and_marks_its_contacts_as_samples(portal: None) -> None:
    portal_settings = PortalSettings.for_site(Site.objects.get(is_default_site=True))
    assert portal_settings.department == "Sở Nội vụ tỉnh Lạng Sơn"
    assert portal_settings.phone.startswith("(mẫu)")


def test_the_accounts_are_those_that_make_demo_prints(portal: None) -> None:
    names = (people.ADMINISTRATOR, people.EDITOR, people.APPROVER, people.CLERK)
    assert names == DEMO_ACCOUNT_NAMES
    assert set(User.objects.values_list("username", flat=True)) == set(names)
    assert not any(user.has_usable_password() for user in User.objects.all())


def test_an_account_takes_its_password_from_the_settings(portal: None, settings: Any) -> None:
    settings.DEMO_ACCOUNTS = {"thu": "mat-khau-cua-ban-thu"}
    department = Organisation.objects.get(name="Sở Nội vụ tỉnh Lạng Sơn")
    account = people.make_account("thu", "Người thử", department)
    assert account.check_password("mat-khau-cua-ban-thu")
    settings.DEMO_ACCOUNTS = {"thu": "mat-khau-khac"}
    assert people.make_account("thu", "Người thử", department).check_password(
        "mat-khau-cua-ban-thu"
    )


def test_the_editor_publishes_pages_and_media_and_clears_nothing(portal: None) -> None:
    editor = User.objects.get(username=people.EDITOR)
    may = item("A1").permissions_for_user(editor)
    assert may.can_edit() and may.can_publish()
    for model in (CustomImage, CustomDocument):
        policy = policy_registry.get_by_type(model)
        assert policy.user_has_permission(editor, "add")
        assert policy.user_has_permission(editor, "choose")
    assert editor.has_perm("wagtailadmin.access_admin")
    assert editor.has_perm("core.change_organisation")
    assert not editor.has_perm("exhibitions.decide_clearance")
    assert not editor.has_perm("exhibitions.open_exhibition")


def test_all_rights_on_pages_begin_at_the_home_page(portal: None) -> None:
    places = GroupPagePermission.objects.filter(group__role_baseline__isnull=False)
    assert set(places.values_list("page_id", flat=True)) == {HomePage.objects.get().pk}
    assert all(each.is_as_in_the_table for each in compare(TABLE))


def test_the_approver_also_clears_and_opens(portal: None) -> None:
    approver = User.objects.get(username=people.APPROVER)
    assert item("A1").permissions_for_user(approver).can_publish()
    assert approver.has_perm("exhibitions.decide_clearance")
    assert approver.has_perm("exhibitions.open_exhibition")
    assert not approver.is_superuser
    assert set(Clearance.objects.values_list("by_name", "decision_number")) == {
        ("Lãnh đạo duyệt (mẫu)", "MẪU-01/QĐ-SNV")
    }


def test_nothing_english_is_left_of_what_wagtail_begins_with(portal: None) -> None:
    groups = Group.objects.values_list("name", flat=True)
    assert sorted(groups) == sorted(role.name for role in TABLE)
    assert not Workflow.objects.exists() and not Task.objects.exists()
    assert not item("A1").get_workflow()
    assert not Page.objects.filter(title__startswith="Welcome").exists()


def test_loading_again_changes_nothing_and_keeps_edits_and_deletions(portal: None) -> None:
    appeal = item("A1")
    appeal.title = "Lời kêu gọi (đã sửa)"
    appeal.save_revision().publish()
    report = NewsPage.objects.get(slug=content.NEWS[0].slug)
    report.delete()
    before = rows()
    said = run_command()
    assert rows() == before
    assert item("A1").title == "Lời kêu gọi (đã sửa)"
    assert not NewsPage.objects.filter(slug=content.NEWS[0].slug).exists()
    assert "giữ nguyên" in said


def test_a_list_of_news_that_was_deleted_does_not_come_back(portal: None) -> None:
    NewsIndexPage.objects.get().delete()
    before = rows()
    run_command()
    assert rows() == before
    assert not NewsIndexPage.objects.exists()


def test_the_letter_of_ha_giang_waits_for_its_number_and_the_sample_is_released(
    visitor: Client,
) -> None:
    draft, sample = (
        NoticePage.objects.get(slug=campaign.letters[0].slug) for campaign in content.CAMPAIGNS
    )
    assert current_release(draft) is None and not draft.number and draft.issued_on is None
    row = current_release(sample)
    assert row is not None and row.state == "released" and row.signed_pdf is not None
    assert sample.title.startswith("MẪU")
    html = visitor.get(draft.url).content.decode()
    assert "Nguyễn Cao Cường" in html and "SNV-TĐKT" in html
    assert visitor.get(row.signed_pdf.url).status_code == 200


def test_ten_sample_agencies_can_be_chosen_and_some_have_placed_their_banner(
    visitor: Client,
) -> None:
    samples = Organisation.objects.filter(name__endswith="(mẫu)")
    assert samples.count() == 10
    assert all(
        each.hosts.get().host.endswith(".example") for each in samples.prefetch_related("hosts")
    )
    campaign = CampaignPage.objects.get(slug=content.CAMPAIGNS[0].slug)
    states = Counter(each.state for each in results_of(campaign, "").agencies)
    assert states == {"seen": 1, "declared": 1, "removed": 1}
    answer = visitor.get(f"/bo-nhan-dien/{campaign.slug}/", {"tim": "that khe"})
    assert "Thất Khê" in answer.content.decode()


def test_the_misprinted_host_leads_to_the_exhibition(visitor: Client) -> None:
    answer = visitor.get("/", headers={"host": "trienlamtailieucum7tinhmnbgbp.langson.gov.vn"})
    assert answer.status_code == 308
    assert urlsplit(answer["Location"]).path == (
        "/trien-lam/phong-trao-thi-dua-yeu-nuoc-cum-7-tinh-mien-nui-bien-gioi-phia-bac/"
    )


def test_earlier_figures_stand_in_their_own_units(visitor: Client) -> None:
    sentences = {each.sentence for each in OpeningBalance.objects.all()}
    assert sentences == {"415 lượt xem", "gần 6.800 lượt người truy cập (đến 14/7/2023)"}
    news = NewsPage.objects.get(slug=content.NEWS[2].slug)
    assert views_of(news.pk) == 415
    exhibition = ExhibitionPage.objects.get(slug=content.LANG_SON.slug)
    assert views_of(exhibition.pk) == 0


def test_the_forthcoming_exhibition_opens_by_itself_at_its_hour(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    opens_at = ExhibitionPage.objects.get(slug=content.EXHIBITIONS[2].slug).opens_at
    first = item("I-01", C)
    for now, status in ((opens_at - timedelta(seconds=1), 404), (opens_at, 200)):
        monkeypatch.setattr("exhibitions.visibility.timezone.now", lambda now=now: now)
        assert visitor.get(first.url).status_code == status


def test_the_approver_sets_the_hours_of_an_exhibition_and_the_editor_does_not(
    visitor: Client,
) -> None:
    exhibition = ExhibitionPage.objects.get(slug=content.EXHIBITIONS[2].slug)
    edit = reverse("wagtailadmin_pages:edit", args=[exhibition.pk])
    for username, asked in ((people.EDITOR, False), (people.APPROVER, True)):
        visitor.force_login(User.objects.get(username=username))
        assert ('name="opens_at"' in visitor.get(edit).content.decode()) is asked
