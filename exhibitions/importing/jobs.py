"""An import from its list to its end: what its editor decides, and when the task begins."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.models import User
from exhibitions.importing import columns
from exhibitions.importing.folder import keep_plan, list_path
from exhibitions.importing.media_plan import ArrivedFile
from exhibitions.importing.plan import Plan, as_json
from exhibitions.importing.planning import Decisions, Rights, make_plan
from exhibitions.importing.reading import find_heading_row, headings_of
from exhibitions.importing.running import reasons_against, run_import
from exhibitions.importing.sheets import Sheet, read_workbook
from exhibitions.importing.snapshot import take_snapshot
from exhibitions.importing.undoing import reason_against_undoing, undo_import
from exhibitions.importing.workbook import LIST_SHEET
from exhibitions.models import (
    ExhibitionPage,
    Import,
    ImportFileState,
    ImportState,
    PartPage,
)
from exhibitions.visibility import Reason


def may_import(user: User, exhibition: ExhibitionPage) -> bool:
    """Whether ``user`` may import into ``exhibition``: who may add to it, or to a Part of it."""
    if exhibition.permissions_for_user(user).can_add_subpage():
        return True
    parts = PartPage.objects.filter(path__startswith=exhibition.path, alias_of=None)
    return any(part.permissions_for_user(user).can_add_subpage() for part in parts)


def begin(exhibition: ExhibitionPage, *, by: User, name: str, content: bytes) -> Import:
    """A new import of the list ``content``, with what can be told of it already.

    Raises PermissionDenied, and UnreadableSheet for what is no list.
    """
    if not may_import(by, exhibition):
        raise PermissionDenied
    job = Import(exhibition=exhibition, by=by, by_name=str(by), list_name=name[:255])
    path = list_path(job)
    path.write_bytes(content)
    try:
        sheets = read_list(job)
        choose_sheet(job, sheets, likeliest(sheets).name)
    except BaseException:
        path.unlink()
        path.parent.rmdir()
        raise
    job.save()
    return job


def read_list(job: Import) -> list[Sheet]:
    """The sheets of the list. Raises UnreadableSheet."""
    with list_path(job).open("rb") as file:
        return read_workbook(file, job.list_name)


def likeliest(sheets: Iterable[Sheet]) -> Sheet:
    """The sheet that is most likely meant: our own, else one with headings and the most rows."""

    def likelihood(sheet: Sheet) -> tuple[bool, bool, bool, int]:
        has_headings = find_heading_row(sheet) is not None
        return (
            sheet.name == LIST_SHEET,
            not sheet.is_hidden,
            has_headings,
            len(sheet.rows),
        )

    return max(sheets, key=likelihood)


def sheet_of(job: Import) -> Sheet:
    """The sheet that is imported. Raises UnreadableSheet."""
    return next(sheet for sheet in read_list(job) if sheet.name == job.sheet)


def choose_sheet(
    job: Import, sheets: Iterable[Sheet], name: str, heading_row: int | None = None
) -> None:
    """Import the sheet ``name``; find its headings, and what they were last time. Not saved."""
    sheet = next(each for each in sheets if each.name == name)
    job.sheet = name
    job.heading_row = heading_row or find_heading_row(sheet)
    job.headings = headings_of(sheet, job.heading_row) if job.heading_row else []
    job.headings_key = columns.fingerprint(job.headings)
    job.columns = {
        str(index): column for index, column in (_remembered(job) or _guessed(job)).items()
    }
    job.empty_clears = columns.is_own_workbook(columns_of(job))


def _remembered(job: Import) -> dict[int, str]:
    """What was decided on a list of these headings the last time, by whomever."""
    before = Import.objects.filter(headings_key=job.headings_key, started_at__isnull=False)
    newest = before.exclude(pk=job.pk).first()
    return columns_of(newest) if newest else {}


def _guessed(job: Import) -> dict[int, str]:
    return columns.guess(job.headings)


def columns_of(job: Import) -> dict[int, str]:
    """Which column each heading is."""
    return {int(index): name for index, name in job.columns.items()}


def unsettled_headings(job: Import) -> list[str]:
    """Headings about which nothing is decided: none may be passed over in silence."""
    settled = columns_of(job)
    return [
        heading for index, heading in enumerate(job.headings) if heading and index not in settled
    ]


# Checking


@dataclass(frozen=True)
class Checked:
    """A plan, and by what it is known again when it is carried out."""

    plan: Plan
    digest: str


def check(job: Import, by: User) -> Checked:
    """What the import would do now. Raises UnreadableSheet."""
    snapshot = take_snapshot(job.exhibition, people=job.people)
    decisions = Decisions(
        columns=columns_of(job),
        heading_row=job.heading_row or 1,
        headings=job.headings,
        repairs=job.repairs,
        kept=frozenset(job.kept),
        empty_clears=job.empty_clears,
        default_part=job.default_part_id,
    )
    plan = make_plan(sheet_of(job), decisions, snapshot, Rights(by), arrived_files(job))
    told = json.dumps(as_json(plan), sort_keys=True, ensure_ascii=False)
    return Checked(plan, hashlib.sha256(told.encode()).hexdigest())


def arrived_files(job: Import) -> list[ArrivedFile]:
    """The files that were found good, each PDF with its pages."""
    rows = list(job.files.filter(state__in=(ImportFileState.READY, ImportFileState.UNPACKED)))
    pages: dict[int, list[ArrivedFile]] = {}
    for row in rows:
        if row.archive_id and row.state == ImportFileState.READY:
            made = ArrivedFile(row.pk, row.name, row.content_hash, row.frames)
            pages.setdefault(row.archive_id, []).append(made)
    kinds = {row.pk: row.kind for row in rows}
    arrived = []
    for row in rows:
        if row.kind == "pdf":
            members = tuple(pages.get(row.pk, ()))
            arrived.append(ArrivedFile(row.pk, row.name, row.content_hash, 1, members))
        elif row.kind != "archive" and kinds.get(row.archive_id or 0) != "pdf":
            arrived.append(ArrivedFile(row.pk, row.name, row.content_hash, row.frames))
    return arrived


# Deciding on cells


def repair(job: Import, cells: dict[str, str]) -> None:
    """Let these texts stand for those of the cells "row:index"."""
    job.repairs = {**job.repairs, **cells}
    job.save(update_fields=["repairs"])


def keep(job: Import, cells: Iterable[str]) -> None:
    """Leave the cells "row:index" as they are, although they look wrong."""
    job.kept = sorted({*job.kept, *cells})
    job.save(update_fields=["kept"])


# Beginning, stopping, taking back


def start(job: Import, *, by: User, digest: str) -> list[Reason]:
    """Carry out what was checked, in a task. Gives what stands against it.

    ``digest`` is that of the plan the editor saw: when another one results now, she is
    shown that first. Raises PermissionDenied and UnreadableSheet.
    """
    if not may_import(by, job.exhibition):
        raise PermissionDenied
    if job.state != ImportState.PREPARING:
        return [_begun_already()]
    reasons = reasons_against(job.exhibition)
    checked = check(job, by)
    if not reasons and checked.digest != digest:
        reasons.append(
            Reason("changed", _("Something has changed since this was checked. Look once more."))
        )
    if not reasons and not checked.plan.work and checked.plan.in_order:
        reasons.append(Reason("nothing", _("There is nothing to import.")))
    if reasons:
        return reasons
    keep_plan(job, as_json(checked.plan))
    return _hand_to_the_task(job, ImportState.PREPARING, total=len(checked.plan.work), by=by)


def go_on(job: Import, *, by: User) -> list[Reason]:
    """Go on with an import that was stopped. Gives what stands against it."""
    if not may_import(by, job.exhibition):
        raise PermissionDenied
    reasons = reasons_against(job.exhibition)
    if job.steps.exclude(undone="").exists():
        reasons.append(
            Reason("half_undone", _("Part of this import has been taken back. Take back the rest."))
        )
    return reasons or _hand_to_the_task(job, ImportState.STOPPED, total=job.total, by=by)


def _hand_to_the_task(job: Import, state: ImportState, *, total: int, by: User) -> list[Reason]:
    """Put it in the queue, once however often it is asked for, one import at a time."""
    try:
        with transaction.atomic():
            changed = Import.objects.filter(pk=job.pk, state=state).update(
                state=ImportState.WAITING,
                started_at=timezone.now(),
                ended_at=None,
                stop_requested=False,
                failure="",
                total=total,
                by=by,
                by_name=str(by),
            )
            if changed:
                run_import.enqueue(job.pk)
    except IntegrityError:
        return [_another_at_work()]
    if not changed:
        return [_begun_already()]
    return []


def _begun_already() -> Reason:
    return Reason("begun", _("This import has begun already."))


def _another_at_work() -> Reason:
    return Reason(
        "another", _("Another list is being imported into this exhibition. Wait until it ends.")
    )


def stop(job: Import) -> None:
    """Ask the task to stop after the row at hand."""
    Import.objects.filter(pk=job.pk, state__in=(ImportState.WAITING, ImportState.RUNNING)).update(
        stop_requested=True
    )


def undo(job: Import, *, by: User) -> list[Reason]:
    """Take the import back, in a task. Gives what stands against it."""
    if not may_import(by, job.exhibition):
        raise PermissionDenied
    reasons = reasons_against(job.exhibition)
    if reason := reason_against_undoing(job):
        reasons.append(Reason("not_now", reason))
    if reasons:
        return reasons
    try:
        with transaction.atomic():
            changed = Import.objects.filter(
                pk=job.pk, state__in=(ImportState.FINISHED, ImportState.STOPPED)
            ).update(state=ImportState.UNDOING, failure="", ended_at=None)
            if changed:
                undo_import.enqueue(job.pk)
    except IntegrityError:
        return [_another_at_work()]
    return []
