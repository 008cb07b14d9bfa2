"""What counts as a view, a visit, a visitor, a confirmed visit: the definitions, as they run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.journal import NO_CODE, Event
from analytics.rules import METRIC_OF, Counting, Place, Tally
from analytics.vocabulary import Kind, Metric, Reason, Source
from tests.analytics.reference import VIET_NAM, Deed, count

HALL, PART, ITEM = 10, 11, 12
OTHER_HALL, OTHER_PART = 20, 21
NEWS = 30
ALIAS = 22
"""The item once more, in the other exhibition."""
EXHIBITIONS = {HALL: HALL, PART: HALL, ITEM: HALL, OTHER_HALL: OTHER_HALL, OTHER_PART: OTHER_HALL}
PLACES = {page: Place(page, hall) for page, hall in EXHIBITIONS.items()}
PLACES[ALIAS] = Place(ITEM, OTHER_HALL)
THAT_KHE, LANG_SON = b"7Q2KABCD", b"0123WXYZ"
MORNING = datetime(2026, 3, 16, 9, 0, tzinfo=VIET_NAM)
JOINING = timedelta(minutes=45)


def hash_of(person: str, day: object) -> int:
    return int.from_bytes(blake2b(f"{person} {day}".encode(), digest_size=8).digest(), "little")


def event_of(deed: Deed) -> Event:
    """The journal's record of ``deed``: with today's hash and, after midnight, yesterday's."""
    visitor = former = 0
    if deed.person is not None:
        visitor = hash_of(deed.person, deed.day)
        midnight = datetime.combine(deed.day, datetime.min.time(), VIET_NAM)
        if deed.at - midnight < JOINING:
            former = hash_of(deed.person, deed.day - timedelta(days=1))
    return Event(
        kind=deed.kind,
        source=deed.source,
        page=deed.page,
        code=deed.code,
        visitor=visitor,
        former=former,
        moment=round(deed.at.timestamp() * 1000),
    )


def counted(deeds: Iterable[Deed], counting: Counting | None = None) -> Tally:
    counting = counting or Counting()
    return counting.apply([event_of(deed) for deed in deeds], PLACES)


def views(*seconds: float, page: int = NEWS, person: str | None = "Hoa") -> list[Deed]:
    return [Deed(MORNING + timedelta(seconds=each), Kind.VIEW, person, page) for each in seconds]


def total(tally: Tally, metric: Metric, **of: object) -> int:
    """The sum of a figure over all that is not told: ``total(tally, VIEWS, page=3)``."""
    names = ("hour", "metric", "page", "exhibition", "code", "source", "unmerged")
    return sum(
        number
        for key, number in tally.figures.items()
        if key[1] == metric
        and all(dict(zip(names, key, strict=True))[n] == v for n, v in of.items())
    )


def repeated(tally: Tally) -> int:
    return sum(
        n for (_hour, _kind, reason), n in tally.dropped.items() if reason == Reason.REPEATED
    )


