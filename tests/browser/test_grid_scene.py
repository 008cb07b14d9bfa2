"""The grid in a browser: items moved, and files dropped on a Part of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visitor

SignIn = Callable[[str], Visitor]

PATTERN = "/trien-lam/mau-trien-lam-sap-khai-mac/"


def scans(folder: Path, *names: str) -> list[Path]:
    """Scans with these names."""
    paths = [folder / name for name in names]
    for place, path in enumerate(paths):
        Image.new("RGB", (240, 320 + place), (246, 238, 222)).save(path)
    return paths


def arrived(page: Page) -> Locator:
    """The files that have arrived, a line each, with the button that takes one out."""
    heading = page.get_by_role("heading", name=re.compile("^Đã nhận"))
    return page.locator("section", has=heading).get_by_role("listitem")


@pytest.fixture
def grid(sign_in: SignIn) -> Visitor:
    """The grid of an exhibition that is being made, before its editor."""
    editor = sign_in("bientap")
    number = editor.portal.page_number(PATTERN)
    editor.go(f"/admin/trien-lam/{number}/sap-xep/")
    return editor


def test_what_is_moved_is_said_to_be_saved_and_how_many_are_ticked_is_seen(grid: Visitor) -> None:
    page = grid.page
    cards = page.locator("[data-part]", has=page.locator("[data-item]")).first.locator(
        ".grid__card"
    )
    titles = cards.locator(".grid__title")
    first, second, third, *_others = titles.all_inner_texts()
    said, count = page.locator(".grid__said"), page.locator("[data-count]")
    expect(said).to_have_text("")
    nothing_ticked = count.inner_text()

    cards.first.locator("[data-handle]").click()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(said).to_have_text(re.compile(rf"^Đã lưu.*2.*{re.escape(first)}"))
    expect(said).to_be_in_viewport()
    page.reload()
    expect(titles.nth(1)).to_have_text(first)
    expect(said).to_have_text("")

    for place in (0, 2):
        cards.nth(place).get_by_role("checkbox").check()
    expect(count).to_have_text(re.compile(r"\b2\b"))
    assert grid.violations() == []
    page.locator("#grid-place").fill("2")
    page.locator("button[value=place]").click()
    expect(titles.nth(0)).to_have_text(first)
    expect(titles.nth(1)).to_have_text(second)
    expect(titles.nth(2)).to_have_text(third)
    expect(said).to_have_text(re.compile(r"\b2\b"))
    page.locator("#grid-kind").select_option("map")
    page.locator("button[value=set]").click()
    expect(said).to_have_text("Đã sửa 2 tài liệu.")
    expect(cards.nth(1).locator("[data-kind]")).to_have_text("Bản đồ")
    expect(count).to_have_text(re.compile(r"\b2\b"))
    untick = page.get_by_role("button", name="Bỏ đánh dấu tất cả")
    untick.click()
    expect(count).to_have_text(nothing_ticked)
    expect(untick).to_be_hidden()
    expect(cards.nth(1).get_by_role("checkbox")).to_be_focused()
    expect(page.locator("[name=item]:checked")).to_have_count(0)

    assert grid.errors == []
    # Refused: the browser itself writes that into its log.
    page.locator("button[value=place]").click()
    expect(page.locator("[data-failure]")).to_be_visible()
    expect(said).to_have_text("")
    page.reload()
    expect(titles.nth(1)).to_have_text(second)


def test_files_chosen_on_the_grid_are_sent_into_that_part(grid: Visitor, tmp_path: Path) -> None:
    page = grid.page
    zone = page.locator("[data-drop]").first
    title = zone.locator("h3").inner_text()
    assert grid.violations() == []
    paths = scans(tmp_path, "anh 1.jpg", "anh 2.jpg")
    refused, system = tmp_path / "hong.jpg", tmp_path / "Thumbs.db"
    refused.write_bytes(b"khong phai anh")
    system.write_bytes(b"x")
    zone.locator("input[type=file]").set_input_files([refused, system, *paths])

    page.wait_for_url("**/tep/")
    expect(page.locator("main")).to_contain_text(title.removeprefix("— "))
    expect(arrived(page).locator("> span")).to_have_text(["anh 1.jpg", "anh 2.jpg"])
    told = page.locator("[data-told]")
    expect(told.locator("p")).to_have_text([re.compile("^1 tệp không được nhận"), re.compile("1")])
    expect(page.locator(".import-sent", has_text="hong.jpg")).to_have_count(1)
    expect(page.locator(".import-sent", has_text="Thumbs.db")).to_have_count(0)
    assert grid.violations() == []

    # What they become is kept at once, whichever way one goes on.
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.locator("#import-arrangement").select_option("pages")
    page.reload()
    expect(page.locator("#import-arrangement")).to_have_value("pages")

    # What is there is not sent again; what was taken out is.
    page.locator("#import-files").set_input_files(paths)
    expect(told.locator("p")).to_have_count(2)
    expect(told.locator("p").last).to_contain_text(re.compile(r"\b2\b"))
    arrived(page).filter(has_text="anh 1.jpg").get_by_role("button").click()
    expect(arrived(page)).to_have_count(1)
    page.locator("#import-files").set_input_files(paths)
    expect(arrived(page)).to_have_count(2)
    assert grid.errors == []


def test_a_folder_that_cannot_be_read_keeps_nothing_else_from_being_sent(grid: Visitor) -> None:
    page = grid.page
    page.locator("[data-drop]").first.evaluate(
        """zone => {
            const scan = new File([new Uint8Array([1, 2, 3])], "anh.jpg");
            const closed = { isFile: false, name: "khoa", createReader: () => ({
                readEntries: (_found, failed) => failed(new DOMException("no", "NotReadableError")),
            }) };
            const good = { isFile: true, name: "anh.jpg", file: (done) => done(scan) };
            const event = new Event("drop", { bubbles: true, cancelable: true });
            const items = [closed, good].map((entry) => ({
                kind: "file", webkitGetAsEntry: () => entry,
            }));
            Object.defineProperty(event, "dataTransfer", { value: { types: ["Files"], items } });
            zone.dispatchEvent(event);
        }"""
    )
    page.wait_for_url("**/tep/")
    told = page.locator("[data-told]")
    expect(told).to_contain_text("khoa: ")
    expect(page.locator(".import-sent", has_text="anh.jpg")).to_have_count(1)


def test_whoever_is_signed_out_meanwhile_is_led_to_sign_in_and_nothing_is_made(
    grid: Visitor, tmp_path: Path
) -> None:
    page = grid.page
    page.context.clear_cookies(name="sessionid")
    (scan,) = scans(tmp_path, "anh 1.jpg")
    page.locator("[data-drop] input[type=file]").first.set_input_files(scan)
    page.wait_for_url("**/login/**")
