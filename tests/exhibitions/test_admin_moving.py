"""Moving pages in the admin never brings two items of one reference into one exhibition."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.models import Page

from exhibitions.models import ExhibitionPage, ItemPage, PartPage
from tests import factories
from tests.portal import Hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def elsewhere(hall: Hall) -> PartPage:
    """A Part of another exhibition, whose item has the reference LS-001."""
    exhibition = factories.ExhibitionPageFactory(parent=hall.exhibition.get_parent())
    part = factories.PartPageFactory(parent=exhibition)
    factories.ItemPageFactory(parent=part, reference="LS-001")
    return PartPage.objects.get(pk=part.pk)


@pytest.fixture
def twin(hall: Hall) -> ItemPage:
    """An item of the hall with the same reference."""
    ItemPage.objects.filter(pk=hall.items[0].pk).update(reference="LS-001")
    return ItemPage.objects.get(pk=hall.items[0].pk)


def move(client: Client, page: Page, destination: Page) -> str:
    """What the editor reads after moving ``page``."""
    address = reverse("wagtailadmin_pages:move_confirm", args=[page.pk, destination.pk])
    return client.post(address, follow=True).content.decode()


def stands_in(page: Page) -> int:
    return Page.objects.get(pk=page.pk).get_parent().pk


@pytest.mark.parametrize("what", ["item", "part"])
def test_an_item_is_not_moved_to_where_its_reference_is_taken_and_the_editor_is_told_which(
    admin_client: Client, hall: Hall, elsewhere: PartPage, twin: ItemPage, what: str
) -> None:
    moved = twin if what == "item" else hall.parts[0]
    before = stands_in(moved)
    assert "LS-001" in move(admin_client, moved, elsewhere)
    assert stands_in(moved) == before


def test_items_moved_together_are_refused_together(
    admin_client: Client, hall: Hall, elsewhere: PartPage, twin: ItemPage
) -> None:
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
    ids = [("id", each.pk) for each in (hall.items[1], twin)]
    query = "&".join(f"{name}={value}" for name, value in [*ids, ("next", "/admin/")])
    answer = admin_client.post(f"{address}?{query}", {"chooser": elsewhere.pk}, follow=True)
    assert "LS-001" in answer.content.decode()
    assert stands_in(twin) == stands_in(hall.items[1]) == hall.parts[0].pk


def test_what_clashes_with_nothing_is_moved(
    admin_client: Client, hall: Hall, elsewhere: PartPage, twin: ItemPage
) -> None:
    move(admin_client, hall.items[1], elsewhere)
    assert stands_in(hall.items[1]) == elsewhere.pk
    move(admin_client, twin, hall.parts[1])
    assert stands_in(twin) == hall.parts[1].pk
    alias = CreatePageAliasAction(twin, parent=hall.parts[0], update_slug="hien-lai").execute()
    move(admin_client, alias, elsewhere)
    assert stands_in(alias) == elsewhere.pk


def test_a_whole_exhibition_can_be_put_in_another_order(
    admin_client: Client, hall: Hall, elsewhere: PartPage, twin: ItemPage
) -> None:
    exhibition = ExhibitionPage.objects.get(pk=hall.exhibition.pk)
    assert "LS-001" not in move(admin_client, exhibition, exhibition.get_parent())
