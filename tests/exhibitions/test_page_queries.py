"""Pages stay quick however large an exhibition grows."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, Site

from core.models import CustomDocument, CustomImage, Organisation
from exhibitions.models import (
    Clearance,
    ExhibitionPage,
    ItemKind,
    ItemMedium,
    ItemPage,
    PartPage,
)
from home.models import HomePage
from tests import factories
from tests.images import pdf

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


def linking(*targets: Page) -> str:
    """A text of one paragraph a target, each with a link to it."""
    return "".join(f'<p>Xem <a linktype="page" id="{each.pk}">đây</a>.</p>' for each in targets)


@pytest.fixture
def targets(exhibition: ExhibitionPage) -> list[Page]:
    """A page of every kind a text may link to; the public sees all but the last."""
    home = exhibition.get_parent().get_parent()
    part = factories.PartPageFactory(parent=exhibition, title="Nơi được dẫn tới")
    news = factories.NewsPageFactory(parent=factories.NewsIndexPageFactory(parent=home))
    page = factories.StandardPageFactory(parent=home)
    hidden = factories.ItemPageFactory(parent=part)
    return [exhibition, part, factories.cleared_item(part), news, page, hidden]


def panels(part: PartPage, count: int, text: str) -> None:
    """Bring ``part`` to ``count`` cleared text panels that say ``text``."""
    rows = []
    for _number in range(part.get_children().count(), count):
        panel = factories.ItemPageFactory(parent=part, kind=ItemKind.TEXT, description=text)
        rows.append(Clearance(item=panel, item_title="", state="cleared", by_name=""))
    Clearance.objects.bulk_create(rows)


def shown_and_hidden(answer: str, targets: list[Page]) -> bool:
    """Whether the text leads to every target but the last."""
    *shown, hidden = targets
    return all(f'href="{each.get_url()}"' in answer for each in shown) and (
        hidden.get_url() not in answer
    )


def test_a_part_takes_the_same_few_queries_however_many_links_its_texts_have(
    client: Client, exhibition: ExhibitionPage, targets: list[Page]
) -> None:
    document = CustomDocument.objects.create(
        title="Bản số hóa", file=ContentFile(pdf(), name="ban-so-hoa.pdf")
    )
    exhibition.refresh_from_db()
    part = factories.PartPageFactory(parent=exhibition, introduction=linking(*targets))
    attached = f'<p><a linktype="document" id="{document.pk}">tệp</a></p>'
    counts = {}
    for size in (10, 120, 400):
        panels(part, size, linking(*targets))
        part = PartPage.objects.get(pk=part.pk)
        part.narrative = [("paragraph", linking(*targets) + attached)] * (size // 10)
        part.save()
        client.get(part.get_url())
        statements = queries(client, part)
        counts[size] = len(statements)
    print(f"queries by text panels: {counts}")
    answer = client.get(part.get_url()).content.decode()
    assert shown_and_hidden(answer, targets) and document.url in answer
    assert len(set(counts.values())) == 1
    assert counts[400] <= QUERY_LIMIT, "\n".join(statements)


def test_an_exhibition_takes_the_same_few_queries_however_many_links_its_parts_have(
    client: Client, exhibition: ExhibitionPage, targets: list[Page]
) -> None:
    exhibition.refresh_from_db()
    exhibition.foreword = exhibition.credits = linking(*targets)
    exhibition.save()
    counts = {}
    for size in (2, 10):
        while exhibition.get_children().count() < size:
            exhibition = ExhibitionPage.objects.get(pk=exhibition.pk)
            part = factories.PartPageFactory(parent=exhibition, introduction=linking(*targets))
            panels(part, 4, linking(*targets))
        client.get(exhibition.get_url())
        statements = queries(client, exhibition)
        counts[size] = len(statements)
    print(f"queries by Parts with links: {counts}")
    assert shown_and_hidden(client.get(exhibition.get_url()).content.decode(), targets)
    assert len(set(counts.values())) == 1
    assert counts[10] <= QUERY_LIMIT, "\n".join(statements)


def test_an_item_takes_the_same_few_queries_however_many_transcriptions_link(
    client: Client, targets: list[Page]
) -> None:
    item = targets[2]
    document = CustomDocument.objects.create(
        title="Băng ghi âm", file=ContentFile(pdf(), name="bang.pdf")
    )
    counts = []
    for count in (2, 12):
        while item.media.count() < count:
            ItemMedium.objects.create(item=item, document=document, transcription=linking(*targets))
        client.get(item.get_url())
        counts.append(len(queries(client, item)))
    assert shown_and_hidden(client.get(item.get_url()).content.decode(), targets)
    assert counts[0] == counts[1]


@pytest.mark.parametrize("number", [3, 4], ids=["news", "standard page"])
def test_a_text_takes_the_same_few_queries_however_many_links_it_has(
    client: Client, targets: list[Page], number: int
) -> None:
    page = targets[number]
    counts = []
    for count in (2, 20):
        page.body = [
            ("paragraph", linking(*targets)),
            ("button_link", {"label": "Xem", "page": targets[2]}),
        ] * count
        page.save()
        client.get(page.get_url())
        counts.append(len(queries(client, page)))
    assert shown_and_hidden(client.get(page.get_url()).content.decode(), targets)
    assert counts[0] == counts[1]
