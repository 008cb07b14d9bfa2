"""Who gets into the admin, what it may load, and what it leaves out."""

from __future__ import annotations

import json
import re

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection, GroupCollectionPermission

from core.models import CustomDocument
from exhibitions.models import ClearanceState, ItemMedium
from home.models import HomePage
from tests import factories
from tests.exhibitions.test_admin_clearance import staff
from tests.images import pdf
from tests.portal import Hall

pytestmark = pytest.mark.django_db


def policy(answer: object) -> dict[str, str]:
    """The directives of an answer's content security policy."""
    header = answer["Content-Security-Policy"]  # type: ignore[index]
    pairs = (directive.strip().partition(" ") for directive in header.split(";"))
    return {name: value for name, _space, value in pairs}


@pytest.fixture
def document(hall: Hall) -> CustomDocument:
    """A document that hangs in a cleared item."""
    document = CustomDocument.objects.create(
        title="Bản số hóa", file=ContentFile(pdf(), name="ban-so-hoa.pdf")
    )
    ItemMedium.objects.create(item=hall.items[0], document=document)
    return document


def test_strangers_are_asked_to_sign_in(client: Client, home: HomePage) -> None:
    for name in ("wagtailadmin_home", "exhibitions_admin:index", "wagtailadmin_explore_root"):
        answer = client.get(reverse(name))
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("wagtailadmin_login"))
    assert client.get(reverse("wagtailadmin_login")).status_code == 200


def test_a_person_without_the_right_to_the_admin_stays_outside(
    client: Client, home: HomePage
) -> None:
    client.force_login(factories.UserFactory())
    assert client.get(reverse("wagtailadmin_home")).status_code == 302


@pytest.mark.parametrize("number", ["9" * 19, "9" * 5000, "x", "-1", "١", ""])
def test_a_bulk_action_on_what_can_be_no_page_finds_nothing(
    client: Client, home: HomePage, number: str
) -> None:
    client.force_login(factories.UserFactory(is_superuser=True))
    address = reverse("wagtail_bulk_action", args=("wagtailcore", "page", "publish"))
    assert client.get(address, {"id": [str(home.pk), number]}).status_code == 404
    assert client.get(address, {"id": [str(home.pk)]}).status_code == 200
    assert client.get(address, {"id": "all", "childOf": number}).status_code == 404
    chosen = reverse("wagtailadmin_choose_page_chosen_multiple")
    assert client.get(chosen, {"id": number}).status_code == 404


@pytest.mark.parametrize("number", ["9" * 30, "x", ""])
def test_a_page_is_not_copied_to_what_can_be_no_page(
    client: Client, home: HomePage, number: str
) -> None:
    client.force_login(factories.UserFactory(is_superuser=True))
    address = reverse("wagtailadmin_pages:copy", args=[home.pk])
    assert client.post(address, {"new_parent_page": number}).status_code == 404


@pytest.mark.parametrize(
    "name", ["opening", "approval", "display_list", "preview_links", "statistics", "clearance"]
)
def test_a_number_longer_than_any_finds_no_screen(
    client: Client, home: HomePage, name: str
) -> None:
    client.force_login(factories.UserFactory(is_superuser=True))
    address = reverse(f"exhibitions_admin:{name}", args=[int("9" * 30)])
    assert client.get(address).status_code == 404


def test_only_the_admin_may_run_inline_scripts(client: Client, hall: Hall) -> None:
    inside = policy(client.get(reverse("wagtailadmin_login")))
    assert "'unsafe-inline'" in inside["script-src"]
    assert inside["frame-ancestors"] == "'self'"
    for address in ("/", hall.items[0].get_url(), "/khong-co/"):
        outside = policy(client.get(address))
        assert outside["script-src"] == outside["style-src"] == "'self'"
        assert outside["frame-ancestors"] == "'self'"


def test_no_host_but_our_own_is_named_in_any_policy(client: Client, hall: Hall) -> None:
    allowed = {"'self'", "'none'", "'unsafe-inline'", "data:", "blob:"}
    for address in (reverse("wagtailadmin_login"), "/"):
        for sources in policy(client.get(address)).values():
            assert set(sources.split()) <= allowed


def test_a_preview_may_be_framed_by_the_admin_and_keeps_the_public_policy(
    client: Client, hall: Hall
) -> None:
    client.force_login(staff("bientap", hall.exhibition))
    answer = client.get(reverse("wagtailadmin_pages:view_draft", args=[hall.items[0].pk]))
    assert answer.status_code == 200
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert policy(answer)["frame-ancestors"] == "'self'"
    assert policy(answer)["script-src"] == "'self'"


def test_an_uncleared_item_can_be_previewed_by_staff_and_by_nobody_else(
    client: Client, hall: Hall
) -> None:
    item = factories.ItemPageFactory(parent=hall.parts[0])
    preview = reverse("wagtailadmin_pages:view_draft", args=[item.pk])
    assert client.get(preview).status_code == 302
    client.force_login(staff("bientap", hall.exhibition))
    assert client.get(preview).status_code == 200
    assert client.get(item.get_url()).status_code == 404


def test_a_document_is_answered_while_a_public_item_shows_it(
    client: Client, document: CustomDocument
) -> None:
    answer = client.get(document.url)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == pdf()


def test_a_hidden_item_s_document_is_not_found_with_and_without_a_session(
    client: Client, admin_client: Client, hall: Hall, document: CustomDocument
) -> None:
    factories.clear(hall.items[0], state=ClearanceState.WITHDRAWN)
    assert client.get(document.url).status_code == 404
    assert admin_client.get(document.url).status_code == 404


