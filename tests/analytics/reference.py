"""The rules of counting as anybody would write them who has all the time in the world.

It knows people and not hashes, looks back over everything that has happened, and
remembers nothing between: what :mod:`analytics.rules` must agree with.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone

from analytics.journal import NO_CODE
from analytics.vocabulary import Kind, Metric, Reason, Source

HALF_MINUTE, HALF_HOUR = timedelta(seconds=30), timedelta(minutes=30)
VIET_NAM = timezone(timedelta(hours=7))
PORTAL = 0

OF_KIND = {
    Kind.VIEW: Metric.VIEWS,
    Kind.VIEW_WITHOUT_SCRIPT: Metric.VIEWS_WITHOUT_SCRIPT,
    Kind.IMPRESSION: Metric.IMPRESSIONS,
    Kind.CLICK: Metric.CLICKS,
    Kind.DOWNLOAD: Metric.DOWNLOADS,
}


@dataclass(frozen=True)
class Deed:
    """What somebody did. ``person`` is None for who asked not to be tracked."""

    at: datetime
    kind: Kind
    person: str | None
    page: int = 0
    code: bytes = NO_CODE
    source: Source = Source.UNKNOWN

    @property
    def subject(self) -> tuple[Kind, int, bytes]:
        """What it was done to. A view is a view, by whatever invitation somebody came."""
        return (self.kind, self.page, NO_CODE if self.kind is Kind.VIEW else self.code)

    @property
    def hour(self) -> int:
        """The beginning of its hour in milliseconds, as figures are kept."""
        return int(
            self.at.astimezone(UTC).replace(minute=0, second=0, microsecond=0).timestamp() * 1000
        )

    @property
    def day(self) -> date:
        """Its day in Viet Nam."""
        return self.at.astimezone(VIET_NAM).date()


Figures = Counter[tuple[int, int, int, int, bytes, int, bool]]
Dropped = Counter[tuple[int, int, int]]
Places = Mapping[int, tuple[int, int]]
"""As what each page is read, and in which exhibition; 0 for none."""


def is_alike(one: Deed, other: Deed) -> bool:
    """Whether the same person did the same thing."""
    return one.person == other.person and one.subject == other.subject


def count(told: Sequence[Deed], places: Places) -> tuple[Figures, Dropped]:
    """All figures of the deeds ``told``, and what was left out.

    They are in the order in which they happened: a clock may have been put back between.
    """
    halls = [places.get(each.page, (0, 0))[1] for each in told]
    # What is read through an alias is its source.
    deeds = [replace(each, page=places.get(each.page, (each.page, 0))[0]) for each in told]
    figures: Figures = Counter()
    dropped: Dropped = Counter()
    for number, deed in enumerate(deeds):
        before = deeds[:number]
        counted_for = NO_CODE if deed.kind is Kind.VIEW else deed.code
        source = Source.UNKNOWN if deed.kind is Kind.VIEW else deed.source
        if deed.person is None:
            if deed.kind is Kind.VIEW and deed.code != NO_CODE:
                brought = (PORTAL, PORTAL, deed.code, deed.source, True)
                figures[deed.hour, Metric.CONFIRMED_VISITS, *brought] += 1
        elif (
            last := next((each for each in reversed(before) if is_alike(each, deed)), None)
        ) and timedelta() <= deed.at - last.at <= HALF_MINUTE:
            dropped[deed.hour, deed.kind, Reason.REPEATED] += 1
            continue
        unmerged = deed.person is None
        of = (deed.page, halls[number], counted_for, source, unmerged)
        figures[deed.hour, OF_KIND[deed.kind], *of] += 1
    for person in {deed.person for deed in deeds if deed.person is not None}:
        views = [
            (deed, hall)
            for deed, hall in zip(deeds, halls, strict=True)
            if deed.person == person and deed.kind is Kind.VIEW
        ]
        figures += _of_visits([deed for deed, _hall in views], PORTAL)
        for hall in set(halls) - {0}:
            figures += _of_visits([deed for deed, its in views if its == hall], hall)
    return figures, dropped


def _of_visits(views: Sequence[Deed], scope: int) -> Figures:
    """Visits, confirmed visits and days of one person in one place."""
    figures: Figures = Counter()
    visits: list[list[Deed]] = []
    for view in views:
        if visits and view.at - visits[-1][-1].at <= HALF_HOUR:
            visits[-1].append(view)
        else:
            visits.append([view])
    for visit in visits:
        first = visit[0]
        figures[first.hour, Metric.VISITS, scope, scope, NO_CODE, first.source, False] += 1
        tagged = next((view for view in visit if view.code != NO_CODE), None)
        if tagged is not None:
            brought = (scope, scope, tagged.code, tagged.source, False)
            figures[tagged.hour, Metric.CONFIRMED_VISITS, *brought] += 1
    days: dict[date, Deed] = {}
    for view in views:
        days.setdefault(view.day, view)
    for first in days.values():
        figures[first.hour, Metric.VISITORS, scope, scope, NO_CODE, Source.UNKNOWN, False] += 1
    return figures
