"""After a visit nothing anywhere in the installation tells who it was: not one byte of it."""

from __future__ import annotations

import base64
import contextlib
import sqlite3
import sys
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest

from analytics.vocabulary import Metric
from campaigns.invitations import invitation_for
from campaigns.models import Channel
from tests import factories
from tests.analytics.installation import (
    Installation,
    new_installation,
    take_over_test_database,
)
from tests.portal import Hall

ADDRESS = "203.0.113.77"
ADDRESS_V6 = "2001:db8:77:1234:5678:9abc:def0:4321"
AGENT = (
    "Mozilla/5.0 (Linux; Android 14; Kiem-Chung-Rieng 77) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.6723.58 Mobile Safari/537.36"
)

COUNTED = """
import json
from django.db.models import Sum
from analytics.folding import Folder
from analytics.models import DayFigure, DroppedFigure
import time
folder = Folder()
while not folder.fold(int(time.time() * 1000) + 5000):
    pass
sums = DayFigure.objects.filter(page__gte=0).values_list("metric").annotate(Sum("count"))
print(json.dumps({
    "figures": dict(sums.order_by()),
    "dropped": dict(DroppedFigure.objects.values_list("reason").annotate(Sum("count")).order_by()),
}))
"""


COUNTED_OF_TWO = {
    Metric.VIEWS: 2,
    Metric.VIEWS_WITHOUT_SCRIPT: 2,
    Metric.CLICKS: 2,
    Metric.CONFIRMED_VISITS: 4,  # of the portal, and of the exhibition
}


def forms_of_address(written: str) -> dict[str, bytes]:
    """Every way in which somebody might have kept an address, by name."""
    address = ip_address(written)
    packed, number = address.packed, int(address)
    forms = {
        "as it is written": str(address).encode(),
        "in full": address.exploded.encode(),
        "packed": packed,
        "packed, other end first": packed[::-1],
        "in hexadecimal": packed.hex().encode(),
        "as a number": str(number).encode(),
        "in base64": base64.b64encode(packed).rstrip(b"="),
    }
    if address.version == 6:
        forms["its household, packed"] = packed[:8]
        forms["its household, in hexadecimal"] = packed[:8].hex().encode()
        forms["its household, written"] = b"2001:db8:77:1234"
    return forms


def forms_of_agent(agent: str) -> dict[str, bytes]:
    """The same of an agent. What makes this one recognisable is enough."""
    telling = "Kiem-Chung-Rieng"
    return {
        "as it is written": telling.encode(),
        "two bytes a letter": telling.encode("utf-16-le"),
        "in hexadecimal": telling.encode().hex().encode(),
        "in base64": base64.b64encode(agent.encode())[:40],
    }


SECRETS = {
    f"{whose} {form}": value
    for whose, forms in {
        "the address": forms_of_address(ADDRESS),
        "the IPv6 address": forms_of_address(ADDRESS_V6),
        "the agent": forms_of_agent(AGENT),
    }.items()
    for form, value in forms.items()
}


def found_in(content: bytes, where: str) -> list[str]:
    """What ``content`` tells of the visitor; letters in either case."""
    lowered = content.lower()
    return [
        f"{name} in {where}"
        for name, secret in SECRETS.items()
        if secret in content or secret.lower() in lowered
    ]


def contents_of(installation: Installation) -> Iterator[tuple[str, bytes]]:
    """Everything the installation keeps: files, logs, and every value of every table."""
    yield "the log", installation.log.read_bytes()
    for path in sorted(installation.data.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(installation.data)), path.read_bytes()
    database = sqlite3.connect(installation.data / "trienlam.sqlite3")
    with contextlib.closing(database):
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            for row in database.execute(f'SELECT * FROM "{table}"'):
                for value in row:
                    kept = value if isinstance(value, bytes) else str(value).encode()
                    yield f"table {table}", kept


