"""kill -9 at random moments, under load: nothing accepted is lost, nothing is counted twice."""

from __future__ import annotations

import contextlib
import http.client
import random
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from wagtail.models import Page

from tests.analytics.installation import (
    Ended,
    Installation,
    Running,
    new_installation,
    take_over_test_database,
)
from tests.analytics.readers import ANDROID

CONNECTIONS = 16
PATIENCE_SECONDS = 60

COUNT_TWICE = """
import json, time
from django.db.models import Sum
from analytics.folding import Folder
from analytics.models import CountedPage, DayFigure, DroppedFigure, HourFigure
from analytics.vocabulary import Metric

def figures():
    folder = Folder()
    while not folder.fold(int(time.time() * 1000) + 5000):
        pass
    sums = {
        model._meta.model_name: model.objects.filter(metric=Metric.VIEWS).aggregate(n=Sum("count"))
        for model in (DayFigure, HourFigure)
    }
    return {name: found["n"] or 0 for name, found in sums.items()} | {
        "page": sum(CountedPage.objects.values_list("views", flat=True)),
        "dropped": DroppedFigure.objects.aggregate(n=Sum("count"))["n"] or 0,
    }

print(json.dumps([figures(), figures()]))
"""
"""What two further leaders count, one after the other."""

BUILD_PORTAL = """
from wagtail.models import Page, Site
from tests import factories
for page in Page.objects.get(depth=1).get_children():
    page.delete()
home = factories.HomePageFactory(parent=Page.objects.get(depth=1))
Site.objects.update_or_create(
    is_default_site=True, defaults={"hostname": "testserver", "port": 80, "root_page": home}
)
print(home.pk)
"""

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads Linux's /proc")


@dataclass
class Crowd:
    """Readers on sixteen connections, each view another reader's; they count what was accepted."""

    port: int
    page: int
    accepted: int = 0
    refused: int = 0
    unknown: int = 0
    """How many were cut off before the answer: accepted or not, nobody knows."""
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _going: threading.Event = field(default_factory=threading.Event)
    _told: threading.Condition = field(default_factory=threading.Condition)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        """Begin to read."""
        self._threads = [threading.Thread(target=self._read) for _n in range(CONNECTIONS)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Stop reading."""
        self._going.set()
        for thread in self._threads:
            thread.join()

    def reach(self, accepted: int, running: Running) -> bool:
        """Wait until so many views have been accepted; False when ``running`` ends before."""
        with self._told:
            came = self._told.wait_for(
                lambda: self.accepted >= accepted or running.has_ended, PATIENCE_SECONDS
            )
        assert came, f"only {self.accepted} of {accepted} views were accepted"
        return self.accepted >= accepted

    def _read(self) -> None:
        exchange = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        while not self._going.is_set():
            try:
                if exchange.sock is None:
                    exchange.connect()
            except OSError:
                with self._told:
                    self._told.notify_all()
                self._going.wait(0.02)
                continue
            outcome = self._view(exchange)
            with self._told:
                setattr(self, outcome, getattr(self, outcome) + 1)
                self._told.notify_all()
        exchange.close()

    def _view(self, exchange: http.client.HTTPConnection) -> str:
        """Report one view as a proxy in front would pass it on; what became of it."""
        number = next(self._numbers)
        # Each from a neighbourhood of its own: budgets are not what is tried here.
        address = f"{11 + (number >> 16)}.{number >> 8 & 255}.{number & 255}.1"
        headers = {"User-Agent": ANDROID, "X-Forwarded-For": address}
        try:
            exchange.request("POST", f"/_v/?p={self.page}", headers=headers)
            answer = exchange.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            exchange.close()
            return "unknown"
        if answer.getheader("Connection") == "close":
            exchange.close()
        return "accepted" if answer.status == 204 else "refused"


def kill_leader(running: Running) -> None:
    running.kill(running.leader)


def kill_worker(running: Running) -> None:
    running.kill(random.choice(running.workers))


def kill_server(running: Running) -> None:
    running.kill(running.server)


def kill_everything(running: Running) -> None:
    running.kill_all()


Kill = Callable[[Running], None]


def survive(installation: Installation, page: int, kills: list[Kill], events: int) -> None:
    """Kill what ``kills`` say, each after up to ``events`` more views, and compare the figures."""
    moments = random.Random()
    running = installation.start()
    crowd = Crowd(installation.port, page)
    try:
        crowd.start()
        for kill in [*kills, None]:
            until = crowd.accepted + (moments.randint(1, events) if kill else events)
            # The supervisor starts what was killed; itself it is started by whoever runs it.
            while not crowd.reach(until, running):
                running.kill_all()
                running = installation.start()
            # What is to be killed may be ending by itself, for what was killed before.
            with contextlib.suppress(Ended):
                if kill:
                    kill(running)
        crowd.stop()
        running.stop()
    finally:
        crowd.stop()
        running.kill_all()
    figures, once_more = installation.run(COUNT_TWICE)
    counted = figures["dayfigure"]
    print(
        f"\n{len(kills)} kills: accepted {crowd.accepted} ≤ counted {counted} ≤ "
        f"{crowd.accepted} + {crowd.unknown} in flight; refused {crowd.refused}"
    )
    assert crowd.accepted > 0
    assert crowd.accepted <= counted <= crowd.accepted + crowd.unknown
    assert figures == {"dayfigure": counted, "hourfigure": counted, "page": counted, "dropped": 0}
    assert once_more == figures


@pytest.mark.django_db
def test_the_leader_and_the_whole_portal_are_killed_while_people_read(
    home: Page, tmp_path: Path
) -> None:
    installation = new_installation(tmp_path / "data", TRUSTED_PROXIES="127.0.0.1")
    take_over_test_database(installation)
    survive(installation, home.pk, [kill_leader, kill_everything], events=400)


@pytest.mark.long
@pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.services("postgresql"))]
)
def test_twenty_kills(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    address = ""
    if database == "postgresql":
        address = request.getfixturevalue("postgresql_database")
    installation = new_installation(tmp_path / "data", address, TRUSTED_PROXIES="127.0.0.1")
    installation.manage("migrate", "--verbosity", "0")
    page = installation.run(BUILD_PORTAL)
    kills = [kill_leader, kill_worker, kill_server, kill_everything] * 5
    random.shuffle(kills)
    survive(installation, page, kills, events=2000)
