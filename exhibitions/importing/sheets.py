"""Read a list as its author sees it: Excel, OpenDocument and CSV files become rows of text.

Files come from people, so nothing in them is trusted: they are told apart by their content,
unpacked within limits, and whatever is wrong with one becomes ``UnreadableSheet``.

Workbooks in XML (.xlsx, .xlsm, .ods) are read here, as a stream, and not by calamine. It
drops errors and formulas that were never computed, forgets how a date was formatted, and lays
a sheet out as one rectangle: two cells far apart make it end the whole process for want of
memory, which no ``except`` can catch. It does read the old binary .xls, in a process of its
own; there a month or a year formatted as such becomes its first day, and errors, hidden rows
and hidden columns go unnoticed.

Text stays as it is written, spaces, decomposed marks and old encodings included: what follows
the reading has to report them.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import logging
import posixpath
import re
import resource
import subprocess
import sys
import zipfile
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from pathlib import Path, PurePath
from typing import Any, BinaryIO, NamedTuple, TypedDict
from xml.sax.handler import ContentHandler

from defusedxml.sax import make_parser  # type: ignore[import-untyped]
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from python_calamine import (
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

logger = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
MAX_FILE_BYTES = 20 * MEGABYTE
"""Size of the largest file that is read."""
MAX_UNPACKED_BYTES = 250 * MEGABYTE
"""Size to which a workbook may unpack; a hundred thousand empty rows with borders take 50 MB."""
MAX_TEXT_BYTES = 64 * MEGABYTE
"""Size of the part of a workbook that holds its texts, all of which are kept in memory."""
MAX_ROWS = 20_000
"""How many rows with text a sheet may have."""
MAX_COLUMNS = 300
"""How many columns, from the left, may hold text."""
MAX_CELLS = 1_000_000
"""How many cells with text a workbook may have."""
MAX_CELL_CHARACTERS = 100_000
"""Length of the longest text of a cell; Excel itself holds 32,767 characters."""

_CHUNK_BYTES = 256 * 1024


class UnreadableSheet(ValueError):
    """A file is no list that can be read; the translated message says what to do."""


class CellTrouble(StrEnum):
    """Why a cell does not say what its author meant."""

    ERROR = "error"  # a formula's #REF!, #N/A or the like, which is the cell's text
    UNCOMPUTED = "uncomputed"  # a formula whose value the file does not hold


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell."""

    text: str = ""
    trouble: CellTrouble | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row in which something stands."""

    number: int
    """As Excel numbers it, from 1."""
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


_NO_CELL = Cell()


def column_letter(index: int) -> str:
    """Return Excel's name of the column with ``index`` from 0: "A", "Z", "AA"."""
    letters = ""
    number = index + 1
    while number:
        number, remainder = divmod(number - 1, 26)
        letters = chr(ord("A") + remainder) + letters
    return letters


