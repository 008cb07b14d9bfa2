"""Her list comes once more: what people have called its items since doubles none of them."""

from __future__ import annotations

import pytest

from exhibitions.importing import jobs
from exhibitions.importing.plan import PlannedRow, Verdict
from exhibitions.models import (
    Arrangement,
    ExhibitionPage,
    ImportAction,
    ImportStep,
    ItemPage,
    PartPage,
)
from tests import factories
from tests.exhibitions.lists import begin, carry_out, send_named, take_back, workbook
from tests.images import jpeg

HEADINGS = ("Phần", "Ký hiệu trưng bày", "Tên tài liệu", "Thời gian")
REFERENCED = (["Đầu", "LS-1", "Thư cũ", "1948"],)
LIST = (["Đầu", "", "Thư cũ", "1948"], ["Đầu", "", "Ảnh cũ", "1949"])


@pytest.fixture
def imported(exhibition: ExhibitionPage, editor) -> ExhibitionPage:
    """Two items without references, made by LIST."""
    carry_out(begin(exhibition, editor, workbook(LIST, HEADINGS)), editor)
    return exhibition


def rows_of(exhibition: ExhibitionPage, editor, rows=LIST) -> list[PlannedRow]:
    """What a list would do now."""
    return jobs.check(begin(exhibition, editor, workbook(rows, HEADINGS)), editor).plan.rows


def pages(rows: list[PlannedRow]) -> list[int | None]:
    return [row.page for row in rows]


def the_letter() -> ItemPage:
    return ItemPage.objects.get(draft_title="Thư cũ")


def change(item: ItemPage, **fields: str) -> None:
    """As an editor does in the form of an item that is not published."""
    for name, value in fields.items():
        setattr(item, name, value)
    item.save()
    item.save_revision()


def test_an_item_renamed_since_is_known_again_and_its_old_title_shown_as_a_difference(
    imported, editor
):
    letter = the_letter()
    change(letter, title="Thư gửi đồng bào")
    row, unchanged = rows_of(imported, editor)
    assert (row.page, row.verdict) == (letter.pk, Verdict.CHANGED)
    assert [(each.before, each.after) for each in row.differences] == [
        ("Thư gửi đồng bào", "Thư cũ")
    ]
    assert unchanged.verdict is Verdict.SAME


def test_an_item_kept_when_its_import_was_taken_back_is_not_doubled(exhibition, editor):
    job = begin(exhibition, editor, workbook(LIST, HEADINGS))
    carry_out(job, editor)
    letter = the_letter()
    change(letter, title="Thư gửi đồng bào")
    take_back(job, editor)
    again = jobs.begin_again(job, by=editor)
    rows = jobs.check(again, editor).plan.rows
    assert pages(rows) == [letter.pk, None]
    carry_out(again, editor)
    items = ItemPage.objects.filter(path__startswith=exhibition.path)
    assert sorted(items.values_list("draft_title", flat=True)) == ["Thư cũ", "Ảnh cũ"]


def test_an_item_given_a_reference_since_is_known_again(imported, editor):
    letter = the_letter()
    change(letter, reference="LS-01", title="Thư gửi đồng bào")
    rows = rows_of(imported, editor)
    assert rows[0].page == letter.pk
    assert [each.name for each in rows[0].differences] == ["title"]


@pytest.mark.parametrize("reference", ["", "LS-1A"])
def test_an_item_whose_reference_was_corrected_is_known_by_the_row_that_made_it(
    exhibition, editor, reference
):
    carry_out(begin(exhibition, editor, workbook(REFERENCED, HEADINGS)), editor)
    letter = the_letter()
    change(letter, reference=reference, title="Thư gửi đồng bào")
    (row,) = rows_of(exhibition, editor, REFERENCED)
    assert row.page == letter.pk
    # Also when the column is left out the second time.
    (row,) = rows_of(exhibition, editor, [["Đầu", "", "Thư cũ", "1948"]])
    assert row.page == letter.pk


