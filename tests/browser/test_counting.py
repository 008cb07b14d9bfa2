"""A page tells that it was seen: when a reader has really seen it, once, and nothing more."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests.browser.conftest import PHONE, Portal

EXHIBITION_PATH = "/trien-lam/lang-son-75-nam-thi-dua-yeu-nuoc/"
# Chromium's own name here is HeadlessChrome's, which the portal takes for a robot's.
ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Mobile Safari/537.36"
)
IN_SIGHT = """
    window.inSight = INITIALLY;
    window.ahead = AHEAD;
    Object.defineProperty(document, "visibilityState", {
        get: () => (window.inSight ? "visible" : "hidden"),
    });
    Object.defineProperty(document, "prerendering", { get: () => window.ahead });
"""


@dataclass
class Reader:
    """A person's browser, and the beacons it has sent."""

    page: Page
    portal: Portal
    sent: list[Request] = field(default_factory=list)

    def note(self, request: Request) -> None:
        """Remember a request if it is a beacon."""
        if request.url.startswith(f"{self.portal.url}/_v/?"):
            self.sent.append(request)

    def open(self, path: str = EXHIBITION_PATH) -> None:
        """Open a page and wait until its scripts have run."""
        self.page.goto(f"{self.portal.url}{path}")

    def wait(self, milliseconds: int) -> int:
        """Let so much time pass on the page; how many beacons were sent until then."""
        self.page.clock.run_for(milliseconds)
        return self.beacons()

    def beacons(self) -> int:
        """How many beacons have been sent."""
        # Whatever the page has asked for before has been told once this has been answered.
        self.page.evaluate("fetch('/favicon.ico').catch(() => {})")
        return len(self.sent)

    def turn(self, what: str, value: bool) -> None:
        """Have the browser show or hide the page, or show one that it had fetched ahead."""
        change = "visibilitychange" if what == "inSight" else "prerenderingchange"
        self.page.evaluate(
            f"window.{what} = {'true' if value else 'false'};"
            f"document.dispatchEvent(new Event('{change}'))"
        )

    def fields(self) -> dict[str, str]:
        """What the last beacon said."""
        said = urlsplit(self.sent[-1].url).query
        return dict(part.split("=", 1) for part in said.split("&"))


@pytest.fixture
def reader(browser: Browser, portal: Portal) -> Iterator[Callable[..., Reader]]:
    """Open a reader's browser: ``reader(clock=True)`` has a clock that stands still."""
    contexts: list[BrowserContext] = []

    def open_browser(
        *,
        clock: bool = False,
        in_sight: bool = True,
        ahead: bool = False,
        javascript: bool = True,
    ) -> Reader:
        context = browser.new_context(
            user_agent=ANDROID,
            viewport={"width": PHONE[0], "height": PHONE[1]},
            java_script_enabled=javascript,
        )
        contexts.append(context)
        if javascript:
            words = {True: "true", False: "false"}
            context.add_init_script(
                IN_SIGHT.replace("INITIALLY", words[in_sight]).replace("AHEAD", words[ahead])
            )
        person = Reader(context.new_page(), portal)
        person.page.on("request", person.note)
        if clock:
            person.page.clock.install(time=0)
            person.page.clock.pause_at(1000)
        return person

    yield open_browser
    for context in contexts:
        context.close()


class TestWhen:
    def test_a_page_is_viewed_after_a_second_in_sight(self, reader: Callable[..., Reader]) -> None:
        person = reader(clock=True)
        person.open()
        assert person.wait(900) == 0
        assert person.wait(200) == 1
        assert person.wait(60_000) == 1

    @pytest.mark.parametrize("sign", ["scroll", "key", "pointer"])
    def test_or_at_once_when_the_reader_does_something(
        self, reader: Callable[..., Reader], sign: str
    ) -> None:
        person = reader(clock=True)
        person.open()
        assert person.beacons() == 0
        with person.page.expect_request(re.compile(r"/_v/\?p=")):
            if sign == "scroll":
                person.page.mouse.wheel(0, 300)
            elif sign == "key":
                person.page.keyboard.press("Tab")
            else:
                person.page.mouse.click(5, 300)
        assert person.wait(5000) == 1

    def test_a_page_that_scrolls_by_itself_has_no_reader_yet(
        self, reader: Callable[..., Reader]
    ) -> None:
        person = reader(clock=True)
        person.open(f"{EXHIBITION_PATH}#chan-trang")
        person.page.evaluate("window.scrollTo(0, 500)")
        assert person.wait(900) == 0

    def test_a_page_in_another_tab_is_viewed_when_it_is_turned_to(
        self, reader: Callable[..., Reader]
    ) -> None:
        person = reader(clock=True, in_sight=False)
        person.open()
        assert person.wait(60_000) == 0
        person.turn("inSight", True)
        assert person.wait(900) == 0
        assert person.wait(200) == 1

    def test_a_glimpse_is_no_view_and_the_second_begins_anew(
        self, reader: Callable[..., Reader]
    ) -> None:
        person = reader(clock=True)
        person.open()
        assert person.wait(600) == 0
        person.turn("inSight", False)
        assert person.wait(60_000) == 0
        person.turn("inSight", True)
        assert person.wait(600) == 0
        assert person.wait(500) == 1

    def test_a_page_fetched_ahead_is_viewed_when_it_is_shown(
        self, reader: Callable[..., Reader]
    ) -> None:
        person = reader(clock=True, ahead=True)
        person.open()
        assert person.wait(60_000) == 0
        person.turn("ahead", False)
        assert person.wait(1100) == 1

    def test_coming_back_to_a_page_in_the_browsers_memory_is_a_view(
        self, reader: Callable[..., Reader]
    ) -> None:
        person = reader(clock=True)
        person.open()
        assert person.wait(1100) == 1
        for persisted, beacons in (("false", 1), ("true", 2)):
            person.page.evaluate(
                f"dispatchEvent(new PageTransitionEvent('pageshow', {{persisted: {persisted}}}))"
            )
            assert person.wait(1100) == beacons


