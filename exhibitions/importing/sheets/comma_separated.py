"""CSV files, as Excel and other programs write them, in UTF-8 or UTF-16."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from django.utils.translation import gettext as _

from exhibitions.importing.sheets.grid import Grid, Tally
from exhibitions.importing.sheets.model import Cell, Sheet
from exhibitions.importing.sheets.refusals import (
    UnreadableSheet,
    kind_by_signature,
    not_a_spreadsheet,
)
from exhibitions.importing.sheets.saying import say_lines

_MARKUP = re.compile(r"\s*<(?:!doctype|\?xml|[a-z][\w:.-]*[\s/>])", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")
_DELIMITERS = ",;\t"
_ROWS_TO_GUESS_FROM = 50
_DECLARED_DELIMITER = re.compile(r"sep=([,;\t])(?:\r\n|\r|\n|$)", re.IGNORECASE)


def read_comma_separated(data: bytes, name: str) -> Sheet:
    """The sheet in a CSV file; raise ``UnreadableSheet`` for files of other kinds."""
    text = _text(data)
    declared = _DECLARED_DELIMITER.match(text)
    if declared:
        text = text[declared.end() :]
    delimiter = declared[1] if declared else _guess_delimiter(text)
    _check_quotes(text, delimiter)
    grid = Grid(name, Tally())
    for number, values in enumerate(_rows(text, delimiter), start=1):
        for index, value in enumerate(values):
            grid.put(number, index, Cell(say_lines(value)))
    return grid.sheet()


def _text(data: bytes) -> str:
    if kind := kind_by_signature(data):
        raise not_a_spreadsheet(kind)
    text = _decoded(data)
    if _MARKUP.match(text):
        raise not_a_spreadsheet(_("a web page"))
    if _CONTROLS.search(text):
        raise not_a_spreadsheet(_("a document of another kind"))
    return text


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if b"\x00" in data:
            raise not_a_spreadsheet(_("a document of another kind")) from error
        raise UnreadableSheet(
            _(
                "The CSV file is not in UTF-8, so its Vietnamese letters cannot be told. Open it "
                "in Excel, choose File > Save As and the type “CSV UTF-8 (Comma delimited)”, or "
                "better “Excel Workbook (.xlsx)”, and choose the new file."
            )
        ) from error


def _rows(text: str, delimiter: str, *, strict: bool = False) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)


def _guess_delimiter(text: str) -> str:
    """The delimiter with which most of the first rows have the same number of cells."""

    def likelihood(delimiter: str) -> tuple[int, int]:
        rows = islice(_rows(text, delimiter), _ROWS_TO_GUESS_FROM)
        try:
            widths = Counter(len(row) for row in rows if len(row) > 1)
        except csv.Error:
            return 0, 0
        return max(((count, width) for width, count in widths.items()), default=(0, 0))

    return max(_DELIMITERS, key=likelihood)


def _check_quotes(text: str, delimiter: str) -> None:
    """Refuse a file in which a quotation mark is never closed: it swallows the rows below it."""
    rows = _rows(text, delimiter, strict=True)
    number = 1
    try:
        while next(rows, None) is not None:
            number += 1
    except csv.Error as error:
        # Other faults, such as letters behind a closing mark, lead nobody astray.
        if "end of data" in str(error) or "field limit" in str(error):
            raise UnreadableSheet(
                _(
                    "In row %(row)s of the CSV file a quotation mark is opened and never closed. "
                    "Correct it in the program the list comes from, or save the list there as an "
                    "Excel Workbook (.xlsx)."
                )
                % {"row": number}
            ) from error
