"""The rules of counting as anybody would write them who has all the time in the world.

It knows people and not hashes, looks back over everything that has happened, and
remembers nothing between: what :mod:`analytics.rules` must agree with.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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


Figures = Counter[tuple[int, int, int, bytes, int, bool]]
Dropped = Counter[tuple[int, int, int]]


def count(deeds: Sequence[Deed], exhibitions: Mapping[int, int]) -> tuple[Figures, Dropped]:
    """All figures of ``deeds``, which are in order of time, and what was left out."""
    figures: Figures = Counter()
    dropped: Dropped = Counter()
    for number, deed in enumerate(deeds):
        before = deeds[:number]
        counted_for = NO_CODE if deed.kind is Kind.VIEW else deed.code
        source = Source.UNKNOWN if deed.kind is Kind.VIEW else deed.source
        if deed.person is None:
            if deed.kind is Kind.VIEW and deed.code != NO_CODE:
                arrival = (deed.hour, Metric.CONFIRMED_VISITS, PORTAL, deed.code, deed.source, True)
                figures[arrival] += 1
        elif any(
            each.person == deed.person
            and each.subject == deed.subject
            and deed.at - each.at <= HALF_MINUTE
            for each in before
        ):
            dropped[deed.hour, deed.kind, Reason.REPEATED] += 1
            continue
        unmerged = deed.person is None
        figures[deed.hour, OF_KIND[deed.kind], deed.page, counted_for, source, unmerged] += 1
    people = {deed.person for deed in deeds if deed.person is not None}
    for person in people:
        views = [each for each in deeds if each.person == person and each.kind is Kind.VIEW]
        figures += _of_visits(views, PORTAL)
        for hall in set(exhibitions.values()):
            figures += _of_visits(
                [each for each in views if exhibitions.get(each.page) == hall], hall
            )
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
        figures[first.hour, Metric.VISITS, scope, NO_CODE, first.source, False] += 1
        tagged = next((view for view in visit if view.code != NO_CODE), None)
        if tagged is not None:
            key = (tagged.hour, Metric.CONFIRMED_VISITS, scope, tagged.code, tagged.source, False)
            figures[key] += 1
    days: dict[date, Deed] = {}
    for view in views:
        days.setdefault(view.day, view)
    for first in days.values():
        figures[first.hour, Metric.VISITORS, scope, NO_CODE, Source.UNKNOWN, False] += 1
    return figures
