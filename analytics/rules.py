"""The rules of counting, applied to events in order of time.

Pure: events in, figures out, and between them only what has to be remembered of the last
half hour. Nothing here reads a clock, a file or a database.

- The same visitor at the same page (or code) within 30 seconds counts once, and every
  repeat begins the 30 seconds anew (COUNTER R5.1, 7.2).
- Views of one visitor with gaps of at most 30 minutes are one visit. It belongs to the
  day it began, and to the first invitation that brought the visitor within it.
- Readers who asked not to be tracked have no hash: their repeats are not merged, they
  have no visits, and they are counted apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from analytics.journal import NO_CODE, EventFields
from analytics.vocabulary import Kind, Metric, Reason, Source

REPEAT_MS = 30_000
VISIT_GAP_MS = 30 * 60_000
HOUR_MS = 3_600_000
SWEEP_MS = 5 * 60_000
DAY_MS = 24 * HOUR_MS
WHOLE_PORTAL = 0

# Asia/Ho_Chi_Minh has been seven hours ahead of UTC, without daylight saving, since 1975.
DAY_BEGINS_MS = 7 * HOUR_MS

# As plain numbers: a member of an enumeration takes five times as long to look up by.
VIEW = Kind.VIEW.value
VIEWS, VISITS, VISITORS = Metric.VIEWS.value, Metric.VISITS.value, Metric.VISITORS.value
CONFIRMED_VISITS = Metric.CONFIRMED_VISITS.value
REPEATED = Reason.REPEATED.value
ANY_SOURCE = Source.UNKNOWN.value
METRIC_OF = {
    Kind.VIEW.value: Metric.VIEWS.value,
    Kind.VIEW_WITHOUT_SCRIPT.value: Metric.VIEWS_WITHOUT_SCRIPT.value,
    Kind.IMPRESSION.value: Metric.IMPRESSIONS.value,
    Kind.CLICK.value: Metric.CLICKS.value,
    Kind.DOWNLOAD.value: Metric.DOWNLOADS.value,
}

FigureKey = tuple[int, int, int, bytes, int, bool]
"""What a figure is of: the beginning of its hour in milliseconds, metric, page, code,
source, and whether its readers asked not to be tracked."""

DroppedKey = tuple[int, int, int]
"""What was not counted: the hour in which it came, its kind, and the reason."""

SightingKey = tuple[bytes, int]
"""Something of a code seen on a registered host, by the number of the host's row."""


@dataclass
class Tally:
    """What some events come to."""

    figures: Counter[FigureKey] = field(default_factory=Counter)
    dropped: Counter[DroppedKey] = field(default_factory=Counter)
    sightings: dict[SightingKey, int] = field(default_factory=dict)
    """The newest moment of each, in milliseconds."""


def hour_of(moment: int) -> int:
    """The beginning of the hour of ``moment``, both in milliseconds."""
    return moment - moment % HOUR_MS


def local_day_number(moment: int) -> int:
    """The number of the local day of ``moment``: equal for two moments of the same day."""
    return (moment + DAY_BEGINS_MS) // DAY_MS


