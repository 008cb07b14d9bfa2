"""The grid: items arranged many at once, through the real screen."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exhibitions.models import ApprovalStep, ExhibitionPage, ItemPage
from tests import factories
from tests.exhibitions.desk import Desk
from tests.exhibitions.test_admin_approval import browser, text_of

pytestmark = pytest.mark.django_db


def grid(desk: Desk) -> str:
    return reverse("exhibitions_admin:grid", args=[desk.exhibition.pk])


def order(desk: Desk) -> list[str]:
    items = ItemPage.objects.filter(path__startswith=desk.fresh().path).order_by("path")
    return [item.reference for item in items]


def press(desk: Desk, **data: object):
    client = browser(desk.editor)
    return client.post(grid(desk), data, headers={"accept": "application/json"})


def test_an_item_comes_behind_another_in_its_part(desk):
    first, second = desk.items[:2]
    answer = press(desk, action="after", item=first.pk, part=desk.parts[0].pk, after=second.pk)
    assert answer.status_code == 200 and order(desk) == ["LS-1", "LS-0", "LS-2", "LS-3"]


def test_an_item_comes_first_in_another_part(desk):
    press(desk, action="after", item=desk.items[0].pk, part=desk.parts[1].pk, after=0)
    assert order(desk) == ["LS-1", "LS-0", "LS-2", "LS-3"]
    moved = ItemPage.objects.get(pk=desk.items[0].pk)
    assert moved.get_parent().pk == desk.parts[1].pk


def test_ticked_items_come_to_a_place_together(desk):
    for number in range(4, 8):
        item = factories.ItemPageFactory(
            parent=desk.parts[0].__class__.objects.get(pk=desk.parts[0].pk),
            live=False,
            reference=f"LS-{number}",
        )
        item.save_revision()
    ticked = [ItemPage.objects.get(reference=f"LS-{number}").pk for number in (5, 6)]
    press(desk, action="place", item=ticked, place=2)
    assert order(desk)[:6] == ["LS-0", "LS-5", "LS-6", "LS-1", "LS-4", "LS-7"]


def test_ticked_items_get_kind_and_access_level_together(desk):
    numbers = [item.pk for item in desk.items[:3]]
    press(desk, action="set", item=numbers, kind="image", access_level="conditional")
    newest = [ItemPage.objects.get(pk=number).get_latest_revision_as_object() for number in numbers]
    assert {(each.kind, each.access_level) for each in newest} == {("image", "conditional")}
    untouched = ItemPage.objects.get(pk=desk.items[3].pk).get_latest_revision_as_object()
    assert untouched.kind == "document"


def test_nothing_is_arranged_while_it_is_under_approval(desk):
    desk.submit()
    answer = press(desk, action="after", item=desk.items[0].pk, part=desk.parts[1].pk, after=0)
    assert answer.status_code == 409 and answer.json()["reasons"]
    assert order(desk) == ["LS-0", "LS-1", "LS-2", "LS-3"]


def test_two_who_arrange_at_once_do_not_undo_each_other(desk):
    one, two, _three, four = (item.pk for item in desk.items)
    press(desk, action="after", item=one, part=desk.parts[0].pk, after=two)
    press(desk, action="after", item=four, part=desk.parts[1].pk, after=0)
    assert order(desk) == ["LS-1", "LS-0", "LS-3", "LS-2"]


@pytest.mark.parametrize(
    "data",
    [
        {"action": "nonsense"},
        {"action": "after", "item": "x", "part": "y"},
        {"action": "part", "to_part": "99999999"},
        {"action": "place", "place": "-3"},
        {"action": "set"},
        {"action": "again", "item": "99999999", "to_part": "1"},
    ],
)
def test_garbage_is_refused_and_moves_nothing(desk, data):
    answer = press(desk, **data)
    assert answer.status_code in (400, 409)
    assert order(desk) == ["LS-0", "LS-1", "LS-2", "LS-3"]


def test_strangers_are_sent_away(desk):
    stranger = factories.UserFactory()
    assert browser(stranger).get(grid(desk)).status_code in (302, 403)


def test_a_part_of_another_exhibition_is_no_place_to_go(desk, exhibition_index):
    other = factories.ExhibitionPageFactory(parent=exhibition_index, live=False)
    part = factories.PartPageFactory(parent=other, live=False)
    answer = press(desk, action="after", item=desk.items[0].pk, part=part.pk, after=0)
    assert answer.status_code == 400


def test_the_queries_of_the_grid_do_not_grow_with_its_items(desk):
    client = browser(desk.editor)
    client.get(grid(desk))
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(grid(desk))
    part = desk.parts[0].__class__.objects.get(pk=desk.parts[0].pk)
    for _number in range(30):
        factories.ItemPageFactory(parent=part, live=False).save_revision()
    with CaptureQueriesContext(connection) as many:
        text = text_of(client.get(grid(desk)))
    assert "34 tài liệu" in text
    assert len(many) == len(few) <= 20


def test_an_exhibition_becomes_a_pattern_through_its_screen(desk):
    ApprovalStep.objects.all().delete()
    client = browser(desk.editor)
    address = reverse("exhibitions_admin:cloning", args=[desk.exhibition.pk])
    answer = client.post(address, {"title": "Triển lãm năm sau"})
    made = ExhibitionPage.objects.get(title="Triển lãm năm sau")
    assert answer.url == reverse("wagtailadmin_pages:edit", args=[made.pk])
    assert client.post(address, {"title": ""}).status_code == 200


def test_ticked_drafts_are_shown_in_another_part_as_well_where_approval_is_in_force(desk):
    numbers = [item.pk for item in desk.items[:2]]
    answer = press(desk, action="again", item=numbers, to_part=desk.parts[1].pk)
    assert answer.status_code == 200, answer.content
    aliases = ItemPage.objects.child_of(desk.parts[1]).filter(alias_of__in=numbers)
    assert aliases.count() == 2 and not any(alias.live for alias in aliases)
