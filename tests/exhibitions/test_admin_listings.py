"""The lists of the admin say where everything stands, and stay quick."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import PagePermissionTester, Site

from core.models import CustomImage, RenditionSet
from exhibitions.admin.listings import ListedPermissions
from exhibitions.admin.thumbnails import thumbnails
from exhibitions.models import ItemKind, ItemMedium, PartPage
from tests import factories
from tests.exhibitions.test_admin_clearance import PUBLISHING, staff
from tests.portal import Hall

pytestmark = pytest.mark.django_db


def explorer(page: PartPage) -> str:
    return reverse("wagtailadmin_explore", args=[page.pk])


def hang_many(part: PartPage, count: int, image: CustomImage) -> None:
    """Bring ``part`` to ``count`` items; every second one is cleared, all have a picture."""
    source = factories.OrganisationFactory()
    for number in range(part.get_children().count(), count):
        item = factories.ItemPageFactory(parent=part, source_organisation=source)
        ItemMedium.objects.create(item=item, image=image)
        if number % 2:
            factories.clear(item)


def queries(client: Client, address: str) -> int:
    client.get(address)
    Site.clear_site_root_paths_cache()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_a_part_s_list_takes_the_same_queries_with_10_items_and_with_45(
    admin_client: Client, hall: Hall
) -> None:
    image = factories.CustomImageFactory()
    factories.render(image)
    part = factories.PartPageFactory(parent=hall.exhibition)
    hang_many(part, 10, image)
    with_10 = queries(admin_client, explorer(part))
    hang_many(part, 45, image)
    assert queries(admin_client, explorer(part)) == with_10


@pytest.mark.parametrize("rights", [PUBLISHING, ("add_page", "change_page"), ("add_page",)])
def test_a_part_s_list_takes_the_same_queries_for_an_editor_with_10_items_and_with_60(
    client: Client, hall: Hall, rights: tuple[str, ...]
) -> None:
    client.force_login(staff("bientap", hall.exhibition, on_pages=rights))
    image = factories.CustomImageFactory()
    factories.render(image)
    part = factories.PartPageFactory(parent=hall.exhibition)
    hang_many(part, 10, image)
    with_10 = queries(client, explorer(part))
    hang_many(part, 60, image)
    # The second screen of the list has ten items again, the first one fifty.
    assert queries(client, explorer(part)) == with_10
    assert queries(client, f"{explorer(part)}?p=2") == with_10


@pytest.mark.parametrize("rights", [PUBLISHING, ("change_page",), ("add_page",)])
@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize("own", [True, False])
def test_a_row_offers_what_wagtail_s_own_rules_allow(
    hall: Hall, rights: tuple[str, ...], live: bool, own: bool
) -> None:
    user = staff("bientap", hall.exhibition, on_pages=rights)
    page = hall.items[0]
    page.live, page.owner = live, user if own else None
    page.save()
    for ignore_bulk in (True, False):
        listed = ListedPermissions(user, page).can_delete(ignore_bulk)
        assert listed == PagePermissionTester(user, page).can_delete(ignore_bulk)


def test_the_list_of_exhibitions_takes_the_same_queries_with_2_and_with_20(
    admin_client: Client, hall: Hall
) -> None:
    address = reverse("exhibitions_admin:index")
    index = hall.exhibition.get_parent()
    image = factories.CustomImageFactory()
    factories.render(image)

    def add(count: int) -> None:
        for _number in range(count):
            exhibition = factories.ExhibitionPageFactory(parent=index, cover=image)
            factories.open_by_hand(exhibition)
            factories.cleared_item(factories.PartPageFactory(parent=exhibition))

    add(1)
    with_2 = queries(admin_client, address)
    add(18)
    assert queries(admin_client, address) == with_2


def test_an_item_s_row_tells_everything_beside_the_title(admin_client: Client, hall: Hall) -> None:
    part = hall.parts[0]
    archive = factories.OrganisationFactory(name="Trung tâm Lưu trữ quốc gia III")
    item = factories.ItemPageFactory(
        parent=part, reference="LS-012", date="1948-07-14", source_organisation=archive
    )
    medium = factories.hang(item)
    html = admin_client.get(explorer(part)).content.decode()
    renditions = RenditionSet.objects.get(image=medium.image)
    assert f"/admin-tep/h/{renditions.key}/320.jpg" in html
    for text in ("LS-012", "14/7/1948", "Trung tâm Lưu trữ quốc gia III", "clearance--no"):
        assert text in html
    assert html.count("clearance--yes") == 2
    assert html.count("public--yes") == 2
    assert html.count("public--no") == 1
    assert reverse("exhibitions_admin:clearance", args=[item.pk]) in html


def test_a_long_source_is_named_by_its_short_name(admin_client: Client, hall: Hall) -> None:
    archive = factories.OrganisationFactory(name="Trung tâm Lưu trữ", short_name="TTLTQG III")
    factories.ItemPageFactory(parent=hall.parts[0], source_organisation=archive)
    assert "TTLTQG III" in admin_client.get(explorer(hall.parts[0])).content.decode()


def test_a_thumbnail_fits_its_box_and_shows_the_page_that_hangs(db: None) -> None:
    image = factories.CustomImageFactory()
    factories.render(image)
    made = thumbnails([(image.pk, 1), (image.pk, 2)])
    assert (made[image.pk, 1].width, made[image.pk, 1].height) == (80, 60)
    assert (image.pk, 2) not in made


def test_staff_see_the_thumbnail_of_an_item_that_is_not_public_and_nobody_else_does(
    admin_client: Client, client: Client, hall: Hall
) -> None:
    item = factories.ItemPageFactory(parent=hall.parts[0])
    medium = factories.hang(item)
    picture = thumbnails([(medium.image_id, 1)])[medium.image_id, 1]
    assert admin_client.get(picture.src).status_code == 200
    assert Client().get(picture.src).status_code == 404


def test_items_come_in_the_order_they_hang_in(admin_client: Client, hall: Hall) -> None:
    first, second = hall.items[:2]
    second.move(first, pos="left")
    html = admin_client.get(explorer(hall.parts[0])).content.decode()
    assert html.index(f"page_{second.pk}_title") < html.index(f"page_{first.pk}_title")


def test_items_are_filtered_by_clearance_and_kind(admin_client: Client, hall: Hall) -> None:
    part = hall.parts[0]
    photograph = factories.ItemPageFactory(parent=part, kind=ItemKind.IMAGE)

    def shown(query: str) -> set[int]:
        html = admin_client.get(f"{explorer(part)}?{query}").content.decode()
        candidates = [*hall.items[:2], photograph]
        return {item.pk for item in candidates if f"page_{item.pk}_title" in html}

    assert shown("clearance=cleared") == {hall.items[0].pk, hall.items[1].pk}
    assert shown("clearance=not_cleared") == {photograph.pk}
    assert shown("kind=image") == {photograph.pk}


def test_an_item_is_found_from_its_exhibition_with_and_without_marks(
    admin_client: Client, hall: Hall
) -> None:
    item = factories.ItemPageFactory(parent=hall.parts[1], title="Điện mừng của Hồ Chủ tịch")
    for query in ("Điện mừng", "dien mung"):
        answer = admin_client.get(explorer(hall.exhibition), {"q": query})
        assert f"page_{item.pk}_title" in answer.content.decode()


def test_parts_say_how_many_of_their_items_are_cleared(admin_client: Client, hall: Hall) -> None:
    section = factories.PartPageFactory(parent=hall.parts[0])
    factories.ItemPageFactory(parent=section)
    table = admin_client.get(explorer(hall.exhibition)).context["table"]
    counts = {row.instance.pk: row.instance.facts.count for row in table.rows}
    assert (counts[hall.parts[0].pk].items, counts[hall.parts[0].pk].cleared) == (3, 2)
    assert (counts[hall.parts[1].pk].items, counts[hall.parts[1].pk].cleared) == (2, 2)


def test_the_list_of_exhibitions_names_state_and_counts(admin_client: Client, hall: Hall) -> None:
    answer = admin_client.get(reverse("exhibitions_admin:index"))
    (row,) = list(answer.context["table"].rows)
    assert row.instance.facts.opening == "open"
    assert (row.instance.facts.count.items, row.instance.facts.count.cleared) == (4, 4)
    assert answer.request["PATH_INFO"] == "/admin/trien-lam/"


def test_every_list_of_wagtail_over_our_pages_still_answers(
    admin_client: Client, hall: Hall
) -> None:
    factories.hang(hall.items[0])
    for model in ("exhibitionpage", "partpage", "itempage"):
        use = reverse("wagtailadmin_pages:type_use", args=["exhibitions", model])
        assert admin_client.get(use).status_code == 200
    for page in (hall.exhibition.get_parent(), hall.exhibition, *hall.parts, hall.items[0]):
        for query in ("", "?q=tai+lieu&search_all=1", "?q=%22", "?ordering=ord", "?p=99"):
            assert admin_client.get(explorer(page) + query).status_code == 200