def test_an_item_moved_since_is_known_again_by_title_and_date(imported, editor):
    letter = the_letter()
    change(letter, title="Thư gửi đồng bào")
    other = factories.PartPageFactory(parent=imported, title="Cuối", live=False)
    letter.move(PartPage.objects.get(pk=other.pk), pos="last-child")
    assert rows_of(imported, editor)[0].page == letter.pk


def test_each_list_that_told_of_an_item_knows_it(imported, editor):
    letter = the_letter()
    change(letter, reference="LS-01")
    renamed = [["Đầu", "LS-01", "Thư mới", "1948"]]
    carry_out(begin(imported, editor, workbook(renamed, HEADINGS)), editor)
    assert rows_of(imported, editor)[0].page == letter.pk
    change(ItemPage.objects.get(pk=letter.pk), reference="LS-02", title="Thư mới nhất")
    assert pages(rows_of(imported, editor, renamed)) == [letter.pk]


def test_a_change_that_was_taken_back_does_not_count(imported, editor):
    letter = the_letter()
    change(letter, reference="LS-01")
    job = begin(imported, editor, workbook([["Đầu", "LS-01", "Thư mới", "1948"]], HEADINGS))
    carry_out(job, editor)
    take_back(job, editor)
    change(the_letter(), title="Thư gửi đồng bào")
    assert rows_of(imported, editor)[0].page == letter.pk


CAPTIONED = ("Phần", "Tên tài liệu", "Chú thích")
PHOTOGRAPHS = [["Đầu", "Ảnh tư liệu", f"Chú thích {number}"] for number in range(1, 4)]


@pytest.fixture
def photographs(exhibition, editor) -> list[ItemPage]:
    """Three of one title and no date, renamed since."""
    carry_out(begin(exhibition, editor, workbook(PHOTOGRAPHS, CAPTIONED)), editor)
    items = list(ItemPage.objects.filter(draft_title="Ảnh tư liệu").order_by("path"))
    for number, item in enumerate(items, start=1):
        change(item, title=f"Lễ mít tinh {number}")
    return items


def photographs_in(exhibition, editor, rows, name: str = "danh sach.xlsx") -> list[int | None]:
    job = begin(exhibition, editor, workbook(rows, CAPTIONED), name)
    return pages(jobs.check(job, editor).plan.rows)


def test_of_several_called_alike_each_row_knows_the_one_it_made(photographs, exhibition, editor):
    first, second, third = (item.pk for item in photographs)
    assert photographs_in(exhibition, editor, PHOTOGRAPHS) == [first, second, third]
    # Also when rows have come before it, and one of the items has gone.
    photographs[0].delete()
    new = ["Đầu", "Ảnh tư liệu", "Mới"]
    assert photographs_in(exhibition, editor, [new, *PHOTOGRAPHS]) == [None, None, second, third]


def test_a_workbook_in_between_does_not_make_the_list_a_strange_one(
    photographs, exhibition, editor
):
    change(photographs[0], reference="LS-1")
    content = workbook([["LS-1", "Chú thích mới"]], ("Ký hiệu trưng bày", "Chú thích"))
    carry_out(begin(exhibition, editor, content, "sua.xlsx"), editor)
    assert photographs_in(exhibition, editor, PHOTOGRAPHS) == [item.pk for item in photographs]


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        ([["Đầu", "Ảnh tư liệu", "Ảnh khác"]], "danh sach.xlsx"),
        ([["Cuối", "Ảnh tư liệu", "Chú thích 1"]], "danh sach.xlsx"),
        (PHOTOGRAPHS[:1], "khac.xlsx"),
    ],
)
def test_other_photographs_of_that_title_take_nothing_from_those_renamed(
    photographs, exhibition, editor, rows, name
):
    assert photographs_in(exhibition, editor, rows, name) == [None]


def test_a_row_that_has_another_reference_now_tells_of_another_item(exhibition, editor):
    carry_out(begin(exhibition, editor, workbook(REFERENCED, HEADINGS)), editor)
    assert pages(rows_of(exhibition, editor, [["Đầu", "LS-9", "Thư cũ", "1948"]])) == [None]


