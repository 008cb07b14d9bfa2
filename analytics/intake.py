"""The one way in for events: judged, reduced to a record, journalled, then answered.

Beacons of pages are taken before Django, by :class:`Intake`, because they are as many as
pages are read. Clicks, banners and downloads are answered by views, which call
:func:`take` with what they know.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.db import Error as DatabaseFailure
from django.http.request import split_domain_port, validate_host

from analytics import trackable, visitors
from analytics.budgets import Budgets
from analytics.journal import NO_CODE, Event, JournalFull, journal
from analytics.salts import Salts
from analytics.trackable import CountableCode
from analytics.visitors import NOBODY, Address, Environ
from analytics.vocabulary import Kind, Reason, Source

logger = logging.getLogger(__name__)

BEACON_PATH = "/_v/"
BEACON_LONGEST = 400
"""Characters of a beacon: a page number, a code and a host name."""

CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{8}")
PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
REFERRER_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?")

StartResponse = Callable[..., Any]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


@dataclass(frozen=True)
class Claim:
    """What an event says of itself; 0 and "" where it says nothing."""

    kind: Kind
    page: int = 0
    code: str = ""
    referrer: str = ""


salts = Salts(forgotten_with=visitors.forget_agents)
budgets = Budgets()


def take(environ: Environ, claim: Claim) -> Reason:
    """Judge ``claim`` and journal it, counted or dropped; give the verdict.

    Raises :class:`~analytics.journal.JournalFull` when it could not be journalled, and
    Django's database errors when it could not be asked what page or code is meant.
    """
    now = time.time()
    try:
        salt, former_salt = salts.at(now)
    except OSError as error:
        logger.error("There is no salt to hash with: %s", error.strerror)
        raise JournalFull(error.errno, error.strerror) from error
    client = visitors.client_address(environ)
    network = visitors.network_hash(client, salt)
    reason = _not_a_reader(environ, claim, client, network, now)
    visitor = former = NOBODY
    if reason is Reason.COUNTED and not visitors.declines_tracking(environ):
        visitor = visitors.visitor_hash(environ, client, salt)
        if former_salt:
            former = visitors.visitor_hash(environ, client, former_salt)
        if not budgets.allow_visitor(visitor, now):
            reason = Reason.OVER_BUDGET
    if reason is not Reason.COUNTED:
        # Together, not one by one: a flood of one record each would fill the disk.
        journal.set_aside(claim.kind, reason)
        return reason
    return _take_from_reader(claim, visitor, former)


def _not_a_reader(
    environ: Environ, claim: Claim, client: Address | None, network: int, now: float
) -> Reason:
    """Why the request is not a reader's, by what it says of itself; cheapest question first.

    To look through an agent that was never seen takes a thousand times as long as the
    rest: the budget of the neighbourhood comes before it.
    """
    if visitors.is_staff(environ):
        return Reason.STAFF
    if visitors.is_internal(client):
        return Reason.INTERNAL
    if visitors.is_prefetch(environ):
        return Reason.PREFETCH
    if not budgets.allow_network(network, now):
        return Reason.OVER_BUDGET
    if visitors.is_robot(environ):
        return Reason.ROBOT
    is_view = claim.kind in (Kind.VIEW, Kind.VIEW_WITHOUT_SCRIPT)
    if is_view and visitors.comes_from_elsewhere(environ):
        return Reason.FOREIGN_ORIGIN
    return Reason.COUNTED


def _drop(claim: Claim, reason: Reason) -> Reason:
    journal.append(Event(kind=claim.kind, reason=reason))
    return reason


def _take_from_reader(claim: Claim, visitor: int, former: int) -> Reason:
    """Journal what a reader did, with the number of the page it is counted under."""
    code = trackable.codes.get(claim.code) if claim.code else None
    page = trackable.page(claim.page)
    source, host = _origin_of(claim.referrer, code)
    is_view = claim.kind in (Kind.VIEW, Kind.VIEW_WITHOUT_SCRIPT)
    if page is None and (is_view or claim.page):
        return _drop(claim, Reason.NOT_PUBLIC)
    if not is_view and code is None:
        return _drop(claim, Reason.UNKNOWN_CODE)
    journal.append(
        Event(
            kind=claim.kind,
            source=source,
            page=claim.page,
            host=host,
            code=code.code.encode() if code else NO_CODE,
            visitor=visitor,
            former=former,
        )
    )
    return Reason.COUNTED


def _origin_of(referrer: str, code: CountableCode | None) -> tuple[Source, int]:
    """Where the reader came from, and the number of the host if it is the code's own."""
    host = referrer.lower().partition(":")[0].rstrip(".")
    if not host:
        return Source.UNKNOWN, 0
    if host == _portal_host():
        return Source.PORTAL, 0
    site = trackable.hosts.registered(host)
    if site is None:
        return visitors.source_of(host), 0
    return Source.AGENCY, site.number if code is not None and site.host in code.hosts else 0


@lru_cache(maxsize=1)
def _portal_host() -> str:
    domain, _port = split_domain_port(settings.WAGTAILADMIN_BASE_URL.partition("//")[2])
    return domain


class Intake:
    """A WSGI application that takes beacons and hands everything else on."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer a beacon with 204; everything else is ``application``'s to answer."""
        if environ.get("PATH_INFO") != BEACON_PATH or environ.get("REQUEST_METHOD") != "POST":
            return self._application(environ, start_response)
        if not _host_is_ours(str(environ.get("HTTP_HOST", ""))):
            return self._application(environ, start_response)
        start_response(_answer(environ), [("Cache-Control", "no-store"), ("Content-Length", "0")])
        return [b""]


def _answer(environ: dict[str, Any]) -> str:
    """Take a beacon and give the status line of the answer.

    The answer does not tell whether the page exists or may be seen: a beacon that can be
    read is answered alike, whatever becomes of it.
    """
    try:
        claim = _claim_of(environ)
        if claim is None:
            journal.set_aside(Kind.VIEW, Reason.MALFORMED)
            return "400 Bad Request"
        take(environ, claim)
    except JournalFull:
        return "503 Service Unavailable"
    except DatabaseFailure:
        logger.exception("The database could not be asked about a beacon.")
        return "503 Service Unavailable"
    return "204 No Content"


def _claim_of(environ: Mapping[str, Any]) -> Claim | None:
    """Read a beacon: ``p=<page>&c=<code>&r=<host it came from>``; None when it is none.

    It stands in the address. A body is never read: whoever announced one and did not
    send it would hold a thread of the server for as long as it pleases.
    """
    query = str(environ.get("QUERY_STRING", ""))
    if not 0 < len(query) <= BEACON_LONGEST or not query.isascii():
        return None
    try:
        fields = dict(parse_qsl(query, max_num_fields=3))
    except ValueError:
        return None
    page = fields.get("p", "")
    code = fields.get("c", "").upper()
    referrer = fields.get("r", "")
    if not PAGE_NUMBER.fullmatch(page):
        return None
    return Claim(
        kind=Kind.VIEW,
        page=int(page),
        code=code if CODE.fullmatch(code) else "",
        referrer=referrer if REFERRER_HOST.fullmatch(referrer) else "",
    )


@lru_cache(maxsize=256)
def _host_is_ours(host: str) -> bool:
    """Whether the portal answers under ``host``; what it does not, Django refuses."""
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)