def read_workbook(file: BinaryIO, name: str) -> list[Sheet]:
    """Return the sheets of ``file`` in their order, hidden ones included.

    ``name`` is the file's own name; it names the sheet of a CSV file and decides nothing else.
    Macros are never run, formulas never computed. Raises ``UnreadableSheet``, and nothing
    else, for a file that is no spreadsheet, is protected or damaged, or exceeds the limits.
    """
    file.seek(0)
    data = file.read(MAX_FILE_BYTES + 1)
    if not data:
        raise UnreadableSheet(_("The file is empty. Save the list once more and choose it again."))
    if len(data) > MAX_FILE_BYTES:
        raise UnreadableSheet(
            _(
                "The file is larger than %(limit)s MB. Take the pictures out of the list, or "
                "divide it into several files."
            )
            % {"limit": MAX_FILE_BYTES // MEGABYTE}
        )
    try:
        return _read(data, name)
    except UnreadableSheet:
        raise
    except Exception as error:
        # Files can be broken in more ways than their readers have exceptions for.
        logger.warning("A list could not be read", exc_info=error)
        raise _damaged() from error


def _read(data: bytes, name: str) -> list[Sheet]:
    if data.startswith(_ZIP_SIGNATURES):
        return _read_package(data)
    if data.startswith(_OLE_SIGNATURE):
        return _read_ole(data)
    return [_read_csv(_csv_text(data), PurePath(name).stem)]


# ---------------------------------------------------------------------------------------------
# What is wrong with a file
# ---------------------------------------------------------------------------------------------


def _damaged() -> UnreadableSheet:
    return UnreadableSheet(
        _(
            "The file is damaged or incomplete. Open it in Excel, save it as an Excel Workbook "
            "(.xlsx) and choose the new file."
        )
    )


def _protected() -> UnreadableSheet:
    return UnreadableSheet(
        _(
            "The workbook is protected by a password. In Excel, take the password away under "
            "File > Info > Protect Workbook > Encrypt with Password, save the workbook and "
            "choose it again."
        )
    )


def _not_a_spreadsheet(kind: Promise | str) -> UnreadableSheet:
    return UnreadableSheet(
        _(
            "The file is no spreadsheet, whatever its name says, but %(kind)s. Choose the list "
            "itself, saved as an Excel Workbook (.xlsx)."
        )
        % {"kind": kind}
    )


def _unpacks_too_large() -> UnreadableSheet:
    return UnreadableSheet(
        _(
            "The workbook is too large when unpacked. Copy the rows of the list into a new "
            "workbook, save it and choose that one."
        )
    )


_SIGNATURES: tuple[tuple[bytes, Promise], ...] = (
    (b"%PDF", gettext_lazy("a PDF document")),
    (b"\xff\xd8\xff", gettext_lazy("an image")),
    (b"\x89PNG", gettext_lazy("an image")),
    (b"GIF8", gettext_lazy("an image")),
    (b"BM", gettext_lazy("an image")),
    (b"II*\x00", gettext_lazy("an image")),
    (b"MM\x00*", gettext_lazy("an image")),
    (b"RIFF", gettext_lazy("an image")),
    (b"{\\rtf", gettext_lazy("a text document")),
    (b"Rar!", gettext_lazy("an archive of other files")),
    (b"7z\xbc\xaf", gettext_lazy("an archive of other files")),
    (b"\x1f\x8b", gettext_lazy("an archive of other files")),
)
_SHORT_SIGNATURES = (b"BM", b"RIFF", b"GIF8")  # with which a line of text may begin as well
_MARKUP = re.compile(r"\s*<(?:!doctype|\?xml|[a-z][\w:.-]*[\s/>])", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")


def _kind_by_signature(data: bytes) -> Promise | None:
    for signature, kind in _SIGNATURES:
        binary = signature not in _SHORT_SIGNATURES or b"\x00" in data[:64]
        if data.startswith(signature) and binary:
            return kind
    return None


# ---------------------------------------------------------------------------------------------
# A sheet while it is being read
# ---------------------------------------------------------------------------------------------


class _Range(NamedTuple):
    """Merged cells; rows from 1 and columns from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int

    def __str__(self) -> str:
        first, last = column_letter(self.left), column_letter(self.right)
        return f"{first}{self.top}:{last}{self.bottom}"


@dataclass
class _Tally:
    """How many cells a workbook has filled so far."""

    cells: int = 0

    def count(self) -> None:
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
class _Grid:
    """The cells of a sheet by row number and column index; only those that hold something."""

    name: str
    tally: _Tally
    is_hidden: bool = False
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    said: set[int] = field(default_factory=set)
    """Numbers of the rows with more than spaces."""
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[_Range] = field(default_factory=list)

    def put(self, number: int, index: int, cell: Cell) -> None:
        """Note what stands in a cell; raise ``UnreadableSheet`` when that is too much."""
        says_something = bool(cell.trouble or cell.text.strip())
        if index >= MAX_COLUMNS:
            if says_something:
                raise self._too_wide(number, index)
            return
        if len(cell.text) > MAX_CELL_CHARACTERS:
            raise self._too_long(number, index)
        if not (cell.text or cell.trouble):
            return
        self.tally.count()
        self.rows.setdefault(number, {})[index] = cell
        if says_something:
            self.said.add(number)
            if len(self.said) > MAX_ROWS:
                raise self._too_many_rows()

    def hide_columns(self, first: int, last: int) -> None:
        """Note that the columns with these indexes and all between them are hidden."""
        self.hidden_columns.update(range(max(first, 0), min(last + 1, MAX_COLUMNS)))

    def merge(self, merged: _Range) -> None:
        """Note that cells are merged."""
        self.tally.count()
        self.merged.append(merged)

    def sheet(self) -> Sheet:
        """The sheet, with the texts of merged cells where people see them."""
        filled = self._fill_merged()
        numbers = [number for number in sorted(self.rows) if _says_something(self.rows[number])]
        width = 1 + max((max(self.rows[number]) for number in numbers), default=-1)
        rows = tuple(
            Row(
                number,
                tuple(self.rows[number].get(index, _NO_CELL) for index in range(width)),
                number in self.hidden_rows,
            )
            for number in numbers
        )
        hidden_columns = frozenset(index for index in self.hidden_columns if index < width)
        return Sheet(self.name, rows, self.is_hidden, hidden_columns, filled)

    def _fill_merged(self) -> tuple[str, ...]:
        """Give the text of merged cells to every row they cover in which something else stands.

        A row of which merged cells are all there is would be an item nobody listed: where each
        item is two rows high, the second holds nothing of its own.
        """
        ranges = self._ranges_with_text()
        all_numbers = sorted(self.rows)
        for merged in ranges:
            self._clear_covered(merged, all_numbers)
        numbers = [number for number in sorted(self.rows) if _says_something(self.rows[number])]
        return tuple(str(merged) for merged in ranges if self._fill(merged, numbers))

    def _ranges_with_text(self) -> list[_Range]:
        """The merged ranges that have a text, from the top; of two that overlap, the first."""
        # Ranges that overlap exist only in broken files, where following each of them could
        # take hours.
        ranges: list[_Range] = []
        covered_down_to: dict[int, int] = {}
        for merged in sorted(set(self.merged)):
            right = min(merged.right, MAX_COLUMNS - 1)
            columns = range(merged.left, right + 1)
            has_text = merged.left in self.rows.get(merged.top, {})
            if has_text and all(covered_down_to.get(each, 0) < merged.top for each in columns):
                covered_down_to |= dict.fromkeys(columns, merged.bottom)
                ranges.append(merged)
        return ranges

    def _clear_covered(self, merged: _Range, numbers: list[int]) -> None:
        """Drop what stands behind merged cells, where nobody sees it."""
        for number in self._numbers_within(merged, numbers):
            row = self.rows[number]
            for index in range(merged.left, min(merged.right, MAX_COLUMNS) + 1):
                if (number, index) != (merged.top, merged.left):
                    row.pop(index, None)

    def _fill(self, merged: _Range, numbers: list[int]) -> bool:
        """Whether a further row got the text of ``merged``; ``numbers`` are the rows with text."""
        text = self.rows[merged.top][merged.left]
        below = [number for number in self._numbers_within(merged, numbers) if number != merged.top]
        for number in below:
            self.tally.count()
            self.rows[number][merged.left] = text
        return bool(below)

    def _numbers_within(self, merged: _Range, numbers: list[int]) -> list[int]:
        first = bisect_left(numbers, merged.top)
        return numbers[first : bisect_left(numbers, merged.bottom + 1)]

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


def _says_something(row: Mapping[int, Cell]) -> bool:
    return any(cell.trouble or cell.text.strip() for cell in row.values())


# ---------------------------------------------------------------------------------------------
# Numbers and dates as people read them
# ---------------------------------------------------------------------------------------------

_LARGEST_EXACT_INTEGER = 2**53
_DAY_SECONDS = 24 * 60 * 60
_LAST_SERIAL = 2_958_465  # 31 December 9999, where Excel's dates end
_FICTITIOUS_LEAP_DAY = 60  # Excel counts a 29 February 1900


@dataclass(frozen=True)
class _Format:
    """What a number format shows of a value."""

    day: bool = False
    month: bool = False
    year: bool = False
    time: bool = False
    is_duration: bool = False
    digits: int = 0
    """How many digits a number has at least, zeros added in front."""

    @property
    def shows_date(self) -> bool:
        return self.day or self.month or self.year


_GENERAL = _Format()
_FULL_DATE = _Format(day=True, month=True, year=True)
_DATE_AND_TIME = _Format(day=True, month=True, year=True, time=True)
_TIME = _Format(time=True)
_DURATION = _Format(time=True, is_duration=True)
_FORMATS_BY_ID = {
    **dict.fromkeys((14, 15, 27, 28, 29, 30, 31, 36, *range(50, 59)), _FULL_DATE),
    16: _Format(day=True, month=True),
    17: _Format(month=True, year=True),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 47), _TIME),
    22: _DATE_AND_TIME,
    46: _DURATION,
}
"""Excel's number formats that have an id instead of a code."""

# Literal text, colours, conditions, locales, and the signs that take up room.
_NOT_SHOWN = re.compile(r'"[^"]*"?|\\.|[_*].|\[(?!(?:h+|m+|s+)\])[^\]]*\]?', re.IGNORECASE)
_FORMAT_PARTS = re.compile(r"\[[hms]+\]|am/pm|a/p|y+|e+|b+|d+|m+|h+|s+")


_LONGEST_FORMAT = 255  # characters, by Excel's own limit


@lru_cache(maxsize=1000)
def _format_of_code(code: str) -> _Format:
    """Read a number format such as "dd/mm/yyyy" or "0.00"."""
    shown = _NOT_SHOWN.sub("", code).partition(";")[0].strip().casefold()
    if shown == "general":
        return _GENERAL
    if re.fullmatch("0+", shown):
        return _Format(digits=len(shown))
    is_number = bool(re.search(r"[0#?]", shown))
    parts = [
        part
        for part in _FORMAT_PARTS.findall(shown)
        if not (is_number and part[0] in "eb")  # "0.00E+00"
    ]
    minutes = {
        place
        for place, part in enumerate(parts)
        if part[0] == "m"
        and (
            (place > 0 and parts[place - 1].strip("[]")[0] == "h")
            or (place + 1 < len(parts) and parts[place + 1].strip("[]")[0] == "s")
        )
    }
    dated = {part[0] for place, part in enumerate(parts) if place not in minutes}
    if dated == {"d"} and "d" not in parts and "dd" not in parts:
        return _FULL_DATE  # a weekday by itself says less than its author knew
    return _Format(
        day="d" in parts or "dd" in parts,
        month="m" in dated,
        year=bool({"y", "e", "b"} & dated),
        time=bool(minutes or {"h", "s", "["} & dated),
        is_duration="[" in dated,
    )


def _say_number(value: float, digits: int = 0) -> str:
    """A number as Excel shows it without a format: whole, or with 15 digits, no exponent."""
    if value.is_integer() and abs(value) < _LARGEST_EXACT_INTEGER:
        return f"{int(value):0{digits}d}" if digits else str(int(value))
    return format(Decimal(f"{value:.15g}"), "f")


def _say_time(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if seconds else f"{hours}:{minutes:02d}"


def _say_date(
    year: int, month: int, day: int, seconds: int = 0, shown: _Format = _FULL_DATE
) -> str:
    """A date with those of its parts that its author sees: "14/7/1948", "7/1948", "1948".

    Excel and LibreOffice store a day even for a month or a year, and this year for "14/7":
    nobody wrote those.
    """
    if (shown.day and shown.year) or not shown.shows_date:
        shown = _FULL_DATE
    parts = [
        *([day] if shown.day else []),
        *([month] if shown.month else []),
        *([year] if shown.year else []),
    ]
    written = "/".join(map(str, parts))
    return f"{written} {_say_time(seconds)}" if seconds and shown.day else written


def _calendar_date(days: int, is_1904: bool) -> tuple[int, int, int]:
    """Year, month and day of Excel's day number, days that never were included."""
    if not is_1904 and days == 0:
        return 1900, 1, 0  # so Excel shows it
    if not is_1904 and days == _FICTITIOUS_LEAP_DAY:
        return 1900, 2, 29
    if is_1904:
        start = date(1904, 1, 1)
    else:
        start = date(1899, 12, 31) if days < _FICTITIOUS_LEAP_DAY else date(1899, 12, 30)
    found = start + timedelta(days=days)
    return found.year, found.month, found.day


def _say_serial(serial: float, shown: _Format, is_1904: bool) -> str:
    """What Excel's number for a moment says under the format ``shown``."""
    last = _LAST_SERIAL - (1462 if is_1904 else 0)
    total = round(serial * _DAY_SECONDS) if 0 <= serial < last + 1 else -1
    days, seconds = divmod(total, _DAY_SECONDS)
    if not 0 <= days <= last:
        return _say_number(serial)
    if shown.is_duration:
        return _say_time(total)
    if not shown.shows_date:
        return _say_time(seconds)
    return _say_date(*_calendar_date(days, is_1904), seconds, shown)


def _say_value(value: float, shown: _Format, is_1904: bool = False) -> str:
    if shown.shows_date or shown.time:
        return _say_serial(value, shown, is_1904)
    return _say_number(value, shown.digits)


def _say_written_number(written: str, shown: _Format, is_1904: bool = False) -> str:
    """The number in a file's notation as text; what is no number stays as it is."""
    try:
        value = float(written)
    except ValueError:
        return written
    if value != value or value in (float("inf"), float("-inf")):
        return written
    return _say_value(value, shown, is_1904)


def _say_boolean(value: bool) -> str:
    """In the words with which Vietnamese lists answer a question, whatever the language here."""
    return "có" if value else "không"


_ISO_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d))?.*)?")
_ISO_DURATION = re.compile(r"PT(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:[.,]\d*)?S)?")