class TestWhat:
    def test_it_says_which_page_and_nothing_of_the_reader(
        self, reader: Callable[..., Reader]
    ) -> None:
        person = reader(clock=True)
        person.open()
        person.wait(1100)
        number = person.page.locator("script[data-page]").get_attribute("data-page")
        assert person.fields() == {"p": number, "c": "", "r": ""}
        [beacon] = person.sent
        assert (beacon.method, beacon.resource_type) == ("POST", "ping")
        assert beacon.response().status == 204  # type: ignore[union-attr]

    def test_where_the_reader_came_from_is_a_host_and_no_address(
        self, reader: Callable[..., Reader]
    ) -> None:
        person = reader(clock=True)
        person.page.goto(
            f"{person.portal.url}{EXHIBITION_PATH}", referer=f"{person.portal.url}/a?b=c"
        )
        person.wait(1100)
        assert person.fields()["r"] == person.portal.url.removeprefix("http://")

    def test_the_invitations_code_is_told_and_its_tags_leave_the_address(
        self, reader: Callable[..., Reader]
    ) -> None:
        person = reader(clock=True)
        tags = "utm_source=xa-that-khe&utm_medium=banner&utm_campaign=a&utm_content=7q2kabcd"
        person.open(f"{EXHIBITION_PATH}?trang=2&{tags}#noi-dung")
        assert "utm_content" in person.page.url
        person.wait(1100)
        assert person.fields()["c"] == "7q2kabcd"
        assert person.page.url == f"{person.portal.url}{EXHIBITION_PATH}?trang=2#noi-dung"

    def test_a_tag_that_is_no_code_is_not_passed_on_and_the_page_is_viewed_all_the_same(
        self, reader: Callable[..., Reader]
    ) -> None:
        person = reader(clock=True)
        person.open(f"{EXHIBITION_PATH}?utm_content={'x' * 500}&utm_term=a%26p%3D1")
        person.wait(1100)
        assert person.fields()["c"] == ""
        assert person.sent[0].response().status == 204  # type: ignore[union-attr]

    def test_nothing_stays_in_the_browser(self, reader: Callable[..., Reader]) -> None:
        person = reader(clock=True)
        person.open()
        assert person.wait(1100) == 1
        assert person.page.context.cookies() == []
        kept = person.page.evaluate(
            "async () => [localStorage.length, sessionStorage.length,"
            " (await indexedDB.databases()).length, (await caches.keys()).length]"
        )
        assert kept == [0, 0, 0, 0]


class TestFigure:
    def test_the_page_shows_the_newest_figure(self, reader: Callable[..., Reader]) -> None:
        person = reader(clock=True)
        person.page.route(
            re.compile(r"/_v/\d+\.json$"), lambda route: route.fulfill(json={"views": "6.801"})
        )
        person.open()
        shown = person.page.locator("[data-views]").first
        expect(shown).not_to_have_text("6.801")
        person.wait(1100)
        expect(shown).to_have_text("6.801")

    def test_where_it_cannot_be_had_the_last_known_one_stays(
        self, reader: Callable[..., Reader]
    ) -> None:
        person = reader(clock=True)
        person.page.route(re.compile(r"/_v/\d+\.json$"), lambda route: route.fulfill(status=503))
        errors: list[str] = []
        person.page.on("pageerror", lambda error: errors.append(str(error)))
        person.open()
        shown = person.page.locator("[data-views]").first
        before = shown.text_content()
        person.wait(1100)
        expect(shown).to_have_text(before or "")
        assert errors == []

    def test_a_reader_makes_it_one_more(self, reader: Callable[..., Reader]) -> None:
        person = reader()
        person.open()
        number = person.page.locator("[data-views]").first.get_attribute("data-views")
        figure = f"fetch('/_v/{number}.json').then((answer) => answer.json())"
        before = int(person.page.evaluate(f"{figure}.then((it) => it.views)").replace(".", ""))
        person.page.keyboard.press("Tab")
        person.page.wait_for_function(
            f"async (before) => Number((await {figure}).views.replace('.', '')) > before",
            arg=before,
            timeout=60_000,
        )


class TestWithoutJavaScript:
    def test_a_picture_tells_that_the_page_was_shown(self, reader: Callable[..., Reader]) -> None:
        person = reader(javascript=False)
        with person.page.expect_response(re.compile(r"/_v/\d+\.gif$")) as told:
            person.open()
        answer = told.value
        assert answer.status == 200
        assert answer.request.resource_type == "image"
        assert "no-store" in answer.headers["cache-control"]
        assert person.sent == []

    def test_with_javascript_it_is_not_asked_for(self, reader: Callable[..., Reader]) -> None:
        person = reader(clock=True)
        pictures: list[str] = []
        person.page.on(
            "request",
            lambda request: pictures.append(request.url) if request.url.endswith(".gif") else None,
        )
        person.open()
        assert person.wait(1100) == 1
        assert pictures == []
