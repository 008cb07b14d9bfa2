"""The one door of the analytics app: what other apps may ask of it.

It counts, and it answers with figures. It decides nothing about who may see what: which
pages are public and what a code stands for is told to it once, at start, by
:func:`set_page_rule` and :func:`set_code_rule`. Whether somebody may look at figures is
for the caller to check.
"""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from django.db import Error as DatabaseFailure
from django.http import HttpRequest

from analytics import trackable
from analytics.definitions import Definition, definitions
from analytics.intake import CODE, Claim, take
from analytics.journal import JournalFull
from analytics.models import OpeningBalance
from analytics.reports import (
    CodeFigures,
    PageFigures,
    ViewedPage,
    figures_of_codes,
    figures_of_exhibition,
    figures_of_portal,
    most_viewed,
    opening_balances,
    views_of,
    with_views,
)
from analytics.trackable import CodeRule, CountableCode, CountablePage, PageRule
from analytics.vocabulary import Kind

__all__ = [
    "CodeFigures",
    "CountableCode",
    "CountablePage",
    "Definition",
    "Kind",
    "OpeningBalance",
    "PageFigures",
    "ViewedPage",
    "definitions",
    "figures_of_codes",
    "figures_of_exhibition",
    "figures_of_portal",
    "most_viewed",
    "opening_balances",
    "record",
    "set_code_rule",
    "set_page_rule",
    "views_of",
    "with_views",
]

logger = logging.getLogger(__name__)


def set_page_rule(rule: PageRule) -> None:
    """Have ``rule`` say as what pages are counted, and which of them the public may see."""
    trackable.pages.set_rule(rule)


def set_code_rule(rule: CodeRule) -> None:
    """Have ``rule`` say which codes work, and whose they are."""
    trackable.codes.set_rule(rule)


def record(request: HttpRequest, kind: Kind, *, code: str = "", page: int = 0) -> None:
    """Count what ``request`` did, or count it as dropped, with the reason.

    Never raises: an answer to a reader does not depend on whether it could be counted.
    """
    code = code.upper()
    claim = Claim(
        kind=kind,
        page=page,
        code=code if CODE.fullmatch(code) else "",
        referrer=_referrer_host(request),
    )
    try:
        take(request.META, claim)
    except JournalFull:
        logger.error("Not counted: %s. The journal cannot be written.", kind.name)
    except DatabaseFailure:
        logger.exception("Not counted: %s.", kind.name)


def _referrer_host(request: HttpRequest) -> str:
    try:
        return urlsplit(request.headers.get("Referer", "")).hostname or ""
    except ValueError:
        return ""
