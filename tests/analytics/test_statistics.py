"""The lists of figures in the admin: read, filtered, searched, exported, and never edited."""

from __future__ import annotations

import codecs
import csv
import io
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from analytics.listings import PERIODS
from analytics.models import (
    CountedCode,
    CountedPage,
    DayFigure,
    DroppedFigure,
    OpeningBalance,
    SaltDestruction,
)
from analytics.vocabulary import Kind, Metric, Reason, Source
from core.models import User
from home.models import HomePage
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "/admin/analytics/dayfigure/"
COLUMNS = {
    "dayfigure": [
        "Ngày",
        "Chỉ tiêu",
        "Trang",
        "Triển lãm",
        "Theo đường dẫn của",
        "Mã",
        "Đến từ",
        "Yêu cầu không theo dõi",
        "Số",
    ],
    "droppedfigure": ["Ngày", "Loại", "Lý do", "Số"],
    "saltdestruction": ["Ngày", "Hủy khóa lúc", "Sự kiện trong ngày"],
}
"""Of each list the columns of its export."""


def officer(*rights: str) -> User:
    """Somebody who may enter the admin and has ``rights`` of the analytics app besides."""
    user: User = factories.UserFactory()
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    user.user_permissions.add(
        *Permission.objects.filter(content_type__app_label="analytics", codename__in=rights)
    )
    return user


@pytest.fixture
def figures(home: HomePage) -> DayFigure:
    """6,800 views of one exhibit today, and a click by the invitation of xã Thất Khê."""
    CountedPage.objects.create(number=0)
    CountedCode.objects.create(code="")
    CountedPage.objects.create(number=5, title="Lạng Sơn 75 năm", exhibition=5)
    CountedPage.objects.create(number=6, title="Triển lãm khác", exhibition=6)
    # It has been moved since it was viewed.
    page = CountedPage.objects.create(number=7, title="Lời kêu gọi thi đua ái quốc", exhibition=6)
    code = CountedCode.objects.create(code="7Q2KABCD", organisation_name="UBND xã Thất Khê")
    today = timezone.localdate()
    DayFigure.objects.create(day=today, metric=Metric.CLICKS, page_id=0, code=code, count=3)
    return DayFigure.objects.create(
        day=today, metric=Metric.VIEWS, page=page, exhibition=5, code_id="", count=6800
    )


@pytest.fixture
def reader(client: Client, figures: DayFigure) -> Client:
    client.force_login(officer("view_dayfigure", "view_droppedfigure", "view_saltdestruction"))
    return client


def downloaded(client: Client, address: str) -> bytes:
    answer = client.get(address)
    return answer.getvalue()


