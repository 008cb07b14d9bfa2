"""What it costs to accept an event and to count it, against one UPDATE for each.

    python -m bench.events [--events 1000000]

Accepting: a beacon through the WSGI application, with robot check, hash and journal, in
turn with a bare Django view (no middleware) that does ``UPDATE n = n + 1``. Folding: a
journal of a million events of one day, written by two processes, into SQLite; in turn
with a sample of the same events, one UPDATE each. All of it is CPU time of this process,
on SQLite in a file. Printed beside them is how fast this machine runs a bare loop. At
last the size of the beacon's script.
Exit code 1 when a floor is missed.
"""

# Django has to be set up, with the settings of the benchmarks, before models are imported.
# ruff: noqa: E402

from __future__ import annotations

import argparse
import gzip
import io
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

_folder = tempfile.TemporaryDirectory(prefix="trienlam-events-")
os.environ["DATA_DIR"] = _folder.name
os.environ["DJANGO_SETTINGS_MODULE"] = "bench.usual_wagtail.settings"

import django

django.setup()

from django.contrib.staticfiles import finders
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.test.utils import override_settings
from django.urls import path

from analytics import journal
from analytics.api import CountablePage, set_page_rule
from analytics.folding import Folder
from analytics.intake import Intake
from analytics.journal import Event, pack
from analytics.models import CountedPage, DayFigure
from analytics.vocabulary import Kind, Metric, Source
from tests.analytics.readers import PEOPLE

ACCEPT_FLOOR = 5
"""So many times cheaper than the view an event is to be accepted."""
FOLD_FLOOR = 50
"""So many times cheaper than an UPDATE each the events are to be folded."""
SCRIPT_FLOOR = 1000
"""Bytes of the beacon's script as it is sent."""

ROUNDS, EVENTS_A_ROUND = 15, 1000
SAMPLE = 5_000
PAGES, EXHIBITIONS = 500, 10
VIEWS_A_VISIT = 10
MORNING = 1_773_620_000_000
DAY_MS = 12 * 3_600_000

Application = Callable[[dict[str, Any], Callable[..., Any]], Any]


def described(number: int) -> CountablePage:
    """Page ``number`` of a portal with 500 pages in ten exhibitions."""
    hall = number % EXHIBITIONS + 1
    return CountablePage(number, f"Trang {number}", hall, f"Triển lãm {hall}")


def page_rule(numbers: Collection[int]) -> dict[int, CountablePage]:
    """What the portal would answer from its database."""
    return {number: described(number) for number in numbers if number <= PAGES}


def count(request: HttpRequest) -> HttpResponse:
    """The baseline: what a view does that counts in its table."""
    CountedPage.objects.filter(pk=1).update(views=F("views") + 1)
    return HttpResponse(status=204)


def beacons() -> Iterator[dict[str, Any]]:
    """Requests of many readers with the browsers of Viet Nam."""
    agents = list(PEOPLE.values())
    number = 0
    while True:
        number += 1
        yield {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/_v/",
            "SCRIPT_NAME": "",
            "QUERY_STRING": "p=1&c=&r=",
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "testserver",
            "HTTP_USER_AGENT": agents[number % len(agents)],
            "HTTP_SEC_FETCH_SITE": "same-origin",
            "REMOTE_ADDR": f"14.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
            "wsgi.input": io.BytesIO(b""),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
        }


def cpu_of(application: Application, requests: Iterator[dict[str, Any]], path: str) -> float:
    """CPU seconds of one request, in the mean over a round."""
    said: list[str] = []
    asked = [{**next(requests), "PATH_INFO": path} for _number in range(EVENTS_A_ROUND)]
    started = time.process_time()
    for environ in asked:
        answer = application(environ, lambda status, *_: said.append(status))
        getattr(answer, "close", lambda: None)()
    spent = time.process_time() - started
    if set(said) != {"204 No Content"}:
        raise RuntimeError(f"{path} answered {set(said)}")
    return spent / EVENTS_A_ROUND


