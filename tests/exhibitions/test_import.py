"""An editor imports her list: checked first, drafts made, taken back, done again."""

from __future__ import annotations

import pytest

from core.models import CustomImage, Organisation
from exhibitions.importing import jobs
from exhibitions.importing.columns import BY_NAME
from exhibitions.importing.plan import Verdict
from exhibitions.importing.running import run_import
from exhibitions.importing.snapshot import take_snapshot
from exhibitions.models import (
    Arrangement,
    ExhibitionPage,
    Import,
    ImportState,
    ItemPage,
    PartPage,
)
from tests import factories
from tests.exhibitions.lists import HEADINGS, begin, carry_out, send_named, take_back, workbook
from tests.images import jpeg

ROWS = [
    ["I", "PHẦN I: KHÁNG CHIẾN", "", "", "", ""],
    [1, "Lời kêu gọi thi đua ái quốc", "11/6/1948", "Trung tâm Lưu trữ quốc gia III", "12", ""],
    [2, "Thư gửi nông dân thi đua canh tác", "1951", "Trung tâm Lưu trữ quốc gia III", "13", ""],
    ["II", "PHẦN II: ĐỔI MỚI", "", "", "", ""],
    [3, "Ảnh một buổi lễ", "khoảng 1990", "NSNA Nguyễn Văn Mẫu", "", ""],
    ["", "Tổng số: 3 tài liệu", "", "", "", ""],
]


@pytest.fixture
def archive(db: None) -> Organisation:
    return factories.OrganisationFactory(
        name="Trung tâm Lưu trữ quốc gia III", short_name="TTLTQG III"
    )


def titles(exhibition: ExhibitionPage) -> list[tuple[str, list[str]]]:
    """Parts with their items, in order."""
    parts = PartPage.objects.filter(path__startswith=exhibition.path).order_by("path")
    return [
        (part.title, list(ItemPage.objects.child_of(part).values_list("title", flat=True)))
        for part in parts
    ]


def test_her_own_list_becomes_parts_and_drafts_in_its_order(exhibition, editor, archive):
    job = carry_out(begin(exhibition, editor, workbook(ROWS)), editor)
    assert job.state == ImportState.FINISHED, job.failure
    assert titles(exhibition) == [
        ("KHÁNG CHIẾN", ["Lời kêu gọi thi đua ái quốc", "Thư gửi nông dân thi đua canh tác"]),
        ("ĐỔI MỚI", ["Ảnh một buổi lễ"]),
    ]
    first = ItemPage.objects.get(title="Lời kêu gọi thi đua ái quốc")
    assert (first.date, first.source_organisation, first.file) == ("1948-06-11", archive, "12")
    assert not first.live and first.latest_revision is not None
    photo = ItemPage.objects.get(title="Ảnh một buổi lễ")
    assert (photo.source_person_title, photo.source_person) == ("NSNA", "Nguyễn Văn Mẫu")


def test_the_same_list_again_changes_nothing(exhibition, editor, archive):
    carry_out(begin(exhibition, editor, workbook(ROWS)), editor)
    plan = jobs.check(begin(exhibition, editor, workbook(ROWS)), editor).plan
    assert plan.count(Verdict.SAME) == 3 and not plan.work and not plan.parts and plan.in_order


def test_files_come_to_their_rows_and_several_are_its_pages(exhibition, editor, archive):
    job = begin(exhibition, editor, workbook(ROWS))
    send_named(job, {"1_02.jpg": jpeg(60, 40), "1_01.jpg": jpeg(50, 40), "3.jpg": jpeg(40, 40)})
    carry_out(job, editor)
    first = ItemPage.objects.get(title="Lời kêu gọi thi đua ái quốc")
    media = [(each.image.title, each.label) for each in first.media.all()]
    assert media == [("1_01.jpg", "Trang 1"), ("1_02.jpg", "Trang 2")]
    assert ItemPage.objects.get(title="Ảnh một buổi lễ").media.count() == 1


def test_taking_back_leaves_nothing_of_the_import(exhibition, editor, archive):
    job = begin(exhibition, editor, workbook(ROWS))
    send_named(job, {"1.jpg": jpeg(50, 40)})
    carry_out(job, editor)
    take_back(job, editor)
    assert job.state == ImportState.UNDONE, job.failure
    assert titles(exhibition) == []
    assert not CustomImage.objects.exists()


def test_what_somebody_worked_on_since_stays_when_it_is_taken_back(exhibition, editor, archive):
    job = carry_out(begin(exhibition, editor, workbook(ROWS)), editor)
    item = ItemPage.objects.get(title="Ảnh một buổi lễ").get_latest_revision_as_object()
    item.caption = "Viết thêm bằng tay"
    item.save_revision(user=editor)
    take_back(job, editor)
    assert titles(exhibition) == [("ĐỔI MỚI", ["Ảnh một buổi lễ"])]
    assert job.steps.get(title="Ảnh một buổi lễ").stays


