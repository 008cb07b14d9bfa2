"""Numbers of rows as addresses and forms write them."""

from __future__ import annotations

from django.db.models import BigIntegerField

LARGEST = BigIntegerField.MAX_BIGINT
_DIGITS = len(str(LARGEST))


def row_number(text: str) -> int:
    """The number that ``text`` writes; 0, which no row has, for what can be none.

    Databases fail on numbers longer than their columns, and Python refuses to read those
    of thousands of digits.
    """
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS):
        return 0
    number = int(text)
    return number if number <= LARGEST else 0