def _say_iso_date(written: str, shown: _Format) -> str:
    """An ISO date or moment as text; what is none stays as it is."""
    if not (match := _ISO_DATE.fullmatch(written)):
        return written
    year, month, day, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return _say_date(year, month, day, hours * 3600 + minutes * 60 + seconds, shown)


def _say_iso_duration(written: str) -> str:
    if not (match := _ISO_DURATION.fullmatch(written)):
        return written
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return _say_time(hours * 3600 + minutes * 60 + seconds)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")


# ---------------------------------------------------------------------------------------------
# Packages: ZIP archives of XML
# ---------------------------------------------------------------------------------------------

_ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
_ENDED = rb"(?:/>|(?<!/)></%b>)"
_EMPTY_CELL = re.compile(
    rb'<c (?:[^<>]{0,100} )?r="[A-Z]{1,3}[0-9]{1,7}"[^<>]{0,100}' + _ENDED % b"c"
)
_EMPTY_ROW = re.compile(rb'<row (?:[^<>]{0,200} )?r="[0-9]{1,7}"[^<>]{0,200}' + _ENDED % b"row")
_LONGEST_TAG_BYTES = 64 * 1024


class _Package:
    """A ZIP archive that gives out only so many bytes."""

    def __init__(self, data: bytes) -> None:
        self.archive = zipfile.ZipFile(io.BytesIO(data))
        members = self.archive.infolist()
        if sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
            raise _unpacks_too_large()
        self.members = {_part_name(member.filename): member for member in members}
        self.bytes_left = MAX_UNPACKED_BYTES

    def __contains__(self, name: str) -> bool:
        return _part_name(name) in self.members

    def chunks(self, name: str, limit: int = MAX_UNPACKED_BYTES) -> Iterator[bytes]:
        """The content of a part, which is checked while it is read: declared sizes may lie."""
        with self.archive.open(self.members[_part_name(name)]) as part:
            while chunk := part.read(_CHUNK_BYTES):
                self.bytes_left -= len(chunk)
                limit -= len(chunk)
                if self.bytes_left < 0 or limit < 0:
                    raise _unpacks_too_large()
                yield chunk

    def parse(self, name: str, handler: ContentHandler, limit: int = MAX_UNPACKED_BYTES) -> None:
        _parse(self.chunks(name, limit), handler)