def test_a_list_with_references_updates_what_is_there_and_doubles_nothing(
    exhibition, editor, archive
):
    headings = ("Ký hiệu trưng bày", "Tên tài liệu", "Thời gian")
    first = workbook([["LS-1", "Thư", "1951"], ["LS-2", "Ảnh", "1952"]], headings)
    carry_out(begin(exhibition, editor, first), editor)
    second = workbook([["LS-1", "Thư", "1951"], ["LS-2", "Ảnh lễ", "7/1952"]], headings)
    job = begin(exhibition, editor, second)
    (same, changed) = jobs.check(job, editor).plan.rows
    assert same.verdict is Verdict.SAME
    assert [(each.before, each.after) for each in changed.differences] == [
        ("Ảnh", "Ảnh lễ"),
        ("năm 1952", "tháng 7/1952"),
    ]
    carry_out(job, editor)
    item = ItemPage.objects.get(reference="LS-2")
    assert (item.title, item.date) == ("Ảnh lễ", "1952-07")
    take_back(job, editor)
    item = ItemPage.objects.get(reference="LS-2")
    assert (item.title, item.date) == ("Ảnh", "1952")


def test_a_second_click_begins_nothing_twice(exhibition, editor, archive):
    job = begin(exhibition, editor, workbook(ROWS))
    digest = jobs.check(job, editor).digest
    assert jobs.start(job, by=editor, digest=digest) == []
    again = jobs.start(Import.objects.get(pk=job.pk), by=editor, digest=digest)
    assert [reason.code for reason in again] == ["begun"]
    run_import.call(job.pk)
    run_import.call(job.pk)
    assert ItemPage.objects.count() == 3


@pytest.mark.parametrize(
    ("heading", "symbols", "column"),
    [
        ("Ký hiệu", ("LS-0011", "LS-0012", "A1"), "reference"),
        ("Ký hiệu", ("01/SL", "125-QĐ", "LS-0012"), "document_symbol"),
        ("Số, ký hiệu", ("01/SL", "39 VP", ""), "document_symbol"),
        ("Số, ký hiệu", ("II.05", "II.06", "II.07"), "reference"),
        ("Ký hiệu", ("", "", ""), "document_symbol"),
    ],
)
def test_a_heading_that_may_be_two_columns_is_told_by_what_stands_below_it(
    exhibition, editor, heading, symbols, column
):
    rows = [[symbol, f"Thư {place}"] for place, symbol in enumerate(symbols)]
    job = begin(exhibition, editor, workbook(rows, (heading, "Tên tài liệu")))
    assert jobs.columns_of(job)[0] == column
    # A heading that can only be one column is that one, whatever else might be.
    rows = [[symbol, "01/SL", f"Thư {place}"] for place, symbol in enumerate(symbols)]
    exact = begin(exhibition, editor, workbook(rows, (heading, "Ký hiệu văn bản", "Tên tài liệu")))
    assert jobs.columns_of(exact)[1] == "document_symbol"


@pytest.mark.parametrize("heading", HEADINGS)
def test_no_heading_is_passed_over_in_silence(exhibition, editor, heading):
    job = begin(exhibition, editor, workbook(ROWS))
    settled = dict(job.columns)
    del settled[str(HEADINGS.index(heading))]
    job.columns = settled
    assert jobs.unsettled_headings(job) == [heading]


def test_short_texts_in_an_old_encoding_are_known_by_their_column(exhibition, editor):
    headings = ("STT", "Tên tài liệu", "Địa điểm")
    rows = [[1, "Céng hoµ x· héi chñ nghÜa ViÖt Nam", "H¹ Long"], [2, "ViÖt Nam", "L¹ng S¬n"]]
    rows += [[3, "TruyÒn thèng", "Cao B»ng"], [4, "Plain", "Genève"]]
    plan = jobs.check(begin(exhibition, editor, workbook(rows, headings)), editor).plan
    repairs = {problem.value: problem.repair for row in plan.rows for problem in row.problems}
    assert repairs["ViÖt Nam"] == "Việt Nam" and repairs["TruyÒn thèng"] == "Truyền thống"
    assert repairs.get("L¹ng S¬n") == "Lạng Sơn"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("labels", "Mặt trước\nMặt sau"),
        ("alt_texts", "Trang đánh máy\n(trang trí)"),
        ("transcriptions", "Dòng một\nDòng hai\n---\nTrang sau"),
        ("translations", "---\nBản dịch trang hai"),
    ],
)
def test_what_is_said_of_each_picture_is_read_line_by_line(exhibition, editor, name, text):
    heading = BY_NAME[name].heading
    content = workbook([["LS-1", "Thư", text]], ("Ký hiệu trưng bày", "Tên tài liệu", heading))
    job = begin(exhibition, editor, content)
    send_named(job, {"LS-1_1.jpg": jpeg(40, 30), "LS-1_2.jpg": jpeg(50, 30)})
    carry_out(job, editor)
    snapshot = take_snapshot(ExhibitionPage.objects.get(pk=exhibition.pk))
    assert snapshot.cells(snapshot.items[0])[name].strip() == text.strip()


