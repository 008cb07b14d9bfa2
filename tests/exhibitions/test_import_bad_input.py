"""Lists as people make them, and requests as nobody should make them: neither does harm."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Border, Side
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from core.models import Organisation, User
from exhibitions.importing import jobs
from exhibitions.importing.folder import list_path
from exhibitions.importing.plan import Verdict
from exhibitions.importing.sheets import UnreadableSheet
from exhibitions.models import (
    ExhibitionIndexPage,
    ExhibitionPage,
    Import,
    ImportFile,
    ImportState,
    ItemPage,
    PartPage,
)
from tests import factories
from tests.exhibitions.lists import (
    HEADINGS,
    address,
    begin,
    carry_out,
    check_and_import,
    send_named,
    workbook,
)
from tests.exhibitions.test_admin_approval import browser, text_of
from tests.exhibitions.test_admin_clearance import staff
from tests.images import jpeg

SHORT = ("Ký hiệu trưng bày", "Tên tài liệu", "Thời gian")
STEPS = ("columns", "files", "check", "report", "progress")


@pytest.fixture
def exhibition(exhibition_index: ExhibitionIndexPage) -> ExhibitionPage:
    return factories.ExhibitionPageFactory(parent=exhibition_index, title="Cụm 7", live=False)


@pytest.fixture
def desk_browser(editor: User) -> Client:
    """The editor's browser."""
    return browser(editor)


def book(fill: Callable[[Worksheet], None], headings: Any = HEADINGS, **book_fields: Any) -> bytes:
    """A workbook whose only visible sheet ``fill`` fills below the headings."""
    made = Workbook()
    for name, value in book_fields.items():
        setattr(made, name, value)
    sheet = made.active
    sheet.append(list(headings))
    fill(sheet)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


@pytest.mark.filterwarnings("ignore:Title is more than 31 characters")
def test_a_sheet_of_a_very_long_name_is_imported_like_any_other(exhibition, editor):
    def fill(sheet: Worksheet) -> None:
        sheet.title = "T" * 300
        sheet.append(["LS-1", "Thư", "1951"])

    job = begin(exhibition, editor, book(fill, SHORT))
    carry_out(job, editor)
    assert ItemPage.objects.get().reference == "LS-1"


