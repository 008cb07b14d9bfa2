"""Ways round the visibility rule that were thought of, each of them closed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.models import Collection, CollectionViewRestriction, Page, ReferenceIndex

from core.media.renditions import RenditionFailed, make_renditions
from core.models import CustomDocument, CustomImage, RenditionSet
from core.tasks import make_rendition_set
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


@pytest.fixture
def secret(hidden: ItemPage) -> CustomDocument:
    """A document with a telling title and name, which hangs in the hidden item."""
    document = CustomDocument.objects.create(
        title="Báo cáo mật", file=ContentFile(b"%PDF-1.4 %%EOF", name="bao-cao-mat.pdf")
    )
    ItemMedium.objects.create(item=hidden, document=document)
    document.refresh_from_db()
    return document


def test_a_document_of_a_hidden_item_has_no_address_and_no_link(
    client: Client, hall: Hall, hidden: ItemPage, secret: CustomDocument
) -> None:
    document = secret
    page = factories.StandardPageFactory(
        parent=hall.exhibition.get_parent().get_parent(),
        body=[
            ("paragraph", f'<p><a linktype="document" id="{document.pk}">tệp</a></p>'),
            ("document_link", {"document": document, "label": ""}),
        ],
    )
    assert client.get(document.url).status_code == 404
    named = client.get(page.get_url()).content.decode()
    assert "bao-cao-mat" not in named and "Báo cáo mật" not in named
    factories.clear(hidden)
    named = client.get(page.get_url()).content.decode()
    assert named.count(f'href="{document.url}"') == 2 and "Báo cáo mật" in named
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


def test_an_attached_file_is_there_from_the_publication_of_its_page_and_before_for_its_editor(
    admin_client: Client, hall: Hall
) -> None:
    document = CustomDocument.objects.create(
        title="Kế hoạch", file=ContentFile(b"%PDF-1.4 %%EOF", name="ke-hoach.pdf")
    )
    body = [("document_link", {"document": document, "label": ""})]
    page = factories.StandardPageFactory(
        parent=hall.exhibition.get_parent().get_parent(), body=body, live=False
    )
    page.save_revision()
    preview = reverse("wagtailadmin_pages:view_draft", args=[page.pk])
    for_staff = reverse("staff_document", args=[document.pk])
    assert f'href="{for_staff}"' in admin_client.get(preview).content.decode()
    assert admin_client.get(document.url).status_code == 404
    page.save_revision().publish()
    assert f'href="{document.url}"' in admin_client.get(page.get_url()).content.decode()
    assert admin_client.get(document.url).status_code == 200


def test_a_figure_of_a_narrative_is_published_as_small_and_marked_as_its_exhibition(
    client: Client, hall: Hall, django_capture_on_commit_callbacks
) -> None:
    image = factories.CustomImageFactory(
        file=ContentFile(images.jpeg(2400, 1600), name="ban-do.jpg")
    )
    large = factories.render(image)
    exhibition = ExhibitionPage.objects.get(pk=hall.exhibition.pk)
    exhibition.publication_ceiling, exhibition.faint_mark = 1280, "TTLTQG III"
    part = PartPage.objects.get(pk=hall.parts[0].pk)
    part.narrative = [("figure", {"image": image, "caption": "Bản đồ"})]
    with django_capture_on_commit_callbacks(execute=True):
        exhibition.save_revision().publish()
        part.save_revision().publish()
    marked = RenditionSet.objects.get(image=image, ceiling=1280, mark="TTLTQG III")
    answer = client.get(part.get_url()).content.decode()
    assert f"/h/{marked.key}/1280.jpg" in answer and large.key not in answer
    assert client.get(f"/h/{marked.key}/1280.jpg").status_code == 200
    assert client.get(f"/h/{large.key}/1920.jpg").status_code == 404


def test_an_image_that_the_news_show_too_is_published_there_as_news_are(
    client: Client, hall: Hall
) -> None:
    image = factories.CustomImageFactory()
    ours = factories.render(image)
    part = PartPage.objects.get(pk=hall.parts[0].pk)
    part.narrative = [("figure", {"image": image, "caption": "Bản đồ"})]
    part.save()
    ExhibitionPage.objects.filter(pk=hall.exhibition.pk).update(faint_mark="TTLTQG III")
    assert client.get(f"/h/{ours.key}/640.jpg").status_code == 404
    home = hall.exhibition.get_parent().get_parent()
    news = factories.NewsPageFactory(
        parent=factories.NewsIndexPageFactory(parent=home), picture=image
    )
    assert client.get(f"/h/{ours.key}/640.jpg").status_code == 200
    news.unpublish()
    assert client.get(f"/h/{ours.key}/640.jpg").status_code == 404


def test_nobody_can_put_a_second_lock_on_a_collection(admin_client: Client, hall: Hall) -> None:
    collection = Collection.get_first_root_node().add_child(name="Riêng")
    edit = reverse("wagtailadmin_collections:edit", args=[collection.pk])
    lock = reverse("wagtailadmin_collections:set_privacy", args=[collection.pk])
    assert lock not in admin_client.get(edit).content.decode()
    admin_client.post(lock, {"restriction_type": "password", "password": "bi-mat"})
    assert not CollectionViewRestriction.objects.exists()


@pytest.mark.parametrize("lock", ["password", "login"])
def test_a_collection_that_was_locked_all_the_same_shows_its_files_to_nobody(
    admin_client: Client, hall: Hall, lock: str
) -> None:
    collection = Collection.get_first_root_node().add_child(name="Riêng")
    below = collection.add_child(name="Bên trong")
    document = CustomDocument.objects.create(
        title="Tệp", collection=below, file=ContentFile(b"%PDF-1.4 %%EOF", name="tep.pdf")
    )
    image = factories.CustomImageFactory(collection=below)
    factories.hang(hall.items[0], image)
    ItemMedium.objects.create(item=hall.items[0], document=document)
    document.refresh_from_db()
    picture = f"/h/{RenditionSet.objects.get(image=image).key}/640.jpg"
    assert [admin_client.get(each).status_code for each in (document.url, picture)] == [200, 200]
    CollectionViewRestriction.objects.bulk_create(
        [CollectionViewRestriction(collection=collection, restriction_type=lock, password="x")]
    )
    assert [admin_client.get(each).status_code for each in (document.url, picture)] == [404, 404]


def replace_while_made(monkeypatch: pytest.MonkeyPatch, renditions: RenditionSet) -> None:
    """Make the files of a set anew, and replace the image's file before that is finished."""

    def make(*arguments: Any, **options: Any) -> Any:
        made = make_renditions(*arguments, **options)
        image = CustomImage.objects.get(pk=renditions.image_id)
        image.file = ContentFile(images.jpeg(600, 400), name="thay.jpg")
        image.save()
        return made

    with monkeypatch.context() as patched:
        patched.setattr("core.tasks.make_renditions", make)
        make_rendition_set.call(renditions.pk)


