"""The log of decisions: one list of everything that was decided, which nobody can change."""

from __future__ import annotations

import codecs
import csv
import io
import tracemalloc
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from openpyxl import load_workbook
from wagtail import hooks

from campaigns.models import NoticeRelease, Placement, ReleaseState
from core.models import RoleChange, RoleChangeKind, User
from core.models.append_only import AppendOnlyError, AppendOnlyModel
from exhibitions.approval import (
    Paper,
    approve,
    give_back,
    publish_submission,
    submit_correction,
)
from exhibitions.models import (
    ApprovalDecision,
    Clearance,
    ClearanceState,
    ExhibitionPage,
    ItemPage,
    Opening,
    Submission,
)
from home.decision_log import SOURCES, Entries, Kind, Wanted
from tests import factories
from tests.exhibitions.desk import Desk, desk
from tests.exhibitions.test_admin_approval import browser
from tests.exhibitions.test_admin_clearance import staff
from tests.portal import Hall

__all__ = ["desk"]

pytestmark = pytest.mark.django_db

LOG = "/admin/nhat-ky-quyet-dinh/"
NOON = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
HEADINGS = [
    "Lúc",
    "Loại",
    "Người thực hiện",
    "Đối tượng",
    "Quyết định",
    "Số, ký hiệu văn bản",
    "Ngày văn bản",
    "Lý do",
]


def cleared_row(**fields: Any) -> Clearance:
    given = {
        "item_title": "Lời kêu gọi thi đua",
        "state": ClearanceState.CLEARED,
        "by_name": "Ong Thị An",
        "at": NOON,
    }
    return Clearance.objects.create(**{**given, **fields})


@pytest.fixture
def reader(client: Client) -> Client:
    """Somebody who was given the right to read the log, and nothing else."""
    user = factories.UserFactory(username="thanhtra")
    codenames = ["access_admin", "view_decision_log"]
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(user)
    return client


@pytest.fixture
def approver() -> User:
    return factories.UserFactory(username="lanhdao")


@pytest.fixture
def busy(desk: Desk, index_of_letters: Any) -> Desk:
    """One decision of each sort: cleared, submitted, approved, opened, released, a role given."""
    submission = desk.submit()
    paper = Paper("Giám đốc (mẫu)", "15/QĐ-SNV", date(2026, 11, 20))
    recorder = staff("vanthu", desk.exhibition, "record_approval")
    recorder.last_name, recorder.first_name = "Nông Thị", "Ghi"
    recorder.save()
    assert approve(submission, by=recorder, paper=paper, seen=0) == []
    assert give_back(submission, by=desk.leaders[1], note="Tài liệu 2 sai ngày", seen=1) == []
    factories.open_by_hand(desk.exhibition)
    letter = factories.NoticePageFactory(parent=index_of_letters, title="Công văn tuyên truyền")
    NoticeRelease.objects.create(
        notice=letter,
        notice_title=letter.title,
        state=ReleaseState.RELEASED,
        number="7",
        symbol="SNV-VTLT",
        issued_on=date(2026, 11, 19),
        by_name="Văn thư",
    )
    group = Group.objects.create(name="Nhóm mẫu")
    RoleChange.objects.create(
        kind=RoleChangeKind.MEMBERSHIP,
        person=desk.editor,
        person_name="Nông Văn Dền",
        group=group,
        group_name=group.name,
        added="Thành viên",
        by_name="Quản trị",
    )
    return desk


@pytest.fixture
def index_of_letters(home: Any) -> Any:
    index = factories.CampaignIndexPageFactory(parent=home)
    return factories.CampaignPageFactory(parent=index)


def shown(client: Client, **query: Any) -> str:
    answer = client.get(LOG, query)
    assert answer.status_code == 200
    html: str = answer.content.decode()
    return html[html.index("<main") :]


ITEMS = Wanted(kind="clearance")
"""Decisions on items only: what the tests' people may do is a decision on rights, too."""


def rows_in(html: str) -> int:
    return html.count("<time ")


# What is in it


def test_every_sort_of_decision_stands_in_one_list_newest_first(reader: Client, busy: Desk) -> None:
    html = shown(reader)
    html += shown(reader, p=2)
    for said in (
        "Được phép công bố",
        "15/QĐ-SNV, 20/11/2026",
        "Giám đốc (mẫu) (Nông Thị Ghi ghi nhận)",
        "Tài liệu 2 sai ngày",
        "07/SNV-VTLT, 19/11/2026",
        "Công văn tuyên truyền",
        "Nông Văn Dền – Nhóm mẫu",
        "+ Thành viên",
        "Đang trưng bày",
    ):
        assert said in html, said
    times = [entry.at for entry in Entries(Wanted())]
    assert times == sorted(times, reverse=True)
    assert {entry.kind for entry in Entries(Wanted())} == set(map(str, Kind.labels))


