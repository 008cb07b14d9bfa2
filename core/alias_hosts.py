"""Alias hosts: names besides its own under which the portal is looked for, led on for good."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from threading import Lock

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.request import split_domain_port
from wagtail.models import Page

from core.models import BasePage, HostAlias

KNOWN_SECONDS = 5.0
"""How long a process goes by what it last read of the rows and of the pages they lead to."""


class Destinations:
    """Where each alias host leads, read at most once in :data:`KNOWN_SECONDS`.

    All rows are read together: they are few, and whoever asks for thousands of hosts that
    nobody has written down costs one look at them and no memory.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._pages: dict[str, int | None] = {}
        self._addresses: dict[str, str] = {}
        self._known_until = -math.inf

    def address_of(self, host: str) -> str | None:
        """The address ``host`` leads to; None when it is no alias of ours."""
        with self._lock:
            now = self._clock()
            if now >= self._known_until:
                self._pages = dict(HostAlias.objects.values_list("host", "page_id"))
                self._addresses = {}
                self._known_until = now + KNOWN_SECONDS
            if host not in self._pages:
                return None
            if host not in self._addresses:
                self._addresses[host] = _address(self._pages[host])
            return self._addresses[host]


def _address(page_number: int | None) -> str:
    """The portal's own address of a page, or of the home page while that one is not public."""
    page = Page.objects.filter(pk=page_number).specific().first() if page_number else None
    parts = page.get_url_parts() if isinstance(page, BasePage) and page.is_public() else None
    path = (parts[2] if parts else None) or "/"
    return f"{settings.WAGTAILADMIN_BASE_URL}/{path.lstrip('/')}"


class AliasHostMiddleware:
    """Answers requests for an alias host with the way to the portal, and refuses other hosts.

    Stands before every other middleware: nothing else is served under a name that is not
    the portal's own, neither static files nor the admin. Under those that are, it asks the
    database nothing. Of the request only its host is looked at: a path and a query that
    meant something at another place mean nothing here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._destinations = Destinations()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Hand on what is asked of the portal; lead on (308) what is asked of an alias.

        Raises DisallowedHost for every other host, which Django answers with 400.
        """
        try:
            request.get_host()
        except DisallowedHost:
            host, _port = split_domain_port(request.META.get("HTTP_HOST", ""))
            address = self._destinations.address_of(host) if host else None
            if address is None:
                raise
            return _lead_to(address)
        return self.get_response(request)


def _lead_to(address: str) -> HttpResponse:
    answer = HttpResponsePermanentRedirect(address, preserve_request=True)
    # The name has moved for good; the page it leads to may still open, or close.
    answer["Cache-Control"] = "no-cache"
    return answer
