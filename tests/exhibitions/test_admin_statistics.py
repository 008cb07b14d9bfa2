"""How an exhibition was read, on a screen of its own."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from analytics.models import CountedCode, CountedPage, DayFigure, OpeningBalance
from analytics.vocabulary import Metric
from tests import factories
from tests.exhibitions.test_admin_clearance import staff
from tests.portal import Hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(hall: Hall) -> Hall:
    """The hall with 120 views of an item this month, 1,000 last year, and 40 visits."""
    CountedCode.objects.create(code="")
    number = hall.exhibition.pk
    whole = CountedPage.objects.create(number=number, title="Triển lãm", exhibition=number)
    item = CountedPage.objects.create(
        number=hall.items[0].pk, title="Lời kêu gọi", exhibition=number, views=1120
    )
    here = {"exhibition": number, "code_id": ""}
    today = timezone.localdate()
    for day, views in ((today, 120), (today - timedelta(days=365), 1000)):
        DayFigure.objects.create(day=day, metric=Metric.VIEWS, page=item, count=views, **here)
    DayFigure.objects.create(day=today, metric=Metric.VISITS, page=whole, count=40, **here)
    OpeningBalance.objects.create(
        page=hall.exhibition,
        count=6800,
        unit="visits",
        qualifier="nearly",
        until=date(2023, 7, 14),
        origin="Trang cũ",
    )
    return hall


def screen(hall: Hall) -> str:
    return f"/admin/trien-lam/{hall.exhibition.pk}/thong-ke/"


def test_it_adds_up_the_exhibition_and_keeps_earlier_figures_apart(
    client: Client, read: Hall
) -> None:
    client.force_login(factories.UserFactory(is_superuser=True))
    html = client.get(screen(read)).content.decode()
    assert "1.120" in html and ">120<" in html.replace(" ", "").replace("\n", "")
    assert "gần 6.800 lượt người truy cập (đến 14/7/2023)" in html
    assert "6.840" not in html
    assert "Lời kêu gọi" in html


def test_an_item_that_was_moved_away_leaves_its_figures_here(client: Client, read: Hall) -> None:
    other = factories.ExhibitionPageFactory(parent=read.exhibition.get_parent().specific)
    part = factories.PartPageFactory(parent=other)
    read.items[0].move(part, pos="last-child")
    CountedPage.objects.filter(pk=read.items[0].pk).update(exhibition=other.pk)
    client.force_login(factories.UserFactory(is_superuser=True))
    html = client.get(screen(read)).content.decode()
    assert "1.120" in html and "Lời kêu gọi" in html
    there = client.get(f"/admin/trien-lam/{other.pk}/thong-ke/").content.decode()
    assert "1.120" not in there and "Lời kêu gọi" not in there


def test_every_figure_is_explained_beside_it(client: Client, read: Hall) -> None:
    client.force_login(factories.UserFactory(is_superuser=True))
    html = client.get(screen(read)).content.decode()
    assert "30 giây" in html and "30 phút" in html


def test_an_editor_of_the_exhibition_sees_it_and_a_stranger_does_not(
    client: Client, read: Hall
) -> None:
    client.force_login(staff("bientap", read.exhibition))
    assert client.get(screen(read)).status_code == 200
    elsewhere = factories.ExhibitionPageFactory(parent=read.exhibition.get_parent().specific)
    client.force_login(staff("nguoikhac", elsewhere))
    assert client.get(screen(read)).status_code in (302, 403)
