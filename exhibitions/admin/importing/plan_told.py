"""A plan as people read it on the check: its problems by kind, its notes, its rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.partial_dates import in_vietnamese
from exhibitions.importing.columns import BY_NAME
from exhibitions.importing.plan import (
    UNKNOWN_SOURCE,
    PartPlace,
    Plan,
    PlannedRow,
    Problem,
    Verdict,
    few_of,
)
from exhibitions.importing.sheets import column_letter
from exhibitions.importing.values import Names, nearest_organisation
from exhibitions.models import PartPage

PROBLEMS_SHOWN = 50
"""Cells of one kind of problem that are listed; all of them are mended together."""
LONG = 80
"""Characters above which a text is typed in a field of several lines."""

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
    "several_organisations": _("Names of several organisations"),
    "formula_error": _("Formulas that fail"),
    "formula_uncomputed": _("Formulas without a result"),
    "twice": _("Rows that tell of one item"),
    "reference_taken": _("References that are taken"),
    "reference_alike": _("References almost like others"),
    "exchanged": _("References that are exchanged"),
    "no_such_page": _("Unknown page numbers"),
    "no_title": _("Rows without a title"),
    "emptied": _("Cells that may not be empty"),
    "no_part": _("Sections without their Part"),
    "no_file": _("Missing files"),
    "file_not_named": _("Files the list does not name"),
    "came_twice": _("Files that came twice"),
    "not_exported": _("Texts that no cell holds"),
    "only_words": _("Texts that lose their emphasis"),
    "too_many_texts": _("More texts than pictures"),
    "locked": _("Locked items"),
    "no_right": _("Not yours to change"),
    "no_move": _("Not yours to move"),
    "too_deep": _("Items deeper than a list tells"),
    "address_taken": _("Addresses that are taken"),
}


def kinds_of_problems(plan: Plan, headings: Sequence[str]) -> list[dict[str, Any]]:
    """Problems of one kind together, those that stand in the way first.

    Without unknown sources: of these it is decided by their names, not row by row.
    """
    kinds = []
    for code, found in plan.by_code.items():
        if code == UNKNOWN_SOURCE:
            continue
        shown = found[:PROBLEMS_SHOWN]
        cells = [_cell(row, problem, headings) for row, problem in shown]
        kinds.append(
            {
                "code": code,
                "label": PROBLEMS.get(code, _("Other")),
                "blocks": any(problem.blocks for _row, problem in found),
                "count": len(found),
                "repairs": sum(problem.repair is not None for _row, problem in found),
                "may_keep": any(problem.may_keep for _row, problem in found),
                "is_typed": any(cell["key"] and cell["repair"] is None for cell in cells),
                "cells": cells,
                "more": len(found) - len(shown),
            }
        )
    return sorted(kinds, key=lambda kind: (not kind["blocks"], -kind["count"]))


def unknown_sources(plan: Plan, names: Names) -> list[dict[str, str]]:
    """Sources that are among no organisations: name, rows, and which of them it may be."""
    return [
        {"name": name, "rows": few_of(rows), "nearest": nearest_organisation(name, names)}
        for name, rows in sorted(plan.unknown_sources.items())
    ]


def _cell(row: PlannedRow, problem: Problem, headings: Sequence[str]) -> dict[str, Any]:
    index = problem.index
    may_be_mended = problem.blocks or bool(problem.value)
    return {
        "row": row.row,
        "title": row.title,
        "column": _heading(index, headings),
        "key": f"{row.row}:{index}" if index is not None and may_be_mended else "",
        "id": f"{problem.code}-{row.row}-{index}",
        "text": problem.text,
        "value": problem.value,
        "repair": problem.repair,
        "may_keep": problem.may_keep,
        "is_long": len(problem.value) > LONG or "\n" in problem.value,
    }


def _heading(index: int | None, headings: Sequence[str]) -> str:
    if index is None:
        return ""
    heading = headings[index] if index < len(headings) else ""
    return heading or column_letter(index)


def titles_of_parts(rows: Iterable[PlannedRow], plan: Plan) -> dict[PartPlace, str]:
    """What the Parts are called that new items come to, made or to be made. One query.

    A row is new only where the person may add to its Part, so it names no other.
    """
    places = {row.part for row in rows if row.verdict is Verdict.NEW}
    there = PartPage.objects.filter(pk__in=[each for each in places if isinstance(each, int)])
    titles: dict[PartPlace, str] = {part.pk: part.draft_title or part.title for part in there}
    return titles | {part.key: part.title for part in plan.parts}


def told_row(row: PlannedRow, titles: Mapping[PartPlace, str], plan: Plan) -> dict[str, Any]:
    """A row of the table; a new one says as well where and when it belongs, and all its cells."""
    is_new = row.verdict is Verdict.NEW
    return {
        "number": row.row,
        "title": row.title,
        "verdict": row.verdict.value,
        "label": VERDICTS[row.verdict],
        "part": titles.get(row.part, "") if is_new and row.part is not None else "",
        "date": _date_of(row) if is_new else "",
        "differences": _differences_of(row) if row.page else [],
        "cells": [] if row.page else _cells_of(row),
        "move": _move_of(row, plan),
        "problems": [problem.text for problem in row.problems],
        "files": row.files,
    }


def _differences_of(row: PlannedRow) -> list[tuple[str, str, str]]:
    return [(BY_NAME[each.name].heading, each.before, each.after) for each in row.differences]


def _cells_of(row: PlannedRow) -> list[tuple[str, str]]:
    """What a new item will say besides its title, which stands above."""
    return [
        (BY_NAME[each.name].heading, each.after) for each in row.differences if each.name != "title"
    ]


def _move_of(row: PlannedRow, plan: Plan) -> str:
    """Where an item will stand that changes its place within its Part; "" of any other."""
    if row.row not in plan.moves:
        return ""
    behind = plan.moves[row.row]
    if behind is None:
        return gettext("Moves to the beginning of its Part.")
    return gettext("Moves behind row %(row)d.") % {"row": behind}


def _date_of(row: PlannedRow) -> str:
    """When the item was made, as the public will read it."""
    if shown := row.values.get("date_display"):
        return str(shown)
    date = row.values.get("date")
    return in_vietnamese(date).removeprefix("ngày ") if date else ""


def _with_titles(numbers: Sequence[int], plan: Plan) -> list[str]:
    titles = {row.row: row.title for row in plan.rows}
    return [f"{number}: {titles.get(number, '')}" for number in numbers]


def notes_of(plan: Plan) -> list[tuple[str, list[str]]]:
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
            _with_titles(plan.rows_without_file, plan),
        ),
        (
            gettext("Rows that tell of no item"),
            [f"{number}: {text}" for number, text in plan.left_out],
        ),
        (
            gettext("Rows that Excel hides, imported like the others"),
            _with_titles(plan.hidden_rows, plan),
        ),
        (
            gettext("Items this list tells of no more; they stay as they are"),
            plan.items_without_row,
        ),
        (
            gettext("Parts whose order is changed by approval only, and stays"),
            plan.orders_that_stay,
        ),
    ]
    return [(label, texts) for label, texts in notes if texts]
