"""Editors of a cooperating organisation, further: what answers, previews and accounts give away.

The forms themselves are looked at in test_confinement_by_forms.py.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import querydict_from_html

from core.models import CustomImage, Organisation, RoleChange, User
from exhibitions.cooperation import hand_over, take_back
from exhibitions.models import ExhibitionPage, ItemMedium, ItemPage, PartPage
from home.roles import Role, group_of
from tests import factories
from tests.home.test_confinement_by_forms import form, may_edit, medium, send
from tests.home.test_cooperating_editors import (
    MARK,
    SECRET,
    Cooperation,
    cooperation,
    person,
    seat,
    text_of,
)

pytestmark = pytest.mark.django_db

__all__ = ["cooperation", "seat"]

HIDDEN = "Lờicònkín"
"""What nobody but the department reads; the public reads MARK in menus."""


def preview(seat: Client, page: Page) -> str:
    """The preview of ``page`` as it was last saved."""
    answer = seat.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))
    assert answer.status_code == 200
    return text_of(answer)


Block = tuple[str, dict[str, Any] | str]
"""The kind of a block, and its value or the values of its fields."""


def linked(number: int) -> str:
    """A word with a link to the page ``number``, as the editor of rich text sends it."""
    link = {"type": "LINK", "mutability": "MUTABLE", "data": {"id": number}}
    word = {"key": "a", "type": "unstyled", "depth": 0, "text": "xem thêm", "inlineStyleRanges": []}
    ranges = {"entityRanges": [{"offset": 0, "length": 3, "key": 0}]}
    return json.dumps({"blocks": [{**word, **ranges}], "entityMap": {"0": link}})


def narrative(*blocks: Block) -> dict[str, str]:
    """The fields of a Part's narrative in the editor's form, with ``blocks``."""
    fields = {"narrative-count": str(len(blocks))}
    for number, (kind, value) in enumerate(blocks):
        place = f"narrative-{number}"
        fields |= {
            f"{place}-type": kind,
            f"{place}-deleted": "",
            f"{place}-order": str(number),
            f"{place}-id": "",
        }
        if isinstance(value, str):
            fields[f"{place}-value"] = value
        else:
            fields |= {f"{place}-value-{name}": str(each) for name, each in value.items()}
    return fields


def newest(part: PartPage) -> PartPage:
    draft: PartPage = PartPage.objects.get(pk=part.pk).get_latest_revision_as_object()
    return draft


# What is written


def test_a_narrative_takes_no_foreign_item_and_no_foreign_picture(
    seat: Client, cooperation: Cooperation
) -> None:
    item, image = cooperation.foreign["page"][4], cooperation.foreign["image"][0]
    words = {"alt_text": "", "caption": "Chú thích", "credit": ""}
    blocks: list[Block] = [
        ("item", {"item": item}),
        ("figure", {"image": image, **words}),
        ("paragraph", linked(cooperation.foreign["page"][3])),
    ]
    for block in blocks:
        html = send(seat, cooperation.part, **narrative(block))
        assert "không thuộc phạm vi" in html
        assert SECRET not in html
        assert len(newest(cooperation.part).narrative) == 0
    send(seat, cooperation.part, **narrative(("item", {"item": cooperation.item.pk})))
    assert len(newest(cooperation.part).narrative) == 1


def test_a_link_to_their_own_page_is_taken(seat: Client, cooperation: Cooperation) -> None:
    send(seat, cooperation.item, description=linked(cooperation.part.pk))
    stored = ItemPage.objects.get(pk=cooperation.item.pk).get_latest_revision_as_object()
    assert f'id="{cooperation.part.pk}"' in stored.description


def test_the_words_of_a_refused_link_stay_and_its_address_is_not_told(
    seat: Client, cooperation: Cooperation
) -> None:
    for number in cooperation.foreign["page"]:
        html = send(seat, cooperation.item, description=linked(number))
        assert "xem thêm" in html
        page = Page.objects.get(pk=number)
        assert page.slug in cooperation.item.url_path or page.slug not in html, page


@pytest.mark.parametrize("kind", ["image", "document"])
@pytest.mark.parametrize("faulty", [False, True])
@pytest.mark.parametrize("written", ["{}", " {} ", "0{}", "+{}"])
def test_a_refused_form_does_not_tell_what_it_refused(
    seat: Client, cooperation: Cooperation, kind: str, faulty: bool, written: str
) -> None:
    number = cooperation.foreign[kind][0]
    row = medium(**{kind: written.format(number), "frame": "x" if faulty else "1"})
    html = send(seat, cooperation.item, **row)
    assert "không thuộc phạm vi" in html
    assert SECRET not in html


def test_a_new_item_takes_no_foreign_picture_either(seat: Client, cooperation: Cooperation) -> None:
    add = reverse("wagtailadmin_pages:add", args=["exhibitions", "itempage", cooperation.part.pk])
    html = seat.get(add).content.decode()
    fields = dict(querydict_from_html(html, form_id="page-edit-form").items())
    fields |= {"title": "Mới", "slug": "moi", **medium(image=cooperation.foreign["image"][0])}
    answer = seat.post(add, fields, follow=True)
    assert "không thuộc phạm vi" in text_of(answer)
    assert SECRET not in text_of(answer)
    assert not ItemPage.objects.filter(slug="moi").exists()


def test_the_preview_of_what_is_typed_shows_no_foreign_picture(
    seat: Client, cooperation: Cooperation
) -> None:
    image = CustomImage.objects.get(pk=cooperation.foreign["image"][1])
    key = factories.render(image).key
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[cooperation.item.pk])
    typed = {**form(seat, cooperation.item), **medium(image=image.pk)}
    assert seat.post(address, typed).json()["is_valid"] is False
    assert key not in text_of(seat.get(address))


def test_a_taken_reference_names_the_other_item_to_who_sees_it(
    seat: Client, cooperation: Cooperation
) -> None:
    beside = ItemPage.objects.get(title=f"Tài liệu {MARK}")
    ItemPage.objects.filter(pk=beside.pk).update(reference="LS-77")
    own = factories.cleared_item(cooperation.part, title="Của mình", reference="LS-78")
    assert own.title in send(seat, cooperation.item, reference="LS-78")
    seat.force_login(cooperation.head)
    assert SECRET in send(seat, cooperation.item, reference="LS-77")


# What previews show


def closed_hall(cooperation: Cooperation, **fields: Any) -> ExhibitionPage:
    """Their Part alone, in an exhibition that is not published, whose every word is HIDDEN."""
    take_back(cooperation.second, by=cooperation.head)
    hall = ExhibitionPage.objects.get(pk=cooperation.part.get_parent().pk)
    words = ("title", "draft_title", "short_title", "summary", "seo_title", "search_description")
    for name in words:
        setattr(hall, name, HIDDEN)
    hall.live = False
    hall.save()
    hall.save_revision()
    return hall


def test_a_preview_says_nothing_of_an_exhibition_they_do_not_see(
    seat: Client, cooperation: Cooperation
) -> None:
    hall = closed_hall(cooperation)
    for page in (cooperation.part, cooperation.item):
        html = preview(seat, page)
        assert HIDDEN not in html
        assert cooperation.part.title in html
    client = Client()
    client.force_login(cooperation.head)
    assert hall.title in preview(client, cooperation.part)


def test_a_preview_does_not_name_a_list_of_exhibitions_that_is_not_published(
    seat: Client, cooperation: Cooperation
) -> None:
    index = cooperation.part.get_parent().get_parent()
    Page.objects.filter(pk=index.pk).update(title=HIDDEN, draft_title=HIDDEN, live=False)
    for page in (cooperation.part, cooperation.item):
        assert HIDDEN not in preview(seat, page)


def test_the_editor_names_their_own_closed_part_and_not_the_exhibition(
    seat: Client, cooperation: Cooperation
) -> None:
    closed_hall(cooperation)
    Page.objects.filter(pk=cooperation.part.pk).update(live=False)
    address = reverse("wagtailadmin_pages:edit", args=[cooperation.item.pk])
    html = text_of(seat.get(address))
    assert f"“{cooperation.part.title}” chưa được đăng" in html
    assert html.count("Phần hoặc triển lãm chứa tài liệu này chưa được đăng") == 1
    assert HIDDEN not in html


def test_a_preview_does_not_say_who_contributes_a_part_that_is_not_public(
    seat: Client, cooperation: Cooperation
) -> None:
    other = factories.OrganisationFactory(name=f"Cơ quan {HIDDEN}")
    hidden = factories.PartPageFactory(
        parent=cooperation.part.get_parent(),
        title=HIDDEN,
        live=False,
        introduction=f"<p>{HIDDEN}</p>",
        contributor=other,
    )
    section = factories.PartPageFactory(parent=hidden, title=HIDDEN, live=False)
    factories.cleared_item(section, title=HIDDEN, live=False)
    hidden.move(cooperation.part, pos="left")
    for page in (cooperation.part, cooperation.item):
        assert HIDDEN not in preview(seat, page)


def test_pictures_beside_their_item_are_those_the_public_sees(
    seat: Client, cooperation: Cooperation
) -> None:
    beside = ItemPage.objects.get(title=f"Tài liệu {MARK}")
    beside.title = "Đã công bố"
    shown, drafted = factories.CustomImageFactory(), factories.CustomImageFactory()
    beside.media.add(ItemMedium(image=shown, alt_text="Ảnh đã đăng", sort_order=0))
    beside.save()
    draft = ItemPage.objects.get(pk=beside.pk)
    draft.media.set([ItemMedium(image=drafted, alt_text=f"Ảnh nháp {HIDDEN}", sort_order=0)])
    draft.save_revision()
    keys = {image.pk: factories.render(image).key for image in (shown, drafted)}
    html = preview(seat, cooperation.item)
    assert "Đã công bố" in html
    assert HIDDEN not in html
    assert keys[drafted.pk] not in html


def test_no_address_leads_to_a_part_that_is_veiled(seat: Client, cooperation: Cooperation) -> None:
    hall = cooperation.part.get_parent()
    above = factories.PartPageFactory(parent=hall, title="Mở", slug="phan-mo")
    hidden = factories.PartPageFactory(parent=above, title="X", slug="muc-kin", live=False)
    factories.PartPageFactory(parent=hidden, title="Y", slug="muc-con-kin", live=False)
    factories.cleared_item(hidden, title="Z", slug="hien-vat-kin", live=False)
    for page in (cooperation.part, cooperation.item):
        html = preview(seat, page)
        assert "phan-mo" in html or page == cooperation.item
        for slug in ("muc-kin", "muc-con-kin", "hien-vat-kin"):
            assert slug not in html


# The interface


QUERIES = (
    "fields=*",
    "fields=parent(*)",
    "fields=parent(parent(*))",
    "fields=parent(parent(parent(title)))",
    "fields=ancestors(parent(title),alias_of(title))",
    "fields=alias_of(*)",
    "fields=alias_of(parent(title))",
    "fields=parent(alias_of(title)),translations(*)",
    "fields=_,parent(_,parent(_,title))",
)


@pytest.mark.parametrize("query", QUERIES)
def test_the_interface_nests_nothing_foreign(
    seat: Client, cooperation: Cooperation, query: str
) -> None:
    hall = closed_hall(cooperation)
    source = ItemPage.objects.get(title=f"Hiện vật {MARK}")
    alias = source.create_alias(parent=cooperation.part)
    Page.objects.filter(pk=alias.pk).update(
        title="Hiện lại",
        draft_title="Hiện lại",
        slug="hien-lai",
        url_path=f"{cooperation.part.url_path}hien-lai/",
    )
    for number in (cooperation.item.pk, cooperation.part.pk, alias.pk):
        detail = reverse("wagtailadmin_api:pages:detail", args=[number])
        listing = reverse("wagtailadmin_api:pages:listing")
        for address in (f"{detail}?{query}", f"{listing}?{query}&id={number}"):
            text = text_of(seat.get(address))
            assert SECRET not in text and HIDDEN not in text
            assert f"/{source.slug}/" not in text
            assert f'"id": {hall.pk},' not in text


# Accounts


def account_form(client: Client, account: User) -> dict[str, Any]:
    """The screen of ``account``, as it would be sent back unchanged."""
    address = reverse("wagtailusers_users:edit", args=[account.pk])
    html = client.get(address).content.decode()
    place = html[: html.index(f'action="{address}"')].count("<form") - 1
    fields = querydict_from_html(html, form_index=place)
    given = {name: fields.getlist(name) for name in fields}
    return {**given, "email": f"{account.pk}@mau.vn", "is_active": "on"}


def test_an_account_given_another_organisation_on_its_screen_leaves_its_parts(
    client: Client, cooperation: Cooperation
) -> None:
    other = factories.OrganisationFactory(name="Trung tâm Lưu trữ lịch sử tỉnh Lai Châu")
    client.force_login(person("quantrivien", Role.ADMINISTRATOR))
    address = reverse("wagtailusers_users:edit", args=[cooperation.editor.pk])
    fields = account_form(client, cooperation.editor)
    group = cooperation.archive.editors.group
    assert str(group.pk) in fields["groups"]
    answer = client.post(address, {**fields, "organisation": str(other.pk)})
    assert answer.status_code == 302, answer.context["form"].errors
    assert User.objects.get(pk=cooperation.editor.pk).organisation == other
    assert not may_edit(cooperation.editor, cooperation.part)
    [row, _joined] = RoleChange.objects.filter(group=group, person=cooperation.editor)
    assert row.removed == group.name
    assert row.by is not None and row.by.username == "quantrivien"


def test_an_account_that_loses_the_role_on_its_screen_leaves_its_parts(
    client: Client, cooperation: Cooperation
) -> None:
    client.force_login(person("quantrivien", Role.ADMINISTRATOR))
    address = reverse("wagtailusers_users:edit", args=[cooperation.editor.pk])
    fields = account_form(client, cooperation.editor)
    role = str(group_of(Role.COOPERATING_EDITOR).pk)
    fields["groups"] = [each for each in fields["groups"] if each != role]
    assert client.post(address, fields).status_code == 302
    assert not may_edit(cooperation.editor, cooperation.part)
    left = User.objects.get(pk=cooperation.editor.pk)
    assert not left.has_perm("wagtailadmin.access_admin")


def test_an_account_saved_on_its_screen_without_change_keeps_its_parts(
    client: Client, cooperation: Cooperation
) -> None:
    client.force_login(person("quantrivien", Role.ADMINISTRATOR))
    before = RoleChange.objects.count()
    address = reverse("wagtailusers_users:edit", args=[cooperation.editor.pk])
    assert client.post(address, account_form(client, cooperation.editor)).status_code == 302
    assert may_edit(cooperation.editor, cooperation.part)
    assert RoleChange.objects.count() == before


def test_all_leave_their_parts_when_the_role_is_emptied(cooperation: Cooperation) -> None:
    group_of(Role.COOPERATING_EDITOR).user_set.clear()
    assert not may_edit(cooperation.editor, cooperation.part)


def test_all_leave_their_parts_when_the_role_is_deleted(cooperation: Cooperation) -> None:
    group_of(Role.COOPERATING_EDITOR).delete()
    assert not may_edit(cooperation.editor, cooperation.part)


def test_who_was_moved_from_group_to_group_by_hand_keeps_the_own_alone(
    cooperation: Cooperation,
) -> None:
    other = factories.OrganisationFactory(name="Trung tâm Lưu trữ lịch sử tỉnh Lai Châu")
    part = factories.PartPageFactory(
        parent=cooperation.part.get_parent(), title="Lai Châu", contributor=other
    )
    assert hand_over(part, by=cooperation.head) == []
    cooperation.editor.organisation = other
    cooperation.editor.save()
    assert may_edit(cooperation.editor, part)
    assert not may_edit(cooperation.editor, cooperation.part)


def test_a_part_whose_organisation_is_deleted_is_nobody_s(cooperation: Cooperation) -> None:
    group = Group.objects.get(pk=cooperation.archive.editors.group.pk)
    Organisation.objects.get(pk=cooperation.archive.pk).delete()
    assert not may_edit(cooperation.editor, cooperation.part)
    assert not group.user_set.exists()