def exported(client: Client, address: str) -> list[dict[str, str]]:
    """The rows of a list as Excel reads them, by the names of their columns."""
    text = downloaded(client, f"{address}?export=csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def exported_cells(client: Client, address: str) -> list[tuple[Any, ...]]:
    """The rows of a list as a workbook, the names of the columns first."""
    workbook = load_workbook(io.BytesIO(downloaded(client, f"{address}?export=xlsx")))
    return list(workbook.active.iter_rows(values_only=True))


def test_the_list_prints_numbers_and_days_as_the_office_writes_them(reader: Client) -> None:
    html = reader.get(LIST).content.decode()
    assert "6.800" in html
    assert timezone.localdate().strftime("%d/%m/%Y") in html
    assert "Lời kêu gọi thi đua ái quốc" in html
    assert "Lạng Sơn 75 năm" in html and "Triển lãm khác" not in html


@pytest.mark.parametrize(
    ("query", "views", "clicks"),
    [
        ("keu goi", True, False),
        ("THAT KHE", False, True),
        ("khong co", False, False),
        ("lang son", True, False),
        ("keu goi lang son", True, False),
        # The exhibition it was moved to.
        ("trien lam khac", False, False),
    ],
)
def test_a_search_needs_no_marks_and_finds_pages_and_agencies(
    reader: Client, query: str, views: bool, clicks: bool
) -> None:
    html = reader.get(LIST, {"q": query}).content.decode()
    assert ("6.800" in html) is views
    assert ("UBND xã Thất Khê" in html) is clicks


def test_the_list_can_be_kept_to_one_figure_and_one_period(reader: Client) -> None:
    html = reader.get(LIST, {"metric__exact": str(Metric.CLICKS.value)}).content.decode()
    assert "UBND xã Thất Khê" in html and "6.800" not in html
    html = reader.get(LIST, {"period": "last_month"}).content.decode()
    assert "6.800" not in html
    assert "6.800" in reader.get(LIST, {"period": "today"}).content.decode()


def test_the_reporting_month_closes_on_the_14th() -> None:
    month = PERIODS["reporting_month"][1]
    assert month(date(2026, 11, 14)) == (date(2026, 10, 15), date(2026, 11, 14))
    assert month(date(2026, 11, 15)) == (date(2026, 11, 15), date(2026, 12, 14))
    assert month(date(2027, 1, 3)) == (date(2026, 12, 15), date(2027, 1, 14))


def test_the_export_is_whole_and_no_title_becomes_a_formula(
    reader: Client, figures: DayFigure
) -> None:
    CountedPage.objects.filter(pk=7).update(title='=HYPERLINK("http://x")')
    rows = exported(reader, LIST)
    assert len(rows) == 2
    values = [value for row in rows for value in row.values()]
    assert '\'=HYPERLINK("http://x")' in values
    assert "6800" in values and "7Q2KABCD" in values
    assert len(exported_cells(reader, LIST)) == 3


@pytest.mark.parametrize(("name", "columns"), COLUMNS.items(), ids=COLUMNS.keys())
def test_an_export_names_its_columns_in_vietnamese_and_excel_can_read_them(
    reader: Client, name: str, columns: list[str]
) -> None:
    address = f"/admin/analytics/{name}/"
    file = downloaded(reader, f"{address}?export=csv")
    assert file.startswith(codecs.BOM_UTF8)
    assert file.decode("utf-8-sig").splitlines()[0] == ",".join(columns)
    assert exported_cells(reader, address)[0] == tuple(columns)


def test_an_export_says_yes_and_no_in_vietnamese(reader: Client, figures: DayFigure) -> None:
    figures.pk, figures.unmerged = None, True
    figures.save()
    said = [row["Yêu cầu không theo dõi"] for row in exported(reader, LIST)]
    assert sorted(said) == ["Có", "Không", "Không"]
    of_clicks = next(row for row in exported(reader, LIST) if row["Mã"] == "7Q2KABCD")
    assert of_clicks["Triển lãm"] == "–"


def test_an_export_says_when_a_key_was_destroyed_by_the_clocks_of_viet_nam(
    reader: Client,
) -> None:
    SaltDestruction.objects.create(
        day=date(2026, 11, 24), destroyed_at=datetime(2026, 11, 24, 17, 31, 5, 99, UTC), events=0
    )
    address = "/admin/analytics/saltdestruction/"
    assert exported(reader, address) == [
        {"Ngày": "2026-11-24", "Hủy khóa lúc": "2026-11-25 00:31:05", "Sự kiện trong ngày": "0"}
    ]
    [_head, (_day, destroyed_at, events)] = exported_cells(reader, address)
    assert destroyed_at == datetime(2026, 11, 25, 0, 31, 5)
    assert events == 0
    assert "00:31 25/11/2026" in reader.get(address).content.decode()


@pytest.mark.parametrize("name", COLUMNS)
def test_an_empty_list_says_so_in_vietnamese(client: Client, home: HomePage, name: str) -> None:
    client.force_login(factories.UserFactory(is_superuser=True))
    html = client.get(f"/admin/analytics/{name}/").content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    said = " ".join(re.sub(r"<(script|style|svg).*?</\1>|<[^>]+>", " ", main, flags=re.S).split())
    assert "Chưa có" in said
    for english in ("No ", "Why not", "created", "yet", "out of", "Search", "Download", "Page"):
        assert english not in main, said


def test_what_was_not_counted_is_listed_with_its_reason(reader: Client) -> None:
    DroppedFigure.objects.create(
        day=timezone.localdate(), kind=Kind.VIEW, reason=Reason.ROBOT, count=1234
    )
    html = reader.get("/admin/analytics/droppedfigure/").content.decode()
    assert "1.234" in html and str(Reason.ROBOT.label) in html


def test_the_destruction_of_keys_can_be_shown_to_an_auditor(reader: Client) -> None:
    SaltDestruction.objects.create(day=date(2026, 11, 24), destroyed_at=timezone.now(), events=9876)
    html = reader.get("/admin/analytics/saltdestruction/").content.decode()
    assert "24/11/2026" in html


def test_nobody_edits_adds_or_removes_a_figure(client: Client, figures: DayFigure) -> None:
    client.force_login(factories.UserFactory(is_superuser=True))
    html = client.get(LIST).content.decode()
    assert "/create/" not in html and "/edit/" not in html and "/delete/" not in html
    for way in ("create/", f"edit/{figures.pk}/", f"delete/{figures.pk}/", "edit/x/", "delete/x/"):
        assert client.post(f"{LIST}{way}", {"count": "1"}).status_code == 404
    figures.refresh_from_db()
    assert figures.count == 6800
    assert DayFigure.objects.count() == 2


def test_who_was_not_given_the_right_sees_no_figures(client: Client, figures: DayFigure) -> None:
    client.force_login(officer())
    assert client.get(LIST).status_code in (302, 403)
    assert client.get(f"{LIST}?export=csv").status_code in (302, 403)


def test_the_list_costs_the_same_for_ten_rows_and_for_forty(
    reader: Client, figures: DayFigure, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    def queries(rows: int) -> int:
        DayFigure.objects.filter(source=Source.ZALO).delete()
        for number in range(rows):
            page = CountedPage.objects.get_or_create(number=1000 + number)[0]
            DayFigure.objects.create(
                day=figures.day, metric=1, page=page, code_id="", source=Source.ZALO, count=1
            )
        with django_assert_max_num_queries(40) as captured:  # type: ignore[operator]
            reader.get(LIST)
        return len(captured)

    assert queries(10) == queries(40)


def test_an_earlier_figure_is_said_in_its_own_unit(home: HomePage) -> None:
    balance = OpeningBalance(
        page=home, count=6800, unit="visits", qualifier="nearly", until=date(2023, 7, 14)
    )
    assert balance.sentence == "gần 6.800 lượt người truy cập (đến 14/7/2023)"
