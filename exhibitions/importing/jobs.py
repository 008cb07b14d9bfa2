"""An import from its list to its end: what its editor decides, and when the task begins."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.models import CustomDocument, CustomImage, User
from core.models.media import random_key
from core.vietnamese import fold
from exhibitions.arranging import reasons_against_work
from exhibitions.importing import columns, without_list
from exhibitions.importing.arriving import said_of_a_lost_file
from exhibitions.importing.decisions import Decisions
from exhibitions.importing.folder import (
    file_path,
    keep_plan,
    link_content,
    list_path,
    remove_folder,
    said_of_a_full_disk,
)
from exhibitions.importing.library import may_add, said_of_no_right
from exhibitions.importing.pictures import ArrivedFile
from exhibitions.importing.plan import Plan, as_json
from exhibitions.importing.planning import make_plan
from exhibitions.importing.reading import find_heading_row, headings_of
from exhibitions.importing.rights import Rights, may_import
from exhibitions.importing.running import run_import
from exhibitions.importing.sheets import Sheet, UnreadableSheet, read_workbook
from exhibitions.importing.snapshot import take_snapshot
from exhibitions.importing.undoing import reason_against_undoing, undo_import
from exhibitions.importing.workbook import LIST_SHEET
from exhibitions.models import (
    Arrangement,
    ExhibitionPage,
    Import,
    ImportFile,
    ImportFileState,
    ImportState,
    PartPage,
)
from exhibitions.visibility import Reason

logger = logging.getLogger(__name__)

FILES_NAMED: Final = 5
COLUMN_CHOICES: Final = ("columns", "empty_clears", "default_part")
"""Fields that are chosen with the columns."""
SHEET_CHOICES: Final = (
    "sheet", "heading_row", "headings", "headings_key", "columns", "empty_clears", "repairs",
    "kept",
)  # fmt: skip
"""Fields that another sheet, or another row of headings, changes."""
ROWS_LOOKED_AT: Final = 50
"""Rows below the headings by which it is told what a heading is."""
LISTS_REMEMBERED: Final = 50
"""Lists, the newest, from which it is told what a heading was taken for."""


def begin(exhibition: ExhibitionPage, *, by: User, name: str, content: bytes) -> Import:
    """A new import of the list ``content``, with what can be told of it already.

    Raises PermissionDenied, UnreadableSheet for what is no list, and OSError when the disk
    is full.
    """
    if not may_import(by, exhibition):
        raise PermissionDenied
    job = Import(exhibition=exhibition, by=by, by_name=str(by), list_name=name[:255])
    try:
        list_path(job).write_bytes(content)
        sheets = read_list(job)
        choose_sheet(job, sheets, likeliest(sheets).name)
        job.save()
    except BaseException:
        remove_folder(job)
        raise
    return job


def begin_with_files(
    exhibition: ExhibitionPage, *, by: User, part: PartPage, arrangement: Arrangement
) -> Import:
    """A new import of files that come without a list, into ``part``. Raises PermissionDenied."""
    if not part.permissions_for_user(by).can_add_subpage():
        raise PermissionDenied
    job: Import = Import.objects.create(
        exhibition=exhibition,
        by=by,
        by_name=str(by),
        list_name=called_without_list(arrangement),
        arrangement=arrangement,
        headings=list(without_list.HEADINGS),
        columns={str(index): name for index, name in enumerate(without_list.COLUMNS)},
        default_part=part,
    )
    return job


def called_without_list(arrangement: Arrangement) -> str:
    """What an import of files alone is called, where others have the names of their lists."""
    return _("Only files: %(arrangement)s") % {"arrangement": arrangement.label}


def arrange(job: Import, arrangement: Arrangement) -> list[Reason]:
    """Let the files of an import without a list become something else. Gives what is against it."""
    if job.arrangement == arrangement:
        return []
    job.arrangement, job.list_name = arrangement, called_without_list(arrangement)
    return keep_choices(job, ("arrangement", "list_name"))


def begin_again(former: Import, *, by: User) -> Import:
    """A new import of the list and files of ``former``, with what was decided about them.

    Files that never came to their end are left out; those whose content has gone from the
    disk are there to be sent once more. Raises PermissionDenied, SuspiciousOperation for an
    import that has not begun yet, FileNotFoundError when the list has been removed
    meanwhile, and any other OSError when the disk is full; nothing is left then.
    """
    if not may_import(by, former.exhibition):
        raise PermissionDenied
    if former.state == ImportState.PREPARING:
        raise SuspiciousOperation("The import has not begun yet.")
    job = Import.objects.get(pk=former.pk)
    job.pk, job.key, job.state = None, random_key(), ImportState.PREPARING
    job.by, job.by_name, job.failure = by, str(by), ""
    job.started_at = job.ended_at = None
    job.stop_requested = False
    job.total = job.done = 0
    job._state.adding = True
    try:
        with transaction.atomic():
            if not former.arrangement:
                link_content(list_path(former), list_path(job))
            job.save()
            _take_files_along(former, job)
    except BaseException:
        remove_folder(job)
        raise
    return job


def _take_files_along(former: Import, job: Import) -> None:
    copies: dict[int | None, ImportFile] = {}
    files = former.files.exclude(state=ImportFileState.ARRIVING)
    for file in files.select_related("of_import").order_by("pk"):
        copy = copies[file.pk] = ImportFile.objects.get(pk=file.pk)
        copy.pk, copy.of_import, copy.archive = None, job, copies.get(file.archive_id)
        copy.image = copy.document = None
        copy._state.adding = True
        source = file_path(file)
        is_there = source.exists()
        if file.state in (ImportFileState.READY, ImportFileState.ARRIVED) and not is_there:
            copy.state, copy.reason = ImportFileState.REFUSED, said_of_a_lost_file()
        copy.save()
        if is_there:
            link_content(source, file_path(copy))


def read_list(job: Import) -> list[Sheet]:
    """The sheets of the list. Raises UnreadableSheet, also when it has gone from the disk."""
    try:
        with list_path(job).open("rb") as file:
            sheets = read_workbook(file, job.list_name)
    except FileNotFoundError as error:
        raise UnreadableSheet(said_of_a_lost_list()) from error
    if not sheets:
        raise UnreadableSheet(_("The workbook has no sheet with a list, only charts."))
    return sheets


def said_of_a_lost_list() -> str:
    """What people are told when the list is not on the disk any more."""
    return _("The list is not on the portal's disk any more. Send it once more.")


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
    """The sheet that is imported, or one made of the files. Raises UnreadableSheet."""
    if job.arrangement:
        names = [file.name for file in arrived_files(job)]
        return without_list.list_of_files(names, Arrangement(job.arrangement))
    return next(sheet for sheet in read_list(job) if sheet.name == job.sheet)


def choose_sheet(
    job: Import, sheets: Iterable[Sheet], name: str, heading_row: int | None = None
) -> None:
    """Import the sheet ``name``; find its headings, and what they were last time. Not saved."""
    sheet = next(each for each in sheets if each.name == name)
    job.sheet = name
    there = any(row.number == heading_row for row in sheet.rows)
    job.heading_row = heading_row if there else find_heading_row(sheet)
    job.headings = headings_of(sheet, job.heading_row) if job.heading_row else []
    job.headings_key = columns.fingerprint(job.headings)
    is_own = name == LIST_SHEET or columns.has_own_headings(job.headings)
    chosen = _remembered(job) or _guessed(job, _texts_below(sheet, job), is_own=is_own)
    job.columns = {str(index): column for index, column in chosen.items()}
    job.empty_clears = is_own and columns.names_pages(chosen)


def _remembered(job: Import) -> dict[int, str]:
    """What was decided on a list of these headings the last time, by whomever."""
    before = Import.objects.filter(headings_key=job.headings_key, started_at__isnull=False)
    newest = before.exclude(pk=job.pk).first()
    return columns_of(newest) if newest else {}


def _texts_below(sheet: Sheet, job: Import) -> dict[int, list[str]]:
    """The first texts below each heading."""
    rows = [row for row in sheet.rows if row.number > (job.heading_row or 0)]
    return {
        index: [row.cells[index].text for row in rows[:ROWS_LOOKED_AT] if index < len(row.cells)]
        for index in range(len(job.headings))
    }


def _guessed(job: Import, below: Mapping[int, Sequence[str]], *, is_own: bool) -> dict[int, str]:
    """What was last decided on each heading by itself; else what it most likely is."""
    before = Import.objects.filter(started_at__isnull=False).exclude(pk=job.pk)
    newest = before.values_list("headings", "columns")[:LISTS_REMEMBERED]
    return columns.guess(job.headings, columns.decided_of(newest), below=below, is_own=is_own)


def columns_of(job: Import) -> dict[int, str]:
    """Which column each heading is."""
    return {int(index): name for index, name in job.columns.items()}


def unsettled_headings(job: Import) -> list[str]:
    """Headings about which nothing is decided: none may be passed over in silence."""
    settled = columns_of(job)
    return [
        heading for index, heading in enumerate(job.headings) if heading and index not in settled
    ]


def reasons_against_columns(job: Import) -> list[Reason]:
    """What is still to be decided about the columns before anything can be checked."""
    used = [name for name in columns_of(job).values() if name != columns.UNUSED]
    reasons = []
    if unsettled := unsettled_headings(job):
        said = _("Say of these headings what they are, or leave them out: %(headings)s.")
        named = ", ".join(f"“{each}”" for each in unsettled)
        reasons.append(Reason("unsettled", said % {"headings": named}))
    for name in sorted({name for name in used if used.count(name) > 1}):
        said = _("Two headings are “%(column)s”. Leave one of them out.")
        heading = columns.BY_NAME[name].heading
        reasons.append(Reason("twice", said % {"column": heading}))
    if not used:
        reasons.append(Reason("no_columns", _("No heading is matched with any column.")))
    return reasons


@transaction.atomic
def keep_choices(job: Import, fields: Sequence[str]) -> list[Reason]:
    """Keep what was chosen, in these fields. Gives what stands against it.

    An import that began meanwhile, in another window, stays as it began.
    """
    held = hold_job(job)
    if held is None or held.state != ImportState.PREPARING:
        return [_begun_already()]
    job.save(update_fields=fields)
    return []


def hold_job(job: Import) -> Import | None:
    """Let nobody else decide anything about ``job`` until the transaction ends; what it is now.

    None when it has been given up.
    """
    held: Import | None = Import.objects.select_for_update().filter(pk=job.pk).first()
    return held


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
        list_name=job.list_name,
        heading_row=without_list.HEADING_ROW if job.arrangement else job.heading_row or 1,
        headings=job.headings,
        repairs=_by_cell(job, job.repairs),
        kept=frozenset(_by_cell(job, dict.fromkeys(job.kept, ""))),
        empty_clears=job.empty_clears,
        default_part=job.default_part_id,
        known_by_files=bool(job.arrangement),
    )
    plan = make_plan(sheet_of(job), decisions, snapshot, Rights(by), arrived_files(job))
    told = json.dumps(as_json(plan), sort_keys=True, ensure_ascii=False)
    return Checked(plan, hashlib.sha256(told.encode()).hexdigest())


def arrived_files(job: Import) -> list[ArrivedFile]:
    """The files that were found good, each PDF with its pages once all of them are there."""
    good = job.files.filter(state__in=(ImportFileState.READY, ImportFileState.UNPACKED))
    rows = list(good.select_related("archive"))
    pages: dict[int, list[ArrivedFile]] = {}
    for row in rows:
        if row.archive is not None and row.archive.kind == "pdf":
            made = ArrivedFile(row.pk, row.name, row.content_hash, row.frames)
            pages.setdefault(row.archive.pk, []).append(made)
    arrived = []
    for row in rows:
        if row.kind == "pdf":
            members = tuple(pages.get(row.pk, ()))
            arrived.append(ArrivedFile(row.pk, row.name, row.content_hash, 1, members))
        elif row.kind != "archive" and (row.archive is None or row.archive.kind != "pdf"):
            arrived.append(ArrivedFile(row.pk, row.name, row.content_hash, row.frames))
    return arrived


# Deciding on cells


@transaction.atomic
def repair(job: Import, cells: Mapping[str, str]) -> None:
    """Let these texts stand for those of the cells "row:index".

    What is decided on other cells at the same moment, in another window, stays.
    """
    if held := hold_job(job):
        names = _kept_as(job, cells)
        repairs = {names[cell]: text for cell, text in cells.items() if cell in names}
        job.repairs = held.repairs = {**held.repairs, **repairs}
        held.save(update_fields=["repairs"])


@transaction.atomic
def keep(job: Import, cells: Iterable[str]) -> None:
    """Leave the cells "row:index" as they are, although they look wrong.

    What is decided on other cells at the same moment, in another window, stays.
    """
    if held := hold_job(job):
        job.kept = held.kept = sorted({*held.kept, *_kept_as(job, cells).values()})
        held.save(update_fields=["kept"])


def _kept_as(job: Import, cells: Iterable[str]) -> dict[str, str]:
    """By what decisions on the cells "row:index" are kept: by themselves.

    Those on files without a list by a mark of the row, "mark:index": its number changes.
    """
    if not job.arrangement:
        return {cell: cell for cell in cells}
    # Of several marks of one row the first.
    marks = {row: mark for row, mark in reversed(_marks_of_rows(job))}
    split = ((cell, *cell.split(":")) for cell in cells)
    return {cell: f"{marks[int(row)]}:{at}" for cell, row, at in split if int(row) in marks}


def _by_cell(job: Import, decided: Mapping[str, str]) -> dict[str, str]:
    """What was decided, by the cells "row:index" that it belongs to now."""
    if not job.arrangement:
        return dict(decided)
    found: dict[str, str] = {}
    indexes = range(len(without_list.COLUMNS))
    for row, mark in _marks_of_rows(job):
        for index in indexes:
            if (kept_as := f"{mark}:{index}") in decided:
                found.setdefault(f"{row}:{index}", decided[kept_as])
    return found


def _marks_of_rows(job: Import) -> list[tuple[int, str]]:
    names = [file.name for file in arrived_files(job)]
    return without_list.marks_of_rows(names, Arrangement(job.arrangement))


@transaction.atomic
def say_person(job: Import, name: str) -> None:
    """Take a source of the list for a person, in all its rows.

    What is decided at the same moment, in another window, stays.
    """
    if held := hold_job(job):
        job.people = held.people = sorted({*held.people, fold(name)})
        held.save(update_fields=["people"])


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
    reasons = (
        reasons_against_work(job.exhibition)
        or reasons_against_columns(job)
        or reasons_against_files(job)
    )
    checked = check(job, by)
    if not reasons and checked.digest != digest:
        reasons.append(
            Reason("changed", _("Something has changed since this was checked. Look once more."))
        )
    if not reasons and not checked.plan.work and checked.plan.in_order:
        reasons.append(Reason("nothing", _("There is nothing to import.")))
    reasons = reasons or _reasons_against_library(job, checked.plan, by)
    if reasons:
        return reasons
    try:
        return _hand_to_the_task(
            job, ImportState.PREPARING, total=len(checked.plan.work), by=by, plan=checked.plan
        )
    except OSError:
        logger.exception("The plan of the import %d could not be kept.", job.pk)
        return [Reason("disk_full", said_of_a_full_disk())]


def reasons_against_files(job: Import) -> list[Reason]:
    """Files that would be lost to the import if it began now, with what to do about them."""
    reasons = []
    if job.arrangement and not _has_its_part(job):
        said = _(
            "The Part these files were to come into is no longer there. Give this import up, and "
            "send the files into another Part."
        )
        reasons.append(Reason("no_part", said))
    # What is in an archive comes with it.
    files = job.files.exclude(archive__state=ImportFileState.ARRIVED)
    arriving, arrived = (
        list(files.filter(state=state).values_list("name", flat=True))
        for state in (ImportFileState.ARRIVING, ImportFileState.ARRIVED)
    )
    if arriving:
        said = ngettext(
            "%(count)d file has not come to its end (%(names)s). Wait until it has, send it "
            "once more, or take it out.",
            "%(count)d files have not come to their end (%(names)s). Wait until they have, send "
            "them once more, or take them out.",
            len(arriving),
        )
        reasons.append(Reason("files_arriving", _naming(said, arriving)))
    if arrived:
        said = ngettext(
            "%(count)d file is still being opened (%(names)s). Wait until that is done, or take "
            "it out.",
            "%(count)d files are still being opened (%(names)s). Wait until that is done, or "
            "take them out.",
            len(arrived),
        )
        reasons.append(Reason("files_opened", _naming(said, arrived)))
    return reasons


def _has_its_part(job: Import) -> bool:
    below = PartPage.objects.filter(path__startswith=job.exhibition.path)
    return below.filter(pk=job.default_part_id).exists()


def _naming(said: str, names: Sequence[str]) -> str:
    """The sentence with the number of files and the first of their names."""
    named = ", ".join(f"“{name}”" for name in names[:FILES_NAMED])
    more = " …" if len(names) > FILES_NAMED else ""
    return said % {"count": len(names), "names": named + more}


def _reasons_against_library(job: Import, plan: Plan, by: User) -> list[Reason]:
    """What stands against making images and documents of the files that ``plan`` uses."""
    used = {medium.file for row in plan.work for medium in row.media or () if medium.file}
    new = job.files.filter(image=None, document=None).values_list("pk", "kind")
    kinds = {kind for number, kind in new if number in used}
    models: dict[str, type[CustomImage | CustomDocument]] = {
        "image": CustomImage,
        "document": CustomDocument,
    }
    return [
        Reason("no_right_to_files", said_of_no_right(model))
        for kind, model in models.items()
        if kind in kinds and not may_add(model, by)
    ]


def go_on(job: Import, *, by: User) -> list[Reason]:
    """Go on with an import that was stopped. Gives what stands against it."""
    if not may_import(by, job.exhibition):
        raise PermissionDenied
    reasons = reasons_against_work(job.exhibition)
    if job.steps.exclude(undone="").exists():
        reasons.append(
            Reason("half_undone", _("Part of this import has been taken back. Take back the rest."))
        )
    return reasons or _hand_to_the_task(job, ImportState.STOPPED, total=job.total, by=by)


def _hand_to_the_task(
    job: Import, state: ImportState, *, total: int, by: User, plan: Plan | None = None
) -> list[Reason]:
    """Put it in the queue, once however often it is asked for, one import at a time.

    Who puts it there keeps the ``plan``; of two that differ the other is never carried out.
    Raises OSError when it cannot be kept.
    """
    try:
        with transaction.atomic():
            # Whoever announces files now waits, and finds that the import has begun.
            hold_job(job)
            if plan is not None and (reasons := reasons_against_files(job)):
                return reasons
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
            if not changed:
                return [_begun_already()]
            if plan is not None:
                keep_plan(job, as_json(plan))
            run_import.enqueue(job.pk)
    except IntegrityError:
        return [_another_at_work()]
    return []


def _begun_already() -> Reason:
    return Reason("begun", _("This import has begun already."))


def _another_at_work() -> Reason:
    return Reason(
        "another", _("Another list is being imported into this exhibition. Wait until it ends.")
    )


@transaction.atomic
def drop(job: Import) -> list[Reason]:
    """Give up an import that has not begun, with its list and files. Gives what is against it.

    Given up twice at once, it is given up.
    """
    held = hold_job(job)
    if held is not None and held.state != ImportState.PREPARING:
        return [_begun_already()]
    if held is not None:
        held.delete()
        transaction.on_commit(partial(remove_folder, held))
    return []


def stop(job: Import) -> None:
    """Ask the task to stop after the row at hand."""
    Import.objects.filter(pk=job.pk, state__in=(ImportState.WAITING, ImportState.RUNNING)).update(
        stop_requested=True
    )


def undo(job: Import, *, by: User) -> list[Reason]:
    """Take the import back, in a task. Gives what stands against it."""
    if not may_import(by, job.exhibition):
        raise PermissionDenied
    if job.state == ImportState.UNDOING:
        return []  # asked for twice, by a double click for example
    reasons = reasons_against_work(job.exhibition)
    if reason := reason_against_undoing(job):
        reasons.append(Reason("not_now", reason))
    if reasons:
        return reasons
    try:
        with transaction.atomic():
            changed = Import.objects.filter(
                pk=job.pk, state__in=(ImportState.FINISHED, ImportState.STOPPED)
            ).update(state=ImportState.UNDOING, by=by, by_name=str(by), failure="", ended_at=None)
            if changed:
                undo_import.enqueue(job.pk)
    except IntegrityError:
        return [_another_at_work()]
    return []
