"""A reader walks through an exhibition, on a phone and at a desk, with and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, Visit, Visitor

EXHIBITION = "Lạng Sơn 75 năm thi đua yêu nước"
EXHIBITION_PATH = "/trien-lam/lang-son-75-nam-thi-dua-yeu-nuoc/"

SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["360 px", "1280 px"])
THEMES = pytest.mark.parametrize("theme", ["light", "dark"])


def walk(visitor: Visitor, at_each_page: Callable[[], None]) -> list[str]:
    """Home → exhibition → Phần I → the appeal → on and on into Phần II; the items' addresses."""
    page = visitor.page
    visitor.go("/")
    at_each_page()
    visitor.follow(page.get_by_role("link", name="Tham quan triển lãm").first)
    expect(page.get_by_role("heading", level=1)).to_have_text(EXHIBITION)
    assert visitor.path == EXHIBITION_PATH
    at_each_page()
    visitor.follow(page.locator(f"a.button[href='{EXHIBITION_PATH}phan-i/']").last)
    assert visitor.path == f"{EXHIBITION_PATH}phan-i/"
    at_each_page()
    visitor.follow(page.get_by_role("link", name="Lời kêu gọi của Chủ tịch").first)
    for number in (1, 2):
        picture = page.locator(f"#trang-{number} img").first
        expect(picture).to_have_attribute("alt", re.compile(rf"trang {number}.*Lời kêu gọi", re.I))
    at_each_page()
    items = [visitor.path]
    while "/phan-i/" in visitor.path:
        visitor.follow(page.get_by_role("link", name="Tiếp theo").first)
        items.append(visitor.path)
        at_each_page()
    return items


@SIZES
@THEMES
def test_a_reader_walks_through_and_axe_finds_nothing(
    visit: Visit, size: tuple[int, int], theme: str
) -> None:
    visitor = visit(size, theme=theme)
    found: list[str] = []

    def look() -> None:
        found.extend(visitor.violations())
        wide = visitor.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size[0], f"{visitor.path} is {wide} px wide"

    items = walk(visitor, look)
    assert found == []
    assert visitor.errors == []
    assert visitor.foreign_requests() == []
    assert len(items) == 11, "ten items of Phần I and the first of Phần II"
    assert "/phan-ii/" in items[-1]
    print(f"requests to other hosts: {visitor.foreign_requests()} of {len(visitor.requests)}")


@SIZES
def test_the_same_walk_without_javascript(visit: Visit, size: tuple[int, int]) -> None:
    visitor = visit(size, javascript=False)
    items = walk(visitor, lambda: None)
    assert len(items) == 11
    assert visitor.foreign_requests() == []


def test_every_picture_of_the_walk_is_there(visit: Visit) -> None:
    visitor = visit()
    missing: list[str] = []
    visitor.page.on(
        "response", lambda answer: missing.append(answer.url) if answer.status >= 400 else None
    )
    visitor.go(f"{EXHIBITION_PATH}phan-i/")
    pictures = visitor.page.locator(".hung img")
    for number in range(pictures.count()):
        pictures.nth(number).scroll_into_view_if_needed()
        expect(pictures.nth(number)).to_have_js_property("complete", True)
        assert pictures.nth(number).evaluate("image => image.naturalWidth") > 0
    assert missing == []


def test_arrows_lead_on_and_back_but_not_while_typing(visit: Visit) -> None:
    visitor = visit()
    visitor.go(f"{EXHIBITION_PATH}phan-i/")
    visitor.follow(visitor.page.get_by_role("link", name="Lời kêu gọi của Chủ tịch").first)
    first = visitor.path
    visitor.page.keyboard.press("ArrowRight")
    visitor.page.wait_for_url(lambda url: not url.endswith(first))
    visitor.page.keyboard.press("ArrowLeft")
    visitor.page.wait_for_url(f"**{first}")
    visitor.page.evaluate(
        """() => document.querySelectorAll(".walk a").forEach((link) =>
            link.addEventListener("click", (event) => {
                event.preventDefault();
                window.walkedOn = true;
            }))"""
    )
    search = visitor.page.get_by_role("searchbox").first
    search.focus()
    visitor.page.keyboard.press("ArrowRight")
    assert not visitor.page.evaluate("window.walkedOn")
    search.blur()
    visitor.page.keyboard.press("ArrowRight")
    assert visitor.page.evaluate("window.walkedOn")


def test_reading_settings_survive_and_leave_no_cookie(visit: Visit) -> None:
    visitor = visit()
    visitor.go("/")
    visitor.page.locator("summary[aria-label], summary").filter(has_text="Aa").first.click()
    visitor.page.get_by_label("Tối", exact=True).first.check()
    visitor.go(EXHIBITION_PATH)
    expect(visitor.page.locator("html")).to_have_attribute("data-theme", "dark")
    assert visitor.page.context.cookies() == []


@pytest.mark.parametrize(
    "path",
    [
        "/trien-lam/",
        "/trien-lam/phong-trao-thi-dua-yeu-nuoc-cum-7-tinh-mien-nui-bien-gioi-phia-bac/",
        "/trien-lam/phong-trao-thi-dua-yeu-nuoc-cum-7-tinh-mien-nui-bien-gioi-phia-bac/phan-iii/",
        "/tuyen-truyen/",
        "/tin-tuc/",
        "/gioi-thieu/",
        "/lien-he/",
        "/so-do-trang/",
        "/kha-nang-tiep-can/",
        "/du-lieu-ca-nhan/",
        "/tim-kiem/?q=thi+dua",
        "/tim-kiem/?q=khong-co-gi-nhu-the",
        "/khong-co-trang-nay/",
    ],
)
def test_no_other_page_has_a_violation_or_a_foreign_request(visit: Visit, path: str) -> None:
    for size, theme in ((PHONE, "light"), (DESKTOP, "dark")):
        visitor = visit(size, theme=theme)
        visitor.go(path)
        assert visitor.violations() == []
        assert visitor.foreign_requests() == []
        assert visitor.page.evaluate("document.documentElement.scrollWidth") <= size[0]