def computed(content: bytes, texts: dict[str, str]) -> bytes:
    """The workbook with what Excel computed in the cells, as it stores it."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(file, "w") as after:
        for name in before.namelist():
            data = before.read(name)
            for cell, text in texts.items() if name.endswith("sheet1.xml") else ():
                pattern = rf'<c r="{cell}"(.*?)><f>(.*?)</f><v ?/?>(</v>)?</c>'
                stored = rf'<c r="{cell}"\1 t="str"><f>\2</f><v>{text}</v></c>'
                data = re.sub(pattern, stored, data.decode()).encode()
            after.writestr(name, data)
    return file.getvalue()


def problems(job: Import, user: User) -> dict[int, list[str]]:
    """The codes of what stands against each row."""
    plan = jobs.check(job, user).plan
    return {row.row: [each.code for each in row.problems] for row in plan.rows}


# Lists as people make them


def test_a_cell_merged_over_several_rows_is_said_of_each_of_them(exhibition, desk_browser, editor):
    factories.OrganisationFactory(name="Trung tâm mẫu")

    def fill(sheet: Worksheet) -> None:
        for number in (1, 2, 3):
            sheet.append([number, f"Thư {number}", "1951", "Trung tâm mẫu" if number == 1 else ""])
        sheet.merge_cells("D2:D4")

    job = check_and_import(desk_browser, begin(exhibition, editor, book(fill)))
    assert job.state == ImportState.FINISHED
    sources = [item.source_organisation.name for item in ItemPage.objects.all()]
    assert sources == ["Trung tâm mẫu"] * 3


def test_hidden_sheets_are_not_taken_by_themselves_and_hidden_columns_are_marked(
    exhibition, desk_browser, editor
):
    def fill(sheet: Worksheet) -> None:
        sheet.title = "Danh sách"
        sheet.append([1, "Thư", "1951", "", "12", ""])
        sheet.column_dimensions["E"].hidden = True
        hidden = sheet.parent.create_sheet("Nháp")
        hidden.append(list(HEADINGS))
        for number in range(30):
            hidden.append([number, "Nháp", "1900", "", "", ""])
        hidden.sheet_state = "veryHidden"

    job = begin(exhibition, editor, book(fill))
    screen = desk_browser.get(address("columns", job))
    assert job.sheet == "Danh sách"
    hidden = [each["text"] for each in screen.context["headings"] if each["is_hidden"]]
    assert hidden == ["Ký hiệu hồ sơ"]
    check_and_import(desk_browser, job)
    assert [item.title for item in ItemPage.objects.all()] == ["Thư"]


def test_formulas_give_what_excel_computed_and_those_that_fail_are_named_with_their_cell(
    exhibition, desk_browser, editor
):
    def fill(sheet: Worksheet) -> None:
        sheet.append([1, '=CONCATENATE("Thư ","một")', "1951"])
        sheet.append([2, "=A2&B2", "1952"])
        sheet.append([3, "Thư ba", "#REF!"])
        sheet.append([4, "Thư bốn", "1954"])

    job = begin(exhibition, editor, computed(book(fill), {"B2": "Thư một"}))
    html = text_of(desk_browser.get(address("check", job)))
    assert problems(job, editor) == {
        2: [],
        3: ["formula_uncomputed", "no_title"],
        4: ["formula_error"],
        5: [],
    }
    assert "#REF!" in html and "Nội dung" in html
    check_and_import(desk_browser, job)
    assert [item.title for item in ItemPage.objects.all()] == ["Thư một", "Thư bốn"]


@pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904])
def test_a_date_of_excel_arrives_whichever_year_its_workbook_counts_from(
    exhibition, desk_browser, editor, epoch
):
    def fill(sheet: Worksheet) -> None:
        sheet.append([1, "Lời kêu gọi", date(1948, 6, 11)])

    content = book(fill, **({"epoch": epoch} if epoch else {}))
    check_and_import(desk_browser, begin(exhibition, editor, content))
    assert ItemPage.objects.get().date == "1948-06-11"


@pytest.mark.parametrize(
    "text",
    ["14/7/1948", "14-7-1948", "14.7.1948", "ngày 14 tháng 7 năm 1948", "1948-07-14"],
)
def test_a_date_typed_as_text_arrives_in_each_of_five_forms(exhibition, desk_browser, editor, text):
    content = workbook([[1, "Thư", text, "", "", ""]])
    check_and_import(desk_browser, begin(exhibition, editor, content))
    assert ItemPage.objects.get().date == "1948-07-14"


def test_two_rows_of_one_reference_wait_until_one_of_them_is_mended(
    exhibition, desk_browser, editor
):
    rows = [["LS-1", "Thư", "1951"], ["LS-1", "Ảnh", "1952"], ["LS-3", "Sổ", "1953"]]
    job = begin(exhibition, editor, workbook(rows, SHORT))
    assert problems(job, editor) == {4: ["twice"], 5: ["twice"], 6: []}
    mended = {"action": "take twice", "text-5:0": "LS-2"}
    desk_browser.post(address("check", job), mended)
    job.refresh_from_db()
    assert problems(job, editor) == {4: [], 5: [], 6: []}
    check_and_import(desk_browser, job)
    items = ItemPage.objects.order_by("path").values_list("reference", "title")
    assert list(items) == [("LS-1", "Thư"), ("LS-2", "Ảnh"), ("LS-3", "Sổ")]


def test_nothing_is_checked_or_imported_while_two_headings_are_the_same_column(
    exhibition, desk_browser, editor
):
    headings = ("Ký hiệu trưng bày", "Tên tài liệu", "Tên tài liệu")
    job = begin(exhibition, editor, workbook([["LS-1", "Thư", "Ảnh"]], headings))
    assert jobs.unsettled_headings(job) == ["Tên tài liệu"]
    for columns in (
        {"column-0": "reference", "column-1": "title", "column-2": "title"},
        {"column-0": "reference", "column-1": "title"},
        {},
    ):
        answer = desk_browser.post(address("columns", job), columns)
        assert answer["Location"] == address("columns", job)
        assert desk_browser.get(address("check", job))["Location"] == address("columns", job)
        pressed = {"action": "import", "digest": jobs.check(job, editor).digest}
        desk_browser.post(address("check", job), pressed)
        job.refresh_from_db()
        assert job.state == ImportState.PREPARING and not ItemPage.objects.exists()
    settled = {"column-0": "reference", "column-1": "title", "column-2": "-"}
    desk_browser.post(address("columns", job), settled)
    check_and_import(desk_browser, Import.objects.get(pk=job.pk))
    assert ItemPage.objects.get().title == "Thư"


@pytest.mark.parametrize("number", ["²", "9" * 5000, "-1", "1e9", "٣", "12.0", "0"])
def test_a_page_number_that_cannot_be_one_is_said_and_not_guessed(exhibition, editor, number):
    job = begin(exhibition, editor, workbook([[number, "Thư"]], ("Mã số", "Tên tài liệu")))
    job.columns = {"0": "page", "1": "title"}
    assert problems(job, editor) == {4: ["no_such_page"]}


@pytest.mark.parametrize(
    "title", ["###", "…", "😀😀", "x" * 3000, "<script>alert(1)</script>", "=1+1", "a_x0000_b"]
)
def test_a_title_of_anything_becomes_an_item_or_is_said(exhibition, desk_browser, editor, title):
    content = workbook([["LS-1", title, "1951"], ["LS-2", "Thư", "1952"]], SHORT)
    job = begin(exhibition, editor, content)
    html = text_of(desk_browser.get(address("check", job)))
    assert "<script>alert(1)" not in html
    check_and_import(desk_browser, job)
    assert job.state == ImportState.FINISHED, job.failure
    told = {each.code for row in jobs.check(job, editor).plan.rows for each in row.problems}
    made = set(ItemPage.objects.values_list("reference", flat=True))
    assert made == {"LS-1", "LS-2"} or (made == {"LS-2"} and told)


def test_part_names_of_anything_become_parts(exhibition, desk_browser, editor):
    thirty_nine = "PHẦN " + "X" * 3 + "IX"  # the last numeral that is read as one
    names = ["I" * 400, "99999999999999999999", "²", "🙂", "Phần ²", thirty_nine, "a)"]
    rows = [[name, f"Thư {number}"] for number, name in enumerate(names)]
    job = begin(exhibition, editor, workbook(rows, ("Phần", "Tên tài liệu")))
    check_and_import(desk_browser, job)
    assert job.state == ImportState.FINISHED, job.failure
    assert PartPage.objects.count() == ItemPage.objects.count() == len(names)
    again = begin(exhibition, editor, workbook(rows, ("Phần", "Tên tài liệu")))
    assert jobs.check(again, editor).plan.count(Verdict.SAME) == len(names)
    more = [[name, f"Ảnh {number}"] for number, name in enumerate(names)]
    carry_out(begin(exhibition, editor, workbook(more, ("Phần", "Tên tài liệu"))), editor)
    assert PartPage.objects.count() == len(names)


LETTERED = [
    ["I", "KHÁNG CHIẾN", "", ""],
    ["", "a) Lạng Sơn", "", ""],
    [1, "Thư một", "1951", "12"],
    ["", "b) Cao Bằng", "", ""],
    [2, "Thư hai", "1952", "13"],
]
IN_COLUMNS = [
    ["Phần I: Kháng chiến", "a) Lạng Sơn", "Thư một"],
    ["Phần I: Kháng chiến", "Mục 2. Cao Bằng", "Thư hai"],
    ["Phần I: Kháng chiến", "Hà Giang", "Thư ba"],
]


@pytest.mark.parametrize(
    ("rows", "headings"),
    [
        (LETTERED, ("STT", "Nội dung", "Thời gian", "Ký hiệu hồ sơ")),
        (IN_COLUMNS, ("Phần", "Mục trong Phần", "Tên tài liệu")),
    ],
)
def test_sections_with_letters_and_numbers_are_known_again_when_the_list_comes_again(
    exhibition, editor, rows, headings
):
    carry_out(begin(exhibition, editor, workbook(rows, headings)), editor)
    parts = PartPage.objects.count()
    plan = jobs.check(begin(exhibition, editor, workbook(rows, headings)), editor).plan
    assert not plan.parts and not plan.work and plan.in_order
    more = [[*row[:-1], f"{row[-1]} thêm"] if row[-1] else row for row in rows]
    carry_out(begin(exhibition, editor, workbook(more, headings)), editor)
    assert PartPage.objects.count() == parts


@pytest.mark.parametrize(
    "content", [b"", b"\x00" * 100, b"PK\x03\x04" + b"\x00" * 60, b"%PDF-1.4", jpeg(9, 9)]
)
def test_what_is_no_list_is_told_and_leaves_nothing(
    exhibition, desk_browser, content, settings, tmp_path
):
    settings.IMPORTS_ROOT = tmp_path
    url = reverse("exhibitions_admin:imports", args=[exhibition.pk])
    upload = SimpleUploadedFile("../../danh sách.xlsx", content)
    answer = desk_browser.post(url, {"list": upload}, follow=True)
    assert "messages" in text_of(answer)
    assert not Import.objects.exists() and not list(tmp_path.iterdir())


def test_a_workbook_of_charts_alone_is_told(exhibition, editor):
    made = Workbook()
    made.create_chartsheet("Biểu đồ")
    del made["Sheet"]
    file = io.BytesIO()
    made.save(file)
    with pytest.raises(UnreadableSheet):
        begin(exhibition, editor, file.getvalue())


def test_headings_with_signs_no_database_keeps_are_kept_without_them(exhibition, editor):
    headings = ("Tên_x0000_ tài liệu", "Ký_x0001_ hiệu trưng bày")
    job = begin(exhibition, editor, workbook([["Thư", "LS-1"]], headings))
    assert job.headings == ["Tên tài liệu", "Ký hiệu trưng bày"]
    assert carry_out(job, editor).state == ImportState.FINISHED


# A list that is not there any more


def test_a_list_that_has_gone_from_the_disk_is_told_wherever_it_is_needed(
    exhibition, desk_browser, editor
):
    job = begin(exhibition, editor, workbook([["LS-1", "Thư", "1951"]], SHORT))
    digest = jobs.check(job, editor).digest
    list_path(job).unlink()
    imports = reverse("exhibitions_admin:imports", args=[exhibition.pk])
    for step in ("columns", "check"):
        answer = desk_browser.get(address(step, job))
        assert answer["Location"] == imports
        assert jobs.said_of_a_lost_list() in unescape(text_of(desk_browser.get(imports)))
    for step, sent in (
        ("columns", {"action": "sheet", "sheet": "Danh sách"}),
        ("check", {"action": "import", "digest": digest}),
        ("check", {"action": "repair-all spaces"}),
        ("check", {"action": "keep-all legacy"}),
    ):
        assert desk_browser.post(address(step, job), sent)["Location"] == imports
    assert desk_browser.get(address("files", job)).status_code == 200
    job.refresh_from_db()
    assert job.state == ImportState.PREPARING


# Requests as nobody should make them


GARBAGE = ["", "x", "-1", "0", "²", "9" * 40, "../../etc/passwd", "\x00", "a\x00b", "x" * 10_000]


CHECK_VERBS = (
    "take", "repair", "repair-all", "keep", "keep-all", "person", "source", "organisation",
    "import",
)  # fmt: skip


@pytest.mark.parametrize("action", [*GARBAGE, *CHECK_VERBS])
def test_no_field_of_the_check_breaks_it(exhibition, desk_browser, editor, action):
    job = begin(exhibition, editor, workbook([["LS-1", "Thư", "1951"]], SHORT))
    url = address("check", job)
    for text in (*GARBAGE, "1:1", "4:1", "4:999", "999999999:0", "4:-1", "4:1:1", "٤:1"):
        for sent in (
            {"action": f"{action} {text}", "digest": text},
            {"action": f"{action} spaces {text}"},
            {"action": action, f"text-{text}": "\0", f"was-{text}": text},
            {"action": action, f"source-{text}": text, f"was-source-{text}": "x"},
        ):
            assert desk_browser.post(url, sent).status_code in (302, 400), sent
    assert desk_browser.get(url).status_code == 200
    job.refresh_from_db()
    assert job.state == ImportState.PREPARING


@pytest.mark.parametrize("text", GARBAGE)
def test_no_field_of_the_other_screens_breaks_them(exhibition, desk_browser, editor, text):
    job = begin(exhibition, editor, workbook([["LS-1", "Thư", "1951"]], SHORT))
    imports = reverse("exhibitions_admin:imports", args=[exhibition.pk])
    for url, sent in (
        (imports, {"action": text}),
        (imports, {"action": "files", "part": text, "arrangement": text}),
        (imports, {"list": text}),
        (address("columns", job), {"action": text, "column-0": text, "default_part": text}),
        (address("columns", job), {"action": "sheet", "sheet": text, "heading_row": text}),
        (address("columns", job), {"action": "sheet", "sheet": "Danh sách", "heading_row": text}),
        (address("files", job), {"files": text}),
        (address("report", job), {"action": text}),
        (address("progress", job), {"action": text}),
    ):
        assert desk_browser.post(url, sent).status_code in (302, 400, 404), (url, text)
        for shown in (address("columns", job), f"{address('check', job)}?p={len(text)}&xem=x"):
            assert desk_browser.get(shown).status_code in (200, 302)
    assert Import.objects.count() == 1 and not ItemPage.objects.exists()


@pytest.mark.parametrize("text", GARBAGE)
def test_no_number_of_a_screen_breaks_it(exhibition, desk_browser, editor, text):
    job = begin(exhibition, editor, workbook([["LS-1", "Thư", "1951"]], SHORT))
    carry_out(job, editor)
    for query in ({"p": text}, {"xem": text}):
        assert desk_browser.get(address("check", job), query).status_code == 302
    fresh = begin(exhibition, editor, workbook([["LS-2", "Thư", "1951"]], SHORT))
    for query in ({"p": text}, {"xem": text}):
        assert desk_browser.get(address("check", fresh), query).status_code == 200


def test_an_import_that_has_begun_is_not_prepared_any_more(exhibition, desk_browser, editor):
    job = begin(exhibition, editor, workbook([["LS-1", "Thư", "1951"]], SHORT))
    (file,) = send_named(job, {"LS-1.jpg": jpeg(40, 30)})
    carry_out(job, editor)
    report = address("report", job)
    for step in ("columns", "files", "check"):
        assert desk_browser.get(address(step, job))["Location"] == report
        assert desk_browser.post(address(step, job), {"action": "take"})["Location"] == report
    one = address("file", job, file.pk)
    assert desk_browser.patch(one, b"x", headers={"Upload-Offset": "0"}).status_code == 409
    assert desk_browser.delete(one).status_code == 409
    sent = desk_browser.post(report, {"action": "go-on"}, follow=True)
    assert "Lần nhập này đã bắt đầu" in text_of(sent)
    assert ItemPage.objects.count() == 1


# Who may come


def every_request(job: Import, file: ImportFile) -> list[tuple[str, str, dict[str, Any]]]:
    """Every screen of importing, and everything that can be sent to one."""
    exhibition = [job.exhibition_id]
    imports = reverse("exhibitions_admin:imports", args=exhibition)
    part = PartPage.objects.first()
    told = {"content_type": "application/json"}
    return [
        ("get", imports, {}),
        ("post", imports, {"data": {"list": SimpleUploadedFile("a.csv", b"Ten,Ngay\n1,2\n")}}),
        (
            "post",
            imports,
            {"data": {"action": "files", "part": part.pk, "arrangement": "items"}},
        ),
        ("get", reverse("exhibitions_admin:import_template", args=exhibition), {}),
        ("get", reverse("exhibitions_admin:import_workbook", args=exhibition), {}),
        *(("get", address(step, job), {}) for step in STEPS),
        ("post", address("columns", job), {"data": {"column-0": "-"}}),
        ("post", address("files", job), {"data": '[{"name": "a.jpg", "size": 1}]', **told}),
        ("get", address("file", job, file.pk), {}),
        ("patch", address("file", job, file.pk), {"headers": {"Upload-Offset": "0"}}),
        ("delete", address("file", job, file.pk), {}),
        ("post", address("check", job), {"data": {"action": "take", "text-4:1": "x"}}),
        ("post", address("check", job), {"data": {"action": "import", "digest": "x"}}),
        *(
            ("post", address("report", job), {"data": {"action": action}})
            for action in ("stop", "go-on", "undo")
        ),
        ("post", address("progress", job), {}),
    ]


@pytest.mark.parametrize("who", ["stranger", "visitor", "elsewhere"])
def test_who_has_no_part_in_the_exhibition_comes_to_no_screen_and_does_nothing(
    exhibition, exhibition_index, editor, who
):
    factories.PartPageFactory(parent=exhibition)
    other = factories.ExhibitionPageFactory(parent=exhibition_index)
    client = {
        "stranger": Client,
        "visitor": lambda: browser(staff("khach", other, on_pages=())),
        "elsewhere": lambda: browser(staff("noikhac", other)),
    }[who]()
    job = begin(exhibition, editor, workbook([["LS-1", "Thư", "1951"]], SHORT))
    (file,) = send_named(job, {"LS-1.jpg": jpeg(40, 30)})
    done = begin(exhibition, editor, workbook([["LS-2", "Thư", "1951"]], SHORT))
    carry_out(done, editor)
    before = [*Import.objects.order_by("pk").values(), *ImportFile.objects.values()]
    for each in (job, done):
        for method, url, sent in every_request(each, file):
            answer = getattr(client, method)(url, **sent)
            assert answer.status_code in (302, 403), (method, url)
            if answer.status_code == 302:
                assert answer["Location"].partition("?")[0] in ("/admin/", "/admin/login/")
    after = [*Import.objects.order_by("pk").values(), *ImportFile.objects.values()]
    assert after == before and ItemPage.objects.count() == 1


def test_an_import_is_found_below_its_own_exhibition_alone(
    exhibition, exhibition_index, desk_browser, editor
):
    other = factories.ExhibitionPageFactory(parent=exhibition_index)
    job = begin(exhibition, editor, workbook([["LS-1", "Thư", "1951"]], SHORT))
    (file,) = send_named(job, {"LS-1.jpg": jpeg(40, 30)})
    theirs = begin(other, editor, workbook([["LS-1", "Thư", "1951"]], SHORT))
    imports = reverse("exhibitions_admin:imports", args=[other.pk])
    for step in STEPS:
        if step == "progress":
            continue
        for number in (job.pk, 10**18):
            url = reverse(f"exhibitions_admin:import_{step}", args=[other.pk, number])
            assert desk_browser.get(url).url == imports
            assert desk_browser.post(url, {"action": "undo"}).url == imports
    # A script is told so by the status.
    progress = reverse("exhibitions_admin:import_progress", args=[other.pk, job.pk])
    assert desk_browser.get(progress).status_code == 404
    for import_number in (job.pk, theirs.pk):
        url = reverse("exhibitions_admin:import_file", args=[other.pk, import_number, file.pk])
        assert desk_browser.get(url).status_code == desk_browser.delete(url).status_code == 404
    assert ImportFile.objects.filter(pk=file.pk).exists()


def test_a_user_who_was_closed_begins_no_import(exhibition, editor):
    User.objects.filter(pk=editor.pk).update(is_active=False)
    with pytest.raises(PermissionDenied):
        begin(exhibition, User.objects.get(pk=editor.pk), workbook([["LS-1", "Thư", ""]], SHORT))


def test_rows_that_only_look_like_many_are_a_screenful(exhibition, desk_browser, editor):
    rows = [[f"LS-{number}", f"Thư  {number}", "?"] for number in range(260)]
    job = begin(exhibition, editor, workbook(rows, SHORT))
    screen = desk_browser.get(f"{address('check', job)}?p=3")
    assert len(screen.context["rows"]) == 60
    desk_browser.post(address("check", job), {"action": "repair-all spaces"})
    codes = jobs.check(Import.objects.get(pk=job.pk), editor).plan.by_code
    assert "spaces" not in codes and len(codes["no_date"]) == 260
    assert jobs.check(job, editor).plan.count(Verdict.BLOCKED) == 260
    assert not Organisation.objects.exists()


def test_a_hundred_thousand_empty_rows_below_the_list_are_not_in_it(exhibition, editor):
    book = load_workbook(io.BytesIO(workbook([["LS-1", "Thư", "1948"]], SHORT)))
    side = Side(style="thin")
    for number in range(5, 100_005):
        book.active.cell(row=number, column=1).border = Border(left=side)
    file = io.BytesIO()
    book.save(file)
    plan = jobs.check(begin(exhibition, editor, file.getvalue()), editor).plan
    assert [row.row for row in plan.rows] == [4] and plan.left_out == []