def test_no_row_in_which_a_decision_is_kept_is_left_out(busy: Desk) -> None:
    kept = (Clearance, Submission, ApprovalDecision, Opening, NoticeRelease, RoleChange)
    assert Entries(Wanted()).count() == sum(each.objects.count() for each in kept)


def test_every_sort_of_row_that_is_only_ever_added_is_in_it_but_the_places_of_banners() -> None:
    kept = {
        each
        for each in apps.get_models()
        if issubclass(each, AppendOnlyModel) and not each._meta.proxy
    }
    assert kept - {source.model for source in SOURCES.values()} == {Placement}


def test_each_line_leads_to_its_subject_while_that_exists(
    reader: Client, admin_client: Client, busy: Desk
) -> None:
    addresses = {entry.url for entry in Entries(Wanted())}
    assert reverse("exhibitions_admin:clearance", args=[busy.items[0].pk]) in addresses
    assert reverse("exhibitions_admin:opening", args=[busy.exhibition.pk]) in addresses
    assert reverse("wagtailusers_users:edit", args=[busy.editor.pk]) in addresses
    for address in addresses:
        assert admin_client.get(address).status_code == 200, address


def test_what_is_gone_is_named_without_a_link(reader: Client, hall: Hall) -> None:
    factories.open_by_hand(hall.exhibition)
    before = Entries(Wanted()).count()
    ExhibitionPage.objects.get(pk=hall.exhibition.pk).delete()
    entries = [each for kind in ("clearance", "opening") for each in Entries(Wanted(kind=kind))]
    assert Entries(Wanted()).count() == before
    assert entries and not any(entry.url for entry in entries)
    assert hall.exhibition.title in shown(reader, kind="opening")


def test_a_correction_names_the_page_it_is_of(desk: Desk) -> None:
    publish_submission.call(desk.approve_all().pk)
    assert next(iter(Entries(Wanted(kind="approval")))).decided == "Đã công bố"
    item = desk.edit(desk.items[0], "Đã chỉnh")
    assert submit_correction(item, by=desk.editor) == []
    newest = next(iter(Entries(Wanted())))
    assert newest.subject == f"Cụm 7 thi đua yêu nước: {item.title}"


def test_a_letter_put_right_by_another_names_it(index_of_letters: Any) -> None:
    other = factories.NoticePageFactory(parent=index_of_letters, title="Công văn đính chính")
    NoticeRelease.objects.create(
        notice_title="Công văn cũ", state=ReleaseState.CORRECTED, by_letter=other, by_name="Văn thư"
    )
    [entry] = Entries(Wanted(kind="release"))
    assert entry.decided.endswith("– Công văn đính chính")


def test_times_are_those_of_our_clocks(reader: Client) -> None:
    cleared_row(at=datetime(2026, 11, 20, 17, 30, tzinfo=UTC))
    assert "00:30 21/11/2026" in shown(reader)


# Finding


@pytest.mark.parametrize("kind", Kind.values)
def test_one_kind_is_shown_alone(reader: Client, busy: Desk, kind: str) -> None:
    entries = list(Entries(Wanted(kind=kind)))
    assert entries
    assert {entry.kind for entry in entries} == {str(Kind(kind).label)}
    assert rows_in(shown(reader, kind=kind)) == min(len(entries), 50)


def test_a_person_is_found_as_who_decided_and_as_who_recorded(busy: Desk, reader: Client) -> None:
    for name in ("Giám đốc (mẫu)", "Nông Thị Ghi"):
        [entry] = Entries(Wanted(person=name))
        assert (entry.leader, entry.by) == ("Giám đốc (mẫu)", "Nông Thị Ghi")
        assert rows_in(shown(reader, person=name)) == 1


def test_days_are_those_of_our_clocks_and_both_belong_to_the_span(reader: Client) -> None:
    # 00:30 of the 21st, and 23:59 of the 21st.
    cleared_row(item_title="Đầu ngày", at=datetime(2026, 11, 20, 17, 30, tzinfo=UTC))
    cleared_row(item_title="Cuối ngày", at=datetime(2026, 11, 21, 16, 59, tzinfo=UTC))
    cleared_row(item_title="Hôm sau", at=datetime(2026, 11, 21, 17, 0, tzinfo=UTC))

    def found(**days: str) -> str:
        return shown(reader, kind="clearance", **days)

    html = found(first="21/11/2026", last="21/11/2026")
    assert "Đầu ngày" in html and "Cuối ngày" in html and "Hôm sau" not in html
    assert rows_in(found(first="22/11/2026")) == 1
    assert rows_in(found(last="20/11/2026")) == 0
    assert rows_in(found(last="31/12/9999")) == 3
    assert rows_in(found(first="0001-01-01")) == 3


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("keu goi", 1),
        ("KÊU GỌI", 1),
        ("thi an 15/QĐ", 1),
        ("duyet dot mot", 1),
        ("keu goi khong co", 0),
        ('"', 0),
    ],
)
def test_words_are_found_without_marks_in_all_that_is_said(
    reader: Client, words: str, found: int
) -> None:
    cleared_row(decision_number="15/QĐ-SNV", note="Duyệt đợt một")
    cleared_row(item_title="Khác", by_name="Người khác")
    assert rows_in(shown(reader, words=words)) == found


