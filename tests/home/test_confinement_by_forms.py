"""Editors of a cooperating organisation learn nothing by what they write into forms.

Numbers of foreign pages, pictures and files are easily guessed; none of them is taken, and no
answer tells what it is called.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import querydict_from_html

from core.models import Organisation, User
from exhibitions.cooperation import hand_over, take_back
from exhibitions.models import ItemMedium, ItemPage, PartPage
from home.roles import Role, group_of
from tests import factories
from tests.home.test_cooperating_editors import (
    MARK,
    SECRET,
    Cooperation,
    cooperation,
    seat,
    text_of,
)

pytestmark = pytest.mark.django_db

KEPT = "Triển lãm còn giữ kín"

__all__ = ["cooperation", "seat"]


def form(seat: Client, page: Page) -> dict[str, Any]:
    """The editor of ``page``, as it would be sent back unchanged."""
    html = seat.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    return dict(querydict_from_html(html, form_id="page-edit-form").items())


def send(seat: Client, page: Page, **fields: Any) -> str:
    """The answer to the editor's form with ``fields`` instead of what stood there."""
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    answer = seat.post(address, {**form(seat, page), **fields}, follow=True)
    assert answer.status_code == 200
    return text_of(answer)


def medium(**fields: Any) -> dict[str, Any]:
    """A new row of media in the editor's form of an item."""
    row = {"id": "", "ORDER": "1", "DELETE": "", "label": "", "frame": "1", "alt_text": ""}
    row |= {"image": "", "document": "", "transcription": "null", "translation": "null"}
    return {
        "media-TOTAL_FORMS": "1",
        "media-INITIAL_FORMS": "0",
        **{f"media-0-{name}": str(value) for name, value in {**row, **fields}.items()},
    }


def draft(item: ItemPage) -> ItemPage:
    newest: ItemPage = ItemPage.objects.get(pk=item.pk).get_latest_revision_as_object()
    return newest


def test_a_page_is_neither_copied_nor_moved_to_a_foreign_one_and_no_title_is_told(
    seat: Client, cooperation: Cooperation
) -> None:
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
    for number in cooperation.foreign["page"]:
        new = {"new_title": "x", "new_slug": "xx", "new_parent_page": number}
        answers = [
            seat.post(reverse("wagtailadmin_pages:copy", args=[cooperation.item.pk]), new),
            seat.post(
                reverse("wagtailadmin_pages:copy", args=[number]),
                {**new, "new_parent_page": cooperation.part.pk},
            ),
            seat.post(reverse("wagtailadmin_pages:move", args=[cooperation.item.pk]), new),
            seat.post(f"{bulk}?id={cooperation.item.pk}&next=/admin/", {"chooser": number}),
        ]
        for answer in answers:
            assert answer.status_code == 404
            assert SECRET not in text_of(answer)
    assert cooperation.item.get_parent() is not None
    assert ItemPage.objects.get(pk=cooperation.item.pk).get_parent().pk == cooperation.part.pk


@pytest.mark.parametrize("kind", ["image", "document"])
def test_a_foreign_picture_or_file_is_not_taken(
    seat: Client, cooperation: Cooperation, kind: str
) -> None:
    for number in cooperation.foreign[kind]:
        html = send(seat, cooperation.item, **medium(**{kind: number}))
        assert "không thuộc phạm vi" in html
        assert not draft(cooperation.item).media.exists()
    own = {"image": cooperation.image, "document": cooperation.document}[kind]
    send(seat, cooperation.item, **medium(**{kind: own.pk}))
    assert draft(cooperation.item).media.count() == 1


def test_what_the_department_hung_there_stays_when_they_save(
    seat: Client, cooperation: Cooperation
) -> None:
    item = draft(cooperation.item)
    item.media.add(
        ItemMedium(image_id=cooperation.foreign["image"][0], alt_text="Của Sở", sort_order=0)
    )
    item.save_revision()
    send(seat, cooperation.item, caption="Chú thích mới")
    kept = draft(cooperation.item)
    assert kept.caption == "Chú thích mới"
    assert kept.media.count() == 1


def test_a_link_to_a_foreign_page_is_not_taken(seat: Client, cooperation: Cooperation) -> None:
    before = draft(cooperation.item).description
    for number in cooperation.foreign["page"]:
        link = {
            "blocks": [
                {
                    "key": "a",
                    "type": "unstyled",
                    "depth": 0,
                    "text": "xem",
                    "inlineStyleRanges": [],
                    "entityRanges": [{"offset": 0, "length": 3, "key": 0}],
                }
            ],
            "entityMap": {"0": {"type": "LINK", "mutability": "MUTABLE", "data": {"id": number}}},
        }
        html = send(seat, cooperation.item, description=json.dumps(link))
        assert "không thuộc phạm vi" in html
        assert draft(cooperation.item).description == before


def test_a_taken_reference_does_not_name_the_item_that_has_it(
    seat: Client, cooperation: Cooperation
) -> None:
    beside = ItemPage.objects.get(title=f"Tài liệu {MARK}")
    ItemPage.objects.filter(pk=beside.pk).update(reference="LS-77")
    html = send(seat, cooperation.item, reference="LS-77")
    assert "đã dùng ký hiệu này" in html
    assert SECRET not in html


