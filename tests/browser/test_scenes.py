"""Scenes of the office: approval on a leader's telephone, and the ribbon cut on stage."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import DESKTOP, PHONE, Visit, Visitor

HALL = "/trien-lam/phong-trao-thi-dua-yeu-nuoc-cum-7-tinh-mien-nui-bien-gioi-phia-bac/"
COMING = "/trien-lam/mau-trien-lam-sap-khai-mac/"
OPENS_BY_ITSELF_WITHIN = 60_000
"""Milliseconds; a waiting telephone asks every 20 to 40 seconds, near the hour every 8 to 16."""

SignIn = Callable[[str], Visitor]


def screen(office: Visitor, exhibition: str, name: str) -> None:
    """Open one of the admin's screens about an exhibition."""
    office.go(f"/admin/trien-lam/{office.portal.page_number(exhibition)}/{name}/")


def new_link(editor: Visitor, whom: str) -> str:
    """Tạo liên kết xem trước."""
    screen(editor, HALL, "xem-truoc")
    editor.page.get_by_label("Gửi cho ai").fill(whom)
    editor.page.get_by_role("button", name="Tạo liên kết").click()
    address = editor.page.locator("#dia-chi-xem-truoc").input_value()
    assert address.startswith(f"{editor.portal.url}/xem-truoc/")
    return address


def save_draft(page: Page) -> None:
    """Lưu bản nháp, and wait until it is said to be saved."""
    page.keyboard.press("Control+s")
    page.wait_for_load_state("networkidle")


def test_a_leader_reads_on_a_telephone_says_what_is_wrong_and_approves_the_list(
    visit: Visit, sign_in: SignIn
) -> None:
    editor = sign_in("bientap")
    screen(editor, HALL, "danh-muc")
    with editor.page.expect_download() as download:
        editor.page.get_by_role("link", name=re.compile("DOCX")).click()
    assert download.value.suggested_filename.endswith(".docx")
    address = new_link(editor, "Giám đốc (mẫu)")

    leader = visit(PHONE)
    leader.page.goto(address)
    expect(leader.page.get_by_text("Bản xem trước gửi Giám đốc (mẫu)")).to_be_visible()
    leader.page.locator(".hall__main a[href*='/phan-i']").first.click()
    leader.page.locator(".hung__title a").nth(1).click()
    item_url = leader.page.url
    title = leader.page.locator("h1").inner_text()
    assert item_url.startswith(address)
    picture = leader.page.locator("main img").first
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    assert leader.page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    leader.page.locator("#y-kien-noi-dung").fill("Chú thích cần nêu rõ nơi chụp.")
    leader.page.get_by_role("button", name="Gửi ý kiến").click()
    expect(leader.page.locator(".opinion__list")).to_contain_text("nêu rõ nơi chụp")
    assert leader.violations() == []
    assert leader.foreign_requests() == []
    assert leader.page.context.cookies() == []

    screen(editor, HALL, "xem-truoc")
    waiting = editor.page.locator(".opinions").first
    expect(waiting).to_contain_text("nêu rõ nơi chụp")
    waiting.get_by_role("link", name=title).first.click()
    editor.page.locator("#id_caption").fill("Chú thích đã nêu nơi chụp (mẫu).")
    save_draft(editor.page)
    leader.page.goto(item_url)
    expect(leader.page.locator("main")).to_contain_text("Chú thích đã nêu nơi chụp (mẫu).")
    stranger = visit(PHONE)
    public = item_url.replace(address, f"{editor.portal.url}/")
    stranger.page.goto(public)
    assert "Chú thích đã nêu nơi chụp" not in stranger.page.content()

    approver = sign_in("pheduyet")
    screen(approver, HALL, "danh-muc")
    approver.page.get_by_label("Số quyết định").fill("15/QĐ-SNV (mẫu)")
    approver.page.locator("[name=decided_on]").fill("20/11/2026")
    # By keyboard: the calendar may lie over the button for a moment.
    approver.page.get_by_role("button", name="Duyệt các tài liệu đã đánh dấu").press("Enter")
    expect(approver.page.locator(".messages")).to_contain_text("theo quyết định này")

    path = public.removeprefix(editor.portal.url)
    give_access(editor, path, "conditional")
    try:
        for reader, address in ((leader, item_url), (stranger, public)):
            assert reader.page.request.get(address).status == 404
        found = stranger.page.request.get(f"{editor.portal.url}/tim-kiem/", params={"q": title})
        assert path not in found.text()
    finally:
        give_access(editor, path, "open")


def give_access(editor: Visitor, path: str, level: str) -> None:
    """Set the access level of the item at ``path``, and publish it so."""
    editor.go(f"/admin/pages/{editor.portal.page_number(path)}/edit/")
    editor.page.locator("#id_access_level").select_option(level)
    editor.page.locator("[data-w-dropdown-target='toggle']").last.click()
    editor.page.locator("[name=action-publish]").click()
    editor.page.wait_for_load_state()


def test_on_stage_the_ribbon_is_cut_and_the_telephones_in_the_hall_open(
    visit: Visit, sign_in: SignIn
) -> None:
    leader = sign_in("pheduyet")
    screen(leader, COMING, "khai-mac")
    if "Đang trưng bày" in leader.page.locator(".decision-state").inner_text():
        put_off(leader)
    phones = [visit(PHONE), visit(PHONE, theme="dark"), visit(DESKTOP)]
    for phone in phones:
        phone.go(COMING)
        expect(phone.page.locator(".countdown__wait")).to_be_visible()
        assert phone.page.locator("a[href*='/phan-']").count() == 0
        assert phone.violations() == []
    try:
        screen(leader, COMING, "khai-mac")
        leader.page.get_by_role("link", name=re.compile("Khai trương")).click()
        leader.page.locator("form.decision-form button[type=submit]").click()
        leader.page.wait_for_url("**/khai-mac/")
        for phone in phones:
            phone.page.locator("main a[href*='/phan-']").first.wait_for(
                timeout=OPENS_BY_ITSELF_WITHIN
            )
            assert phone.page.locator(".countdown").count() == 0
    finally:
        put_off(leader)


def put_off(leader: Visitor) -> None:
    """Hoãn khai mạc: the exhibition is announced again."""
    screen(leader, COMING, "khai-mac/hoan")
    leader.page.locator("form.decision-form button[type=submit]").click()
    leader.page.wait_for_url("**/khai-mac/")


def test_the_page_counts_down_by_the_portal_s_clock_not_the_telephone_s(
    visit: Visit, sign_in: SignIn
) -> None:
    leader = sign_in("pheduyet")
    screen(leader, COMING, "khai-mac")
    if "Đang trưng bày" in leader.page.locator(".decision-state").inner_text():
        put_off(leader)
    now = datetime(2030, 1, 1, tzinfo=UTC)
    told = {
        "state": "announced",
        "now": now.isoformat(),
        "opens_at": (now + timedelta(days=2, hours=3, minutes=4, seconds=30)).isoformat(),
    }
    phone = visit(PHONE)
    opens = f'data-opens="{told["opens_at"]}" data-opening='

    def announce(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("data-opening=", opens))

    phone.page.route(f"**{COMING}", announce)
    phone.page.route(
        "**/khai-mac/*.json",
        lambda route: route.fulfill(body=json.dumps(told), content_type="application/json"),
    )
    phone.go(COMING)
    clock = phone.page.locator(".countdown__clock")
    expect(clock).to_be_visible()
    assert clock.locator("b").all_inner_texts()[:3] == ["02", "03", "04"]