@pytest.mark.parametrize(
    "query",
    [
        {"first": "31/2/2026"},
        {"first": "2/11/2026", "last": "1/11/2026"},
        {"kind": "lung-tung"},
        {"person": "Không có ai"},
    ],
)
def test_a_filter_that_makes_no_sense_is_said_and_nothing_is_shown_or_exported(
    reader: Client, query: dict[str, str]
) -> None:
    cleared_row()
    for export in ({}, {"export": "csv"}):
        html = shown(reader, **query, **export)
        assert "Sửa lại bộ lọc" in html
        assert rows_in(html) == 0


@pytest.mark.parametrize("number", ["0", "-1", "99", "abc", ""])
def test_a_page_that_does_not_exist_is_one_that_does(reader: Client, number: str) -> None:
    cleared_row()
    assert rows_in(shown(reader, kind="clearance", p=number)) == 1


def many(count: int, **fields: Any) -> None:
    Clearance.objects.bulk_create(
        Clearance(
            item_title=f"Tài liệu {number}",
            state=ClearanceState.CLEARED,
            by_name="Ong Thị An",
            at=NOON + timedelta(minutes=number),
            **fields,
        )
        for number in range(count)
    )


def test_a_page_holds_fifty_and_the_next_keeps_the_filter(reader: Client) -> None:
    many(120)
    html = shown(reader, kind="clearance", words="tai lieu")
    assert rows_in(html) == 50
    assert "kind=clearance" in html and "p=2" in html
    assert rows_in(shown(reader, kind="clearance", words="tai lieu", p=3)) == 20


@pytest.mark.parametrize("query", [{}, {"words": "tai lieu"}, {"kind": "clearance"}])
def test_a_page_costs_the_same_for_ten_decisions_and_for_a_thousand(
    reader: Client, busy: Desk, query: dict[str, str]
) -> None:
    def queries() -> int:
        shown(reader, **query)
        with CaptureQueriesContext(connection) as captured:
            shown(reader, **query)
        return len(captured)

    many(10)
    few = queries()
    many(1000)
    assert queries() == few


# Taking it away


def exported(client: Client, form: str, **query: Any) -> bytes:
    answer = client.get(LOG, {"export": form, "kind": "clearance", **query})
    assert answer.status_code == 200
    assert f"nhat-ky-quyet-dinh.{form}" in answer["Content-Disposition"]
    return answer.getvalue()


def test_the_files_hold_all_that_is_wanted_with_vietnamese_headings(
    reader: Client, busy: Desk
) -> None:
    many(60)
    file = exported(reader, "csv", p=2)
    assert file.startswith(codecs.BOM_UTF8)
    lines = list(csv.reader(io.StringIO(file.decode("utf-8-sig"))))
    assert lines[0] == HEADINGS
    assert len(lines) == 1 + Entries(ITEMS).count() > 60
    sheet = load_workbook(io.BytesIO(exported(reader, "xlsx"))).active
    assert [cell.value for cell in sheet[1]] == HEADINGS
    assert sheet.max_row == len(lines)
    assert any(row[0] == "2026-11-20 12:00:00" for row in lines)
    assert any(row[0].value == datetime(2026, 11, 20, 12, 0) for row in sheet.iter_rows(min_row=2))


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t"])
def test_nothing_in_a_file_is_taken_for_a_formula(reader: Client, sign: str) -> None:
    nasty = f'{sign}HYPERLINK("http://x")'
    row = cleared_row(item_title=nasty, by_name=nasty, note=nasty, decision_number=nasty)
    [_head, line] = csv.reader(io.StringIO(exported(reader, "csv").decode("utf-8-sig")))
    sheet = load_workbook(io.BytesIO(exported(reader, "xlsx"))).active
    cells = [cell for cell in sheet[2] if cell.value]
    for text in [*line, *(str(cell.value) for cell in cells)]:
        assert not text.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert not any(cell.data_type == "f" for cell in cells)
    assert row.item_title.strip() in line[3]


