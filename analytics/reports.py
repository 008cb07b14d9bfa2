"""Figures as they are asked for: of a page, of an exhibition, of invitations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from wagtail.models import Page

from analytics.models import (
    WHOLE_PORTAL,
    BalanceUnit,
    CountedPage,
    DayFigure,
    OpeningBalance,
    Sighting,
)
from analytics.vocabulary import Metric


@dataclass(frozen=True)
class CodeFigures:
    """What came of an invitation. ``seen_at`` is when, on a registered site, it last showed."""

    downloads: int = 0
    impressions: int = 0
    clicks: int = 0
    confirmed_visits: int = 0
    confirmed_unmerged: int = 0
    seen_at: datetime | None = None
    seen_host: str = ""

    def __add__(self, other: CodeFigures) -> CodeFigures:
        """Both together, seen where it was seen last."""
        latest = max(self, other, key=lambda each: each.seen_at.timestamp() if each.seen_at else 0)
        return CodeFigures(
            downloads=self.downloads + other.downloads,
            impressions=self.impressions + other.impressions,
            clicks=self.clicks + other.clicks,
            confirmed_visits=self.confirmed_visits + other.confirmed_visits,
            confirmed_unmerged=self.confirmed_unmerged + other.confirmed_unmerged,
            seen_at=latest.seen_at,
            seen_host=latest.seen_host,
        )


@dataclass(frozen=True)
class PageFigures:
    """How an exhibition, or the portal, was read."""

    views: int = 0
    views_without_script: int = 0
    views_unmerged: int = 0
    visits: int = 0
    visitors: int = 0
    confirmed_visits: int = 0
    balances: list[OpeningBalance] = field(default_factory=list)


def _between(
    figures: QuerySet[DayFigure], first: date | None, last: date | None
) -> QuerySet[DayFigure]:
    if first is not None:
        figures = figures.filter(day__gte=first)
    if last is not None:
        figures = figures.filter(day__lte=last)
    return figures


def with_views(pages: QuerySet[Page]) -> QuerySet[Page]:
    """``pages`` with ``counted_views``: what :func:`views_of` says, in the same query."""
    own = CountedPage.objects.filter(number=OuterRef("pk")).values("views")
    before = OpeningBalance.objects.filter(page=OuterRef("pk"), unit=BalanceUnit.VIEWS)
    return pages.annotate(
        counted_views=Coalesce(Subquery(own), 0) + Coalesce(Subquery(before.values("count")), 0)
    )


def views_of(page_number: int) -> int:
    """All views of a page so far, those an earlier site counted included; 0 for no page."""
    found = with_views(Page.objects.filter(pk=page_number))
    return found.values_list("counted_views", flat=True).first() or 0


def opening_balances(page_number: int) -> list[OpeningBalance]:
    """What earlier sites counted for a page, each in its own unit."""
    return list(OpeningBalance.objects.filter(page=page_number).order_by("unit"))


_CODE_METRICS = {
    Metric.DOWNLOADS: "downloads",
    Metric.IMPRESSIONS: "impressions",
    Metric.CLICKS: "clicks",
}


def figures_of_codes(
    codes: Iterable[str], first: date | None = None, last: date | None = None
) -> dict[str, CodeFigures]:
    """The figures of each of ``codes`` from ``first`` to ``last``, both days included.

    Two queries for any number of codes; a code nothing is known of has zeros.
    """
    wanted = list(codes)
    found = dict.fromkeys(wanted, CodeFigures())
    figures = DayFigure.objects.filter(code__in=wanted, page=WHOLE_PORTAL)
    sums = _between(figures, first, last).values_list("code", "metric", "unmerged")
    for code, metric, unmerged, count in sums.annotate(total=Sum("count")).order_by():
        found[code] = _with(found[code], Metric(metric), unmerged, count)
    sightings = Sighting.objects.filter(code__in=wanted).order_by("last_at")
    for code, host, at in sightings.values_list("code", "host", "last_at"):
        found[code] = replace(found[code], seen_at=at, seen_host=host)
    return found


def _with(figures: CodeFigures, metric: Metric, unmerged: bool, count: int) -> CodeFigures:
    if metric is Metric.CONFIRMED_VISITS:
        name = "confirmed_unmerged" if unmerged else "confirmed_visits"
    elif metric in _CODE_METRICS:
        name = _CODE_METRICS[metric]
    else:
        return figures
    return replace(figures, **{name: getattr(figures, name) + count})


def figures_of_exhibition(
    number: int, first: date | None = None, last: date | None = None
) -> PageFigures:
    """How the exhibition with page ``number`` was read, its Parts and items included.

    What was read in it stays with it, wherever the page has been moved since.
    """
    figures = _between(DayFigure.objects.filter(exhibition=number), first, last)
    return _page_figures(figures, figures, opening_balances(number))


def figures_of_portal(first: date | None = None, last: date | None = None) -> PageFigures:
    """How the portal as a whole was read."""
    figures = _between(DayFigure.objects.all(), first, last)
    return _page_figures(figures, figures.filter(page=WHOLE_PORTAL), [])


def _page_figures(
    views: QuerySet[DayFigure], visits: QuerySet[DayFigure], balances: list[OpeningBalance]
) -> PageFigures:
    seen = _sums(views.filter(metric__in=[Metric.VIEWS, Metric.VIEWS_WITHOUT_SCRIPT]))
    came = _sums(
        visits.filter(metric__in=[Metric.VISITS, Metric.VISITORS, Metric.CONFIRMED_VISITS])
    )
    without_script = Metric.VIEWS_WITHOUT_SCRIPT
    return PageFigures(
        views=seen.get((Metric.VIEWS, False), 0),
        views_unmerged=seen.get((Metric.VIEWS, True), 0),
        views_without_script=seen.get((without_script, False), 0)
        + seen.get((without_script, True), 0),
        visits=came.get((Metric.VISITS, False), 0),
        visitors=came.get((Metric.VISITORS, False), 0),
        confirmed_visits=came.get((Metric.CONFIRMED_VISITS, False), 0),
        balances=balances,
    )


def _sums(figures: QuerySet[DayFigure]) -> dict[tuple[int, bool], int]:
    rows = figures.values_list("metric", "unmerged").annotate(total=Sum("count")).order_by()
    return {(metric, unmerged): total for metric, unmerged, total in rows}


@dataclass(frozen=True)
class ViewedPage:
    """A page and how often it was viewed."""

    number: int
    title: str
    views: int


def most_viewed(exhibition: int, limit: int) -> list[ViewedPage]:
    """The pages that were viewed most in an exhibition, at most ``limit``."""
    views = DayFigure.objects.filter(exhibition=exhibition, metric=Metric.VIEWS, unmerged=False)
    rows = views.values_list("page_id", "page__title").annotate(total=Sum("count"))
    return [ViewedPage(*row) for row in rows.order_by("-total", "page_id")[:limit]]
