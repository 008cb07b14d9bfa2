"""The loop closed: two agencies use a banner in two ways, and the department sees who came."""

from __future__ import annotations

import re
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect

from tests.browser.conftest import (
    DESKTOP,
    PASSWORD,
    PHONE,
    Portal,
    Visit,
    Visitor,
    installation,
    running,
)

KIT = "/bo-nhan-dien/tuyen-truyen-trien-lam-cum-7-tinh/"
CAMPAIGN = "/tuyen-truyen/tuyen-truyen-trien-lam-cum-7-tinh/"
THAT_KHE_SITE = "ubnd-xa-that-khe.example"
KY_LUA_SITE = "ubnd-phuong-ky-lua.example"
EXHIBITION_PATH = "/trien-lam/phong-trao-thi-dua-yeu-nuoc-cum-7-tinh-mien-nui-bien-gioi-phia-bac/"

ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Mobile Safari/537.36"
)
WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Safari/537.36"
)
ROBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
COUNTED_WITHIN_SECONDS = 30

SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["360 px", "1280 px"])


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves an agency's folder without a word."""

    def log_message(self, format: str, *arguments: Any) -> None:
        return


@contextmanager
def website(folder: Path, host: str) -> Iterator[str]:
    """An agency's own website under ``host``; its address."""
    folder.mkdir(exist_ok=True)
    handler = partial(QuietHandler, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://{host}:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def write_page(folder: Path, html: str) -> None:
    folder.joinpath("index.html").write_text(
        f"<!doctype html><html lang=vi><meta charset=utf-8><title>Trang cơ quan</title>{html}",
        encoding="utf-8",
    )


@pytest.fixture
def world(launch_browser: Callable[..., Browser]) -> Iterator[Browser]:
    """A browser for which the agencies' names lead to this machine."""
    rules = "--host-resolver-rules=MAP *.example 127.0.0.1"
    browser = launch_browser(args=["--no-sandbox", rules])
    yield browser
    browser.close()


def person(world: Browser, agent: str, size: tuple[int, int] = PHONE) -> BrowserContext:
    return world.new_context(
        user_agent=agent, viewport={"width": size[0], "height": size[1]}, locale="vi-VN"
    )


def kit_of(page: Page, portal: Portal, typed: str, name: str) -> None:
    """Come to the kit page and choose an agency by typing."""
    page.goto(f"{portal.url}{KIT}")
    page.locator("#co-quan").fill(typed)
    page.get_by_role("option", name=name).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def link_on(page: Page) -> str:
    return page.locator("#duong-dan").input_value()


def reported(page: Page) -> Any:
    """Wait for the beacon of a page."""
    return page.expect_event(
        "request", lambda request: request.method == "POST" and "/_v/?" in request.url
    )


def results(portal: Portal, world: Browser) -> Page:
    """The department's board of the campaign, opened by its administrator."""
    number = portal.page_number(CAMPAIGN)
    page = person(world, WINDOWS, DESKTOP).new_page()
    page.goto(f"{portal.url}/admin/login/")
    page.fill("input[name=username]", "quantri")
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url("**/admin/")
    page.goto(f"{portal.url}/admin/tuyen-truyen/{number}/ket-qua/")
    return page


def row_of(page: Page, agency: str) -> list[str]:
    """The figures of an agency: confirmed visits, clicks, shown, downloads."""
    cells = page.locator("tr", has=page.get_by_role("rowheader", name=agency)).locator("td")
    return [text.split()[0] for text in cells.all_inner_texts()[:4]]


def wait_for_row(page: Page, agency: str, figures: list[str]) -> None:
    deadline = time.monotonic() + COUNTED_WITHIN_SECONDS
    while row_of(page, agency) != figures:
        assert time.monotonic() < deadline, f"{agency}: {row_of(page, agency)}, not {figures}"
        page.reload()


def test_two_agencies_use_the_banner_and_each_is_credited_with_its_own_readers(
    require_chromium: str, world: Browser, tmp_path: Path
) -> None:
    portal = installation(tmp_path / "portal")
    portal.data.mkdir()
    that_khe, ky_lua = tmp_path / "that-khe", tmp_path / "ky-lua"
    with (
        website(that_khe, THAT_KHE_SITE) as that_khe_site,
        website(ky_lua, KY_LUA_SITE) as ky_lua_site,
    ):
        with running(portal):
            webmaster = person(world, WINDOWS, DESKTOP).new_page()

            kit_of(webmaster, portal, "that khe", "xã Thất Khê")
            snippet = webmaster.locator("textarea").first.input_value()
            assert snippet.startswith("<a href=") and "<script" not in snippet
            write_page(that_khe, snippet)

            kit_of(webmaster, portal, "ky lua", "phường Kỳ Lừa")
            with webmaster.expect_download() as download:
                webmaster.locator("a[data-way=picture]").first.click()
            download.value.save_as(ky_lua / "trien-lam.jpg")
            link = link_on(webmaster)
            write_page(ky_lua, f'<a href="{link}"><img src="trien-lam.jpg" alt="Triển lãm"></a>')

            _read_from_the_hot_linked_banner(world, portal, that_khe_site)
            _read_from_the_plain_link(world, ky_lua_site)
            _let_a_robot_pass(snippet)

        with running(portal):
            board = results(portal, world)
            wait_for_row(board, "Ủy ban nhân dân xã Thất Khê (mẫu)", ["1", "1", "1", "0"])
            wait_for_row(board, "Ủy ban nhân dân phường Kỳ Lừa (mẫu)", ["1", "1", "0", "1"])
            seen = board.locator("tr", has_text="Thất Khê").inner_text()
            assert "Đã gắn" in seen and THAT_KHE_SITE in seen


def _read_from_the_hot_linked_banner(world: Browser, portal: Portal, site: str) -> None:
    """A reader on a phone sees the banner and, in a hurry, taps it three times."""
    context = person(world, ANDROID)
    page = context.new_page()
    answers: list[Response] = []
    context.on("response", lambda answer: answers.append(answer))
    with page.expect_event("response", lambda answer: "/k/" in answer.url) as shown:
        page.goto(site)
    picture = shown.value
    assert picture.status == 200
    asked, told = picture.request.all_headers(), picture.all_headers()
    assert asked["referer"] == site
    assert asked["sec-fetch-dest"] == "image"
    assert told["cross-origin-resource-policy"] == "cross-origin"
    assert told["cache-control"] == "private, no-cache"
    assert (
        told["etag"] and "set-cookie" not in told and "cookie" not in told.get("vary", "").lower()
    )

    for _tap in range(3):
        with context.expect_page() as opened:
            page.locator("a").click()
        landing = opened.value
        with reported(landing):
            landing.wait_for_load_state()
        assert landing.url.startswith(f"{portal.url}{EXHIBITION_PATH}")

    (redirect, *_others) = [each for each in answers if "/moi/" in each.url]
    assert redirect.status == 302
    headers = redirect.all_headers()
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert headers["cache-control"] == "no-store" and "set-cookie" not in headers
    (page_answer, *_others) = [each for each in answers if EXHIBITION_PATH in each.url]
    assert page_answer.request.all_headers()["referer"] == site
    tags = page_answer.url.partition("?")[2]
    assert "utm_medium=banner" in tags and re.search(r"utm_content=[0-9a-z]{8}", tags)
    assert context.cookies() == []
    context.close()


def _read_from_the_plain_link(world: Browser, site: str) -> None:
    """Another reader comes by the agency's own copy of the picture."""
    context = person(world, WINDOWS, DESKTOP)
    page = context.new_page()
    page.goto(site)
    with reported(page):
        page.locator("a").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cụm 7 tỉnh")
    context.close()


def _let_a_robot_pass(snippet: str) -> None:
    """A search engine reads the agency's page and follows everything."""
    for address in re.findall(r'(?:href|src)="([^"]+)"', snippet):
        request = urllib.request.Request(address, headers={"User-Agent": ROBOT})
        with urllib.request.urlopen(request, timeout=20) as answer:
            assert answer.status == 200


def banner_in_two_minutes(visitor: Visitor, look: Callable[[], None]) -> str:
    """Scene: from the campaign to the agency's link, by typing part of its name."""
    page = visitor.page
    visitor.go(CAMPAIGN)
    look()
    visitor.go(KIT)
    look()
    page.locator("#co-quan").fill("that khe")
    if page.get_by_role("option").count() or page.evaluate(
        "'js' in document.documentElement.dataset"
    ):
        page.get_by_role("option", name="xã Thất Khê").first.click()
    else:
        page.get_by_role("button", name="Tìm", exact=True).last.click()
        page.get_by_role("link", name="Thất Khê").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thất Khê")
    look()
    return link_on(page)


@SIZES
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_banner_in_two_minutes(visit: Visit, size: tuple[int, int], theme: str) -> None:
    visitor = visit(size, theme=theme)
    page = visitor.page
    found: list[str] = []

    def look() -> None:
        found.extend(visitor.violations())
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size[0], f"{visitor.path} is {wide} px wide"

    link = banner_in_two_minutes(visitor, look)
    assert re.fullmatch(
        rf"{re.escape(visitor.portal.url)}/moi/ubnd-xa-that-khe-[0-9a-z]{{8}}/", link
    )
    ways = page.locator(".kitoffer").first.locator("[data-way]")
    assert ways.evaluate_all("all => all.map(each => each.dataset.way)") == [
        "picture",
        "link",
        "snippet",
        "qr",
    ]
    with page.expect_download() as download:
        page.locator("a[data-way=picture]").first.click()
    assert download.value.suggested_filename.endswith(".jpg")
    page.locator("[data-way=link]").first.click()
    expect(page.locator("#da-sao-chep")).not_to_be_empty()
    page.get_by_label("Địa chỉ trang").fill("http://10.0.0.1/")
    page.get_by_role("button", name="Gửi").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look()
    page.get_by_label("Địa chỉ trang").fill("https://ubnd-xa-that-khe.example/gioi-thieu")
    page.get_by_role("button", name="Gửi").click()
    expect(page.locator("#tra-loi")).to_contain_text("cảm ơn")
    look()
    assert found == []
    assert visitor.foreign_requests() == []


@SIZES
def test_the_same_without_javascript(visit: Visit, size: tuple[int, int]) -> None:
    visitor = visit(size, javascript=False)
    page = visitor.page
    link = banner_in_two_minutes(visitor, lambda: None)
    assert "/moi/ubnd-xa-that-khe-" in link
    assert page.locator("textarea").first.input_value().startswith("<a href=")
    with page.expect_download() as download:
        page.locator("a[data-way=picture]").first.click()
    assert download.value.suggested_filename.endswith(".jpg")
    page.get_by_label("Địa chỉ trang").fill("https://ubnd-xa-that-khe.example/khong-ma-lenh")
    page.get_by_role("button", name="Gửi").click()
    expect(page.locator("#tra-loi")).to_contain_text("cảm ơn")