class TestRepeats:
    def test_a_reader_who_reloads_every_twenty_seconds_has_seen_the_page_once(self) -> None:
        tally = counted(views(0, 20, 40, 60))
        assert total(tally, Metric.VIEWS, page=NEWS) == 1
        assert repeated(tally) == 3

    def test_three_quick_clicks_are_one(self) -> None:
        clicks = [
            Deed(MORNING + timedelta(seconds=n), Kind.CLICK, "Hoa", code=THAT_KHE)
            for n in (0, 1, 2)
        ]
        tally = counted(clicks)
        assert total(tally, Metric.CLICKS, code=THAT_KHE) == 1
        assert repeated(tally) == 2

    def test_every_click_begins_the_half_minute_anew(self) -> None:
        clicks = [
            Deed(MORNING + timedelta(seconds=n), Kind.CLICK, "Hoa", code=THAT_KHE)
            for n in (0, 20, 40, 60, 91)
        ]
        assert total(counted(clicks), Metric.CLICKS, code=THAT_KHE) == 2

    @pytest.mark.parametrize(("pause", "seen"), [(30, 1), (30.001, 2), (29.999, 1)])
    def test_half_a_minute_is_the_limit_to_the_millisecond(self, pause: float, seen: int) -> None:
        assert total(counted(views(0, pause)), Metric.VIEWS) == seen

    def test_another_page_another_reader_another_invitation_are_no_repeats(self) -> None:
        assert total(counted(views(0) + views(1, page=PART)), Metric.VIEWS) == 2
        assert total(counted(views(0) + views(1, person="Lan")), Metric.VIEWS) == 2
        clicks = [Deed(MORNING, Kind.CLICK, "Hoa", code=code) for code in (THAT_KHE, LANG_SON)]
        assert total(counted(clicks), Metric.CLICKS) == 2

    def test_a_banner_seen_and_clicked_is_both(self) -> None:
        deeds = [
            Deed(MORNING, kind, "Hoa", code=THAT_KHE) for kind in (Kind.IMPRESSION, Kind.CLICK)
        ]
        tally = counted(deeds)
        assert total(tally, Metric.IMPRESSIONS, code=THAT_KHE) == 1
        assert total(tally, Metric.CLICKS, code=THAT_KHE) == 1

    def test_coming_again_by_an_invitation_is_still_a_repeat_of_the_view(self) -> None:
        deeds = [*views(0), Deed(MORNING + timedelta(seconds=9), Kind.VIEW, "Hoa", NEWS, THAT_KHE)]
        assert total(counted(deeds), Metric.VIEWS) == 1

    def test_a_repeat_just_after_midnight_is_a_repeat(self) -> None:
        night = datetime(2026, 3, 31, 23, 59, 50, tzinfo=VIET_NAM)
        deeds = [Deed(night + timedelta(seconds=n), Kind.VIEW, "Hoa", NEWS) for n in (0, 15)]
        assert total(counted(deeds), Metric.VIEWS) == 1


class TestVisits:
    def test_pauses_up_to_half_an_hour_belong_to_the_visit(self) -> None:
        tally = counted(views(0, 1800, 3600) + views(3700, page=PART))
        assert total(tally, Metric.VISITS, page=0) == 1
        assert total(tally, Metric.VIEWS) == 4

    @pytest.mark.parametrize(("pause", "visits"), [(1800, 1), (1800.001, 2)])
    def test_half_an_hour_is_the_limit_to_the_millisecond(self, pause: float, visits: int) -> None:
        assert total(counted(views(0, pause)), Metric.VISITS, page=0) == visits

    def test_a_page_looked_at_over_and_over_keeps_the_visit_going(self) -> None:
        # Every view within 25 minutes is no repeat; a repeat keeps it going as well.
        tally = counted(views(0, 1500, 1520, 3310))
        assert total(tally, Metric.VISITS, page=0) == 1

    def test_a_visit_over_midnight_is_one_and_belongs_to_the_day_it_began(self) -> None:
        night = datetime(2026, 3, 31, 23, 50, tzinfo=VIET_NAM)
        deeds = [
            Deed(night + timedelta(minutes=n), Kind.VIEW, "Hoa", NEWS) for n in (0, 20, 40, 60)
        ]
        tally = counted(deeds)
        assert total(tally, Metric.VISITS, page=0) == 1
        began = next(key[0] for key in tally.figures if key[1] == Metric.VISITS)
        assert datetime.fromtimestamp(began / 1000, VIET_NAM) == night.replace(minute=0)
        assert total(tally, Metric.VIEWS) == 4

    def test_what_others_do_is_not_a_part_of_it(self) -> None:
        tally = counted(views(0) + views(60, person="Lan") + views(1900))
        assert total(tally, Metric.VISITS, page=0) == 3

    def test_a_click_alone_is_no_visit(self) -> None:
        tally = counted([Deed(MORNING, Kind.CLICK, "Hoa", code=THAT_KHE)])
        assert total(tally, Metric.VISITS) == total(tally, Metric.CONFIRMED_VISITS) == 0

    def test_a_view_without_script_is_counted_apart_and_is_no_visit(self) -> None:
        tally = counted([Deed(MORNING, Kind.VIEW_WITHOUT_SCRIPT, "Hoa", NEWS)])
        assert total(tally, Metric.VIEWS_WITHOUT_SCRIPT, page=NEWS) == 1
        assert total(tally, Metric.VIEWS) == total(tally, Metric.VISITS) == 0


