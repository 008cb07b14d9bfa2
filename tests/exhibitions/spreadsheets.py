"""Spreadsheets as Excel, LibreOffice and others would have saved them, and what is read of them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from typing import Any

import pytest
from django.utils import translation
from odf import table as odf_table
from odf import text as odf_text
from odf.opendocument import OpenDocumentSpreadsheet
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from exhibitions.importing.sheets import Sheet, UnreadableSheet, read_workbook


def read(content: bytes, name: str = "danh sách.xlsx") -> list[Sheet]:
    return read_workbook(io.BytesIO(content), name)


def texts(sheet: Sheet) -> dict[int, list[str]]:
    return {row.number: [cell.text for cell in row.cells] for row in sheet.rows}


def column(sheet: Sheet) -> list[str]:
    return [row.cells[0].text for row in sheet.rows]


def saved(book: Any) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def xlsx(rows: Iterable[Iterable[Any]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    return saved(book)


def formatted(values: Iterable[tuple[Any, str]], *, is_1904: bool = False) -> bytes:
    """A workbook with these values and number formats in column A."""
    book = Workbook()
    if is_1904:
        book.epoch = CALENDAR_MAC_1904
    for place, (value, code) in enumerate(values, start=1):
        cell = book.active.cell(place, 1, value)
        cell.number_format = code
    return saved(book)


def with_part(content: bytes, part: str, change: Any) -> bytes:
    """The package with ``change`` applied to the bytes of one part."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(result, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name == part else data)
    return result.getvalue()


def with_sheet(xml: str) -> bytes:
    """A workbook whose only sheet is ``xml``."""
    head = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    sheet = xml if xml.startswith("<?xml") else f"{head}{xml}</worksheet>"
    return with_part(xlsx([["x"]]), "xl/worksheets/sheet1.xml", lambda _old: sheet.encode())


def with_rows(xml: str) -> bytes:
    return with_sheet(f"<sheetData>{xml}</sheetData>")


def archive(**parts: bytes) -> bytes:
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return result.getvalue()


def refusal(content: bytes, name: str = "danh sách.xlsx") -> str:
    with translation.override("en"), pytest.raises(UnreadableSheet) as refused:
        read(content, name)
    return str(refused.value)


def open_document(
    *tables: odf_table.Table, styles: Iterable[Any] = (), named_styles: Iterable[Any] = ()
) -> bytes:
    document = OpenDocumentSpreadsheet()
    for each in named_styles:
        document.styles.addElement(each)
    for each in styles:
        document.automaticstyles.addElement(each)
    for table in tables:
        document.spreadsheet.addElement(table)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def open_cell(written: str = "", **attributes: Any) -> odf_table.TableCell:
    cell = odf_table.TableCell(**attributes)
    for line in written.split("\n") if written else []:
        cell.addElement(odf_text.P(text=line))
    return cell


def open_table(*rows: Iterable[Any], name: str = "Danh sách", **attributes: Any) -> Any:
    table = odf_table.Table(name=name, **attributes)
    for cells in rows:
        row = odf_table.TableRow()
        for cell in cells:
            row.addElement(open_cell(cell, valuetype="string") if isinstance(cell, str) else cell)
        table.addElement(row)
    return table
