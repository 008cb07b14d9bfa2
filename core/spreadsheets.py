"""What every list that leaves the portal as a spreadsheet has to see to."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

BYTE_ORDER_MARK = "\ufeff"
"""By which Excel knows that a CSV file is in UTF-8."""

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def plain(text: str) -> str:
    """``text`` as text: what begins like a formula is not computed by whoever opens it."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def by_our_clocks(moment: datetime) -> datetime:
    """``moment`` in the portal's time zone, whatever zone a reader of the list has set."""
    return timezone.localtime(moment, timezone.get_default_timezone())