class TestExhibitions:
    def test_all_that_stands_in_an_exhibition_is_one_visit_to_it(self) -> None:
        tally = counted(views(0, page=HALL) + views(9, page=PART) + views(20, page=ITEM))
        assert total(tally, Metric.VISITS, page=HALL) == 1
        assert total(tally, Metric.VISITORS, page=HALL) == 1
        assert total(tally, Metric.VIEWS) == 3

    def test_who_walks_through_two_exhibitions_visits_each_and_the_portal_once(self) -> None:
        tally = counted(views(0, page=PART) + views(9, page=OTHER_PART) + views(20, page=PART))
        visits = {page: total(tally, Metric.VISITS, page=page) for page in (0, HALL, OTHER_HALL)}
        assert visits == {0: 1, HALL: 1, OTHER_HALL: 1}

    def test_who_reads_the_news_for_an_hour_in_between_has_come_to_it_twice(self) -> None:
        reading = views(0, page=PART) + views(*range(60, 3600, 600)) + views(3660, page=PART)
        tally = counted(reading)
        assert total(tally, Metric.VISITS, page=HALL) == 2
        assert total(tally, Metric.VISITS, page=0) == 1

    def test_a_page_outside_belongs_to_no_exhibition(self) -> None:
        tally = counted(views(0))
        assert {key[2] for key in tally.figures if key[1] == Metric.VISITS} == {0}
        assert total(tally, Metric.VIEWS, exhibition=0) == 1

    def test_every_figure_says_in_which_exhibition_the_page_was_read(self) -> None:
        tally = counted(
            views(0, page=HALL)
            + views(1, page=ITEM, person=None)
            + [Deed(MORNING, Kind.VIEW_WITHOUT_SCRIPT, "Hoa", ITEM)]
        )
        for metric in (Metric.VISITS, Metric.VISITORS, Metric.VIEWS_WITHOUT_SCRIPT):
            assert total(tally, metric, exhibition=HALL) == 1
        assert total(tally, Metric.VIEWS, exhibition=HALL, unmerged=False) == 1
        assert total(tally, Metric.VIEWS, exhibition=HALL, unmerged=True) == 1

    def test_an_alias_is_viewed_as_its_source_and_visited_where_it_stands(self) -> None:
        tally = counted(views(0, page=ALIAS))
        assert total(tally, Metric.VIEWS, page=ITEM, exhibition=OTHER_HALL) == 1
        assert total(tally, Metric.VISITS, page=OTHER_HALL) == 1
        assert total(tally, Metric.VISITS, page=HALL) == 0

    def test_the_same_page_read_again_through_an_alias_is_a_repeat(self) -> None:
        tally = counted(views(0, page=ITEM) + views(20, page=ALIAS))
        assert total(tally, Metric.VIEWS) == 1
        assert repeated(tally) == 1
        assert total(tally, Metric.VISITS, page=OTHER_HALL) == 1, "it was entered all the same"


class TestVisitorsOfTheDay:
    def test_who_comes_three_times_a_day_is_one(self) -> None:
        tally = counted(views(0, 7200, 20_000))
        assert total(tally, Metric.VISITORS, page=0) == 1
        assert total(tally, Metric.VISITS, page=0) == 3

    def test_and_another_the_next_day_even_within_one_visit(self) -> None:
        night = datetime(2026, 3, 16, 23, 55, tzinfo=VIET_NAM)
        deeds = [Deed(night + timedelta(minutes=n), Kind.VIEW, "Hoa", NEWS) for n in (0, 10, 20)]
        tally = counted(deeds)
        assert total(tally, Metric.VISITORS, page=0) == 2
        assert total(tally, Metric.VISITS, page=0) == 1


