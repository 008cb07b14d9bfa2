"""Whatever a list says is imported, or she is told: no cell, row or file is passed over."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Mapping

import pytest
from openpyxl import load_workbook

from exhibitions.importing import jobs
from exhibitions.importing.columns import COLUMNS
from exhibitions.importing.plan import PlannedRow, Verdict
from exhibitions.importing.snapshot import take_snapshot
from exhibitions.importing.values import TOO_LONG_TO_EXPORT
from exhibitions.importing.workbook import LIST_SHEET, as_workbook
from exhibitions.models import (
    Arrangement,
    ExhibitionPage,
    Import,
    ItemMedium,
    ItemPage,
    PartPage,
)
from tests import factories
from tests.exhibitions.lists import begin, carry_out, send_named, take_back, workbook
from tests.exhibitions.test_admin_clearance import staff
from tests.exhibitions.test_import_round_trip import edited
from tests.images import jpeg, png

REFERENCED = ("Ký hiệu trưng bày", "Tên tài liệu", "Tên tệp")


@pytest.fixture
def hall(exhibition: ExhibitionPage) -> ExhibitionPage:
    """Two Parts; in each the items LS-01, LS-02, LS-03 and LS-11, LS-12, LS-13."""
    for tens in range(2):
        part = factories.PartPageFactory(parent=exhibition, title=f"Phần số {tens}", live=False)
        for ones in range(1, 4):
            factories.ItemPageFactory(
                parent=part, reference=f"LS-{tens}{ones}", title=f"Thư {tens}{ones}", live=False
            ).save_revision()
    return ExhibitionPage.objects.get(pk=exhibition.pk)


def codes(row: PlannedRow) -> list[tuple[str, bool]]:
    """What is told of a row, and whether it keeps the row out."""
    return [(problem.code, problem.blocks) for problem in row.problems]


def rows_of(job: Import, editor) -> list[PlannedRow]:
    return jobs.check(job, editor).plan.rows


def corrected(hall: ExhibitionPage, editor, cells: Mapping[tuple[int, str], str]) -> Import:
    """An import of the exhibition's own workbook, with these cells changed."""
    return begin(hall, editor, edited(as_workbook(take_snapshot(hall)), dict(cells)))


def references(exhibition: ExhibitionPage) -> dict[str, str]:
    """Reference of every item, by its title."""
    items = ItemPage.objects.filter(path__startswith=exhibition.path)
    return dict(items.values_list("title", "reference"))


# Items that are alike


@pytest.mark.parametrize("arrangement", [Arrangement.ITEMS, Arrangement.PAGES])
def test_files_without_a_list_never_change_an_item_that_is_only_called_like_them(
    exhibition, editor, arrangement
):
    parts = [factories.PartPageFactory(parent=exhibition, live=False) for _place in range(2)]
    for part, width in zip(parts, (40, 50), strict=True):
        job = jobs.begin_with_files(exhibition, by=editor, part=part, arrangement=arrangement)
        send_named(job, {"001.jpg": jpeg(width, 30)})
        carry_out(job, editor)
    same_part = jobs.begin_with_files(exhibition, by=editor, part=parts[0], arrangement=arrangement)
    send_named(same_part, {"001.jpg": jpeg(60, 30)})
    (row,) = rows_of(same_part, editor)
    assert row.verdict is Verdict.NEW
    items = ItemPage.objects.filter(path__startswith=exhibition.path).order_by("path")
    assert [item.media.get().image.width for item in items] == [40, 50]


def test_the_same_files_once_more_in_the_same_part_double_nothing(exhibition, editor):
    part = factories.PartPageFactory(parent=exhibition, live=False)
    for times in range(2):
        job = jobs.begin_with_files(exhibition, by=editor, part=part, arrangement=Arrangement.ITEMS)
        send_named(job, {"001.jpg": jpeg(40, 30), "002.jpg": jpeg(50, 30)})
        verdicts = [row.verdict for row in rows_of(job, editor)]
        assert verdicts == [Verdict.SAME if times else Verdict.NEW] * 2
        if not times:
            carry_out(job, editor)


