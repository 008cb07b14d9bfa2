"""Numbers, dates, times and booleans in the words in which people read them.

Nothing is said that nobody wrote: of a date, only those parts that its format shows. What is
not in the notation that a file declares for it stays as it stands there.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from math import isfinite

from exhibitions.importing.sheets.number_formats import FULL_DATE, Format

_LARGEST_EXACT_INTEGER = 2**53
_DAY_SECONDS = 24 * 60 * 60
_LAST_SERIAL = 2_958_465  # 31 December 9999, where Excel's dates end
_DAYS_TO_1904 = 1462
_FICTITIOUS_LEAP_DAY = 60  # Excel counts a 29 February 1900

_ISO_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d))?.*)?")
_ISO_DURATION = re.compile(r"PT(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:[.,]\d*)?S)?")


def say_number(written: str, shown: Format, *, is_1904: bool = False) -> str:
    """The number in a file's notation, or the moment that it is under the format ``shown``."""
    try:
        value = float(written)
    except ValueError:
        return written
    if not isfinite(value):
        return written
    if shown.shows_date or shown.time:
        return say_serial(value, shown, is_1904)
    return _plain(value, shown.digits)


def say_serial(serial: float, shown: Format, is_1904: bool) -> str:
    """What Excel's number for a moment says under the format ``shown``."""
    last = _LAST_SERIAL - (_DAYS_TO_1904 if is_1904 else 0)
    total = round(serial * _DAY_SECONDS) if 0 <= serial < last + 1 else -1
    days, seconds = divmod(total, _DAY_SECONDS)
    if not 0 <= days <= last:
        return _plain(serial)
    if shown.is_duration:
        return _say_time(total)
    if not shown.shows_date:
        return _say_time(seconds)
    return _say_date(*_calendar_date(days, is_1904), seconds, shown)


def say_iso_date(written: str, shown: Format) -> str:
    """An ISO date or moment as text."""
    if not (match := _ISO_DATE.fullmatch(written)):
        return written
    year, month, day, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return _say_date(year, month, day, hours * 3600 + minutes * 60 + seconds, shown)


def say_iso_duration(written: str) -> str:
    """An ISO duration as text."""
    if not (match := _ISO_DURATION.fullmatch(written)):
        return written
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return _say_time(hours * 3600 + minutes * 60 + seconds)


def say_boolean(value: bool) -> str:
    """In the words with which Vietnamese lists answer a question, whatever the language here."""
    return "có" if value else "không"


def say_lines(text: str) -> str:
    """Text with line feeds for line ends."""
    return text.replace("\r\n", "\n")


def _plain(value: float, digits: int = 0) -> str:
    """A number as Excel shows it without a format: whole, or with 15 digits, no exponent."""
    if value.is_integer() and abs(value) < _LARGEST_EXACT_INTEGER:
        return f"{int(value):0{digits}d}" if digits else str(int(value))
    return format(Decimal(f"{value:.15g}"), "f")


def _say_time(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if seconds else f"{hours}:{minutes:02d}"


def _say_date(year: int, month: int, day: int, seconds: int, shown: Format) -> str:
    """A date with those of its parts that its author sees: "14/7/1948", "7/1948", "1948".

    Excel and LibreOffice store a day even for a month or a year, and this year for "14/7":
    nobody wrote those.
    """
    if (shown.day and shown.year) or not shown.shows_date:
        shown = FULL_DATE
    parts = ((day, shown.day), (month, shown.month), (year, shown.year))
    written = "/".join(str(part) for part, is_shown in parts if is_shown)
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
