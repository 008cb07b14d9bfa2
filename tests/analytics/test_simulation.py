"""A week of which everything is known: what the figures say of it, and where they differ.

People come, reload, ask not to be tracked, have no JavaScript, sit in offices behind one
address, read over midnight; robots come too. The truth is written down as it happens,
and compared with what the journal was folded into. Where a figure is not the truth, the
test says by how much and why. ``pytest -s`` prints the table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from analytics import trackable
from analytics.api import record
from analytics.intake import BEACON_PATH, Intake
from analytics.models import CountedPage, DroppedFigure
from analytics.reports import PageFigures, figures_of_portal
from analytics.trackable import CountableCode, CountablePage
from analytics.vocabulary import Kind, Reason
from tests.analytics.conftest import Clock, fold
from tests.analytics.readers import PEOPLE, ROBOTS, answer_of, posting

MONDAY = datetime(2026, 3, 30)
DAYS = 7
PAGES = range(101, 121)
CODE = "7Q2KABCD"
BROWSERS = [agent for name, agent in PEOPLE.items() if name != "inside Zalo"]

pytestmark = pytest.mark.django_db


@dataclass
class Truth:
    """What really happened."""

    views: int = 0
    """Pages people looked at, each reload within half a minute being the same look."""
    reloads: int = 0
    visits: int = 0
    people_a_day: int = 0
    by_invitation: int = 0
    untracked_views: int = 0
    untracked_visits: int = 0
    robots: int = 0


@dataclass
class Week:
    """Everything that will happen, to be played in order of time."""

    random: Random = field(default_factory=lambda: Random(30032026))
    truth: Truth = field(default_factory=Truth)
    requests: list[tuple[datetime, dict[str, str]]] = field(default_factory=list)
    _addresses: int = 0

    def new_address(self) -> str:
        """An address nobody else has."""
        self._addresses += 1
        return f"14.{self._addresses >> 8 & 255}.{self._addresses & 255}.9"

    def see(self, at: datetime, page: int, who: dict[str, str], code: str = "") -> None:
        """A page reports that it was seen."""
        body = f"p={page}" + (f"&c={code}" if code else "")
        self.requests.append((at, {"body": body, **who}))

    def read(self, at: datetime, who: dict[str, str], pages: int, code: str = "") -> datetime:
        """One visit of a person: so many pages, less than half an hour apart; when it ended."""
        for number, page in enumerate(self.random.sample(PAGES, pages)):
            self.see(at, page, who, code if number == 0 else "")
            self.truth.views += 1
            if self.random.random() < 0.3:
                for _reload in range(self.random.randint(1, 4)):
                    at += timedelta(seconds=self.random.randint(1, 29))
                    self.see(at, page, who)
                    self.truth.reloads += 1
            at += timedelta(seconds=self.random.randint(31, 1500))
        self.truth.visits += 1
        self.truth.by_invitation += 1 if code else 0
        return at


def somebody(week: Week) -> dict[str, str]:
    return {"address": week.new_address(), "agent": week.random.choice(BROWSERS)}


def ordinary_readers(week: Week) -> None:
    """Forty a day, some twice with an hour's pause, a quarter of them by an invitation."""
    for day in range(DAYS):
        for _person in range(40):
            who, at = somebody(week), MONDAY + timedelta(days=day, hours=week.random.uniform(7, 17))
            week.truth.people_a_day += 1
            by = CODE if week.random.random() < 0.25 else ""
            at = week.read(at, who, week.random.randint(1, 6), by)
            if week.random.random() < 0.3:
                week.read(at + timedelta(hours=1), who, week.random.randint(1, 3))


def night_readers(week: Week) -> None:
    """Three a night who begin before midnight and read on after it."""
    for day in range(DAYS - 1):
        midnight = MONDAY + timedelta(days=day + 1)
        for _person in range(3):
            who = somebody(week)
            for minutes in (-25, -8, 9, 25, 44):
                page = PAGES[minutes % len(PAGES)]
                week.see(midnight + timedelta(minutes=minutes), page, who)
                week.truth.views += 1
            week.truth.visits += 1
            week.truth.people_a_day += 2  # of one day and of the next


def readers_who_asked_not_to_be_tracked(week: Week) -> None:
    for day in range(DAYS):
        who = somebody(week) | {"DNT": "1"}
        at = MONDAY + timedelta(days=day, hours=10)
        for seconds in (0, 5, 300):
            week.see(at + timedelta(seconds=seconds), PAGES[0], who)
            week.truth.untracked_views += 1
        week.truth.untracked_visits += 1


def robots(week: Week) -> None:
    for day in range(DAYS):
        for agent in ROBOTS.values():
            at = MONDAY + timedelta(days=day, hours=week.random.uniform(0, 24))
            for page in PAGES:
                week.see(at, page, {"address": "66.249.66.1", "agent": agent})
                week.truth.robots += 1


