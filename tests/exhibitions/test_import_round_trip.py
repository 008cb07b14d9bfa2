"""What is exported and imported again changes nothing; what is corrected is shown first."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.base import ContentFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from core.models import CustomDocument, CustomImage
from exhibitions.admin.importing import step_url
from exhibitions.importing import jobs
from exhibitions.importing.columns import BY_NAME, WORKBOOK_COLUMNS
from exhibitions.importing.plan import Verdict
from exhibitions.importing.snapshot import take_snapshot
from exhibitions.importing.workbook import LIST_SHEET, as_template, as_workbook
from exhibitions.models import (
    AccessLevel,
    ExhibitionIndexPage,
    ExhibitionPage,
    ItemKind,
    ItemMedium,
    ItemPage,
    NumeralStyle,
    PartPage,
    Secrecy,
)
from tests import factories
from tests.exhibitions.lists import begin, carry_out, take_back
from tests.exhibitions.test_admin_approval import browser
from tests.images import jpeg

words = st.text(
    st.sampled_from("aăâbcđeêioôơuưyáàảãạ ÁỆ09-/.,;:'\"=+@#()[]_x\n"), min_size=0, max_size=40
)
line = words.map(lambda text: " ".join(text.split()))
title = line.filter(lambda text: any(letter.isalnum() for letter in text))
paragraph = words.map(str.strip)
rich = st.lists(line, max_size=3).map(
    lambda lines: "".join(f"<p><b>{each.replace('<', '')}</b></p>" for each in lines if each)
)
dates = st.sampled_from(["", "1948-06-11", "1948", "1965/1973", "1945~", "1948-07", "194X", ".."])
item_fields = st.fixed_dictionaries(
    {
        "title": title,
        "kind": st.sampled_from(ItemKind.values),
        "caption": paragraph,
        "description": rich,
        "quotation": paragraph,
        "document_number": line.map(lambda text: text[:40].strip()),
        "abstract": paragraph,
        "date": dates.filter(lambda text: text != ".."),
        "place": line,
        "source_person": line,
        "fonds": line,
        "extent": st.none() | st.integers(0, 5000),
        "first_published": st.booleans(),
        "access_level": st.sampled_from(AccessLevel.values),
        "original_secrecy": st.sampled_from(Secrecy.values),
    }
)
medium = st.tuples(
    st.sampled_from(["image", "document"]),
    st.fixed_dictionaries(
        {"label": line, "alt_text": line, "decorative": st.booleans(), "transcription": rich}
    ),
)
fate = st.sampled_from(["draft", "published", "published and changed since", "shown again"])
part = st.fixed_dictionaries(
    {
        "title": title,
        "numeral_style": st.sampled_from(NumeralStyle.values),
        "items": st.lists(st.tuples(item_fields, st.lists(medium, max_size=3), fate), max_size=3),
    }
)
parts = st.recursive(
    part.map(lambda told: {**told, "sections": []}),
    lambda inner: st.builds(
        lambda told, sections: {**told, "sections": sections},
        part,
        st.lists(inner, max_size=2),
    ),
    max_leaves=5,
)


@pytest.fixture
def picture(db: None) -> CustomImage:
    content = ContentFile(jpeg(40, 30), name="LS-01.jpg")
    return CustomImage.objects.create(title="LS-01.jpg", file=content)


@pytest.fixture
def recording(db: None) -> CustomDocument:
    content = ContentFile(b"ID3", name="LS-02.mp3")
    return CustomDocument.objects.create(title="LS-02.mp3", file=content)


def build(parent: Any, told: dict[str, Any], files: dict[str, Any]) -> None:
    """A Part with its items and sections, as the generator tells of them."""
    made = factories.PartPageFactory(
        parent=parent, title=told["title"], numeral_style=told["numeral_style"], live=False
    )
    for fields, media, fate in told["items"]:
        is_live = fate.startswith("published")
        item = factories.ItemPageFactory(parent=made, live=is_live, **fields)
        for place, (kind, texts) in enumerate(media):
            item.media.add(ItemMedium(**{kind: files[kind]}, sort_order=place, **texts))
        item.save()
        item.save_revision()
        if fate == "published and changed since":
            item.title, item.caption = "Tên trong bản nháp", "Chú thích trong bản nháp"
            item.save_revision()
        if fate == "shown again":
            item.create_alias(parent=made, update_slug=f"lai-{item.pk}")
    for section in told["sections"]:
        build(PartPage.objects.get(pk=made.pk), section, files)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(told=st.lists(parts, max_size=3))
def test_export_and_import_change_nothing_whatever_the_exhibition(
    exhibition_index, editor, picture, recording, told
):
    exhibition = factories.ExhibitionPageFactory(parent=exhibition_index, live=False)
    for each in told:
        build(exhibition, each, {"image": picture, "document": recording})
    exhibition = ExhibitionPage.objects.get(pk=exhibition.pk)
    before = take_snapshot(exhibition)
    job = begin(exhibition, editor, as_workbook(before))
    plan = jobs.check(job, editor).plan
    for row in plan.rows:
        assert (row.verdict, row.differences, row.problems) == (Verdict.SAME, [], []), row
    assert len(plan.rows) == len(before.items)
    assert not plan.parts and not plan.left_out and plan.in_order


def edited(content: bytes, changes: dict[tuple[int, str], str]) -> bytes:
    """The workbook with cells changed, as somebody does it in Excel: by row and column name."""
    book = load_workbook(io.BytesIO(content))
    sheet = book[LIST_SHEET]
    place = {column.name: index for index, column in enumerate(WORKBOOK_COLUMNS, start=1)}
    for (row, name), text in changes.items():
        sheet.cell(row=row, column=place[name]).value = text
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.fixture
def hall(exhibition_index: ExhibitionIndexPage) -> ExhibitionPage:
    exhibition = factories.ExhibitionPageFactory(parent=exhibition_index, live=False)
    for number in range(2):
        made = factories.PartPageFactory(parent=exhibition, title=f"Phần số {number}", live=False)
        for place in range(3):
            item = factories.ItemPageFactory(
                parent=made, reference=f"LS-{number}{place}", title=f"Thư {place}", live=False
            )
            item.save_revision()
    return ExhibitionPage.objects.get(pk=exhibition.pk)


EVERY_COLUMN = {
    "section": "Mục mới",
    "subsection": None,
    "reference": "LS-999",
    "kind": "Hình ảnh",
    "title": "Tên khác",
    "caption": "Chú thích khác",
    "description": "Mô tả khác",
    "quotation": "Câu khác",
    "type_name": "Công văn",
    "document_number": "12",
    "document_symbol": "VP",
    "issuing_body": "Ủy ban",
    "abstract": "Trích yếu khác",
    "date": "14/7/1948",
    "date_display": "mùa thu 1948",
    "place": "Lạng Sơn",
    "source_organisation": "Trung tâm mẫu",
    "source_person_title": "NSNA",
    "source_person": "Nguyễn Văn Mẫu",
    "repository": "Kho 1",
    "fonds": "Phông 1",
    "inventory": "1",
    "box": "2",
    "file": "3",
    "sheet": "4",
    "language": "Tiếng Việt",
    "extent": "12",
    "keywords": "thi đua",
    "first_published": "có",
    "access_level": "Tiếp cận có điều kiện",
    "original_secrecy": "Mật",
    "declassification": "QĐ 1",
    "rights": "Của tác giả",
}


@pytest.mark.parametrize("name", [name for name, text in EVERY_COLUMN.items() if text])
def test_every_column_that_is_corrected_is_one_difference_and_is_written(hall, editor, name):
    factories.OrganisationFactory(name="Trung tâm mẫu")
    changes = {(2, name): EVERY_COLUMN[name]}
    content = edited(as_workbook(take_snapshot(hall)), changes)
    job = begin(hall, editor, content)
    plan = jobs.check(job, editor).plan
    assert plan.differences == 1 and len(plan.work) == 1, plan.work
    before = take_snapshot(hall).cells(take_snapshot(hall).items[0])
    carry_out(job, editor)
    after = take_snapshot(ExhibitionPage.objects.get(pk=hall.pk))
    number = int(before["page"])
    told = after.cells(after.item(number))
    assert told[name] == EVERY_COLUMN[name]
    assert {key: text for key, text in told.items() if text != before[key]}.keys() <= {
        name,
        "source",
    }
    take_back(job, editor)
    restored = take_snapshot(ExhibitionPage.objects.get(pk=hall.pk))
    assert restored.cells(restored.item(number)) == before


def test_every_column_of_the_workbook_can_be_corrected_or_is_told_apart(hall):
    told_apart = {"page", "number", "part", "files", "labels", "alt_texts"}
    told_apart |= {"transcriptions", "translations"}
    assert {column.name for column in WORKBOOK_COLUMNS} == set(EVERY_COLUMN) | told_apart


def test_rows_in_another_order_put_the_items_in_that_order(hall, editor):
    content = as_workbook(take_snapshot(hall))
    book = load_workbook(io.BytesIO(content))
    sheet = book[LIST_SHEET]
    second = [cell.value for cell in sheet[3]]
    first = [cell.value for cell in sheet[2]]
    for index, (one, other) in enumerate(zip(second, first, strict=True), start=1):
        sheet.cell(row=2, column=index).value = one
        sheet.cell(row=3, column=index).value = other
    file = io.BytesIO()
    book.save(file)
    job = begin(hall, editor, file.getvalue())
    plan = jobs.check(job, editor).plan
    assert not plan.in_order and not plan.work
    carry_out(job, editor)

    def order() -> list[str]:
        items = ItemPage.objects.filter(path__startswith=hall.path).order_by("path")
        return [item.reference for item in items]

    assert order() == ["LS-01", "LS-00", "LS-02", "LS-10", "LS-11", "LS-12"]
    take_back(job, editor)
    assert order() == ["LS-00", "LS-01", "LS-02", "LS-10", "LS-11", "LS-12"]


def test_an_item_moves_to_the_part_its_row_names_and_back(hall, editor):
    content = edited(as_workbook(take_snapshot(hall)), {(2, "part"): "Phần số 1"})
    job = carry_out(begin(hall, editor, content), editor)
    item = ItemPage.objects.get(reference="LS-00")
    assert item.get_parent().title == "Phần số 1"
    take_back(job, editor)
    assert [item.reference for item in ItemPage.objects.order_by("path")] == [
        "LS-00", "LS-01", "LS-02", "LS-10", "LS-11", "LS-12",
    ]  # fmt: skip


def test_an_emptied_cell_of_our_workbook_is_shown_and_empties_the_field(hall, editor):
    item = ItemPage.objects.get(reference="LS-00")
    item.caption = "Cũ"
    item.save()
    item.save_revision()
    content = edited(as_workbook(take_snapshot(hall)), {(2, "caption"): ""})
    job = begin(hall, editor, content)
    (difference,) = jobs.check(job, editor).plan.work[0].differences
    assert (difference.before, difference.after) == ("Cũ", "")
    carry_out(job, editor)
    assert ItemPage.objects.get(reference="LS-00").caption == ""


def test_the_template_offers_every_column_and_imports_as_nothing(hall, editor):
    book = load_workbook(io.BytesIO(as_template()))
    headings = [cell.value for cell in book[LIST_SHEET][1]]
    assert headings == [column.heading for column in WORKBOOK_COLUMNS]
    assert BY_NAME["kind"].heading in headings
    job = begin(hall, editor, as_template())
    assert job.sheet == LIST_SHEET and jobs.check(job, editor).plan.rows == []


@pytest.mark.parametrize(
    ("name", "before"),
    [
        ("title", "Thư 0"),
        ("access_level", "Tiếp cận rộng rãi"),
        ("original_secrecy", "Không mật"),
    ],
)
def test_what_an_item_is_and_who_may_see_it_are_never_emptied(hall, editor, name, before):
    content = edited(as_workbook(take_snapshot(hall)), {(2, name): ""})
    job = begin(hall, editor, content)
    (problem,) = jobs.check(job, editor).plan.rows[0].problems
    assert (problem.code, problem.repair) == ("emptied", before)
    jobs.repair(job, {f"2:{problem.index}": before})
    assert jobs.check(job, editor).plan.rows[0].verdict is Verdict.SAME


def test_a_text_of_several_lines_is_mended_as_browsers_send_it(hall, editor):
    job = begin(
        hall, editor, edited(as_workbook(take_snapshot(hall)), {(2, "caption"): " Một\nHai"})
    )
    (problem,) = jobs.check(job, editor).plan.rows[0].problems
    cell = f"2:{problem.index}"
    sent = {"action": "take", f"text-{cell}": "Một\r\nHai"}
    browser(editor).post(step_url(job, "check"), sent)
    job.refresh_from_db()
    (row,) = jobs.check(job, editor).plan.work
    assert not row.problems and row.values["caption"] == "Một\nHai"
