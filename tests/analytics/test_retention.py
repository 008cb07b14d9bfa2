"""What is kept, for how long, and what goes only once it is no longer needed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from analytics import apps, journal, retention
from analytics.folding import Folder
from analytics.journal import Event, Journal
from analytics.models import (
    CountedCode,
    CountedPage,
    DayFigure,
    HourFigure,
    JournalPosition,
)
from analytics.vocabulary import Kind, Metric
from core import clockwork
from tests.analytics.conftest import Clock, fold

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def leaders_clock(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Clock:
    monkeypatch.setattr(retention.timezone, "now", lambda: clock.now)
    return clock


@pytest.fixture
def one_event(clock: Clock) -> Callable[[datetime], Path]:
    """Have a process write one event at a moment; its file."""

    def write(moment: datetime) -> Path:
        clock.set(moment)
        own, before = Journal(), set(journal.files())
        own.append(Event(Kind.VIEW, page=1, visitor=5))
        own.close()
        [path] = set(journal.files()) - before
        return path

    return write


def views() -> int:
    return sum(DayFigure.objects.filter(metric=Metric.VIEWS).values_list("count", flat=True))


class TestJournals:
    def test_one_that_is_folded_goes_soon_after_its_day(
        self, one_event: Callable[[datetime], Path], clock: Clock
    ) -> None:
        path = one_event(datetime(2026, 3, 31, 23, 30))
        fold()
        clock.set(datetime(2026, 4, 1, 1, 29))
        retention.remove_old_journals()
        assert path.exists(), "a process may still have been writing as its day ended"
        clock.set(datetime(2026, 4, 1, 1, 30))
        retention.remove_old_journals()
        assert not path.exists()
        assert not JournalPosition.objects.exists()
        assert views() == 1

    def test_one_that_is_not_folded_stays_until_it_is(
        self, one_event: Callable[[datetime], Path], clock: Clock, caplog: Any
    ) -> None:
        path = one_event(datetime(2026, 3, 16, 12, 0))
        clock.go_on(days=40)
        retention.remove_old_journals()
        assert path.exists()
        assert "not folded yet" in caplog.text
        fold()
        assert views() == 1
        retention.remove_old_journals()
        assert not path.exists()

    def test_one_that_ends_in_a_torn_record_goes_too(
        self, one_event: Callable[[datetime], Path], clock: Clock
    ) -> None:
        path = one_event(datetime(2026, 3, 16, 12, 0))
        with path.open("ab") as file:
            file.write(journal.pack(Event(Kind.VIEW, page=1))[:30])
        fold()
        clock.go_on(days=2)
        retention.remove_old_journals()
        assert not path.exists()

    def test_todays_stays(self, one_event: Callable[[datetime], Path]) -> None:
        path = one_event(datetime(2026, 3, 16, 12, 0))
        fold()
        retention.remove_old_journals()
        assert path.exists()

    def test_nothing_is_counted_again_when_the_leader_dies_in_between(
        self,
        one_event: Callable[[datetime], Path],
        clock: Clock,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        path = one_event(datetime(2026, 3, 16, 12, 0))
        fold()
        clock.go_on(days=2)
        with monkeypatch.context() as killed:
            killed.setattr(Path, "unlink", lambda *_, **__: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                retention.remove_old_journals()
        assert path.exists()
        fold()
        assert views() == 1
        retention.remove_old_journals()
        assert not path.exists()

    def test_the_position_of_a_file_that_is_gone_goes_as_well(
        self, one_event: Callable[[datetime], Path], clock: Clock
    ) -> None:
        one_event(datetime(2026, 3, 16, 12, 0))
        fold()
        for path in journal.files():
            path.unlink()
        clock.go_on(days=2)
        retention.remove_old_journals()
        assert not JournalPosition.objects.exists()

    def test_a_leader_at_work_takes_no_harm(
        self, one_event: Callable[[datetime], Path], clock: Clock
    ) -> None:
        folder = Folder()
        one_event(datetime(2026, 3, 16, 12, 0))
        fold(folder)
        clock.go_on(days=2)
        retention.remove_old_journals()
        one_event(datetime(2026, 3, 18, 12, 0))
        fold(folder)
        assert views() == 2

    def test_strangers_in_the_folder_are_left_alone(self, clock: Clock) -> None:
        stranger = journal.folder() / "kept-by-hand.journal"
        stranger.write_text("mine")
        clock.go_on(days=400)
        retention.remove_old_journals()
        assert stranger.exists()


class TestFigures:
    def test_hours_go_after_thirteen_months_and_days_stay(self, clock: Clock) -> None:
        page = CountedPage.objects.create(number=1)
        code = CountedCode.objects.create(code="")
        common = {"metric": Metric.VIEWS, "page": page, "code": code, "count": 1}
        for age in (1, 390, 400):
            moment = clock.now - timedelta(days=age)
            HourFigure.objects.create(hour=moment, **common)
            DayFigure.objects.create(day=moment.date(), **common)
        retention.forget_old_hours()
        assert HourFigure.objects.count() == 2
        assert DayFigure.objects.count() == 3


def test_all_of_it_is_a_duty_of_the_leader() -> None:
    duties = {duty.work: duty.interval for duty in clockwork.registered_duties()}
    assert duties[retention.destroy_old_salts] == apps.QUARTER == 900, "within the hour"
    assert duties[retention.remove_old_journals] == apps.QUARTER
    assert duties[retention.forget_old_hours] == apps.DAY