def measure_accepting() -> bool:
    """Print what an accepted event costs beside the view; whether the floor was kept."""
    CountedPage.objects.get_or_create(number=1)
    requests = beacons()
    ours: list[float] = []
    theirs: list[float] = []
    with override_settings(MIDDLEWARE=[], ROOT_URLCONF=(path("count", count),)):
        view = WSGIHandler()
        intake = Intake(view)
        for _round in range(ROUNDS):
            ours.append(cpu_of(intake, requests, "/_v/"))
            theirs.append(cpu_of(view, requests, "/count"))
    ours_median, theirs_median = statistics.median(ours), statistics.median(theirs)
    ratio = theirs_median / ours_median
    kept = ratio >= ACCEPT_FLOOR
    print(f"accepting: median of {ROUNDS} interleaved rounds of {EVENTS_A_ROUND} events")
    print(f"{'':34}{'CPU µs':>9}{'times cheaper':>15}")
    print(f"{'a view with UPDATE n = n + 1':34}{theirs_median * 1e6:9.1f}{1:15.1f}")
    print(
        f"{'a beacon, accepted and journalled':34}{ours_median * 1e6:9.1f}{ratio:15.1f}"
        f"  floor ≥ {ACCEPT_FLOOR}: {'kept' if kept else 'MISSED'}"
    )
    return kept


def write_journal(events: int) -> None:
    """A day of readers, each at ten pages of one exhibition, in the files of two processes."""
    chance = random.Random(events)
    readers = [[chance.getrandbits(63) | 1, 0] for _number in range(2_000)]
    files = [
        (journal.folder() / f"2026-03-16-{process}-bench.journal").open("wb") for process in (1, 2)
    ]
    for number in range(events):
        reader = readers[chance.randrange(len(readers))]
        reader[1] += 1
        if reader[1] > VIEWS_A_VISIT:
            reader[:] = [chance.getrandbits(63) | 1, 1]
        visitor = reader[0]
        page = chance.randrange(PAGES // EXHIBITIONS) * EXHIBITIONS + visitor % EXHIBITIONS + 1
        moment = MORNING + number * DAY_MS // events
        event = Event(Kind.VIEW, source=Source.SEARCH, page=page, visitor=visitor, moment=moment)
        files[number % 2].write(pack(event))
    for file in files:
        file.close()


def measure_folding(events: int) -> bool:
    """Print how many events are folded in a second; whether the floor was kept."""
    for path_of_file in journal.files():
        path_of_file.unlink()
    write_journal(events)
    folder = Folder()
    started = time.process_time()
    rounds = 1
    while not folder.fold(MORNING + 2 * DAY_MS):
        rounds += 1
    spent = time.process_time() - started
    figures = DayFigure.objects.filter(metric=Metric.VIEWS).order_by("pk")
    started = time.process_time()
    for number in range(SAMPLE):
        figures.filter(page=number % PAGES + 1).update(count=F("count") + 1)
    one_each = (time.process_time() - started) / SAMPLE
    speed = events / spent
    ratio = speed * one_each
    kept = ratio >= FOLD_FLOOR
    print(f"\nfolding: {events:,} events in {rounds} rounds, CPU time, the database's included")
    print(f"{'':34}{'events/s':>12}{'times':>9}")
    print(f"{f'one UPDATE each (of {SAMPLE:,})':34}{1 / one_each:12,.0f}{1:9.0f}")
    print(
        f"{'folded':34}{speed:12,.0f}{ratio:9.0f}"
        f"  floor ≥ {FOLD_FLOOR}: {'kept' if kept else 'MISSED'}"
    )
    print(f"{'':34}a bare loop of this machine takes {bare_loop_ns():.0f} ns a pass")
    return kept


def bare_loop_ns() -> float:
    """Nanoseconds of one pass of the emptiest loop, at its best of five."""
    passes, best = 1_000_000, float("inf")
    for _attempt in range(5):
        total = 0
        started = time.process_time()
        for number in range(passes):
            total += number
        best = min(best, time.process_time() - started)
    return best / passes * 1e9


def measure_script() -> bool:
    """Print the size of the beacon's script; whether the floor was kept."""
    found = finders.find("js/luot-xem.js")
    content = Path(str(found)).read_bytes()
    # As Django's compression sends it.
    size = len(gzip.compress(content, compresslevel=6, mtime=0))
    kept = size < SCRIPT_FLOOR
    print(
        f"\nthe beacon's script: {len(content)} bytes, {size} compressed"
        f"  floor < {SCRIPT_FLOOR}: {'kept' if kept else 'MISSED'}"
    )
    return kept


def main() -> int:
    """Measure, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--events", type=int, default=1_000_000)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    set_page_rule(page_rule)
    kept = [measure_accepting(), measure_folding(options.events), measure_script()]
    return int(not all(kept))


if __name__ == "__main__":
    sys.exit(main())
