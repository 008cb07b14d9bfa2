"""What is missing of an item, shown in its editor as on the board of its exhibition."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page

from exhibitions.models import AccessLevel, ClearanceState, ItemPage, Secrecy
from exhibitions.readiness import readiness_of
from tests import factories
from tests.exhibitions.desk import Desk
from tests.exhibitions.test_admin_approval import browser, text_of

pytestmark = pytest.mark.django_db


def editor_of(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def panel_in(html: str) -> str:
    """What the panel of checks says of the item, up to Wagtail's own checks."""
    begin = html.index('<div class="readiness-panel">')
    return html[begin : html.index("data-content-word-count", begin)]


def panel(client: Client, page: Page) -> str:
    return panel_in(text_of(client.get(editor_of(page))))


def draft_of(item: ItemPage, **fields: object) -> ItemPage:
    draft: ItemPage = ItemPage.objects.get(pk=item.pk).get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.save_revision()
    return ItemPage.objects.get(pk=item.pk)


def test_the_editor_reads_what_is_missing_with_the_way_to_each_field(desk: Desk) -> None:
    item = draft_of(desk.items[0], reference="", original_secrecy=Secrecy.SECRET, date="")
    shown = panel(browser(desk.editor), item)
    for anchor in ("id_reference", "id_declassification", "id_date", "id_media-FORMS"):
        assert f'href="#{anchor}"' in shown
    assert "Nhập quyết định giải mật." in shown


def test_every_way_leads_to_something_in_the_form(desk: Desk) -> None:
    item = draft_of(
        desk.items[0],
        reference="",
        source_organisation=None,
        source_person="",
        original_secrecy=Secrecy.SECRET,
        access_level=AccessLevel.CONDITIONAL,
        go_live_at=factories.LONG_AGO,
    )
    html = text_of(browser(desk.editor).get(editor_of(item)))
    anchors = re.findall(r'(?:href="#|data-a11y-dialog-show=")([^"]+)"', panel_in(html))
    assert len(anchors) >= 6
    form = html[html.index('id="page-edit-form"') :]
    for anchor in anchors:
        assert f'id="{anchor}"' in form


def test_the_newest_saved_version_is_judged_as_on_the_board(desk: Desk) -> None:
    item = draft_of(desk.items[0], reference="")
    assert ItemPage.objects.get(pk=item.pk).reference  # the stored page still has one
    editor = browser(desk.editor)
    [line] = [each for each in readiness_of(desk.fresh()).items if each.number == item.pk]
    shown = panel(editor, item)
    assert line.checks
    for check in line.checks:
        assert check.text in shown
    draft_of(item, reference="LS-900")
    assert "#id_reference" not in panel(editor, item)


def test_an_item_that_is_not_cleared_is_led_to_its_clearance(desk: Desk) -> None:
    factories.clear(desk.items[0], state=ClearanceState.WITHDRAWN)
    shown = panel(browser(desk.editor), desk.items[0])
    assert reverse("exhibitions_admin:clearance", args=[desk.items[0].pk]) in shown


def test_the_button_of_the_panel_says_how_much_stands_in_the_way(desk: Desk) -> None:
    editor = browser(desk.editor)
    ready = text_of(editor.get(editor_of(desk.items[1])))
    assert "readiness-mark" not in ready
    item = draft_of(desk.items[0], reference="", original_secrecy=Secrecy.SECRET)
    html = text_of(editor.get(editor_of(item)))
    assert '<span class="readiness-mark" aria-hidden="true">2</span>' in html


def test_wagtail_s_own_checks_are_still_there(desk: Desk) -> None:
    for page in (desk.items[0], desk.exhibition):
        html = text_of(browser(desk.editor).get(editor_of(page)))
        assert html.count('data-side-panel="checks"') == 1
        assert "data-checks-panel" in html
        assert "checker-axe-configuration" in html


def test_the_panel_brings_its_script_as_a_file(desk: Desk) -> None:
    html = text_of(browser(desk.editor).get(editor_of(desk.items[0])))
    assert "js/admin-checks.js" in html
    assert "<script" not in panel_in(html)


def test_a_refused_form_keeps_the_panel(desk: Desk) -> None:
    answer = browser(desk.editor).post(editor_of(desk.items[0]), {"title": ""})
    assert answer.status_code == 200
    assert "readiness-panel" in text_of(answer)


def test_the_exhibition_sums_up_its_items_and_leads_to_the_board(desk: Desk) -> None:
    draft_of(desk.items[0], reference="")
    shown = panel(browser(desk.editor), desk.exhibition)
    board = reverse("exhibitions_admin:approval", args=[desk.exhibition.pk])
    assert f"{board}#board" in shown
    assert 'id="board"' in text_of(browser(desk.editor).get(board))
    assert re.search(r"\b4\b.*\b1\b", shown, re.S)


def test_the_exhibition_s_editor_costs_the_same_for_four_items_and_for_twelve(
    desk: Desk,
) -> None:
    editor = browser(desk.editor)

    def queries() -> int:
        editor.get(editor_of(desk.exhibition))
        with CaptureQueriesContext(connection) as captured:
            editor.get(editor_of(desk.exhibition))
        return len(captured)

    few = queries()
    for number in range(8):
        factories.ItemPageFactory(
            parent=desk.parts[0], live=False, reference=f"LS-7{number}"
        ).save_revision()
    assert queries() == few