def test_a_list_that_names_a_file_as_it_came_is_not_asked_to_rename_it(exhibition, editor):
    garbled = "¶nh B¸c Hå th¨m nhµ m¸y.jpg"
    job = begin(exhibition, editor, workbook([["LS-1", "Ảnh", garbled]], REFERENCED))
    assert codes(rows_of(job, editor)[0])[0] == ("legacy", True)
    send_named(job, {garbled: jpeg(40, 30)})
    (row,) = rows_of(job, editor)
    assert (row.problems, row.files) == ([], [garbled])


def test_pictures_of_one_title_are_known_again_each_in_its_own_part(exhibition, editor):
    headings = ("Phần", "Tên tài liệu", "Mô tả")
    both = [["Phần I: Đầu", "Ảnh tư liệu", "một"], ["Phần II: Cuối", "Ảnh tư liệu", "hai"]]
    carry_out(begin(exhibition, editor, workbook(both, headings)), editor)
    only_second = begin(exhibition, editor, workbook([both[1]], headings))
    (row,) = rows_of(only_second, editor)
    assert row.verdict is Verdict.SAME
    third = [["Phần III: Thêm", "Ảnh tư liệu", "ba"]]
    (row,) = rows_of(begin(exhibition, editor, workbook(third, headings)), editor)
    assert row.verdict is Verdict.NEW  # many pictures are called the same


def test_a_row_that_names_another_part_moves_the_item_it_can_only_mean(exhibition, editor):
    headings = ("Phần", "Tên tài liệu", "Thời gian")
    carry_out(begin(exhibition, editor, workbook([["Đầu", "Thư", "1948"]], headings)), editor)
    job = begin(exhibition, editor, workbook([["Cuối", "Thư", "1948"]], headings))
    (row,) = rows_of(job, editor)
    assert (row.verdict, [each.name for each in row.differences]) == (Verdict.CHANGED, ["part"])


# Files


def test_a_file_that_a_new_row_names_and_that_did_not_come_is_told(exhibition, editor):
    rows = [["LS-1", "Thư", "thu 1.jpg\nthu 2.jpg"], ["LS-2", "Ảnh", "LS-2"]]
    job = begin(exhibition, editor, workbook(rows, REFERENCED))
    assert [codes(row) for row in rows_of(job, editor)] == [
        [("no_file", False), ("no_file", False)],
        [("no_file", False)],
    ]
    send_named(job, {"thu 2.jpg": jpeg(40, 30), "LS-2_01.jpg": jpeg(50, 30)})
    first, second = rows_of(job, editor)
    (problem,) = first.problems
    assert problem.value == "thu 1.jpg\nthu 2.jpg" and "“thu 1.jpg”" in problem.text
    assert second.problems == []


def test_a_file_for_an_item_whose_cell_names_others_is_told(exhibition, editor):
    job = begin(exhibition, editor, workbook([["LS-1", "Thư", ""]], REFERENCED))
    send_named(job, {"LS-1_01.jpg": jpeg(40, 30)})
    carry_out(job, editor)
    again = begin(exhibition, editor, workbook([["LS-1", "Thư", "LS-1_02.jpg"]], REFERENCED))
    send_named(again, {"LS-1_02.jpg": jpeg(50, 30), "LS-1_03.jpg": jpeg(60, 30)})
    (row,) = rows_of(again, editor)
    assert codes(row) == [("file_not_named", False)] and "LS-1_03.jpg" in row.problems[0].text


def test_the_same_scan_in_a_folder_and_in_an_archive_is_one_page(exhibition, editor):
    scan = jpeg(40, 30)
    job = begin(exhibition, editor, workbook([["LS-1", "Thư", ""]], REFERENCED))
    send_named(job, {"LS-1_01.jpg": scan, "bo quet/LS-1_01.jpg": scan})
    carry_out(job, editor)
    assert ItemPage.objects.get(reference="LS-1").media.count() == 1
    again = begin(exhibition, editor, workbook([["LS-1", "Thư", ""]], REFERENCED))
    send_named(again, {"LS-1 ban quet.jpg": scan})
    assert rows_of(again, editor)[0].verdict is Verdict.SAME


