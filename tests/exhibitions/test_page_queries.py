"""Pages stay quick however large an exhibition grows."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, Site

from core.models import CustomImage, Organisation
from exhibitions.models import Clearance, ExhibitionPage, ItemMedium, ItemPage, PartPage
from home.models import HomePage
from tests import factories

pytestmark = pytest.mark.django_db

QUERY_LIMIT = 15


def queries(client: Client, page: Page) -> list[str]:
    """The statements of one uncached view of ``page``."""
    Site.clear_site_root_paths_cache()
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(page.get_url())
    assert answer.status_code == 200
    return [query["sql"] for query in captured]


def fill(part: PartPage, count: int, image: CustomImage, source: Organisation) -> list[ItemPage]:
    """Bring ``part`` to ``count`` cleared items, each with one picture and a source."""
    present = part.get_children().count()
    items = [
        factories.ItemPageFactory(
            parent=part, slug=f"tai-lieu-{part.pk}-{number}", source_organisation=source
        )
        for number in range(present, count)
    ]
    ItemMedium.objects.bulk_create(ItemMedium(item=item, image=image) for item in items)
    Clearance.objects.bulk_create(
        Clearance(item=item, item_title=item.title, state="cleared", by_name="") for item in items
    )
    return items


@pytest.fixture
def exhibition(exhibition_index: HomePage) -> ExhibitionPage:
    return factories.ExhibitionPageFactory(
        parent=exhibition_index, cover=factories.CustomImageFactory()
    )


def test_a_part_takes_the_same_few_queries_with_10_with_120_and_with_400_items(
    client: Client, exhibition: ExhibitionPage
) -> None:
    part = factories.PartPageFactory(parent=exhibition)
    image, source = factories.CustomImageFactory(), factories.OrganisationFactory()
    factories.render(image)
    counts = {}
    for size in (10, 120, 400):
        fill(part, size, image, source)
        client.get(part.get_url())
        statements = queries(client, part)
        counts[size] = len(statements)
        assert client.get(part.get_url()).content.count(b"<picture") >= size
    print(f"queries by items: {counts}")
    assert len(set(counts.values())) == 1
    assert counts[400] <= QUERY_LIMIT, "\n".join(statements)


def test_an_exhibition_of_ten_parts_takes_few_queries(
    client: Client, exhibition: ExhibitionPage
) -> None:
    image, source = factories.CustomImageFactory(), factories.OrganisationFactory()
    factories.render(image)
    counts = {}
    for size in (2, 10):
        while exhibition.get_children().count() < size:
            part = factories.PartPageFactory(parent=exhibition)
            exhibition = ExhibitionPage.objects.get(pk=exhibition.pk)
            fill(part, 4, image, source)
        client.get(exhibition.get_url())
        statements = queries(client, exhibition)
        counts[size] = len(statements)
    print(f"queries by Parts: {counts}")
    assert len(set(counts.values())) == 1
    assert counts[10] <= QUERY_LIMIT, "\n".join(statements)


def test_an_item_takes_few_queries_however_many_stand_around_it(
    client: Client, exhibition: ExhibitionPage
) -> None:
    part = factories.PartPageFactory(parent=exhibition)
    image, source = factories.CustomImageFactory(), factories.OrganisationFactory()
    factories.render(image)
    items = fill(part, 10, image, source)
    client.get(items[3].get_url())
    few = queries(client, items[3])
    fill(part, 60, image, source)
    many = queries(client, items[3])
    assert len(few) == len(many) <= 20, "\n".join(many)
