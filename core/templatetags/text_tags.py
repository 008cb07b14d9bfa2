"""Small matters of Vietnamese typesetting, for the text templates show."""

from __future__ import annotations

import re
from datetime import date, datetime

from django import template
from django.template.defaultfilters import stringfilter
from django.utils.formats import time_format
from django.utils.safestring import SafeString, mark_safe

from core.blocks import official_date as worded

register = template.Library()

NO_BREAK_SPACE = "\u00a0"
# A title may be broken after a dash, never before it.
DASH = re.compile(r" (?=[-–—] )")
# Names that are not torn over two lines in a title.
NAMES = re.compile("Hồ Chí Minh|Việt Nam")
FIRST_PARAGRAPH = re.compile(r"<p\b.*?</p>", re.DOTALL)


@register.filter
@stringfilter
def bound(title: str) -> str:
    """Give ``title`` with its dashes bound to the word before and its great names kept whole.

    "Chủ tịch Hồ Chí Minh - Người khởi xướng" then never starts a line with "-".
    """
    whole = NAMES.sub(lambda name: name[0].replace(" ", NO_BREAK_SPACE), title)
    return DASH.sub(NO_BREAK_SPACE, whole)


@register.filter
def first_paragraph(markup: str) -> SafeString:
    """Give the first paragraph of ``markup``, or all of it if it has none.

    ``markup`` is the editors' rich text, cleaned when it was saved and safe as it stands.
    """
    found = FIRST_PARAGRAPH.search(markup)
    return mark_safe(found[0] if found else markup)


@register.filter(expects_localtime=True)
def official_date(day: date | None) -> str:
    """Give ``day`` as NĐ 30/2020/NĐ-CP writes dates: 05/3/2024, 12/7/2023, 14/01/2025."""
    return worded(day) if day else ""


@register.filter(expects_localtime=True)
def official_moment(moment: datetime | None) -> str:
    """Give the hour before the day: 08:00, 22/12/2026."""
    return f"{time_format(moment, 'H:i')}, {worded(moment)}" if moment else ""
