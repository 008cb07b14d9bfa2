"""Whom a third party learns of: readers who agreed, without a cookie, and nobody else.

A small server on another port stands in for Matomo. Like Matomo's own script, what it
serves sets a cookie unless it is told not to, and then reports the page.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, expect

from config import environment
from tests.browser.conftest import DESKTOP, PHONE, Portal, Visit, Visitor, _free_port
from tests.browser.test_office import SignIn

SITE_NUMBER = "7"
EXHIBITION_PATH = "/trien-lam/lang-son-75-nam-thi-dua-yeu-nuoc/"
OUR_SCRIPT = "/_v/ben-thu-ba.js"

MATOMO_SCRIPT = """
(function () {
  const said = Object.fromEntries(window._paq.map(([name, value]) => [name, value]));
  if (!("disableCookies" in said)) document.cookie = "_pk_id.7=visitor";
  if (!("trackPageView" in said)) return;
  const report = new URLSearchParams({ idsite: said.setSiteId, rec: "1", url: location.href });
  new Image().src = said.setTrackerUrl + "?" + report;
})();
"""


@dataclass
class StandIn:
    """A server in the place of Matomo's that remembers what it was asked for."""

    url: str
    asked: list[str] = field(default_factory=list)
    cookies: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def matomo() -> Iterator[StandIn]:
    """The stand-in, on a port of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            stand_in.asked.append(self.path)
            stand_in.cookies += self.headers.get_all("Cookie") or []
            is_script = self.path == "/matomo/matomo.js"
            body = MATOMO_SCRIPT.encode() if is_script else b""
            self.send_response(200 if is_script else 204)
            self.send_header("Content-Type", "text/javascript")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stand_in = StandIn(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield stand_in
    server.shutdown()
    server.server_close()


@contextmanager
def served(portal: Portal, **variables: str) -> Iterator[Portal]:
    """The same installation served once more, on another port, with other variables."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    ours = {**portal.variables, **variables, "PORTAL_URL": url}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port), "--workers", "1"],
        cwd=environment.BASE_DIR,
        env=ours,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if url in line:
                break
        else:
            pytest.fail("the portal did not start:\n" + "".join(said), pytrace=False)
        yield replace(portal, url=url, variables=ours)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def with_matomo(matomo: StandIn) -> dict[str, str]:
    """What an office writes into the environment to have Matomo told."""
    return {"MATOMO_URL": f"{matomo.url}/matomo/", "MATOMO_SITE_ID": SITE_NUMBER}


@pytest.fixture(scope="module")
def portal(portal: Portal, matomo: StandIn) -> Iterator[Portal]:
    """In this file, the portal of an office that has its own Matomo."""
    with served(portal, **with_matomo(matomo)) as served_portal:
        yield served_portal


@pytest.fixture(autouse=True)
def nothing_asked_yet(matomo: StandIn) -> None:
    matomo.asked.clear()
    matomo.cookies.clear()


def question(visitor: Visitor) -> Locator:
    return visitor.page.locator("#ben-thu-ba")


def answer(visitor: Visitor, value: str) -> None:
    question(visitor).locator(f"button[value={value}]").click()


def settle(visitor: Visitor) -> None:
    """Wait until the page asks for nothing more."""
    visitor.page.wait_for_load_state("networkidle")


def told_nothing(visitor: Visitor, matomo: StandIn) -> bool:
    settle(visitor)
    return not matomo.asked and not visitor.foreign_requests()


def agree(visitor: Visitor) -> None:
    """Agree, and wait for our own script, whatever is in it."""
    with visitor.page.expect_response(f"**{OUR_SCRIPT}"):
        answer(visitor, "yes")


def test_who_agrees_is_reported_without_a_cookie_and_to_that_service_only(
    visit: Visit, matomo: StandIn
) -> None:
    visitor = visit()
    visitor.go(EXHIBITION_PATH)
    with visitor.page.expect_request("**/matomo.php?*"):
        answer(visitor, "yes")
    settle(visitor)
    script, report = matomo.asked
    assert script == "/matomo/matomo.js"
    assert urlsplit(report).path == "/matomo/matomo.php"
    said = parse_qs(urlsplit(report).query)
    assert said["idsite"] == [SITE_NUMBER]
    assert said["url"] == [visitor.page.url]
    assert all(each.startswith(f"{matomo.url}/matomo/") for each in visitor.foreign_requests())
    assert visitor.page.evaluate("document.cookie") == ""
    assert visitor.page.context.cookies() == []
    assert matomo.cookies == []
    assert visitor.errors == []


def test_the_choice_is_kept_and_can_be_taken_back_at_the_foot_of_every_page(
    visit: Visit, matomo: StandIn
) -> None:
    visitor = visit()
    visitor.go("/")
    with visitor.page.expect_request("**/matomo.php?*"):
        answer(visitor, "yes")
    with visitor.page.expect_request("**/matomo.php?*"):
        visitor.go(EXHIBITION_PATH)
    expect(question(visitor)).to_be_hidden()
    visitor.page.locator(".footer #ben-thu-ba-xem-lai").click()
    expect(question(visitor)).to_be_focused()
    with visitor.page.expect_event("load"):
        answer(visitor, "no")
    visitor.requests.clear()
    matomo.asked.clear()
    visitor.go("/")
    expect(question(visitor)).to_be_hidden()
    assert told_nothing(visitor, matomo)
    visitor.page.locator(".footer #ben-thu-ba-xem-lai").click()
    with visitor.page.expect_request("**/matomo.php?*"):
        answer(visitor, "yes")
    assert visitor.page.context.cookies() == []


