"""Invitations and hot-linked banners of the real server, beside a static file of the same.

    python -m bench.invitations [--requests 4000]

``manage.py serve`` with two workers, on SQLite; sixteen connections that stay open ask in
turn, in interleaved rounds, for a static file, an invitation and a banner. Printed are
the median and the 99th percentile of the time a request takes, what the server's
processes spend on one, and how often that is of the static file's. The clients share the
machine with the server.
"""

from __future__ import annotations

import argparse
import http.client
import os
import statistics
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from tests.analytics.installation import Installation, Running, new_installation
from tests.analytics.readers import ANDROID

CONNECTIONS = 16
ROUNDS = 5
STATIC_FILE = "/static/js/luot-xem.js"

BUILD_PORTAL = """
import json
from wagtail.models import Page, Site
from campaigns.invitations import invitation_for
from campaigns.models import BannerForm, Channel
from tests import factories

for page in Page.objects.get(depth=1).get_children():
    page.delete()
home = factories.HomePageFactory(parent=Page.objects.get(depth=1))
Site.objects.update_or_create(
    is_default_site=True, defaults={"hostname": "testserver", "port": 80, "root_page": home}
)
exhibition = factories.ExhibitionPageFactory(
    parent=factories.ExhibitionIndexPageFactory(parent=home)
)
factories.cleared_item(factories.PartPageFactory(parent=exhibition))
campaign = factories.CampaignPageFactory(parent=factories.CampaignIndexPageFactory(parent=home))
campaign.exhibitions.create(exhibition=exhibition)
campaign.banners.create(form=BannerForm.WIDE)
campaign.save()
agency = factories.OrganisationFactory(name="Xã Thất Khê")
invitation = invitation_for(campaign, agency, Channel.WEB, exhibition)
print(json.dumps(invitation.code.lower()))
"""


@dataclass
class Kind:
    """Something that is asked for, and what was measured of it."""

    name: str
    path: str
    status: int
    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    """CPU seconds of the server's processes for one request, of each round."""


def ask(port: int, kind: Kind, requests: int, numbers: count[int]) -> list[float]:
    """Ask over all connections until there were so many requests; the seconds of each."""
    taken: list[float] = []
    wrong: list[int] = []
    together = threading.Barrier(CONNECTIONS)

    def client() -> None:
        exchange = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        exchange.connect()
        own: list[float] = []
        together.wait()
        for _request in range(requests // CONNECTIONS):
            number = next(numbers)
            # Each another reader, as a proxy in front passes them on.
            address = f"{11 + (number >> 16)}.{number >> 8 & 255}.{number & 255}.1"
            headers = {"User-Agent": ANDROID, "X-Forwarded-For": address}
            started = time.perf_counter()
            exchange.request("GET", kind.path, headers=headers)
            answer = exchange.getresponse()
            answer.read()
            own.append(time.perf_counter() - started)
            if answer.status != kind.status:
                wrong.append(answer.status)
        exchange.close()
        taken.extend(own)

    threads = [threading.Thread(target=client) for _connection in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise RuntimeError(f"{kind.path} answered {sorted(set(wrong))}")
    return taken


def cpu_of(running: Running) -> float:
    """CPU seconds that the workers have spent until now."""
    ticks = 0
    for worker in running.workers:
        fields = Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def measure(installation: Installation, kinds: list[Kind], requests: int) -> None:
    """Ask for each of ``kinds`` in turn."""
    numbers = count(1)
    a_round = max(requests // ROUNDS, CONNECTIONS)
    with installation.serving() as running:
        for kind in kinds:
            ask(installation.port, kind, 20 * CONNECTIONS, numbers)  # warm
        for _round in range(ROUNDS):
            for kind in kinds:
                before = cpu_of(running)
                taken = ask(installation.port, kind, a_round, numbers)
                kind.seconds += taken
                kind.cpu.append((cpu_of(running) - before) / len(taken))


def run(requests: int) -> None:
    """Set up an installation, measure, print."""
    with tempfile.TemporaryDirectory(prefix="trienlam-invitations-") as folder:
        installation = new_installation(Path(folder) / "data", TRUSTED_PROXIES="127.0.0.1")
        installation.manage("migrate", "--verbosity", "0")
        code = installation.run(BUILD_PORTAL)
        kinds = [
            Kind("static file", STATIC_FILE, 200),
            Kind("/moi/", f"/moi/xa-that-khe-{code}/", 302),
            Kind("/k/ banner", f"/k/{code}-ngang.jpg", 200),
        ]
        measure(installation, kinds, requests)
    print(
        f"{CONNECTIONS} connections, two workers; {len(kinds[0].seconds)} requests of each "
        f"in {ROUNDS} interleaved rounds"
    )
    print(f"{'':14}{'p50 ms':>9}{'p99 ms':>9}{'CPU ms':>9}{'of static':>11}")
    baseline = statistics.median(kinds[0].cpu)
    for kind in kinds:
        middle, slowest = quantile(kind.seconds, 50), quantile(kind.seconds, 99)
        cpu = statistics.median(kind.cpu)
        print(
            f"{kind.name:14}{middle * 1000:9.1f}{slowest * 1000:9.1f}"
            f"{cpu * 1000:9.2f}{cpu / baseline:11.1f}"
        )


def quantile(values: list[float], percent: int) -> float:
    """The value that ``percent`` of ``values`` do not exceed."""
    return statistics.quantiles(values, n=100)[percent - 1]


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--requests", type=int, default=4000)
    run(parser.parse_args().requests)
    return 0


if __name__ == "__main__":
    sys.exit(main())