def test_emptied_names_of_files_take_the_pictures_away_and_are_shown_first(exhibition, editor):
    job = begin(exhibition, editor, workbook([["LS-1", "Thư", ""]], REFERENCED))
    send_named(job, {"LS-1_01.jpg": jpeg(40, 30)})
    carry_out(job, editor)
    emptying = corrected(exhibition, editor, {(2, "files"): ""})
    (row,) = rows_of(emptying, editor)
    assert [(each.name, each.before, each.after) for each in row.differences] == [
        ("files", "LS-1_01.jpg", "")
    ]
    carry_out(emptying, editor)
    assert not ItemPage.objects.get(reference="LS-1").media.exists()
    take_back(emptying, editor)
    assert ItemPage.objects.get(reference="LS-1").media.count() == 1


def test_a_picture_without_a_label_keeps_the_labels_of_those_after_it_in_place(exhibition, editor):
    headings = ("Ký hiệu trưng bày", "Tên tài liệu", "Nhãn")
    job = begin(exhibition, editor, workbook([["LS-1", "Thư", "\nMặt sau"]], headings))
    send_named(job, {"LS-1_01.jpg": jpeg(40, 30), "LS-1_02.jpg": jpeg(50, 30)})
    carry_out(job, editor)
    labels = [medium.label for medium in ItemPage.objects.get(reference="LS-1").media.all()]
    assert labels[1] == "Mặt sau" and labels[0] != "Mặt sau"


# Cells


@pytest.mark.parametrize("heading", ["STT", "Mã số", "Tên tệp", "Nhãn", "Bản chép", "Mô tả ảnh"])
def test_a_formula_that_fails_is_told_in_whichever_column_it_stands(exhibition, editor, heading):
    content = workbook([["Thư", "#N/A"]], ("Tên tài liệu", heading))
    book = load_workbook(io.BytesIO(content))
    book.active["B4"].data_type = "e"
    file = io.BytesIO()
    book.save(file)
    job = begin(exhibition, editor, file.getvalue())
    job.columns = {
        "0": "title",
        "1": next(each.name for each in COLUMNS if each.heading == heading),
    }
    (row,) = rows_of(job, editor)
    assert ("formula_error", True) in codes(row), row.problems


@pytest.mark.parametrize("heading", ["Tên tệp", "Nhãn", "Bản chép", "Phần"])
def test_letters_stored_apart_are_told_in_whichever_column_they_stand(exhibition, editor, heading):
    apart = unicodedata.normalize("NFD", "ảnh thứ nhất")
    (row,) = rows_of(
        begin(exhibition, editor, workbook([["Thư", apart]], ("Tên tài liệu", heading))), editor
    )
    letters = next(problem for problem in row.problems if problem.code == "letters")
    assert letters.repair == "ảnh thứ nhất"


def test_a_section_without_its_part_is_told(exhibition, editor):
    headings = ("Phần", "Mục trong Phần", "Tên tài liệu")
    (row,) = rows_of(
        begin(exhibition, editor, workbook([["", "Mục một", "Thư"]], headings)), editor
    )
    assert codes(row) == [("no_part", True)]


def test_an_emptied_part_is_told_for_every_item_stands_in_one(hall, editor):
    row = rows_of(corrected(hall, editor, {(2, "part"): ""}), editor)[0]
    assert codes(row) == [("emptied", True)] and row.problems[0].repair == "Phần số 0"


def test_emphasis_that_no_cell_holds_does_not_go_without_a_word(hall, editor):
    item = ItemPage.objects.get(reference="LS-01")
    item.description = "<p>Một <b>lời</b> kêu gọi</p>"
    item.save()
    item.save_revision()
    assert rows_of(corrected(hall, editor, {}), editor)[0].verdict is Verdict.SAME
    row = rows_of(corrected(hall, editor, {(2, "description"): "Lời kêu gọi"}), editor)[0]
    assert codes(row) == [("only_words", False)] and row.verdict is Verdict.CHANGED


def test_emphasis_of_what_is_copied_from_a_page_does_not_go_without_a_word(hall, editor):
    item = ItemPage.objects.get(reference="LS-01")
    image = factories.CustomImageFactory()
    item.media.add(ItemMedium(image=image, sort_order=0, transcription="<p><i>Kính gửi</i></p>"))
    item.save()
    item.save_revision()
    row = rows_of(corrected(hall, editor, {(2, "transcriptions"): "Kính gửi ông"}), editor)[0]
    assert codes(row) == [("only_words", False)] and row.verdict is Verdict.CHANGED


# Rows


