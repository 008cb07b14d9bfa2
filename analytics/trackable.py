"""What may be counted: pages the public may see, codes that work, hosts of organisations.

Other apps say so, by the two rules they set at start. Their answers are remembered for a
few seconds, so that a page read by many asks once; what was hidden meanwhile is still
counted for these seconds and no longer.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db import close_old_connections, connection
from wagtail.models import Page

from core.models import OrganisationHost

REMEMBER_SECONDS = 5.0
REMEMBER_MOST = 10_000
HOSTS_SECONDS = 60.0
LARGEST_PAGE_NUMBER = 2**31 - 1
"""A larger one would be an error of the database."""


@dataclass(frozen=True)
class CountablePage:
    """A page, and as what it is counted: an alias as its source, ``number`` and ``title``.

    ``exhibition`` is where the page itself stands, which for an alias is not where its
    source stands. ``is_public`` says whether the public may see the page now.
    """

    number: int
    title: str
    exhibition: int | None = None
    exhibition_title: str = ""
    is_public: bool = True


@dataclass(frozen=True)
class CountableCode:
    """An invitation that works now. ``hosts`` are the registered ones of its organisation."""

    code: str
    organisation: int | None = None
    organisation_name: str = ""
    campaign: int | None = None
    campaign_title: str = ""
    channel: str = ""
    hosts: frozenset[str] = frozenset()


PageRule = Callable[[Collection[int]], Mapping[int, CountablePage]]
CodeRule = Callable[[Collection[str]], Mapping[str, CountableCode]]


def _live_pages(numbers: Collection[int]) -> Mapping[int, CountablePage]:
    """The rule of a portal that hides nothing but what is not published."""
    pages = Page.objects.filter(pk__in=numbers).select_related("alias_of")
    found: dict[int, CountablePage] = {}
    for page in pages:
        source = page.alias_of or page
        found[page.pk] = CountablePage(source.pk, source.title, is_public=page.live)
    return found


def _no_codes(codes: Collection[str]) -> Mapping[str, CountableCode]:
    """The rule of a portal without invitations."""
    return {}


def _let_go_of_old_connections() -> None:
    """What Django does at every request; beacons are answered outside of any.

    Within a transaction it would end the transaction, which is somebody else's.
    """
    if not connection.in_atomic_block:
        close_old_connections()


Key = TypeVar("Key", int, str)
Value = TypeVar("Value")


class Remembered(Generic[Key, Value]):
    """The answers of a rule, each for a few seconds; forgets all when there are too many."""

    def __init__(self, rule: Callable[[Collection[Key]], Mapping[Key, Value]]) -> None:
        self._rule: Callable[[Collection[Key]], Mapping[Key, Value]] = rule
        self._answers: dict[Key, tuple[float, Value | None]] = {}
        self._lock = threading.Lock()

    def set_rule(self, rule: Callable[[Collection[Key]], Mapping[Key, Value]]) -> None:
        """Ask ``rule`` from now on."""
        self._rule = rule
        self.forget()

    def forget(self) -> None:
        """Remember nothing."""
        with self._lock:
            self._answers = {}

    def get(self, key: Key) -> Value | None:
        """What the rule answers for ``key``, or answered a moment ago."""
        now = time.monotonic()
        remembered = self._answers.get(key)
        if remembered is not None and now < remembered[0]:
            return remembered[1]
        _let_go_of_old_connections()
        answer = self._rule([key]).get(key)
        with self._lock:
            if len(self._answers) >= REMEMBER_MOST:
                self._answers = {}
            self._answers[key] = (now + REMEMBER_SECONDS, answer)
        return answer

    def ask(self, keys: Collection[Key]) -> Mapping[Key, Value]:
        """What the rule answers now for all of ``keys`` together."""
        return self._rule(keys) if keys else {}


pages: Remembered[int, CountablePage] = Remembered(_live_pages)
codes: Remembered[str, CountableCode] = Remembered(_no_codes)


def page(number: int) -> CountablePage | None:
    """What the public page ``number`` is counted as; None for a hidden one, and for none.

    A number no page can have is asked about nowhere.
    """
    found = pages.get(number) if 0 < number <= LARGEST_PAGE_NUMBER else None
    return found if found is not None and found.is_public else None


@dataclass(frozen=True)
class RegisteredHost:
    """A host name of an organisation: the number of its row, and the name written there."""

    number: int
    host: str


WWW = "www."


class Hosts:
    """The registered host names of organisations, looked up once a minute.

    A site answers with and without "www.", and whoever registers it writes either.
    """

    def __init__(self) -> None:
        self._rows: dict[str, RegisteredHost] = {}
        self._until = 0.0

    def registered(self, host: str) -> RegisteredHost | None:
        """The row of the site that is called ``host``, or None."""
        now = time.monotonic()
        if now >= self._until:
            _let_go_of_old_connections()
            rows = [
                RegisteredHost(number, name)
                for number, name in OrganisationHost.objects.values_list("pk", "host")
            ]
            alike = {row.host.removeprefix(WWW): row for row in rows}
            self._rows = alike | {row.host: row for row in rows}
            self._until = now + HOSTS_SECONDS
        return self._rows.get(host) or self._rows.get(host.removeprefix(WWW))

    def forget(self) -> None:
        """Look again at the next question."""
        self._until = 0.0


hosts = Hosts()


def forget() -> None:
    """Remember nothing of pages, codes and hosts: for tests, and after a change of rules."""
    pages.forget()
    codes.forget()
    hosts.forget()
