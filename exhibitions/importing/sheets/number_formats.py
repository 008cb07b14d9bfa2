"""Number formats: which parts of a number or date its author sees under each.

Excel names them by an id or writes them as a code, such as "dd/mm/yyyy"; OpenDocument writes
them as elements of a style.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final


@dataclass(frozen=True)
class Format:
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
        """Whether any part of a date is to be seen."""
        return self.day or self.month or self.year


GENERAL: Final = Format()
FULL_DATE: Final = Format(day=True, month=True, year=True)
_TIME = Format(time=True)
_BY_ID = {
    **dict.fromkeys((14, 15, 27, 28, 29, 30, 31, 36, *range(50, 59)), FULL_DATE),
    16: Format(day=True, month=True),
    17: Format(month=True, year=True),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 47), _TIME),
    22: Format(day=True, month=True, year=True, time=True),
    46: Format(time=True, is_duration=True),
}

LONGEST_CODE: Final = 255
"""How many characters a code may have, by Excel's own limit."""
# Literal text, colours, conditions, locales, and the signs that take up room.
_NOT_SHOWN = re.compile(r'"[^"]*"?|\\.|[_*].|\[(?!(?:h+|m+|s+)\])[^\]]*\]?', re.IGNORECASE)
_PARTS = re.compile(r"\[[hms]+\]|am/pm|a/p|y+|e+|b+|d+|m+|h+|s+")


def format_of_id(number: int) -> Format:
    """The format that Excel names by ``number`` and writes no code for."""
    return _BY_ID.get(number, GENERAL)


@lru_cache(maxsize=1000)
def format_of_code(code: str) -> Format:
    """Read a number format such as "dd/mm/yyyy" or "0.00"."""
    shown = _NOT_SHOWN.sub("", code).partition(";")[0].strip().casefold()
    if shown == "general":
        return GENERAL
    if re.fullmatch("0+", shown):
        return Format(digits=len(shown))
    parts = _PARTS.findall(shown)
    if re.search(r"[0#?]", shown):
        parts = [part for part in parts if part[0] not in "eb"]  # "0.00E+00"
    minutes = _places_of_minutes(parts)
    letters = {part[0] for place, part in enumerate(parts) if place not in minutes}
    has_day = "d" in parts or "dd" in parts
    if letters == {"d"} and not has_day:
        return FULL_DATE  # a weekday by itself says less than its author knew
    return Format(
        day=has_day,
        month="m" in letters,
        year=bool(letters & {"y", "e", "b"}),
        time=bool(minutes or letters & {"h", "s", "["}),
        is_duration="[" in letters,
    )


def _places_of_minutes(parts: list[str]) -> set[int]:
    """Where "m" stands for minutes: behind hours, or before seconds."""
    letters = ["", *(part.strip("[]")[0] for part in parts), ""]
    return {
        place
        for place, part in enumerate(parts)
        if part[0] == "m" and (letters[place] == "h" or letters[place + 2] == "s")
    }
