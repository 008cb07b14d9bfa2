"""Lists and files for the tests of importing, as an editor would have them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook
from wagtail.models import Collection, GroupCollectionPermission

from core.models import User
from core.roles import find_permissions
from exhibitions.importing import jobs
from exhibitions.importing.arriving import Announced, announce, receive
from exhibitions.importing.folder import LIST_NAME, PLAN_NAME, folder_of
from exhibitions.importing.running import run_import
from exhibitions.importing.undoing import undo_import
from exhibitions.models import ExhibitionPage, Import, ImportFile, ImportFileState

RIGHTS_TO_FILES = ("wagtailimages.add_image", "wagtaildocs.add_document")
HEADINGS = ("STT", "Nội dung", "Thời gian", "Nguồn", "Ký hiệu hồ sơ", "Tên tệp")


def workbook(rows: Iterable[Sequence[Any]], headings: Sequence[str] = HEADINGS) -> bytes:
    """A list in the office's own layout: titles above, numbered columns, then rows."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Danh sách"
    sheet.append(["DANH SÁCH TÀI LIỆU TRƯNG BÀY"])
    sheet.append([])
    sheet.append(list(headings))
    for row in rows:
        sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def begin(
    exhibition: ExhibitionPage, editor: User, content: bytes, name: str = "danh sach.xlsx"
) -> Import:
    """An import of ``content``, its columns as they are guessed, by an editor who adds files."""
    let_add_files(editor)
    return jobs.begin(exhibition, by=editor, name=name, content=content)


def let_add_files(person: User) -> None:
    """Let ``person`` add images and documents to the library, as every role of editors may.

    Who has rights on a part of it already keeps to that.
    """
    if GroupCollectionPermission.objects.filter(group__user=person).exists():
        return
    for permission in find_permissions(RIGHTS_TO_FILES):
        for group in person.groups.all():
            GroupCollectionPermission.objects.create(
                group=group, collection=Collection.get_first_root_node(), permission=permission
            )


def send(job: Import, **files: bytes) -> list[ImportFile]:
    """Send files; names are given with "__" for "."."""
    named = {name.replace("__", "."): content for name, content in files.items()}
    return send_named(job, named)


def send_named(job: Import, files: dict[str, bytes]) -> list[ImportFile]:
    """Send files whole, each in one piece, by an editor who adds files."""
    if job.by is not None:
        let_add_files(job.by)
    rows = announce(job, [Announced(name, len(content)) for name, content in files.items()])
    for row, content in zip(rows, files.values(), strict=True):
        receive(row, 0, io.BytesIO(content))
    return rows


def carry_out(job: Import, editor: User) -> Import:
    """Check and import, the task done at once."""
    checked = jobs.check(job, editor)
    reasons = jobs.start(job, by=editor, digest=checked.digest)
    assert reasons == [], reasons
    run_import.call(job.pk)
    job.refresh_from_db()
    return job


def take_back(job: Import, editor: User) -> Import:
    """Take an import back, the task done at once."""
    reasons = jobs.undo(job, by=editor)
    assert reasons == [], reasons
    undo_import.call(job.pk)
    job.refresh_from_db()
    return job


def address(step: str, job: Import, *more: int) -> str:
    """Where a step of ``job`` is done; ``more`` is the number of a file."""
    return reverse(f"exhibitions_admin:import_{step}", args=[job.exhibition_id, job.pk, *more])


def check_and_import(browser: Client, job: Import) -> Import:
    """Press the button below the check, in ``browser``."""
    seen = browser.get(address("check", job)).context["digest"]
    browser.post(address("check", job), {"action": "import", "digest": seen})
    job.refresh_from_db()
    return job


def unnamed_files(job: Import) -> set[str]:
    """What lies in the folder of ``job`` and is neither its list, its plan, nor a file it has."""
    kept = (ImportFileState.ARRIVING, ImportFileState.ARRIVED, ImportFileState.READY)
    named = {str(file.pk) for file in job.files.filter(state__in=kept)}
    return {each.name for each in folder_of(job).iterdir()} - named - {LIST_NAME, PLAN_NAME}


def begin_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let imports wait in the queue until the test does the task."""
    queue = SimpleNamespace(enqueue=lambda number: None)
    monkeypatch.setattr(jobs, "run_import", queue)