def test_items_that_the_workbook_tells_of_no_more_stay_and_are_named(hall, editor):
    book = load_workbook(io.BytesIO(as_workbook(take_snapshot(hall))))
    book[LIST_SHEET].delete_rows(3)
    file = io.BytesIO()
    book.save(file)
    plan = jobs.check(begin(hall, editor, file.getvalue()), editor).plan
    assert plan.items_without_row == ["Thư 02"]
    assert not plan.work


def test_rows_that_excel_hides_are_imported_and_named(exhibition, editor):
    book = load_workbook(
        io.BytesIO(workbook([["LS-1", "Thư", ""], ["LS-2", "Ảnh", ""]], REFERENCED))
    )
    book.active.row_dimensions[5].hidden = True
    file = io.BytesIO()
    book.save(file)
    plan = jobs.check(begin(exhibition, editor, file.getvalue()), editor).plan
    assert (len(plan.work), plan.hidden_rows) == (2, [5])


# References that change hands


def test_items_numbered_anew_take_each_the_reference_of_the_next(hall, editor):
    job = corrected(
        hall,
        editor,
        {(2, "reference"): "LS-02", (3, "reference"): "LS-03", (4, "reference"): "LS-04"},
    )
    assert [row.verdict for row in rows_of(job, editor)[:3]] == [Verdict.CHANGED] * 3
    before = references(hall)
    assert carry_out(job, editor).steps.filter(action="skipped").count() == 0
    after = references(hall)
    assert (after["Thư 01"], after["Thư 02"], after["Thư 03"]) == ("LS-02", "LS-03", "LS-04")
    take_back(job, editor)
    assert references(hall) == before


def test_a_new_row_takes_the_reference_an_item_gives_up_and_stands_where_the_list_has_it(
    hall, editor
):
    content = edited(as_workbook(take_snapshot(hall)), {(2, "reference"): "LS-09"})
    book = load_workbook(io.BytesIO(content))
    sheet = book[LIST_SHEET]
    headings = [cell.value for cell in sheet[1]]
    sheet.insert_rows(2)
    told = {"Phần": "Phần số 0", "Ký hiệu trưng bày": "LS-01", "Tên tài liệu": "Thư mới"}
    for heading, text in told.items():
        place = next(at for at, each in enumerate(headings, 1) if each and each.startswith(heading))
        sheet.cell(row=2, column=place).value = text
    file = io.BytesIO()
    book.save(file)
    job = begin(hall, editor, file.getvalue())
    assert [row.verdict for row in rows_of(job, editor)[:2]] == [Verdict.NEW, Verdict.CHANGED]
    carry_out(job, editor)
    part = PartPage.objects.get(title="Phần số 0")
    items = ItemPage.objects.child_of(part).order_by("path")
    assert [(item.title, item.reference) for item in items][:2] == [
        ("Thư mới", "LS-01"),
        ("Thư 01", "LS-09"),
    ]


def test_references_exchanged_in_a_ring_wait_and_are_told_with_their_rows(hall, editor):
    job = corrected(
        hall,
        editor,
        {
            (2, "reference"): "LS-02",
            (3, "reference"): "LS-01",
            (4, "reference"): "LS-99",
            (5, "reference"): "LS-01",
        },
    )
    first, second, third, fourth = rows_of(job, editor)[:4]
    # Rows 3 and 5 both ask for LS-01.
    assert Verdict.BLOCKED is second.verdict is fourth.verdict and third.verdict is Verdict.CHANGED
    assert first.verdict is Verdict.BLOCKED
    ring = corrected(hall, editor, {(2, "reference"): "LS-02", (3, "reference"): "LS-01"})
    first, second = rows_of(ring, editor)[:2]
    assert codes(first) == codes(second) == [("exchanged", True)]
    assert "3" in first.problems[0].text and "2" in second.problems[0].text


def test_a_reference_that_is_not_given_up_is_told_and_so_are_those_that_wait_for_it(hall, editor):
    job = corrected(hall, editor, {(2, "reference"): "LS-02", (5, "reference"): "LS-01"})
    rows = rows_of(job, editor)
    assert codes(rows[0]) == [("twice", True)]  # row 3 keeps LS-02
    assert codes(rows[3]) == [("reference_taken", True)]


