"""The first scene of the office: from her Excel to a hall, back, and corrected in Excel."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

from openpyxl import Workbook, load_workbook
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from exhibitions.importing.columns import WORKBOOK_COLUMNS
from exhibitions.importing.workbook import LIST_SHEET
from tests.browser.conftest import Visitor

SignIn = Callable[[str], Visitor]

PATTERN = "/trien-lam/mau-trien-lam-sap-khai-mac/"
ROWS, PARTS = 300, 3
MINUTES = 60_000


def her_list(folder: Path) -> Path:
    """Her list as she keeps it: titles above, Parts across, a note beside, one stray space."""
    book = Workbook()
    sheet = book.active
    sheet.append(["TRUNG TÂM LƯU TRỮ LỊCH SỬ (MẪU)"])
    sheet.append(["DANH SÁCH TÀI LIỆU TRƯNG BÀY"])
    sheet.append(["STT", "Nội dung", "Thời gian", "Nguồn", "Ký hiệu hồ sơ", "Tên tệp", "Ghi chú"])
    for number in range(1, ROWS + 1):
        if number % (ROWS // PARTS) == 1:
            part = number // (ROWS // PARTS) + 1
            sheet.append([None, f"PHẦN {'I' * part}: MẪU – Nội dung thứ {part}"])
        date = "14/7/1948 " if number == 17 else "14/7/1948"
        name = f"TL{number:03}.jpg" if number % 5 == 0 else None
        title = f"MẪU – Tài liệu số {number}"
        sheet.append([number, title, date, "NSNA (mẫu)", number % 40, name, "xem lại"])
    sheet.append([None, f"Tổng số: {ROWS} tài liệu"])
    path = folder / "Danh sach cua toi.xlsx"
    book.save(path)
    return path


def her_scans(folder: Path) -> Path:
    """A scan for each row, named by number or as the list says."""
    scans = folder / "Ban quet"
    scans.mkdir()
    for number in range(1, ROWS + 1):
        picture = Image.new("RGB", (240, 320), (246, 238, 222))
        ImageDraw.Draw(picture).text((40, 60), f"MAU {number}", fill=(60, 40, 30))
        name = f"TL{number:03}.jpg" if number % 5 == 0 else f"{number:03}.jpg"
        picture.save(scans / name, quality=80)
    return scans


def new_exhibition(editor: Visitor) -> int:
    """An empty exhibition of her own."""
    editor.go(f"/admin/trien-lam/{editor.portal.page_number(PATTERN)}/lam-mau/")
    editor.page.get_by_label("Tên triển lãm mới").fill("MẪU – Nhập từ Excel")
    editor.page.get_by_role("button", name="Tạo triển lãm mới").click()
    editor.page.wait_for_url("**/edit/")
    found = re.search(r"/pages/(\d+)/edit/", editor.page.url)
    assert found
    return int(found[1])


def import_it(editor: Visitor) -> None:
    """Press Nhập, see the progress, wait for its end."""
    editor.page.get_by_role("button", name=re.compile(r"Nhập \d+ dòng")).click()
    bar = editor.page.locator("[data-import-progress]")
    expect(bar).to_contain_text(re.compile("Đang chờ nhập|Đang nhập|Đã nhập"))
    expect(bar.locator("[data-label]")).to_have_text("Đã nhập", timeout=2 * MINUTES)


def cards(editor: Visitor, exhibition: int) -> list[str]:
    """The titles in the grid, in their order."""
    editor.go(f"/admin/trien-lam/{exhibition}/sap-xep/")
    return editor.page.locator(".grid__title").all_inner_texts()


def downloaded(editor: Visitor, exhibition: int) -> bytes:
    """Tải danh sách tài liệu của triển lãm này."""
    editor.go(f"/admin/trien-lam/{exhibition}/nhap/")
    with editor.page.expect_download() as download:
        editor.page.get_by_role("link", name="Tải danh sách tài liệu").click()
    return download.value.path().read_bytes()


def twenty_changes(content: bytes) -> tuple[bytes, dict[tuple[int, str], str]]:
    """Twenty cells corrected in Excel: ten captions and ten dates."""
    book = load_workbook(io.BytesIO(content))
    sheet = book[LIST_SHEET]
    place = {column.name: index for index, column in enumerate(WORKBOOK_COLUMNS, start=1)}
    changes = {(row, "caption"): f"Chú thích mẫu {row}" for row in range(10, 20)}
    changes |= {(row, "date"): "7/1952" for row in range(110, 120)}
    for (row, name), text in changes.items():
        sheet.cell(row=row, column=place[name]).value = text
    file = io.BytesIO()
    book.save(file)
    return file.getvalue(), changes


def test_from_her_excel_to_a_hall_and_back_and_corrected(sign_in: SignIn, tmp_path: Path) -> None:
    editor = sign_in("bientap")
    page = editor.page
    exhibition = new_exhibition(editor)

    editor.go(f"/admin/trien-lam/{exhibition}/nhap/")
    page.locator("#import-list").set_input_files(her_list(tmp_path))
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.get_by_label("Nội dung", exact=True)).to_have_value("title")
    page.get_by_label("Ghi chú").select_option(label="Không nhập")
    assert editor.violations() == []
    page.get_by_role("button", name="Tiếp tục").click()

    page.locator("#import-folder").set_input_files(her_scans(tmp_path))
    expect(page.get_by_text(f"Đã nhận ({ROWS})")).to_be_visible(timeout=3 * MINUTES)
    assert editor.violations() == []
    page.get_by_role("link", name="Sang bước kiểm tra").click()

    expect(page.locator(".import-summary")).to_have_text(
        re.compile(rf"{ROWS - 1} dòng hợp lệ,\s+1 dòng cần sửa\.")
    )
    problem = page.locator(".import-problem")
    expect(problem).to_contain_text("Dòng 21, cột “Thời gian”: Thừa dấu cách")
    assert editor.violations() == []
    problem.get_by_role("button", name="Sửa giúp").click()
    expect(page.locator(".import-summary")).to_contain_text(f"Cả {ROWS} dòng đều hợp lệ")
    import_it(editor)
    assert editor.violations() == []
    expected = [f"MẪU – Tài liệu số {number}" for number in range(1, ROWS + 1)]
    assert cards(editor, exhibition) == expected
    # The exhibition it was made after has one Part.
    assert page.locator("[data-part]").count() == PARTS + 1
    assert editor.violations() == []

    editor.go(f"/admin/trien-lam/{exhibition}/nhap/")
    page.get_by_role("link", name="Danh sach cua toi.xlsx").click()
    page.get_by_text("Hoàn tác lần nhập này…").click()
    page.get_by_role("button", name="Hoàn tác lần nhập này").click()
    told = page.get_by_text("Mọi thứ lần nhập này tạo ra và thay đổi đã được hoàn tác.")
    expect(told).to_be_visible(timeout=2 * MINUTES)
    assert cards(editor, exhibition) == []

    page.go_back()
    page.get_by_role("button", name="Kiểm tra và nhập lại danh sách này").click()
    expect(page.locator(".import-summary")).to_contain_text(f"Cả {ROWS} dòng đều hợp lệ")
    import_it(editor)
    assert cards(editor, exhibition) == expected

    content, changes = twenty_changes(downloaded(editor, exhibition))
    corrected = tmp_path / "da sua.xlsx"
    corrected.write_bytes(content)
    editor.go(f"/admin/trien-lam/{exhibition}/nhap/")
    page.locator("#import-list").set_input_files(corrected)
    page.get_by_role("button", name="Tiếp tục").click()
    page.wait_for_url("**/ghep-cot/")
    page.get_by_role("button", name="Tiếp tục").first.click()
    page.wait_for_url("**/tep/")
    page.get_by_role("link", name="Sang bước kiểm tra").click()
    expect(page.locator(".import-differences")).to_contain_text("Có 20 điểm khác")
    page.locator(".import-counts a[href='?xem=changed']").click()
    expect(page.locator(".import-difference dt")).to_have_count(20)
    import_it(editor)
    book = load_workbook(io.BytesIO(downloaded(editor, exhibition)))
    place = {column.name: index for index, column in enumerate(WORKBOOK_COLUMNS, start=1)}
    for (row, name), text in changes.items():
        assert book[LIST_SHEET].cell(row=row, column=place[name]).value in (text, f"tháng {text}")