def test_a_scan_replaced_while_its_widths_are_made_does_not_become_public_again(
    client: Client, hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    medium = factories.hang(hall.items[0])
    renditions = RenditionSet.objects.get(image=medium.image)
    folders = Path(settings.RENDITIONS_ROOT)
    before = set(folders.glob("*/*"))
    replace_while_made(monkeypatch, renditions)
    renditions.refresh_from_db()
    assert renditions.made_at is None
    assert client.get(f"/h/{renditions.key}/640.jpg").status_code == 404
    assert set(folders.glob("*/*")) <= before, "nothing of the old scan is kept"
    make_rendition_set.call(renditions.pk)
    renditions.refresh_from_db()
    assert renditions.widths == [[320, 213]]


def test_what_was_made_before_is_not_shown_when_it_cannot_be_made_again(
    client: Client, hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    medium = factories.hang(hall.items[0])
    renditions = RenditionSet.objects.get(image=medium.image)

    def fail(*_arguments: Any, **_options: Any) -> None:
        raise RenditionFailed("hỏng")

    monkeypatch.setattr("core.tasks.make_renditions", fail)
    with pytest.raises(RenditionFailed):
        make_rendition_set.call(renditions.pk)
    assert client.get(f"/h/{renditions.key}/640.jpg").status_code == 404
