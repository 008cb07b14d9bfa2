"""Excel workbooks (ECMA-376), with or without macros: .xlsx and .xlsm."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple
from xml.sax.handler import ContentHandler

from django.utils.translation import gettext_lazy

from exhibitions.importing.sheets.grid import Grid, Range, Tally
from exhibitions.importing.sheets.model import MAX_TEXT_BYTES, NO_CELL, Cell, CellTrouble, Sheet
from exhibitions.importing.sheets.number_formats import (
    GENERAL,
    LONGEST_CODE,
    Format,
    format_of_code,
    format_of_id,
)
from exhibitions.importing.sheets.package import Package, parse, without_empty_cells
from exhibitions.importing.sheets.refusals import damaged, not_a_spreadsheet
from exhibitions.importing.sheets.saying import (
    say_boolean,
    say_iso_date,
    say_lines,
    say_number,
)

_OTHER_DOCUMENTS = {"word": gettext_lazy("a text document"), "ppt": gettext_lazy("a presentation")}


def read_office_open(package: Package) -> list[Sheet]:
    """The sheets of a workbook in their order; raise ``UnreadableSheet`` for other documents."""
    part = _relations(package, "").of_type("officeDocument") or "xl/workbook.xml"
    kind = _OTHER_DOCUMENTS.get(part.partition("/")[0])
    if kind:
        raise not_a_spreadsheet(kind)
    if part not in package:
        raise damaged()
    workbook = _Workbook()
    package.parse(part, workbook)
    relations = _relations(package, part)
    shared = _read_shared(package, relations, workbook.is_1904)
    return [
        _read_sheet(package, relations.by_id[listed.relation].part, listed, shared)
        for listed in workbook.sheets
        # The others are charts, dialogues and sheets of macros.
        if relations.by_id[listed.relation].kind == "worksheet"
    ]


def _local(name: str) -> str:
    """The name of an element or attribute without the prefix, which programs choose freely."""
    return name.rpartition(":")[2]


class _Attributes:
    """An element's attributes by local names."""

    def __init__(self, attrs: Any) -> None:
        self.values: dict[str, str] = {_local(name): value for name, value in attrs.items()}

    def get(self, name: str, default: str = "") -> str:
        return self.values.get(name, default)

    def number(self, name: str, default: int = 0) -> int:
        return int(self.values.get(name, default))

    def is_set(self, name: str) -> bool:
        return self.values.get(name) in ("1", "true")


class _Relation(NamedTuple):
    """A part of the package, and what it is to the part that names it."""

    part: str
    kind: str


class _Relations(ContentHandler):
    """Which part is meant by the id under which another one names it."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.folder = folder
        self.by_id: dict[str, _Relation] = {}

    def startElement(self, name: str, attrs: Any) -> None:
        if _local(name) == "Relationship" and attrs.get("TargetMode") != "External":
            path = posixpath.normpath(posixpath.join("/", self.folder, attrs["Target"]))
            kind = attrs["Type"].rpartition("/")[2]
            self.by_id[attrs["Id"]] = _Relation(path.lstrip("/"), kind)

    def of_type(self, kind: str) -> str | None:
        return next((found.part for found in self.by_id.values() if found.kind == kind), None)


def _relations(package: Package, part: str) -> _Relations:
    """The relations of ``part``; "" stands for the whole package."""
    folder, file_name = posixpath.split(part)
    relations = _Relations(folder)
    path = posixpath.join(folder, "_rels", f"{file_name}.rels")
    if path in package:
        package.parse(path, relations)
    return relations


class _ListedSheet(NamedTuple):
    """A sheet as the workbook lists it."""

    name: str
    relation: str
    is_hidden: bool


class _Workbook(ContentHandler):
    """The sheets of a workbook and the day its dates count from."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[_ListedSheet] = []
        self.is_1904 = False

    def startElement(self, name: str, attrs: Any) -> None:
        local = _local(name)
        if local == "workbookPr":
            self.is_1904 = _Attributes(attrs).is_set("date1904")
        elif local == "sheet":
            attributes = _Attributes(attrs)
            is_hidden = attributes.get("state", "visible") != "visible"
            listed = _ListedSheet(attributes.get("name"), attributes.get("id"), is_hidden)
            self.sheets.append(listed)


class _Styles(ContentHandler):
    """Number formats by the index under which cells name their style."""

    def __init__(self) -> None:
        super().__init__()
        self.formats: list[Format] = []
        self.codes: dict[int, str] = {}
        self.in_cell_formats = False

    def startElement(self, name: str, attrs: Any) -> None:
        local = _local(name)
        attributes = _Attributes(attrs)
        if local == "numFmt":
            code = attributes.get("formatCode")[:LONGEST_CODE]
            self.codes[attributes.number("numFmtId")] = code
        elif local == "cellXfs":
            self.in_cell_formats = True
        elif local == "xf" and self.in_cell_formats:
            self.formats.append(self._format(attributes.number("numFmtId")))

    def endElement(self, name: str) -> None:
        if _local(name) == "cellXfs":
            self.in_cell_formats = False

    def _format(self, number: int) -> Format:
        return format_of_code(self.codes[number]) if number in self.codes else format_of_id(number)


