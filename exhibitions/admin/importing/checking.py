""" "Kiểm tra trước": every row with its verdict, and what is decided about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext
from wagtail.admin import messages

from core.models import Organisation
from core.row_numbers import row_number
from core.vietnamese import fold
from exhibitions.admin.importing.plan_told import (
    PROBLEMS,
    VERDICTS,
    kinds_of_problems,
    mark_of,
    notes_of,
    one_line,
    titles_of_parts,
    told_row,
    unknown_sources,
)
from exhibitions.admin.importing.screens import PreparingScreen, current_url, step_url
from exhibitions.arranging import reasons_against_work
from exhibitions.importing import jobs
from exhibitions.importing.plan import UNKNOWN_SOURCE, Plan, PlannedRow, Problem, Verdict
from exhibitions.importing.snapshot import known_names
from exhibitions.importing.values import NAME_LENGTH, Names
from exhibitions.models import ImportFileState, ImportState

ROWS_ON_A_SCREEN = 100
TEXT_OF = "text-"
"""How the names of fields begin in which the text of a cell is typed."""
SOURCE_OF = "source-"
"""And of those in which the organisation is named that an unknown source is."""
MOVED = "moved"
"""Asks for the rows whose items change their place, whatever else becomes of them."""
ALL = "all"
"""Asks for all rows, also those that change nothing."""


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
        """Take what was typed, whichever button was pressed, and do what the button says.

        A button says what it does and to what: "repair-all spaces", "repair spaces 4:3".
        """
        verb, _space, what = request.POST.get("action", "").partition(" ")
        code, _space, cell = what.partition(" ")
        typed = self._typed(but_not=what if verb in ("source", "organisation", "person") else "")
        if typed or verb == "take":
            self._repair(typed)
        match verb:
            case "take":
                pass
            case "repair":
                self._repair_one(code, _cell_key(cell))
            case "repair-all":
                self._repair(self._offered(code))
            case "keep":
                jobs.keep(self.job, [_cell_key(cell)])
            case "keep-all":
                self._keep_all(code)
            case "source":
                self._name_source(what)
            case "person":
                jobs.say_person(self.job, what)
            case "organisation":
                self._make_organisation(what)
            case "import":
                return self._start(request)
            case _:
                raise SuspiciousOperation("No such action.")
        place = f"#kind-{code}" if code in PROBLEMS else ""
        return redirect(request.get_full_path() + place)

    def _typed(self, but_not: str) -> dict[str, str]:
        """The texts typed for cells, by their cells, where they are not those that were shown.

        Also organisations typed for sources, without that of the source ``but_not``.
        """
        sent = self.request.POST
        texts = {
            name.removeprefix(TEXT_OF): _lines(sent.get(name, ""))
            for name in sent
            if name.startswith(TEXT_OF)
        }
        cells = {
            _cell_key(cell): text
            for cell, text in texts.items()
            if mark_of(text) != sent.get(f"was-{cell}")
        }
        typed = {name for name in sent if name.startswith(SOURCE_OF) and _typed_source(sent, name)}
        if typed - {SOURCE_OF + mark_of(but_not)}:
            names = known_names()
            for name, places in self._unknown_sources().items():
                organisation = _typed_source(sent, SOURCE_OF + mark_of(name))
                is_meant = organisation and name != one_line(but_not)
                if is_meant and self._is_there(organisation, names):
                    cells |= dict.fromkeys(places, organisation)
        return cells

    def _is_there(self, organisation: str, names: Names) -> bool:
        """Whether an organisation is called so; said where none is."""
        if names.by_folded_name.get(fold(organisation)):
            return True
        said = gettext(
            "No organisation is called “%(name)s”. Choose one that is offered while you type."
        )
        messages.error(self.request, said % {"name": organisation})
        return False

    def _unknown_sources(self) -> dict[str, list[str]]:
        """The cells in which each unknown source stands, by its name."""
        cells: dict[str, list[str]] = defaultdict(list)
        for row, problem in self._found(UNKNOWN_SOURCE):
            cells[one_line(problem.value)].append(f"{row.row}:{problem.index}")
        return cells

    def _found(self, code: str) -> list[tuple[PlannedRow, Problem]]:
        """The problems of one kind, as they are now."""
        return jobs.check(self.job, self.user).plan.by_code.get(code, [])

    def _repair(self, cells: Mapping[str, str]) -> None:
        if not cells:
            messages.info(self.request, gettext("Nothing was changed."))
            return
        jobs.repair(self.job, cells)
        said = ngettext("%(count)d cell mended.", "%(count)d cells mended.", len(cells))
        messages.success(self.request, said % {"count": len(cells)})

    def _repair_one(self, code: str, cell: str) -> None:
        offered = self._offered(code)
        self._repair({cell: offered[cell]} if cell in offered else {})

    def _offered(self, code: str) -> dict[str, str]:
        """The certain repairs of all problems of a kind, by their cells."""
        return {
            f"{row.row}:{problem.index}": problem.repair
            for row, problem in self._found(code)
            if problem.repair is not None
        }

    def _keep_all(self, code: str) -> None:
        found = self._found(code)
        jobs.keep(
            self.job, [f"{row.row}:{problem.index}" for row, problem in found if problem.may_keep]
        )

    def _name_source(self, name: str) -> None:
        """Let an organisation stand in all cells that name an unknown source."""
        organisation = one_line(self.request.POST.get(SOURCE_OF + mark_of(name), ""))
        if not organisation:
            messages.error(self.request, gettext("Choose the organisation first."))
            return
        if not self._is_there(organisation, known_names()):
            return
        cells = self._unknown_sources().get(one_line(name), [])
        self._repair(dict.fromkeys(cells, organisation.replace("\0", "")))

    @transaction.atomic
    def _make_organisation(self, name: str) -> None:
        """Add a source to the organisations, by the name typed for it or else by its own.

        It is added once, however often it is asked for.
        """
        if not self.user.has_perm("core.add_organisation"):
            raise PermissionDenied
        jobs.hold_job(self.job)
        name = one_line(name)
        cells = self._unknown_sources().get(name, [])
        added = _typed_source(self.request.POST, SOURCE_OF + mark_of(name)) or name
        if not known_names().by_folded_name.get(fold(added)):
            if not cells:
                raise SuspiciousOperation("The list names no such source.")
            if len(added) > NAME_LENGTH:
                said = gettext("The name of an organisation has at most %(limit)d characters.")
                messages.error(self.request, said % {"limit": NAME_LENGTH})
                return
            Organisation.objects.create(name=added)
        if added != name:
            jobs.repair(self.job, dict.fromkeys(cells, added))
        messages.success(
            self.request,
            gettext("“%(name)s” is now among the organisations.") % {"name": added},
        )

    def _start(self, request: HttpRequest) -> HttpResponse:
        reasons = jobs.start(self.job, by=self.user, digest=request.POST.get("digest", ""))
        for reason in reasons:
            messages.error(request, reason.text)
        self.job.refresh_from_db()
        return redirect(current_url(self.job))

    def _refused_files(self) -> list[tuple[str, list[str]]]:
        """The files that were not accepted, so that their rows come without them knowingly."""
        refused = self.job.files.filter(state=ImportFileState.REFUSED).order_by("pk")
        told = [f"{name}: {reason}" for name, reason in refused.values_list("name", "reason")]
        return [(gettext("Files that were not accepted"), told)] if told else []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The whole plan, and a screenful of its rows."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        checked = jobs.check(self.job, self.user)
        plan = checked.plan
        shown = self.request.GET.get("xem", "")
        rows = [row for row in plan.rows if _is_shown(row, shown, plan)]
        unchanged = 0 if shown else len(plan.rows) - len(rows)
        if not rows:
            rows, unchanged = plan.rows, 0
        page = Paginator(rows, ROWS_ON_A_SCREEN).get_page(self.request.GET.get("p"))
        titles = titles_of_parts(page, plan)
        names = known_names()
        unknown, unknown_more = unknown_sources(plan, names, jobs.columns_of(self.job))
        context.update(
            plan=plan,
            digest=checked.digest,
            counts=[
                *((each.value, label, _count(plan, each)) for each, label in VERDICTS.items()),
                *([(MOVED, gettext("moved"), len(plan.moves))] if plan.moves else []),
            ],
            valid=len(plan.rows) - plan.count(Verdict.BLOCKED),
            blocked=plan.count(Verdict.BLOCKED),
            problems=kinds_of_problems(plan, self.job.headings),
            notes=[*notes_of(plan), *self._refused_files()],
            rows=[told_row(row, titles, plan) for row in page],
            page_of_rows=page,
            shown=shown,
            unchanged=unchanged,
            unknown=unknown,
            unknown_more=unknown_more,
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


def _count(plan: Plan, verdict: Verdict) -> int:
    return sum(_is_shown(row, verdict, plan) for row in plan.rows)


def _is_shown(row: PlannedRow, wanted: str, plan: Plan) -> bool:
    """Whether a row is listed when ``wanted`` is asked for: a verdict, MOVED, ALL, or "".

    When nothing is asked for, those at which something changes or is to be mended.
    """
    moves = row.row in plan.moves
    if not wanted:
        return moves or row.verdict is not Verdict.SAME or bool(row.problems)
    if wanted == Verdict.SAME:
        return row.verdict is Verdict.SAME and not moves
    return wanted == ALL or row.verdict == wanted or (wanted == MOVED and moves)


def _typed_source(sent: QueryDict, field: str) -> str:
    """The organisation typed for an unknown source; "" where it is the one that was offered."""
    text = one_line(sent.get(field, "").replace("\0", ""))
    return "" if mark_of(text) == sent.get(f"was-{field}") else text


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
