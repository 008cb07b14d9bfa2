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
from typing import NamedTuple

from analytics.journal import NO_CODE, EventFields
from analytics.vocabulary import Kind, Metric, Reason, Source

REPEAT_MS = 30_000
VISIT_GAP_MS = 30 * 60_000
HOUR_MS = 3_600_000
SWEEP_MS = 5 * 60_000
DAY_MS = 24 * HOUR_MS
WHOLE_PORTAL = 0
NO_EXHIBITION = 0
NEVER = -DAY_MS
"""A moment longer ago than any rule looks back."""

# Asia/Ho_Chi_Minh has been seven hours ahead of UTC, without daylight saving, since 1975.
DAY_BEGINS_MS = 7 * HOUR_MS

# As plain numbers: a member of an enumeration takes five times as long to look up by.
VIEW = Kind.VIEW.value
VIEWS, VISITS, VISITORS = Metric.VIEWS.value, Metric.VISITS.value, Metric.VISITORS.value
CONFIRMED_VISITS = Metric.CONFIRMED_VISITS.value
REPEATED, TORN = Reason.REPEATED.value, Reason.TORN.value
REASONS = frozenset(Reason.values)
ANY_SOURCE = Source.UNKNOWN.value
METRIC_OF = {
    Kind.VIEW.value: Metric.VIEWS.value,
    Kind.VIEW_WITHOUT_SCRIPT.value: Metric.VIEWS_WITHOUT_SCRIPT.value,
    Kind.IMPRESSION.value: Metric.IMPRESSIONS.value,
    Kind.CLICK.value: Metric.CLICKS.value,
    Kind.DOWNLOAD.value: Metric.DOWNLOADS.value,
}

FigureKey = tuple[int, int, int, int, bytes, int, bool]
"""What a figure is of: the beginning of its hour in milliseconds, metric, page, exhibition,
code, source, and whether its readers asked not to be tracked."""

DroppedKey = tuple[int, int, int]
"""What was not counted: the hour in which it came, its kind, and the reason."""

SightingKey = tuple[bytes, int]
"""Something of a code seen on a registered host, by the number of the host's row."""


class Place(NamedTuple):
    """As what, and where, a page is read.

    An alias is read as its source, and in the exhibition in which the alias stands.
    """

    page: int
    exhibition: int = NO_EXHIBITION


@dataclass
class Tally:
    """What some events come to."""

    figures: Counter[FigureKey] = field(default_factory=Counter)
    dropped: Counter[DroppedKey] = field(default_factory=Counter)
    sightings: dict[SightingKey, tuple[int, int]] = field(default_factory=dict)
    """The first and the newest moment of each, in milliseconds."""


def hour_of(moment: int) -> int:
    """The beginning of the hour of ``moment``, both in milliseconds."""
    return moment - moment % HOUR_MS


def local_day_number(moment: int) -> int:
    """The number of the local day of ``moment``: equal for two moments of the same day."""
    return (moment + DAY_BEGINS_MS) // DAY_MS


class Reader:
    """What has to be remembered of one visitor, for half an hour after the last event."""

    __slots__ = ("credited", "seen", "visits")

    def __init__(self) -> None:
        self.seen: dict[object, int] = {}
        """When each page, or kind of event and code, was last seen."""
        self.visits: dict[int, int] = {}
        """When something of the portal, or of an exhibition, was last viewed."""
        self.credited: set[int] = set()
        """Where the visit going on has been credited to an invitation."""


