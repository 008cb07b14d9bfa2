"""The pictures of the guides, taken from a running demonstration.

``python -m tests.browser.guide_pictures --base http://127.0.0.1:8000 --password …`` signs in
as the administrator and writes the pictures of ``docs/huong-dan/hinh`` anew. It makes one
preview link, writes one opinion through it, and takes the link back.
"""

from __future__ import annotations

import argparse
import io
import os
import re
from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from core.spreadsheets import XLSX_TYPE
from tests import machine

FOLDER = Path(__file__).parents[2] / "docs" / "huong-dan" / "hinh"
ACCOUNT = "quantri"
EXHIBITION = "MẪU – Triển lãm sắp khai mạc"
OPEN_EXHIBITION = "Lạng Sơn 75 năm thi đua yêu nước"
CAMPAIGN = "Tuyên truyền triển lãm Cụm 7 tỉnh miền núi"
LETTER = "Công văn"
DESK, TELEPHONE = (1280, 900), (360, 780)
COLOURS = 128
"""Enough for a screen of text; a picture takes a fifth of its size."""

LIST = (
    ("STT", "Nội dung", "Thời gian", "Nguồn", "Ký hiệu hồ sơ", "Tên tệp", "Ghi chú"),
    ("1", "MẪU – Lời kêu gọi thi đua", "11/6/1948", "NSNA (mẫu)", "12", "", ""),
    ("2", "MẪU – Thư gửi nông dân", "14/7/1948 ", "NSNA (mẫu)", "12", "", ""),
    ("3", "MẪU – Ảnh một buổi lễ", "7/14/1952", "NSNA (mẫu)", "13", "", ""),
)
"""An editor's list, with a stray space and a date the other way round."""

SCREENS = ("phe-duyet", "xem-truoc", "danh-muc", "khai-mac")
"""Screens about an exhibition: the last step of their address, which is their picture's name."""


def window(browser: Browser, size: tuple[int, int]) -> Page:
    """A window of ``size`` pixels, in Vietnamese."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
    )
    return context.new_page()


def take(page: Page, name: str) -> None:
    """Write what the window shows as ``name``.png."""
    page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    FOLDER.mkdir(parents=True, exist_ok=True)
    picture.quantize(COLOURS).save(FOLDER / f"{name}.png", optimize=True)
    print(name)


def sign_in(page: Page, base: str, password: str) -> None:
    """Come to the admin's first page."""
    page.goto(f"{base}/admin/login/")
    page.fill("input[name=username]", ACCOUNT)
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")
    page.wait_for_url("**/admin/")


def number_of(page: Page, base: str, listing: str, title: str) -> str:
    """The page number of what is called ``title`` in one of the admin's listings."""
    page.goto(f"{base}{listing}")
    address = page.get_by_role("link", name=title).first.get_attribute("href") or ""
    found = re.search(r"/pages/(\d+)/", address)
    if found is None:
        raise SystemExit(f"“{title}” is not in {listing}.")
    return found[1]


def opinion(desk: Page, telephone: Page, screen: str) -> None:
    """Make a link, write an opinion by it, take both pictures, and end the link."""
    desk.goto(screen)
    desk.get_by_label("Gửi cho ai").fill("Phó Giám đốc phụ trách (mẫu)")
    desk.get_by_role("button", name="Tạo liên kết").click()
    telephone.goto(desk.locator("#dia-chi-xem-truoc").input_value())
    telephone.locator("#y-kien-noi-dung").fill("Lời giới thiệu cần ngắn hơn. (mẫu)")
    telephone.get_by_role("button", name="Gửi ý kiến").click()
    telephone.locator("#y-kien").scroll_into_view_if_needed()
    take(telephone, "y-kien")
    desk.goto(screen)
    take(desk, "xem-truoc")
    desk.get_by_role("button", name="Thu hồi liên kết").first.click()


def importing(desk: Page, exhibition: str) -> None:
    """Begin with a list, and take the pictures of its columns and of its check."""
    book = Workbook()
    for row in LIST:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    desk.goto(f"{exhibition}/nhap/")
    content = {"name": "Danh sach.xlsx", "mimeType": XLSX_TYPE, "buffer": file.getvalue()}
    desk.locator("#import-list").set_input_files(content)
    desk.get_by_role("button", name="Tiếp tục").click()
    desk.get_by_label("Ghi chú").select_option(label="Không nhập")
    take(desk, "ghep-cot")
    desk.get_by_role("button", name="Tiếp tục").click()
    desk.get_by_role("link", name="Sang bước kiểm tra").click()
    take(desk, "kiem-tra-truoc")
    desk.goto(f"{exhibition}/sap-xep/")
    take(desk, "sap-xep")


def main(arguments: Sequence[str] | None = None) -> None:
    """Take every picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    parser.add_argument("--password", default=os.environ.get("GUIDE_PASSWORD", ""))
    chosen = parser.parse_args(arguments)
    base = chosen.base.rstrip("/")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=machine.chromium_path(), args=["--no-sandbox", "--disable-gpu"]
        )
        desk, telephone = window(browser, DESK), window(browser, TELEPHONE)
        sign_in(desk, base, chosen.password)
        take(desk, "trang-dau")
        hall = number_of(desk, base, "/admin/trien-lam/", EXHIBITION)
        for name in SCREENS:
            desk.goto(f"{base}/admin/trien-lam/{hall}/{name}/")
            if name == "xem-truoc":
                opinion(desk, telephone, desk.url)
            else:
                take(desk, name)
        open_hall = number_of(desk, base, "/admin/trien-lam/", OPEN_EXHIBITION)
        importing(desk, f"{base}/admin/trien-lam/{open_hall}")
        campaign = number_of(desk, base, f"/admin/pages/search/?q={CAMPAIGN}", CAMPAIGN)
        desk.goto(f"{base}/admin/tuyen-truyen/{campaign}/ket-qua/")
        take(desk, "ket-qua")
        letter = number_of(desk, base, f"/admin/pages/{campaign}/", LETTER)
        desk.goto(f"{base}/admin/tuyen-truyen/cong-van/{letter}/phat-hanh/")
        take(desk, "phat-hanh")
        browser.close()


if __name__ == "__main__":
    main()