def test_a_published_reference_is_only_free_when_its_new_one_is_published(hall, editor):
    item = ItemPage.objects.get(reference="LS-02")
    item.save_revision().publish()
    job = corrected(hall, editor, {(2, "reference"): "LS-02", (3, "reference"): "LS-22"})
    first, second = rows_of(job, editor)[:2]
    assert (second.verdict, codes(first)) == (Verdict.CHANGED, [("reference_taken", True)])


# What the public sees of it


def with_first_rows_exchanged(hall: ExhibitionPage) -> bytes:
    book = load_workbook(io.BytesIO(as_workbook(take_snapshot(hall))))
    sheet = book[LIST_SHEET]
    rows = [[cell.value for cell in sheet[number]] for number in (3, 2)]
    for number, cells in zip((2, 3), rows, strict=True):
        for index, value in enumerate(cells, start=1):
            sheet.cell(row=number, column=index).value = value
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_new_order_of_published_items_is_told_to_be_seen_at_once(hall, editor):
    content = with_first_rows_exchanged(hall)
    assert not jobs.check(begin(hall, editor, content), editor).plan.seen_at_once
    ItemPage.objects.get(reference="LS-01").save_revision().publish()
    plan = jobs.check(begin(hall, editor, content), editor).plan
    assert plan.seen_at_once and not plan.in_order


def test_an_order_she_may_not_change_is_told_and_not_promised(hall, exhibition_index):
    drafter = staff("dutthao", exhibition_index, on_pages=("add_page", "change_page"))
    PartPage.objects.get(title="Phần số 0").save_revision().publish()
    plan = jobs.check(begin(hall, drafter, with_first_rows_exchanged(hall)), drafter).plan
    assert plan.orders_that_stay == ["Phần số 0"] and plan.in_order


# Headings


def test_what_a_heading_was_taken_for_is_remembered_in_another_list(exhibition, editor):
    job = begin(exhibition, editor, workbook([["Thư", "12"]], ("Tên tài liệu", "Gáy")))
    assert jobs.unsettled_headings(job) == ["Gáy"]
    job.columns = {**job.columns, "1": "box"}
    job.save()
    carry_out(job, editor)
    other = begin(
        exhibition, editor, workbook([["12", "1", "Ảnh"]], ("Gáy", "STT", "Tên tài liệu"))
    )
    assert jobs.columns_of(other) == {0: "box", 1: "number", 2: "title"}


# Lists as offices have them


def test_codes_of_an_office_are_not_taken_for_pages_of_the_portal(hall, editor):
    page = ItemPage.objects.get(reference="LS-01").pk
    headings = ("Mã số", "Tên hiện vật", "Địa điểm")
    job = begin(hall, editor, workbook([[page, "Huân chương", ""]], headings))
    assert jobs.unsettled_headings(job) == ["Mã số"] and not job.empty_clears
    job.columns = {**job.columns, "0": "reference"}
    job.save()
    assert [row.verdict for row in rows_of(job, editor)] == [Verdict.NEW]


def test_documents_that_begin_like_a_sum_are_documents_and_sums_are_not(exhibition, editor):
    headings = ("STT", "Tên tài liệu", "Thời gian")
    titles = ["Công văn số 15/CV", "Cộng hòa", "Công nhân mỏ", "Công điện", "Cộng đồng dân cư"]
    rows = [["", title, "1948"] for title in titles]
    sums = [["", "Tổng số: 5 tài liệu", ""], ["", "Cộng", "5"], ["", "TỔNG CỘNG: 5", ""]]
    plan = jobs.check(begin(exhibition, editor, workbook([*rows, *sums], headings)), editor).plan
    assert [row.title for row in plan.rows] == titles
    assert [number for number, _text in plan.left_out] == [9, 10, 11]


def test_a_column_without_a_heading_is_told(exhibition, editor):
    content = workbook([["LS-1", "Thư", "", "quan trọng: hộp 15"]], (*REFERENCED, ""))
    plan = jobs.check(begin(exhibition, editor, content), editor).plan
    assert plan.unused_headings == ["D"]


def test_a_reference_written_otherwise_is_new_and_told(hall, editor):
    rows = [["ls-01", "Thư 01", ""], ["LS – 02", "Thư 02", ""], ["LS-99", "Thư", ""]]
    found = [codes(row) for row in rows_of(begin(hall, editor, workbook(rows, REFERENCED)), editor)]
    assert found == [[("reference_alike", False)], [("reference_alike", False)], []]


