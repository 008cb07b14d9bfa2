""" "Ghép cột": which of our columns each heading of a list is."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages

from core.row_numbers import row_number
from exhibitions.admin.importing.screens import PreparingScreen, parts_to_add_to, step_url
from exhibitions.importing import jobs
from exhibitions.importing.columns import BY_NAME, COLUMNS, UNUSED
from exhibitions.importing.reading import HEADINGS_WITHIN
from exhibitions.importing.sheets import Sheet, column_letter

SAMPLES = 3


class ColumnsView(PreparingScreen):
    """ "Ghép cột": the sheet, its row of headings, and each heading with our columns."""

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
        number = row_number(request.POST.get("default_part", ""))
        parts = parts_to_add_to(self.exhibition, self.user)
        self.job.default_part = next((part for part in parts if part.pk == number), None)
        reasons = jobs.keep_choices(self.job, jobs.COLUMN_CHOICES)
        reasons = reasons or jobs.reasons_against_columns(self.job)
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
        for reason in jobs.keep_choices(self.job, jobs.SHEET_CHOICES):
            messages.error(request, reason.text)
        return redirect(step_url(self.job, "columns"))

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
            parts=parts_to_add_to(self.exhibition, self.user),
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