class TestConfirmedVisits:
    def arrive(
        self, minute: float, code: bytes, page: int = HALL, person: str | None = "Hoa"
    ) -> Deed:
        at = MORNING + timedelta(minutes=minute)
        return Deed(at, Kind.VIEW, person, page, code, Source.AGENCY)

    def test_a_visit_is_credited_to_who_brought_the_reader_first_and_once(self) -> None:
        deeds = [self.arrive(0, THAT_KHE), self.arrive(5, THAT_KHE), self.arrive(9, LANG_SON)]
        tally = counted(deeds)
        assert total(tally, Metric.CONFIRMED_VISITS, page=0, code=THAT_KHE) == 1
        assert total(tally, Metric.CONFIRMED_VISITS, page=0, code=LANG_SON) == 0
        assert total(tally, Metric.CONFIRMED_VISITS, page=HALL, code=THAT_KHE) == 1

    def test_a_reader_who_was_here_already_can_still_be_brought(self) -> None:
        tally = counted([*views(0), self.arrive(5, THAT_KHE)])
        assert total(tally, Metric.CONFIRMED_VISITS, page=0, code=THAT_KHE) == 1
        assert total(tally, Metric.VISITS, page=0) == 1

    def test_the_next_visit_can_be_brought_by_another(self) -> None:
        tally = counted([self.arrive(0, THAT_KHE), self.arrive(31, LANG_SON)])
        assert total(tally, Metric.CONFIRMED_VISITS, page=0, code=LANG_SON) == 1
        assert total(tally, Metric.CONFIRMED_VISITS, page=0) == 2

    def test_reloading_the_page_one_was_brought_to_credits_nobody_again(self) -> None:
        tally = counted([self.arrive(n / 60, THAT_KHE) for n in range(0, 100, 10)])
        assert total(tally, Metric.CONFIRMED_VISITS, page=0) == 1

    def test_a_visit_that_goes_on_over_midnight_is_credited_once(self) -> None:
        night = datetime(2026, 3, 16, 23, 55, tzinfo=VIET_NAM)
        deeds = [
            Deed(night + timedelta(minutes=n), Kind.VIEW, "Hoa", HALL, THAT_KHE)
            for n in (0, 10, 20)
        ]
        assert total(counted(deeds), Metric.CONFIRMED_VISITS, page=0) == 1

    def test_views_are_not_parted_by_invitation(self) -> None:
        tally = counted([self.arrive(0, THAT_KHE)])
        assert total(tally, Metric.VIEWS, page=HALL, code=NO_CODE) == 1


class TestReadersWhoAskedNotToBeTracked:
    def test_every_view_is_counted_as_it_is_and_apart(self) -> None:
        tally = counted(views(0, 1, 2, person=None))
        assert total(tally, Metric.VIEWS, unmerged=True) == 3
        assert total(tally, Metric.VIEWS, unmerged=False) == 0
        assert repeated(tally) == 0

    def test_they_have_no_visits_and_are_no_visitors(self) -> None:
        tally = counted(views(0, page=HALL, person=None))
        assert total(tally, Metric.VISITS) == total(tally, Metric.VISITORS) == 0

    def test_who_brought_them_is_credited_apart(self) -> None:
        deed = Deed(MORNING, Kind.VIEW, None, HALL, THAT_KHE, Source.AGENCY)
        tally = counted([deed])
        assert total(tally, Metric.CONFIRMED_VISITS, code=THAT_KHE, unmerged=True) == 1
        assert total(tally, Metric.CONFIRMED_VISITS, unmerged=False) == 0