def test_staff_read_a_hidden_document_at_an_address_of_their_own(
    client: Client, hall: Hall, document: CustomDocument
) -> None:
    factories.clear(hall.items[0], state=ClearanceState.WITHDRAWN)
    address = reverse("staff_document", args=[document.pk])
    assert client.get(address).status_code == 302
    editor = staff("bientap", hall.exhibition)
    client.force_login(editor)
    assert client.get(address).status_code == 404, "no right to any document"
    GroupCollectionPermission.objects.create(
        group=editor.groups.get(),
        collection=document.collection,
        permission=Permission.objects.get(
            content_type__app_label="wagtaildocs", codename="choose_document"
        ),
    )
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == pdf()
    assert answer["Content-Security-Policy"] == "default-src 'none'"
    assert "private" in answer["Cache-Control"]
    assert client.get(reverse("staff_document", args=[999_999])).status_code == 404


def test_the_library_of_documents_links_to_the_staff_address(
    admin_client: Client, document: CustomDocument
) -> None:
    address = reverse("staff_document", args=[document.pk])
    for page in (
        reverse("wagtaildocs:index"),
        reverse("wagtaildocs:edit", args=[document.pk]),
        reverse("wagtaildocs_chooser:choose"),
    ):
        html = admin_client.get(page).content.decode()
        assert address in html
        assert document.url not in html


def test_the_admin_bears_our_name_and_names_no_foreign_host(
    admin_client: Client, home: HomePage
) -> None:
    html = admin_client.get(reverse("wagtailadmin_home")).content.decode()
    assert "/static/css/admin.css" in html
    assert "portal-logo" in html
    assert "guide.wagtail.org" not in html
    assert "docs.wagtail.org" not in html
    login = Client().get(reverse("wagtailadmin_login")).content.decode()
    assert "Wagtail</title>" not in login


def test_an_organisation_is_found_with_and_without_marks_and_sorted_as_in_a_dictionary(
    admin_client: Client, home: HomePage
) -> None:
    for name in ("Đài Phát thanh", "Trung tâm Lưu trữ", "Dân quân", "Ủy ban nhân dân"):
        factories.OrganisationFactory(name=name)
    address = reverse("wagtailsnippets_core_organisation:list")

    def names(query: dict[str, str]) -> list[str]:
        rows = admin_client.get(address, query).context["table"].rows
        return [row.instance.name for row in rows]

    assert names({"q": "Lưu trữ"}) == names({"q": "luu tru"}) == ["Trung tâm Lưu trữ"]
    assert names({"q": '"'}) == []
    in_order = ["Dân quân", "Đài Phát thanh", "Trung tâm Lưu trữ", "Ủy ban nhân dân"]
    assert names({}) == in_order
    assert names({"ordering": "-name"}) == in_order[::-1]


def test_an_organisation_is_chosen_with_and_without_marks(
    admin_client: Client, home: HomePage
) -> None:
    factories.OrganisationFactory(name="Ủy ban nhân dân xã Thất Khê")
    factories.OrganisationFactory(name="Sở Nội vụ")
    address = reverse("wagtailsnippetchoosers_core_organisation:choose_results")
    for query in ("that khe", "Thất Khê"):
        html = admin_client.get(address, {"q": query}).content.decode()
        assert "Thất Khê" in html
        assert "Sở Nội vụ" not in html


def test_every_list_of_records_answers(admin_client: Client, home: HomePage) -> None:
    factories.OccasionFactory()
    factories.NewsColumnFactory()
    for model in ("core_organisation", "core_occasion", "home_newscolumn"):
        assert admin_client.get(reverse(f"wagtailsnippets_{model}:list")).status_code == 200
        assert admin_client.get(reverse(f"wagtailsnippets_{model}:add")).status_code == 200


def test_an_administrator_can_give_a_group_the_two_rights_of_deciding(
    admin_client: Client, home: HomePage
) -> None:
    form = admin_client.get(reverse("wagtailusers_groups:add")).context["form"]
    codenames = set(form.fields["permissions"].queryset.values_list("codename", flat=True))
    assert {"decide_clearance", "open_exhibition"} <= codenames


def test_staff_of_one_collection_do_not_read_the_documents_of_another(
    client: Client, hall: Hall, document: CustomDocument
) -> None:
    theirs = Collection.get_first_root_node().add_child(name="Phòng khác")
    editor = staff("bientap", hall.exhibition)
    GroupCollectionPermission.objects.create(
        group=editor.groups.get(),
        collection=theirs,
        permission=Permission.objects.get(
            content_type__app_label="wagtaildocs", codename="change_document"
        ),
    )
    client.force_login(editor)
    address = reverse("staff_document", args=[document.pk])
    assert client.get(address).status_code == 404
    CustomDocument.objects.filter(pk=document.pk).update(collection=theirs)
    assert client.get(address).status_code == 200


def test_the_admin_s_scripts_speak_vietnamese(client: Client, home: HomePage) -> None:
    client.force_login(factories.UserFactory(is_superuser=True))
    script = client.get(reverse("wagtailadmin_javascript_catalog")).content.decode()
    catalogue = re.search(r"newcatalog = (\{.*?\});", script, re.DOTALL)
    assert catalogue is not None
    words = json.loads(catalogue[1])
    assert words["Collapse all"] == "Thu gọn tất cả"
    assert words["Insert a block"] == "Chèn khối nội dung"
    assert words["%(num)s min"] == ["%(num)s phút"]
