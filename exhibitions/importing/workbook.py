"""The list of an exhibition's items as a workbook, to be corrected in Excel and imported again.

Every cell is text, so that Excel makes no date of "7/1948" and no number of "0012". The
same workbook without items is the template, with examples on a sheet of their own.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from core.spreadsheets import FORMULA_SIGNS
from exhibitions.importing.columns import NUMBER, WORKBOOK_COLUMNS, Column
from exhibitions.importing.snapshot import Snapshot
from exhibitions.importing.values import FORMS, YES, Choice, YesOrNo

LIST_SHEET = "Tài liệu"
EXAMPLE_SHEET = "Ví dụ"
GUIDE_SHEET = "Hướng dẫn"

FONT = "Times New Roman"
DROP_DOWN_ROWS = 2_000
TEXT_FORMAT = "@"

_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")

EXAMPLES: tuple[Mapping[str, str], ...] = (
    {
        "number": "1",
        "part": "Phần I. MẪU – Những ngày đầu",
        "reference": "LS-001",
        "kind": "Tài liệu",
        "title": "MẪU – Lời kêu gọi thi đua",
        "date": "11/6/1948",
        "source_organisation": "(tên cơ quan trong danh mục)",
        "fonds": "MẪU – Phông lưu trữ",
        "file": "12",
        "sheet": "3",
        "files": "LS-001_01.tif\nLS-001_02.tif",
        "labels": "Trang 1\nTrang 2",
    },
    {
        "number": "2",
        "part": "Phần I. MẪU – Những ngày đầu",
        "reference": "LS-002",
        "kind": "Hình ảnh",
        "title": "MẪU – Ảnh chụp một buổi lễ",
        "date": "khoảng 1950",
        "source_person_title": "NSNA",
        "source_person": "(mẫu)",
        "files": "LS-002.jpg",
    },
    {
        "number": "3",
        "part": "Phần II. MẪU – Hôm nay",
        "reference": "LS-003",
        "kind": "Hiện vật",
        "title": "MẪU – Huy hiệu",
        "date": "không rõ ngày",
        "files": "LS-003 mat truoc.jpg\nLS-003 mat sau.jpg",
    },
)


def as_workbook(snapshot: Snapshot) -> bytes:
    """All items of an exhibition, in order, as an .xlsx file."""
    numbered = enumerate(snapshot.items, start=1)
    return _saved({**snapshot.cells(item), NUMBER: str(place)} for place, item in numbered)


def as_template() -> bytes:
    """The workbook without items, with examples and what to write in each column."""
    return _saved((), with_examples=True)


def _saved(rows: Iterable[Mapping[str, str]], *, with_examples: bool = False) -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = LIST_SHEET
    _write_rows(sheet, rows)
    _add_drop_downs(sheet)
    if with_examples:
        _write_rows(workbook.create_sheet(EXAMPLE_SHEET), EXAMPLES)
    _write_guide(workbook.create_sheet(GUIDE_SHEET))
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def _write_rows(sheet: Worksheet, rows: Iterable[Mapping[str, str]]) -> None:
    for index, column in enumerate(WORKBOOK_COLUMNS, start=1):
        cell = sheet.cell(row=1, column=index)
        _write(cell, column.heading, bold=True)
        cell.fill = PatternFill("solid", fgColor="F3E9DC")
        if column.hint:
            cell.comment = Comment(column.hint, "Trienlam", width=260, height=90)
        sheet.column_dimensions[get_column_letter(index)].width = column.width
    sheet.freeze_panes = "A2"
    for number, row in enumerate(rows, start=2):
        for index, column in enumerate(WORKBOOK_COLUMNS, start=1):
            if text := row.get(column.name, ""):
                _write(sheet.cell(row=number, column=index), text)


def _write(cell: Cell, text: str, *, bold: bool = False) -> None:
    """``text`` and nothing but text, whatever it begins with."""
    cell.number_format = TEXT_FORMAT
    cell.value = as_stored(text)
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(FORMULA_SIGNS)
    cell.font = Font(name=FONT, size=12, bold=bold)
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def as_stored(text: str) -> str:
    """``text`` as the format keeps it: without signs it cannot hold, escapes escaped."""
    return _LOOKS_ESCAPED.sub("_x005F_", ILLEGAL_CHARACTERS_RE.sub("", text))


def _add_drop_downs(sheet: Worksheet) -> None:
    for index, column in enumerate(WORKBOOK_COLUMNS, start=1):
        words = words_of(column)
        if not words:
            continue
        validation = DataValidation(
            type="list", formula1='"' + ",".join(words) + '"', allow_blank=True
        )
        # Other words are understood as well, and what is not is told when it is checked.
        validation.showErrorMessage = False
        letter = get_column_letter(index)
        validation.add(f"{letter}2:{letter}{DROP_DOWN_ROWS}")
        sheet.add_data_validation(validation)


def words_of(column: Column) -> Sequence[str]:
    """The words a column offers, if it is one to choose from."""
    form = FORMS.get(column.name)
    if isinstance(form, Choice):
        return form.words
    return [YES] if isinstance(form, YesOrNo) else []


def _write_guide(sheet: Worksheet) -> None:
    rows = [("Cột", "Cách ghi", "Các giá trị")]
    rows += [
        (column.heading, column.hint, ", ".join(words_of(column))) for column in WORKBOOK_COLUMNS
    ]
    for number, row in enumerate(rows, start=1):
        for index, text in enumerate(row, start=1):
            _write(sheet.cell(row=number, column=index), text, bold=number == 1)
    for letter, width in (("A", 26), ("B", 60), ("C", 60)):
        sheet.column_dimensions[letter].width = width