def test_who_has_not_chosen_is_not_reported(visit: Visit, matomo: StandIn) -> None:
    visitor = visit()
    visitor.go(EXHIBITION_PATH)
    expect(question(visitor)).to_be_visible()
    assert told_nothing(visitor, matomo)
    assert not [each for each in visitor.requests if each.endswith(OUR_SCRIPT)]
    visitor.go("/")
    expect(question(visitor)).to_be_visible()
    assert told_nothing(visitor, matomo)


def test_who_refuses_is_not_reported_and_not_asked_again(visit: Visit, matomo: StandIn) -> None:
    visitor = visit()
    visitor.go(EXHIBITION_PATH)
    answer(visitor, "no")
    expect(question(visitor)).to_be_hidden()
    assert told_nothing(visitor, matomo)
    visitor.go("/")
    expect(question(visitor)).to_be_hidden()
    assert told_nothing(visitor, matomo)
    assert not [each for each in visitor.requests if each.endswith(OUR_SCRIPT)]


def test_a_choice_made_for_another_service_is_asked_for_anew(visit: Visit, matomo: StandIn) -> None:
    visitor = visit()
    visitor.page.add_init_script(
        "localStorage.setItem('trienlam-third-party', 'yes another.example')"
    )
    visitor.go("/")
    expect(question(visitor)).to_be_visible()
    assert told_nothing(visitor, matomo)


@pytest.mark.parametrize(
    ("name", "value"), [("doNotTrack", "'1'"), ("globalPrivacyControl", "true")]
)
def test_a_browser_that_declines_tracking_is_neither_reported_nor_asked(
    visit: Visit, matomo: StandIn, name: str, value: str
) -> None:
    visitor = visit()
    visitor.go("/")
    visitor.page.evaluate(
        "localStorage.setItem('trienlam-third-party', "
        "'yes ' + document.querySelector('#ben-thu-ba').dataset.service)"
    )
    visitor.page.add_init_script(
        f"Object.defineProperty(navigator, '{name}', {{ get: () => {value} }})"
    )
    visitor.requests.clear()
    visitor.go(EXHIBITION_PATH)
    expect(question(visitor)).to_be_hidden()
    assert told_nothing(visitor, matomo)
    assert not [each for each in visitor.requests if each.endswith(OUR_SCRIPT)]


@pytest.mark.parametrize("header", ["DNT", "Sec-GPC"])
def test_a_request_that_declines_tracking_gets_no_script(
    visit: Visit, matomo: StandIn, header: str
) -> None:
    visitor = visit()
    visitor.page.set_extra_http_headers({header: "1"})
    visitor.go("/")
    agree(visitor)
    assert told_nothing(visitor, matomo)
    assert visitor.errors == []


def test_staff_are_not_reported_whatever_they_chose(sign_in: SignIn, matomo: StandIn) -> None:
    office = sign_in("bientap")
    office.go(EXHIBITION_PATH)
    agree(office)
    assert told_nothing(office, matomo)
    assert office.errors == []


def test_the_office_s_own_network_is_not_reported(
    visit: Visit, portal: Portal, matomo: StandIn
) -> None:
    with served(portal, INTERNAL_NETWORKS="127.0.0.0/8") as inside:
        visitor = visit()
        visitor.portal = inside
        visitor.go("/")
        agree(visitor)
        assert told_nothing(visitor, matomo)


def test_without_javascript_nobody_is_asked_and_nobody_reported(
    visit: Visit, matomo: StandIn
) -> None:
    visitor = visit(javascript=False)
    visitor.go(EXHIBITION_PATH)
    expect(question(visitor)).to_be_hidden()
    expect(visitor.page.locator("#ben-thu-ba-xem-lai")).to_be_hidden()
    assert told_nothing(visitor, matomo)


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["360 px", "1280 px"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_question_can_be_read_and_answered_by_anyone(
    visit: Visit, size: tuple[int, int], theme: str
) -> None:
    visitor = visit(size, theme=theme)
    visitor.go(EXHIBITION_PATH)
    expect(question(visitor)).to_be_visible()
    assert visitor.violations() == []
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    boxes = [each.bounding_box() for each in question(visitor).locator("button").all()]
    yes, no = (box for box in boxes if box)
    assert (yes["width"], yes["height"], yes["y"]) == (no["width"], no["height"], no["y"])
    assert yes["height"] >= 44
    around = question(visitor).bounding_box()
    assert around
    assert around["height"] <= size[1] / 3
    shots = os.environ.get("SHOTS")
    if shots:
        visitor.page.screenshot(path=f"{shots}/bar-{size[0]}-{theme}.png")
