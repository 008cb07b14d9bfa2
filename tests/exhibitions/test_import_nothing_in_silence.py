"""Whatever a list says is imported, or she is told: no cell, row or file is passed over."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Mapping

import pytest
from openpyxl import load_workbook

from exhibitions.importing import jobs
from exhibitions.importing.plan import PlannedRow, Verdict
from exhibitions.importing.snapshot import take_snapshot
from exhibitions.importing.workbook import LIST_SHEET, as_workbook
from exhibitions.models import (
    Arrangement,
    ExhibitionIndexPage,
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
from tests.images import jpeg

REFERENCED = ("Ký hiệu trưng bày", "Tên tài liệu", "Tên tệp")


@pytest.fixture
def exhibition(exhibition_index: ExhibitionIndexPage) -> ExhibitionPage:
    return factories.ExhibitionPageFactory(parent=exhibition_index, live=False)


@pytest.fixture
def editor(exhibition_index: ExhibitionIndexPage):
    return staff("bientap", exhibition_index, on_pages=("add_page", "change_page", "publish_page"))


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
    assert [problem.value for problem in first.problems] == ["thu 1.jpg"]
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
    (row,) = rows_of(begin(exhibition, editor, file.getvalue()), editor)
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
