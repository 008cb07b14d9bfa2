""" "Kiểm tra trước": every row with its verdict, and what is decided about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext
from wagtail.admin import messages

from core.models import Organisation
from core.row_numbers import row_number
from exhibitions.admin.importing.plan_told import (
    PROBLEMS,
    VERDICTS,
    kinds_of_problems,
    notes_of,
    titles_of_parts,
    told_row,
    unknown_sources,
)
from exhibitions.admin.importing.screens import PreparingScreen, current_url, step_url
from exhibitions.arranging import reasons_against_work
from exhibitions.importing import jobs
from exhibitions.importing.plan import UNKNOWN_SOURCE, Plan, PlannedRow, Verdict
from exhibitions.importing.snapshot import known_names
from exhibitions.models import ImportState

ROWS_ON_A_SCREEN = 100
MOVED = "moved"
"""Asks for the rows whose items change their place, whatever else becomes of them."""


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
        code, name = request.POST.get("code", ""), request.POST.get("name", "")
        match request.POST.get("action"):
            case "repair-typed":
                self._repair(self._typed(code))
            case "repair-all":
                self._repair(self._offered(code))
            case "keep-all":
                self._keep_all(code)
            case "person":
                jobs.say_person(self.job, name)
            case "source":
                self._repair(self._named(name, request.POST.get("organisation", "")))
            case "organisation":
                self._make_organisation(name)
            case "import":
                return self._start(request)
            case _:
                self._decide_on_a_cell(request.POST)
        place = f"#kind-{code}" if code in PROBLEMS else ""
        return redirect(request.get_full_path() + place)

    def _decide_on_a_cell(self, sent: QueryDict) -> None:
        """Mend a cell as it is offered, or leave it as it is."""
        if cell := sent.get("repair"):
            text = sent.get(f"text-{cell}")
            if text is None:
                raise SuspiciousOperation("Nothing is said of the cell.")
            jobs.repair(self.job, {_cell_key(cell): _lines(text)})
        elif cell := sent.get("keep"):
            jobs.keep(self.job, [_cell_key(cell)])
        else:
            raise SuspiciousOperation("No such action.")

    def _repair(self, cells: Mapping[str, str]) -> None:
        jobs.repair(self.job, cells)
        said = ngettext("%(count)d cell mended.", "%(count)d cells mended.", len(cells))
        messages.success(self.request, said % {"count": len(cells)})

    def _offered(self, code: str) -> dict[str, str]:
        """The certain repairs of all problems of a kind, by their cells."""
        return {
            f"{row.row}:{problem.index}": problem.repair
            for row, problem in jobs.check(self.job, self.user).plan.by_code.get(code, [])
            if problem.repair is not None
        }

    def _typed(self, code: str) -> dict[str, str]:
        """What was typed for cells of a kind that has no certain repair, where it differs."""
        cells = {}
        for row, problem in jobs.check(self.job, self.user).plan.by_code.get(code, []):
            cell = f"{row.row}:{problem.index}"
            text = _lines(self.request.POST.get(f"text-{cell}", problem.value))
            if problem.repair is None and text.strip() != problem.value.strip():
                cells[cell] = text
        return cells

    def _named(self, name: str, organisation: str) -> dict[str, str]:
        """For all cells that name an unknown source: the organisation that is meant."""
        organisation = " ".join(organisation.replace("\0", "").split())
        if not organisation:
            return {}
        found = jobs.check(self.job, self.user).plan.by_code.get(UNKNOWN_SOURCE, [])
        return {
            f"{row.row}:{problem.index}": organisation
            for row, problem in found
            if problem.value == name
        }

    def _keep_all(self, code: str) -> None:
        found = jobs.check(self.job, self.user).plan.by_code.get(code, [])
        jobs.keep(
            self.job,
            [f"{row.row}:{problem.index}" for row, problem in found if problem.may_keep],
        )

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
        rows = [row for row in plan.rows if _is_shown(row, shown, plan)]
        page = Paginator(rows, ROWS_ON_A_SCREEN).get_page(self.request.GET.get("p"))
        titles = titles_of_parts(page, plan)
        context.update(
            plan=plan,
            digest=checked.digest,
            counts=[
                *((each.value, label, plan.count(each)) for each, label in VERDICTS.items()),
                *([(MOVED, gettext("moved"), len(plan.moves))] if plan.moves else []),
            ],
            valid=len(plan.rows) - plan.count(Verdict.BLOCKED),
            blocked=plan.count(Verdict.BLOCKED),
            problems=kinds_of_problems(plan, self.job.headings),
            notes=notes_of(plan),
            rows=[told_row(row, titles, plan) for row in page],
            page_of_rows=page,
            shown=shown,
            unknown=unknown_sources(plan, names := known_names()),
            organisations=sorted(names.organisations.values()),
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


def _is_shown(row: PlannedRow, wanted: str, plan: Plan) -> bool:
    """Whether a row is listed when ``wanted`` is asked for: a verdict, MOVED, or ""."""
    return not wanted or row.verdict == wanted or (wanted == MOVED and row.row in plan.moves)


def _lines(text: str) -> str:
    """A text that was sent for a cell; browsers end its lines with CR and LF.

    Nothing types the character NUL, and PostgreSQL keeps none.
    """
    return text.replace("\r\n", "\n").replace("\0", "")


def _cell_key(text: str) -> str:
    """ "row:index" as it was sent. Raises SuspiciousOperation for anything else."""
    row, _colon, index = text.partition(":")
    if not (row_number(row) and index.isascii() and index.isdigit() and len(index) < 4):
        raise SuspiciousOperation("No cell.")
    return f"{int(row)}:{int(index)}"
