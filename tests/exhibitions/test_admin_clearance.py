"""Clearing an item through the admin: what is recorded, and what cannot bring it about."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page
from wagtail.test.utils.form_data import querydict_from_html

from core.models import RenditionSet, User
from exhibitions.clearance import current_state
from exhibitions.models import AccessLevel, Clearance, ClearanceState, ItemPage, Secrecy
from exhibitions.visibility import item_is_public
from tests import factories
from tests.portal import Hall

pytestmark = pytest.mark.django_db


PUBLISHING = ("add_page", "change_page", "publish_page", "bulk_delete_page")


def staff(name: str, page: Page, *codenames: str, on_pages: tuple[str, ...] = PUBLISHING) -> User:
    """A user with the rights ``on_pages`` below ``page``, and ``codenames`` everywhere."""
    group = Group.objects.create(name=name)
    group.permissions.set(Permission.objects.filter(codename__in=["access_admin", *codenames]))
    for codename in on_pages:
        GroupPagePermission.objects.create(
            group=group, page=page, permission=Permission.objects.get(codename=codename)
        )
    user = factories.UserFactory(username=name)
    user.groups.add(group)
    return user


@pytest.fixture
def item(hall: Hall) -> ItemPage:
    """A published item nobody has decided on."""
    return factories.ItemPageFactory(parent=hall.parts[0], reference="LS-012")


@pytest.fixture
def approver(client: Client, hall: Hall) -> Client:
    client.force_login(staff("lanhdao", hall.exhibition, "decide_clearance"))
    return client


@pytest.fixture
def editor(client: Client, hall: Hall) -> Client:
    client.force_login(staff("bientap", hall.exhibition))
    return client


def screen(item: ItemPage) -> str:
    return reverse("exhibitions_admin:clearance", args=[item.pk])


def edit_form(client: Client, url: str) -> dict[str, str]:
    html = client.get(url).content.decode()
    return querydict_from_html(html, form_id="page-edit-form")


def grant(client: Client, item: ItemPage, **data: str) -> None:
    answer = client.post(screen(item), {"decision": "grant", **data})
    assert answer.status_code == 302


def test_the_screen_lies_where_the_office_was_told(item: ItemPage) -> None:
    assert screen(item) == f"/admin/trien-lam/tai-lieu/{item.pk}/cong-bo/"


def test_clearing_records_who_when_and_by_which_decision(approver: Client, item: ItemPage) -> None:
    grant(approver, item, number="15/QĐ-SNV", decided_on="14/7/2023", note="Duyệt đợt 1")
    row = Clearance.objects.get(item=item)
    assert row.state == ClearanceState.CLEARED
    assert (row.decision_number, row.decided_on) == ("15/QĐ-SNV", date(2023, 7, 14))
    assert (row.item_title, row.item_reference) == (item.title, "LS-012")
    assert (row.by.username, row.by_name) == ("lanhdao", "Nguyễn Văn Mẫu")
    assert row.note == "Duyệt đợt 1"
    assert item_is_public(item)
    assert "15/QĐ-SNV" in approver.get(screen(item)).content.decode()


def test_a_button_pressed_twice_records_one_decision(approver: Client, item: ItemPage) -> None:
    grant(approver, item, number="15/QĐ-SNV")
    grant(approver, item, number="15/QĐ-SNV")
    assert Clearance.objects.filter(item=item).count() == 1
    for _press in range(2):
        approver.post(screen(item), {"decision": "withdraw", "note": "Rà soát lại"})
    assert Clearance.objects.filter(item=item).count() == 2
    assert current_state(item) is ClearanceState.WITHDRAWN


def test_withdrawing_hides_the_item_at_once_and_changes_its_pictures_addresses(
    approver: Client, hall: Hall
) -> None:
    item = hall.items[0]
    image = factories.hang(item).image
    key = RenditionSet.objects.get(image=image).key
    approver.post(screen(item), {"decision": "withdraw", "note": "Rà soát lại"})
    assert approver.get(item.get_url()).status_code == 404
    assert RenditionSet.objects.get(image=image).key != key


def test_withdrawing_needs_a_reason(approver: Client, hall: Hall) -> None:
    answer = approver.post(screen(hall.items[0]), {"decision": "withdraw", "note": " "})
    assert answer.status_code == 200
    assert current_state(hall.items[0]) is ClearanceState.CLEARED


def test_what_was_never_cleared_cannot_be_withdrawn(approver: Client, item: ItemPage) -> None:
    approver.post(screen(item), {"decision": "withdraw", "note": "Rà soát lại"})
    assert not Clearance.objects.filter(item=item).exists()


@pytest.mark.parametrize(
    ("fields", "anchor"),
    [
        ({"source_person": ""}, "#id_source_organisation-chooser"),
        ({"original_secrecy": Secrecy.SECRET}, "#id_declassification"),
        ({"access_level": AccessLevel.CONDITIONAL}, "#id_access_level"),
    ],
)
def test_an_unsettled_item_is_not_cleared_and_the_field_to_mend_is_named(
    approver: Client, hall: Hall, fields: dict[str, str], anchor: str
) -> None:
    item = factories.ItemPageFactory(parent=hall.parts[0], **fields)
    answer = approver.post(screen(item), {"decision": "grant"})
    assert answer.status_code == 200
    html = answer.content.decode()
    assert reverse("wagtailadmin_pages:edit", args=[item.pk]) + anchor in html
    assert 'value="grant"' not in html
    assert (
        anchor[1:]
        in approver.get(reverse("wagtailadmin_pages:edit", args=[item.pk])).content.decode()
    )
    assert current_state(item) is None


def test_a_decision_of_tomorrow_is_refused(approver: Client, item: ItemPage) -> None:
    answer = approver.post(screen(item), {"decision": "grant", "decided_on": "1/1/2999"})
    assert answer.status_code == 200
    assert current_state(item) is None


def test_an_editor_sees_the_state_but_decides_nothing(editor: Client, item: ItemPage) -> None:
    html = editor.get(screen(item)).content.decode()
    assert 'name="decision"' not in html
    answer = editor.post(screen(item), {"decision": "grant"})
    assert answer.status_code == 302
    assert current_state(item) is None


def test_who_may_neither_edit_nor_decide_does_not_see_the_screen(
    client: Client, hall: Hall, item: ItemPage
) -> None:
    elsewhere = factories.ExhibitionPageFactory(parent=hall.exhibition.get_parent())
    client.force_login(staff("noikhac", elsewhere))
    assert client.get(screen(item)).status_code == 302
    client.logout()
    assert reverse("wagtailadmin_login") in client.get(screen(item))["Location"]


def test_a_decision_without_a_csrf_token_is_refused(hall: Hall, item: ItemPage) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff("lanhdao", hall.exhibition, "decide_clearance"))
    assert client.post(screen(item), {"decision": "grant"}).status_code == 403
    assert current_state(item) is None


def test_an_unknown_decision_is_a_bad_request(approver: Client, item: ItemPage) -> None:
    assert approver.post(screen(item), {"decision": "delete"}).status_code == 400


def test_one_returns_to_where_one_came_from_but_never_to_another_site(
    approver: Client, item: ItemPage
) -> None:
    listing = reverse("wagtailadmin_explore", args=[item.get_parent().pk])
    answer = approver.post(screen(item), {"decision": "grant", "next": listing})
    assert answer["Location"] == listing
    answer = approver.post(screen(item), {"decision": "grant", "next": "https://example.org/"})
    assert answer["Location"] == reverse("wagtailadmin_pages:edit", args=[item.pk])


def test_the_editor_says_whether_the_item_is_cleared_and_leads_to_the_decision(
    approver: Client, item: ItemPage, hall: Hall
) -> None:
    for page, state in ((item, "no"), (hall.items[0], "yes")):
        html = approver.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
        assert f"publication-state--{state}" in html
        assert f"publication-panel__state--{state}" in html
        assert screen(page) in html


def test_a_copy_made_in_the_admin_is_not_cleared(approver: Client, hall: Hall) -> None:
    source = hall.items[0]
    answer = approver.post(
        reverse("wagtailadmin_pages:copy", args=[source.pk]),
        {
            "new_title": "Bản sao",
            "new_slug": "ban-sao",
            "new_parent_page": str(hall.parts[1].pk),
            "publish_copies": "on",
            "copy_subpages": "",
        },
    )
    assert answer.status_code == 302
    copy = ItemPage.objects.get(slug="ban-sao")
    assert copy.live
    assert current_state(copy) is None
    assert approver.get(copy.get_url()).status_code == 404


def test_an_alias_made_in_the_admin_shows_and_shares_its_source_s_decision(
    approver: Client, hall: Hall
) -> None:
    source = hall.items[0]
    approver.post(
        reverse("wagtailadmin_pages:copy", args=[source.pk]),
        {
            "new_title": "Hiện lại",
            "new_slug": "hien-lai",
            "new_parent_page": str(hall.parts[1].pk),
            "alias": "on",
        },
    )
    alias = ItemPage.objects.get(slug="hien-lai")
    assert alias.alias_of_id == source.pk
    assert approver.get(alias.get_url()).status_code == 200
    approver.post(screen(alias), {"decision": "withdraw", "note": "Rà soát lại"})
    assert current_state(source) is ClearanceState.WITHDRAWN
    assert approver.get(source.get_url()).status_code == 404
    assert approver.get(alias.get_url()).status_code == 404
    assert not Clearance.objects.filter(item=alias).exists()


def test_publishing_an_older_version_in_the_admin_does_not_undo_a_withdrawal(
    approver: Client, hall: Hall
) -> None:
    item = hall.items[0]
    older = item.save_revision()
    older.publish()
    item.caption = "Chú thích mới"
    item.save_revision().publish()
    approver.post(screen(item), {"decision": "withdraw", "note": "Rà soát lại"})
    revert = reverse("wagtailadmin_pages:revisions_revert", args=[item.pk, older.pk])
    form = edit_form(approver, revert)
    answer = approver.post(
        reverse("wagtailadmin_pages:edit", args=[item.pk]),
        {**form.dict(), "revision": str(older.pk), "action-publish": "1"},
    )
    assert answer.status_code == 302
    item.refresh_from_db()
    assert item.caption == ""
    assert current_state(item) is ClearanceState.WITHDRAWN
    assert approver.get(item.get_url()).status_code == 404


def test_editing_and_publishing_leaves_the_decision_alone(approver: Client, hall: Hall) -> None:
    item = hall.items[0]
    edit = reverse("wagtailadmin_pages:edit", args=[item.pk])
    form = edit_form(approver, edit).dict()
    answer = approver.post(edit, {**form, "caption": "Chú thích mới", "action-publish": "1"})
    assert answer.status_code == 302
    item.refresh_from_db()
    assert item.caption == "Chú thích mới"
    assert item_is_public(item)
    assert Clearance.objects.filter(item=item).count() == 1


def test_unpublishing_and_deleting_keep_the_history_and_never_fail(
    approver: Client, hall: Hall
) -> None:
    item = hall.items[0]
    factories.hang(item)
    unpublish = reverse("wagtailadmin_pages:unpublish", args=[item.pk])
    assert approver.get(unpublish).status_code == 200
    assert approver.post(unpublish).status_code == 302
    assert approver.get(screen(item)).status_code == 200
    for name in ("history", "usage", "view_draft", "delete"):
        address = reverse(f"wagtailadmin_pages:{name}", args=[item.pk])
        assert approver.get(address).status_code == 200
    delete = reverse("wagtailadmin_pages:delete", args=[item.pk])
    assert approver.post(delete).status_code == 302
    assert not ItemPage.objects.filter(pk=item.pk).exists()
    row = Clearance.objects.get(item_title=item.title)
    assert row.item is None
    assert approver.get(screen(item)).status_code == 404


def test_an_image_that_hangs_in_an_item_cannot_be_deleted_and_says_so(
    admin_client: Client, hall: Hall
) -> None:
    image = factories.hang(hall.items[0]).image
    delete = reverse("wagtailimages:delete", args=[image.pk])
    assert admin_client.get(delete).status_code == 200
    assert admin_client.post(delete).status_code in (302, 403)
    image.refresh_from_db()


def test_nobody_can_delete_a_person_who_decided_without_the_name_being_kept(
    approver: Client, item: ItemPage
) -> None:
    grant(approver, item)
    User.objects.get(username="lanhdao").delete()
    row = Clearance.objects.get(item=item)
    assert (row.by, row.by_name) == (None, "Nguyễn Văn Mẫu")
