"""Read a list as its author sees it: Excel, OpenDocument and CSV files become rows of text.

Files come from people, so nothing in them is trusted: they are told apart by their content,
unpacked within limits, and whatever is wrong with one becomes ``UnreadableSheet``. Text stays
as it is written, spaces, decomposed marks and old encodings included: what follows the reading
has to report them.
"""

from exhibitions.importing.sheets.model import (
    MAX_FILE_BYTES,
    Cell,
    CellTrouble,
    Row,
    Sheet,
    column_letter,
)
from exhibitions.importing.sheets.reading import read_workbook
from exhibitions.importing.sheets.refusals import UnreadableSheet

__all__ = [
    "MAX_FILE_BYTES",
    "Cell",
    "CellTrouble",
    "Row",
    "Sheet",
    "UnreadableSheet",
    "column_letter",
    "read_workbook",
]
