"""OpenDocument spreadsheets (ISO/IEC 26300), as LibreOffice saves them: .ods."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.sax.handler import ContentHandler

from django.utils.translation import gettext as _

from exhibitions.importing.sheets.grid import Grid, Range, Tally
from exhibitions.importing.sheets.model import (
    MAX_CELL_CHARACTERS,
    MAX_COLUMNS,
    MAX_TEXT_BYTES,
    NO_CELL,
    Cell,
    CellTrouble,
    Sheet,
)
from exhibitions.importing.sheets.number_formats import GENERAL, Format
from exhibitions.importing.sheets.package import Package
from exhibitions.importing.sheets.refusals import not_a_spreadsheet, protected
from exhibitions.importing.sheets.saying import (
    say_boolean,
    say_iso_date,
    say_iso_duration,
    say_lines,
    say_number,
)

_SPREADSHEET_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_MANIFEST = "META-INF/manifest.xml"


def read_open_document(package: Package) -> list[Sheet]:
    """The sheets of a document in their order; raise ``UnreadableSheet`` for a text document."""
    if "mimetype" in package:
        kind = b"".join(package.chunks("mimetype", limit=1000))
        if not kind.startswith(_SPREADSHEET_TYPE):
            raise not_a_spreadsheet(_("a text document"))
    if _MANIFEST in package:
        manifest = b"".join(package.chunks(_MANIFEST, limit=MAX_TEXT_BYTES))
        if b"encryption-data" in manifest:
            raise protected()
    styles = _Styles()
    if "styles.xml" in package:
        package.parse("styles.xml", styles, limit=MAX_TEXT_BYTES)
    content = _Content(styles)
    package.parse("content.xml", content)
    return content.sheets


_FORMAT_ELEMENTS = ("number:date-style", "number:time-style", "number:number-style")
_SHOWN_BY_ELEMENT = {
    "number:day": "day",
    "number:month": "month",
    "number:year": "year",
    "number:hours": "time",
    "number:minutes": "time",
    "number:seconds": "time",
}


@dataclass
class _Style:
    """A style of cells or tables."""

    parent: str = ""
    format_name: str = ""
    is_hidden: bool = False


class _Styles(ContentHandler):
    """Styles by their names, and the formats of the dates and numbers they show."""

    def __init__(self) -> None:
        super().__init__()
        self.styles: dict[str, _Style] = {}
        self.formats: dict[str, Format] = {}
        self._style = _Style()
        self._format_name = ""
        self._shown: dict[str, Any] = {}

    def startElement(self, name: str, attrs: Any) -> None:
        if name == "style:style":
            self._style = _Style(
                attrs.get("style:parent-style-name", ""), attrs.get("style:data-style-name", "")
            )
            self.styles[attrs["style:name"]] = self._style
        elif name == "style:table-properties":
            self._style.is_hidden = attrs.get("table:display") == "false"
        elif name in _FORMAT_ELEMENTS:
            self._format_name = attrs["style:name"]
            self._shown = {}
        elif name in _SHOWN_BY_ELEMENT:
            self._shown[_SHOWN_BY_ELEMENT[name]] = True
        elif name == "number:number" and attrs.get("number:decimal-places", "0") == "0":
            digits = min(int(attrs.get("number:min-integer-digits", 0)), MAX_CELL_CHARACTERS)
            self._shown["digits"] = digits

    def endElement(self, name: str) -> None:
        if name in _FORMAT_ELEMENTS:
            self.formats[self._format_name] = Format(**self._shown)

    def format_of(self, name: str) -> Format:
        """The format of the cell style ``name``, or of the nearest ancestor that has one."""
        seen = set()
        while name in self.styles and name not in seen:
            seen.add(name)
            if self.styles[name].format_name in self.formats:
                return self.formats[self.styles[name].format_name]
            name = self.styles[name].parent
        return GENERAL


@dataclass
class _OpenRow:
    """A row of a table while it is being read."""

    above: int = 0
    """How many rows stand above it."""
    repeats: int = 1
    """How many rows it stands for."""
    style: str = ""
    is_hidden: bool = False
    width: int = 0
    """How many columns its cells have taken so far."""
    cells: dict[int, Cell] = field(default_factory=dict)
    merged: list[Range] = field(default_factory=list)


@dataclass
class _OpenCell:
    """A cell of a table while it is being read."""

    attributes: Mapping[str, str]
    depth: int
    """How many elements it stands within."""
    is_covered: bool
    paragraphs: list[str] = field(default_factory=list)


_ERROR_SHOWN = re.compile(r"#[A-Z0-9/!?]+[!?]?|Err:\d{3}")
# Spaces of a paragraph collapse but for those written as elements, which stand as characters
# that XML cannot hold until they have.
_KEPT_SPACE, _KEPT_TAB, _KEPT_BREAK = "\x00", "\x01", "\x02"
_KEPT = str.maketrans({_KEPT_SPACE: " ", _KEPT_TAB: "\t", _KEPT_BREAK: "\n"})


class _Content(_Styles):
    """Puts the tables of a document's content into sheets."""

    def __init__(self, styles: _Styles) -> None:
        super().__init__()
        self.styles, self.formats = styles.styles, styles.formats
        self.sheets: list[Sheet] = []
        self.tally = Tally()
        self.depth = 0
        self.table_depth = 0
        self.grid = Grid("", self.tally)
        self.columns = 0
        self.column_styles: list[tuple[int, str]] = []
        """Index of the last column and name of the style, for each run of columns."""
        self.row = _OpenRow()
        self.cell: _OpenCell | None = None
        self.pieces: list[str] | None = None

    def startElement(self, name: str, attrs: Any) -> None:
        self.depth += 1
        if name == "table:table":
            self._start_table(attrs)
        elif self.cell:
            self._start_within_cell(self.cell, name, attrs)
        elif name in ("table:table-cell", "table:covered-table-cell"):
            is_covered = name == "table:covered-table-cell"
            self.cell = _OpenCell(dict(attrs.items()), self.depth, is_covered)
        elif name == "table:table-row":
            self._start_row(attrs)
        elif name == "table:table-column":
            self._note_columns(attrs)
        else:
            super().startElement(name, attrs)

    def endElement(self, name: str) -> None:
        if name == "table:table":
            self._end_table()
        elif self.cell:
            self._end_within_cell(self.cell, name)
        elif name == "table:table-row":
            self._end_row(self.row)
        else:
            super().endElement(name)
        self.depth -= 1

    def characters(self, content: str) -> None:
        if self.pieces is not None:
            self.pieces.append(content)

    def _start_table(self, attrs: Any) -> None:
        if self.table_depth == 0:
            style = self.styles.get(attrs.get("table:style-name", ""), _Style())
            self.grid = Grid(attrs.get("table:name", ""), self.tally, style.is_hidden)
            self.columns = 0
            self.column_styles = []
            self.row = _OpenRow(repeats=0)
        self.table_depth += 1

    def _end_table(self) -> None:
        self.table_depth -= 1
        if self.table_depth == 0:
            self.sheets.append(self.grid.sheet())

    def _note_columns(self, attrs: Any) -> None:
        first = self.columns
        self.columns += _count(attrs, "table:number-columns-repeated")
        style = attrs.get("table:default-cell-style-name", "")
        self.column_styles.append((self.columns - 1, style))
        if _is_hidden(attrs):
            self.grid.hide_columns(first, self.columns - 1)

    def _start_row(self, attrs: Any) -> None:
        self.row = _OpenRow(
            above=self.row.above + self.row.repeats,
            repeats=_count(attrs, "table:number-rows-repeated"),
            style=attrs.get("table:default-cell-style-name", ""),
            is_hidden=_is_hidden(attrs),
        )

    def _end_row(self, row: _OpenRow) -> None:
        if not any(cell.says_something for cell in row.cells.values()):
            return
        for number in range(row.above + 1, row.above + 1 + row.repeats):
            for index, cell in row.cells.items():
                self.grid.put(number, index, cell)
            if row.is_hidden:
                self.grid.hidden_rows.add(number)
        for merged in row.merged:
            self.grid.merge(merged)

    def _start_within_cell(self, cell: _OpenCell, name: str, attrs: Any) -> None:
        # Paragraphs further down belong to comments and drawings.
        if name == "text:p" and self.depth == cell.depth + 1:
            self.pieces = []
        elif self.pieces is None:
            return
        elif name == "text:s":
            count = min(int(attrs.get("text:c", 1)), MAX_CELL_CHARACTERS)
            self.pieces.append(_KEPT_SPACE * count)
        elif name == "text:tab":
            self.pieces.append(_KEPT_TAB)
        elif name == "text:line-break":
            self.pieces.append(_KEPT_BREAK)

    def _end_within_cell(self, cell: _OpenCell, name: str) -> None:
        if self.depth == cell.depth:
            self._end_cell(cell)
        elif name == "text:p" and self.depth == cell.depth + 1:
            written = re.sub(r"[ \t\r\n]+", " ", "".join(self.pieces or [])).strip(" ")
            cell.paragraphs.append(written.translate(_KEPT))
            self.pieces = None

    def _end_cell(self, cell: _OpenCell) -> None:
        self.cell = self.pieces = None
        first = self.row.width
        self.row.width += _count(cell.attributes, "table:number-columns-repeated")
        found = NO_CELL if cell.is_covered else self._read_cell(cell, first)
        if found == NO_CELL:
            return
        # One column too many is enough to tell that the sheet is too wide.
        end = max(min(self.row.width, MAX_COLUMNS + 1), first + 1)
        self.row.cells |= dict.fromkeys(range(first, end), found)
        rows = _count(cell.attributes, "table:number-rows-spanned")
        columns = _count(cell.attributes, "table:number-columns-spanned")
        if rows > 1 or columns > 1:
            top = self.row.above + 1
            self.row.merged.append(Range(top, first, top + rows - 1, first + columns - 1))

    def _read_cell(self, cell: _OpenCell, index: int) -> Cell:
        kind = cell.attributes.get("office:value-type", "")
        written = "\n".join(cell.paragraphs)
        has_formula = "table:formula" in cell.attributes
        is_error = cell.attributes.get("calcext:value-type") == "error"
        if is_error or (has_formula and _ERROR_SHOWN.fullmatch(written)):
            return Cell(written or "#N/A", CellTrouble.ERROR)
        if has_formula and not kind:
            return Cell("", CellTrouble.UNCOMPUTED)
        return Cell(self._say(cell.attributes, kind, written, index))

    def _say(self, attributes: Mapping[str, str], kind: str, written: str, index: int) -> str:
        match kind:
            case "float" | "currency" | "percentage":
                digits = self._format(attributes, index).digits
                return say_number(attributes.get("office:value", written), Format(digits=digits))
            case "date":
                value = attributes.get("office:date-value", written)
                return say_iso_date(value, self._format(attributes, index))
            case "time":
                return say_iso_duration(attributes.get("office:time-value", written))
            case "boolean":
                return say_boolean(attributes.get("office:boolean-value") == "true")
            case _:
                return say_lines(written or attributes.get("office:string-value", ""))

    def _format(self, attributes: Mapping[str, str], index: int) -> Format:
        named = attributes.get("table:style-name") or self.row.style
        return self.format_of(named or self._column_style(index))

    def _column_style(self, index: int) -> str:
        place = bisect_left(self.column_styles, (index, ""))
        return self.column_styles[place][1] if place < len(self.column_styles) else ""


def _count(attributes: Mapping[str, str], name: str) -> int:
    """How many rows or columns an element stands for, or a cell spans."""
    return max(int(attributes.get(name, 1)), 1)


def _is_hidden(attrs: Any) -> bool:
    return attrs.get("table:visibility", "visible") != "visible"
