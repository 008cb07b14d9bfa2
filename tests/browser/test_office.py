"""The office at work in the admin, and what the public sees of it at once."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from core.vietnamese import slugify
from tests.browser.conftest import Visit, Visitor

EXHIBITION_PATH = "/trien-lam/lang-son-75-nam-thi-dua-yeu-nuoc/"
SignIn = Callable[[str], Visitor]


def test_a_withdrawn_item_is_gone_from_page_search_neighbour_and_every_picture_address(
    visit: Visit, sign_in: SignIn
) -> None:
    reader = visit()
    reader.go(f"{EXHIBITION_PATH}phan-ii/")
    links = reader.page.locator(".hung__title a")
    title, path = links.nth(3).inner_text(), links.nth(3).get_attribute("href")
    before = links.nth(2).get_attribute("href")
    assert path and before
    reader.go(path)
    html = reader.page.content()
    pictures = sorted(set(re.findall(r"/h/[0-9a-f]{32}/\d+\.(?:webp|jpg)", html)))
    assert pictures

    office = sign_in("pheduyet")
    office.go(f"/admin/trien-lam/tai-lieu/{office.portal.page_number(path)}/cong-bo/")
    withdraw = office.page.locator("form", has=office.page.locator("[value=withdraw]"))
    withdraw.locator("[name$=note]").fill("Rà soát lại nguồn")
    withdraw.get_by_role("button").click()
    office.page.wait_for_url("**/edit/")

    ask = reader.page.request.get
    assert ask(f"{reader.portal.url}{path}").status == 404
    search = ask(f"{reader.portal.url}/tim-kiem/", params={"q": title}).text()
    assert path not in search
    assert path not in ask(f"{reader.portal.url}{before}").text()
    part = ask(f"{reader.portal.url}{EXHIBITION_PATH}phan-ii/").text()
    assert path not in part
    item_pictures = [address for address in pictures if address not in part]
    assert item_pictures
    assert {ask(f"{reader.portal.url}{address}").status for address in item_pictures} == {404}


def test_an_approver_opens_the_coming_exhibition_by_hand(visit: Visit, sign_in: SignIn) -> None:
    reader = visit()
    reader.go("/trien-lam/?trang-thai=announced")
    link = reader.page.locator("main a[href^='/trien-lam/']").filter(has_text="MẪU").first
    path = link.get_attribute("href")
    reader.go(str(path))
    assert reader.page.locator("a[href*='/phan-']").count() == 0
    assert reader.page.request.get(f"{reader.portal.url}{path}phan-i/").status == 404

    office = sign_in("pheduyet")
    office.go(f"/admin/trien-lam/{office.portal.page_number(str(path))}/khai-mac/")
    office.page.get_by_role("link", name=re.compile("Khai trương")).click()
    office.page.locator("form.decision-form button[type=submit]").click()
    office.page.wait_for_url("**/khai-mac/")
    assert reader.page.request.get(f"{reader.portal.url}{path}phan-i/").status == 200


def test_the_address_grows_from_a_vietnamese_title_as_it_is_typed(sign_in: SignIn) -> None:
    office = sign_in("bientap")
    office.go(f"/admin/pages/add/home/newspage/{office.portal.page_number('/tin-tuc/')}/")
    title = "Đảng bộ Đồng Đăng: Lạng Sơn 75 năm thi đua yêu nước, những chặng đường ở biên giới"
    office.page.locator("#id_title").press_sequentially(title)
    office.page.locator("#id_title").blur()
    expect(office.page.locator("#id_slug")).to_have_value(slugify(title))