def test_more_texts_than_pictures_are_refused_with_both_numbers(exhibition, editor):
    headings = ("Ký hiệu trưng bày", "Tên tài liệu", "Nhãn")
    job = begin(exhibition, editor, workbook([["LS-1", "Thư", "một\nhai"]], headings))
    (problem,) = jobs.check(job, editor).plan.rows[0].problems
    assert problem.code == "too_many_texts" and "2" in problem.text and "0" in problem.text


def test_a_better_scan_of_the_same_name_takes_the_place_of_the_former(exhibition, editor):
    headings = ("Ký hiệu trưng bày", "Tên tài liệu")
    content = workbook([["LS-1", "Thư"]], headings)
    job = begin(exhibition, editor, content)
    send_named(job, {"LS-1.jpg": jpeg(40, 30)})
    carry_out(job, editor)
    again = begin(exhibition, editor, content)
    send_named(again, {"LS-1.jpg": jpeg(80, 60)})
    (row,) = jobs.check(again, editor).plan.rows
    assert [each.after for each in row.differences] == ["LS-1.jpg (nội dung mới)"]
    carry_out(again, editor)
    item = ItemPage.objects.get(reference="LS-1")
    assert [medium.image.width for medium in item.media.all()] == [80]
    take_back(again, editor)
    item = ItemPage.objects.get(reference="LS-1")
    assert [medium.image.width for medium in item.media.all()] == [40]
    assert CustomImage.objects.count() == 1


@pytest.mark.parametrize(
    ("arrangement", "expected"),
    [
        (Arrangement.ITEMS, [("thu 01", 1), ("thu 02", 1), ("thu 03", 1), ("thu 10", 1)]),
        (Arrangement.PAGES, [("thu", 4)]),
        (Arrangement.SIDES, [("thu", 2), ("thu", 2)]),
    ],
)
def test_files_without_a_list_become_what_the_editor_chooses(
    exhibition, editor, arrangement, expected
):
    part = factories.PartPageFactory(parent=exhibition, live=False)
    job = jobs.begin_with_files(exhibition, by=editor, part=part, arrangement=arrangement)
    names = ("thu_10.jpg", "thu_02.jpg", "thu_01.jpg", "thu_03.jpg")
    send_named(job, {name: jpeg(40 + place, 30) for place, name in enumerate(names)})
    carry_out(job, editor)
    items = ItemPage.objects.child_of(part).order_by("path")
    assert [(item.title, item.media.count()) for item in items] == expected
    if arrangement is Arrangement.SIDES:
        labels = [medium.label for medium in items.first().media.all()]
        assert labels == ["Mặt trước", "Mặt sau"]


def test_an_import_that_was_taken_back_is_done_again_without_sending_anything(
    exhibition, editor, archive
):
    job = begin(exhibition, editor, workbook(ROWS))
    send_named(job, {"1.jpg": jpeg(50, 40)})
    take_back(carry_out(job, editor), editor)
    again = carry_out(jobs.begin_again(job, by=editor), editor)
    assert again.state == ImportState.FINISHED and ItemPage.objects.count() == 3
    assert CustomImage.objects.count() == 1


def test_imports_taken_back_from_the_last_on_lead_back_to_the_beginning(exhibition, editor):
    headings = ("Ký hiệu trưng bày", "Tên tài liệu")
    first = carry_out(begin(exhibition, editor, workbook([["LS-1", "Thư"]], headings)), editor)
    second = carry_out(begin(exhibition, editor, workbook([["LS-1", "Báo cáo"]], headings)), editor)
    take_back(second, editor)
    take_back(first, editor)
    assert not ItemPage.objects.exists() and not PartPage.objects.exists()


def test_an_item_somebody_worked_on_between_two_imports_stays(exhibition, editor):
    headings = ("Ký hiệu trưng bày", "Tên tài liệu")
    first = carry_out(begin(exhibition, editor, workbook([["LS-1", "Thư"]], headings)), editor)
    item = ItemPage.objects.get()
    item.caption = "Của người khác"
    item.save_revision()
    second = carry_out(begin(exhibition, editor, workbook([["LS-1", "Báo cáo"]], headings)), editor)
    take_back(second, editor)
    take_back(first, editor)
    assert ItemPage.objects.get().title == "Thư"
