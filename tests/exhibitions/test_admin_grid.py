"""The grid: items arranged many at once, through the real screen."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup, Tag
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext

from core.models import User
from exhibitions.models import (
    ApprovalStep,
    Arrangement,
    ExhibitionPage,
    Import,
    ItemKind,
    ItemMedium,
    ItemPage,
    PartPage,
)
from tests import factories
from tests.exhibitions.desk import Desk
from tests.exhibitions.lists import address
from tests.exhibitions.test_admin_approval import browser, text_of
from tests.exhibitions.test_admin_clearance import staff

pytestmark = pytest.mark.django_db


def grid(desk: Desk) -> str:
    return reverse("exhibitions_admin:grid", args=[desk.exhibition.pk])


def order(desk: Desk) -> list[str]:
    items = ItemPage.objects.filter(path__startswith=desk.fresh().path).order_by("path")
    return [item.reference for item in items]


def press(desk: Desk, by: User | None = None, **data: object):
    client = browser(by or desk.editor)
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
    picture = factories.CustomImageFactory()
    item = desk.items[0]
    item.media.add(ItemMedium(image=picture, sort_order=0))
    item.save_revision()
    client.get(grid(desk))
    with CaptureQueriesContext(connection) as few:
        client.get(grid(desk))
    part = desk.parts[0].__class__.objects.get(pk=desk.parts[0].pk)
    for _number in range(396):
        factories.ItemPageFactory(parent=part, live=False).save_revision()
    with CaptureQueriesContext(connection) as many:
        text = text_of(client.get(grid(desk)))
    assert "400 tài liệu" in text
    assert len(many) == len(few) <= 20


def test_the_queries_of_the_grid_do_not_grow_with_its_parts(desk):
    client = browser(desk.editor)
    client.get(grid(desk))
    with CaptureQueriesContext(connection) as few:
        client.get(grid(desk))
    for _number in range(18):
        factories.PartPageFactory(parent=desk.fresh(), live=False).save_revision()
    with CaptureQueriesContext(connection) as many:
        client.get(grid(desk))
    assert len(many) == len(few)


def newest(number: int) -> ItemPage:
    found: ItemPage = ItemPage.objects.get(pk=number).get_latest_revision_as_object()
    return found


def test_an_organisation_set_as_the_source_takes_the_place_of_the_person(desk):
    item = ItemPage.objects.get(pk=desk.items[0].pk).get_latest_revision_as_object()
    item.source_organisation = None
    item.source_person, item.source_person_title = "Nguyễn Văn Mẫu", "NSNA"
    item.save_revision()
    archive = factories.OrganisationFactory()
    answer = press(desk, action="set", item=item.pk, source_organisation=archive.pk)
    assert answer.status_code == 200, answer.content
    set_ = newest(item.pk)
    assert set_.source_organisation == archive
    assert (set_.source_person, set_.source_person_title) == ("", "")


def test_a_kind_set_for_an_item_leaves_its_person_as_the_source(desk):
    item = ItemPage.objects.get(pk=desk.items[0].pk).get_latest_revision_as_object()
    item.source_organisation, item.source_person = None, "Nguyễn Văn Mẫu"
    item.save_revision()
    press(desk, action="set", item=item.pk, kind="image")
    assert newest(item.pk).source_person == "Nguyễn Văn Mẫu"


def test_ticks_in_two_parts_are_not_moved_to_one_place_and_it_is_said(desk):
    ticked = [desk.items[1].pk, desk.items[3].pk]
    answer = press(desk, action="place", item=ticked, place=1)
    assert answer.status_code == 409
    (reason,) = answer.json()["reasons"]
    assert reason == gettext(
        "The ticked items stand in several Parts. Tick items of one Part only, or move "
        "them to one Part first."
    )
    assert order(desk) == ["LS-0", "LS-1", "LS-2", "LS-3"]


PUBLIC_AT_ONCE = (
    "This portal has no steps of approval: when published items are put in another order or "
    "Part, the public sees it at once."
)


def test_an_item_is_not_shown_twice_in_one_part(desk):
    sent = {"action": "again", "item": desk.items[0].pk, "to_part": desk.parts[1].pk}
    assert press(desk, **sent).status_code == 200
    answer = press(desk, **sent)
    assert answer.status_code == 409 and len(answer.json()["reasons"]) == 1
    assert ItemPage.objects.filter(alias_of=desk.items[0].pk).count() == 1


def test_it_is_said_that_a_new_order_is_public_at_once_where_nobody_approves_it(desk):
    client = browser(desk.editor)
    ItemPage.objects.filter(pk=desk.items[0].pk).update(live=True)
    assert gettext(PUBLIC_AT_ONCE) not in text_of(client.get(grid(desk)))
    ApprovalStep.objects.all().delete()
    assert gettext(PUBLIC_AT_ONCE) in text_of(client.get(grid(desk)))
    ItemPage.objects.filter(pk=desk.items[0].pk).update(live=False)
    assert gettext(PUBLIC_AT_ONCE) not in text_of(client.get(grid(desk)))


def imports(desk: Desk) -> str:
    return reverse("exhibitions_admin:imports", args=[desk.exhibition.pk])


def test_files_are_sent_from_the_grid_into_its_part_also_without_a_script(desk):
    client = browser(desk.editor)
    page = BeautifulSoup(client.get(grid(desk)).content, "html.parser")
    form = page.find("form", id="grid-files")
    (button,) = page.find_all(
        "button", attrs={"form": "grid-files", "name": "part", "value": str(desk.parts[1].pk)}
    )
    assert desk.parts[1].title in button.get_text()
    sent = {each["name"]: each["value"] for each in form.find_all("input")}
    answer = client.post(form["action"], {**sent, "part": button["value"]})
    job = Import.objects.get(exhibition=desk.exhibition)
    assert (job.default_part_id, job.arrangement) == (desk.parts[1].pk, Arrangement.ITEMS)
    assert answer.url == address("files", job)


def test_the_script_of_the_grid_is_told_where_the_files_go(desk):
    sent = {"action": "files", "arrangement": "items", "part": desk.parts[0].pk}
    answer = browser(desk.editor).post(imports(desk), sent, headers={"accept": "application/json"})
    job = Import.objects.get(exhibition=desk.exhibition)
    assert answer.json() == {"files": address("files", job)}


def test_no_files_are_taken_on_the_grid_while_it_is_under_approval(desk):
    desk.submit()
    page = BeautifulSoup(browser(desk.editor).get(grid(desk)).content, "html.parser")
    assert not page.select("[data-drop], #grid-files")


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


def shown_again(desk: Desk) -> ItemPage:
    """The first item, shown in the second Part as well."""
    item = desk.items[0].pk
    answer = press(desk, action="again", item=item, to_part=desk.parts[1].pk)
    assert answer.status_code == 200, answer.content
    return ItemPage.objects.get(alias_of=item)


def take_away(desk: Desk, item: ItemPage, by: User | None = None) -> list[str]:
    """What is said against it: nothing when the item is gone, and else it stands there still."""
    answer = press(desk, by, take_away=item.pk)
    reasons: list[str] = answer.json()["reasons"]
    assert answer.status_code == (409 if reasons else 200)
    assert ItemPage.objects.filter(pk=item.pk).exists() == bool(reasons)
    return reasons


def words_of(tag: Tag) -> str:
    return " ".join(tag.get_text().split())


def away_button(desk: Desk, item: ItemPage, by: User | None = None):
    page = BeautifulSoup(browser(by or desk.editor).get(grid(desk)).content, "html.parser")
    return page.find("button", attrs={"name": "take_away", "value": str(item.pk)})


def test_what_is_shown_again_is_no_longer_shown_there_and_the_item_itself_stays(desk):
    alias, item = shown_again(desk), ItemPage.objects.get(pk=desk.items[0].pk)
    before = (item.path, item.latest_revision_id, item.media.count())
    assert away_button(desk, item) is None
    button = away_button(desk, alias)
    # It is asked first: the button lies folded, below what will come of it.
    text = gettext(
        "It will no longer stand in this Part. The item itself stays where it comes from."
    )
    assert text in words_of(button.find_parent("details"))

    client = browser(desk.editor)
    said = text_of(client.post(grid(desk), {"take_away": button["value"]}, follow=True))
    named = gettext("“%(title)s” is no longer shown here. The item itself is unchanged.")
    assert named % {"title": item.title} in said
    assert not ItemPage.objects.filter(pk=alias.pk).exists()
    item.refresh_from_db()
    assert (item.path, item.latest_revision_id, item.media.count()) == before
    assert order(desk) == ["LS-0", "LS-1", "LS-2", "LS-3"]


def test_an_item_that_is_not_shown_again_is_never_taken_away(desk):
    shown_again(desk)
    assert len(take_away(desk, desk.items[0])) == 1
    assert len(take_away(desk, desk.items[1])) == 1


def test_whoever_may_only_add_takes_no_showing_of_others_away(desk):
    alias = shown_again(desk)
    helper = staff("cong-tac-vien", desk.exhibition, on_pages=("add_page",))
    assert away_button(desk, alias, helper) is None
    assert len(take_away(desk, alias, helper)) == 1


def test_a_showing_somebody_has_locked_is_not_taken_away(desk):
    alias = shown_again(desk)
    ItemPage.objects.filter(pk=alias.pk).update(locked=True, locked_by=desk.leaders[0])
    assert away_button(desk, alias) is None
    assert len(take_away(desk, alias)) == 1


def test_no_showing_is_taken_away_while_it_is_under_approval(desk):
    alias = shown_again(desk)
    desk.submit()
    assert away_button(desk, alias) is None
    assert take_away(desk, alias) == [
        gettext("The exhibition is under approval. Take the submission back first.")
    ]


def test_a_published_showing_is_taken_away_by_those_only_who_decide_what_opens(desk):
    alias = shown_again(desk)
    ItemPage.objects.filter(pk=alias.pk).update(live=True)
    assert away_button(desk, alias) is None
    assert len(take_away(desk, alias)) == 1
    ApprovalStep.objects.all().delete()
    folded = away_button(desk, alias).find_parent("details")
    assert gettext("The public sees this at once.") in words_of(folded)
    assert take_away(desk, alias) == []


def test_a_showing_in_another_exhibition_is_not_taken_away_from_here(desk, exhibition_index):
    other = factories.ExhibitionPageFactory(parent=exhibition_index, live=False)
    part = factories.PartPageFactory(parent=other, live=False)
    source = ItemPage.objects.get(pk=desk.items[0].pk)
    alias = source.create_alias(parent=part, update_slug="noi-khac")
    assert len(take_away(desk, alias)) == 1
    assert press(desk, take_away="x").status_code == 409


@pytest.mark.parametrize("action", ["place", "part", "again", "set"])
def test_without_a_tick_it_is_said_what_to_do_first(desk, action):
    sent = {"place": 1, "to_part": desk.parts[1].pk, "kind": "image"}
    answer = press(desk, action=action, **sent)
    assert answer.status_code == 409
    assert answer.json()["reasons"] == [gettext("Tick items first.")]


@pytest.mark.parametrize("live", [False, True])
def test_the_queries_of_the_grid_do_not_grow_with_what_is_shown_again(desk, live):
    client = browser(desk.editor)
    picture = factories.CustomImageFactory()
    counts = []
    for name, showings in (("ít", 4), ("nhiều", 16)):
        part = factories.PartPageFactory(parent=desk.fresh(), live=False, title=name)
        for number in range(showings):
            source = factories.ItemPageFactory(
                parent=PartPage.objects.get(pk=desk.parts[0].pk), live=False
            )
            factories.hang(source, picture)
            source.create_alias(
                parent=PartPage.objects.get(pk=part.pk), update_slug=f"{name}-{number}"
            )
        ItemPage.objects.update(live=live)
        client.get(grid(desk))
        with CaptureQueriesContext(connection) as asked:
            client.get(grid(desk))
        counts.append(len(asked))
    assert ItemPage.objects.exclude(alias_of=None).count() == 20
    assert counts[0] == counts[1] <= 20, counts


def card_of(desk: Desk, item: ItemPage) -> Tag:
    page = BeautifulSoup(browser(desk.editor).get(grid(desk)).content, "html.parser")
    return page.select_one(f"[data-item='{item.pk}']")


def test_the_card_of_what_is_shown_again_tells_what_the_public_sees_of_it(desk):
    source = ItemPage.objects.get(pk=desk.items[0].pk)
    source.title, source.reference, source.kind = "Thư gửi mẹ", "LS-50", "image"
    source.media = [
        ItemMedium(image=factories.CustomImageFactory(), sort_order=place) for place in range(3)
    ]
    source.save()
    for medium in source.media.all():
        factories.render(medium.image)
    alias = shown_again(desk)
    # A draft of it says otherwise, and is not shown.
    draft = ItemPage.objects.get(pk=source.pk)
    draft.title, draft.reference, draft.kind = "Thư khác", "LS-51", "document"
    draft.media = []
    draft.save_revision()
    card = card_of(desk, alias)
    assert card.select_one(".grid__title").get_text() == "Thư gửi mẹ"
    facts = words_of(card.select_one(".grid__facts"))
    assert "LS-50" in facts and str(ItemKind.IMAGE.label) in facts
    assert "3" in words_of(card.select_one(".grid__pages"))
    first = alias.media.order_by("sort_order").first().image.rendition_sets.first()
    assert first.key in card.img["src"]


def test_the_card_of_an_item_that_was_never_saved_as_a_draft_tells_what_is_stored(desk):
    part = PartPage.objects.get(pk=desk.parts[0].pk)
    item = factories.ItemPageFactory(parent=part, reference="LS-60", title="Cờ thi đua")
    factories.hang(item)
    card = card_of(desk, item)
    assert card.select_one(".grid__title").get_text() == "Cờ thi đua"
    assert "LS-60" in words_of(card.select_one(".grid__facts")) and card.img is not None


def test_in_a_published_exhibition_a_card_tells_that_its_item_is_not_published_yet(desk):
    part = PartPage.objects.get(pk=desk.parts[0].pk)
    new = factories.ItemPageFactory(parent=part, title="Cờ thi đua", live=False)
    for is_published in (False, True):
        ExhibitionPage.objects.filter(pk=desk.exhibition.pk).update(live=is_published)
        facts = words_of(card_of(desk, new).select_one(".grid__facts"))
        assert ("chưa công bố" in facts) is is_published
    ItemPage.objects.filter(pk=new.pk).update(live=True)
    assert "chưa công bố" not in words_of(card_of(desk, new).select_one(".grid__facts"))
