"""The list of items: as leaders read it, as files, and decided on as a whole."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook

from exhibitions.clearance import ClearanceDecision, grant_list
from exhibitions.display_list import display_list
from exhibitions.display_list_files import as_docx
from exhibitions.models import AccessLevel, Clearance, ClearanceState, ItemPage, Secrecy
from tests import factories
from tests.exhibitions.desk import Desk
from tests.exhibitions.test_admin_clearance import staff

pytestmark = pytest.mark.django_db

DECISION = ClearanceDecision("15/QĐ-SNV", date(2026, 11, 20), "Theo Tờ trình 7")


@pytest.fixture
def waiting(desk: Desk) -> list[ItemPage]:
    """Five more items nobody has decided on: three plain, one conditional, one once secret."""
    made = []
    for number, fields in enumerate(
        (
            {"abstract": "Lời kêu gọi thi đua ái quốc"},
            {"source_organisation": factories.OrganisationFactory(name="Bảo tàng Lạng Sơn")},
            {
                "date": "1948-07-14",
                "type_name": "Lời kêu gọi",
                "document_number": "39",
                "document_symbol": "VP",
                "abstract": "về việc thi đua",
            },
            {"access_level": AccessLevel.CONDITIONAL},
            {"original_secrecy": Secrecy.SECRET},
        ),
        start=1,
    ):
        item = factories.ItemPageFactory(
            parent=desk.parts[1], live=False, reference=f"LS-7{number}", **fields
        )
        item.save_revision()
        made.append(item)
    return made


def lines(desk: Desk) -> list[Any]:
    return [line for part in display_list(desk.fresh()) for line in part.items]


def leader(desk: Desk) -> Any:
    return staff("nguoi-quyet", desk.exhibition, "decide_clearance")


def states(items: list[ItemPage]) -> list[str | None]:
    newest = {row.item_id: row.state for row in Clearance.objects.order_by("pk")}
    return [newest.get(item.pk) for item in items]


def test_every_item_stands_in_its_part_and_order_with_what_is_decided_by(
    desk: Desk, waiting: list[ItemPage]
) -> None:
    every = lines(desk)
    assert [line.number for line in every] == list(range(1, 10))
    assert [line.reference for line in every[4:]] == ["LS-71", "LS-72", "LS-73", "LS-74", "LS-75"]
    assert every[4].abstract == "Lời kêu gọi thi đua ái quốc"
    assert every[6].abstract == "Lời kêu gọi số 39/VP về việc thi đua"
    assert every[5].source == "Bảo tàng Lạng Sơn, (mẫu)"
    assert every[6].date == "14/7/1948"
    assert every[7].access_level == "Tiếp cận có điều kiện"
    assert [part.depth for part in display_list(desk.fresh())] == [1, 1]


def test_it_tells_the_newest_draft_as_it_would_be_submitted(
    desk: Desk, waiting: list[ItemPage]
) -> None:
    desk.edit(waiting[1], "Chú thích mới")
    assert lines(desk)[5].abstract == "Chú thích mới"


def test_one_decision_clears_what_is_ticked_and_nothing_stands_against(
    desk: Desk, waiting: list[ItemPage]
) -> None:
    ticked = [item.pk for item in waiting if item != waiting[2]]
    reasons, count = grant_list(desk.fresh(), ticked, by=leader(desk), decision=DECISION)
    assert (reasons, count) == ([], 2)
    assert states(waiting) == ["cleared", "cleared", None, None, None]
    row = Clearance.objects.filter(item=waiting[0]).get()
    assert (row.decision_number, row.decided_on, row.item_reference, row.note) == (
        "15/QĐ-SNV",
        date(2026, 11, 20),
        "LS-71",
        "Theo Tờ trình 7",
    )
    again = grant_list(desk.fresh(), ticked, by=leader_again(), decision=DECISION)
    assert again == ([], 0)


def leader_again() -> Any:
    return factories.UserFactory(is_superuser=True)


def test_items_of_another_exhibition_and_numbers_of_nothing_are_not_cleared(
    desk: Desk, waiting: list[ItemPage]
) -> None:
    foreign = factories.ItemPageFactory(
        parent=factories.PartPageFactory(
            parent=factories.ExhibitionPageFactory(parent=desk.exhibition.get_parent())
        )
    )
    result = grant_list(desk.fresh(), [foreign.pk, 987_654], by=leader_again(), decision=DECISION)
    assert result == ([], 0)
    assert states([foreign]) == [None]


def test_a_decision_needs_its_number_and_a_day_that_has_come(
    desk: Desk, waiting: list[ItemPage]
) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    for decision, codes in (
        (ClearanceDecision(), ["no_number", "no_date"]),
        (ClearanceDecision("1/QĐ", tomorrow), ["future_date"]),
    ):
        reasons, count = grant_list(
            desk.fresh(), [waiting[0].pk], by=leader_again(), decision=decision
        )
        assert ([reason.code for reason in reasons], count) == (codes, 0)
    assert states(waiting[:1]) == [None]


def test_who_may_not_decide_clears_nothing(desk: Desk, waiting: list[ItemPage]) -> None:
    with pytest.raises(PermissionDenied):
        grant_list(desk.fresh(), [waiting[0].pk], by=desk.editor, decision=DECISION)


def test_what_was_withdrawn_is_cleared_again_only_when_it_is_ticked(desk: Desk) -> None:
    factories.clear(desk.items[0], state=ClearanceState.WITHDRAWN)
    assert grant_list(desk.fresh(), [], by=leader_again(), decision=DECISION) == ([], 0)
    ticked = [desk.items[0].pk]
    assert grant_list(desk.fresh(), ticked, by=leader_again(), decision=DECISION) == ([], 1)


# The screen


def screen(desk: Desk) -> str:
    return reverse("exhibitions_admin:display_list", args=[desk.exhibition.pk])


def test_a_leader_decides_on_the_list_and_leaves_exceptions_out(
    client: Client, desk: Desk, waiting: list[ItemPage]
) -> None:
    client.force_login(leader(desk))
    html = client.get(screen(desk)).content.decode()
    assert html.count("checked") == 3
    assert "Duyệt cả danh mục" in html
    typed = {"item": [waiting[0].pk, waiting[2].pk], "number": "15/QĐ-SNV"}
    silent = client.post(screen(desk), typed).content.decode()
    assert "Nhập ngày quyết định" in silent
    assert silent.count("checked") == 2, "the ticks are kept"
    for _click in range(2):
        done = client.post(screen(desk), {**typed, "decided_on": "20/11/2026"})
        assert done.status_code == 302
    assert states(waiting) == ["cleared", None, "cleared", None, None]
    assert Clearance.objects.filter(item__in=waiting).count() == 2


def test_an_editor_reads_and_downloads_it_and_decides_nothing(
    client: Client, desk: Desk, waiting: list[ItemPage]
) -> None:
    client.force_login(desk.editor)
    html = client.get(screen(desk)).content.decode()
    assert "Duyệt cả danh mục" not in html
    assert client.post(screen(desk), {"item": [waiting[0].pk]}).status_code in (302, 403)
    assert states(waiting[:1]) == [None]
    assert client.get(f"{screen(desk)}danh-muc.pdf/").status_code == 404
    stranger = staff("khac", factories.HomePageFactory(slug="khac"))
    client.force_login(stranger)
    for address in (screen(desk), f"{screen(desk)}danh-muc.docx"):
        assert client.get(address).status_code in (302, 403)


def test_the_screen_costs_the_same_for_nine_items_and_for_thirty(
    client: Client, desk: Desk, waiting: list[ItemPage]
) -> None:
    client.force_login(leader(desk))

    def queries() -> int:
        client.get(screen(desk))
        with CaptureQueriesContext(connection) as captured:
            client.get(screen(desk))
        return len(captured)

    few = queries()
    for number in range(21):
        factories.ItemPageFactory(
            parent=desk.parts[0], live=False, reference=f"LS-8{number:02}"
        ).save_revision()
    assert queries() == few


# The files


def test_the_word_document_is_laid_out_as_an_appendix_and_holds_every_item(
    client: Client, desk: Desk, waiting: list[ItemPage]
) -> None:
    factories.hang(waiting[0])
    ItemPage.objects.get(pk=waiting[0].pk).save_revision()
    client.force_login(desk.editor)
    answer = client.get(f"{screen(desk)}danh-muc.docx")
    assert f"danh-muc-{desk.exhibition.slug}.docx" in answer["Content-Disposition"]
    document = Document(io.BytesIO(answer.content))
    section = document.sections[0]
    assert section.page_width > section.page_height
    assert document.styles["Normal"].font.name == "Times New Roman"
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert "DANH MỤC TÀI LIỆU TRƯNG BÀY" in texts
    assert "Tổng số: 9 tài liệu, hình ảnh." in texts
    head, table = document.tables
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in head.rows[0].cells[1].text
    assert len(table.rows) == 1 + len(desk.parts) + 9
    assert "tblHeader" in table.rows[0]._tr.xml
    row = next(r for r in table.rows if r.cells[0].text == "5")
    assert [cell.text for cell in row.cells] == [
        "5",
        "",
        "Lời kêu gọi thi đua ái quốc",
        "",
        "(mẫu)",
        "LS-71",
        "Tiếp cận rộng rãi",
    ]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
        assert [name for name in package.namelist() if name.startswith("word/media/")]


@pytest.mark.parametrize(
    ("parent_body", "agency", "printed"),
    [
        ("UBND tỉnh Lạng Sơn", "Sở Nội vụ tỉnh Lạng Sơn", "SỞ NỘI VỤ"),
        ("UBND tỉnh Lạng Sơn", "Trung tâm Văn hóa Bắc Sơn", "TRUNG TÂM VĂN HÓA BẮC SƠN"),
        ("Sở Nội vụ", "Trung tâm Lưu trữ lịch sử", "TRUNG TÂM LƯU TRỮ LỊCH SỬ"),
    ],
)
def test_the_head_of_the_word_document_names_the_province_once(
    parent_body: str, agency: str, printed: str
) -> None:
    file = as_docx(
        [], exhibition="Cụm 7", parent_body=parent_body, agency=agency, on=date(2026, 11, 20)
    )
    head = Document(io.BytesIO(file)).tables[0].rows[0].cells[0]
    assert [line.text for line in head.paragraphs] == [parent_body.upper(), printed]


def test_the_workbook_holds_every_item_and_computes_nothing(
    client: Client, desk: Desk, waiting: list[ItemPage]
) -> None:
    draft = ItemPage.objects.get(pk=waiting[0].pk)
    draft.abstract = "=HYPERLINK(1)"
    draft.save_revision()
    client.force_login(desk.editor)
    answer = client.get(f"{screen(desk)}danh-muc.xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[3]] == [
        "STT",
        "Trích yếu nội dung",
        "Thời gian",
        "Nguồn",
        "Số, ký hiệu",
        "Mức độ tiếp cận",
        "Phần",
        "Được phép công bố",
    ]
    assert sheet.max_row == 3 + 9
    assert sheet["B8"].value == "'=HYPERLINK(1)"
    assert {cell.data_type for row in sheet.iter_rows(min_row=4) for cell in row} <= {
        "n",
        "s",
        "inlineStr",
    }
    assert [sheet.cell(row, 8).value for row in (4, 8)] == ["Có", "Chưa"]