def _part_name(name: str) -> str:
    """Names of parts compare without case; some programs write them as Windows' paths."""
    return name.replace("\\", "/").lstrip("/").casefold()


def _parse(chunks: Iterable[bytes], handler: ContentHandler) -> None:
    """Feed XML to ``handler``; no such file has a document type, where entities would be."""
    parser = make_parser()
    parser.forbid_dtd = True
    parser.setContentHandler(handler)
    for chunk in chunks:
        parser.feed(chunk)
    parser.close()


def _without_empty_cells(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The XML of a sheet without cells and rows that have a format only.

    They can be millions, and Python looks at each element it is given. Those without an
    address stay, for their place is what numbers the ones after them.
    """
    rest = b""
    is_plain = True
    for chunk in chunks:
        chunk = rest + chunk
        # In comments and CDATA sections, what looks like a tag is text.
        is_plain = is_plain and b"<!" not in chunk
        # A tag that the chunk cuts is completed by the next one.
        end = chunk.rfind(b"<") if is_plain else len(chunk)
        if end < 0 or len(chunk) - end > _LONGEST_TAG_BYTES:
            end = len(chunk)
            is_plain = False
        rest = chunk[end:]
        chunk = chunk[:end]
        yield _EMPTY_ROW.sub(b"", _EMPTY_CELL.sub(b"", chunk)) if is_plain else chunk
    yield rest


def _read_package(data: bytes) -> list[Sheet]:
    package = _Package(data)
    if any(member.flag_bits & 1 for member in package.members.values()):
        raise _protected()
    if "encrypted-package" in package:
        raise _protected()
    if "xl/workbook.bin" in package:
        raise UnreadableSheet(
            _(
                "The workbook is in Excel's binary format (.xlsb). Save it as an Excel Workbook "
                "(.xlsx) and choose the new file."
            )
        )
    if "[content_types].xml" in package:
        return _read_office_open(package)
    if "content.xml" in package:
        return _read_open_document(package)
    raise _not_a_spreadsheet(_("an archive of other files"))


# ---------------------------------------------------------------------------------------------
# Excel workbooks (ECMA-376)
# ---------------------------------------------------------------------------------------------

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SURROGATE = re.compile("[\ud800-\udfff]")


def _unescape(text: str) -> str:
    """Text of a workbook without the escapes for characters that XML cannot hold."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
        if _SURROGATE.search(text):
            text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _lines(text)


def _local(name: str) -> str:
    """The name of an element or attribute without the prefix, which programs choose freely."""
    return name.rpartition(":")[2]


class _Attributes(NamedTuple):
    """An element's attributes by local names."""

    values: dict[str, str]

    @classmethod
    def of(cls, attrs: Any) -> _Attributes:
        return cls({_local(name): value for name, value in attrs.items()})

    def get(self, name: str, default: str = "") -> str:
        return self.values.get(name, default)

    def number(self, name: str, default: int = 0) -> int:
        return int(self.values.get(name, default))

    def is_set(self, name: str) -> bool:
        return self.values.get(name, "0") in ("1", "true")


class _Relations(ContentHandler):
    """Which part is meant by the id under which another one names it."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.folder = folder
        self.target_by_id: dict[str, str] = {}
        self.type_by_id: dict[str, str] = {}

    def startElement(self, name: str, attrs: Any) -> None:
        if _local(name) == "Relationship" and attrs.get("TargetMode") != "External":
            target = attrs["Target"]
            path = target if target.startswith("/") else posixpath.join(self.folder, target)
            self.target_by_id[attrs["Id"]] = posixpath.normpath(path).lstrip("/")
            self.type_by_id[attrs["Id"]] = attrs["Type"].rpartition("/")[2]

    def of_type(self, kind: str) -> str | None:
        return next(
            (self.target_by_id[each] for each, found in self.type_by_id.items() if found == kind),
            None,
        )


def _relations(package: _Package, part: str) -> _Relations:
    """The relations of ``part``; "" stands for the whole package."""
    folder, file_name = posixpath.split(part)
    relations = _Relations(folder)
    path = posixpath.join(folder, "_rels", f"{file_name}.rels")
    if path in package:
        package.parse(path, relations)
    return relations


class _Workbook(ContentHandler):
    """The sheets of a workbook and the day its dates count from."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, str, bool]] = []
        """Name, id of the relation, whether hidden."""
        self.is_1904 = False

    def startElement(self, name: str, attrs: Any) -> None:
        local = _local(name)
        if local == "workbookPr":
            self.is_1904 = _Attributes.of(attrs).is_set("date1904")
        elif local == "sheet":
            attributes = _Attributes.of(attrs)
            is_hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append((attributes.get("name"), attributes.get("id"), is_hidden))


class _Styles(ContentHandler):
    """Number formats by the index under which cells name their style."""

    def __init__(self) -> None:
        super().__init__()
        self.formats: list[_Format] = []
        self.codes: dict[int, str] = {}
        self.in_cell_formats = False

    def startElement(self, name: str, attrs: Any) -> None:
        local = _local(name)
        attributes = _Attributes.of(attrs)
        if local == "numFmt":
            self.codes[attributes.number("numFmtId")] = attributes.get("formatCode")
        elif local == "cellXfs":
            self.in_cell_formats = True
        elif local == "xf" and self.in_cell_formats:
            self.formats.append(self._format(attributes.number("numFmtId")))

    def endElement(self, name: str) -> None:
        if _local(name) == "cellXfs":
            self.in_cell_formats = False

    def _format(self, number: int) -> _Format:
        if number in self.codes:
            return _format_of_code(self.codes[number][:_LONGEST_FORMAT])
        return _FORMATS_BY_ID.get(number, _GENERAL)


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


@dataclass(frozen=True)
class _Shared:
    """What the sheets of a workbook have in common."""

    strings: list[str]
    formats: list[_Format]
    is_1904: bool


class _CellsWithoutAddress(Exception):
    """A sheet has cells or rows that only their place numbers."""


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


def _merged_range(written: str) -> _Range:
    first, _colon, last = written.partition(":")
    (top, left), (bottom, right) = _address(first), _address(last or first)
    return _Range(top, left, bottom, right)


class _SheetOfCells(_TextCollector):
    """Puts the cells of a sheet's XML into a grid."""

    def __init__(self, grid: _Grid, shared: _Shared, *, numbers_missing: bool) -> None:
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
            self._start_row(_Attributes.of(attrs))
        elif local == "rPh":
            self.in_reading_aid = True
        elif local == "col":
            self._note_column(_Attributes.of(attrs))
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
            return Cell("", CellTrouble.UNCOMPUTED) if is_uncomputed else _NO_CELL
        return Cell(self._say(written))

    def _say(self, written: str) -> str:
        match self.kind:
            case "s":
                return self.shared.strings[int(written)]
            case "str" | "inlineStr":
                return _unescape(written)
            case "b":
                return _say_boolean(written.strip() in ("1", "true"))
            case "d":
                return _say_iso_date(written, self._format())
            case _:
                return _say_written_number(written, self._format(), self.shared.is_1904)

    def _format(self) -> _Format:
        formats = self.shared.formats
        return formats[self.style] if 0 <= self.style < len(formats) else _GENERAL


_OTHER_DOCUMENTS = {"word": gettext_lazy("a text document"), "ppt": gettext_lazy("a presentation")}


def _read_office_open(package: _Package) -> list[Sheet]:
    part = _relations(package, "").of_type("officeDocument") or "xl/workbook.xml"
    kind = _OTHER_DOCUMENTS.get(part.partition("/")[0])
    if kind:
        raise _not_a_spreadsheet(kind)
    if part not in package:
        raise _damaged()
    workbook = _Workbook()
    package.parse(part, workbook)
    relations = _relations(package, part)
    shared = _read_shared(package, relations, workbook.is_1904)
    tally = _Tally()
    return [
        _read_sheet(package, relations.target_by_id[each], name, is_hidden, shared, tally)
        for name, each, is_hidden in workbook.sheets
        # The others are charts, dialogues and sheets of macros.
        if relations.type_by_id[each] == "worksheet"
    ]


def _read_shared(package: _Package, relations: _Relations, is_1904: bool) -> _Shared:
    strings, styles = _Strings(), _Styles()
    for kind, handler in (("sharedStrings", strings), ("styles", styles)):
        part = relations.of_type(kind)
        if part and part in package:
            package.parse(part, handler, limit=MAX_TEXT_BYTES)
    return _Shared(strings.strings, styles.formats, is_1904)


def _read_sheet(
    package: _Package, part: str, name: str, is_hidden: bool, shared: _Shared, tally: _Tally
) -> Sheet:
    grid = _Grid(name, tally, is_hidden)
    counted = tally.cells
    try:
        handler = _SheetOfCells(grid, shared, numbers_missing=False)
        _parse(_without_empty_cells(package.chunks(part)), handler)
    except _CellsWithoutAddress:
        tally.cells = counted
        grid = _Grid(name, tally, is_hidden)
        package.parse(part, _SheetOfCells(grid, shared, numbers_missing=True))
    return grid.sheet()


# ---------------------------------------------------------------------------------------------
# OpenDocument spreadsheets (ISO/IEC 26300)
# ---------------------------------------------------------------------------------------------

_OPEN_DOCUMENT_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_ERROR_SHOWN = re.compile(r"#[A-Z0-9/!?]+[!?]?|Err:\d{3}")
# Spaces of a paragraph collapse but for those written as elements, which stand as characters
# that XML cannot hold until they have.
_KEPT_SPACE, _KEPT_TAB, _KEPT_BREAK = "\x00", "\x01", "\x02"
_KEPT = str.maketrans({_KEPT_SPACE: " ", _KEPT_TAB: "\t", _KEPT_BREAK: "\n"})
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
    data_style: str = ""
    is_hidden: bool = False


class _OpenStyles(ContentHandler):
    """Styles by their names, and the formats of the dates and numbers they show."""

    def __init__(self) -> None:
        super().__init__()
        self.styles: dict[str, _Style] = {}
        self.formats: dict[str, _Format] = {}
        self._style = _Style()
        self._format_name = ""
        self._shown: dict[str, Any] = {}

    def startElement(self, name: str, attrs: Any) -> None:
        if name == "style:style":
            parent, data_style = (
                attrs.get("style:parent-style-name", ""),
                attrs.get("style:data-style-name", ""),
            )
            self._style = _Style(parent, data_style)
            self.styles[attrs["style:name"]] = self._style
        elif name == "style:table-properties":
            self._style.is_hidden = attrs.get("table:display") == "false"
        elif name in ("number:date-style", "number:time-style", "number:number-style"):
            self._format_name = attrs["style:name"]
            self._shown = {}
        elif name in _SHOWN_BY_ELEMENT:
            self._shown[_SHOWN_BY_ELEMENT[name]] = True
        elif name == "number:number" and attrs.get("number:decimal-places", "0") == "0":
            digits = min(int(attrs.get("number:min-integer-digits", 0)), MAX_CELL_CHARACTERS)
            self._shown["digits"] = digits

    def endElement(self, name: str) -> None:
        if name in ("number:date-style", "number:time-style", "number:number-style"):
            self.formats[self._format_name] = _Format(**self._shown)

    def format_of(self, name: str) -> _Format:
        """The format of the cell style ``name``, or of the nearest ancestor that has one."""
        seen = set()
        while name in self.styles and name not in seen:
            seen.add(name)
            if self.styles[name].data_style in self.formats:
                return self.formats[self.styles[name].data_style]
            name = self.styles[name].parent
        return _GENERAL


@dataclass
class _OpenCell:
    """A cell of an OpenDocument table while it is being read."""

    attributes: Mapping[str, str]
    depth: int
    """How many elements it stands within."""
    is_covered: bool
    paragraphs: list[str] = field(default_factory=list)


class _OpenDocument(_OpenStyles):
    """Puts the tables of a document's content into sheets."""

    def __init__(self, styles: _OpenStyles) -> None:
        super().__init__()
        self.styles, self.formats = styles.styles, styles.formats
        self.sheets: list[Sheet] = []
        self.tally = _Tally()
        self.depth = 0
        self.table_depth = 0
        self.grid = _Grid("", self.tally)
        self.number = 0
        self.row_repeats = 0
        self.row_style = ""
        self.row: dict[int, Cell] = {}
        self.row_merged: list[_Range] = []
        self.is_hidden_row = False
        self.index = 0
        self.column = 0
        self.column_styles: list[tuple[int, str]] = []
        """Index of the last column and name of the style, for each run of columns."""
        self.cell: _OpenCell | None = None
        self.pieces: list[str] | None = None

    def startElement(self, name: str, attrs: Any) -> None:
        self.depth += 1
        if name == "table:table":
            self._start_table(attrs)
        elif self.cell:
            self._start_within_cell(name, attrs)
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
            self._end_row()
        else:
            super().endElement(name)
        self.depth -= 1

    def characters(self, content: str) -> None:
        if self.pieces is not None:
            self.pieces.append(content)

    def _start_table(self, attrs: Any) -> None:
        if self.table_depth == 0:
            style = self.styles.get(attrs.get("table:style-name", ""), _Style())
            self.grid = _Grid(attrs.get("table:name", ""), self.tally, style.is_hidden)
            self.number = self.column = 0
            self.column_styles = []
        self.table_depth += 1

    def _end_table(self) -> None:
        self.table_depth -= 1
        if self.table_depth == 0:
            self.sheets.append(self.grid.sheet())

    def _note_columns(self, attrs: Any) -> None:
        first = self.column
        self.column += _repeats(attrs, "table:number-columns-repeated")
        style = attrs.get("table:default-cell-style-name", "")
        self.column_styles.append((self.column - 1, style))
        if attrs.get("table:visibility", "visible") != "visible":
            self.grid.hide_columns(first, self.column - 1)

    def _start_row(self, attrs: Any) -> None:
        self.row_repeats = _repeats(attrs, "table:number-rows-repeated")
        self.row_style = attrs.get("table:default-cell-style-name", "")
        self.is_hidden_row = attrs.get("table:visibility", "visible") != "visible"
        self.row, self.row_merged = {}, []
        self.index = 0

    def _end_row(self) -> None:
        if _says_something(self.row):
            for number in range(self.number + 1, self.number + 1 + self.row_repeats):
                for index, cell in self.row.items():
                    self.grid.put(number, index, cell)
                if self.is_hidden_row:
                    self.grid.hidden_rows.add(number)
            for merged in self.row_merged:
                self.grid.merge(merged)
        self.number += self.row_repeats

    def _start_within_cell(self, name: str, attrs: Any) -> None:
        # Paragraphs further down belong to comments and drawings.
        if self.cell and name == "text:p" and self.depth == self.cell.depth + 1:
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
        repeats = _repeats(cell.attributes, "table:number-columns-repeated")
        found = _NO_CELL if cell.is_covered else self._read_cell(cell)
        if found != _NO_CELL:
            # One column too many is enough to tell that the sheet is too wide.
            end = max(min(self.index + repeats, MAX_COLUMNS + 1), self.index + 1)
            self.row |= dict.fromkeys(range(self.index, end), found)
            self._note_span(cell)
        self.index += repeats

    def _note_span(self, cell: _OpenCell) -> None:
        rows = _repeats(cell.attributes, "table:number-rows-spanned")
        columns = _repeats(cell.attributes, "table:number-columns-spanned")
        if rows > 1 or columns > 1:
            top, left = self.number + 1, self.index
            self.row_merged.append(_Range(top, left, top + rows - 1, left + columns - 1))

    def _read_cell(self, cell: _OpenCell) -> Cell:
        kind = cell.attributes.get("office:value-type", "")
        written = "\n".join(cell.paragraphs)
        has_formula = "table:formula" in cell.attributes
        is_error = cell.attributes.get("calcext:value-type") == "error"
        if is_error or (has_formula and _ERROR_SHOWN.fullmatch(written)):
            return Cell(written or "#N/A", CellTrouble.ERROR)
        if has_formula and not kind:
            return Cell("", CellTrouble.UNCOMPUTED)
        return Cell(self._say(cell.attributes, kind, written))

    def _say(self, attributes: Mapping[str, str], kind: str, written: str) -> str:
        match kind:
            case "float" | "currency" | "percentage":
                value = attributes.get("office:value", written)
                return _say_written_number(value, _Format(digits=self._format(attributes).digits))
            case "date":
                return _say_iso_date(
                    attributes.get("office:date-value", written), self._format(attributes)
                )
            case "time":
                return _say_iso_duration(attributes.get("office:time-value", written))
            case "boolean":
                return _say_boolean(attributes.get("office:boolean-value") == "true")
            case _:
                return _lines(written or attributes.get("office:string-value", ""))

    def _format(self, attributes: Mapping[str, str]) -> _Format:
        style = attributes.get("table:style-name") or self.row_style or self._column_style()
        return self.format_of(style)

    def _column_style(self) -> str:
        place = bisect_left(self.column_styles, (self.index, ""))
        return self.column_styles[place][1] if place < len(self.column_styles) else ""


def _repeats(attributes: Mapping[str, str], name: str) -> int:
    """How many rows or columns an element stands for, or a cell spans."""
    return max(int(attributes.get(name, 1)), 1)


def _read_open_document(package: _Package) -> list[Sheet]:
    if "mimetype" in package:
        kind = b"".join(package.chunks("mimetype", limit=1000))
        if not kind.startswith(_OPEN_DOCUMENT_TYPE):
            raise _not_a_spreadsheet(_("a text document"))
    manifest = "META-INF/manifest.xml"
    if manifest in package and b"encryption-data" in b"".join(
        package.chunks(manifest, limit=MAX_TEXT_BYTES)
    ):
        raise _protected()
    styles = _OpenStyles()
    if "styles.xml" in package:
        package.parse("styles.xml", styles, limit=MAX_TEXT_BYTES)
    document = _OpenDocument(styles)
    package.parse("content.xml", document)
    return document.sheets


# ---------------------------------------------------------------------------------------------
# The old binary workbooks
# ---------------------------------------------------------------------------------------------

_OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _read_ole(data: bytes) -> list[Sheet]:
    """Sheets of an OLE file, the container of .xls, of .doc, and of what a password protects."""
    if _holds_stream(data, "EncryptedPackage"):
        raise _protected()
    if not (_holds_stream(data, "Workbook") or _holds_stream(data, "Book")):
        raise _not_a_spreadsheet(_("a document of another kind"))
    tally = _Tally()
    return [_xls_sheet(content, tally) for content in _read_xls_apart(data)]


def _holds_stream(data: bytes, name: str) -> bool:
    return name.encode("utf-16-le") in data


class _XlsSheet(TypedDict):
    """A sheet as the process that reads it hands it over."""

    name: str
    is_hidden: bool
    texts: list[str]
    """The different texts, each once: a small file can repeat a long one without end."""
    cells: list[tuple[int, int, int]]
    """Row number, column index, index of the text."""
    merged: list[tuple[int, int, int, int]]


_XLS_SECONDS = 60
_XLS_MEMORY_BYTES = 2048 * MEGABYTE  # the largest sheet of the format, laid out, takes half of it
_PROTECTED_EXIT = 3


def _read_xls_apart(data: bytes) -> list[_XlsSheet]:
    """Have calamine read an .xls in a process of its own.

    On some damaged files it panics, and on others it asks for so much memory that its process
    is ended; that must not be the one which serves people.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-m", __name__],
            cwd=Path(__file__).resolve().parents[2],
            input=data,
            capture_output=True,
            timeout=_XLS_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _damaged() from error
    if done.returncode == _PROTECTED_EXIT:
        raise _protected()
    if done.returncode != 0:
        logger.warning("An .xls could not be read: %s", done.stderr[:500].decode(errors="replace"))
        raise _damaged()
    content: list[_XlsSheet] = json.loads(done.stdout)
    return content


def _xls_sheet(content: _XlsSheet, tally: _Tally) -> Sheet:
    grid = _Grid(content["name"], tally, content["is_hidden"])
    for number, index, text in content["cells"]:
        grid.put(number, index, Cell(content["texts"][text]))
    for merged in content["merged"]:
        grid.merge(_Range(*merged))
    return grid.sheet()


def _answer_parent() -> None:
    """Read an .xls from standard input; runs in the process of ``_read_xls_apart``."""
    resource.setrlimit(resource.RLIMIT_AS, (_XLS_MEMORY_BYTES, _XLS_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        sheets = _xls_content(sys.stdin.buffer.read())
    except PasswordError:
        sys.exit(_PROTECTED_EXIT)
    json.dump(sheets, sys.stdout)


def _xls_content(data: bytes) -> list[_XlsSheet]:
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
        return [
            _xls_sheet_content(workbook.get_sheet_by_name(each.name), each)
            for each in workbook.sheets_metadata
            if each.typ == SheetTypeEnum.WorkSheet
        ]


def _xls_sheet_content(sheet: CalamineSheet, metadata: SheetMetadata) -> _XlsSheet:
    indexes: dict[str, int] = {}
    filled = (
        (number, index, indexes.setdefault(_say_python(value), len(indexes)))
        for number, values in enumerate(sheet.iter_rows(), start=1)
        for index, value in enumerate(values)
        if value != ""
    )
    # One cell too many is enough to tell that there are too many.
    cells = list(islice(filled, MAX_CELLS + 1))
    merged = [
        (top + 1, left, bottom + 1, right)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or []
    ]
    return {
        "name": metadata.name,
        "is_hidden": metadata.visible != SheetVisibleEnum.Visible,
        "texts": list(indexes),
        "cells": cells,
        "merged": merged,
    }


def _say_python(value: object) -> str:
    """The text of a value as calamine gives it."""
    match value:
        case bool():
            return _say_boolean(value)
        case int() | float():
            return _say_number(float(value))
        case datetime():
            seconds = (value.hour * 60 + value.minute) * 60 + value.second
            return _say_date(value.year, value.month, value.day, seconds)
        case date():
            return _say_date(value.year, value.month, value.day)
        case time():
            return _say_time((value.hour * 60 + value.minute) * 60 + value.second)
        case timedelta():
            return _say_time(round(value.total_seconds()))
        case _:
            return _lines(str(value))


# ---------------------------------------------------------------------------------------------
# Text files
# ---------------------------------------------------------------------------------------------

_DELIMITERS = ",;\t"
_ROWS_TO_GUESS_FROM = 50
_DECLARED_DELIMITER = re.compile(r"sep=([,;\t])(?:\r\n|\r|\n|$)", re.IGNORECASE)


def _csv_text(data: bytes) -> str:
    """The text of a CSV file; raises ``UnreadableSheet`` for files of other kinds."""
    if kind := _kind_by_signature(data):
        raise _not_a_spreadsheet(kind)
    text = _decoded(data)
    if _MARKUP.match(text):
        raise _not_a_spreadsheet(_("a web page"))
    if _CONTROLS.search(text):
        raise _not_a_spreadsheet(_("a document of another kind"))
    return text


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if b"\x00" in data:
            raise _not_a_spreadsheet(_("a document of another kind")) from error
        raise UnreadableSheet(
            _(
                "The CSV file is not in UTF-8, so its Vietnamese letters cannot be told. Open it "
                "in Excel, choose File > Save As and the type “CSV UTF-8 (Comma delimited)”, or "
                "better “Excel Workbook (.xlsx)”, and choose the new file."
            )
        ) from error


def _read_csv(text: str, name: str) -> Sheet:
    declared = _DECLARED_DELIMITER.match(text)
    if declared:
        text = text[declared.end() :]
    delimiter = declared[1] if declared else _guess_delimiter(text)
    _check_quotes(text, delimiter)
    grid = _Grid(name, _Tally())
    for number, values in enumerate(_csv_rows(text, delimiter), start=1):
        for index, value in enumerate(values):
            grid.put(number, index, Cell(_lines(value)))
    return grid.sheet()


def _csv_rows(text: str, delimiter: str, *, strict: bool = False) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)


def _guess_delimiter(text: str) -> str:
    """The delimiter with which most of the first rows have the same number of cells."""

    def likelihood(delimiter: str) -> tuple[int, int]:
        rows = islice(_csv_rows(text, delimiter), _ROWS_TO_GUESS_FROM)
        try:
            widths = Counter(len(row) for row in rows if len(row) > 1)
        except csv.Error:
            return 0, 0
        return max(((count, width) for width, count in widths.items()), default=(0, 0))

    return max(_DELIMITERS, key=likelihood)


def _check_quotes(text: str, delimiter: str) -> None:
    """Refuse a file in which a quotation mark is never closed: it swallows the rows below it."""
    rows = _csv_rows(text, delimiter, strict=True)
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


if __name__ == "__main__":
    _answer_parent()
