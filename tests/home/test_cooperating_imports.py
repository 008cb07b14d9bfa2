"""Editors of a cooperating organisation import into their own Part, and are told of no other."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from exhibitions.cooperation import take_back
from exhibitions.importing import jobs
from exhibitions.importing.plan import Verdict
from exhibitions.models import ExhibitionPage, Import, ImportState, ItemPage, PartPage
from tests import factories
from tests.exhibitions.lists import address, begin, carry_out, check_and_import, workbook
from tests.exhibitions.test_admin_approval import browser, text_of
from tests.home import test_cooperating_editors
from tests.home.test_cooperating_editors import MARK, SECRET, Cooperation

cooperation = test_cooperating_editors.cooperation

HEADINGS = ("Mã số", "Phần", "Ký hiệu trưng bày", "Tên tài liệu", "Chú thích")


@pytest.fixture
def exhibition(cooperation: Cooperation) -> ExhibitionPage:
    """The exhibition, with an item of another Part that is told by its reference."""
    page = ExhibitionPage.objects.get(pk=cooperation.part.get_parent().pk)
    sibling = PartPage.objects.child_of(page).get(title=f"Phần {MARK}")
    for reference in ("X-7", ""):
        item = factories.ItemPageFactory(
            parent=sibling, title=f"Thư {MARK}", caption=f"Lời {MARK}", reference=reference
        )
        item.save_revision()
    return page


@pytest.fixture
def seat(cooperation: Cooperation) -> Client:
    """The cooperating editor's browser."""
    return browser(cooperation.editor)


def rows(cooperation: Cooperation) -> list[list[object]]:
    """Rows for one's own Part, for another, and for items of another in every way there is."""
    foreign = ItemPage.objects.get(reference="X-7")
    return [
        ["", "Sơn La", "SL-1", "Báo cáo", "của mình"],
        ["", f"Phần {MARK}", "SL-2", "Chen vào", ""],
        ["", "Phần III", "SL-3", "Chen vào", ""],
        ["", "Phần mới", "SL-4", "Chen vào", ""],
        ["", "Sơn La", "X-7", "Đoán", "đoán"],
        ["", "Sơn La", "X-7", "", ""],
        [foreign.pk, "Sơn La", "", "", "đoán"],
    ]


def begin_by_page(
    exhibition: ExhibitionPage, cooperation: Cooperation, told: list[list[object]]
) -> Import:
    """An import of rows that name pages by their numbers, as our own workbook does."""
    job = begin(exhibition, cooperation.editor, workbook(told, HEADINGS))
    job.columns = {**job.columns, "0": "page"}
    job.save()
    return job


def test_rows_for_other_parts_and_foreign_items_are_blocked_and_tell_nothing(
    cooperation, exhibition, seat
):
    foreign = ItemPage.objects.get(reference="X-7")
    before = foreign.latest_revision_id
    for each in rows(cooperation):
        job = begin_by_page(exhibition, cooperation, [each])
        (row,) = jobs.check(job, cooperation.editor).plan.rows
        is_own = each[4] == "của mình"
        assert (row.verdict is Verdict.BLOCKED) == (not is_own), each
        shown = text_of(seat.get(address("check", job)))
        assert SECRET not in shown.replace(str(each[1]), ""), each
    job = begin_by_page(exhibition, cooperation, rows(cooperation))
    check_and_import(seat, job)
    assert job.state == ImportState.FINISHED, job.failure
    made = ItemPage.objects.get(reference="SL-1")
    assert made.get_parent().pk == cooperation.part.pk
    assert not ItemPage.objects.filter(reference__in=("SL-2", "SL-3", "SL-4")).exists()
    foreign.refresh_from_db()
    assert foreign.latest_revision_id == before
    report = text_of(seat.get(address("report", job)))
    assert SECRET not in report


def test_an_item_of_another_part_with_the_same_title_is_not_taken_for_ones_own(
    cooperation, exhibition, seat
):
    content = workbook([["Sơn La", f"Thư {MARK}"]], ("Phần", "Tên tài liệu"))
    job = check_and_import(seat, begin(exhibition, cooperation.editor, content))
    assert job.state == ImportState.FINISHED
    assert ItemPage.objects.descendant_of(cooperation.part).filter(title=f"Thư {MARK}").exists()


def test_others_imports_are_neither_listed_nor_found(cooperation, exhibition, seat):
    theirs = begin(
        exhibition, cooperation.head, workbook([["SL-9", "Thư"]], HEADINGS[2:4]), f"{MARK}.xlsx"
    )
    imports = reverse("exhibitions_admin:imports", args=[exhibition.pk])
    own = begin(exhibition, cooperation.editor, workbook([["SL-1", "Thư"]], HEADINGS[2:4]))
    listed = text_of(seat.get(imports))
    assert SECRET not in listed and own.list_name in listed
    nowhere = reverse("exhibitions_admin:import_report", args=[exhibition.pk, 10**9])
    for job in (theirs, carry_out(theirs, cooperation.head)):
        for step in ("columns", "files", "check", "report"):
            # As an address that leads to no import.
            assert seat.get(address(step, job)).url == seat.get(nowhere).url == imports
            for action in ("undo", "go-on", "stop", "import", "repair-all"):
                assert seat.post(address(step, job), {"action": action}).url == imports
        assert seat.get(address("progress", job)).status_code == 404
    assert SECRET not in text_of(seat.get(imports))
    theirs.refresh_from_db()
    assert theirs.state == ImportState.FINISHED


