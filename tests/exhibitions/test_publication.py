"""What is published has its pictures, under the profile of the exhibition it hangs in."""

from __future__ import annotations

import pytest
from django.test import Client
from wagtail.actions.create_alias import CreatePageAliasAction

from core.models import CustomImage, RenditionSet
from exhibitions.models import ExhibitionPage, ItemMedium, ItemPage, PartPage
from exhibitions.publication import ensure_exhibition_renditions
from tests import factories
from tests.portal import Hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def image() -> CustomImage:
    return factories.CustomImageFactory()


@pytest.fixture
def marked(hall: Hall) -> PartPage:
    """A Part of another exhibition, which publishes smaller and marked pictures."""
    exhibition = factories.ExhibitionPageFactory(
        parent=hall.exhibition.get_parent(), publication_ceiling=1280, faint_mark="TTLTQG III"
    )
    return factories.PartPageFactory(parent=exhibition)


def profiles(image: CustomImage) -> set[tuple[int, str, int]]:
    sets = RenditionSet.objects.filter(image=image)
    return set(sets.values_list("ceiling", "mark", "frame"))


def test_publishing_an_item_asks_for_its_pictures_and_saving_a_draft_does_not(
    marked: PartPage, image: CustomImage
) -> None:
    item = factories.ItemPageFactory(parent=marked, live=False)
    item.media = [ItemMedium(image=image)]
    draft = item.save_revision()
    assert profiles(image) == set()
    draft.publish()
    assert profiles(image) == {(1280, "TTLTQG III", 1)}


def test_an_item_shown_again_elsewhere_gets_the_other_exhibition_s_pictures(
    hall: Hall, marked: PartPage, image: CustomImage
) -> None:
    item = hall.items[0]
    ItemMedium.objects.create(item=item, image=image)
    item.save_revision().publish()
    CreatePageAliasAction(item, parent=marked, update_slug="hien-lai").execute()
    ItemPage.objects.get(pk=item.pk).save_revision().publish()
    assert profiles(image) == {(1920, "", 1), (1280, "TTLTQG III", 1)}


def test_a_changed_profile_asks_for_all_pictures_anew_and_for_nothing_twice(
    hall: Hall, image: CustomImage
) -> None:
    for item in hall.items[:2]:
        ItemMedium.objects.create(item=item, image=image)
    cover = factories.CustomImageFactory()
    exhibition = ExhibitionPage.objects.get(pk=hall.exhibition.pk)
    exhibition.faint_mark, exhibition.cover = "Lạng Sơn", cover
    exhibition.save_revision().publish()
    assert profiles(image) == profiles(cover) == {(1920, "Lạng Sơn", 1)}
    before = list(RenditionSet.objects.values_list("pk", flat=True))
    exhibition.save_revision().publish()
    assert list(RenditionSet.objects.values_list("pk", flat=True)) == before


def test_each_page_of_a_file_that_hangs_somewhere_gets_its_own_pictures(
    hall: Hall, image: CustomImage
) -> None:
    ItemMedium.objects.create(item=hall.items[0], image=image, frame=1)
    hall.exhibition.save_revision().publish()
    ItemMedium.objects.create(item=hall.items[1], image=image, frame=2)
    hall.exhibition.save_revision().publish()
    assert profiles(image) == {(1920, "", 1), (1920, "", 2)}


@pytest.mark.parametrize("what", ["item", "part"])
def test_what_is_moved_into_another_exhibition_gets_its_pictures(
    hall: Hall, marked: PartPage, image: CustomImage, what: str
) -> None:
    item = hall.items[0]
    ItemMedium.objects.create(item=item, image=image)
    page = item if what == "item" else hall.parts[0]
    page.move(marked, pos="last-child")
    assert (1280, "TTLTQG III", 1) in profiles(image)


def test_an_exhibition_that_was_deleted_meanwhile_is_no_error(hall: Hall) -> None:
    key = hall.exhibition.pk
    hall.exhibition.delete()
    ensure_exhibition_renditions.call(key)


def test_an_item_shown_again_under_another_profile_has_its_pictures_at_once(
    client: Client, hall: Hall, marked: PartPage, django_capture_on_commit_callbacks
) -> None:
    item = hall.items[0]
    factories.hang(item)
    with django_capture_on_commit_callbacks(execute=True):
        alias = CreatePageAliasAction(item, parent=marked, update_slug="hien-lai").execute()
    renditions = RenditionSet.objects.get(ceiling=1280, mark="TTLTQG III")
    assert f"/h/{renditions.key}/640.jpg" in client.get(alias.get_url()).content.decode()
    assert client.get(f"/h/{renditions.key}/640.jpg").status_code == 200


def test_a_part_shown_again_under_another_profile_has_the_pictures_of_its_items_and_narrative(
    hall: Hall, marked: PartPage, image: CustomImage
) -> None:
    figure = factories.CustomImageFactory()
    ItemMedium.objects.create(item=hall.items[0], image=image)
    part = PartPage.objects.get(pk=hall.parts[0].pk)
    part.narrative = [("figure", {"image": figure, "caption": "Bản đồ"})]
    part.save()
    CreatePageAliasAction(
        part, parent=marked.get_parent(), recursive=True, update_slug="hien-lai"
    ).execute()
    assert profiles(image) == profiles(figure) == {(1280, "TTLTQG III", 1)}


@pytest.mark.parametrize("what", ["part", "exhibition"])
def test_publishing_a_part_or_its_exhibition_asks_for_the_pictures_of_its_narrative(
    marked: PartPage, image: CustomImage, what: str
) -> None:
    marked.narrative = [("figure", {"image": image, "caption": "Bản đồ"})]
    marked.save()
    page = marked if what == "part" else marked.get_parent().specific
    page.save_revision().publish()
    assert profiles(image) == {(1280, "TTLTQG III", 1)}
