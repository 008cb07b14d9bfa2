"""The screens of an import: the list, its columns, its files, the check, and what it did."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from core.confinement import is_confined, title_as_read
from core.models import Organisation, User
from core.row_numbers import row_number
from core.spreadsheets import XLSX_TYPE
from core.vietnamese import fold
from exhibitions.admin.screens import ExhibitionScreen
from exhibitions.arranging import reasons_against_work
from exhibitions.importing import jobs
from exhibitions.importing.arriving import (
    PIECE,
    Announced,
    NotNow,
    WrongPlace,
    announce,
    arrived_bytes,
    receive,
    remove,
)
from exhibitions.importing.columns import BY_NAME, COLUMNS, UNUSED
from exhibitions.importing.folder import said_of_a_full_disk
from exhibitions.importing.plan import Plan, PlannedRow, Verdict
from exhibitions.importing.reading import HEADINGS_WITHIN
from exhibitions.importing.sheets import MAX_FILE_BYTES, Sheet, UnreadableSheet, column_letter
from exhibitions.importing.snapshot import take_snapshot
from exhibitions.importing.workbook import as_template, as_workbook
from exhibitions.models import (
    Arrangement,
    ExhibitionPage,
    Import,
    ImportAction,
    ImportFile,
    ImportFileState,
    ImportState,
    PartPage,
)

logger = logging.getLogger(__name__)

ROWS_ON_A_SCREEN = 100
PROBLEMS_SHOWN = 50
"""Cells of one kind of problem that are listed; all of them are mended together."""
SAMPLES = 3
LONGEST_ANNOUNCEMENT = 2 * 1024 * 1024


def imports_url(exhibition: ExhibitionPage) -> str:
    """The address of the imports of ``exhibition``."""
    return reverse("exhibitions_admin:imports", args=[exhibition.pk])


def step_url(job: Import, step: str) -> str:
    """The address of one step of ``job``."""
    return reverse(f"exhibitions_admin:import_{step}", args=[job.exhibition_id, job.pk])


class ImportScreen(ExhibitionScreen):
    """A screen for those who import into an exhibition."""

    page_title = _("Import from Excel")
    header_icon = "upload"

    def may_come(self) -> bool:
        """Who may add to the exhibition, or to a Part of it."""
        return jobs.may_import(self.user, self.exhibition)

    def own_url(self) -> str:
        """All imports of the exhibition."""
        return imports_url(self.exhibition)

    def get_page_subtitle(self) -> str:
        """The exhibition's title, for those who may read it."""
        return title_as_read(self.exhibition.pk, super().get_page_subtitle())

    def imports(self) -> QuerySet[Import]:
        """The imports the person may see: all of them, or one's own on a part of the tree."""
        imports = Import.objects.filter(exhibition=self.exhibition)
        return imports.filter(by=self.user) if is_confined(self.user) else imports