def test_reading_all_of_it_takes_no_more_memory_for_many_than_for_few() -> None:
    def peak() -> int:
        tracemalloc.start()
        for _entry in Entries(Wanted()):
            pass
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    many(6000)
    peak()
    few = peak()
    many(15000)
    assert peak() < few * 1.5


# Who may read it


def test_it_is_read_by_superusers_and_by_those_who_were_given_the_right(
    admin_client: Client, reader: Client
) -> None:
    for client in (admin_client, reader):
        assert "Nhật ký quyết định" in shown(client)
        assert LOG in client.get(reverse("wagtailadmin_home")).content.decode()


def test_others_neither_see_it_nor_the_way_there(desk: Desk) -> None:
    assert Client().get(LOG).status_code == 302
    editor = browser(desk.editor)
    for address in (LOG, f"{LOG}?export=csv"):
        assert editor.get(address).status_code in (302, 403)
    assert LOG not in editor.get(reverse("wagtailadmin_home")).content.decode()


def test_the_right_can_be_given_in_the_form_of_a_group(admin_client: Client) -> None:
    right = Permission.objects.get(content_type__app_label="home", codename="view_decision_log")
    offered: set[int] = set()
    for hook in hooks.get_hooks("register_permissions"):
        offered |= set(hook().values_list("pk", flat=True))
    assert right.pk in offered


# Nobody changes it


def test_the_log_is_only_ever_read(admin_client: Client) -> None:
    cleared_row()
    for method in ("post", "put", "patch", "delete"):
        assert getattr(admin_client, method)(LOG).status_code == 405
    assert Clearance.objects.count() == 1


def admin_models() -> set[type]:
    """Every model some address of the site edits, by what its view says it is about."""

    def views(patterns: list[Any]) -> Any:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from views(pattern.url_patterns)
            elif isinstance(pattern, URLPattern):
                yield pattern.callback

    found = set()
    for callback in views(get_resolver().url_patterns):
        while callback is not None:
            given = getattr(callback, "view_initkwargs", {})
            found |= {given.get("model"), getattr(getattr(callback, "view_class", 0), "model", 0)}
            callback = getattr(callback, "__wrapped__", None)
    return {each for each in found if isinstance(each, type)}


def test_no_screen_of_the_admin_is_about_the_rows_of_the_log() -> None:
    assert ExhibitionPage in admin_models()  # or the search above finds nothing at all
    kept = [each for each in apps.get_models() if issubclass(each, AppendOnlyModel)]
    assert len(kept) >= 6
    assert not admin_models().intersection(kept)
    assert not apps.is_installed("django.contrib.admin")


@pytest.mark.parametrize(
    "address",
    [
        "/admin/bulk/exhibitions/clearance/delete/?id={pk}",
        "/admin/snippets/exhibitions/clearance/delete/{pk}/",
        "/admin/snippets/exhibitions/clearance/edit/{pk}/",
        "/admin/exhibitions/clearance/delete/{pk}/",
        "/admin/exhibitions/clearance/edit/{pk}/",
        "/admin/home/decisionlog/delete/{pk}/",
        "/admin/nhat-ky-quyet-dinh/{pk}/",
    ],
)
def test_a_superuser_finds_no_address_that_changes_or_removes_a_row(
    admin_client: Client, address: str
) -> None:
    row = cleared_row()
    answer = admin_client.post(address.format(pk=row.pk), {"item_title": "Khác"})
    assert answer.status_code == 404
    assert Clearance.objects.get().item_title == row.item_title


def test_the_rows_themselves_refuse_to_be_changed_or_removed() -> None:
    row = cleared_row()
    row.note = "Khác"
    for change in (
        row.save,
        row.delete,
        Clearance.objects.all().delete,
        lambda: Clearance.objects.update(note="Khác"),
    ):
        with pytest.raises(AppendOnlyError):
            change()
    assert Clearance.objects.get().note == ""


def test_deleting_what_a_decision_is_about_through_the_admin_leaves_its_row(
    admin_client: Client, hall: Hall
) -> None:
    before = Entries(Wanted()).count()
    item = hall.items[0]
    admin_client.post(reverse("wagtailadmin_pages:delete", args=[item.pk]))
    assert not ItemPage.objects.filter(pk=item.pk).exists()
    assert Entries(Wanted()).count() == before


def test_deleting_who_decided_leaves_the_row_with_the_name(
    admin_client: Client, approver: User
) -> None:
    row = cleared_row(by=approver, by_name="Ong Thị An")
    admin_client.post(reverse("wagtailusers_users:delete", args=[approver.pk]))
    assert not User.objects.filter(pk=approver.pk).exists()
    [entry] = Entries(ITEMS)
    assert (entry.by, Clearance.objects.get(pk=row.pk).by) == ("Ong Thị An", None)
