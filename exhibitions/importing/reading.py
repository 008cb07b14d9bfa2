"""From a sheet to the rows of a list: where its headings are, and what stands above each row.

Lists of offices begin with titles, number their columns under the headings, divide their
rows by the names of Parts across the whole width, and end with sums and signatures.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.vietnamese import normalise
from exhibitions.importing.columns import NUMBER, PART_LEVELS, UNUSED, heading_score
from exhibitions.importing.part_names import level_of_heading, read_part_name
from exhibitions.importing.sheets import Cell, Row, Sheet

HEADINGS_WITHIN = 40
"""Rows from the top among which the headings are looked for."""

_SUM = re.compile(r"(t[oổ]ng (s[oố]|c[oộ]ng)|cộng)( cộng)?\s*[:.]?\s*(\d.*)?", re.DOTALL)
"""A sum says nothing but its number. With marks: "Công văn" is a document."""
_NOTHING = Cell()


@dataclass(frozen=True)
class ListRow:
    """A row that tells of an item."""

    number: int
    """As Excel numbers it; of files without a list, its place among them."""
    cells: Mapping[int, Cell]
    """By index of the column; only those that say something or are in trouble."""
    part_texts: tuple[str, ...] = ()
    """The rows above it that name a Part and a section, from the outermost inwards."""
    is_hidden: bool = False


@dataclass(frozen=True)
class LeftOutRow:
    """A row that tells of no item: a sum, a signature, a Part without items."""

    number: int
    text: str


@dataclass(frozen=True)
class ListOfRows:
    """The rows of a sheet."""

    rows: tuple[ListRow, ...]
    left_out: tuple[LeftOutRow, ...]


def find_heading_row(sheet: Sheet) -> int | None:
    """The number of the row that holds the headings, or None when none looks like it.

    Of two that look alike, one below the other, the lower: headings in two storeys have
    the names of single columns below. Headings that are only like those known are looked
    for where none is known word for word.
    """
    found = _best_row(sheet, alike=False)
    return _best_row(sheet, alike=True) if found is None else found


def _best_row(sheet: Sheet, *, alike: bool) -> int | None:
    best, best_score = None, 0.0
    for row in sheet.rows[:HEADINGS_WITHIN]:
        score = heading_score([cell.text for cell in row.cells], alike=alike)
        if score and score >= best_score:
            best, best_score = row.number, score
    return best


def headings_of(sheet: Sheet, heading_row: int) -> list[str]:
    """The headings in that row, in order; "" where a column has none."""
    row = next((row for row in sheet.rows if row.number == heading_row), None)
    texts = [" ".join(normalise(cell.text).split()) for cell in row.cells] if row else []
    while texts and not texts[-1]:
        texts.pop()
    return texts


def read_rows(sheet: Sheet, heading_row: int, columns: Mapping[int, str]) -> ListOfRows:
    """The rows below the headings. ``columns`` says which column each index is."""
    part_column = any(name in PART_LEVELS for name in columns.values())
    number_index = next((index for index, name in columns.items() if name == NUMBER), None)
    rows: list[ListRow] = []
    left_out: list[LeftOutRow] = []
    above: list[LeftOutRow] = []
    waiting: list[LeftOutRow] = []
    for row in _below(sheet, heading_row, columns):
        cells = {index: cell for index, cell in enumerate(row.cells) if cell.text.strip()}
        cells |= {index: cell for index, cell in enumerate(row.cells) if cell.trouble}
        told = " ".join(next(iter(cells.values())).text.split())
        if (_SUM.fullmatch(normalise(told).lower()) and len(cells) <= 3) or not _tells_of_an_item(
            cells, columns
        ):
            left_out.append(LeftOutRow(row.number, told))
        elif not part_column and (heading := _divides(cells, number_index)) is not None:
            waiting.append(LeftOutRow(row.number, heading))
        else:
            if waiting:
                above = _standing_above(above, waiting, left_out)
                waiting = []
            texts = tuple(each.text for each in above)
            rows.append(ListRow(row.number, cells, texts, row.is_hidden))
    left_out += waiting
    return ListOfRows(tuple(rows), tuple(sorted(left_out, key=lambda each: each.number)))


def every_row(sheet: Sheet, heading_row: int) -> ListOfRows:
    """The rows below the headings of a list in which each tells of an item, whatever it says."""
    rows = (
        ListRow(
            row.number, {index: cell for index, cell in enumerate(row.cells) if cell.says_something}
        )
        for row in sheet.rows
        if row.number > heading_row
    )
    return ListOfRows(tuple(rows), ())


def _below(sheet: Sheet, heading_row: int, columns: Mapping[int, str]) -> Sequence[Row]:
    """The rows below the headings that say something, without the row that numbers columns."""
    rows = [
        row
        for row in sheet.rows
        if row.number > heading_row and any(cell.text.strip() or cell.trouble for cell in row.cells)
    ]
    return rows[1:] if rows and _numbers_columns(rows[0]) else rows


def _numbers_columns(row: Row) -> bool:
    """ "(1) (2) (3)" or "1 2 3" below the headings."""
    digits = [re.sub(r"[^\d]", "", cell.text) for cell in row.cells if cell.text.strip()]
    plain = all(
        re.fullmatch(r"\(?\d{1,2}\)?", cell.text.strip()) for cell in row.cells if cell.text
    )
    return plain and len(digits) > 2 and digits == [str(each + 1) for each in range(len(digits))]


def _tells_of_an_item(cells: Mapping[int, Cell], columns: Mapping[int, str]) -> bool:
    """Whether any column that is imported says something, or the row divides the list."""
    used = {index for index, name in columns.items() if name != UNUSED}
    return bool(used & set(cells)) or len(cells) == 1


def _divides(cells: Mapping[int, Cell], number_index: int | None) -> str | None:
    """The name of a Part across the row, or None for a row of the list."""
    texts = {index: " ".join(cell.text.split()) for index, cell in cells.items() if cell.text}
    if len(texts) == 1:
        (index, text), *_rest = texts.items()
        return None if index == number_index and text.isdigit() else text
    if len(texts) == 2 and number_index in texts:
        number = texts[number_index]
        other = next(text for index, text in texts.items() if index != number_index)
        if re.fullmatch(r"[IVX]+\.?|[A-ZĐa-zđ][.)]?", number):
            named_in_full = read_part_name(other).number is not None
            return other if named_in_full else f"{number.rstrip('.)')}. {other}"
    return None


def _standing_above(
    above: list[LeftOutRow], waiting: list[LeftOutRow], left_out: list[LeftOutRow]
) -> list[LeftOutRow]:
    """What stands above the next item: of headings in a row, the last at each level."""
    levels = {level_of_heading(each.text): each for each in above}
    for each in waiting:
        level = level_of_heading(each.text) if levels else 0
        if level == 0:
            levels = {0: each}
        else:
            levels[level] = each
    standing = [levels[level] for level in sorted(levels)]
    left_out += [each for each in waiting if each not in standing]
    return standing


def cell_of(row: ListRow, index: int | None) -> Cell:
    """The cell at ``index``; an empty one where nothing stands."""
    return row.cells.get(index, _NOTHING) if index is not None else _NOTHING