class Counting:
    """Applies the rules to events given in order of time, and remembers what they need.

    What it remembers can be had again from the journal: whoever has lost it applies the
    day's events once more and throws the tally away.
    """

    def __init__(self) -> None:
        self._seen: dict[tuple[int, object], int] = {}
        """When a reader last saw a page, or did the same with the same code."""
        self._visits: dict[tuple[int, int], int] = {}
        """When a reader last viewed something of the portal, or of an exhibition."""
        self._credited: set[tuple[int, int]] = set()
        """The visits going on that have been credited to an invitation."""
        self._known_as: dict[int, int] = {}
        """The hash under which a reader is remembered who came before midnight."""
        self._met: set[tuple[int, int]] = set()
        """The readers of the day, by today's hash, and where they were."""
        self._hour = self._hour_ends = self._day_begins = self._day_ends = self._swept_at = 0

    def apply(self, events: Iterable[EventFields], exhibitions: Mapping[int, int | None]) -> Tally:
        """Count ``events``; ``exhibitions`` gives the exhibition of each page, if it has one."""
        tally = Tally()
        figures, dropped = tally.figures, tally.dropped
        seen, visits, known_as = self._seen, self._visits, self._known_as
        views: dict[int, int] = {}
        moment = 0
        # Millions of events come through here: one loop, no call for what is the rule in it.
        for kind, reason, source, page, host, code, visitor, former, moment, weight in events:
            if not self._hour <= moment < self._hour_ends:
                self._add_views(views, tally)
                self._begin_hour(moment)
            if reason:
                dropped[self._hour, kind, reason] += weight
                continue
            if host:
                tally.sightings[code, host] = moment
            if not visitor:
                self._count_unmerged(kind, source, page, code, tally)
                continue
            reader = visitor
            if former:
                reader = known_as.setdefault(visitor, known_as.get(former, former))
            elif known_as:
                reader = known_as.get(visitor, visitor)
            if kind == VIEW:
                subject: tuple[int, object] = (reader, page)
                # A repeat is still a sign of life: it keeps the visit going.
                visit = (reader, WHOLE_PORTAL)
                last = visits.get(visit, 0)
                visits[visit] = moment
                if moment - last > VISIT_GAP_MS or last < self._day_begins or code != NO_CODE:
                    self._visit(visit, visitor, source, code, moment, last, tally)
                exhibition = exhibitions.get(page)
                if exhibition is not None:
                    visit = (reader, exhibition)
                    last = visits.get(visit, 0)
                    visits[visit] = moment
                    if moment - last > VISIT_GAP_MS or last < self._day_begins or code != NO_CODE:
                        self._visit(visit, visitor, source, code, moment, last, tally)
            else:
                subject = (reader, (kind, page, code))
            last = seen.get(subject, 0)
            seen[subject] = moment
            if moment - last <= REPEAT_MS:
                dropped[self._hour, kind, REPEATED] += 1
            elif kind == VIEW:
                views[page] = views.get(page, 0) + 1
            else:
                figures[self._hour, METRIC_OF[kind], page, code, source, False] += 1
        self._add_views(views, tally)
        if moment - self._swept_at > SWEEP_MS:
            self._sweep(moment)
        return tally

    def _visit(
        self,
        visit: tuple[int, int],
        visitor: int,
        source: int,
        code: bytes,
        moment: int,
        last: int,
        tally: Tally,
    ) -> None:
        """Begin a visit, meet its reader for the first time today, credit it to an invitation.

        ``last`` is when the reader was last there, in whatever visit; 0 for never.
        """
        scope = visit[1]
        if moment - last > VISIT_GAP_MS:
            self._credited.discard(visit)
            tally.figures[self._hour, VISITS, scope, NO_CODE, source, False] += 1
        if (visitor, scope) not in self._met:
            self._met.add((visitor, scope))
            tally.figures[self._hour, VISITORS, scope, NO_CODE, ANY_SOURCE, False] += 1
        if code != NO_CODE and visit not in self._credited:
            self._credited.add(visit)
            tally.figures[self._hour, CONFIRMED_VISITS, scope, code, source, False] += 1

    def _count_unmerged(self, kind: int, source: int, page: int, code: bytes, tally: Tally) -> None:
        """Count what somebody did who asked not to be tracked: as it is, in a row apart."""
        if kind == VIEW:
            if code != NO_CODE:
                arrival = (self._hour, CONFIRMED_VISITS, WHOLE_PORTAL, code, source, True)
                tally.figures[arrival] += 1
            code, source = NO_CODE, ANY_SOURCE
        tally.figures[self._hour, METRIC_OF[kind], page, code, source, True] += 1

    def _add_views(self, views: dict[int, int], tally: Tally) -> None:
        """Add the hour's ``views`` of each page, and forget them."""
        for page, count in views.items():
            tally.figures[self._hour, VIEWS, page, NO_CODE, ANY_SOURCE, False] += count
        views.clear()

    def _begin_hour(self, moment: int) -> None:
        """Note the hour of ``moment``; on a new local day everybody is met for the first time."""
        self._hour = hour_of(moment)
        self._hour_ends = self._hour + HOUR_MS
        if moment >= self._day_ends:
            self._day_ends = (local_day_number(moment) + 1) * DAY_MS - DAY_BEGINS_MS
            self._day_begins = self._day_ends - DAY_MS
            self._met = set()

    def _sweep(self, moment: int) -> None:
        """Forget what is longer ago than any rule asks for."""
        self._swept_at = moment
        repeats, visits = moment - REPEAT_MS, moment - VISIT_GAP_MS
        self._seen = {key: last for key, last in self._seen.items() if last >= repeats}
        self._visits = {key: last for key, last in self._visits.items() if last >= visits}
        self._credited.intersection_update(self._visits)
        here = {reader for reader, _subject in (*self._seen, *self._visits)}
        self._known_as = {
            visitor: reader for visitor, reader in self._known_as.items() if reader in here
        }