class TestTheSearchItself:
    @pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS.keys())
    def test_it_finds_what_it_looks_for(self, secret: bytes) -> None:
        assert found_in(b"before " + secret + b" after", "a file")
        assert found_in(b"before " + secret.upper() + b" after", "a file") or not secret.isascii()

    def test_it_looks_into_every_table_file_and_log(self, tmp_path: Path) -> None:
        installation = new_installation(tmp_path / "data")
        database = sqlite3.connect(installation.data / "trienlam.sqlite3")
        with contextlib.closing(database):
            database.execute("CREATE TABLE visits (address BLOB)")
            database.execute("INSERT INTO visits VALUES (?)", [ip_address(ADDRESS).packed])
            database.commit()
        (installation.data / "deep").mkdir()
        (installation.data / "deep" / "file").write_text(f"{ADDRESS_V6} {AGENT}")
        installation.log.write_text(f"GET / from {ADDRESS}")
        places = {
            found.rsplit(" in ", 1)[1]
            for where, content in contents_of(installation)
            for found in found_in(content, where)
        }
        assert {"the log", "deep/file", "table visits"} <= places


@pytest.mark.django_db
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads Linux's /proc")
def test_nothing_tells_who_visited_the_portal(hall: Hall, tmp_path: Path) -> None:
    home = hall.exhibition.get_parent().get_parent()
    index = factories.CampaignIndexPageFactory(parent=home)
    campaign = factories.CampaignPageFactory(parent=index)
    invitation = invitation_for(
        campaign, factories.OrganisationFactory(), Channel.WEB, hall.exhibition
    )
    installation = new_installation(tmp_path / "data", TRUSTED_PROXIES="127.0.0.1")
    take_over_test_database(installation)
    code, item = invitation.code.lower(), hall.items[0].pk
    with installation.serving() as running:
        for address in (ADDRESS, ADDRESS_V6):
            visitor = {"User_Agent": AGENT, "X_Forwarded_For": address}
            landing = installation.ask(f"/moi/xa-that-khe-{code}/", **visitor)
            assert landing.status == 302
            page = hall.exhibition.get_url()
            assert (
                installation.ask(page, Referer="https://noi-khac.example/", **visitor).status == 200
            )
            beacon = f"p={hall.exhibition.pk}&c={code}&r=noi-khac.example"
            assert installation.ask(f"/_v/?{beacon}", b"", **visitor).status == 204
            assert installation.ask(f"/_v/{item}.gif", **visitor).status == 200
            assert installation.ask(f"/_v/{item}.json", **visitor).status == 200
            # What goes wrong is what logs tell most of.
            assert installation.ask("/_v/?garbage", b"", **visitor).status == 400
            assert installation.ask("/khong-co/", **visitor).status == 404
            assert installation.ask("/", Host="evil.example", **visitor).status == 400
            assert installation.ask(f"/tim-kiem/?q={'x' * 3000}", **visitor).status in (
                200,
                400,
                404,
            )
            assert installation.ask("/admin/login/", b"username=a", **visitor).status == 403
            with broken_database(installation):
                assert installation.ask(page, **visitor).status == 500
                assert installation.ask("/_v/?p=777", b"", **visitor).status == 503
        assert running.said("Internal Server Error"), "the errors were really logged"
        assert running.said("could not be asked about a beacon")
    counted = installation.run(COUNTED)["figures"]
    really = {metric: counted.get(str(metric.value)) for metric in COUNTED_OF_TWO}
    assert really == COUNTED_OF_TWO, "the visits were counted, as those of two readers"
    kept = list(contents_of(installation))
    assert any(where.endswith(".journal") for where, _content in kept)
    assert any(where.endswith(".salt") for where, _content in kept)
    told = [found for where, content in kept for found in found_in(content, where)]
    assert told == []
    assert not any(b"noi-khac.example" in content for _where, content in kept)


@contextlib.contextmanager
def broken_database(installation: Installation) -> Iterator[None]:
    """Take from the running portal the table that all of its pages are in."""
    database = sqlite3.connect(installation.data / "trienlam.sqlite3", timeout=30)
    with contextlib.closing(database):
        # Only the name goes: constraints of others go on naming the table they know.
        database.execute("PRAGMA legacy_alter_table = ON")
        database.execute("ALTER TABLE wagtailcore_page RENAME TO wagtailcore_page_away")
        database.commit()
        try:
            yield
        finally:
            database.execute("ALTER TABLE wagtailcore_page_away RENAME TO wagtailcore_page")
            database.commit()