class _TextCollector(ContentHandler):
    """Collects the text of ``t`` elements; the reading aids (``rPh``) of a text are none of it."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.is_listening = False
        self.in_reading_aid = False

    def text(self) -> str:
        text = "".join(self.pieces)
        self.pieces = []
        return text

    def characters(self, content: str) -> None:
        if self.is_listening:
            self.pieces.append(content)


class _Strings(_TextCollector):
    """The texts of a workbook, which its cells name by their index."""

    def __init__(self) -> None:
        super().__init__()
        self.strings: list[str] = []

    def startElement(self, name: str, attrs: Any) -> None:
        local = _local(name)
        if local == "rPh":
            self.in_reading_aid = True
        elif local == "t":
            self.is_listening = not self.in_reading_aid

    def endElement(self, name: str) -> None:
        local = _local(name)
        if local == "t":
            self.is_listening = False
        elif local == "rPh":
            self.in_reading_aid = False
        elif local == "si":
            self.strings.append(_unescape(self.text()))


_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SURROGATE = re.compile("[\ud800-\udfff]")


def _unescape(text: str) -> str:
    """Text of a workbook without the escapes for characters that XML cannot hold."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
        if _SURROGATE.search(text):
            text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return say_lines(text)


@dataclass(frozen=True)
class _Shared:
    """What the sheets of a workbook have in common."""

    strings: list[str]
    formats: list[Format]
    is_1904: bool
    tally: Tally = field(default_factory=Tally)


def _read_shared(package: Package, relations: _Relations, is_1904: bool) -> _Shared:
    strings, styles = _Strings(), _Styles()
    for kind, handler in (("sharedStrings", strings), ("styles", styles)):
        part = relations.of_type(kind)
        if part and part in package:
            package.parse(part, handler, limit=MAX_TEXT_BYTES)
    return _Shared(strings.strings, styles.formats, is_1904)


class _CellsWithoutAddress(Exception):
    """A sheet has cells or rows that only their place numbers."""


def _read_sheet(package: Package, part: str, listed: _ListedSheet, shared: _Shared) -> Sheet:
    grid = Grid(listed.name, shared.tally, listed.is_hidden)
    counted = shared.tally.cells
    try:
        handler = _SheetOfCells(grid, shared, numbers_missing=False)
        parse(without_empty_cells(package.chunks(part)), handler)
    except _CellsWithoutAddress:
        shared.tally.cells = counted
        grid = Grid(listed.name, shared.tally, listed.is_hidden)
        package.parse(part, _SheetOfCells(grid, shared, numbers_missing=True))
    return grid.sheet()


_ADDRESS = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")


@lru_cache(maxsize=1000)
def _column_index(letters: str) -> int:
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def _address(written: str) -> tuple[int, int]:
    """Row number and column index of "C7"."""
    match = _ADDRESS.fullmatch(written.replace("$", ""))
    if not match:
        raise ValueError(f"{written!r} is no address of a cell")
    return int(match[2]), _column_index(match[1])


def _merged_range(written: str) -> Range:
    first, _colon, last = written.partition(":")
    return Range(*_address(first), *_address(last or first))


class _SheetOfCells(_TextCollector):
    """Puts the cells of a sheet's XML into a grid."""

    def __init__(self, grid: Grid, shared: _Shared, *, numbers_missing: bool) -> None:
        super().__init__()
        self.grid = grid
        self.shared = shared
        self.numbers_missing = numbers_missing
        self.number = 0
        self.index = -1
        self.kind = ""
        self.style = 0
        self.in_cell = False
        self.has_formula = False

    def startElement(self, name: str, attrs: Any) -> None:
        local = _local(name)
        if local == "c":
            self._start_cell(attrs)
        elif local == "v" or (local == "t" and not self.in_reading_aid):
            self.is_listening = self.in_cell
        elif local == "f":
            self.has_formula = True
        elif local == "row":
            self._start_row(_Attributes(attrs))
        elif local == "rPh":
            self.in_reading_aid = True
        elif local == "col":
            self._note_column(_Attributes(attrs))
        elif local == "mergeCell":
            self.grid.merge(_merged_range(attrs["ref"]))

    def endElement(self, name: str) -> None:
        local = _local(name)
        if local in ("v", "t"):
            self.is_listening = False
        elif local == "c":
            self.in_cell = False
            self.grid.put(self.number, self.index, self._cell(self.text()))
        elif local == "rPh":
            self.in_reading_aid = False

    def _start_row(self, attributes: _Attributes) -> None:
        self._need_address(attributes.get("r"))
        self.number = attributes.number("r", self.number + 1)
        self.index = -1
        if attributes.is_set("hidden"):
            self.grid.hidden_rows.add(self.number)

    def _start_cell(self, attrs: Any) -> None:
        address = attrs.get("r")
        self._need_address(address)
        self.index = _address(address)[1] if address else self.index + 1
        self.kind = attrs.get("t", "n")
        self.style = int(attrs.get("s", 0))
        self.has_formula = False
        self.in_cell = True

    def _need_address(self, address: str | None) -> None:
        if not address and not self.numbers_missing:
            raise _CellsWithoutAddress

    def _note_column(self, attributes: _Attributes) -> None:
        if attributes.is_set("hidden") or attributes.get("width") == "0":
            self.grid.hide_columns(attributes.number("min") - 1, attributes.number("max") - 1)

    def _cell(self, written: str) -> Cell:
        if self.kind == "e":
            return Cell(written or "#N/A", CellTrouble.ERROR)
        if not written:
            # A formula whose result is an empty text says so by its kind.
            is_uncomputed = self.has_formula and self.kind != "str"
            return Cell("", CellTrouble.UNCOMPUTED) if is_uncomputed else NO_CELL
        return Cell(self._say(written))

    def _say(self, written: str) -> str:
        match self.kind:
            case "s":
                return self.shared.strings[int(written)]
            case "str" | "inlineStr":
                return _unescape(written)
            case "b":
                return say_boolean(written.strip() in ("1", "true"))
            case "d":
                return say_iso_date(written, self._format())
            case _:
                return say_number(written, self._format(), is_1904=self.shared.is_1904)

    def _format(self) -> Format:
        formats = self.shared.formats
        return formats[self.style] if 0 <= self.style < len(formats) else GENERAL
