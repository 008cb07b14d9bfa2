"""Times that only words tell, as lists of archives have them, are imported as they are told."""

from __future__ import annotations

import pytest

from exhibitions.importing import jobs
from exhibitions.importing.plan import PlannedRow, Verdict
from exhibitions.importing.snapshot import take_snapshot
from exhibitions.importing.values import year_in_words
from exhibitions.importing.workbook import as_workbook
from exhibitions.models import ExhibitionPage, ItemPage
from tests.exhibitions.lists import begin, carry_out, workbook
from tests.exhibitions.test_import_round_trip import edited

HEADINGS = ("Phần", "Tên tài liệu", "Thời gian")


def row_of(exhibition: ExhibitionPage, editor, *cells: str, headings=HEADINGS) -> PlannedRow:
    (row,) = jobs.check(begin(exhibition, editor, workbook([cells], headings)), editor).plan.rows
    return row


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("đầu năm 1946", "1946"),
        ("Cuối năm 1946", "1946"),
        ("giữa 1946", "1946"),
        ("Quý I/1946", "1946"),
        ("quý 4 năm 1946", "1946"),
        ("mùa thu 1945", "1945"),
        ("Xuân 1968", "1968"),
        ("mùa hạ 1968", "1968"),
        ("khoảng cuối năm 1946", "1946"),
        # Read as dates already, or not within a year that is told.
        ("1946", None),
        ("khoảng 1946", None),
        ("đầu thế kỷ XIX", None),
        ("trước năm 1945", None),
        ("sau 1954", None),
        ("7/14/1952", None),
        ("quý 5/1946", None),
        ("quý XX/1946", None),
        ("Hà 1946", None),
        ("Thư 1946", None),
        ("đầu năm 0000", None),
        ("đầu năm 46", None),
        ("s.d.", None),
    ],
)
def test_the_year_is_told_by_words_that_stay_within_it(text, year):
    assert year_in_words(text) == year


def test_the_words_are_shown_and_the_year_orders(exhibition, editor):
    job = begin(exhibition, editor, workbook([["Đầu", "Thư", "đầu năm 1946"]], HEADINGS))
    (row,) = jobs.check(job, editor).plan.rows
    (problem,) = row.problems
    assert not problem.blocks
    assert problem.text == "Sẽ hiển thị “đầu năm 1946”, xếp theo năm 1946."
    assert [(each.name, each.after) for each in row.differences if each.name != "title"] == [
        ("date", "năm 1946"),
        ("date_display", "đầu năm 1946"),
    ]
    carry_out(job, editor)
    item = ItemPage.objects.get(path__startswith=exhibition.path)
    assert (item.date, item.date_display) == ("1946", "đầu năm 1946")
    assert row_of(exhibition, editor, "Đầu", "Thư", "đầu năm 1946").verdict is Verdict.SAME


def test_what_the_list_itself_shows_is_shown(exhibition, editor):
    headings = (*HEADINGS, "Thời gian hiển thị")
    cells = ("Đầu", "Thư", "đầu năm 1946", "Xuân Bính Tuất")
    row = row_of(exhibition, editor, *cells, headings=headings)
    assert [each.after for each in row.differences if each.name == "date_display"] == [
        "Xuân Bính Tuất"
    ]


def test_an_item_dated_in_words_is_exported_and_imported_without_a_difference(exhibition, editor):
    carry_out(begin(exhibition, editor, workbook([["Đầu", "Thư", "Quý I/1946"]], HEADINGS)), editor)
    job = begin(exhibition, editor, as_workbook(take_snapshot(exhibition)))
    assert [row.verdict for row in jobs.check(job, editor).plan.rows] == [Verdict.SAME]


def test_words_typed_in_the_exported_list_are_shown_and_typed_again_change_nothing(
    exhibition, editor
):
    carry_out(begin(exhibition, editor, workbook([["Đầu", "Thư", "1948"]], HEADINGS)), editor)
    item = ItemPage.objects.get(path__startswith=exhibition.path)
    item.date_display = "Xuân Mậu Tý"
    item.save()
    item.save_revision()
    content = edited(
        as_workbook(take_snapshot(exhibition)),
        {(2, "date"): "đầu năm 1948", (2, "date_display"): ""},
    )
    (row,) = jobs.check(begin(exhibition, editor, content), editor).plan.rows
    assert [(each.name, each.before, each.after) for each in row.differences] == [
        ("date_display", "Xuân Mậu Tý", "đầu năm 1948")
    ]
    carry_out(begin(exhibition, editor, content), editor)
    (row,) = jobs.check(begin(exhibition, editor, content), editor).plan.rows
    assert row.verdict is Verdict.SAME