def test_a_title_in_angle_brackets_is_known_again(exhibition, editor):
    content = workbook([["Điện <khẩn> số 5", "1948"]], ("Tên tài liệu", "Thời gian"))
    carry_out(begin(exhibition, editor, content), editor)
    assert rows_of(begin(exhibition, editor, content), editor)[0].verdict is Verdict.SAME


def test_the_words_for_a_text_too_long_for_a_cell_do_not_become_a_text(exhibition, editor):
    headings = ("Tên tài liệu", "Mô tả")
    row = rows_of(
        begin(exhibition, editor, workbook([["Thư", TOO_LONG_TO_EXPORT]], headings)), editor
    )[0]
    assert codes(row) == [("not_exported", True)]


# Two Parts of one name, and sections


def test_of_two_parts_of_one_name_the_number_tells_which(exhibition, editor):
    headings = ("Phần", "Tên tài liệu", "Mô tả")
    both = [["Phần I: Ảnh", "Chân dung", "một"], ["Phần II: Ảnh", "Chân dung", "hai"]]
    carry_out(begin(exhibition, editor, workbook(both, headings)), editor)
    second = begin(exhibition, editor, workbook([["Phần II: Ảnh", "Chân dung", "sửa"]], headings))
    assert [each.before for each in rows_of(second, editor)[0].differences] == ["hai"]
    turned = begin(exhibition, editor, workbook(both[::-1], headings))
    assert [row.verdict for row in rows_of(turned, editor)] == [Verdict.SAME] * 2
    moving = corrected(exhibition, editor, {(2, "part"): "Phần II: Ảnh"})
    assert [each.name for each in rows_of(moving, editor)[0].differences] == ["part"]


def test_a_list_without_sections_leaves_items_in_theirs_however_it_writes_the_part(
    exhibition, editor
):
    full = [["Phần I: Kháng chiến", "Mục một", "LS-1", "Thư"]]
    headings = ("Phần", "Mục trong Phần", "Ký hiệu trưng bày", "Tên tài liệu")
    carry_out(begin(exhibition, editor, workbook(full, headings)), editor)
    for named in ("Kháng chiến", "KHÁNG CHIẾN", "Phần I: Kháng chiến", "Phần I"):
        rows = [[named, "LS-1", "Thư"]]
        job = begin(exhibition, editor, workbook(rows, ("Phần", *headings[2:])))
        assert rows_of(job, editor)[0].verdict is Verdict.SAME, named


def test_an_item_deeper_than_a_list_tells_is_moved_on_the_screen_alone(exhibition, editor):
    above = exhibition
    for title in ("A", "B", "C", "D"):
        above = factories.PartPageFactory(parent=above, title=title, live=False)
    factories.ItemPageFactory(parent=above, reference="LS-1", title="Thư", live=False)
    fresh = ExhibitionPage.objects.get(pk=exhibition.pk)
    assert rows_of(corrected(fresh, editor, {}), editor)[0].verdict is Verdict.SAME
    row = rows_of(corrected(fresh, editor, {(2, "section"): "B2"}), editor)[0]
    assert codes(row) == [("too_deep", True)]


# Pictures of one name


def with_pictures(exhibition: ExhibitionPage, editor, files: Mapping[str, bytes]) -> ItemPage:
    """An item LS-1 that shows these files."""
    job = begin(exhibition, editor, workbook([["LS-1", "Thư", ""]], REFERENCED))
    send_named(job, dict(files))
    carry_out(job, editor)
    item: ItemPage = ItemPage.objects.get(reference="LS-1")
    return item


def sent_again(exhibition: ExhibitionPage, editor, files: Mapping[str, bytes]) -> Import:
    job = begin(exhibition, editor, workbook([["LS-1", "Thư", ""]], REFERENCED))
    send_named(job, dict(files))
    return job


def widths() -> list[int]:
    return [each.image.width for each in ItemPage.objects.get(reference="LS-1").media.all()]


def test_front_and_back_called_the_same_are_known_again_each_by_its_content(exhibition, editor):
    files = {"LS-1/mat truoc/01.jpg": jpeg(40, 30), "LS-1/mat sau/01.jpg": jpeg(50, 30)}
    with_pictures(exhibition, editor, files)
    assert rows_of(sent_again(exhibition, editor, files), editor)[0].verdict is Verdict.SAME


