"""The one order of an exhibition, as a reader walks it."""

from __future__ import annotations

import pytest
from django.test import Client

from core.audience import View
from exhibitions.models import ExhibitionPage, NumeralStyle, PartPage
from exhibitions.reading_order import reading_order, roman
from tests import factories
from tests.portal import Hall

pytestmark = pytest.mark.django_db


def titles(hall: Hall, view: View = View.PUBLIC) -> list[str]:
    return [item.title for item in reading_order(hall.exhibition, view).items]


def test_the_walk_follows_the_tree_into_sections_and_out_again(hall: Hall) -> None:
    first = hall.parts[0]
    section = factories.PartPageFactory(parent=PartPage.objects.get(pk=first.pk))
    inside = factories.cleared_item(section, title="Trong mục")
    after = factories.cleared_item(PartPage.objects.get(pk=first.pk), title="Sau mục")
    assert titles(hall) == [
        hall.items[0].title,
        hall.items[1].title,
        inside.title,
        after.title,
        hall.items[2].title,
        hall.items[3].title,
    ]


def test_next_leads_from_the_last_item_of_a_part_into_the_next_part(
    client: Client, hall: Hall
) -> None:
    order = reading_order(hall.exhibition, View.PUBLIC)
    around = order.neighbours(hall.items[1])
    assert around.previous is not None and around.previous.pk == hall.items[0].pk
    assert around.next is not None and around.next.pk == hall.items[2].pk
    assert (around.position, around.total) == (2, 4)
    page = client.get(hall.items[1].get_url()).content.decode()
    assert hall.items[2].get_url() in page
    assert "Sang Phần II" in page


def test_the_first_has_nothing_before_it_and_the_last_nothing_after(hall: Hall) -> None:
    order = reading_order(hall.exhibition, View.PUBLIC)
    assert order.neighbours(hall.items[0]).previous is None
    assert order.neighbours(hall.items[3]).next is None


def test_moving_an_item_moves_it_in_the_walk(hall: Hall) -> None:
    hall.items[3].move(hall.items[0], pos="left")
    assert titles(hall)[0] == hall.items[3].title


def test_a_hidden_item_is_stepped_over_by_the_public_and_seen_in_a_preview(hall: Hall) -> None:
    hidden = factories.ItemPageFactory(parent=PartPage.objects.get(pk=hall.parts[0].pk))
    assert hidden.title not in titles(hall)
    assert hidden.title in titles(hall, View.PREVIEW)


def test_parts_are_numbered_in_roman_in_arabic_or_not_at_all(hall: Hall) -> None:
    hall.parts[1].numeral_style = NumeralStyle.ARABIC
    hall.parts[1].save()
    third = factories.PartPageFactory(parent=hall.exhibition, numeral_style=NumeralStyle.NONE)
    numerals = [node.numeral for node in reading_order(hall.exhibition, View.PUBLIC).parts]
    assert numerals == ["Phần I", "2", ""]
    assert third.title


@pytest.mark.parametrize(
    ("number", "numeral"), [(1, "I"), (4, "IV"), (7, "VII"), (9, "IX"), (14, "XIV"), (21, "XXI")]
)
def test_roman_numerals(number: int, numeral: str) -> None:
    assert roman(number) == numeral


def test_a_narrative_hangs_its_items_where_it_places_them_and_the_rest_behind(
    client: Client, hall: Hall
) -> None:
    part = PartPage.objects.get(pk=hall.parts[0].pk)
    stranger = hall.items[2]
    part.narrative = [
        ("paragraph", "<p>Trước tài liệu thứ hai.</p>"),
        ("item", {"item": hall.items[1]}),
        ("item", {"item": stranger}),
        ("paragraph", "<p>Sau tài liệu thứ hai.</p>"),
    ]
    part.save_revision().publish()
    main = client.get(part.get_url()).content.decode().partition("<main")[2]
    places = [
        main.index(text)
        for text in (
            "Trước tài liệu thứ hai.",
            f'href="{hall.items[1].get_url()}"',
            "Sau tài liệu thứ hai.",
            f'href="{hall.items[0].get_url()}"',
        )
    ]
    assert places == sorted(places)
    assert stranger.get_url() not in main.partition("</main>")[0].partition('class="rooms"')[0]


def numerals(hall: Hall, view: View) -> list[str]:
    exhibition = ExhibitionPage.objects.get(pk=hall.exhibition.pk)
    return [node.numeral for node in reading_order(exhibition, view).parts]


def test_a_part_without_a_number_takes_none_from_those_behind_it(hall: Hall) -> None:
    hall.parts[0].numeral_style = NumeralStyle.NONE
    hall.parts[0].save()
    for view in View:
        assert numerals(hall, view) == ["", "Phần I"]


def test_readers_and_editors_meet_the_same_numerals_whatever_is_hidden(hall: Hall) -> None:
    for item in hall.items[:2]:
        item.unpublish()
    factories.PartPageFactory(parent=hall.exhibition)
    for view in View:
        assert numerals(hall, view) == ["Phần I", "Phần II", "Phần III"]


def test_a_part_in_preparation_takes_no_number_from_those_that_are_published(hall: Hall) -> None:
    draft = factories.PartPageFactory(parent=hall.exhibition, live=False)
    draft.move(hall.parts[1], pos="left")
    assert numerals(hall, View.PUBLIC) == ["Phần I", "Phần II"]
    assert numerals(hall, View.PREVIEW) == ["Phần I", "Phần II", "Phần II"]


def test_an_exhibition_in_preparation_shows_its_editors_the_numbers_it_will_have(
    hall: Hall,
) -> None:
    for part in hall.parts:
        part.unpublish()
    assert numerals(hall, View.PREVIEW) == ["Phần I", "Phần II"]
