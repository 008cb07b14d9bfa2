"""Lists and files for the tests of importing, as an editor would have them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook

from core.models import User
from exhibitions.importing import jobs
from exhibitions.importing.arriving import Announced, announce, receive
from exhibitions.importing.running import run_import
from exhibitions.importing.undoing import undo_import
from exhibitions.models import ExhibitionPage, Import, ImportFile

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
    """An import of ``content``, its columns as they are guessed."""
    return jobs.begin(exhibition, by=editor, name=name, content=content)


def send(job: Import, **files: bytes) -> list[ImportFile]:
    """Send files; names are given with "__" for "."."""
    named = {name.replace("__", "."): content for name, content in files.items()}
    return send_named(job, named)


def send_named(job: Import, files: dict[str, bytes]) -> list[ImportFile]:
    """Send files whole, each in one piece."""
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