class ImportsView(ImportScreen):
    """The imports of an exhibition, and the beginning of another."""

    template_name = "exhibitions/admin/importing/imports.html"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Take in a list and go on to its columns; or go on to files without a list."""
        if request.POST.get("action") == "files":
            return self._begin_with_files(request)
        upload = request.FILES.get("list")
        if upload is None:
            messages.error(request, gettext("Choose the list first."))
            return redirect(self.own_url())
        if (upload.size or 0) > MAX_FILE_BYTES:
            said = gettext("The list is larger than %(limit)d MB. Files belong into the next step.")
            messages.error(request, said % {"limit": MAX_FILE_BYTES // 1024**2})
            return redirect(self.own_url())
        try:
            job = jobs.begin(
                self.exhibition, by=self.user, name=upload.name or "", content=upload.read()
            )
        except UnreadableSheet as error:
            messages.error(request, str(error))
            return redirect(self.own_url())
        except OSError:
            logger.exception("A list could not be taken in.")
            messages.error(request, said_of_a_full_disk())
            return redirect(self.own_url())
        return redirect(step_url(job, "columns"))

    def _begin_with_files(self, request: HttpRequest) -> HttpResponse:
        part = parts_to_add_to(self.exhibition, self.user).filter(
            pk=row_number(request.POST.get("part", ""))
        )
        arrangement = request.POST.get("arrangement")
        if arrangement not in Arrangement.values or not part.exists():
            raise SuspiciousOperation("No such Part or arrangement.")
        job = jobs.begin_with_files(
            self.exhibition, by=self.user, part=part.get(), arrangement=Arrangement(arrangement)
        )
        return redirect(step_url(job, "files"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What was imported so far, newest first."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.update(
            exhibition=self.exhibition,
            reasons=reasons_against_work(self.exhibition),
            parts=parts_to_add_to(self.exhibition, self.user),
            arrangements=Arrangement.choices,
            may_see_all=not is_confined(self.user),
            imports=[(job, current_url(job)) for job in self.imports()[:50]],
            template_url=reverse("exhibitions_admin:import_template", args=[self.exhibition.pk]),
            workbook_url=reverse("exhibitions_admin:import_workbook", args=[self.exhibition.pk]),
        )
        return context


def parts_to_add_to(exhibition: ExhibitionPage, user: User) -> QuerySet[PartPage]:
    """The Parts of ``exhibition`` to which ``user`` may add items, in order."""
    below = PartPage.objects.filter(path__startswith=exhibition.path, alias_of=None)
    allowed = [part.pk for part in below if part.permissions_for_user(user).can_add_subpage()]
    return below.filter(pk__in=allowed).order_by("path")


def current_url(job: Import) -> str:
    """Where the work on ``job`` goes on."""
    return step_url(job, "check" if job.state == ImportState.PREPARING else "report")


class WorkbookView(ImportScreen):
    """All items of the exhibition as a workbook, to be corrected and imported again."""

    def may_come(self) -> bool:
        """Who works on the whole of the exhibition: the workbook tells of all its Parts."""
        return super().may_come() and not is_confined(self.user)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file."""
        content = as_workbook(take_snapshot(self.exhibition))
        return _workbook(content, f"tai-lieu-{self.exhibition.slug}.xlsx")


class TemplateWorkbookView(ImportScreen):
    """The empty workbook with examples."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file."""
        return _workbook(as_template(), "mau-danh-sach-tai-lieu.xlsx")