class TestNotCounted:
    def test_what_is_left_out_is_told_by_reason_with_its_weight(self) -> None:
        moment = round(MORNING.timestamp() * 1000)
        flood = Event(Kind.VIEW, Reason.OVER_BUDGET, moment=moment, weight=9000)
        robot = Event(Kind.CLICK, Reason.ROBOT, moment=moment)
        tally = Counting().apply([flood, robot, robot], {})
        assert not tally.figures
        by_reason = {(kind, reason): n for (_hour, kind, reason), n in tally.dropped.items()}
        assert by_reason == {
            (Kind.VIEW, Reason.OVER_BUDGET): 9000,
            (Kind.CLICK, Reason.ROBOT): 2,
        }

    def test_it_belongs_to_the_hour_it_came_in(self) -> None:
        late = datetime(2026, 3, 16, 23, 59, 59, tzinfo=VIET_NAM)
        event = Event(Kind.VIEW, Reason.ROBOT, moment=round(late.timestamp() * 1000))
        [(hour, _kind, _reason)] = Counting().apply([event], {}).dropped
        assert datetime.fromtimestamp(hour / 1000, VIET_NAM) == late.replace(minute=0, second=0)


class TestClockPutBack:
    """A clock is corrected: what follows is of an earlier time than what was."""

    @pytest.mark.parametrize("kind", Kind)
    @pytest.mark.parametrize("back", [timedelta(milliseconds=1), timedelta(minutes=40)])
    def test_nothing_is_taken_for_a_repeat_of_what_came_later(
        self, kind: Kind, back: timedelta
    ) -> None:
        counting = Counting()
        for at in (MORNING, MORNING - back):
            tally = counted([Deed(at, kind, "Hoa", code=THAT_KHE)], counting)
            assert total(tally, Metric(METRIC_OF[kind])) == 1
            assert not tally.dropped

    def test_over_midnight_and_back_nobody_is_met_twice(self) -> None:
        evening = round(MORNING.replace(hour=22, minute=0).timestamp() * 1000)
        counting, visitors = Counting(), 0
        for minutes, visitor in ((0, 7), (124, 8), (119, 7)):
            moment = evening + minutes * 60_000
            view = Event(Kind.VIEW, page=HALL, visitor=visitor, moment=moment)
            tally = counting.apply([view], {})
            visitors += sum(
                v for k, v in tally.figures.items() if k[1] == Metric.VISITORS and k[2] == 0
            )
        assert visitors == 2


def test_a_visit_that_goes_on_is_not_forgotten_when_the_memory_is_swept() -> None:
    begin = round(MORNING.timestamp() * 1000)
    counting, visits = Counting(), 0
    for minutes, visitor, page in ((0, 7, 1), (25, 7, 2), (31, 8, 1), (40, 7, 3)):
        moment = begin + minutes * 60_000
        view = Event(Kind.VIEW, page=page, visitor=visitor, moment=moment)
        tally = counting.apply([view], {})
        visits += sum(v for k, v in tally.figures.items() if k[1] == Metric.VISITS and k[2] == 0)
    assert visits == 2, "one of each of the two"


class TestDamaged:
    @pytest.mark.parametrize(
        "event",
        [
            Event(99, page=HALL, visitor=7, moment=5),
            Event(99, page=HALL, moment=5),
            Event(99, Reason.ROBOT, moment=5, weight=4_000_000),
            Event(Kind.VIEW, 77, moment=5, weight=4_000_000),
        ],
    )
    def test_a_kind_or_reason_nobody_knows_is_one_torn_record(self, event: Event) -> None:
        tally = Counting().apply([event], {})
        assert not tally.figures
        assert dict(tally.dropped) == {(0, Kind.VIEW, Reason.TORN): 1}


class TestSightings:
    def test_a_banner_on_a_registered_site_was_seen_there_from_then_till_now(self) -> None:
        moment = round(MORNING.timestamp() * 1000)
        events = [
            Event(Kind.IMPRESSION, host=7, code=THAT_KHE, visitor=each, moment=moment + each)
            for each in (1, 2, 3)
        ]
        tally = Counting().apply(
            [*events, Event(Kind.IMPRESSION, code=LANG_SON, visitor=9, moment=moment + 5)], {}
        )
        assert tally.sightings == {(THAT_KHE, 7): (moment + 1, moment + 3)}

    def test_what_a_robot_saw_was_not_seen(self) -> None:
        robot = Event(Kind.IMPRESSION, Reason.ROBOT, host=7, code=THAT_KHE, moment=1)
        assert not Counting().apply([robot], {}).sightings


