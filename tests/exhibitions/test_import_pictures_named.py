"""What a list says of the pictures of an item: which it names, and which text belongs to which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from PIL import Image

from exhibitions.importing import jobs
from exhibitions.importing.media_plan import ALT_LENGTH, renewed_media
from exhibitions.importing.named_pictures import meanings
from exhibitions.importing.pictures import ArrivedFile, pictures_of
from exhibitions.importing.plan import PlannedMedium, PlannedRow, Problem, Verdict
from exhibitions.importing.snapshot import take_snapshot
from exhibitions.importing.workbook import as_workbook
from exhibitions.models import ExhibitionPage, Import, ItemPage
from tests import factories, images
from tests.core.test_media_conversion import pdf_of
from tests.exhibitions.lists import begin, carry_out, send_named, workbook
from tests.exhibitions.test_import_round_trip import edited
from tests.images import jpeg, png

HEADINGS = ("Ký hiệu trưng bày", "Tên tài liệu", "Tên tệp", "Nhãn", "Mô tả ảnh")
FILES_AT, LABELS_AT, ALT_TEXTS_AT = 2, 3, 4


def tiff_of(*widths: int) -> bytes:
    """A TIFF with a page of each width."""
    pages = [Image.new("RGB", (width, 30)) for width in widths]
    return images.encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:])


def listing(*cells: str) -> bytes:
    """A list of one row, LS-1: its files, its labels, its alt texts."""
    return workbook([["LS-1", "Thư", *cells, *[""] * (3 - len(cells))]], HEADINGS)


def told(job: Import, editor: Any) -> PlannedRow:
    (row,) = jobs.check(job, editor).plan.rows
    return row


def item_with(exhibition: ExhibitionPage, editor: Any, files: Mapping[str, bytes]) -> None:
    """An item LS-1 that shows these files, or nothing."""
    names = "\n".join(files)
    job = begin(exhibition, editor, listing(names))
    if files:
        send_named(job, dict(files))
    carry_out(job, editor)


def again(
    exhibition: ExhibitionPage, editor: Any, cells: Sequence[str], files: Mapping[str, bytes]
) -> Import:
    """Another list of the same item, with these files."""
    job = begin(exhibition, editor, listing(*cells))
    if files:
        send_named(job, dict(files))
    return job


def shown() -> list[tuple[str, int]]:
    """The pictures of LS-1 in order: name of the file, and which page of it."""
    media = ItemPage.objects.get(reference="LS-1").media.order_by("sort_order")
    return [(each.image.title, each.frame) for each in media]


def changed(
    exhibition: ExhibitionPage, editor: Any, cells: Sequence[str], files: Mapping[str, bytes]
) -> list[tuple[str, int]]:
    """What LS-1 shows after such a list is carried out without anything to mend."""
    job = again(exhibition, editor, cells, files)
    assert told(job, editor).problems == []
    carry_out(job, editor)
    return shown()


# Pages of one file, in a new row


@pytest.mark.parametrize(
    ("named", "pages"),
    [
        ("a.tif\na.tif#2\na.tif#3", [1, 2, 3]),
        ("a.tif\na.tif#3", [1, 3]),
        ("A.TIF#2; a", [1, 2]),
        ("a.tif#2", [2]),
        ("a.tif", [1, 2, 3]),
        ("a.tif#1", [1]),
    ],
)
def test_a_new_row_takes_the_pages_it_names_and_the_first_by_the_bare_name(
    exhibition, editor, named, pages
):
    item_with(exhibition, editor, {})
    ItemPage.objects.all().delete()
    assert [
        page for _name, page in changed(exhibition, editor, [named], {"a.tif": tiff_of(40, 50, 60)})
    ] == pages


def test_a_row_of_the_portals_own_workbook_comes_to_another_exhibition_with_every_page(
    exhibition, exhibition_index, editor
):
    scan = tiff_of(40, 50, 60)
    item_with(exhibition, editor, {"a.tif": scan})
    snapshot = take_snapshot(exhibition)
    assert snapshot.cells(snapshot.items[0])["files"] == "a.tif\na.tif#2\na.tif#3"
    other = factories.ExhibitionPageFactory(parent=exhibition_index, live=False)
    job = begin(other, editor, edited(as_workbook(snapshot), {(2, "page"): ""}))
    send_named(job, {"a.tif": scan})
    assert told(job, editor).problems == []
    carry_out(job, editor)
    media = ItemPage.objects.get(path__startswith=other.path).media.order_by("sort_order")
    assert [each.frame for each in media] == [1, 2, 3]


@pytest.mark.parametrize(("kept", "pages"), [("1 2", [1, 2]), ("2", [2])])
def test_pages_of_a_pdf_come_to_another_exhibition_by_the_portals_own_workbook(
    exhibition, exhibition_index, editor, kept, pages
):
    pdf = pdf_of(images.quarters(60, 80), images.quarters(80, 60))
    item_with(exhibition, editor, {"x.pdf": pdf})
    named = "\n".join(f"x.pdf, trang {page}" for page in kept.split())
    changes = {(2, "page"): "", (2, "files"): named, (2, "labels"): ""}
    content = edited(as_workbook(take_snapshot(exhibition)), changes)
    other = factories.ExhibitionPageFactory(parent=exhibition_index, live=False)
    job = begin(other, editor, content)
    assert [each.code for each in told(job, editor).problems] == ["no_file"] * len(pages)
    send_named(job, {"x.pdf": pdf})
    assert told(job, editor).problems == []
    carry_out(job, editor)
    media = ItemPage.objects.get(path__startswith=other.path).media.order_by("sort_order")
    assert [each.image.title for each in media] == [f"x.pdf, trang {page}" for page in pages]


def test_pages_are_told_apart_by_the_folder_of_their_file(exhibition, editor):
    files = {"a/1.tif": tiff_of(40, 50), "b/1.tif": tiff_of(60, 70)}
    job = again(exhibition, editor, ["a/1.tif#2\nb/1.tif"], files)
    carry_out(job, editor)
    media = ItemPage.objects.get(reference="LS-1").media.order_by("sort_order")
    assert [(each.image.width, each.frame) for each in media] == [(40, 2), (60, 1), (60, 2)]


def test_a_page_that_the_file_does_not_have_is_told(exhibition, editor):
    row = told(again(exhibition, editor, ["a.tif\na.tif#9"], {"a.tif": tiff_of(40, 50)}), editor)
    (problem,) = row.problems
    assert (problem.code, problem.blocks) == ("no_file", False) and "a.tif#9" in problem.text


def test_a_file_named_page_by_page_that_did_not_come_is_told_once(exhibition, editor):
    row = told(again(exhibition, editor, ["a.tif\na.tif#2\na.tif#3"], {}), editor)
    assert [problem.code for problem in row.problems] == ["no_file"]


# Names for an item that is there


def test_the_name_of_a_pdf_means_its_pages(exhibition, editor):
    item_with(exhibition, editor, {})
    pdf = pdf_of(images.quarters(60, 80), images.quarters(80, 60))
    pages = [("x.pdf, trang 1", 1), ("x.pdf, trang 2", 1)]
    assert changed(exhibition, editor, ["x.pdf"], {"x.pdf": pdf}) == pages


def test_the_name_of_a_pdf_means_its_pages_beside_a_picture_of_that_name(exhibition, editor):
    item_with(exhibition, editor, {"x.jpg": jpeg(40, 30)})
    pdf = pdf_of(images.quarters(60, 80))
    assert changed(exhibition, editor, ["x.jpg\nscan/x.pdf"], {"scan/x.pdf": pdf}) == [
        ("x.jpg", 1),
        ("x.pdf, trang 1", 1),
    ]
    assert changed(exhibition, editor, ["x.pdf"], {"x.pdf": pdf}) == [("x.pdf, trang 1", 1)]


def test_a_picture_of_the_same_name_does_not_stand_for_the_pdf_that_is_named(exhibition, editor):
    item_with(exhibition, editor, {"x.jpg": jpeg(40, 30)})
    pdf = pdf_of(images.quarters(60, 80))
    assert changed(exhibition, editor, ["x.pdf"], {"x.pdf": pdf}) == [("x.pdf, trang 1", 1)]


def test_one_page_of_a_pdf_is_named_as_one_of_a_tiff_is(exhibition, editor):
    item_with(exhibition, editor, {})
    pdf = pdf_of(images.quarters(60, 80), images.quarters(80, 60), images.quarters(90, 60))
    job = again(exhibition, editor, ["x.pdf#3\nx.pdf"], {"x.pdf": pdf})
    carry_out(job, editor)
    assert [name for name, _frame in shown()] == ["x.pdf, trang 3", "x.pdf, trang 1"]


def test_the_same_list_again_with_a_pdf_changes_nothing(exhibition, editor):
    pdf = pdf_of(images.quarters(60, 80), images.quarters(80, 60))
    item_with(exhibition, editor, {"x.pdf": pdf})
    for files in ({}, {"x.pdf": pdf}):
        row = told(again(exhibition, editor, ["x.pdf"], files), editor)
        assert (row.verdict, row.problems) == (Verdict.SAME, [])


def test_the_same_list_again_with_a_tiff_of_several_pages_takes_none_away(exhibition, editor):
    scan = tiff_of(40, 50, 60)
    item_with(exhibition, editor, {"a.tif": scan})
    for files in ({}, {"a.tif": scan}):
        row = told(again(exhibition, editor, ["a.tif"], files), editor)
        assert (row.verdict, row.problems) == (Verdict.SAME, [])


def test_in_the_portals_own_workbook_a_page_that_is_named_no_more_goes(exhibition, editor):
    item_with(exhibition, editor, {"a.tif": tiff_of(40, 50, 60)})
    content = edited(as_workbook(take_snapshot(exhibition)), {(2, "files"): "a.tif"})
    carry_out(begin(exhibition, editor, content), editor)
    assert shown() == [("a.tif", 1)]


def test_a_pdf_sent_with_one_page_more_brings_it(exhibition, editor):
    first, second = images.quarters(60, 80), images.quarters(80, 60)
    item_with(exhibition, editor, {"x.pdf": pdf_of(first)})
    files = {"x.pdf": pdf_of(first, second), "y.jpg": jpeg(40, 30)}
    assert [name for name, _frame in changed(exhibition, editor, ["x.pdf\ny.jpg"], files)] == [
        "x.pdf, trang 1",
        "x.pdf, trang 2",
        "y.jpg",
    ]


@pytest.mark.parametrize(
    ("named", "pages"),
    [
        ("a.tif\na.tif#2", [1, 2]),
        ("a.tif#2\na.tif", [2, 1]),
        ("a.tif#2", [2]),
        ("a", [1, 2]),
        ("A.TIF", [1, 2]),
    ],
)
def test_pages_of_a_tiff_come_to_an_item_as_they_are_named(exhibition, editor, named, pages):
    item_with(exhibition, editor, {})
    job = again(exhibition, editor, [named], {"a.tif": tiff_of(40, 50)})
    assert [each.code for each in told(job, editor).problems if each.blocks] == []
    carry_out(job, editor)
    assert shown() == [("a.tif", page) for page in pages]


def test_files_of_one_name_are_told_apart_by_their_folders(exhibition, editor):
    item_with(exhibition, editor, {})
    files = {"a/1.jpg": jpeg(40, 30), "b/1.jpg": jpeg(50, 30)}
    job = again(exhibition, editor, ["b/1.jpg\na/1.jpg"], files)
    assert told(job, editor).problems == []
    carry_out(job, editor)
    media = ItemPage.objects.get(reference="LS-1").media.order_by("sort_order")
    assert [each.image.width for each in media] == [50, 40]


def test_another_file_of_the_name_of_a_picture_that_is_there_comes_beside_it(exhibition, editor):
    item_with(exhibition, editor, {"a/1.jpg": jpeg(40, 30)})
    files = {"a/1.jpg": jpeg(40, 30), "b/1.jpg": jpeg(50, 30)}
    job = again(exhibition, editor, ["a/1.jpg\nb/1.jpg"], files)
    row = told(job, editor)
    assert row.problems == [] and row.media == [
        PlannedMedium(kept=0),
        PlannedMedium(file=job.files.get(name="b/1.jpg").pk),
    ]


def test_a_file_of_several_rows_is_in_doubt_and_its_text_keeps_no_row_out(exhibition, editor):
    rows = [["LS-1", "Thư", "1.jpg", "", "Một"], ["LS-2", "Ảnh", "2.jpg", "", "Hai"]]
    job = begin(exhibition, editor, workbook(rows, HEADINGS))
    send_named(job, {"a/1.jpg": jpeg(40, 30), "b/1.jpg": jpeg(50, 30), "2.jpg": jpeg(60, 30)})
    plan = jobs.check(job, editor).plan
    assert set(plan.files_of_several_rows) == {"a/1.jpg", "b/1.jpg"}
    assert [[each.code for each in row.problems] for row in plan.rows] == [["too_many_texts"], []]
    assert not plan.rows[0].is_blocked


def test_a_looser_name_does_not_take_what_another_names_exactly(exhibition, editor):
    item_with(exhibition, editor, {"LS-1.jpg": jpeg(40, 30)})
    files = {"LS-1.png": png(50, 30)}
    assert changed(exhibition, editor, ["LS-1.png\nLS-1.jpg"], files) == [
        ("LS-1.png", 1),
        ("LS-1.jpg", 1),
    ]


def test_a_file_that_did_not_come_is_named_and_not_the_one_of_its_name_that_did(exhibition, editor):
    item_with(exhibition, editor, {})
    job = again(exhibition, editor, ["a/1.jpg\nb/1.jpg"], {"b/1.jpg": jpeg(50, 30)})
    (problem,) = told(job, editor).problems
    assert "“a/1.jpg”" in problem.text and "b/1.jpg" not in problem.text


def test_a_picture_with_a_semicolon_in_its_title_is_one_name(exhibition, editor):
    item_with(exhibition, editor, {"a.jpg": jpeg(40, 30)})
    image = ItemPage.objects.get().media.get().image
    image.title = "Thư 1/3; bản hai"
    image.save()
    names = [f"b.jpg\n{image.title}"]
    assert changed(exhibition, editor, names, {"b.jpg": jpeg(50, 30)}) == [
        ("b.jpg", 1),
        (image.title, 1),
    ]


def test_a_name_of_nothing_but_digits_after_the_sign_breaks_nothing(exhibition, editor):
    item_with(exhibition, editor, {"a.jpg": jpeg(40, 30)})
    names = "a.jpg\na.jpg#" + "9" * 5000 + "\n#2\n#\n/\na.jpg#0"
    assert told(again(exhibition, editor, [names], {}), editor).verdict is Verdict.BLOCKED


def test_pictures_called_by_a_fraction_are_told_apart_without_marks():
    shown = ["Ảnh 1/2", "Ảnh 3/2"]
    assert [each.there for each in meanings(["anh 3/2", "anh 1/2"], shown, [])] == [(1,), (0,)]


def meant(names: Sequence[str], *files: ArrivedFile) -> list[list[str]]:
    pictures = [picture for file in files for picture in pictures_of(file)]
    return [[each.called for each in meaning.coming] for meaning in meanings(names, [], pictures)]


def test_a_name_written_twice_means_one_file_each_time():
    files = [ArrivedFile(1, "a/1.jpg"), ArrivedFile(2, "b/1.jpg"), ArrivedFile(3, "c/1.jpg")]
    assert meant(["1.jpg", "1.jpg"], *files) == [["1.jpg"], ["1.jpg", "1.jpg"]]
    assert meant(["1.jpg"], *files) == [["1.jpg"] * 3]


def test_a_folder_means_what_lies_in_it_and_is_not_named_otherwise():
    files = [
        ArrivedFile(1, "scan/LS-1/1.jpg"),
        ArrivedFile(2, "scan/LS-1/2.jpg"),
        ArrivedFile(3, "scan/x/3.jpg"),
    ]
    assert meant(["LS-1/", "3.jpg"], *files) == [["1.jpg", "2.jpg"], ["3.jpg"]]
    assert meant(["2.jpg", "D:\\scan\\LS-1"], *files) == [["2.jpg"], ["1.jpg"]]
    assert meant(["scan"], *files) == [["1.jpg", "2.jpg", "3.jpg"]]


def test_names_of_signs_alone_mean_nothing_else():
    assert meant(["???", "…"], ArrivedFile(1, "!!!.jpg"), ArrivedFile(2, "---/1.jpg")) == [[], []]


def test_as_many_names_as_an_import_takes_files_are_found():
    count = 5000
    files = [ArrivedFile(number, f"scan/{number:05}.jpg") for number in range(count)]
    names = [f"{number:05}.jpg" for number in reversed(range(count))]
    coming = [picture for file in files for picture in pictures_of(file)]
    there = meanings(names, [f"{number:05}.jpg" for number in range(count)], [])
    new = meanings(names, [], coming)
    same = meanings(["1.jpg"] * count, [], [one_picture(number) for number in range(count)])
    assert [meaning.there for meaning in there] == [(number,) for number in reversed(range(count))]
    assert all(len(meaning.coming) == 1 for meaning in (*new, *same))


def one_picture(number: int) -> Any:
    return pictures_of(ArrivedFile(number, f"{number}/1.jpg"))[0]


def test_thousands_of_pictures_are_renewed():
    count = 3000
    names = [f"{number:05}.jpg" for number in range(count)]
    media = [PlannedMedium(kept=place) for place in range(count)]
    coming = [
        picture
        for number, name in enumerate(names)
        for picture in pictures_of(ArrivedFile(number, name, content_hash=f"new {number}"))
    ]
    found, fresh = renewed_media(media, names, [(f"old {at}", 1) for at in range(count)], coming)
    assert [each.file for each in found] == list(range(count)) and fresh == []


# What is typed on the check stands for the whole cell


def problem_of(row: PlannedRow) -> Problem:
    (problem,) = (each for each in row.problems if each.blocks)
    return problem


def test_a_name_that_is_corrected_on_the_check_leaves_the_others(exhibition, editor):
    item_with(exhibition, editor, {"a.jpg": jpeg(40, 30)})
    files = {"b.jpg": jpeg(50, 30), "c d.jpg": jpeg(60, 30)}
    job = again(exhibition, editor, ["a.jpg\nb.jpg\nc.jpg"], files)
    problem = problem_of(told(job, editor))
    assert problem.value == "a.jpg\nb.jpg\nc.jpg"
    assert "“c.jpg”" in problem.text and "a.jpg" not in problem.text
    typed = problem.value.replace("c.jpg", "c d.jpg")
    jobs.repair(job, {f"4:{FILES_AT}": typed})
    carry_out(job, editor)
    assert [name for name, _frame in shown()] == ["a.jpg", "b.jpg", "c d.jpg"]


def test_of_several_missing_files_of_an_item_all_are_named_over_one_field(exhibition, editor):
    item_with(exhibition, editor, {"a.jpg": jpeg(40, 30)})
    problem = problem_of(told(again(exhibition, editor, ["a.jpg\nb.jpg\nc.jpg"], {}), editor))
    assert problem.value == "a.jpg\nb.jpg\nc.jpg"
    assert "“b.jpg”, “c.jpg”" in problem.text


def test_of_many_missing_files_a_few_are_named(exhibition, editor):
    item_with(exhibition, editor, {})
    names = "\n".join(f"{letter}.jpg" for letter in "abcdefgh")
    problem = problem_of(told(again(exhibition, editor, [names], {}), editor))
    assert "“e.jpg”" in problem.text and "f.jpg" not in problem.text and "…" in problem.text


def test_a_new_row_has_one_field_for_the_cell_with_all_its_names(exhibition, editor):
    job = again(exhibition, editor, ["a.jpg\nb.jpg\nc.jpg"], {"b.jpg": jpeg(50, 30)})
    first, second = told(job, editor).problems
    assert (first.value, second.value) == ("a.jpg\nb.jpg\nc.jpg", "")
    assert "“a.jpg”" in first.text and "“c.jpg”" in second.text
    jobs.repair(job, {f"4:{FILES_AT}": first.value.replace("a.jpg", "a b.jpg")})
    assert "“a b.jpg”" in told(job, editor).problems[0].text


def test_a_text_that_is_shortened_on_the_check_stays_with_its_picture(exhibition, editor):
    files = {f"{number}.jpg": jpeg(40 + number, 30) for number in range(3)}
    texts = ["Trang đầu", "x" * (ALT_LENGTH + 1), "Trang cuối"]
    job = again(exhibition, editor, ["\n".join(files), "", "\n".join(texts)], files)
    problem = problem_of(told(job, editor))
    assert problem.code == "too_long" and problem.value == "\n".join(texts)
    assert "2" in problem.text.split(":")[0] and str(ALT_LENGTH + 1) in problem.text
    jobs.repair(job, {f"4:{ALT_TEXTS_AT}": problem.value.replace(texts[1], "Trang giữa")})
    carry_out(job, editor)
    media = ItemPage.objects.get(reference="LS-1").media.order_by("sort_order")
    assert [each.alt_text for each in media] == ["Trang đầu", "Trang giữa", "Trang cuối"]


def test_every_line_that_is_too_long_is_told_at_once(exhibition, editor):
    files = {f"{number}.jpg": jpeg(40 + number, 30) for number in range(3)}
    labels = "\n".join(["a" * 61, "", "b" * 70])
    problem = problem_of(told(again(exhibition, editor, ["\n".join(files), labels], files), editor))
    assert problem.value == labels
    assert "1" in problem.text and "61" in problem.text and "3" in problem.text
    assert "70" in problem.text


def test_of_too_many_texts_the_whole_cell_is_shown(exhibition, editor):
    item_with(exhibition, editor, {"a.jpg": jpeg(40, 30)})
    problem = problem_of(told(again(exhibition, editor, ["a.jpg", "một\nhai"], {}), editor))
    assert (problem.code, problem.value) == ("too_many_texts", "một\nhai")


# Texts without pictures


def test_a_picture_is_taken_away_with_all_that_is_said_of_it(exhibition, editor):
    files = {"a.jpg": jpeg(40, 30)}
    carry_out(again(exhibition, editor, ["a.jpg", "Mặt trước", "Bức thư"], files), editor)
    emptied = {(2, name): "" for name in ("files", "labels", "alt_texts")}
    content = edited(as_workbook(take_snapshot(exhibition)), emptied)
    job = begin(exhibition, editor, content)
    row = told(job, editor)
    assert (row.verdict, row.problems) == (Verdict.CHANGED, [])
    carry_out(job, editor)
    assert shown() == []


@pytest.mark.parametrize("left", ["", "---", "\n---\n---\n"])
def test_pages_that_say_nothing_are_no_texts(exhibition, editor, left):
    files = {"a.jpg": jpeg(40, 30), "b.jpg": jpeg(50, 30)}
    item_with(exhibition, editor, files)
    said = edited(as_workbook(take_snapshot(exhibition)), {(2, "transcriptions"): "Một\n---\nHai"})
    carry_out(begin(exhibition, editor, said), editor)
    emptied = {(2, "files"): "", (2, "transcriptions"): left}
    job = begin(exhibition, editor, edited(as_workbook(take_snapshot(exhibition)), emptied))
    assert told(job, editor).problems == []
    carry_out(job, editor)
    assert shown() == []


def test_labels_that_are_emptied_go_and_the_pictures_stay(exhibition, editor):
    files = {"a.jpg": jpeg(40, 30)}
    carry_out(again(exhibition, editor, ["a.jpg", "Mặt trước"], files), editor)
    content = edited(as_workbook(take_snapshot(exhibition)), {(2, "labels"): ""})
    carry_out(begin(exhibition, editor, content), editor)
    (medium,) = ItemPage.objects.get(reference="LS-1").media.all()
    assert (medium.label, medium.image.title) == ("", "a.jpg")


def test_the_text_of_a_file_that_did_not_come_never_keeps_a_new_row_out(exhibition, editor):
    job = again(exhibition, editor, ["a.jpg", "Mặt trước", "Bức thư"], {})
    row = told(job, editor)
    assert (row.verdict, row.is_blocked) == (Verdict.NEW, False)
    assert [(each.code, each.index) for each in row.problems] == [
        ("no_file", FILES_AT),
        ("too_many_texts", LABELS_AT),
        ("too_many_texts", ALT_TEXTS_AT),
    ]
    carry_out(job, editor)
    assert shown() == []


def test_texts_stay_with_their_pictures_when_one_between_them_did_not_come(exhibition, editor):
    files = {"a.jpg": jpeg(40, 30), "c.jpg": jpeg(60, 30)}
    job = again(exhibition, editor, ["a.jpg\nb.jpg\nc.jpg", "", "Một\nHai\nBa"], files)
    row = told(job, editor)
    assert not row.is_blocked
    left_out = next(each for each in row.problems if each.code == "too_many_texts")
    assert left_out.value == "Một\nHai\nBa" and "Hai" in left_out.text
    assert "Một" not in left_out.text
    carry_out(job, editor)
    media = ItemPage.objects.get(reference="LS-1").media.order_by("sort_order")
    assert [(each.image.title, each.alt_text) for each in media] == [
        ("a.jpg", "Một"),
        ("c.jpg", "Ba"),
    ]


def test_a_file_that_did_not_come_and_has_no_text_leaves_a_place_for_none(exhibition, editor):
    files = {"b.jpg": jpeg(40, 30)}
    job = again(exhibition, editor, ["a.jpg\nb.jpg", "", "\nHai"], files)
    assert [each.code for each in told(job, editor).problems] == ["no_file"]
    carry_out(job, editor)
    (medium,) = ItemPage.objects.get(reference="LS-1").media.all()
    assert (medium.alt_text, medium.label) == ("Hai", "")


def test_more_texts_than_names_of_a_row_whose_files_did_not_come_are_left_out(exhibition, editor):
    job = again(exhibition, editor, ["a.tif\nb.jpg", "", "Một\nHai\nBa"], {"b.jpg": jpeg(40, 30)})
    row = told(job, editor)
    assert not row.is_blocked
    assert [each.code for each in row.problems] == ["no_file", "too_many_texts"]
    carry_out(job, editor)
    (medium,) = ItemPage.objects.get(reference="LS-1").media.all()
    assert medium.alt_text == ""


def test_more_texts_than_pictures_keep_a_new_row_out_when_all_its_files_came(exhibition, editor):
    row = told(
        again(exhibition, editor, ["a.jpg", "", "Một\nHai"], {"a.jpg": jpeg(40, 30)}), editor
    )
    assert [(each.code, each.blocks) for each in row.problems] == [("too_many_texts", True)]


def test_more_texts_than_pictures_keep_an_item_that_is_there_out(exhibition, editor):
    item_with(exhibition, editor, {"a.jpg": jpeg(40, 30)})
    row = told(again(exhibition, editor, ["", "", "Một\nHai"], {}), editor)
    assert [(each.code, each.blocks) for each in row.problems] == [("too_many_texts", True)]
