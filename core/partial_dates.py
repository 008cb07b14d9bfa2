"""Uncertain and partial dates: read what people write, keep it as EDTF, say it in Vietnamese.

Archival records are dated "ngày 14/7/1948", "tháng 7/1948", "khoảng năm 1945", "cuối thế kỷ
XIX" or not at all. Each such date is kept as a string of the Extended Date/Time Format (EDTF,
ISO 8601-2:2019, levels 0 and 1), from which the first and last day it can mean and its words
follow. The Vietnamese words here are content of the archive, as a caption is, and not labels
of the interface: an English page prints a record's date as the record has it.

Conventions where EDTF leaves a choice:

* a wholly unknown date is ``XXXX``, a year without a known digit;
* ``1948-XX`` and ``1948-07-XX`` say no more here than ``1948`` and ``1948-07`` and become these;
* "trước năm 1945" is ``../1945`` and "sau năm 1975" is ``1975/..``. EDTF counts the named year
  in, and so does usage: the year names an event within it. No record is lost to a search;
* "thế kỷ XIX" is ``18XX``, the years 1800 to 1899;
* a part of a century ("cuối thế kỷ XIX") is an interval with approximate ends, by
  ``_CENTURY_PARTS``;
* within an interval a decade or century gives its first or last year, as level 1 wants;
* an approximate date keeps the bounds of the date it is near: how far "khoảng" reaches is
  nobody's to say.

The Gregorian calendar only: lunar dates and reign years are refused, not guessed.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from django.utils.translation import gettext

from core.vietnamese import fold, normalise

FIRST_YEAR, LAST_YEAR = 100, 9999
# Longer than any date in words. Reading tries every hyphen and every doubt in turn, which text
# of arbitrary length must not be able to abuse.
_LONGEST = 120
UNKNOWN = "XXXX"
"""The EDTF of a date of which nothing is known."""


class PartialDateError(ValueError):
    """A text is no date that can be kept; the translated message says what to write."""


class Qualifier(StrEnum):
    """In what way a date is less than certain; the values are fit for storing."""

    EXACT = "exact"
    APPROXIMATE = "approximate"  # EDTF ~, "khoảng"
    UNCERTAIN = "uncertain"  # EDTF ?, "có thể"
    UNCERTAIN_APPROXIMATE = "uncertain-approximate"  # EDTF %
    BEFORE = "before"  # EDTF ../, "trước"
    AFTER = "after"  # EDTF /.., "sau"
    UNKNOWN = "unknown"  # "không rõ ngày"


@dataclass(frozen=True)
class PartialDate:
    """A date as far as it is known."""

    edtf: str
    earliest: date | None
    """First day it can mean; None when there is no such bound."""
    latest: date | None
    """Last day it can mean; None when there is no such bound."""
    qualifier: Qualifier
    text: str
    """What was written, with only its encoding and spacing repaired."""

    @property
    def sort_date(self) -> date:
        """The day by which to sort: the earliest, else the latest ("trước năm 1945"), and
        ``date.max`` for the unknown, which so comes last."""
        return self.earliest or self.latest or date.max


# ---------------------------------------------------------------------------------------------
# What a date is made of
# ---------------------------------------------------------------------------------------------

_MARKS = {(False, False): "", (True, False): "~", (False, True): "?", (True, True): "%"}
_FLAGS_OF_MARK = {mark: flags for flags, mark in _MARKS.items()}


@dataclass(frozen=True)
class _Moment:
    """A day, month, year, decade or century, and how sure it is."""

    year: int
    month: int | None = None
    day: int | None = None
    unknown_digits: int = 0
    """How many last digits of the year are unknown: 1 for a decade, 2 for a century."""
    approximate: bool = False
    uncertain: bool = False

    @property
    def mark(self) -> str:
        return _MARKS[self.approximate, self.uncertain]

    @property
    def is_plain_year(self) -> bool:
        return self.month is None and not self.unknown_digits

    @property
    def edtf(self) -> str:
        digits = f"{self.year:04d}"
        year = digits[: 4 - self.unknown_digits] + "X" * self.unknown_digits
        parts = [f"{part:02d}" for part in (self.month, self.day) if part]
        return "-".join([year, *parts]) + self.mark

    @property
    def earliest(self) -> date:
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        year = self.last_year.year
        month = self.month or 12
        return date(year, month, self.day or calendar.monthrange(year, month)[1])

    @property
    def first_year(self) -> _Moment:
        """The first year of a decade or century; any other moment itself."""
        return replace(self, unknown_digits=0)

    @property
    def last_year(self) -> _Moment:
        """The last year of a decade or century; any other moment itself."""
        return replace(self, year=self.year + 10**self.unknown_digits - 1, unknown_digits=0)

    def doubted(self, approximate: bool, uncertain: bool) -> _Moment:
        """The same moment with the given doubts added to its own."""
        return replace(
            self,
            approximate=self.approximate or approximate,
            uncertain=self.uncertain or uncertain,
        )


@dataclass(frozen=True)
class _Span:
    """From one moment to another, either of them open; a single moment is both ends."""

    start: _Moment | None
    end: _Moment | None

    @property
    def edtf(self) -> str:
        if self.start == self.end:
            return self.start.edtf if self.start else UNKNOWN
        return "/".join(moment.edtf if moment else ".." for moment in (self.start, self.end))

    @property
    def qualifier(self) -> Qualifier:
        if self.start is None:
            return Qualifier.BEFORE if self.end else Qualifier.UNKNOWN
        if self.end is None:
            return Qualifier.AFTER
        approximate = self.start.approximate or self.end.approximate
        uncertain = self.start.uncertain or self.end.uncertain
        return {
            "": Qualifier.EXACT,
            "~": Qualifier.APPROXIMATE,
            "?": Qualifier.UNCERTAIN,
            "%": Qualifier.UNCERTAIN_APPROXIMATE,
        }[_MARKS[approximate, uncertain]]

    def doubted(self, approximate: bool, uncertain: bool) -> _Span:
        """The same span with the given doubts added to both its ends."""
        return _Span(
            self.start and self.start.doubted(approximate, uncertain),
            self.end and self.end.doubted(approximate, uncertain),
        )


_UNKNOWN_SPAN = _Span(None, None)


class _Term(NamedTuple):
    """What one expression covers: a day is its own first and last moment, the end of a
    century runs from one year to another."""

    first: _Moment
    last: _Moment

    def doubted(self, approximate: bool, uncertain: bool) -> _Term:
        """The same term with the given doubts added to its own."""
        return _Term(*(moment.doubted(approximate, uncertain) for moment in self))


# Part of a century, and the first and last of its hundred years, counted from 0. Thirds are
# uneven because "giữa thế kỷ" reaches to both sides of the fiftieth year.
_CENTURY_PARTS = {
    "đầu": (0, 29),
    "giữa": (30, 69),
    "cuối": (70, 99),
    "nửa đầu": (0, 49),
    "nửa cuối": (50, 99),
}
_FOLDED_CENTURY_PARTS = {
    fold(name): years
    for name, years in (_CENTURY_PARTS | {"nửa sau": _CENTURY_PARTS["nửa cuối"]}).items()
}


# ---------------------------------------------------------------------------------------------
# Building moments from numbers, refusing what the calendar does not have
# ---------------------------------------------------------------------------------------------


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise PartialDateError(
            gettext("Years run from %(first)s to %(last)s.")
            % {"first": FIRST_YEAR, "last": LAST_YEAR}
        )


def _moment(written: str, year: int, month: int | None = None, day: int | None = None) -> _Moment:
    """The moment of these numbers; ``written`` is how the person put it, for the message."""
    _check_year(year)
    if month is not None and not 1 <= month <= 12:
        if day is not None:
            raise _no_such_day(written)
        raise PartialDateError(
            gettext("%(date)s does not exist. Write the month as month/year, for example 7/1948.")
            % {"date": written}
        )
    if month and day is not None and not 1 <= day <= calendar.monthrange(year, month)[1]:
        raise _no_such_day(written)
    return _Moment(year, month, day)


def _no_such_day(written: str) -> PartialDateError:
    return PartialDateError(
        gettext("%(date)s does not exist. Write the day as day/month/year, for example 14/7/1948.")
        % {"date": written}
    )


def _interval(first: _Moment, last: _Moment) -> _Span:
    """The span from the beginning of ``first`` to the end of ``last``."""
    if first.earliest > last.latest:
        raise PartialDateError(
            gettext(
                "The period ends before it begins. Write the earlier date first, "
                "for example 1965-1973."
            )
        )
    return _Span(first.first_year, last.last_year)


# ---------------------------------------------------------------------------------------------
# Reading EDTF
# ---------------------------------------------------------------------------------------------

_EDTF_DATE = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>0?[1-9]|1[0-2]|XX)(?:-(?P<day>\d{1,2}|XX))?)?(?P<mark>[~?%]?)"
)
_EDTF_DECADE_OR_CENTURY = re.compile(r"(?P<digits>\d{3}X|\d{2}XX)(?P<mark>[~?%]?)")
_EDTF_UNKNOWN = re.compile(r"XXXX(?:-XX){0,2}")


def _read_edtf_moment(text: str) -> _Moment | None:
    if match := _EDTF_DECADE_OR_CENTURY.fullmatch(text):
        digits = match["digits"]
        year = int(digits.replace("X", "0"))
        _check_year(year)
        moment = _Moment(year, unknown_digits=digits.count("X"))
    elif match := _EDTF_DATE.fullmatch(text):
        month, day = (
            None if part in (None, "XX") else int(part) for part in (match["month"], match["day"])
        )
        if month is None and day is not None:
            return None
        moment = _moment(text, int(match["year"]), month, day)
    else:
        return None
    return moment.doubted(*_FLAGS_OF_MARK[match["mark"]])


def _read_edtf(text: str) -> _Span | None:
    """The span an EDTF string stands for; None when it is no EDTF of the kinds kept here."""
    if _EDTF_UNKNOWN.fullmatch(text):
        return _UNKNOWN_SPAN
    first, slash, last = text.partition("/")
    start, end = _read_edtf_moment(first), _read_edtf_moment(last)
    if not slash:
        return _Span(start, start) if start else None
    if first == ".." and end:
        return _Span(None, end.last_year)
    if last == ".." and start:
        return _Span(start.first_year, None)
    return _interval(start, end) if start and end else None


# ---------------------------------------------------------------------------------------------
# Reading Vietnamese
# ---------------------------------------------------------------------------------------------

_UNKNOWN_WORDS = frozenset(
    fold(f"{verb} {what}")
    for verb in ("không rõ", "chưa rõ", "không xác định", "chưa xác định", "không ghi", "k.r", "kr")
    for what in ("", "ngày", "ngày tháng", "ngày tháng năm", "năm", "thời gian", "niên đại")
)
_ROMAN_DIGITS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_ROMAN_STEPS = (
    *((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X")),
    *((9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)

# The patterns below meet text that ``_simplify`` has stripped of marks and case.
_APPROXIMATELY = re.compile(r"(?:vao |uoc )?khoang (?:chung )?|uoc (?:chung )?|chung ")
_POSSIBLY = re.compile(r"(?:co the|co le) (?:la )?")
_DAY = re.compile(r"(?:ngay )?(?:(?:mung|mong) )?(\d{1,2})([/.-])(\d{1,2})\2(\d{4})")
_MONTH = re.compile(r"(?:thang )?(\d{1,2})[/.-](\d{4})")
_YEAR = re.compile(r"(?:(?:(?:nhung|cac) )?nam )?(\d{4})")
_DECADE = re.compile(r"(?:thap nien|thap k[yi]|(?:nhung|cac) nam) (\d{2,3}0)")
_DECADE_OF_CENTURY = re.compile(
    r"(?:thap nien|thap k[yi]|(?:nhung|cac) nam) (\d0) (?:cua )?(the k[yi] .+)"
)
_CENTURY = re.compile(r"(?:(?P<part>[a-z ]+) )?the k[yi] (?:thu )?(?P<number>[ivxlc]+|\d{1,2})")
_OPEN_PERIOD = re.compile(r"(?P<side>truoc|sau|den|toi|tu) (?P<term>.+)")
_SHORT_YEAR = re.compile(r"(?:ngay |thang )?\d{1,2}[/.-](?:\d{1,2}[/.-])?\d{2,3}")
# The first of two dates that leaves to the second what they share: "12-14/7/1950".
_SHARED_REMAINDER = re.compile(r"(?:ngay |thang )?(\d{1,2})(?:[/.-](\d{1,2}))?")
_SPACED_NUMBERS = re.compile(r"(?<=\d) ?(?:thang|nam) ?(?=\d)")
_YEAR_OF_THREE_DIGITS = re.compile(r"\bnam (\d{3})\b")


def _simplify(text: str) -> str:
    """``text`` in lower case without marks, with plain hyphens and no needless spaces.

    "Ngày 14 tháng 7 năm 1948." becomes "ngay 14/7/1948". Unlike ``fold`` it keeps the
    punctuation dates are written with.
    """
    decomposed = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    letters = "".join(mark for mark in decomposed if not unicodedata.combining(mark))
    hyphened = re.sub(r"[\u2010-\u2015\u2212]", "-", letters).replace(",", " ")
    tight = re.sub(r"\s*([/-])\s*", r"\1", hyphened)
    spaced = " ".join(tight.split()).rstrip(".; ")
    padded = _YEAR_OF_THREE_DIGITS.sub(r"nam 0\1", spaced)
    return _SPACED_NUMBERS.sub("/", padded)


def _roman_to_number(numeral: str) -> int:
    values = [_ROMAN_DIGITS[digit] for digit in numeral]
    signed = (
        -value if value < following else value
        for value, following in zip(values, [*values[1:], 0], strict=True)
    )
    return sum(signed)


def _number_to_roman(number: int) -> str:
    numeral = ""
    for value, digits in _ROMAN_STEPS:
        count, number = divmod(number, value)
        numeral += digits * count
    return numeral


def _read_century(words: str) -> _Term | None:
    """Read "thế kỷ XIX", "cuối thế kỷ 19"."""
    match = _CENTURY.fullmatch(words)
    if not match:
        return None
    numeral = match["number"]
    number = int(numeral) if numeral.isdecimal() else _roman_to_number(numeral)
    if not numeral.isdecimal() and _number_to_roman(number) != numeral.upper():
        return None
    first_year = (number - 1) * 100
    _check_year(first_year)
    if not match["part"]:
        century = _Moment(first_year, unknown_digits=2)
        return _Term(century, century)
    years = _FOLDED_CENTURY_PARTS.get(match["part"])
    return years and _Term(*(_Moment(first_year + year, approximate=True) for year in years))


def _read_decade(words: str) -> _Term | None:
    """Read "thập niên 1960", "những năm 60 của thế kỷ XX"."""
    if match := _DECADE_OF_CENTURY.fullmatch(words):
        century = _read_century(match[2])
        if not century or not century.first.unknown_digits:
            return None
        year = century.first.year + int(match[1])
    elif match := _DECADE.fullmatch(words):
        year = int(match[1])
    else:
        return None
    _check_year(year)
    decade = _Moment(year, unknown_digits=1)
    return _Term(decade, decade)


def _read_calendar_date(words: str) -> _Term | None:
    """Read a day, a month or a year."""
    if match := _DAY.fullmatch(words):
        day, separator, month, year = match.groups()
        written = separator.join((day, month, year))
        moment = _moment(written, int(year), int(month), int(day))
    elif match := _MONTH.fullmatch(words):
        moment = _moment(f"{match[1]}/{match[2]}", int(match[2]), int(match[1]))
    elif match := _YEAR.fullmatch(words):
        moment = _moment(words, int(match[1]))
    else:
        return None
    return _Term(moment, moment)


def _take_doubts(words: str) -> tuple[str, bool, bool]:
    """``words`` without expressions of doubt, and whether they said "khoảng", "có thể"."""
    doubts = {_APPROXIMATELY: False, _POSSIBLY: False}
    if bare := re.fullmatch(r"(.+?) ?(?:\(\?\)|\?)", words):
        words, doubts[_POSSIBLY] = bare[1], True
    found = True
    while found:
        found = False
        for pattern in doubts:
            if match := pattern.match(words):
                words, doubts[pattern], found = words[match.end() :], True, True
    return words, doubts[_APPROXIMATELY], doubts[_POSSIBLY]


def _read_term(words: str) -> _Term | None:
    """Read a date by itself, or one end of a period, with the doubts about it."""
    words, *doubts = _take_doubts(words)
    words = re.sub(r"^(?:vao|trong|het) ", "", words)
    # Decades first: "những năm 1960" has the words of a year.
    term = _read_decade(words) or _read_century(words) or _read_calendar_date(words)
    return term and term.doubted(*doubts)


def _read_period(first_words: str, last_words: str) -> _Span | None:
    """Read a period between two ends, of which the first may leave out what they share."""
    if last_words == "nay":
        return _read_open_period(f"tu {first_words}")
    last = _read_term(last_words)
    if not last:
        return None
    first = _read_term(first_words) or _read_shared(first_words, last.last)
    return first and _interval(first.first, last.last)


def _read_shared(words: str, last: _Moment) -> _Term | None:
    """Read the first of two dates, completed from the second: "12" before "14/7/1950"."""
    match = _SHARED_REMAINDER.fullmatch(words)
    if not match or not last.month:
        return None
    number, month = int(match[1]), match[2] and int(match[2])
    if last.day:
        month = month or last.month
        moment = _moment(f"{number}/{month}/{last.year}", last.year, month, number)
    elif month:
        return None
    else:
        moment = _moment(f"{number}/{last.year}", last.year, number)
    return _Term(moment, moment)


def _read_open_period(words: str) -> _Span | None:
    """Read "trước năm 1945", "đến năm 1945", "sau năm 1975", "từ năm 1975"."""
    match = _OPEN_PERIOD.fullmatch(words)
    term = match and _read_term(match["term"])
    if not match or not term:
        return None
    # Before a decade is before it begins, until a decade is until it ends.
    return {
        "truoc": _Span(None, term.first.first_year),
        "den": _Span(None, term.last.last_year),
        "toi": _Span(None, term.last.last_year),
        "tu": _Span(term.first.first_year, None),
        "sau": _Span(term.last.last_year, None),
    }[match["side"]]


def _read_vietnamese(words: str) -> _Span | None:
    """The span that simplified Vietnamese ``words`` stand for; None when they are no date."""
    if single := _read_term(words):
        return _Span(single.first, single.last)
    ends = re.fullmatch(r"tu (.+?) (?:den|toi) (.+)", words)
    if ends and (period := _read_period(*ends.groups())):
        return period
    words, *doubts = _take_doubts(words)
    if opened := _read_open_period(words):
        return opened.doubted(*doubts)
    if any(doubts):  # said of the whole period: "khoảng 1965-1973"
        whole = _read_vietnamese(words)
        return whole and whole.doubted(*doubts)
    for between in re.finditer(r"-| (?:den|toi) ", words):
        first, last = words[: between.start()].removeprefix("tu "), words[between.end() :]
        if period := _read_period(first, last):
            return period
    return None


def parse(text: str) -> PartialDate:
    """Read a date as a Vietnamese office writes it, or as EDTF.

    Days are day/month/year, always. Marks, case and spacing may be missing or wrong. Raises
    ``PartialDateError`` when ``text`` is no date, names a day that does not exist, or ends
    before it begins.
    """
    written = " ".join(normalise(text).split())
    words = _simplify(written[:_LONGEST])
    span: _Span | None
    if len(written) > _LONGEST:
        span = None
    elif fold(written) in _UNKNOWN_WORDS:
        span = _UNKNOWN_SPAN
    else:
        span = _read_edtf(written.replace(" ", "").upper()) or _read_vietnamese(words)
    if span is None:
        raise _unreadable(written, words)
    return PartialDate(
        edtf=span.edtf,
        earliest=span.start.earliest if span.start else None,
        latest=span.end.latest if span.end else None,
        qualifier=span.qualifier,
        text=written,
    )


def _unreadable(written: str, words: str) -> PartialDateError:
    if _SHORT_YEAR.fullmatch(words):
        return PartialDateError(
            gettext("Write the year of %(date)s with four digits, for example 14/7/1948.")
            % {"date": written}
        )
    return PartialDateError(
        gettext(
            "“%(date)s” cannot be read as a date. Write for example 14/7/1948, 7/1948, 1948, "
            "1965-1973, khoảng 1945, thế kỷ XIX or không rõ ngày."
        )
        % {"date": written}
    )


# ---------------------------------------------------------------------------------------------
# Saying a date in Vietnamese
# ---------------------------------------------------------------------------------------------


def _doubt_words(moment: _Moment) -> str:
    return ("có thể " if moment.uncertain else "") + ("khoảng " if moment.approximate else "")


def _say_certain(moment: _Moment) -> str:
    """The words for a moment, leaving its doubts aside."""
    if moment.unknown_digits == 2:
        return f"thế kỷ {_number_to_roman(moment.year // 100 + 1)}"
    if moment.unknown_digits == 1:
        return f"thập niên {moment.year}"
    if moment.month is None:
        return f"năm {moment.year}"
    if moment.year < 1000:  # 14/7/938 would look like a mistyped year
        month = f"tháng {moment.month} năm {moment.year}"
        return f"ngày {moment.day} {month}" if moment.day else month
    if moment.day is None:
        return f"tháng {moment.month}/{moment.year}"
    return f"ngày {moment.day}/{moment.month}/{moment.year}"


def _say(moment: _Moment) -> str:
    return _doubt_words(moment) + _say_certain(moment)


def _say_part_of_century(start: _Moment, end: _Moment) -> str | None:
    if not (start.mark == end.mark == "~" and start.is_plain_year and end.is_plain_year):
        return None
    century, first = divmod(start.year, 100)
    for name, years in _CENTURY_PARTS.items():
        if years == (first, end.year - century * 100):
            return f"{name} thế kỷ {_number_to_roman(century + 1)}"
    return None


def _say_period(start: _Moment, end: _Moment) -> str:
    if part := _say_part_of_century(start, end):
        return part
    bare_years = start.is_plain_year and end.is_plain_year and start.year >= 1000
    if bare_years and start.mark == end.mark:
        return f"{_doubt_words(start)}{start.year}–{end.year}"
    return f"từ {_say(start)} đến {_say(end)}"


def in_vietnamese(edtf: str) -> str:
    """Return the words for a date kept as EDTF: "ngày 14/7/1948", "khoảng năm 1945".

    In lower case, to stand within a sentence; ``parse`` reads them back to the same EDTF.
    Raises ``PartialDateError`` for a string that is no EDTF of the kinds ``parse`` makes.
    """
    span = _read_edtf(edtf)
    if span is None:
        raise _unreadable(edtf, edtf)
    start, end = span.start, span.end
    if start is None:
        return f"trước {_say(end)}" if end else "không rõ ngày"
    if end is None:
        return f"sau {_say(start)}"
    return _say(start) if start == end else _say_period(start, end)
