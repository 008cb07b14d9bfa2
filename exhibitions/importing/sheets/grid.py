"""A sheet while it is being read: its cells, counted as they come, and its merged ranges."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from exhibitions.importing.sheets.model import (
    MAX_CELL_CHARACTERS,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    NO_CELL,
    Cell,
    Row,
    Sheet,
    column_letter,
)
from exhibitions.importing.sheets.refusals import UnreadableSheet


class Range(NamedTuple):
    """Merged cells; rows from 1 and columns from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int

    def __str__(self) -> str:
        first, last = column_letter(self.left), column_letter(self.right)
        return f"{first}{self.top}:{last}{self.bottom}"


LONGEST_NAME: Final = 255
"""Characters of a sheet's name; Excel writes 31, other programs any number."""


@dataclass
class Tally:
    """How many cells a workbook has filled so far."""

    cells: int = 0

    def count(self) -> None:
        """Count one more, or raise ``UnreadableSheet``."""
        self.cells += 1
        if self.cells > MAX_CELLS:
            raise UnreadableSheet(
                _(
                    "The workbook has more than %(limit)s cells with text. Divide the list into "
                    "several files."
                )
                % {"limit": MAX_CELLS}
            )


@dataclass
class Grid:
    """The cells of a sheet by row number and column index; only those that hold something."""

    name: str
    tally: Tally
    is_hidden: bool = False
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    said: set[int] = field(default_factory=set)
    """Numbers of the rows with more than spaces."""
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[Range] = field(default_factory=list)

    def put(self, number: int, index: int, cell: Cell) -> None:
        """Note what stands in a cell; raise ``UnreadableSheet`` when that is too much."""
        if index >= MAX_COLUMNS:
            if cell.says_something:
                raise self._too_wide(number, index)
            return
        if len(cell.text) > MAX_CELL_CHARACTERS:
            raise self._too_long(number, index)
        if cell == NO_CELL:
            return
        self.tally.count()
        self.rows.setdefault(number, {})[index] = cell
        if cell.says_something:
            self.said.add(number)
            if len(self.said) > MAX_ROWS:
                raise self._too_many_rows()

    def hide_columns(self, first: int, last: int) -> None:
        """Note that the columns with these indexes and all between them are hidden."""
        self.hidden_columns.update(range(max(first, 0), min(last + 1, MAX_COLUMNS)))

    def merge(self, merged: Range) -> None:
        """Note that cells are merged."""
        self.tally.count()
        self.merged.append(merged)

    def sheet(self) -> Sheet:
        """The sheet, with the texts of merged cells where people see them.

        They are given to every row they cover in which something else stands. A row of which
        merged cells are all there is would be an item nobody listed: where each item is two
        rows high, the second holds nothing of its own.
        """
        ranges = self._ranges_with_text()
        all_numbers = sorted(self.rows)
        for merged in ranges:
            self._clear_covered(merged, all_numbers)
        numbers = [
            number
            for number in all_numbers
            if any(cell.says_something for cell in self.rows[number].values())
        ]
        filled = tuple(str(merged) for merged in ranges if self._fill(merged, numbers))
        width = 1 + max((max(self.rows[number]) for number in numbers), default=-1)
        rows = tuple(
            Row(
                number,
                tuple(self.rows[number].get(index, NO_CELL) for index in range(width)),
                number in self.hidden_rows,
            )
            for number in numbers
        )
        hidden_columns = frozenset(index for index in self.hidden_columns if index < width)
        return Sheet(self.name[:LONGEST_NAME], rows, self.is_hidden, hidden_columns, filled)

    def _ranges_with_text(self) -> list[Range]:
        """The merged ranges that have a text, from the top; of two that overlap, the first."""
        # Ranges that overlap exist only in broken files, where following each of them could
        # take hours.
        ranges: list[Range] = []
        covered_down_to: dict[int, int] = {}
        for merged in sorted(set(self.merged)):
            right = min(merged.right, MAX_COLUMNS - 1)
            columns = range(merged.left, right + 1)
            has_text = merged.left in self.rows.get(merged.top, {})
            if has_text and all(covered_down_to.get(each, 0) < merged.top for each in columns):
                covered_down_to |= dict.fromkeys(columns, merged.bottom)
                ranges.append(merged)
        return ranges

    def _clear_covered(self, merged: Range, numbers: list[int]) -> None:
        """Drop what stands behind merged cells, where nobody sees it."""
        for number in _within(merged, numbers):
            row = self.rows[number]
            for index in range(merged.left, min(merged.right, MAX_COLUMNS) + 1):
                if (number, index) != (merged.top, merged.left):
                    row.pop(index, None)

    def _fill(self, merged: Range, numbers: list[int]) -> bool:
        """Whether a further row got the text of ``merged``; ``numbers`` are the rows with text."""
        text = self.rows[merged.top][merged.left]
        below = [number for number in _within(merged, numbers) if number != merged.top]
        for number in below:
            self.tally.count()
            self.rows[number][merged.left] = text
        return bool(below)

    def _too_many_rows(self) -> UnreadableSheet:
        return UnreadableSheet(
            _(
                "The sheet “%(sheet)s” has more than %(limit)s rows with text. Divide the list "
                "into several files."
            )
            % {"sheet": self.name, "limit": MAX_ROWS}
        )

    def _too_wide(self, number: int, index: int) -> UnreadableSheet:
        return UnreadableSheet(
            _(
                "Something stands in cell %(cell)s of the sheet “%(sheet)s”, but only columns "
                "A to %(last)s are read. Delete it, or move it to the left."
            )
            % {
                "cell": f"{column_letter(index)}{number}",
                "sheet": self.name,
                "last": column_letter(MAX_COLUMNS - 1),
            }
        )

    def _too_long(self, number: int, index: int) -> UnreadableSheet:
        return UnreadableSheet(
            _(
                "Cell %(cell)s of the sheet “%(sheet)s” holds more than %(limit)s characters. "
                "Shorten it, or look whether several rows ran together in it."
            )
            % {
                "cell": f"{column_letter(index)}{number}",
                "sheet": self.name,
                "limit": MAX_CELL_CHARACTERS,
            }
        )


def _within(merged: Range, numbers: list[int]) -> list[int]:
    """Those of the sorted ``numbers`` whose rows ``merged`` covers."""
    first = bisect_left(numbers, merged.top)
    return numbers[first : bisect_left(numbers, merged.bottom + 1)]