class Counting:
    """Applies the rules to events given in order of time, and remembers what they need.

    What it remembers can be had again from the journal: whoever has lost it applies the
    day's events once more and throws the tally away.
    """

    def __init__(self) -> None:
        self._readers: dict[int, Reader] = {}
        self._met_on: dict[int, set[tuple[int, int]]] = {}
        self._met: set[tuple[int, int]] = set()
        """Visitors of the day, by where they were: the portal or an exhibition."""
        self._hour = self._hour_ends = self._day_begins = self._day_ends = self._swept_at = 0

    def apply(self, events: Iterable[EventFields], places: Mapping[int, Place]) -> Tally:
        """Count ``events``; a page that is not in ``places`` is read as itself, and nowhere."""
        tally = Tally()
        figures, dropped = tally.figures, tally.dropped
        readers = self._readers
        views: dict[Place, int] = {}
        hour, hour_ends, day_begins = self._hour, self._hour_ends, self._day_begins
        moment = 0
        # Millions of events come through here: one loop, and calls only for what is rare.
        for kind, reason, source, number, host, code, visitor, former, moment, weight in events:
            if not hour <= moment < hour_ends:
                self._add_views(views, tally)
                self._begin_hour(moment)
                hour, hour_ends, day_begins = self._hour, self._hour_ends, self._day_begins
            if kind not in METRIC_OF or reason not in REASONS:
                dropped[hour, VIEW, TORN] += 1
                continue
            if reason:
                dropped[hour, kind, reason] += weight
                continue
            if host:
                first, _last = tally.sightings.get((code, host), (moment, moment))
                tally.sightings[code, host] = (first, moment)
            place = places.get(number) or Place(number)
            if not visitor:
                self._count_unmerged(kind, source, place, code, tally)
                continue
            reader = readers.get(visitor)
            if reader is None:
                reader = readers.pop(former) if former in readers else Reader()
                readers[visitor] = reader
            page, exhibition = place
            if kind != VIEW:
                last = reader.seen.get((kind, page, code), NEVER)
                reader.seen[kind, page, code] = moment
                if 0 <= moment - last <= REPEAT_MS:
                    dropped[hour, kind, REPEATED] += 1
                else:
                    figures[hour, METRIC_OF[kind], page, exhibition, code, source, False] += 1
                continue
            # A repeat is still a sign of life: it keeps the visit going.
            visits = reader.visits
            last = visits.get(WHOLE_PORTAL, NEVER)
            visits[WHOLE_PORTAL] = moment
            if moment - last > VISIT_GAP_MS or last < day_begins or code != NO_CODE:
                self._visit(WHOLE_PORTAL, visitor, reader, source, code, moment - last, tally)
            if exhibition != NO_EXHIBITION:
                last = visits.get(exhibition, NEVER)
                visits[exhibition] = moment
                if moment - last > VISIT_GAP_MS or last < day_begins or code != NO_CODE:
                    self._visit(exhibition, visitor, reader, source, code, moment - last, tally)
            seen = reader.seen
            last = seen.get(page, NEVER)
            seen[page] = moment
            # A moment before the last one is of a clock that was put back.
            if 0 <= moment - last <= REPEAT_MS:
                dropped[hour, VIEW, REPEATED] += 1
            else:
                views[place] = views.get(place, 0) + 1
        self._add_views(views, tally)
        if abs(moment - self._swept_at) > SWEEP_MS:
            self._sweep(moment)
        return tally

    def _visit(
        self,
        scope: int,
        visitor: int,
        reader: Reader,
        source: int,
        code: bytes,
        pause: int,
        tally: Tally,
    ) -> None:
        """Begin a visit to ``scope``, meet the visitor of the day, credit an invitation.

        ``scope`` is the portal, or an exhibition's number, and stands as the page and as the
        exhibition of these figures; ``pause`` is how long the reader has not been there.
        """
        if pause > VISIT_GAP_MS:
            reader.credited.discard(scope)
            tally.figures[self._hour, VISITS, scope, scope, NO_CODE, source, False] += 1
        if (scope, visitor) not in self._met:
            self._met.add((scope, visitor))
            tally.figures[self._hour, VISITORS, scope, scope, NO_CODE, ANY_SOURCE, False] += 1
        if code != NO_CODE and scope not in reader.credited:
            reader.credited.add(scope)
            tally.figures[self._hour, CONFIRMED_VISITS, scope, scope, code, source, False] += 1

    def _count_unmerged(
        self, kind: int, source: int, place: Place, code: bytes, tally: Tally
    ) -> None:
        """Count what somebody did who asked not to be tracked: as it is, in a row apart."""
        if kind == VIEW:
            if code != NO_CODE:
                portal = Place(WHOLE_PORTAL)
                tally.figures[self._hour, CONFIRMED_VISITS, *portal, code, source, True] += 1
            code, source = NO_CODE, ANY_SOURCE
        tally.figures[self._hour, METRIC_OF[kind], *place, code, source, True] += 1

    def _add_views(self, views: dict[Place, int], tally: Tally) -> None:
        """Add the hour's ``views`` of each page to the figures, and forget them."""
        for (page, exhibition), count in views.items():
            key = (self._hour, VIEWS, page, exhibition, NO_CODE, ANY_SOURCE, False)
            tally.figures[key] += count
        views.clear()

    def _begin_hour(self, moment: int) -> None:
        """Note the hour of ``moment``; on a new local day everybody is met for the first time."""
        self._hour = hour_of(moment)
        self._hour_ends = self._hour + HOUR_MS
        if not self._day_begins <= moment < self._day_ends:
            day = local_day_number(moment)
            self._day_ends = (day + 1) * DAY_MS - DAY_BEGINS_MS
            self._day_begins = self._day_ends - DAY_MS
            # Those met the day before are kept for a clock that is put back over midnight.
            self._met = self._met_on.setdefault(day, set())
            self._met_on = {number: self._met_on[number] for number in sorted(self._met_on)[-2:]}

    def _sweep(self, moment: int) -> None:
        """Forget the visitors whose visits are over."""
        self._swept_at = moment
        going_on = moment - VISIT_GAP_MS
        self._readers = {
            visitor: reader
            for visitor, reader in self._readers.items()
            if max(reader.seen.values()) >= going_on
        }
