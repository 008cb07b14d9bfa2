"""What the public sees of an exhibition, and what it never sees."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.models import PageViewRestriction

from core.models import RenditionSet
from exhibitions.clearance import ClearanceDecision, withdraw
from exhibitions.models import AccessLevel, ClearanceState, ItemPage, OpeningState, Secrecy
from exhibitions.visibility import item_is_public, reasons_hidden
from tests import factories
from tests.portal import Hall

pytestmark = pytest.mark.django_db


def status(client: Client, page: ItemPage) -> int:
    return client.get(page.get_url()).status_code


def test_a_cleared_item_of_an_open_exhibition_is_shown(client: Client, hall: Hall) -> None:
    for item in hall.items:
        assert status(client, item) == 200
        assert reasons_hidden(item) == []


def test_an_item_nobody_has_cleared_is_not_found(client: Client, hall: Hall) -> None:
    item = factories.ItemPageFactory(parent=hall.parts[0])
    assert status(client, item) == 404
    assert [reason.code for reason in reasons_hidden(item)] == ["not_cleared"]


def test_the_newest_clearance_row_wins(client: Client, hall: Hall) -> None:
    item = hall.items[0]
    factories.clear(item, state=ClearanceState.WITHDRAWN)
    assert status(client, item) == 404
    factories.clear(item)
    assert status(client, item) == 200


def test_an_unpublished_item_is_not_found(client: Client, hall: Hall) -> None:
    item = hall.items[0]
    item.unpublish()
    assert status(client, item) == 404


def test_items_of_an_unpublished_part_are_not_found(client: Client, hall: Hall) -> None:
    hall.parts[0].unpublish()
    assert status(client, hall.items[0]) == 404
    assert client.get(hall.parts[0].get_url()).status_code == 404
    assert status(client, hall.items[2]) == 200


def test_items_below_an_unpublished_section_are_not_found(client: Client, hall: Hall) -> None:
    section = factories.PartPageFactory(parent=hall.parts[1])
    item = factories.cleared_item(section)
    assert status(client, item) == 200
    hall.parts[1].unpublish()
    assert status(client, item) == 404


def test_a_hidden_exhibition_does_not_lead_to_anything_below_it(client: Client, hall: Hall) -> None:
    hall.exhibition.unpublish()
    for page in (hall.exhibition, *hall.parts, *hall.items):
        assert client.get(page.get_url()).status_code == 404


def test_an_exhibition_opens_by_the_clock(client: Client, hall: Hall) -> None:
    item = hall.items[0]
    hall.exhibition.opens_at = timezone.now() + timedelta(hours=1)
    hall.exhibition.save()
    assert client.get(hall.exhibition.get_url()).status_code == 200
    assert status(client, item) == 404
    assert item_is_public(item, now=timezone.now() + timedelta(hours=2))


def test_an_exhibition_opens_by_hand_before_its_hour(client: Client, hall: Hall) -> None:
    hall.exhibition.opens_at = timezone.now() + timedelta(days=1)
    hall.exhibition.save()
    factories.open_by_hand(hall.exhibition)
    assert status(client, hall.items[0]) == 200


def test_a_closed_exhibition_can_be_read_only_where_that_is_wished(
    client: Client, hall: Hall
) -> None:
    factories.open_by_hand(hall.exhibition, OpeningState.CLOSED)
    assert status(client, hall.items[0]) == 200
    hall.exhibition.readable_after_closing = False
    hall.exhibition.save()
    assert status(client, hall.items[0]) == 404
    assert client.get(hall.exhibition.get_url()).status_code == 200


def test_an_old_opening_time_does_not_reopen_what_was_closed_by_hand(
    client: Client, hall: Hall
) -> None:
    hall.exhibition.readable_after_closing = False
    hall.exhibition.save()
    factories.open_by_hand(hall.exhibition, OpeningState.CLOSED)
    hall.exhibition.opens_at = timezone.now() - timedelta(minutes=1)
    hall.exhibition.save()
    assert status(client, hall.items[0]) == 404


def test_a_copy_of_a_cleared_item_is_not_cleared(client: Client, hall: Hall) -> None:
    copy = hall.items[0].copy(update_attrs={"slug": "ban-sao", "title": "Bản sao"})
    assert copy.live
    assert status(client, copy) == 404


def test_an_alias_follows_the_clearance_of_its_source(client: Client, hall: Hall) -> None:
    source = hall.items[0]
    alias = CreatePageAliasAction(source, parent=hall.parts[1], update_slug="hien-lai").execute()
    assert status(client, alias) == 200
    factories.clear(source, state=ClearanceState.WITHDRAWN)
    assert status(client, alias) == 404


def test_publishing_an_older_draft_does_not_bring_a_withdrawn_item_back(
    client: Client, hall: Hall
) -> None:
    item = hall.items[0]
    older = item.save_revision()
    older.publish()
    factories.clear(item, state=ClearanceState.WITHDRAWN)
    older.publish()
    assert status(client, item) == 404


def test_withdrawal_is_felt_by_page_neighbour_search_and_every_old_picture(
    client: Client, hall: Hall, django_capture_on_commit_callbacks
) -> None:
    item, neighbour = hall.items[1], hall.items[0]
    factories.hang(item)
    renditions = RenditionSet.objects.get(image=item.media.get().image)
    old = [
        f"/h/{renditions.key}/{width}.{kind}"
        for width, _height in renditions.widths
        for kind in ("webp", "jpg")
    ]
    assert old and all(client.get(address).status_code == 200 for address in old)
    assert item.get_url() in client.get(neighbour.get_url()).content.decode()

    approver = factories.UserFactory(is_superuser=True)
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(item, by=approver, decision=ClearanceDecision(note="Rà soát lại"))

    assert status(client, item) == 404
    assert item.get_url() not in client.get(neighbour.get_url()).content.decode()
    found = client.get("/tim-kiem/", {"q": item.title}).content.decode()
    assert item.get_url() not in found
    assert [client.get(address).status_code for address in old] == [404] * len(old)
    renditions.refresh_from_db()
    assert client.get(f"/h/{renditions.key}/640.webp").status_code == 404


def test_a_picture_comes_back_under_a_new_address_when_the_item_is_cleared_again(
    client: Client, hall: Hall
) -> None:
    item = hall.items[0]
    factories.hang(item)
    renditions = RenditionSet.objects.get(image=item.media.get().image)
    approver = factories.UserFactory(is_superuser=True)
    withdraw(item, by=approver, decision=ClearanceDecision(note="Rà soát"))
    factories.clear(item)
    old_key = renditions.key
    renditions.refresh_from_db()
    assert renditions.key != old_key
    assert client.get(f"/h/{old_key}/640.webp").status_code == 404


@pytest.mark.parametrize("with_session", [False, True], ids=["guest", "signed in"])
@pytest.mark.parametrize("state", ["uncleared", "withdrawn", "future", "hidden", "deleted"])
def test_nothing_tells_of_an_item_that_is_not_public(
    client: Client, hall: Hall, state: str, with_session: bool
) -> None:
    item = hall.items[0]
    factories.hang(item)
    image = item.media.get().image
    renditions = RenditionSet.objects.get(image=image)
    page_url, picture = item.get_url(), f"/h/{renditions.key}/640.jpg"
    unknown = client.get(item.get_url().replace(item.slug, "khong-co-gi")).content
    if with_session:
        client.force_login(factories.UserFactory(is_superuser=True))
    match state:
        case "uncleared" | "withdrawn":
            factories.clear(item, state=ClearanceState.WITHDRAWN)
        case "future":
            hall.exhibition.opens_at = timezone.now() + timedelta(days=1)
            hall.exhibition.save()
        case "hidden":
            hall.parts[0].unpublish()
        case "deleted":
            item.delete()
    for address in (page_url, picture, image.file.url, f"/khong-cong-khai/{image.file.name}"):
        answer = client.get(address)
        assert answer.status_code == 404, address
        assert item.title not in answer.content.decode()
    assert client.get(page_url).content == unknown or with_session
    assert item.title not in client.get(hall.items[1].get_url()).content.decode()
    assert item.title not in client.get("/tim-kiem/", {"q": item.title}).content.decode().replace(
        f'value="{item.title}"', ""
    ).replace(f"“{item.title}”", "")


def codes(item: ItemPage) -> list[str]:
    """Everything the admin says keeps ``item`` from the public."""
    return [reason.code for reason in reasons_hidden(ItemPage.objects.get(pk=item.pk))]


def test_the_reasons_name_a_secrecy_that_nobody_has_lifted(client: Client, hall: Hall) -> None:
    ItemPage.objects.filter(pk=hall.items[0].pk).update(original_secrecy=Secrecy.SECRET)
    assert status(client, hall.items[0]) == 404
    assert codes(hall.items[0]) == ["secrecy_unsettled"]


def test_the_reasons_name_an_unpublished_list_and_do_not_call_an_open_exhibition_shut(
    client: Client, hall: Hall
) -> None:
    index = hall.exhibition.get_parent().specific
    index.unpublish()
    assert status(client, hall.items[0]) == 404
    reasons = reasons_hidden(ItemPage.objects.get(pk=hall.items[0].pk))
    assert [reason.code for reason in reasons] == ["ancestor_draft"]
    assert index.title in reasons[0].text


def test_the_reasons_name_an_exhibition_that_is_both_a_draft_and_not_open(hall: Hall) -> None:
    factories.open_by_hand(hall.exhibition, OpeningState.ANNOUNCED)
    hall.exhibition.unpublish()
    assert codes(hall.items[0]) == ["ancestor_draft", "not_open"]


@pytest.mark.parametrize(
    "restricted",
    [{"access_level": AccessLevel.CONDITIONAL}, {"original_secrecy": Secrecy.TOP_SECRET}],
    ids=["conditional access", "secrecy unsettled"],
)
def test_a_restricted_item_is_hidden_at_once_though_its_clearance_still_stands(
    client: Client, hall: Hall, restricted: dict[str, str]
) -> None:
    item = hall.items[0]
    for name, value in restricted.items():
        setattr(item, name, value)
    item.save()
    assert not item_is_public(item)
    assert client.get(item.get_url()).status_code == 404


def test_a_restriction_of_wagtails_own_left_in_the_database_locks_nobody_out(
    client: Client, hall: Hall
) -> None:
    PageViewRestriction.objects.create(page=hall.exhibition, restriction_type="login")
    assert client.get(hall.items[0].get_url()).status_code == 200


def test_pictures_of_an_item_that_is_cleared_again_are_there_under_their_new_address(
    client: Client, hall: Hall, django_capture_on_commit_callbacks: Any
) -> None:
    item = hall.items[0]
    factories.hang(item)
    with django_capture_on_commit_callbacks(execute=True):
        leader = factories.UserFactory(is_superuser=True)
        withdraw(item, by=leader, decision=ClearanceDecision(note="Xem lại"))
    factories.clear(item)
    key = RenditionSet.objects.get(image=item.media.get().image).key
    assert client.get(f"/h/{key}/640.webp").status_code == 200
