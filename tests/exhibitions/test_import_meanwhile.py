"""What happens while a list is imported, and after: nothing is lost, doubled, or left behind."""

from __future__ import annotations

import errno
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.models import GroupPagePermission

from core.models import CustomDocument, CustomImage, RenditionSet, User
from exhibitions.approval import take_back as take_submission_back
from exhibitions.arranging import move_into, order_of
from exhibitions.drafts import newest_content
from exhibitions.importing import jobs, library, running, undoing
from exhibitions.importing.folder import PLAN_NAME, file_path, folder_of, said_of_a_full_disk
from exhibitions.importing.plan import Verdict
from exhibitions.importing.running import run_import
from exhibitions.importing.snapshot import take_snapshot
from exhibitions.importing.undoing import undo_import
from exhibitions.importing.workbook import as_workbook
from exhibitions.models import (
    ExhibitionPage,
    Import,
    ImportAction,
    ImportState,
    ItemMedium,
    ItemPage,
    PartPage,
)
from tests import factories
from tests.exhibitions.desk import Desk
from tests.exhibitions.lists import (
    address,
    begin,
    begin_later,
    carry_out,
    check_and_import,
    send_named,
    take_back,
    workbook,
)
from tests.exhibitions.test_admin_approval import browser, text_of
from tests.exhibitions.test_admin_clearance import staff
from tests.images import jpeg, mp3
from tests.portal import Hall

SHORT = ("Ký hiệu trưng bày", "Phần", "Tên tài liệu", "Nguồn", "Thời gian")
ROWS = [
    [f"LS-{number}", "Phần mới", f"Thư {number}", "NSNA Nguyễn Văn Mẫu", "1951"]
    for number in range(10, 14)
]
SCANS = {f"LS-{number}.jpg": jpeg(40 + number, 30) for number in range(10, 14)}


@pytest.fixture
def desk_browser(editor: User) -> Client:
    """The editor's browser."""
    return browser(editor)


def files_below(*roots: Path) -> dict[str, bytes]:
    """Every file below ``roots`` with its content."""
    every = (path for root in roots for path in Path(root).rglob("*") if path.is_file())
    return {str(path): path.read_bytes() for path in every}


def originals() -> set[str]:
    """What lies in the library."""
    return set(files_below(Path(portal.MEDIA_ROOT)))


def cells(exhibition: ExhibitionPage) -> list[list[Any]]:
    """What the workbook of the exhibition says."""
    fresh = ExhibitionPage.objects.get(pk=exhibition.pk)
    book = load_workbook(io.BytesIO(as_workbook(take_snapshot(fresh))))
    return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]


def references() -> list[str]:
    return list(ItemPage.objects.order_by("path").values_list("reference", flat=True))


def after_rows(monkeypatch: pytest.MonkeyPatch, number: int, act: Callable[[], Any]) -> None:
    """Let ``act`` happen once, when that many rows have been carried out."""
    do, done = running._do, []

    def counted(*args: Any) -> None:
        do(*args)
        done.append(args)
        if len(done) == number:
            act()

    monkeypatch.setattr(running, "_do", counted)


def started(
    monkeypatch: pytest.MonkeyPatch, exhibition: ExhibitionPage, editor: User, content: bytes
) -> Import:
    """An import that waits for its task."""
    begin_later(monkeypatch)
    job = begin(exhibition, editor, content)
    assert jobs.start(job, by=editor, digest=jobs.check(job, editor).digest) == []
    job.refresh_from_db()
    return job


def whole_and_single(job: Import) -> None:
    """Every row is there once, with its picture."""
    assert job.state == ImportState.FINISHED, job.failure
    assert references() == [row[0] for row in ROWS]
    assert PartPage.objects.count() == 1
    shown = ItemMedium.objects.order_by("item__path").values_list("image__title", flat=True)
    assert list(shown) == list(SCANS)
    assert CustomImage.objects.count() == len(SCANS)
    keys = list(job.steps.values_list("key", flat=True))
    assert len(keys) == len(set(keys))
    assert job.done == job.total == len(ROWS)


