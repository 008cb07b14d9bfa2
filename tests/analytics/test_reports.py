"""Figures as they are asked for: each is what its definition says, and adds up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from wagtail.models import Page

from analytics import reports
from analytics.definitions import definitions
from analytics.models import (
    BalanceQualifier,
    BalanceUnit,
    CountedCode,
    CountedPage,
    DayFigure,
    OpeningBalance,
    Sighting,
)
from analytics.reports import CodeFigures, PageFigures, ViewedPage
from analytics.vocabulary import Metric, Source
from tests import factories
from tests.portal import Hall

pytestmark = pytest.mark.django_db

MARCH = [date(2026, 3, day) for day in range(1, 32)]


@pytest.fixture
def counted(hall: Hall) -> Callable[..., None]:
    """Have a figure of a day: ``counted(VIEWS, 5, page=hall.exhibition)``.

    It is of the exhibition in which the page stands, unless another is named.
    """
    CountedPage.objects.create(number=0)
    CountedCode.objects.bulk_create(
        [CountedCode(code=code) for code in ("", "AAAAAAAA", "BBBBBBBB")]
    )

    def counted(
        metric: Metric,
        count: int,
        *,
        page: Page | None = None,
        exhibition: Page | None = None,
        code: str = "",
        day: date = MARCH[15],
        source: Source = Source.UNKNOWN,
        unmerged: bool = False,
    ) -> None:
        number = page.pk if page else 0
        CountedPage.objects.get_or_create(
            number=number, defaults={"title": page.title if page else ""}
        )
        if exhibition is None and page is not None and page.path.startswith(hall.exhibition.path):
            exhibition = hall.exhibition
        DayFigure.objects.create(
            day=day,
            metric=metric,
            page_id=number,
            exhibition=exhibition.pk if exhibition else 0,
            code_id=code,
            count=count,
            source=source,
            unmerged=unmerged,
        )

    return counted


def balance(page: Page, count: int, unit: BalanceUnit, **more: Any) -> OpeningBalance:
    return OpeningBalance.objects.create(page=page, count=count, unit=unit, origin="Báo", **more)


class TestViewsOfAPage:
    def test_views_an_earlier_site_counted_are_included(self, hall: Hall) -> None:
        CountedPage.objects.create(number=hall.exhibition.pk, views=20)
        balance(hall.exhibition, 415, BalanceUnit.VIEWS)
        assert reports.views_of(hall.exhibition.pk) == 435

    def test_visits_it_counted_never_are(self, hall: Hall) -> None:
        CountedPage.objects.create(number=hall.exhibition.pk, views=20)
        balance(hall.exhibition, 6800, BalanceUnit.VISITS, qualifier=BalanceQualifier.NEARLY)
        assert reports.views_of(hall.exhibition.pk) == 20

    def test_both_can_stand_beside_each_other_in_their_own_units(self, hall: Hall) -> None:
        balance(hall.exhibition, 415, BalanceUnit.VIEWS)
        balance(hall.exhibition, 6800, BalanceUnit.VISITS)
        assert reports.views_of(hall.exhibition.pk) == 415
        assert [each.count for each in reports.opening_balances(hall.exhibition.pk)] == [415, 6800]

    def test_a_page_nobody_has_viewed_has_none(self, hall: Hall) -> None:
        assert reports.views_of(hall.exhibition.pk) == 0
        assert reports.views_of(987_654) == 0

    def test_a_list_of_pages_is_asked_in_one_query(
        self, hall: Hall, django_assert_num_queries: Any
    ) -> None:
        CountedPage.objects.create(number=hall.items[0].pk, views=3)
        balance(hall.items[1], 10, BalanceUnit.VIEWS)
        with django_assert_num_queries(1):
            pages = reports.with_views(Page.objects.filter(pk__in=[p.pk for p in hall.items]))
            views = {page.pk: page.counted_views for page in pages}
        assert views == dict(zip([p.pk for p in hall.items], [3, 10, 0, 0], strict=True))


class TestExhibition:
    def test_its_parts_and_items_are_included_and_other_pages_are_not(
        self, hall: Hall, counted: Callable[..., None]
    ) -> None:
        counted(Metric.VIEWS, 5, page=hall.exhibition)
        counted(Metric.VIEWS, 7, page=hall.items[0])
        other = factories.StandardPageFactory(parent=hall.exhibition.get_parent().get_parent())
        counted(Metric.VIEWS, 100, page=other)
        assert reports.figures_of_exhibition(hall.exhibition.pk).views == 12

    def test_what_was_read_before_a_page_was_moved_stays_with_the_exhibition_it_stood_in(
        self, hall: Hall, counted: Callable[..., None]
    ) -> None:
        item = hall.items[0]
        other = factories.ExhibitionPageFactory(parent=hall.exhibition.get_parent().specific)
        part = factories.PartPageFactory(parent=other)
        counted(Metric.VIEWS, 5000, page=item, day=MARCH[0])
        counted(Metric.VIEWS_WITHOUT_SCRIPT, 7, page=item, day=MARCH[0])
        item.move(part, pos="last-child")
        CountedPage.objects.filter(pk=item.pk).update(exhibition=other.pk)
        counted(Metric.VIEWS, 30, page=item, exhibition=other, day=MARCH[1])
        before = reports.figures_of_exhibition(hall.exhibition.pk)
        after = reports.figures_of_exhibition(other.pk)
        assert (before.views, before.views_without_script) == (5000, 7)
        assert (after.views, after.views_without_script) == (30, 0)
        assert reports.figures_of_portal().views == 5030

    def test_visits_are_those_to_it_and_not_to_each_of_its_pages(
        self, hall: Hall, counted: Callable[..., None]
    ) -> None:
        counted(Metric.VISITS, 4, page=hall.exhibition, source=Source.AGENCY)
        counted(Metric.VISITS, 2, page=hall.exhibition, source=Source.SEARCH)
        counted(Metric.VISITORS, 3, page=hall.exhibition)
        counted(Metric.VISITS, 50)
        counted(Metric.CONFIRMED_VISITS, 2, page=hall.exhibition, code="AAAAAAAA")
        counted(Metric.CONFIRMED_VISITS, 9, code="AAAAAAAA")
        figures = reports.figures_of_exhibition(hall.exhibition.pk)
        assert (figures.visits, figures.visitors, figures.confirmed_visits) == (6, 3, 2)

    def test_what_is_counted_apart_stays_apart(
        self, hall: Hall, counted: Callable[..., None]
    ) -> None:
        counted(Metric.VIEWS, 5, page=hall.exhibition)
        counted(Metric.VIEWS, 3, page=hall.exhibition, unmerged=True)
        counted(Metric.VIEWS_WITHOUT_SCRIPT, 2, page=hall.exhibition)
        counted(Metric.VIEWS_WITHOUT_SCRIPT, 1, page=hall.exhibition, unmerged=True)
        figures = reports.figures_of_exhibition(hall.exhibition.pk)
        assert figures == PageFigures(views=5, views_unmerged=3, views_without_script=3)

    @pytest.mark.parametrize(
        ("first", "last", "views"),
        [
            (None, None, 31),
            (MARCH[9], MARCH[19], 11),
            (MARCH[30], None, 1),
            (None, MARCH[0], 1),
            (MARCH[5], MARCH[5], 1),
            (MARCH[6], MARCH[5], 0),
        ],
    )
    def test_both_days_of_a_range_belong_to_it(
        self,
        hall: Hall,
        counted: Callable[..., None],
        first: date | None,
        last: date | None,
        views: int,
    ) -> None:
        for day in MARCH:
            counted(Metric.VIEWS, 1, page=hall.exhibition, day=day)
        assert reports.figures_of_exhibition(hall.exhibition.pk, first, last).views == views

    def test_the_portal_as_a_whole_is_all_views_and_its_own_visits(
        self, hall: Hall, counted: Callable[..., None]
    ) -> None:
        counted(Metric.VIEWS, 5, page=hall.exhibition)
        counted(Metric.VIEWS, 6, page=hall.items[0])
        counted(Metric.VISITS, 3)
        counted(Metric.VISITS, 2, page=hall.exhibition)
        figures = reports.figures_of_portal()
        assert (figures.views, figures.visits) == (11, 3)


class TestMostViewed:
    def test_it_is_what_was_viewed_in_the_exhibition_and_not_elsewhere(
        self, hall: Hall, counted: Callable[..., None]
    ) -> None:
        first, second, *_rest = hall.items
        other = factories.ExhibitionPageFactory(parent=hall.exhibition.get_parent().specific)
        counted(Metric.VIEWS, 5, page=first, day=MARCH[0])
        counted(Metric.VIEWS, 6, page=first, day=MARCH[1])
        counted(Metric.VIEWS, 90, page=first, day=MARCH[1], exhibition=other)
        counted(Metric.VIEWS, 20, page=second)
        counted(Metric.VIEWS, 50, page=first, unmerged=True)
        counted(Metric.VISITS, 70, page=hall.exhibition)
        assert reports.most_viewed(hall.exhibition.pk, 10) == [
            ViewedPage(second.pk, second.title, 20),
            ViewedPage(first.pk, first.title, 11),
        ]
        assert len(reports.most_viewed(hall.exhibition.pk, 1)) == 1


class TestCodes:
    def test_each_invitation_has_its_own_figures_and_none_of_anothers(
        self, hall: Hall, counted: Callable[..., None]
    ) -> None:
        counted(Metric.DOWNLOADS, 1, code="AAAAAAAA")
        counted(Metric.IMPRESSIONS, 20, code="AAAAAAAA")
        counted(Metric.CLICKS, 3, code="AAAAAAAA", source=Source.AGENCY)
        counted(Metric.CLICKS, 2, code="AAAAAAAA", source=Source.ZALO)
        counted(Metric.CONFIRMED_VISITS, 4, code="AAAAAAAA")
        counted(Metric.CONFIRMED_VISITS, 1, code="AAAAAAAA", unmerged=True)
        counted(Metric.CONFIRMED_VISITS, 4, code="AAAAAAAA", page=hall.exhibition)
        counted(Metric.CLICKS, 99, code="BBBBBBBB")
        found = reports.figures_of_codes(["AAAAAAAA", "CCCCCCCC"])
        assert found == {
            "AAAAAAAA": CodeFigures(
                downloads=1, impressions=20, clicks=5, confirmed_visits=4, confirmed_unmerged=1
            ),
            "CCCCCCCC": CodeFigures(),
        }

    def test_they_are_those_of_the_days_asked_for(
        self, hall: Hall, counted: Callable[..., None]
    ) -> None:
        for day in MARCH:
            counted(Metric.CLICKS, 1, code="AAAAAAAA", day=day)
        found = reports.figures_of_codes(["AAAAAAAA"], MARCH[0], MARCH[9])
        assert found["AAAAAAAA"].clicks == 10

    def test_it_was_seen_where_it_was_seen_last(
        self, hall: Hall, counted: Callable[..., None]
    ) -> None:
        for host, day in (("moi.vn", 9), ("cu.vn", 3)):
            at = datetime(2026, 3, day, tzinfo=UTC)
            Sighting.objects.create(code_id="AAAAAAAA", host=host, first_at=at, last_at=at)
        found = reports.figures_of_codes(["AAAAAAAA"])["AAAAAAAA"]
        assert (found.seen_host, found.seen_at) == ("moi.vn", datetime(2026, 3, 9, tzinfo=UTC))

    def test_any_number_of_them_takes_two_queries(
        self, hall: Hall, django_assert_num_queries: Any
    ) -> None:
        with django_assert_num_queries(2):
            reports.figures_of_codes([f"{number:08}" for number in range(200)])

    def test_figures_of_several_add_up_and_keep_the_last_sighting(self) -> None:
        early, late = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)
        first = CodeFigures(1, 2, 3, 4, 5, late, "moi.vn")
        second = CodeFigures(10, 20, 30, 40, 50, early, "cu.vn")
        both = CodeFigures(11, 22, 33, 44, 55, late, "moi.vn")
        assert first + second == second + first == both
        assert CodeFigures() + first == first


class TestOpeningBalance:
    def test_it_is_told_as_it_was_published(self, hall: Hall) -> None:
        visits = balance(
            hall.exhibition,
            6800,
            BalanceUnit.VISITS,
            qualifier=BalanceQualifier.NEARLY,
            until=date(2023, 7, 14),
        )
        assert "6.800" in str(visits)
        assert "14/7/2023" in str(visits)
        views = balance(hall.exhibition, 415, BalanceUnit.VIEWS)
        assert "415" in str(views)
        assert str(views) != str(visits).replace("6.800", "415")

    def test_an_exhibitions_figures_carry_it_and_do_not_add_it(
        self, hall: Hall, counted: Callable[..., None]
    ) -> None:
        counted(Metric.VISITS, 3, page=hall.exhibition)
        visits = balance(hall.exhibition, 6800, BalanceUnit.VISITS)
        figures = reports.figures_of_exhibition(hall.exhibition.pk)
        assert figures.visits == 3
        assert figures.balances == [visits]


def test_every_figure_has_a_definition_in_words() -> None:
    told = definitions()
    assert len({each.term for each in told}) == len(told) >= len(Metric)
    assert all(each.rule for each in told)
