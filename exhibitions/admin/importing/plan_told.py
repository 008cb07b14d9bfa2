"""A plan as people read it on the check: its problems by kind, its notes, its rows."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, takewhile
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.partial_dates import in_vietnamese
from exhibitions.importing.columns import BY_NAME, SOURCE
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
from exhibitions.importing.values import NAME_LENGTH, Names, nearest_organisation
from exhibitions.models import PartPage

PROBLEMS_SHOWN = 50
"""Cells of one kind of problem that are listed, and names of unknown sources."""
FIELDS_SHOWN = 300
CHARACTERS_SHOWN = 200_000
"""Cells of all kinds for which a text may be typed, and what these texts have together: they
are sent with every button, and Django takes a thousand fields and 2.5 MB, in which a letter
with its marks has nine bytes."""
SHOWN_WHOLE = 200
AROUND = 40
SHOWN_AT_MOST = 2000
"""Characters: a difference up to this is shown whole, of a longer one what differs with what
stands around it, and never more than this."""
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
    "date_in_words": _("Times told in words"),
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


HELP: Mapping[str, Any] = {
    "no_date": _(
        "A time that only words can tell: write the words in the column “Thời gian hiển thị”, "
        "and here the nearest year, or nothing."
    ),
}
"""What to do about problems of a kind, where the problem itself does not say it."""


def kinds_of_problems(plan: Plan, headings: Sequence[str]) -> list[dict[str, Any]]:
    """Problems of one kind together, those that stand in the way first.

    Without unknown sources: of these it is decided by their names, not row by row.
    """
    kinds = [
        _kind(code, found, headings)
        for code, found in plan.by_code.items()
        if code != UNKNOWN_SOURCE
    ]
    kinds.sort(key=lambda kind: (not kind["blocks"], -kind["count"]))
    fields, characters = FIELDS_SHOWN, CHARACTERS_SHOWN
    for kind in kinds:
        shown = _those_that_fit(kind["cells"], fields, characters)
        typed = [cell for cell in shown if cell["key"] and cell["repair"] is None]
        fields -= len(typed)
        characters -= sum(len(cell["value"]) for cell in typed)
        kind |= {"more": len(kind["cells"]) - len(shown), "cells": shown, "is_typed": bool(typed)}
    return kinds


def _kind(
    code: str, found: Sequence[tuple[PlannedRow, Problem]], headings: Sequence[str]
) -> dict[str, Any]:
    return {
        "code": code,
        "label": PROBLEMS.get(code, _("Other")),
        "help": HELP.get(code, ""),
        "blocks": any(problem.blocks for _row, problem in found),
        "count": len(found),
        "repairs": sum(problem.repair is not None for _row, problem in found),
        "may_keep": any(problem.may_keep for _row, problem in found),
        "cells": _cells(found, headings),
    }


def unknown_sources(
    plan: Plan, names: Names, columns: Mapping[int, str]
) -> tuple[list[dict[str, Any]], int]:
    """Sources that are among no organisations: what may be said of the first, and how many more.

    ``columns`` tells which column is which: of "Nguồn" alone a source may be a person's.
    """
    cells: dict[str, list[tuple[int, int | None]]] = defaultdict(list)
    for row, problem in plan.by_code.get(UNKNOWN_SOURCE, []):
        cells[one_line(problem.value)].append((row.row, problem.index))
    told = [
        {
            "name": name,
            "rows": few_of([row for row, _index in cells[name]]),
            "mark": mark_of(name),
            "nearest": (nearest := nearest_organisation(name, names)),
            "nearest_mark": mark_of(nearest),
            "may_be_person": any(columns.get(index or 0) == SOURCE for _row, index in cells[name]),
            "may_be_added": len(name) <= NAME_LENGTH,
        }
        for name in sorted(cells)[:PROBLEMS_SHOWN]
    ]
    return told, len(cells) - len(told)


def one_line(text: str) -> str:
    """A name without its breaks and runs of spaces: browsers send them otherwise."""
    return " ".join(text.split())


def mark_of(text: str) -> str:
    """By which a text of the screen is known again, without sending it along."""
    return hashlib.sha256(text.strip().encode()).hexdigest()[:16]


def _cells(
    found: Sequence[tuple[PlannedRow, Problem]], headings: Sequence[str]
) -> list[dict[str, Any]]:
    """Problems of one kind by their cells: of each cell all that is said, and one repair."""
    cells: dict[tuple[int, int | None], dict[str, Any]] = {}
    for row, problem in found:
        place = (row.row, problem.index)
        if place in cells:
            cells[place]["texts"].append(problem.text)
        else:
            cells[place] = _cell(row, problem, headings)
    return list(cells.values())


def _cell(row: PlannedRow, problem: Problem, headings: Sequence[str]) -> dict[str, Any]:
    index = problem.index
    may_be_mended = problem.blocks or bool(problem.value)
    return {
        "row": row.row,
        "title": row.title,
        "column": _heading(index, headings),
        "key": f"{row.row}:{index}" if index is not None and may_be_mended else "",
        "id": f"{problem.code}-{row.row}-{index}",
        "texts": [problem.text],
        "value": problem.value,
        # HTML passes over a line break with which a text area begins.
        "lines": f"\n{problem.value}",
        "mark": mark_of(problem.value),
        "repair": problem.repair,
        "difference": where_they_differ(problem.value, problem.repair or ""),
        "may_keep": problem.may_keep,
        "is_long": len(problem.value) > LONG or "\n" in problem.value,
    }


def _those_that_fit(
    cells: Sequence[dict[str, Any]], fields: int, characters: int
) -> list[dict[str, Any]]:
    """The first of ``cells``, at least one, that are not too much for one screen."""
    lengths = accumulate(len(cell["value"]) for cell in cells[: min(PROBLEMS_SHOWN, fields)])
    fitting = sum(total <= characters for total in lengths)
    return list(cells[: max(fitting, 1)])


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
        "label": _("moved") if _only_moves(row, plan) else VERDICTS[row.verdict],
        "part": titles.get(row.part, "") if is_new and row.part is not None else "",
        "date": _date_of(row) if is_new else "",
        "differences": _differences_of(row) if row.page else [],
        "cells": [] if row.page else _cells_of(row),
        "move": _move_of(row, plan),
        "problems": [problem.text for problem in row.problems],
        "files": row.files,
    }


def _only_moves(row: PlannedRow, plan: Plan) -> bool:
    return row.verdict is Verdict.SAME and row.row in plan.moves


def _differences_of(row: PlannedRow) -> list[tuple[str, str, str]]:
    return [
        (BY_NAME[each.name].heading, *where_they_differ(each.before, each.after))
        for each in row.differences
    ]


def where_they_differ(before: str, after: str) -> tuple[str, str]:
    """Both texts whole; of long ones what differs, from the first letter to the last."""
    if max(len(before), len(after)) <= SHOWN_WHOLE:
        return before, after
    start = _alike(before, after)
    end = _alike(reversed(before[start:]), reversed(after[start:]))
    return _cut(before, start, end), _cut(after, start, end)


def _alike(one: Iterable[str], other: Iterable[str]) -> int:
    """How many characters are the same from the beginning."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _cut(text: str, start: int, end: int) -> str:
    """``text`` without all but a little of its first ``start`` and last ``end`` characters."""
    first, last = max(0, start - AROUND), min(len(text), len(text) - end + AROUND)
    last = min(last, first + SHOWN_AT_MOST)
    return f"{'…' if first else ''}{text[first:last]}{'…' if last < len(text) else ''}"


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
    if isinstance(behind, int):
        return gettext("Moves behind row %(row)d.") % {"row": behind}
    named = gettext("Moves behind “%(title)s”.") % {"title": behind}
    return named if behind else gettext("Moves within its Part.")


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
            gettext("Numbers (STT) that are not in order: items stand as their rows do"),
            _with_titles(plan.numbers_out_of_order, plan),
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
