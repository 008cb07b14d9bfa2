"""The portal of the tests: a small tree with one open exhibition, as fixtures."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from wagtail.models import Collection, Locale, Page, Site

from exhibitions.models import ExhibitionIndexPage, ExhibitionPage, ItemPage, PartPage
from home.models import HomePage
from tests import factories


@dataclass
class Hall:
    """An open exhibition with two Parts of two cleared items each."""

    exhibition: ExhibitionPage
    parts: list[PartPage]
    items: list[ItemPage]


@pytest.fixture
def root(db: None) -> Page:
    """The root of the tree, made anew where a test with real transactions has emptied all."""
    Locale.objects.get_or_create(language_code="vi")
    Collection.get_first_root_node() or Collection.add_root(name="Root")
    return Page.get_first_root_node() or Page.add_root(title="Root", slug="root")


@pytest.fixture
def home(root: Page) -> HomePage:
    """The home page, as root of the only site."""
    for page in root.get_children():
        page.delete()
    home = factories.HomePageFactory(parent=Page.objects.get(pk=root.pk))
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": "testserver", "port": 80, "root_page": home},
    )
    Site.clear_site_root_paths_cache()
    factories.SearchPageFactory(parent=home)
    return home


@pytest.fixture
def exhibition_index(home: HomePage) -> ExhibitionIndexPage:
    """The list of exhibitions."""
    return factories.ExhibitionIndexPageFactory(parent=home)


@pytest.fixture
def hall(exhibition_index: ExhibitionIndexPage) -> Hall:
    """An exhibition that is open and can be read."""
    exhibition = factories.ExhibitionPageFactory(
        parent=exhibition_index, title="Lạng Sơn 75 năm thi đua yêu nước"
    )
    parts = [factories.PartPageFactory(parent=exhibition) for _number in range(2)]
    items = [factories.cleared_item(part) for part in parts for _number in range(2)]
    return Hall(exhibition, parts, items)