def test_a_back_called_like_the_front_that_is_there_comes_beside_it(exhibition, editor):
    front = {"LS-1/mat truoc/01.jpg": jpeg(40, 30)}
    with_pictures(exhibition, editor, front)
    carry_out(
        sent_again(exhibition, editor, {**front, "LS-1/mat sau/01.jpg": jpeg(50, 30)}), editor
    )
    assert widths() == [40, 50]


def test_the_name_with_its_extension_tells_which_picture_stays(exhibition, editor):
    with_pictures(exhibition, editor, {"LS-1.jpg": jpeg(40, 30), "LS-1.png": png(50, 30)})
    before = take_snapshot(exhibition).cells(take_snapshot(exhibition).items[0])["files"]
    assert before == "LS-1.jpg\nLS-1.png"
    carry_out(corrected(exhibition, editor, {(2, "files"): "LS-1.png"}), editor)
    assert widths() == [50]


def test_a_number_after_a_point_is_no_extension(exhibition, editor):
    item = with_pictures(
        exhibition, editor, {"LS-1_1.jpg": jpeg(40, 30), "LS-1_2.jpg": jpeg(50, 30)}
    )
    for number, medium in enumerate(item.media.all(), start=1):
        medium.image.title = f"Hình 1.{number}"
        medium.image.save()
    carry_out(corrected(exhibition, editor, {(2, "files"): "Hình 1.2"}), editor)
    assert widths() == [50]


def test_scans_alike_that_a_list_names_are_pages_each(exhibition, editor):
    rows = [["LS-1", "Thư", "a.jpg\nb.jpg\nc.jpg"]]
    job = begin(exhibition, editor, workbook(rows, REFERENCED))
    send_named(job, {"a.jpg": jpeg(40, 30), "b.jpg": jpeg(40, 30), "c.jpg": jpeg(50, 30)})
    carry_out(job, editor)
    assert widths() == [40, 40, 50]


def test_pages_alike_sent_once_more_double_nothing(exhibition, editor):
    part = factories.PartPageFactory(parent=exhibition, live=False)
    for verdict in (Verdict.NEW, Verdict.SAME):
        job = jobs.begin_with_files(exhibition, by=editor, part=part, arrangement=Arrangement.PAGES)
        send_named(job, {"trang 1.jpg": jpeg(40, 30), "trang 2.jpg": jpeg(40, 30)})
        assert [row.verdict for row in rows_of(job, editor)] == [verdict]
        if verdict is Verdict.NEW:
            carry_out(job, editor)


def test_of_several_items_called_alike_the_one_with_the_same_content_is_known(exhibition, editor):
    part = factories.PartPageFactory(parent=exhibition, live=False)
    both = {"a/001.jpg": jpeg(40, 30), "b/001.jpg": jpeg(50, 30)}
    for files, verdicts in (
        (both, [Verdict.NEW] * 2),
        ({"b/001.jpg": jpeg(50, 30)}, [Verdict.SAME]),
    ):
        job = jobs.begin_with_files(exhibition, by=editor, part=part, arrangement=Arrangement.ITEMS)
        send_named(job, dict(files))
        assert [row.verdict for row in rows_of(job, editor)] == verdicts
        if len(verdicts) > 1:
            carry_out(job, editor)


def test_a_label_moved_to_the_other_picture_is_a_difference(exhibition, editor):
    with_pictures(exhibition, editor, {"LS-1_1.jpg": jpeg(40, 30), "LS-1_2.jpg": jpeg(50, 30)})
    carry_out(corrected(exhibition, editor, {(2, "labels"): "\nMặt sau"}), editor)
    assert [each.label for each in ItemPage.objects.get().media.all()] == ["", "Mặt sau"]
    row = rows_of(corrected(exhibition, editor, {(2, "labels"): "Mặt sau"}), editor)[0]
    assert [each.name for each in row.differences] == ["labels"]


# What the check promises


def test_a_published_item_is_not_promised_to_a_part_that_has_its_address(hall, editor):
    for reference in ("LS-01", "LS-11"):
        item = ItemPage.objects.get(reference=reference)
        item.slug = "cung-dia-chi"
        item.save_revision().publish()
    row = rows_of(corrected(hall, editor, {(2, "part"): "Phần số 1"}), editor)[0]
    assert codes(row) == [("address_taken", True)]