class TestMemory:
    def test_who_has_left_is_forgotten(self) -> None:
        counting = Counting()
        counted([Deed(MORNING, Kind.VIEW, f"Reader {n}", NEWS) for n in range(100)], counting)
        counted(views(2400), counting)
        assert set(counting._readers) == {hash_of("Hoa", MORNING.date())}


# Pauses at and around both limits, and short ones, in milliseconds.
pauses = st.one_of(
    st.integers(0, 40_000),
    st.sampled_from([0, 1, 29_999, 30_000, 30_001, 1_799_999, 1_800_000, 1_800_001]),
    st.integers(60_000, 4_000_000),
)
doings = st.tuples(
    pauses,
    st.sampled_from([Kind.VIEW, Kind.VIEW, Kind.VIEW, *Kind]),
    st.sampled_from(["Hoa", "Lan", "Minh", None]),
    st.sampled_from([HALL, PART, ITEM, OTHER_HALL, OTHER_PART, ALIAS, NEWS]),
    st.sampled_from([NO_CODE, NO_CODE, THAT_KHE, LANG_SON]),
    st.sampled_from([Source.UNKNOWN, Source.AGENCY, Source.ZALO]),
)


LATE_THAT_DAY = datetime(2026, 2, 28, 23, 59, tzinfo=VIET_NAM)


def life(
    begin: datetime, done: Sequence[tuple[int, Kind, str | None, int, bytes, Source]]
) -> list[Deed]:
    deeds, at = [], begin
    for pause, kind, person, page, code, source in done:
        at += timedelta(milliseconds=pause)
        is_view = kind in (Kind.VIEW, Kind.VIEW_WITHOUT_SCRIPT)
        deeds.append(Deed(at, kind, person, page if is_view else 0, code, source))
    return deeds


@settings(max_examples=200, deadline=None)
@given(
    done=st.lists(doings, min_size=1, max_size=40),
    backs=st.dictionaries(st.integers(0, 39), st.integers(1, 4_000_000), max_size=3),
)
def test_they_agree_where_the_clock_is_put_back_too(
    done: list[tuple[int, Kind, str | None, int, bytes, Source]], backs: dict[int, int]
) -> None:
    begin = datetime(2026, 2, 28, 9, 30, tzinfo=VIET_NAM)
    deeds: list[Deed] = []
    for number, deed in enumerate(life(begin, done)):
        put_back = timedelta(milliseconds=sum(ms for at, ms in backs.items() if at <= number))
        # Within a day: over midnight a reader has another hash.
        deeds.append(replace(deed, at=min(max(begin, deed.at - put_back), LATE_THAT_DAY)))
    figures, dropped = count(deeds, PLACES)
    ours = counted(deeds)
    assert dict(ours.figures) == dict(figures)
    assert dict(ours.dropped) == dict(dropped)


@settings(max_examples=400, deadline=None)
@given(
    done=st.lists(doings, max_size=60),
    hour=st.sampled_from([9, 22, 23]),
    batches=st.lists(st.integers(1, 20), min_size=1, max_size=10),
)
def test_whatever_happens_the_rules_agree_with_the_slow_and_obvious_ones(
    done: list[tuple[int, Kind, str | None, int, bytes, Source]], hour: int, batches: list[int]
) -> None:
    deeds = life(datetime(2026, 2, 28, hour, 30, tzinfo=VIET_NAM), done)
    figures, dropped = count(deeds, PLACES)
    counting, ours = Counting(), Tally()
    rest, turn = list(deeds), 0
    while rest:
        size = batches[turn % len(batches)]
        some, rest, turn = rest[:size], rest[size:], turn + 1
        tally = counted(some, counting)
        ours.figures += tally.figures
        ours.dropped += tally.dropped
    assert dict(ours.figures) == dict(figures)
    assert dict(ours.dropped) == dict(dropped)
