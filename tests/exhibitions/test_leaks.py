"""Ways round the visibility rule that were thought of, each of them closed."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.models import Page, ReferenceIndex

from core.models import CustomDocument, RenditionSet
from exhibitions.clearance import ClearanceDecision, current_state, grant, withdraw
from exhibitions.models import (
    AccessLevel,
    ClearanceState,
    ExhibitionPage,
    ItemMedium,
    ItemPage,
    OpeningState,
    PartPage,
    Secrecy,
)
from home.models import StandardPage
from tests import factories, images
from tests.portal import Hall

pytestmark = pytest.mark.django_db
DECISION = ClearanceDecision(number="01/QĐ-SNV", note="Rà soát")


@pytest.fixture
def approver():
    return factories.UserFactory(is_superuser=True)


@pytest.fixture
def hidden(hall: Hall) -> ItemPage:
    """A published item that nobody has cleared, with a telling title."""
    return factories.ItemPageFactory(parent=hall.parts[0], title="Báo cáo mật về biên giới")


def alias_of(page: Page, parent: Page, slug: str) -> Page:
    return CreatePageAliasAction(page, parent=parent, update_slug=slug).execute()


def status(client: Client, page: Page) -> int:
    return client.get(page.get_url()).status_code


def test_an_alias_of_an_alias_is_one_of_the_source_and_follows_its_clearance(
    client: Client, hall: Hall, approver
) -> None:
    source = hall.items[0]
    first = alias_of(source, hall.parts[1], "hien-lai")
    second = alias_of(first, hall.parts[1], "hien-lai-nua")
    assert second.alias_of_id == source.pk
    withdraw(second, by=approver, decision=DECISION)
    assert [status(client, page) for page in (source, first, second)] == [404, 404, 404]
    assert grant(second, by=approver, decision=DECISION) == []
    assert [status(client, page) for page in (source, first, second)] == [200, 200, 200]


def test_an_alias_of_a_postponed_exhibition_does_not_open_by_the_clock(
    client: Client, hall: Hall
) -> None:
    factories.open_by_hand(hall.exhibition, OpeningState.ANNOUNCED)
    CreatePageAliasAction(
        hall.exhibition, parent=hall.exhibition.get_parent(), recursive=True, update_slug="ban-sao"
    ).execute()
    copy = ItemPage.objects.exclude(pk=hall.items[0].pk).get(alias_of=hall.items[0])
    assert "/ban-sao/" in copy.get_url()
    assert status(client, copy) == 404


def test_a_public_alias_does_not_name_its_hidden_source(client: Client, hall: Hall) -> None:
    kept = factories.ExhibitionPageFactory(
        parent=hall.exhibition.get_parent(), title="Triển lãm còn giữ kín", live=False
    )
    source = factories.cleared_item(factories.PartPageFactory(parent=kept))
    alias = alias_of(source, hall.parts[0], "hien-lai")
    answer = client.get(alias.get_url())
    assert answer.status_code == 200
    assert "con-giu-kin" not in answer.content.decode()


def test_a_public_alias_names_its_public_source_as_canonical(client: Client, hall: Hall) -> None:
    alias = alias_of(hall.items[0], hall.parts[1], "hien-lai")
    page = client.get(alias.get_url()).content.decode()
    assert f'rel="canonical" href="{hall.items[0].get_full_url()}"' in " ".join(page.split())


def cover_with(hall: Hall, item: ItemPage) -> tuple[ExhibitionPage, RenditionSet]:
    """Make an item's scan the exhibition's cover, as an editor may."""
    medium = factories.hang(item)
    exhibition = ExhibitionPage.objects.get(pk=hall.exhibition.pk)
    exhibition.cover = medium.image
    exhibition.save()
    ReferenceIndex.create_or_update_for_object(exhibition)
    return exhibition, RenditionSet.objects.get(image=medium.image)


@pytest.mark.parametrize("way", ["withdrawn", "deleted", "emptied"])
def test_a_withdrawn_scan_stays_hidden_as_a_cover_whatever_becomes_of_its_item(
    client: Client, hall: Hall, approver, way: str
) -> None:
    item = hall.items[0]
    _exhibition, renditions = cover_with(hall, item)
    assert client.get(f"/h/{renditions.key}/640.webp").status_code == 200
    withdraw(item, by=approver, decision=DECISION)
    if way == "deleted":
        item.delete()
    elif way == "emptied":
        ItemMedium.objects.filter(item=item).delete()
    renditions.refresh_from_db()
    assert client.get(f"/h/{renditions.key}/640.webp").status_code == 404
    for address in ("/", "/trien-lam/", hall.exhibition.get_url(), "/tim-kiem/?q=trien+lam"):
        assert renditions.key not in client.get(address).content.decode(), address


def test_an_ordinary_cover_is_shown_while_its_exhibition_is_only_announced(
    client: Client, hall: Hall
) -> None:
    exhibition = ExhibitionPage.objects.get(pk=hall.exhibition.pk)
    exhibition.cover = factories.CustomImageFactory()
    exhibition.opens_at = timezone.now() + timezone.timedelta(days=2)
    exhibition.save()
    renditions = factories.render(exhibition.cover)
    assert renditions.key in client.get("/trien-lam/").content.decode()
    assert client.get(f"/h/{renditions.key}/640.webp").status_code == 200


def test_links_in_texts_and_buttons_do_not_name_what_is_hidden(
    client: Client, hall: Hall, hidden: ItemPage
) -> None:
    link = f'<p>Xem <a linktype="page" id="{hidden.pk}">tài liệu này</a>.</p>'
    open_link = f'<p>Xem <a linktype="page" id="{hall.items[0].pk}">tài liệu kia</a>.</p>'
    exhibition = ExhibitionPage.objects.get(pk=hall.exhibition.pk)
    exhibition.foreword = link + open_link
    exhibition.save()
    page = factories.StandardPageFactory(
        parent=hall.exhibition.get_parent().get_parent(),
        body=[
            ("paragraph", link),
            ("button_link", {"label": "Xem", "page": hidden}),
            ("button_link", {"label": "Xem thêm", "page": hall.items[0]}),
        ],
    )
    assert isinstance(page, StandardPage)
    for address in (exhibition.get_url(), page.get_url()):
        text = client.get(address).content.decode()
        assert hidden.slug not in text
        assert hall.items[0].get_url() in text


def test_a_document_of_a_hidden_item_has_no_address_and_no_link(
    client: Client, hall: Hall, hidden: ItemPage
) -> None:
    document = CustomDocument.objects.create(
        title="Báo cáo", file=ContentFile(b"%PDF-1.4 %%EOF", name="bao-cao-mat.pdf")
    )
    ItemMedium.objects.create(item=hidden, document=document)
    page = factories.StandardPageFactory(
        parent=hall.exhibition.get_parent().get_parent(),
        body=[("paragraph", f'<p><a linktype="document" id="{document.pk}">tệp</a></p>')],
    )
    document.refresh_from_db()
    assert client.get(document.url).status_code == 404
    assert "bao-cao-mat" not in client.get(page.get_url()).content.decode()
    factories.clear(hidden)
    answer = client.get(document.url)
    assert answer.status_code == 200
    assert "private" in answer["Cache-Control"] and "no-cache" in answer["Cache-Control"]


@pytest.mark.parametrize(
    "restriction",
    [{"access_level": AccessLevel.CONDITIONAL}, {"original_secrecy": Secrecy.TOP_SECRET}],
    ids=["conditional access", "secrecy unsettled"],
)
def test_a_restricted_item_is_hidden_at_once_and_no_older_version_brings_it_back(
    client: Client, hall: Hall, restriction: dict[str, str]
) -> None:
    item = ItemPage.objects.get(pk=hall.items[0].pk)
    older = item.save_revision()
    for name, value in restriction.items():
        setattr(item, name, value)
    item.save_revision().publish()
    assert status(client, item) == 404
    assert current_state(item) is ClearanceState.WITHDRAWN
    older.publish()
    assert status(client, item) == 404


def test_an_unpublished_list_hides_every_exhibition_below_it(client: Client, hall: Hall) -> None:
    hall.exhibition.get_parent().specific.unpublish()
    for page in (hall.exhibition, hall.parts[0], hall.items[0]):
        assert status(client, page) == 404
    assert hall.exhibition.get_url() not in client.get("/").content.decode()


def test_a_replaced_scan_is_not_shown_any_more_from_the_moment_it_is_replaced(
    client: Client, hall: Hall
) -> None:
    medium = factories.hang(hall.items[0])
    renditions = RenditionSet.objects.get(image=medium.image)
    address = f"/h/{renditions.key}/640.webp"
    assert client.get(address).status_code == 200
    image = medium.image
    image.file = ContentFile(images.png(), name="thay.png")
    image.save()
    assert client.get(address).status_code == 404


def test_a_lowered_ceiling_takes_the_larger_pictures_back(
    client: Client, hall: Hall, django_capture_on_commit_callbacks
) -> None:
    medium = factories.hang(hall.items[0])
    large = RenditionSet.objects.get(image=medium.image)
    assert client.get(f"/h/{large.key}/640.webp").status_code == 200
    exhibition = ExhibitionPage.objects.get(pk=hall.exhibition.pk)
    exhibition.publication_ceiling = 1280
    with django_capture_on_commit_callbacks(execute=True):
        exhibition.save_revision().publish()
    assert client.get(f"/h/{large.key}/640.webp").status_code == 404
    small = RenditionSet.objects.get(image=medium.image, ceiling=1280)
    assert client.get(f"/h/{small.key}/640.webp").status_code == 200


def test_head_and_options_tell_no_more_than_get(
    client: Client, hall: Hall, hidden: ItemPage
) -> None:
    for method in (client.head, client.options, client.post):
        assert method(hidden.get_url()).status_code == 404


def test_a_reference_that_is_taken_is_refused_in_the_form_and_never_fails_behind_it(
    client: Client, hall: Hall
) -> None:
    part = PartPage.objects.get(pk=hall.parts[0].pk)
    taken = factories.cleared_item(part, reference="LS-001")
    client.force_login(factories.UserFactory(is_superuser=True))
    copy = ItemPage.objects.get(pk=taken.pk).copy(update_attrs={"slug": "ban-sao"})
    assert copy.reference == ""
    ItemPage.objects.get(pk=taken.pk).full_clean()
    alias = alias_of(ItemPage.objects.get(pk=taken.pk), hall.parts[1], "hien-lai")
    assert alias.reference == "LS-001"
    answer = client.post(
        f"/admin/pages/add/exhibitions/itempage/{part.pk}/",
        {
            "title": "Tài liệu mới",
            "slug": "tai-lieu-moi",
            "kind": "document",
            "reference": "LS-001",
            "access_level": "open",
            "original_secrecy": "none",
            "description": "null",
            "media-TOTAL_FORMS": "0",
            "media-INITIAL_FORMS": "0",
            "media-MIN_NUM_FORMS": "0",
            "media-MAX_NUM_FORMS": "1000",
            "comments-TOTAL_FORMS": "0",
            "comments-INITIAL_FORMS": "0",
            "comments-MIN_NUM_FORMS": "0",
            "comments-MAX_NUM_FORMS": "",
            "action-publish": "1",
        },
    )
    assert answer.status_code == 200
    assert "đã dùng ký hiệu này" in answer.content.decode()
    assert not ItemPage.objects.filter(slug="tai-lieu-moi").exists()


@pytest.mark.parametrize("slug", ["---", "´ˆ~", "!!!"])
def test_an_address_without_letter_or_digit_is_refused_with_what_to_do(
    client: Client, hall: Hall, slug: str
) -> None:
    client.force_login(factories.UserFactory(is_superuser=True))
    home = hall.exhibition.get_parent().get_parent()
    answer = client.post(
        f"/admin/pages/add/home/standardpage/{home.pk}/",
        {
            "title": "Trang mới",
            "slug": slug,
            "introduction": "null",
            "body-count": "0",
            "comments-TOTAL_FORMS": "0",
            "comments-INITIAL_FORMS": "0",
            "action-publish": "1",
        },
    )
    assert answer.status_code == 200
    assert "chữ cái" in answer.content.decode()
    assert not StandardPage.objects.exists()