def test_the_workbook_of_the_whole_is_not_for_who_works_on_a_part(cooperation, exhibition, seat):
    url = reverse("exhibitions_admin:import_workbook", args=[exhibition.pk])
    assert seat.get(url).status_code in (302, 403)
    assert browser(cooperation.head).get(url).status_code == 200
    template = reverse("exhibitions_admin:import_template", args=[exhibition.pk])
    assert seat.get(template).status_code == 200


def test_files_without_a_list_come_into_ones_own_part_only(cooperation, exhibition, seat):
    imports = reverse("exhibitions_admin:imports", args=[exhibition.pk])
    foreign = PartPage.objects.get(title=f"Phần {MARK}")
    for number, status in ((foreign.pk, 400), (cooperation.part.pk, 302)):
        sent = {"action": "files", "part": number, "arrangement": "items"}
        assert seat.post(imports, sent).status_code == status


def test_who_works_on_one_part_alone_is_not_told_what_it_is_part_of(cooperation, exhibition, seat):
    take_back(cooperation.second, by=cooperation.head)
    ExhibitionPage.objects.filter(pk=exhibition.pk).update(title=MARK, draft_title=MARK)
    exhibition.refresh_from_db()
    job = begin(exhibition, cooperation.editor, workbook([["SL-1", "Thư"]], HEADINGS[2:4]))
    imports = reverse("exhibitions_admin:imports", args=[exhibition.pk])
    for url in (imports, *(address(step, job) for step in ("columns", "files", "check"))):
        answer = seat.get(url)
        assert answer.status_code == 200
        assert SECRET not in text_of(answer), url


@pytest.fixture
def grid(exhibition: ExhibitionPage) -> str:
    """The address of the grid."""
    return reverse("exhibitions_admin:grid", args=[exhibition.pk])


def test_the_grid_shows_and_counts_ones_own_part_only(cooperation, exhibition, seat, grid):
    answer = seat.get(grid)
    assert SECRET not in answer.content.decode()
    own = ItemPage.objects.descendant_of(cooperation.part).count()
    own += ItemPage.objects.descendant_of(cooperation.second).count()
    assert answer.context["count"] == own == 1
    whole = ItemPage.objects.descendant_of(exhibition).count()
    assert browser(cooperation.head).get(grid).context["count"] == whole > own


def test_the_grid_of_one_part_does_not_tell_what_it_is_part_of(cooperation, exhibition, seat, grid):
    take_back(cooperation.second, by=cooperation.head)
    ExhibitionPage.objects.filter(pk=exhibition.pk).update(title=MARK, draft_title=MARK)
    assert SECRET not in seat.get(grid).content.decode()


def test_the_grid_refuses_what_is_foreign_without_naming_it(cooperation, exhibition, seat, grid):
    foreign = ItemPage.objects.get(reference="X-7")
    before = (foreign.path, foreign.latest_revision_id)
    own = cooperation.part.pk
    for sent in (
        {"action": "after", "part": own, "after": 0},
        {"action": "part", "to_part": own},
        {"action": "again", "to_part": own},
        {"action": "set", "kind": "image"},
        {"action": "place", "place": 1},
    ):
        answer = seat.post(
            grid, {**sent, "item": foreign.pk}, headers={"accept": "application/json"}
        )
        assert answer.status_code == 409 and answer.json()["reasons"], sent
        assert SECRET not in " ".join(answer.json()["reasons"]), sent
        assert SECRET not in text_of(seat.post(grid, {**sent, "item": foreign.pk}, follow=True))
    foreign.refresh_from_db()
    assert (foreign.path, foreign.latest_revision_id) == before
    assert not ItemPage.objects.filter(alias_of=foreign).exists()


def test_files_are_dropped_on_ones_own_parts_only(cooperation, exhibition, seat, grid):
    page = BeautifulSoup(seat.get(grid).content, "html.parser")
    zones = {zone["data-drop-part"] for zone in page.select("[data-drop]")}
    assert zones == {str(cooperation.part.pk), str(cooperation.second.pk)}


def test_who_lost_the_right_meanwhile_adds_and_changes_nothing_more(
    cooperation, exhibition, monkeypatch
):
    from exhibitions.importing.running import run_import
    from tests.exhibitions.lists import begin_later

    begin_later(monkeypatch)
    own = ItemPage.objects.descendant_of(cooperation.part).get()
    content = workbook(
        [["Sơn La", "SL-1", "Thư"], ["Mường La", "SL-2", "Ảnh"]],
        ("Phần", "Ký hiệu trưng bày", "Tên tài liệu"),
    )
    job = begin(exhibition, cooperation.editor, content)
    digest = jobs.check(job, cooperation.editor).digest
    assert jobs.start(job, by=cooperation.editor, digest=digest) == []
    take_back(cooperation.part, by=cooperation.head)
    run_import.call(job.pk)
    assert not ItemPage.objects.filter(reference="SL-1").exists()
    assert ItemPage.objects.filter(reference="SL-2").exists()
    assert job.steps.get(title="Thư").note
    assert ItemPage.objects.get(pk=own.pk).latest_revision_id == own.latest_revision_id
