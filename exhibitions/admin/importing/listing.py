"""All imports of an exhibition, the beginning of another, and the workbooks to download."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from wagtail.admin import messages

from core.confinement import is_confined
from core.row_numbers import row_number
from core.spreadsheets import XLSX_TYPE
from exhibitions.admin.importing.screens import (
    ImportScreen,
    current_url,
    parts_to_add_to,
    step_url,
)
from exhibitions.arranging import reasons_against_work
from exhibitions.importing import jobs
from exhibitions.importing.folder import said_of_a_full_disk
from exhibitions.importing.sheets import MAX_FILE_BYTES, UnreadableSheet
from exhibitions.importing.snapshot import take_snapshot
from exhibitions.importing.workbook import as_template, as_workbook
from exhibitions.models import Arrangement

logger = logging.getLogger(__name__)

IMPORTS_SHOWN = 50


class ImportsView(ImportScreen):
    """The imports of an exhibition, and the beginning of another."""

    template_name = "exhibitions/admin/importing/imports.html"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Take in a list and go on to its columns; go on to files without one; or give one up."""
        match request.POST.get("action"):
            case "files":
                return self._begin_with_files(request)
            case "drop":
                return self._drop(request)
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

    def _drop(self, request: HttpRequest) -> HttpResponse:
        """Give up an import that has not begun; one that is not there any more was given up."""
        number = row_number(request.POST.get("import", ""))
        job = self.imports().filter(pk=number).first()
        reasons = jobs.drop(job) if job else []
        for reason in reasons:
            messages.error(request, reason.text)
        if job and not reasons:
            said = gettext("The import of “%(list)s” was given up.")
            messages.success(request, said % {"list": job.list_name})
        return redirect(self.own_url())

    def _begin_with_files(self, request: HttpRequest) -> HttpResponse:
        """Go on to the files, or tell a script where they are sent."""
        number = row_number(request.POST.get("part", ""))
        parts = parts_to_add_to(self.exhibition, self.user)
        part = next((each for each in parts if each.pk == number), None)
        arrangement = request.POST.get("arrangement")
        if arrangement not in Arrangement.values or part is None:
            raise SuspiciousOperation("No such Part or arrangement.")
        job = jobs.begin_with_files(
            self.exhibition, by=self.user, part=part, arrangement=Arrangement(arrangement)
        )
        files = step_url(job, "files")
        if request.headers.get("Accept") == "application/json":
            return JsonResponse({"files": files})
        return redirect(files)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What was imported so far, newest first."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.update(
            exhibition=self.exhibition,
            reasons=reasons_against_work(self.exhibition),
            parts=parts_to_add_to(self.exhibition, self.user),
            arrangements=Arrangement.choices,
            may_see_all=not is_confined(self.user),
            imports=[(job, current_url(job)) for job in self.imports()[:IMPORTS_SHOWN]],
            template_url=reverse("exhibitions_admin:import_template", args=[self.exhibition.pk]),
            workbook_url=reverse("exhibitions_admin:import_workbook", args=[self.exhibition.pk]),
        )
        return context


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