@pytest.fixture
def play(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Callable[[Week], None]:
    """Have a week happen, and the leader count it day by day."""
    page_rule = {n: CountablePage(n, f"Trang {n}") for n in PAGES}
    code_rule = {CODE: CountableCode(CODE, organisation_name="Xã Thất Khê")}
    monkeypatch.setattr(
        trackable.pages, "_rule", lambda asked: {n: page_rule[n] for n in asked if n in page_rule}
    )
    monkeypatch.setattr(
        trackable.codes, "_rule", lambda asked: {c: code_rule[c] for c in asked if c in code_rule}
    )
    trackable.forget()

    def elsewhere(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        raise AssertionError(f"{BEACON_PATH} reached Django")

    def play(week: Week) -> None:
        portal, day = Intake(elsewhere), MONDAY.date()
        for at, request in sorted(week.requests, key=lambda each: each[0]):
            if at.date() != day:
                fold()
                day = at.date()
            clock.set(at)
            who = {name: value for name, value in request.items() if name != "body"}
            assert answer_of(portal, posting(request["body"], **who))[0] == 204
        fold()

    return play


def left_out(reason: Reason) -> int:
    return sum(DroppedFigure.objects.filter(reason=reason).values_list("count", flat=True))


def print_table(title: str, rows: list[tuple[str, int, int, str]]) -> None:
    print(f"\n{title}\n{'':34}{'truth':>8}{'figure':>8}")
    for name, truth, figure, why in rows:
        print(f"{name:34}{truth:8}{figure:8}  {why}")


def test_people_who_can_be_told_apart_are_counted_as_they_were(
    play: Callable[[Week], None],
) -> None:
    week = Week()
    for happens in (ordinary_readers, night_readers, readers_who_asked_not_to_be_tracked, robots):
        happens(week)
    play(week)
    truth, figures = week.truth, figures_of_portal()
    print_table(
        "A week of readers who can be told apart",
        [
            ("views", truth.views, figures.views, ""),
            ("reloads within 30 s, not counted", truth.reloads, left_out(Reason.REPEATED), ""),
            ("visits", truth.visits, figures.visits, "those over midnight are one"),
            ("visitors, day by day", truth.people_a_day, figures.visitors, ""),
            ("brought by an invitation", truth.by_invitation, figures.confirmed_visits, ""),
            ("views of the untracked, apart", truth.untracked_views, figures.views_unmerged, ""),
            ("visits of the untracked", truth.untracked_visits, 0, "they have no hash: unknown"),
            ("robots, not counted", truth.robots, left_out(Reason.ROBOT), ""),
        ],
    )
    assert figures == PageFigures(
        views=truth.views,
        views_unmerged=truth.untracked_views,
        visits=truth.visits,
        visitors=truth.people_a_day,
        confirmed_visits=truth.by_invitation,
    )
    assert left_out(Reason.REPEATED) == truth.reloads
    assert left_out(Reason.ROBOT) == truth.robots
    assert sum(map(views_of_counted, PAGES)) == truth.views


def views_of_counted(number: int) -> int:
    return CountedPage.objects.values_list("views", flat=True).get(pk=number)


def test_an_office_behind_one_address_is_one_visitor_and_its_views_are_counted(
    play: Callable[[Week], None],
) -> None:
    """Twenty clerks with the same browser, each at ten pages, one page a minute."""
    week, office = Week(), {"address": "113.160.5.5", "agent": PEOPLE["Cốc Cốc"]}
    clerks, reads = 20, 10
    for clerk in range(clerks):
        for number in range(reads):
            at = MONDAY + timedelta(hours=9, seconds=clerk * 3 + number * 60)
            week.see(at, PAGES[(clerk + number) % len(PAGES)], office)
    play(week)
    figures = figures_of_portal()
    print_table(
        "An office of twenty behind one address",
        [
            ("views", clerks * reads, figures.views, "never two at one page within 30 s"),
            ("visits", clerks, figures.visits, "one address and browser: one visitor"),
            ("visitors", clerks, figures.visitors, "so visitors are a floor"),
        ],
    )
    assert figures.visitors == figures.visits == 1
    # A clerk's neighbour opens the page a minute later, less three seconds: no repeat.
    assert figures.views == clerks * reads
    assert left_out(Reason.OVER_BUDGET) == 0


def test_an_office_that_opens_one_page_together_is_one_view(play: Callable[[Week], None]) -> None:
    """The head of the office says: open this page now."""
    week, office = Week(), {"address": "113.160.5.5", "agent": PEOPLE["Cốc Cốc"]}
    clerks = 20
    for clerk in range(clerks):
        week.see(MONDAY + timedelta(hours=9, seconds=clerk), PAGES[0], office)
    play(week)
    figures = figures_of_portal()
    print_table(
        "The same, all at one page within twenty seconds",
        [("views", clerks, figures.views, "cannot be told from one who reloads")],
    )
    assert figures.views == 1
    assert left_out(Reason.REPEATED) == clerks - 1


def test_an_office_with_different_browsers_is_counted_by_head(play: Callable[[Week], None]) -> None:
    week = Week()
    for number, agent in enumerate(BROWSERS):
        week.see(
            MONDAY + timedelta(hours=9, seconds=number),
            PAGES[0],
            {"address": "113.160.5.5", "agent": agent},
        )
    play(week)
    figures = figures_of_portal()
    assert figures.views == figures.visitors == figures.visits == len(BROWSERS)


def test_a_telephone_that_changes_networks_is_two_visitors(play: Callable[[Week], None]) -> None:
    """From the office's wireless network into the street, in the middle of a visit."""
    week, agent = Week(), PEOPLE["Chrome on Android"]
    week.see(MONDAY + timedelta(hours=9), PAGES[0], {"address": "113.160.5.5", "agent": agent})
    week.see(
        MONDAY + timedelta(hours=9, minutes=5), PAGES[1], {"address": "27.64.1.1", "agent": agent}
    )
    play(week)
    figures = figures_of_portal()
    print_table(
        "A telephone that changes networks",
        [
            ("views", 2, figures.views, ""),
            ("visits", 1, figures.visits, "another address: another hash"),
        ],
    )
    assert (figures.views, figures.visits, figures.visitors) == (2, 2, 2)


def test_a_reader_who_pauses_for_forty_minutes_over_midnight_comes_twice(
    play: Callable[[Week], None],
) -> None:
    week, who = Week(), {"address": "14.162.3.3", "agent": PEOPLE["Safari on an iPhone"]}
    for minutes in (-20, 20):
        week.see(MONDAY + timedelta(days=1, minutes=minutes), PAGES[0], who)
    play(week)
    assert figures_of_portal().visits == 2


def test_a_school_class_at_equal_computers_behind_one_address_is_believed(
    play: Callable[[Week], None],
) -> None:
    """Forty pupils look like one visitor; what each of them opens is believed all the same."""
    week, room = Week(), {"address": "14.1.1.1", "agent": PEOPLE["Firefox"]}
    lesson, pupils = 40, 40
    for turn in range(lesson):
        for pupil in range(pupils):
            at = MONDAY + timedelta(hours=8, seconds=15 * turn + pupil / 4)
            week.see(at, PAGES[(pupil + turn) % 20], room)
    play(week)
    figures = figures_of_portal()
    print_table(
        "A class of 40 behind one address, equal browsers, a page every 15 s for ten minutes",
        [
            ("views", pupils * lesson, figures.views, "the same page within 30 s is a repeat"),
            ("visits", pupils, figures.visits, "one address and browser is one visitor"),
            ("over budget, not counted", 0, left_out(Reason.OVER_BUDGET), ""),
        ],
    )
    assert left_out(Reason.OVER_BUDGET) == 0
    assert figures.views + left_out(Reason.REPEATED) == pupils * lesson
    assert figures.visits == 1


def test_a_monitor_with_a_browsers_name_is_counted_and_bounded(
    play: Callable[[Week], None],
) -> None:
    """Who lies about the name cannot be told from a person; ten times a second is bounded."""
    week, liar = Week(), {"address": "45.1.1.1", "agent": PEOPLE["Firefox"]}
    asked = 1_200
    for number in range(asked):
        week.see(MONDAY + timedelta(hours=9, seconds=number / 20), PAGES[number % 20], liar)
    play(week)
    figures = figures_of_portal()
    print_table(
        "A robot under a browser's name, 1,200 requests in a minute",
        [
            ("views", 0, figures.views, "at most 600 a minute are believed, repeats merged"),
            ("over budget, not counted", asked, left_out(Reason.OVER_BUDGET), ""),
        ],
    )
    assert figures.views <= 20
    assert figures.visits == 1
    assert left_out(Reason.OVER_BUDGET) == asked - 600


def test_readers_without_javascript_are_counted_apart_with_every_reload(
    clock: Clock, play: Callable[[Week], None], rf: Any
) -> None:
    play(Week())
    for person in range(5):
        request = rf.get(
            "/_v/101.gif", HTTP_USER_AGENT=PEOPLE["Firefox"], REMOTE_ADDR=f"14.162.4.{person}"
        )
        for _reload in range(2):
            record(request, Kind.VIEW_WITHOUT_SCRIPT, page=101)
            clock.go_on(seconds=40)
    fold()
    figures = figures_of_portal()
    print_table(
        "Five readers without JavaScript, each looking twice",
        [
            ("views without script, apart", 10, figures.views_without_script, ""),
            ("views", 10, figures.views, "never added to views"),
            ("visits", 5, figures.visits, "a visit is made of views"),
        ],
    )
    assert figures == PageFigures(views_without_script=10)
