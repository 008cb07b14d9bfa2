"""What is read: sheets of rows of cells, and how large each may be."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MEGABYTE: Final = 1024 * 1024
MAX_FILE_BYTES: Final = 20 * MEGABYTE
"""Size of the largest file that is read."""
MAX_UNPACKED_BYTES: Final = 250 * MEGABYTE
"""Size to which a workbook may unpack; a hundred thousand empty rows with borders take 50 MB."""
MAX_TEXT_BYTES: Final = 64 * MEGABYTE
"""Size of the part of a workbook that holds its texts, all of which are kept in memory."""
MAX_ROWS: Final = 20_000
"""How many rows with text a sheet may have."""
MAX_COLUMNS: Final = 300
"""How many columns, from the left, may hold text."""
MAX_CELLS: Final = 1_000_000
"""How many cells with text a workbook may have."""
MAX_CELL_CHARACTERS: Final = 100_000
"""Length of the longest text of a cell; Excel itself holds 32,767 characters."""


class CellTrouble(StrEnum):
    """Why a cell does not say what its author meant."""

    ERROR = "error"  # a formula's #REF!, #N/A or the like, which is the cell's text
    UNCOMPUTED = "uncomputed"  # a formula whose value the file does not hold


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell."""

    text: str = ""
    trouble: CellTrouble | None = None

    @property
    def says_something(self) -> bool:
        """Whether more than spaces stands in it."""
        return bool(self.trouble or self.text.strip())


NO_CELL: Final = Cell()


@dataclass(frozen=True, slots=True)
class Row:
    """A row in which something stands."""

    number: int
    """As Excel numbers it, from 1. A list that we make of files has its headings in row 0."""
    cells: tuple[Cell, ...]
    """From column A on; as many in every row of a sheet."""
    is_hidden: bool = False


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook, or a CSV file."""

    name: str
    rows: tuple[Row, ...]
    """From the top; those without text are left out."""
    is_hidden: bool = False
    hidden_columns: frozenset[int] = frozenset()
    """Indexes from 0 of the hidden columns among those the rows have."""
    filled_ranges: tuple[str, ...] = ()
    """Merged cells ("A3:A22") whose text was given to their other rows as well."""


def column_letter(index: int) -> str:
    """Return Excel's name of the column with ``index`` from 0: "A", "Z", "AA"."""
    letters = ""
    number = index + 1
    while number:
        number, remainder = divmod(number - 1, 26)
        letters = chr(ord("A") + remainder) + letters
    return letters