def test_the_editor_does_not_name_the_hidden_exhibition_a_part_stands_in(
    seat: Client, cooperation: Cooperation
) -> None:
    # With two Parts of it in hand they would be told what is above both.
    take_back(cooperation.second, by=cooperation.head)
    hall = cooperation.part.get_parent()
    Page.objects.filter(pk=hall.pk).update(title=KEPT, draft_title=KEPT, live=False)
    for name in ("edit", "view_draft"):
        for page in (cooperation.part, cooperation.item):
            answer = seat.get(reverse(f"wagtailadmin_pages:{name}", args=[page.pk]))
            assert answer.status_code == 200
            assert KEPT not in text_of(answer), (name, page)


def test_a_preview_shows_what_is_public_around_it_as_the_public_reads_it(
    seat: Client, cooperation: Cooperation
) -> None:
    factories.open_by_hand(cooperation.part.get_parent().specific)
    beside = ItemPage.objects.get(title=f"Tài liệu {MARK}")
    for page in (beside, beside.get_parent().specific):
        type(page).objects.filter(pk=page.pk).update(title="Đã công bố")
        newest = type(page).objects.get(pk=page.pk)
        newest.title = f"Bản nháp {MARK}"
        newest.save_revision()
    for page in (cooperation.part, cooperation.item):
        html = text_of(seat.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk])))
        assert "Bản nháp" not in html
    assert "Đã công bố" in html, "the next item"


def test_the_address_of_a_part_they_do_not_see_is_not_printed(
    seat: Client, cooperation: Cooperation
) -> None:
    hidden = factories.PartPageFactory(
        parent=cooperation.part.get_parent(), title="Chương", slug="bi-mat-khac", live=False
    )
    hidden.move(cooperation.part, pos="left")
    for page in (cooperation.part, cooperation.item):
        html = text_of(seat.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk])))
        assert "bi-mat-khac" not in html


def test_a_history_does_not_name_where_a_page_came_from(
    seat: Client, cooperation: Cooperation
) -> None:
    beside = ItemPage.objects.get(title=f"Tài liệu {MARK}")
    beside.move(cooperation.part, pos="last-child")
    Page.objects.filter(pk=beside.pk).update(title="Đã chuyển", draft_title="Đã chuyển")
    copy = beside.copy(
        to=cooperation.part,
        update_attrs={"title": "Bản sao", "slug": "ban-sao"},
    )
    alias = (
        ItemPage.objects.filter(title=f"Hiện vật {MARK}")
        .get()
        .create_alias(parent=cooperation.part)
    )
    Page.objects.filter(pk=alias.pk).update(title="Hiện lại", draft_title="Hiện lại")
    for page in (beside, copy, alias):
        html = text_of(seat.get(reverse("wagtailadmin_pages:history", args=[page.pk])))
        assert SECRET not in html
    assert "nơi khác trong cổng" in text_of(
        seat.get(reverse("wagtailadmin_pages:history", args=[beside.pk]))
    )
    seat.force_login(cooperation.head)
    assert SECRET in text_of(seat.get(reverse("wagtailadmin_pages:history", args=[beside.pk])))


def test_the_interface_does_not_tell_what_an_alias_shows(
    seat: Client, cooperation: Cooperation
) -> None:
    source = ItemPage.objects.get(title=f"Hiện vật {MARK}")
    alias = source.create_alias(parent=cooperation.part)
    Page.objects.filter(pk=alias.pk).update(title="Hiện lại", draft_title="Hiện lại")
    detail = reverse("wagtailadmin_api:pages:detail", args=[alias.pk])
    listing = reverse("wagtailadmin_api:pages:listing")
    for address in (f"{detail}?fields=*", f"{listing}?fields=*&id={alias.pk}"):
        answer = seat.get(address)
        assert answer.status_code == 200
        assert source.get_url() not in text_of(answer)
        assert f"Hiện vật {MARK}" not in text_of(answer)


# Who leaves


def may_edit(account: User, part: PartPage) -> bool:
    fresh = User.objects.get(pk=account.pk)
    return bool(Page.objects.get(pk=part.pk).permissions_for_user(fresh).can_edit())


def test_who_leaves_an_organisation_or_the_role_leaves_its_parts(
    cooperation: Cooperation,
) -> None:
    editor, part = cooperation.editor, cooperation.part
    assert may_edit(editor, part)
    other = Organisation.objects.create(name="Trung tâm Lưu trữ lịch sử tỉnh Lai Châu")
    editor.organisation = other
    editor.save()
    assert not may_edit(editor, part)
    editor.organisation = cooperation.archive
    editor.save()
    assert may_edit(editor, part)
    editor.groups.remove(group_of(Role.COOPERATING_EDITOR))
    assert not may_edit(editor, part)
    group_of(Role.COOPERATING_EDITOR).user_set.add(editor)
    assert may_edit(editor, part)


def test_who_comes_to_an_organisation_that_works_already_joins_it(
    cooperation: Cooperation,
) -> None:
    newcomer = factories.UserFactory(username="canbomoi")
    newcomer.groups.add(group_of(Role.COOPERATING_EDITOR))
    assert not may_edit(newcomer, cooperation.part)
    newcomer.organisation = cooperation.archive
    newcomer.save()
    assert may_edit(newcomer, cooperation.part)
    take_back(cooperation.part, by=cooperation.head)
    assert not may_edit(newcomer, cooperation.part)
    assert hand_over(cooperation.part, by=cooperation.head) == []
    assert may_edit(newcomer, cooperation.part)