def _workbook(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=XLSX_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer


class OneImportScreen(ImportScreen):
    """A screen about one import."""

    step = ""
    job: Import

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the import as well."""
        self._number = kwargs["import_id"]
        return super().dispatch(request, *args, **kwargs)

    def may_come(self) -> bool:
        """Who may import, and sees this import."""
        if not super().may_come():
            return False
        self.job = get_object_or_404(self.imports(), pk=self._number)
        return True

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """The way by the imports of the exhibition."""
        here = {"url": "", "label": self.job.list_name}
        return [*super().get_breadcrumbs_items(), here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The import and its steps."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.update(exhibition=self.exhibition, job=self.job, steps=_steps(self.job, self.step))
        return context


STEPS = (
    ("columns", _("Match the columns")),
    ("files", _("Send the files")),
    ("check", _("Check first")),
    ("report", _("Import")),
)


def _steps(job: Import, here: str) -> list[dict[str, Any]]:
    began = job.state != ImportState.PREPARING
    return [
        {
            "label": label,
            "url": step_url(job, name) if (name == "report") == began else "",
            "is_here": name == here,
        }
        for name, label in STEPS
        if not (name == "columns" and job.arrangement)
    ]


class PreparingScreen(OneImportScreen):
    """A step before the import begins; after that there is only its report."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The screen, while the import is being prepared."""
        if self.job.state != ImportState.PREPARING:
            return redirect(step_url(self.job, "report"))
        try:
            return super().get(request, *args, **kwargs)
        except UnreadableSheet as error:
            messages.error(request, str(error))
            return redirect(self.own_url())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """What is decided on the screen, while the import is being prepared."""
        if self.job.state != ImportState.PREPARING:
            messages.error(request, gettext("This import has begun already."))
            return redirect(step_url(self.job, "report"))
        try:
            return self.decide(request)
        except UnreadableSheet as error:
            messages.error(request, str(error))
            return redirect(self.own_url())

    def decide(self, request: HttpRequest) -> HttpResponse:
        """Take in what was decided."""
        raise SuspiciousOperation("Nothing is decided on this screen.")


class ColumnsView(PreparingScreen):
    """ "Ghép cột": which of our columns each heading is."""

    template_name = "exhibitions/admin/importing/columns.html"
    step = "columns"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The columns; files without a list have none to match."""
        if self.job.arrangement:
            return redirect(step_url(self.job, "files"))
        return super().get(request, *args, **kwargs)

    def decide(self, request: HttpRequest) -> HttpResponse:
        """Choose another sheet or row of headings, or settle the columns."""
        if "sheet" in request.POST and request.POST.get("action") == "sheet":
            return self._choose_sheet(request)
        settled = {
            str(index): name
            for index, heading in enumerate(self.job.headings)
            if (name := request.POST.get(f"column-{index}", "")) in BY_NAME or name == UNUSED
        }
        self.job.columns = settled
        self.job.empty_clears = "empty_clears" in request.POST
        self.job.default_part = (
            self._parts().filter(pk=row_number(request.POST.get("default_part", ""))).first()
        )
        self.job.save()
        reasons = jobs.reasons_against_columns(self.job)
        for reason in reasons:
            messages.error(request, reason.text)
        return redirect(step_url(self.job, "columns" if reasons else "files"))

    def _choose_sheet(self, request: HttpRequest) -> HttpResponse:
        sheets = jobs.read_list(self.job)
        name = request.POST["sheet"]
        if name not in {sheet.name for sheet in sheets}:
            raise SuspiciousOperation("No such sheet.")
        jobs.choose_sheet(self.job, sheets, name, row_number(request.POST.get("heading_row", "")))
        self.job.repairs, self.job.kept = {}, []
        self.job.save()
        return redirect(step_url(self.job, "columns"))

    def _parts(self) -> QuerySet[PartPage]:
        return parts_to_add_to(self.exhibition, self.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each heading with what stands below it, and the columns to choose from."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        sheets = jobs.read_list(self.job)
        sheet = next(each for each in sheets if each.name == self.job.sheet)
        context.update(
            sheets=sheets,
            sheet=sheet,
            first_rows=[row.number for row in sheet.rows[:HEADINGS_WITHIN]],
            headings=self._headings(sheet),
            columns=[(column.name, column.heading) for column in COLUMNS],
            unused=UNUSED,
            parts=self._parts(),
        )
        return context

    def _headings(self, sheet: Sheet) -> list[dict[str, Any]]:
        chosen = jobs.columns_of(self.job)
        below = [row for row in sheet.rows if row.number > (self.job.heading_row or 0)]
        headings = []
        for index, heading in enumerate(self.job.headings):
            texts = [
                row.cells[index].text
                for row in below
                if index < len(row.cells) and row.cells[index].text.strip()
            ]
            if not heading and not texts:
                continue
            headings.append(
                {
                    "index": index,
                    "letter": column_letter(index),
                    "text": heading,
                    "samples": texts[:SAMPLES],
                    "filled": len(texts),
                    "is_hidden": index in sheet.hidden_columns,
                    "chosen": chosen.get(index, ""),
                }
            )
        return headings


class FilesView(PreparingScreen):
    """The files of an import: what has come, and sending more."""

    template_name = "exhibitions/admin/importing/files.html"
    step = "files"

    def decide(self, request: HttpRequest) -> HttpResponse:
        """Answer a script that announces files: where each of them goes on."""
        if request.content_type != "application/json":
            return self._take_plainly(request)
        coming = _announced(request.read(LONGEST_ANNOUNCEMENT))
        try:
            files = announce(self.job, coming)
        except NotNow as reason:
            return JsonResponse({"reason": str(reason)}, status=409)
        return JsonResponse(
            {
                "piece": PIECE,
                "files": [
                    {**_told(file), "url": _file_url(file, self.exhibition)} for file in files
                ],
            }
        )

    def _take_plainly(self, request: HttpRequest) -> HttpResponse:
        """Without JavaScript: files sent with the form."""
        uploads = request.FILES.getlist("files")
        try:
            rows = announce(
                self.job, [Announced(each.name or "", each.size or 0) for each in uploads]
            )
        except NotNow as reason:
            messages.error(request, str(reason))
            return redirect(step_url(self.job, "files"))
        try:
            for row, upload in zip(rows, uploads, strict=True):
                upload.seek(arrived := arrived_bytes(row))
                receive(row, arrived, upload)
        except WrongPlace:
            messages.error(request, gettext("The same file is being sent in another window."))
        except OSError:
            logger.exception("Files could not be taken in.")
            messages.error(request, said_of_a_full_disk())
        return redirect(step_url(self.job, "files"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The files that came, those that are not good first."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        files = list(self.job.files.all())
        context.update(
            refused=[file for file in files if file.state == ImportFileState.REFUSED],
            arriving=[
                file
                for file in files
                if file.state == ImportFileState.ARRIVING and file.archive_id is None
            ],
            waiting=[file for file in files if file.state == ImportFileState.ARRIVED],
            ready=[file for file in files if file.state == ImportFileState.READY],
            check_url=step_url(self.job, "check"),
        )
        return context


def _announced(body: bytes) -> list[Announced]:
    """The files that a script announces. Raises SuspiciousOperation for anything else."""
    try:
        rows = json.loads(body)
        told = [(each["name"], each["size"]) for each in rows]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise SuspiciousOperation("No list of files.") from error
    if not isinstance(rows, list) or not all(
        isinstance(name, str) and type(size) is int and size >= 0 for name, size in told
    ):
        raise SuspiciousOperation("No names with sizes.")
    return [Announced(name, size) for name, size in told]


def _file_url(file: ImportFile, exhibition: ExhibitionPage) -> str:
    return reverse(
        "exhibitions_admin:import_file", args=[exhibition.pk, file.of_import_id, file.pk]
    )


def _told(file: ImportFile) -> dict[str, Any]:
    return {
        "name": file.name,
        "size": file.size,
        "arrived": arrived_bytes(file),
        "state": file.state,
        "label": file.get_state_display(),
        "reason": file.reason,
    }


class FileView(OneImportScreen):
    """One file of an import: its pieces as they come (RFC 5789 PATCH at an offset)."""

    http_method_names = ["get", "patch", "delete"]

    def file(self) -> ImportFile:
        """The file the address is about."""
        files = self.job.files.select_related("of_import")
        found: ImportFile = get_object_or_404(files, pk=self.kwargs["file_id"])
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """How much of it has come, and what was found of it."""
        return JsonResponse(_told(self.file()))

    def patch(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Take in a piece that begins at ``Upload-Offset``."""
        file = self.file()
        if self.job.state != ImportState.PREPARING:
            return JsonResponse({"reason": gettext("This import has begun already.")}, status=409)
        offset = request.headers.get("Upload-Offset", "")
        if not (offset.isascii() and offset.isdigit() and len(offset) < 20):
            raise SuspiciousOperation("No offset.")
        try:
            receive(file, int(offset), request)
        except WrongPlace as wrong:
            return JsonResponse({"arrived": wrong.arrived}, status=409)
        except OSError:
            logger.exception("A piece of the file %d could not be taken in.", file.pk)
            return JsonResponse({"reason": said_of_a_full_disk()}, status=507)
        return JsonResponse(_told(file))

    def delete(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Take a file out again, before the import begins."""
        if self.job.state != ImportState.PREPARING:
            return JsonResponse({"reason": gettext("This import has begun already.")}, status=409)
        remove(self.file())
        return HttpResponse(status=204)


class CheckView(PreparingScreen):
    """ "Kiểm tra trước": every row with its verdict, and what to mend."""

    template_name = "exhibitions/admin/importing/check.html"
    step = "check"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The check; the columns first where they are not settled."""
        preparing = self.job.state == ImportState.PREPARING
        if preparing and jobs.reasons_against_columns(self.job):
            return redirect(step_url(self.job, "columns"))
        return super().get(request, *args, **kwargs)

    def decide(self, request: HttpRequest) -> HttpResponse:
        """Mend, keep, name a source, or begin."""
        match request.POST.get("action"):
            case "repair":
                self._repair(request)
            case "repair-all":
                self._repair_all(request.POST.get("code", ""))
            case "keep":
                jobs.keep(self.job, [_cell_key(request.POST.get("cell", ""))])
            case "keep-all":
                self._keep_all(request.POST.get("code", ""))
            case "person":
                self._say_person(request.POST.get("name", ""))
            case "organisation":
                self._make_organisation(request.POST.get("name", ""))
            case "import":
                return self._start(request)
            case _:
                raise SuspiciousOperation("No such action.")
        return redirect(request.get_full_path())

    def _repair(self, request: HttpRequest) -> None:
        """Let a text stand for that of a cell: the one offered, or one that was typed."""
        cell = _cell_key(request.POST.get("cell", ""))
        jobs.repair(self.job, {cell: _typed(request)})

    def _repair_all(self, code: str) -> None:
        cells = {
            f"{row.row}:{problem.index}": problem.repair
            for row, problem in jobs.check(self.job, self.user).plan.by_code.get(code, [])
            if problem.repair is not None
        }
        jobs.repair(self.job, cells)
        said = ngettext("%(count)d cell mended.", "%(count)d cells mended.", len(cells))
        messages.success(self.request, said % {"count": len(cells)})

    def _keep_all(self, code: str) -> None:
        found = jobs.check(self.job, self.user).plan.by_code.get(code, [])
        jobs.keep(
            self.job,
            [f"{row.row}:{problem.index}" for row, problem in found if problem.may_keep],
        )

    def _say_person(self, name: str) -> None:
        self.job.people = sorted({*self.job.people, fold(name)})
        self.job.save(update_fields=["people"])

    def _make_organisation(self, name: str) -> None:
        name = " ".join(name.split())
        if not self.user.has_perm("core.add_organisation"):
            raise PermissionDenied
        unknown = jobs.check(self.job, self.user).plan.unknown_sources
        if name not in unknown or len(name) > 255:
            raise SuspiciousOperation("The list names no such source.")
        Organisation.objects.create(name=name)
        messages.success(
            self.request,
            gettext("“%(name)s” is now among the organisations.") % {"name": name},
        )

    def _start(self, request: HttpRequest) -> HttpResponse:
        reasons = jobs.start(self.job, by=self.user, digest=request.POST.get("digest", ""))
        for reason in reasons:
            messages.error(request, reason.text)
        self.job.refresh_from_db()
        return redirect(current_url(self.job))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The whole plan, and a screenful of its rows."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        checked = jobs.check(self.job, self.user)
        plan = checked.plan
        shown = self.request.GET.get("xem", "")
        rows = [row for row in plan.rows if not shown or row.verdict == shown]
        page = Paginator(rows, ROWS_ON_A_SCREEN).get_page(self.request.GET.get("p"))
        context.update(
            plan=plan,
            digest=checked.digest,
            counts=[
                (verdict.value, VERDICTS[verdict], plan.count(verdict)) for verdict in VERDICTS
            ],
            valid=len(plan.rows) - plan.count(Verdict.BLOCKED),
            blocked=plan.count(Verdict.BLOCKED),
            problems=self._problems(plan),
            notes=self._notes(plan),
            rows=[self._row(row) for row in page],
            page_of_rows=page,
            shown=shown,
            unknown=sorted(plan.unknown_sources.items()),
            may_make_organisations=self.user.has_perm("core.add_organisation"),
            parts=plan.parts,
            reasons=reasons_against_work(self.exhibition),
            work=len(plan.work),
            empty=gettext("(empty)"),
            waiting_files=self.job.files.filter(
                state__in=(ImportFileState.ARRIVED, ImportFileState.ARRIVING)
            ).count(),
        )
        return context

    def _problems(self, plan: Plan) -> list[dict[str, Any]]:
        """Problems of one kind together, those that stand in the way first."""
        kinds = []
        for code, found in plan.by_code.items():
            blocks = any(problem.blocks for _row, problem in found)
            kinds.append(
                {
                    "code": code,
                    "label": PROBLEMS.get(code, _("Other")),
                    "blocks": blocks,
                    "count": len(found),
                    "repairs": sum(problem.repair is not None for _row, problem in found),
                    "may_keep": any(problem.may_keep for _row, problem in found),
                    "cells": [self._cell(row, problem) for row, problem in found[:PROBLEMS_SHOWN]],
                    "more": max(0, len(found) - PROBLEMS_SHOWN),
                }
            )
        return sorted(kinds, key=lambda kind: (not kind["blocks"], -kind["count"]))

    def _cell(self, row: PlannedRow, problem: Any) -> dict[str, Any]:
        index = problem.index
        return {
            "row": row.row,
            "title": row.title,
            "column": self._heading(index),
            "key": f"{row.row}:{index}" if index is not None else "",
            "text": problem.text,
            "value": problem.value,
            "repair": problem.repair,
            "may_keep": problem.may_keep,
            "is_long": len(problem.value) > 80 or "\n" in problem.value,
        }

    def _heading(self, index: int | None) -> str:
        if index is None:
            return ""
        heading = self.job.headings[index] if index < len(self.job.headings) else ""
        return heading or column_letter(index)

    def _row(self, row: PlannedRow) -> dict[str, Any]:
        return {
            "number": row.row,
            "title": row.title,
            "verdict": row.verdict.value,
            "label": VERDICTS[row.verdict],
            "differences": [
                (BY_NAME[each.name].heading, each.before, each.after) for each in row.differences
            ],
            "problems": [problem.text for problem in row.problems],
            "files": row.files,
        }

    def _notes(self, plan: Plan) -> list[tuple[str, list[str]]]:
        """What is passed over, and what has no counterpart."""
        notes = [
            (gettext("Columns that are not imported"), plan.unused_headings),
            (gettext("Files that belong to no row"), plan.files_without_row),
            (
                gettext("Files that could belong to several rows"),
                [f"{name} ({rows})" for name, rows in plan.files_of_several_rows.items()],
            ),
            (
                gettext("Rows without a file"),
                [str(number) for number in plan.rows_without_file],
            ),
            (
                gettext("Rows that tell of no item"),
                [f"{number}: {text}" for number, text in plan.left_out],
            ),
        ]
        return [(label, texts) for label, texts in notes if texts]


VERDICTS: Mapping[Verdict, Any] = {
    Verdict.BLOCKED: _("to be mended"),
    Verdict.NEW: _("new"),
    Verdict.CHANGED: _("changed"),
    Verdict.SAME: _("unchanged"),
}

PROBLEMS: Mapping[str, Any] = {
    "spaces": _("Stray spaces"),
    "letters": _("Letters and marks stored apart"),
    "legacy": _("Old encodings"),
    "no_date": _("Dates that cannot be read"),
    "too_long": _("Texts that are too long"),
    "lines": _("Texts on several lines"),
    "no_choice": _("Words that are no choice"),
    "no_number": _("Numbers that cannot be read"),
    "no_yes": _("Neither yes nor no"),
    "unknown_source": _("Unknown sources"),
    "several_organisations": _("Names of several organisations"),
    "formula_error": _("Formulas that fail"),
    "formula_uncomputed": _("Formulas without a result"),
    "twice": _("Rows that tell of one item"),
    "reference_taken": _("References that are taken"),
    "no_such_page": _("Unknown page numbers"),
    "no_title": _("Rows without a title"),
    "emptied": _("Cells that may not be empty"),
    "no_file": _("Missing files"),
    "too_many_texts": _("More texts than pictures"),
    "locked": _("Locked items"),
    "no_right": _("Not yours to change"),
    "no_move": _("Not yours to move"),
}


def _typed(request: HttpRequest) -> str:
    """The text that was sent for a cell; browsers end its lines with CR and LF."""
    return request.POST.get("text", "").replace("\r\n", "\n")


def _cell_key(text: str) -> str:
    """ "row:index" as it was sent. Raises SuspiciousOperation for anything else."""
    row, _colon, index = text.partition(":")
    if not (row_number(row) and index.isascii() and index.isdigit() and len(index) < 4):
        raise SuspiciousOperation("No cell.")
    return f"{int(row)}:{int(index)}"


class ReportView(OneImportScreen):
    """How far an import is and what it did; to stop it, to go on, to take it back."""

    template_name = "exhibitions/admin/importing/report.html"
    step = "report"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The report, once there is one."""
        if self.job.state == ImportState.PREPARING:
            return redirect(step_url(self.job, "check"))
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Stop, go on, or take back."""
        match request.POST.get("action"):
            case "stop":
                jobs.stop(self.job)
                reasons = []
            case "go-on":
                reasons = jobs.go_on(self.job, by=self.user)
            case "undo":
                reasons = jobs.undo(self.job, by=self.user)
            case "again":
                return self._begin_again(request)
            case _:
                raise SuspiciousOperation("No such action.")
        for reason in reasons:
            messages.error(request, reason.text)
        return redirect(step_url(self.job, "report"))

    def _begin_again(self, request: HttpRequest) -> HttpResponse:
        try:
            job = jobs.begin_again(self.job, by=self.user)
        except FileNotFoundError:
            messages.error(request, jobs.said_of_a_lost_list())
            return redirect(step_url(self.job, "report"))
        return redirect(step_url(job, "check"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The progress, and the steps told by what they did."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        steps = list(self.job.steps.all())
        context.update(
            progress=progress_of(self.job),
            progress_url=step_url(self.job, "progress"),
            done=[
                (action.label, [step for step in steps if step.action == action])
                for action in ImportAction
                if any(step.action == action for step in steps)
            ],
            kept=[step for step in steps if step.undone and step.undone != gettext("Taken back.")],
            may_undo=not jobs.reason_against_undoing(self.job),
            may_go_on=self.job.state == ImportState.STOPPED
            and not any(step.undone for step in steps),
            grid_url=reverse("exhibitions_admin:grid", args=[self.exhibition.pk]),
        )
        return context


def progress_of(job: Import) -> dict[str, Any]:
    """How far an import is, for the bar and the script that renews it."""
    undone = job.steps.exclude(undone="").count()
    going_back = job.state == ImportState.UNDOING
    total = job.steps.count() if going_back else job.total
    done = undone if going_back else min(job.done, job.total)
    return {
        "state": job.state,
        "label": str(job.get_state_display()),
        "done": done,
        "total": total,
        "at_work": job.is_at_work,
    }


class ProgressView(OneImportScreen):
    """How far an import is, for the script of its report."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The figures, never stored."""
        answer = JsonResponse(progress_of(self.job))
        answer["Cache-Control"] = "no-store"
        return answer

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Figures are only read."""
        raise Http404
