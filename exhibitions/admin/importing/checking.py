""" "Kiểm tra trước": every row with its verdict, and what is decided about it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext
from wagtail.admin import messages

from core.models import Organisation
from core.row_numbers import row_number
from core.vietnamese import fold
from exhibitions.admin.importing.plan_told import (
    VERDICTS,
    kinds_of_problems,
    notes_of,
    titles_of_parts,
    told_row,
)
from exhibitions.admin.importing.screens import PreparingScreen, current_url, step_url
from exhibitions.arranging import reasons_against_work
from exhibitions.importing import jobs
from exhibitions.importing.plan import Verdict
from exhibitions.models import ImportState

ROWS_ON_A_SCREEN = 100


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
        titles = titles_of_parts(page, plan)
        context.update(
            plan=plan,
            digest=checked.digest,
            counts=[
                (verdict.value, VERDICTS[verdict], plan.count(verdict)) for verdict in VERDICTS
            ],
            valid=len(plan.rows) - plan.count(Verdict.BLOCKED),
            blocked=plan.count(Verdict.BLOCKED),
            problems=kinds_of_problems(plan, self.job.headings),
            notes=notes_of(plan),
            rows=[told_row(row, titles) for row in page],
            page_of_rows=page,
            shown=shown,
            unknown=sorted(plan.unknown_sources.items()),
            may_make_organisations=self.user.has_perm("core.add_organisation"),
            parts=plan.parts,
            reasons=[
                *reasons_against_work(self.exhibition),
                *jobs.reasons_against_files(self.job),
            ],
            work=len(plan.work),
            empty=gettext("(empty)"),
        )
        return context


def _typed(request: HttpRequest) -> str:
    """The text that was sent for a cell; browsers end its lines with CR and LF."""
    return request.POST.get("text", "").replace("\r\n", "\n")


def _cell_key(text: str) -> str:
    """ "row:index" as it was sent. Raises SuspiciousOperation for anything else."""
    row, _colon, index = text.partition(":")
    if not (row_number(row) and index.isascii() and index.isdigit() and len(index) < 4):
        raise SuspiciousOperation("No cell.")
    return f"{int(row)}:{int(index)}"