# The disk


@pytest.mark.parametrize("at", [1, 3])
def test_a_disk_that_is_full_stops_the_import_which_goes_on_without_doubles(
    exhibition, editor, desk_browser, monkeypatch, at
):
    job = begin(exhibition, editor, workbook(ROWS, SHORT))
    send_named(job, SCANS)
    put, asked = library.put_into_library, []

    def full_at_once(*args: Any) -> None:
        asked.append(args)
        if len(asked) == at:
            put(*args)
            raise OSError(errno.ENOSPC, "No space left on device")
        put(*args)

    monkeypatch.setattr(library, "put_into_library", full_at_once)
    before = originals()
    check_and_import(desk_browser, job)
    assert job.state == ImportState.STOPPED
    assert job.failure in text_of(desk_browser.get(address("report", job)))
    assert references() == [row[0] for row in ROWS[: at - 1]]
    assert ItemMedium.objects.count() == CustomImage.objects.count() == at - 1
    assert len(originals() - before) == at - 1
    desk_browser.post(address("report", job), {"action": "go-on"})
    job.refresh_from_db()
    whole_and_single(job)
    assert len(originals() - before) == len(SCANS)


def test_a_plan_for_which_there_is_no_room_begins_nothing(
    exhibition, editor, desk_browser, monkeypatch
):
    job = begin(exhibition, editor, workbook(ROWS, SHORT))

    def full(*_args: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(jobs, "keep_plan", full)
        check_and_import(desk_browser, job)
    assert job.state == ImportState.PREPARING and not references()
    assert said_of_a_full_disk() in text_of(desk_browser.get(address("check", job)))
    assert check_and_import(desk_browser, job).state == ImportState.FINISHED


@pytest.mark.parametrize("left", [None, b"", b"{", b"[]", b'{"rows": 5}', b"\xff\xfe"])
def test_a_plan_that_cannot_be_read_any_more_is_told_and_holds_nothing_up(
    exhibition, editor, desk_browser, monkeypatch, left
):
    job = started(monkeypatch, exhibition, editor, workbook(ROWS, SHORT))
    plan = folder_of(job) / PLAN_NAME
    plan.unlink() if left is None else plan.write_bytes(left)
    run_import.call(job.pk)
    job.refresh_from_db()
    assert job.state == ImportState.STOPPED and job.failure
    assert job.failure in text_of(desk_browser.get(address("report", job)))
    assert jobs.go_on(job, by=editor) == []
    run_import.call(job.pk)
    job.refresh_from_db()
    assert job.state == ImportState.STOPPED and not references()
    monkeypatch.undo()
    assert carry_out(begin(exhibition, editor, workbook(ROWS, SHORT)), editor).done == len(ROWS)


def test_a_row_whose_file_has_gone_is_left_out_whole_and_the_others_come(
    exhibition, editor, desk_browser
):
    job = begin(exhibition, editor, workbook(ROWS, SHORT))
    files = send_named(job, SCANS)
    file_path(files[1]).unlink()
    check_and_import(desk_browser, job)
    assert job.state == ImportState.FINISHED
    assert references() == ["LS-10", "LS-12", "LS-13"]
    step = job.steps.get(action=ImportAction.SKIPPED)
    assert step.note in text_of(desk_browser.get(address("report", job)))


def test_what_nobody_foresaw_at_a_row_leaves_out_that_row_alone(exhibition, editor, monkeypatch):
    make = running._Row._make

    def breaks(row: Any) -> Any:
        if row._planned.title == "Thư 11":
            raise AttributeError("unforeseen")
        return make(row)

    monkeypatch.setattr(running._Row, "_make", breaks)
    job = carry_out(begin(exhibition, editor, workbook(ROWS, SHORT)), editor)
    assert job.state == ImportState.FINISHED
    assert references() == ["LS-10", "LS-12", "LS-13"]
    assert job.steps.get(action=ImportAction.SKIPPED).note


def test_what_nobody_foresaw_beside_the_rows_stops_the_import_and_is_told(
    exhibition, editor, monkeypatch
):
    content = workbook(list(reversed(ROWS)), SHORT)
    carry_out(begin(exhibition, editor, workbook(ROWS, SHORT)), editor)
    job = begin(exhibition, editor, content)

    def breaks(*_args: Any, **_kwargs: Any) -> bool:
        raise AttributeError("unforeseen")

    with monkeypatch.context() as broken:
        broken.setattr(running, "put_in_order", breaks)
        carry_out(job, editor)
    assert job.state == ImportState.STOPPED and job.failure
    assert jobs.go_on(job, by=editor) == []
    job.refresh_from_db()
    assert job.state == ImportState.FINISHED
    assert references() == [row[0] for row in reversed(ROWS)]


# Two at once


def test_one_import_started_in_two_windows_runs_once(exhibition, editor, desk_browser, monkeypatch):
    begin_later(monkeypatch)
    job = begin(exhibition, editor, workbook(ROWS, SHORT))
    send_named(job, SCANS)
    other = Import.objects.get(pk=job.pk)
    digest = jobs.check(job, editor).digest
    assert jobs.start(job, by=editor, digest=digest) == []
    assert [each.code for each in jobs.start(other, by=editor, digest=digest)] == ["begun"]
    pressed = {"action": "import", "digest": digest}
    assert desk_browser.post(address("check", job), pressed)["Location"] == address("report", job)
    for _worker in range(2):
        run_import.call(job.pk)
    job.refresh_from_db()
    whole_and_single(job)


def test_two_workers_that_do_one_import_at_once_double_nothing(exhibition, editor, monkeypatch):
    job = begin(exhibition, editor, workbook(ROWS, SHORT))
    send_named(job, SCANS)
    after_rows(monkeypatch, 2, lambda: run_import.call(job.pk))
    carry_out(job, editor)
    whole_and_single(job)


def test_of_two_lists_started_into_one_exhibition_the_second_is_refused_with_the_reason(
    exhibition, editor, desk_browser, monkeypatch
):
    first = started(monkeypatch, exhibition, editor, workbook(ROWS[:2], SHORT))
    second = begin(exhibition, editor, workbook(ROWS[2:], SHORT))
    (reason,) = jobs.start(second, by=editor, digest=jobs.check(second, editor).digest)
    assert reason.code == "another"
    check_and_import(desk_browser, second)
    assert second.state == ImportState.PREPARING
    assert reason.text in text_of(desk_browser.get(address("check", second)))
    run_import.call(first.pk)
    first.refresh_from_db()
    assert jobs.undo(first, by=editor) == []
    monkeypatch.undo()
    assert check_and_import(desk_browser, second).state == ImportState.FINISHED


def test_nothing_is_taken_back_or_gone_on_with_while_another_list_is_imported(
    exhibition, editor, monkeypatch
):
    done = carry_out(begin(exhibition, editor, workbook(ROWS[:2], SHORT)), editor)
    started(monkeypatch, exhibition, editor, workbook(ROWS[2:], SHORT))
    assert [each.code for each in jobs.undo(done, by=editor)] == ["another"]
    Import.objects.filter(pk=done.pk).update(state=ImportState.STOPPED)
    done.refresh_from_db()
    assert [each.code for each in jobs.go_on(done, by=editor)] == ["another"]
    assert references() == ["LS-10", "LS-11"]


# Approval meanwhile


def rows_of_the_desk() -> list[list[str]]:
    return [["Phần mới", *row[:1], *row[2:]] for row in ROWS]


DESK_HEADINGS = ("Phần", "Ký hiệu trưng bày", "Tên tài liệu", "Nguồn", "Thời gian")


def test_an_exhibition_submitted_while_a_list_is_imported_gets_nothing_more(
    desk: Desk, monkeypatch
):
    job = begin(desk.fresh(), desk.editor, workbook(rows_of_the_desk(), DESK_HEADINGS))
    after_rows(monkeypatch, 2, desk.submit)
    carry_out(job, desk.editor)
    assert job.state == ImportState.STOPPED and "duyệt" in job.failure
    there = [*(item.reference for item in desk.items), "LS-10", "LS-11"]
    assert sorted(references()) == sorted(there)
    client = browser(desk.editor)
    assert job.failure in text_of(client.get(address("report", job)))
    for _press in range(2):
        client.post(address("report", job), {"action": "go-on"})
        run_import.call(job.pk)
        job.refresh_from_db()
        assert job.state == ImportState.STOPPED and sorted(references()) == sorted(there)
    assert [each.code for each in jobs.undo(job, by=desk.editor)] == ["under_approval"]
    assert take_submission_back(desk.submission(), by=desk.editor) == []
    client.post(address("report", job), {"action": "go-on"})
    job.refresh_from_db()
    assert job.state == ImportState.FINISHED, job.failure
    assert sorted(references()) == sorted([*there, "LS-12", "LS-13"])


def test_an_exhibition_submitted_after_the_check_is_not_imported_into(desk: Desk):
    client = browser(desk.editor)
    job = begin(desk.fresh(), desk.editor, workbook(rows_of_the_desk(), DESK_HEADINGS))
    digest = client.get(address("check", job)).context["digest"]
    desk.submit()
    client.post(address("check", job), {"action": "import", "digest": digest})
    assert "đang được duyệt" in text_of(client.get(address("check", job)))
    job.refresh_from_db()
    assert job.state == ImportState.PREPARING and ItemPage.objects.count() == len(desk.items)


def test_taking_back_halts_when_the_exhibition_is_submitted_meanwhile(desk: Desk, monkeypatch):
    job = begin(desk.fresh(), desk.editor, workbook(rows_of_the_desk(), DESK_HEADINGS))
    carry_out(job, desk.editor)
    back, done = undoing._take_back, []

    def then_submit(*args: Any) -> None:
        back(*args)
        done.append(args)
        if len(done) == 2:
            desk.submit()

    monkeypatch.setattr(undoing, "_take_back", then_submit)
    assert jobs.undo(job, by=desk.editor) == []
    job.refresh_from_db()
    assert job.state == ImportState.STOPPED and "duyệt" in job.failure
    assert ItemPage.objects.count() == len(desk.items) + 2
    assert take_submission_back(desk.submission(), by=desk.editor) == []
    assert [each.code for each in jobs.go_on(job, by=desk.editor)] == ["half_undone"]
    assert jobs.undo(job, by=desk.editor) == []
    job.refresh_from_db()
    assert job.state == ImportState.UNDONE and ItemPage.objects.count() == len(desk.items)


# What the list tells of changes meanwhile


@pytest.fixture
def corrected(desk: Desk) -> bytes:
    """A list that gives each item of the desk another caption, and adds one."""
    rows = [[item.reference, f"Lời mới {item.reference}", ""] for item in desk.items]
    new = ["LS-99", "Mới", desk.parts[1].title]
    return workbook([*rows, new], ("Ký hiệu trưng bày", "Chú thích", "Phần"))


def lock(desk: Desk) -> None:
    ItemPage.objects.filter(pk=desk.items[0].pk).update(locked=True, locked_by=None)


MEANWHILE: dict[str, Callable[[Desk], Any]] = {
    "edited": lambda desk: desk.edit(desk.items[0], "Sửa bằng tay"),
    "deleted": lambda desk: ItemPage.objects.get(pk=desk.items[0].pk).delete(),
    "locked": lock,
    "moved": lambda desk: ItemPage.objects.get(pk=desk.items[0].pk).move(
        ItemPage.objects.get(pk=desk.items[0].pk).get_parent().get_next_sibling(),
        pos="last-child",
    ),
}


@pytest.mark.parametrize("what", ["edited", "deleted", "locked"])
def test_what_changed_after_the_check_is_shown_before_anything_is_imported(
    desk: Desk, corrected, what
):
    client = browser(desk.editor)
    job = begin(desk.fresh(), desk.editor, corrected)
    digest = client.get(address("check", job)).context["digest"]
    MEANWHILE[what](desk)
    client.post(address("check", job), {"action": "import", "digest": digest})
    job.refresh_from_db()
    assert job.state == ImportState.PREPARING and "LS-99" not in references()
    check_and_import(client, job)
    assert job.state == ImportState.FINISHED
    assert "LS-99" in references()


@pytest.mark.parametrize("what", MEANWHILE)
def test_what_changed_before_its_row_comes_is_left_as_it_is_with_the_reason(
    desk: Desk, corrected, monkeypatch, what
):
    job = started(monkeypatch, desk.fresh(), desk.editor, corrected)
    MEANWHILE[what](desk)
    left = ItemPage.objects.filter(pk=desk.items[0].pk).first()
    run_import.call(job.pk)
    job.refresh_from_db()
    assert job.state == ImportState.FINISHED and job.done == job.total
    now = ItemPage.objects.filter(pk=desk.items[0].pk).first()
    if what == "moved":
        assert now.get_latest_revision_as_object().caption == "Lời mới LS-0"
    else:
        assert now == left
        assert job.steps.get(action=ImportAction.SKIPPED).note
        if left is not None:
            assert now.latest_revision_id == left.latest_revision_id
    for item in desk.items[1:]:
        caption = f"Lời mới {item.reference}"
        assert ItemPage.objects.get(pk=item.pk).get_latest_revision_as_object().caption == caption


def test_a_row_whose_part_was_deleted_meanwhile_is_left_out_and_no_part_is_made_for_it(
    desk: Desk, corrected, monkeypatch
):
    job = started(monkeypatch, desk.fresh(), desk.editor, corrected)
    PartPage.objects.get(pk=desk.parts[1].pk).delete()
    run_import.call(job.pk)
    job.refresh_from_db()
    assert job.state == ImportState.FINISHED
    assert references() == ["LS-0", "LS-1"] and PartPage.objects.count() == 1
    skipped = job.steps.filter(action=ImportAction.SKIPPED)
    assert skipped.count() == 3 and all(step.note for step in skipped)
    take_back(job, desk.editor)
    assert job.state == ImportState.UNDONE


def test_a_part_the_import_made_and_somebody_deleted_is_not_made_twice(
    exhibition, editor, monkeypatch
):
    job = begin(exhibition, editor, workbook(ROWS, SHORT))
    after_rows(monkeypatch, 2, lambda: PartPage.objects.get().delete())
    carry_out(job, editor)
    assert job.state == ImportState.FINISHED and not PartPage.objects.exists()
    assert job.steps.filter(action=ImportAction.SKIPPED).count() == 2


def test_an_item_of_the_same_reference_that_came_meanwhile_is_not_doubled(
    desk: Desk, corrected, monkeypatch
):
    job = started(monkeypatch, desk.fresh(), desk.editor, corrected)
    factories.ItemPageFactory(parent=desk.parts[0], reference="LS-99", live=False)
    run_import.call(job.pk)
    assert references().count("LS-99") == 1
    assert job.steps.get(row=job.steps.get(action=ImportAction.SKIPPED).row).note


def test_an_exhibition_deleted_while_a_list_is_imported_takes_the_import_along(
    exhibition, editor, monkeypatch
):
    before = originals()
    job = begin(exhibition, editor, workbook(ROWS, SHORT))
    send_named(job, SCANS)
    after_rows(monkeypatch, 2, lambda: ExhibitionPage.objects.get(pk=exhibition.pk).delete())
    jobs.start(job, by=editor, digest=jobs.check(job, editor).digest)
    assert not Import.objects.exists() and not references()
    shown = {
        default_storage.path(name) for name in CustomImage.objects.values_list("file", flat=True)
    }
    assert originals() - before == shown


def test_an_import_whose_account_was_closed_goes_on_by_somebody_else(
    exhibition, exhibition_index, editor, monkeypatch
):
    job = started(monkeypatch, exhibition, editor, workbook(ROWS, SHORT))
    User.objects.filter(pk=editor.pk).update(is_active=False)
    run_import.call(job.pk)
    job.refresh_from_db()
    assert job.state == ImportState.STOPPED and job.failure and not references()
    other = staff("nguoikhac", exhibition_index)
    assert jobs.go_on(job, by=other) == []
    run_import.call(job.pk)
    job.refresh_from_db()
    assert job.state == ImportState.FINISHED and job.by == other


# Taken back


@pytest.fixture
def sound_portal(hall: Hall) -> Iterator[Hall]:
    """The open exhibition, its items with pictures and versions, each source told."""
    for number, item in enumerate(hall.items):
        factories.hang(item)
        fresh = ItemPage.objects.get(pk=item.pk)
        fresh.reference, fresh.source_person = f"LS-{number}", "Nguyễn Văn Mẫu"
        fresh.save_revision().publish()
    yield hall


@pytest.mark.django_db(transaction=True)
class TestEverythingTakenBack:
    """In a class of its own: real transactions empty the database when they end, and tests
    that are shared among processes are kept together by class or module.
    """

    @pytest.mark.parametrize("moves", [False, True])
    def test_after_it_was_taken_back_everything_is_as_it_was_to_the_last_byte(
        self, sound_portal, settings, moves
    ):
        hall, roots = sound_portal, (Path(settings.MEDIA_ROOT), Path(settings.RENDITIONS_ROOT))
        editor = staff("bientap", hall.exhibition)
        urls = [hall.exhibition.get_url(), hall.parts[0].get_url(), hall.items[0].get_url()]

        def everything() -> dict[str, Any]:
            return {
                "cells": cells(hall.exhibition),
                "images": list(CustomImage.objects.order_by("pk").values()),
                "documents": list(CustomDocument.objects.order_by("pk").values()),
                "sets": list(RenditionSet.objects.order_by("pk").values()),
                "files": files_below(*roots),
                "parts": list(
                    PartPage.objects.order_by("path").values("pk", "path", "title", "live")
                ),
                "items": list(
                    ItemPage.objects.order_by("path").values("pk", "path", "slug", "live")
                ),
            }

        def pages() -> list[bytes]:
            return [Client().get(url).content for url in urls]

        before, public = everything(), pages()
        assert pages() == public and all(b"<h1" in page for page in public)
        rows = [
            ["LS-3", hall.parts[0 if moves else 1].title, "Sửa tên", "Lời mới"],
            ["LS-0", hall.parts[0].title, "", "Lời khác"],
            ["LS-20", hall.parts[0].title, "Thư mới", ""],
            ["LS-21", "Phần hoàn toàn mới", "Ảnh mới", ""],
            ["LS-22", "Phần hoàn toàn mới", "Băng ghi âm", ""],
        ]
        headings = ("Ký hiệu trưng bày", "Phần", "Tên tài liệu", "Chú thích")
        job = begin(
            ExhibitionPage.objects.get(pk=hall.exhibition.pk), editor, workbook(rows, headings)
        )
        send_named(
            job,
            {
                "LS-0 mat sau.jpg": jpeg(70, 50),
                "LS-20.jpg": jpeg(80, 50),
                "LS-21_01.jpg": jpeg(90, 50),
                "LS-21_02.jpg": jpeg(95, 50),
                "LS-22.mp3": mp3(),
            },
        )
        carry_out(job, editor)
        assert job.state == ImportState.FINISHED, job.failure
        assert not job.steps.filter(action=ImportAction.SKIPPED).exists()
        during = everything()
        assert all(during[what] != before[what] for what in before)
        assert CustomImage.objects.count() == len(before["images"]) + 4
        # A draft shows nobody anything; an item that is moved is moved for everybody.
        assert (pages() == public) is not moves
        take_back(job, editor)
        assert job.state == ImportState.UNDONE, job.failure
        after = everything()
        for what in before:
            assert after[what] == before[what], what
        assert pages() == public
        assert not job.steps.filter(stays=True).exists()


def test_what_cannot_be_taken_back_is_told_and_the_rest_is(exhibition, editor, monkeypatch):
    job = carry_out(begin(exhibition, editor, workbook(ROWS, SHORT)), editor)
    remove = undoing._remove_item

    def breaks(job: Import, step: Any) -> str:
        if step.title == "Thư 11":
            raise AttributeError("unforeseen")
        return remove(job, step)

    monkeypatch.setattr(undoing, "_remove_item", breaks)
    take_back(job, editor)
    assert job.state == ImportState.UNDONE and references() == ["LS-11"]
    kept = {step.title for step in job.steps.filter(stays=True)}
    assert kept == {"Thư 11", "Phần mới"}


def saved_in_the_editor(item: ItemPage, **changes: Any) -> None:
    """Save the newest version as its form does: rich texts are written anew, rows numbered."""
    page = item.get_latest_revision_as_object()
    converter = ContentstateConverter(page._meta.get_field("description").features)
    saved = converter.from_database_format(page.description)
    page.description = converter.to_database_format(saved)
    for place, medium in enumerate(page.media.all(), start=1):
        medium.sort_order = place
    for name, value in changes.items():
        setattr(page, name, value)
    page.save_revision()


def test_what_the_form_alone_writes_anew_is_taken_back_as_well(desk: Desk):
    headings = ("Ký hiệu trưng bày", "Mô tả", "Trích yếu")
    content = workbook([["LS-0", 'Ảnh "chụp" & in', "Về lễ mít tinh"]], headings)
    job = begin(desk.fresh(), desk.editor, content)
    send_named(job, {"LS-0_01.jpg": jpeg(50, 40), "LS-0_02.jpg": jpeg(60, 40)})
    item = ItemPage.objects.get(pk=desk.items[0].pk)
    before = newest_content(item)
    carry_out(job, desk.editor)
    saved_in_the_editor(ItemPage.objects.get(pk=item.pk), title="Tên sửa bằng tay")
    take_back(job, desk.editor)
    after = newest_content(ItemPage.objects.get(pk=item.pk))
    assert (after["title"], after["description"]) == ("Tên sửa bằng tay", before["description"])
    assert len(after["media"]) == len(before["media"])
    assert not job.steps.filter(stays=True).exists()


def test_an_order_is_taken_back_although_an_item_has_left_the_part_since(desk: Desk):
    first, second = desk.parts
    here = [item for item in desk.items if item.get_parent().pk == first.pk]
    rows = [[item.reference, item.title] for item in reversed(here)]
    content = workbook(rows, ("Ký hiệu trưng bày", "Tên tài liệu"))
    job = carry_out(begin(desk.fresh(), desk.editor, content), desk.editor)
    assert order_of(first) == [item.pk for item in reversed(here)]
    leaving = ItemPage.objects.get(pk=here[0].pk)
    move_into(leaving, PartPage.objects.get(pk=second.pk), by=desk.editor)
    take_back(job, desk.editor)
    assert order_of(first) == [item.pk for item in here[1:]]
    assert not job.steps.filter(stays=True).exists()


def test_an_item_that_somebody_moved_to_another_part_stays_when_it_is_taken_back(desk: Desk):
    first, second = desk.parts
    headings = ("Tên tài liệu", "Phần")
    rows = [["Thư", first.title], ["Ảnh", first.title]]
    job = carry_out(begin(desk.fresh(), desk.editor, workbook(rows, headings)), desk.editor)
    letter = ItemPage.objects.get(title="Thư")
    move_into(letter, PartPage.objects.get(pk=second.pk), by=desk.editor)
    take_back(job, desk.editor)
    assert job.state == ImportState.UNDONE
    assert ItemPage.objects.get(title="Thư").get_parent().pk == second.pk
    assert not ItemPage.objects.filter(title="Ảnh").exists()
    assert [step.title for step in job.steps.filter(stays=True)] == ["Thư"]


def test_an_item_moved_out_of_its_part_and_published_there_stays_when_its_address_is_taken(
    desk: Desk,
):
    first, second = desk.parts
    item = ItemPage.objects.get(pk=desk.items[0].pk)
    content = workbook([["LS-0", second.title]], ("Ký hiệu trưng bày", "Phần"))
    job = carry_out(begin(desk.fresh(), desk.editor, content), desk.editor)
    item = ItemPage.objects.get(pk=item.pk)
    assert item.get_parent().pk == second.pk
    item.get_latest_revision().publish()
    factories.ItemPageFactory(parent=PartPage.objects.get(pk=first.pk), slug=item.slug)
    take_back(job, desk.editor)
    assert job.state == ImportState.UNDONE
    assert ItemPage.objects.get(pk=item.pk).get_parent().pk == second.pk
    assert job.steps.get(page=item.pk).stays


def test_taking_back_twice_at_once_takes_back_once(exhibition, editor, monkeypatch):
    job = carry_out(begin(exhibition, editor, workbook(ROWS, SHORT)), editor)
    other = Import.objects.get(pk=job.pk)
    client = browser(editor)
    assert jobs.undo(job, by=editor) == []
    jobs.undo(other, by=editor)
    client.post(address("report", job), {"action": "undo"})
    undo_import.call(job.pk)
    job.refresh_from_db()
    assert job.state == ImportState.UNDONE and not references()


def test_the_list_can_be_imported_again_after_it_was_taken_back(exhibition, editor):
    for _time in range(2):
        job = begin(exhibition, editor, workbook(ROWS, SHORT))
        send_named(job, SCANS)
        assert jobs.check(job, editor).plan.count(Verdict.NEW) == len(ROWS)
        carry_out(job, editor)
        whole_and_single(job)
        take_back(job, editor)
        assert not references() and not CustomImage.objects.exists()
    with transaction.atomic():
        assert jobs.undo(job, by=editor)


def test_stopping_by_hand_keeps_what_is_done_and_goes_on_where_it_was(
    exhibition, editor, desk_browser, monkeypatch
):
    job = begin(exhibition, editor, workbook(ROWS, SHORT))
    send_named(job, SCANS)
    stop = {"action": "stop"}
    after_rows(monkeypatch, 2, lambda: desk_browser.post(address("report", job), stop))
    check_and_import(desk_browser, job)
    assert job.state == ImportState.STOPPED and references() == ["LS-10", "LS-11"]
    progress = desk_browser.get(address("progress", job)).json()
    assert (progress["done"], progress["total"]) == (2, 4)
    desk_browser.post(address("report", job), {"action": "go-on"})
    job.refresh_from_db()
    whole_and_single(job)
    assert desk_browser.get(reverse("exhibitions_admin:imports", args=[exhibition.pk]))


def test_what_one_may_no_longer_delete_stays_and_the_report_says_why(exhibition):
    part = factories.PartPageFactory(parent=exhibition, title="Của mình", live=False)
    part.save_revision()
    helper = staff("cong-tac-vien", part, on_pages=("add_page", "change_page"))
    row = ["LS-9", "Của mình", "Thư", "", "1951"]
    job = begin(exhibition, helper, workbook([row], SHORT))
    carry_out(job, helper)
    other = factories.PartPageFactory(parent=exhibition, title="Phần khác", live=False)
    GroupPagePermission.objects.filter(group__user=helper).update(page=other)
    helper = User.objects.get(pk=helper.pk)
    take_back(job, helper)
    (step,) = job.steps.all()
    assert (step.undone, step.stays) == ("Quý vị không có quyền xóa.", True)
    assert references() == ["LS-9"]