def test_what_was_imported_before_rows_were_remembered_is_no_trouble(imported, editor):
    change(the_letter(), title="Thư gửi đồng bào", reference="LS-1")
    for step in ImportStep.objects.filter(action=ImportAction.MADE_ITEM):
        step.after = {name: step.after[name] for name in ("revision", "parent")}
        step.save()
    assert pages(rows_of(imported, editor, REFERENCED))[0] is not None
    assert rows_of(imported, editor)[0].verdict is Verdict.NEW


@pytest.mark.parametrize("text", ["1.10", "0", "1E3", "null", "true"])
def test_texts_that_look_like_numbers_are_known_again_as_they_stand(exhibition, editor, text):
    headings = ("Phần", "Tên tài liệu", "Hồ sơ số")
    content = workbook([["Đầu", text, text]], headings)
    carry_out(begin(exhibition, editor, content), editor)
    item = ItemPage.objects.get(path__startswith=exhibition.path)
    assert (item.title, item.file) == (text, text)
    change(item, title="Thư gửi đồng bào")
    (row,) = jobs.check(begin(exhibition, editor, content, "khac.xlsx"), editor).plan.rows
    assert row.page == item.pk


def test_an_item_whose_reference_was_changed_since_is_known_by_what_the_list_called_it(
    exhibition, editor
):
    carry_out(begin(exhibition, editor, workbook(REFERENCED, HEADINGS)), editor)
    letter = the_letter()
    change(letter, reference="A-7")
    (row,) = rows_of(exhibition, editor, REFERENCED)
    assert (row.page, [each.name for each in row.differences]) == (letter.pk, ["reference"])
    # A document of another title has taken over the number: it is another one.
    (row,) = rows_of(exhibition, editor, [["Đầu", "LS-1", "Ảnh mới", "1950"]])
    assert (row.verdict, row.problems) == (Verdict.NEW, [])
    # Or the list tells of the item by its new reference already.
    both = [*REFERENCED, ["Đầu", "A-7", "Thư cũ", "1948"]]
    assert pages(rows_of(exhibition, editor, both)) == [None, letter.pk]


def test_an_item_called_so_now_comes_before_one_that_was_once(imported, editor):
    letter = the_letter()
    change(letter, title="Thư gửi đồng bào")
    mine = factories.ItemPageFactory(
        parent=letter.get_parent().specific, title="Thư cũ", date="1948", live=False
    )
    assert rows_of(imported, editor)[0].page == mine.pk


def test_each_of_two_rows_finds_an_item_of_its_own(exhibition, editor):
    twins = (["Đầu", "", "Thư cũ", "1948"], ["Đầu", "", "Thư cũ", "1948"])
    carry_out(begin(exhibition, editor, workbook(twins, HEADINGS)), editor)
    first, second = ItemPage.objects.filter(draft_title="Thư cũ").order_by("path")
    change(first, title="Thư thứ nhất")
    change(second, title="Thư thứ hai")
    assert pages(rows_of(exhibition, editor, twins)) == [first.pk, second.pk]


def test_a_file_sent_once_more_makes_no_second_item_of_one_that_was_renamed(exhibition, editor):
    part = factories.PartPageFactory(parent=exhibition, live=False)
    for times in range(2):
        job = jobs.begin_with_files(exhibition, by=editor, part=part, arrangement=Arrangement.ITEMS)
        send_named(job, {"001.jpg": jpeg(40, 30)})
        if not times:
            carry_out(job, editor)
            item = ItemPage.objects.get(path__startswith=exhibition.path)
            change(item, title="Chân dung")
    (row,) = jobs.check(job, editor).plan.rows
    assert row.page == item.pk


def test_an_item_of_another_exhibition_is_nobody_here(imported, editor, exhibition_index):
    change(the_letter(), title="Thư gửi đồng bào")
    other = factories.ExhibitionPageFactory(parent=exhibition_index, live=False)
    assert pages(rows_of(other, editor)) == [None, None]
