"""The journal becomes figures: once, in order of time, whoever is killed when."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import DataError, OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page

from analytics import figures, folding, journal, trackable
from analytics.folding import Folder, Overtaken, fold_journal
from analytics.intake import Claim, take
from analytics.journal import Event, Journal, pack
from analytics.models import (
    CountedCode,
    CountedPage,
    DayFigure,
    DroppedFigure,
    HourFigure,
    JournalPosition,
    Sighting,
)
from analytics.trackable import CountableCode, CountablePage
from analytics.vocabulary import Kind, Metric, Reason, Source
from core.models import OrganisationHost
from exhibitions.counting import countable_pages
from exhibitions.models import ItemPage
from exhibitions.visibility import exhibition_of
from tests import factories
from tests.analytics.conftest import A_WHILE_MS, Clock, fold
from tests.analytics.readers import asking
from tests.portal import Hall

CODE = "7Q2KABCD"


@pytest.fixture
def pages() -> dict[int, CountablePage]:
    """What may be counted, by number: change it as an editor would."""
    return {
        number: CountablePage(
            number,
            f"Trang {number}",
            exhibition=hall,
            exhibition_title="Triển lãm" if hall else "",
        )
        for number, hall in [(1, None), (2, None), (4, 4), (5, 4), (6, 4)]
    }


@pytest.fixture(autouse=True)
def rules(pages: dict[int, CountablePage], monkeypatch: pytest.MonkeyPatch) -> None:
    def page_rule(numbers: Collection[int]) -> Mapping[int, CountablePage]:
        return {number: pages[number] for number in numbers if number in pages}

    def code_rule(codes: Collection[str]) -> Mapping[str, CountableCode]:
        known = CountableCode(CODE, None, "Xã Thất Khê", 9, "Đợt tuyên truyền", "web")
        return {code: known for code in codes if code == CODE}

    monkeypatch.setattr(trackable.pages, "_rule", page_rule)
    monkeypatch.setattr(trackable.codes, "_rule", code_rule)


@pytest.fixture
def write(clock: Clock) -> Callable[..., None]:
    """Write events as another process would, into the file of that name, at given seconds."""

    def write(name: str, *seconds: float, **of: Any) -> None:
        path = journal.folder() / f"2026-03-16-1-{name}.journal"
        with path.open("ab") as file:
            for number, each in enumerate(seconds):
                moment = clock.milliseconds + round(each * 1000)
                visitor = of.get("visitor", hash((name, number, each)) & (2**63 - 1))
                file.write(
                    pack(
                        Event(
                            **{"kind": Kind.VIEW, "page": 1}
                            | of
                            | {"visitor": visitor, "moment": moment}
                        )
                    )
                )

    return write


def total(metric: Metric, **of: object) -> int:
    """A figure over all its days; every one of its hours must add up to the same."""
    days = sum(DayFigure.objects.filter(metric=metric, **of).values_list("count", flat=True))
    hours = sum(HourFigure.objects.filter(metric=metric, **of).values_list("count", flat=True))
    assert days == hours
    return days


def raising(error: Exception) -> Callable[..., None]:
    """Something that fails by ``error``."""

    def fail(*_given: Any) -> None:
        raise error

    return fail


def dropped(reason: Reason) -> int:
    return sum(DroppedFigure.objects.filter(reason=reason).values_list("count", flat=True))


def fold_until(clock: Clock, seconds: float, folder: Folder | None = None) -> bool:
    """Fold as a leader would who looks at so many seconds after the clock."""
    at = clock.milliseconds + round(seconds * 1000)
    return (folder or Folder()).fold(at + folding.LAG_MS)


@pytest.mark.django_db
class TestOnce:
    def test_every_event_is_counted_once_however_often_the_leader_changes(
        self, clock: Clock, write: Callable[..., None]
    ) -> None:
        for number in range(10):
            write("a", number * 2, number * 2 + 1)
            fold_until(clock, number * 2 + 1)
        assert total(Metric.VIEWS, page=1) == 20
        fold()
        assert total(Metric.VIEWS, page=1) == 20

    def test_a_new_leader_knows_what_the_last_one_had_seen(
        self, clock: Clock, write: Callable[..., None]
    ) -> None:
        for at in (0, 20, 40, 60):
            write("a", at, visitor=77)
            assert fold_until(clock, at)
        assert total(Metric.VIEWS, page=1) == 1
        assert dropped(Reason.REPEATED) == 3
        assert total(Metric.VISITS, page=0) == 1
        assert total(Metric.VISITORS, page=0) == 1

    def test_what_was_read_before_is_not_read_again_for_every_round(
        self, clock: Clock, write: Callable[..., None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        remembered: list[int] = []
        remember = folding.remember
        monkeypatch.setattr(
            folding,
            "remember",
            lambda *given, **how: (remembered.append(1), remember(*given, **how))[1],
        )
        folder = Folder()
        for at, name in enumerate("aabbca"):
            write(name, at)
            fold_until(clock, at, folder)
            fold_until(clock, at, folder)
        assert len(remembered) == 1
        assert total(Metric.VIEWS) == 6

    def test_a_round_that_fails_writes_nothing_and_is_done_again(
        self, clock: Clock, write: Callable[..., None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = Folder()
        write("a", 0, visitor=77)
        fold_until(clock, 0, folder)
        write("a", 20, visitor=77)
        write("b", 25, page=5)
        with monkeypatch.context() as broken:
            broken.setattr(figures, "_write_sightings", lambda _tally: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                fold_until(clock, 30, folder)
        assert total(Metric.VIEWS) == 1
        assert dropped(Reason.REPEATED) == 0
        assert JournalPosition.objects.count() == 1
        assert CountedPage.objects.get(pk=1).views == 1
        fold_until(clock, 30, folder)
        assert total(Metric.VIEWS) == 2
        assert dropped(Reason.REPEATED) == 1
        assert total(Metric.VISITS, page=0) == 2

    def test_a_second_leader_in_the_same_moment_counts_nothing(
        self, clock: Clock, write: Callable[..., None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write("a", 0, 1, 2)
        write("b", 1, 2)
        first, second = Folder(), Folder()
        describe = folding.describe_pages

        def describe_while_the_other_is_quicker(numbers: set[int]) -> Any:
            monkeypatch.setattr(folding, "describe_pages", describe)
            assert fold_until(clock, 10, second)
            return describe(numbers)

        monkeypatch.setattr(folding, "describe_pages", describe_while_the_other_is_quicker)
        with pytest.raises(Overtaken):
            fold_until(clock, 10, first)
        assert total(Metric.VIEWS) == 5
        write("a", 11)
        fold_until(clock, 20, first)
        assert total(Metric.VIEWS) == 6

    def test_who_was_overtaken_knows_what_the_other_has_counted(
        self, clock: Clock, write: Callable[..., None]
    ) -> None:
        first, second = Folder(), Folder()
        write("a", 0, visitor=77)
        fold_until(clock, 0, first)
        write("a", 20, visitor=77)
        fold_until(clock, 20, second)
        write("a", 40, visitor=77)
        fold_until(clock, 40, first)
        assert total(Metric.VIEWS) == 1
        assert dropped(Reason.REPEATED) == 2

    def test_the_duty_says_so_and_goes_on_another_time(
        self, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def overtaken(_now: int) -> bool:
            raise Overtaken("2026-03-16-1-a.journal")

        monkeypatch.setattr(folding._folder, "fold", overtaken)
        fold_journal()
        assert "is being read by another process" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_two_leaders_side_by_side_count_every_event_once(
    clock: Clock, write: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("the test database of SQLite lies in memory and knows one connection")
    together = threading.Barrier(2)
    describe = folding.describe_pages

    def describe_together(numbers: set[int]) -> Any:
        together.wait(20)
        return describe(numbers)

    outcomes: list[str] = []

    def lead(until: float) -> None:
        try:
            fold_until(clock, until)
            outcomes.append("counted")
        except Overtaken:
            outcomes.append("overtaken")
        finally:
            connection.close()

    monkeypatch.setattr(folding, "describe_pages", describe_together)
    for round_number in range(5):
        begin = round_number * 10
        write("a", begin, begin + 1)
        write(f"new{round_number}", begin)
        threads = [threading.Thread(target=lead, args=(begin + 2,)) for _leader in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(outcomes) == ["counted"] * 5 + ["overtaken"] * 5
    assert total(Metric.VIEWS) == 15
    assert CountedPage.objects.get(pk=1).views == 15


@pytest.mark.django_db
class TestOrder:
    def test_events_of_several_processes_are_applied_in_order_of_time(
        self, clock: Clock, write: Callable[..., None]
    ) -> None:
        # One reader, whose clicks reach two processes in turn: 20 s apart, so one view.
        write("a", 0, 40, visitor=77)
        write("b", 20, 60, visitor=77)
        fold_until(clock, 60)
        assert total(Metric.VIEWS) == 1

    def test_what_is_a_moment_old_waits_for_what_may_still_be_older(
        self, clock: Clock, write: Callable[..., None]
    ) -> None:
        folder = Folder()
        write("a", 0, 0.5)
        fold_until(clock, 0.2, folder)
        assert total(Metric.VIEWS) == 1
        write("b", 0.3)
        fold_until(clock, 0.5, folder)
        assert total(Metric.VIEWS) == 3

    def test_a_backlog_takes_rounds_and_keeps_the_order(
        self, clock: Clock, write: Callable[..., None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(folding, "ROUND_BYTES", 10 * journal.RECORD_BYTES)
        write("a", *range(0, 2000, 40), visitor=77)
        write("b", *range(20, 2000, 40), visitor=77)
        folder = Folder()
        rounds = 1
        while not fold_until(clock, 3000, folder):
            rounds += 1
        assert rounds >= 5
        assert total(Metric.VIEWS) == 1, "every 20 s, all of it one view"
        assert dropped(Reason.REPEATED) == 99

    def test_damage_longer_than_a_round_is_passed_over_in_order(
        self, clock: Clock, write: Callable[..., None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(folding, "ROUND_BYTES", 4 * journal.RECORD_BYTES)
        write("a", 0, visitor=77)
        with (journal.folder() / "2026-03-16-1-a.journal").open("ab") as file:
            file.write(bytes(20 * journal.RECORD_BYTES))
        write("a", 40, visitor=77)
        write("b", 20, 60, visitor=77)
        folder = Folder()
        while not fold_until(clock, 100, folder):
            pass
        assert total(Metric.VIEWS) == 1
        assert dropped(Reason.TORN) >= 1

    def test_a_backlog_from_a_clock_that_was_ahead_does_not_keep_the_leader_busy(
        self, clock: Clock, write: Callable[..., None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(folding, "ROUND_BYTES", 2 * journal.RECORD_BYTES)
        write("a", *range(3600, 3610))
        write("b", 1)
        folder = Folder()
        fold_until(clock, 5, folder)
        assert fold_until(clock, 5, folder), "nothing more can be counted now"
        assert total(Metric.VIEWS) == 1
        while not fold_until(clock, 4000, folder):
            pass
        assert total(Metric.VIEWS) == 11


@pytest.mark.django_db
class TestDamage:
    def test_a_record_of_a_kind_nobody_knows_is_told_and_costs_no_other(
        self, clock: Clock, write: Callable[..., None]
    ) -> None:
        write("a", 0)
        write("a", 1, kind=99)
        write("a", 2, kind=99, visitor=0)
        write("a", 3, page=5)
        fold_until(clock, 10)
        assert total(Metric.VIEWS) == 2
        assert dropped(Reason.TORN) == 2

    def test_bytes_a_disk_has_changed_do_not_stop_counting_for_ever(
        self, clock: Clock, write: Callable[..., None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for at in range(3):
            write("a", at, page=at + 1)
        (path,) = journal.files()
        damaged = bytearray(path.read_bytes())
        damaged[journal.RECORD_BYTES + 8] = 0xEE  # the page of the middle one
        path.write_bytes(damaged)
        add_up = figures.add_up

        def refused_by_the_database(model: Any, names: Any, sums: Any) -> None:
            if any(
                0xEE in (value & 0xFF for value in key if isinstance(value, int)) for key in sums
            ):
                raise DataError("out of range")
            add_up(model, names, sums)

        monkeypatch.setattr(figures, "add_up", refused_by_the_database)
        folder = Folder()
        with pytest.raises(DataError):
            fold_until(clock, 10, folder)
        assert total(Metric.VIEWS) == 0
        fold_until(clock, 10, folder)
        assert total(Metric.VIEWS) == 2
        assert dropped(Reason.TORN) == 1

    @pytest.fixture
    def refused(self, monkeypatch: pytest.MonkeyPatch) -> set[int]:
        """Pages the database takes no figures of, whole though their records are."""
        refused: set[int] = set()
        add_up = figures.add_up

        def refuse(model: Any, names: Any, sums: Any) -> None:
            if any(refused.intersection(n for n in key if isinstance(n, int)) for key in sums):
                raise DataError("out of range")
            add_up(model, names, sums)

        monkeypatch.setattr(figures, "add_up", refuse)
        return refused

    def test_whole_records_that_cannot_be_counted_are_found_and_left_out(
        self, clock: Clock, write: Callable[..., None], refused: set[int], caplog: Any
    ) -> None:
        refused |= {777, 888}
        for at in range(200):
            write("a", at / 100, page={20: 777, 99: 888, 100: 888}.get(at, 1))
        folder = Folder()
        for _round in range(2):
            with pytest.raises(DataError):
                fold_until(clock, 10, folder)
            assert total(Metric.VIEWS) == 0
        assert fold_until(clock, 10, folder)
        assert total(Metric.VIEWS, page=1) == 197
        assert dropped(Reason.TORN) == 3
        assert "3 events" in caplog.text
        assert "777" not in caplog.text

    def test_a_new_leader_is_not_stopped_by_them_either(
        self, clock: Clock, write: Callable[..., None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write("a", 0, visitor=5)
        write("a", 1, page=777)
        fold_until(clock, 10)
        write("a", 20, visitor=5)
        describe_pages = folding.describe_pages

        def refuse(numbers: set[int]) -> Any:
            if 777 in numbers:
                raise DataError("out of range")
            return describe_pages(numbers)

        monkeypatch.setattr(folding, "describe_pages", refuse)
        folder = Folder()
        for _round in range(2):
            with pytest.raises(DataError):
                fold_until(clock, 30, folder)
        fold_until(clock, 30, folder)
        assert total(Metric.VIEWS, page=1) == 1
        assert dropped(Reason.REPEATED) == 1, "and what the former one had seen is known"

    def test_nothing_is_left_out_when_it_is_not_for_the_events(
        self, clock: Clock, write: Callable[..., None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write("a", *range(100))
        folder = Folder()
        with monkeypatch.context() as broken:
            # That nothing was counted could be written.
            broken.setattr(folding, "describe_pages", lambda pages: 1 / 0 if pages else ({}, {}))
            for _round in range(4):
                with pytest.raises(ZeroDivisionError):
                    fold_until(clock, 200, folder)
        assert fold_until(clock, 200, folder)
        assert total(Metric.VIEWS) == 100
        assert dropped(Reason.TORN) == 0

    def test_nor_when_the_database_is_away(
        self, clock: Clock, write: Callable[..., None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write("a", *range(5))
        folder = Folder()
        tried: list[int] = []
        monkeypatch.setattr(folding, "foldable", lambda events: tried.append(1) or events)
        with monkeypatch.context() as away:
            away.setattr(figures, "write", raising(OperationalError("the connection is gone")))
            for _round in range(4):
                with pytest.raises(OperationalError):
                    fold_until(clock, 200, folder)
        assert fold_until(clock, 200, folder)
        assert not tried
        assert total(Metric.VIEWS) == 5

    @pytest.mark.parametrize("cut", [1, 30, 55])
    def test_a_record_torn_in_the_middle_is_told_and_costs_no_other(
        self, clock: Clock, write: Callable[..., None], cut: int
    ) -> None:
        write("a", 0)
        with (journal.folder() / "2026-03-16-1-a.journal").open("ab") as file:
            file.write(pack(Event(Kind.VIEW, page=1, visitor=5))[:cut])
        write("a", 1, 2)
        folder = Folder()
        # In steps: what is torn is told once, wherever a round ends.
        for until in (0.5, 1.5, 9, 9):
            fold_until(clock, until, folder)
        assert total(Metric.VIEWS) == 3
        assert dropped(Reason.TORN) == 1

    def test_the_end_of_a_killed_process_is_not_read_over_and_over(
        self, clock: Clock, write: Callable[..., None]
    ) -> None:
        write("a", 0)
        with (journal.folder() / "2026-03-16-1-a.journal").open("ab") as file:
            file.write(pack(Event(Kind.VIEW, page=1, visitor=5))[:30])
        for _round in range(3):
            assert fold_until(clock, 9)
        assert total(Metric.VIEWS) == 1

    def test_a_stranger_in_the_folder_disturbs_nobody(
        self, clock: Clock, write: Callable[..., None]
    ) -> None:
        (journal.folder() / "notes.txt").write_text("x" * 500)
        (journal.folder() / "x.journal").write_bytes(b"x" * 500)
        write("a", 0)
        fold_until(clock, 9)
        assert total(Metric.VIEWS) == 1


@pytest.mark.django_db
class TestDays:
    @pytest.mark.parametrize(
        ("last", "first"),
        [
            (datetime(2026, 3, 16, 23, 59, 59), date(2026, 3, 17)),
            (datetime(2026, 3, 31, 23, 59, 59), date(2026, 4, 1)),
            (datetime(2026, 12, 31, 23, 59, 59), date(2027, 1, 1)),
        ],
        ids=["midnight", "month end", "year end"],
    )
    def test_days_are_those_of_viet_nam(self, clock: Clock, last: datetime, first: date) -> None:
        own = Journal()
        clock.set(last)
        own.append(Event(Kind.VIEW, page=1, visitor=5))
        clock.go_on(seconds=1)
        own.append(Event(Kind.VIEW, page=1, visitor=6))
        own.append(Event(Kind.VIEW, Reason.ROBOT))
        fold()
        counts = dict(DayFigure.objects.filter(metric=Metric.VIEWS).values_list("day", "count"))
        assert counts == {last.date(): 1, first: 1}
        hours = HourFigure.objects.filter(metric=Metric.VIEWS).values_list("hour", flat=True)
        assert sorted(timezone.localtime(hour).hour for hour in hours) == [0, 23]
        assert DroppedFigure.objects.get().day == first

    def test_figures_are_added_to_what_is_there(
        self, clock: Clock, write: Callable[..., None]
    ) -> None:
        write("a", 0, 1)
        fold_until(clock, 5)
        write("a", 6, 7, 8)
        fold_until(clock, 9)
        figure = DayFigure.objects.get(metric=Metric.VIEWS)
        assert (figure.count, figure.page_id, figure.code_id) == (5, 1, "")
        assert CountedPage.objects.get(pk=1).views == 5

    def test_views_of_readers_who_asked_not_to_be_tracked_are_not_in_the_pages_sum(
        self, clock: Clock, write: Callable[..., None]
    ) -> None:
        write("a", 0, 1, visitor=0)
        write("a", 2)
        fold_until(clock, 5)
        assert total(Metric.VIEWS, unmerged=True) == 2
        assert total(Metric.VIEWS, unmerged=False) == 1
        assert CountedPage.objects.get(pk=1).views == 1


@pytest.mark.django_db
class TestNames:
    def test_a_deleted_page_keeps_its_figures_title_and_exhibition(
        self, clock: Clock, write: Callable[..., None], pages: dict[int, CountablePage]
    ) -> None:
        write("a", 0, page=5)
        fold_until(clock, 1)
        del pages[5]
        # One more was journalled in the seconds before it went.
        write("a", 2, page=5)
        fold_until(clock, 3)
        page = CountedPage.objects.get(pk=5)
        assert (page.title, page.exhibition) == ("Trang 5", 4)
        assert page.views == total(Metric.VIEWS, page=5) == 2
        assert total(Metric.VISITS, page=4) == 2, "it still is a visit to the exhibition"

    def test_a_page_that_went_before_it_was_ever_counted_is_a_number(
        self, clock: Clock, write: Callable[..., None]
    ) -> None:
        write("a", 0, page=99)
        fold_until(clock, 1)
        assert str(CountedPage.objects.get(pk=99)).endswith("99")
        assert total(Metric.VIEWS, page=99) == 1

    def test_a_renamed_page_is_called_by_its_new_name(
        self, clock: Clock, write: Callable[..., None], pages: dict[int, CountablePage]
    ) -> None:
        write("a", 0)
        fold_until(clock, 1)
        pages[1] = CountablePage(1, "Tên mới")
        write("a", 2)
        fold_until(clock, 3)
        page = CountedPage.objects.get(pk=1)
        assert (page.title, page.views) == ("Tên mới", 2)

    def test_an_exhibition_is_named_though_only_its_parts_were_read(
        self, clock: Clock, write: Callable[..., None]
    ) -> None:
        write("a", 0, page=5)
        fold_until(clock, 1)
        hall = CountedPage.objects.get(pk=4)
        assert (hall.title, hall.exhibition, hall.views) == ("Triển lãm", 4, 0)
        assert total(Metric.VISITS, page=4) == 1

    def test_so_is_one_that_was_read_by_nobody_who_makes_a_visit(
        self, clock: Clock, write: Callable[..., None]
    ) -> None:
        write("a", 0, page=5, visitor=0)
        fold_until(clock, 1)
        assert CountedPage.objects.get(pk=4).title == "Triển lãm"
        assert total(Metric.VIEWS, page=5, exhibition=4) == 1

    def test_an_exhibition_is_called_by_its_new_name_though_only_its_parts_are_read(
        self, clock: Clock, write: Callable[..., None], pages: dict[int, CountablePage]
    ) -> None:
        write("a", 0, page=5)
        fold_until(clock, 1)
        pages[5] = CountablePage(5, "Trang 5", exhibition=4, exhibition_title="Tên mới")
        write("a", 2, page=5)
        fold_until(clock, 3)
        assert CountedPage.objects.get(pk=4).title == "Tên mới"

    def test_a_page_that_is_moved_leaves_its_figures_where_it_was_read(
        self, clock: Clock, write: Callable[..., None], pages: dict[int, CountablePage]
    ) -> None:
        write("a", 0, 1, page=5)
        fold_until(clock, 2)
        pages[5] = CountablePage(5, "Trang 5", exhibition=7, exhibition_title="Triển lãm khác")
        write("a", 3, page=5)
        fold_until(clock, 4)
        assert total(Metric.VIEWS, page=5, exhibition=4) == 2
        assert total(Metric.VIEWS, page=5, exhibition=7) == 1
        page = CountedPage.objects.get(pk=5)
        assert (page.exhibition, page.views) == (7, 3)

    def test_an_invitation_keeps_its_name_when_it_is_withdrawn(
        self, clock: Clock, write: Callable[..., None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        click = {"kind": Kind.CLICK, "page": 0, "code": CODE.encode()}
        write("a", 0, **click)
        fold_until(clock, 1)
        monkeypatch.setattr(trackable.codes, "_rule", lambda _codes: {})
        write("a", 2, **click)
        fold_until(clock, 3)
        code = CountedCode.objects.get(pk=CODE)
        assert (code.organisation_name, code.campaign_title) == ("Xã Thất Khê", "Đợt tuyên truyền")
        assert total(Metric.CLICKS, code=CODE, page=0) == 2


@pytest.mark.django_db
class TestSightings:
    def test_where_a_banner_was_seen_first_and_last(
        self, clock: Clock, write: Callable[..., None]
    ) -> None:
        organisation = factories.OrganisationFactory()
        host = OrganisationHost.objects.create(organisation=organisation, host="thatkhe.gov.vn")
        shown = {"kind": Kind.IMPRESSION, "page": 0, "code": CODE.encode(), "host": host.pk}
        write("a", 0, **shown)
        fold_until(clock, 1)
        write("a", 3600, source=Source.AGENCY, **shown)
        write("a", 3700, kind=Kind.IMPRESSION, page=0, code=CODE.encode())
        fold_until(clock, 4000)
        sighting = Sighting.objects.get()
        assert (sighting.code_id, sighting.host) == (CODE, "thatkhe.gov.vn")
        assert sighting.first_at == clock.now
        assert (sighting.last_at - sighting.first_at).total_seconds() == 3600

    def test_a_host_that_is_no_longer_registered_is_not_kept(
        self, clock: Clock, write: Callable[..., None]
    ) -> None:
        write("a", 0, kind=Kind.IMPRESSION, page=0, code=CODE.encode(), host=4711)
        fold_until(clock, 1)
        assert not Sighting.objects.exists()
        assert total(Metric.IMPRESSIONS, code=CODE) == 1


@pytest.mark.django_db
class TestRealPages:
    @pytest.fixture(autouse=True)
    def real_rules(self, monkeypatch: pytest.MonkeyPatch, rules: None) -> None:
        """The rules of the portal, as it sets them at start."""
        monkeypatch.setattr(trackable.pages, "_rule", countable_pages)

    @pytest.fixture
    def alias(self, hall: Hall) -> ItemPage:
        """The first item of the hall once more, in another exhibition that is open."""
        other = factories.ExhibitionPageFactory(
            parent=hall.exhibition.get_parent().specific, title="Triển lãm lưu động"
        )
        part = factories.PartPageFactory(parent=other)
        alias: ItemPage = hall.items[0].create_alias(parent=part, update_slug="khac")
        return alias

    @pytest.mark.parametrize("source_is_open", [True, False], ids=["open", "hidden"])
    def test_an_alias_counts_for_its_source_and_the_exhibition_it_stands_in(
        self, hall: Hall, clock: Clock, alias: ItemPage, source_is_open: bool
    ) -> None:
        source, there = hall.items[0], exhibition_of(alias)
        assert there is not None
        if not source_is_open:
            # Not through publishing, which would take the alias along.
            Page.objects.filter(pk=hall.exhibition.pk).update(live=False)
        assert (trackable.page(source.pk) is not None) is source_is_open
        assert take(asking(), Claim(Kind.VIEW, page=alias.pk)) is Reason.COUNTED
        fold()
        assert total(Metric.VIEWS, page=source.pk, exhibition=there.pk) == 1
        assert total(Metric.VISITS, page=there.pk) == 1
        assert total(Metric.VISITS, page=hall.exhibition.pk) == 0
        page = CountedPage.objects.get(pk=source.pk)
        assert (page.title, page.exhibition) == (source.title, hall.exhibition.pk)
        assert CountedPage.objects.get(pk=there.pk).title == "Triển lãm lưu động"
        assert not CountedPage.objects.filter(pk=alias.pk).exists()

    def test_who_goes_on_from_an_item_to_its_alias_has_read_it_once(
        self, hall: Hall, clock: Clock, alias: ItemPage
    ) -> None:
        own = Journal()
        own.append(Event(Kind.VIEW, page=hall.items[0].pk, visitor=5))
        fold()
        clock.go_on(seconds=20)
        own.append(Event(Kind.VIEW, page=alias.pk, visitor=5))
        # By a leader who has it all to remember.
        fold()
        clock.go_on(seconds=20)
        own.append(Event(Kind.VIEW, page=hall.items[0].pk, visitor=5))
        fold()
        assert total(Metric.VIEWS) == 1
        assert dropped(Reason.REPEATED) == 2

    def test_an_alias_of_an_exhibition_is_that_exhibition(self, hall: Hall, clock: Clock) -> None:
        again = hall.exhibition.create_alias(
            parent=hall.exhibition.get_parent(), update_slug="khac", recursive=True
        )
        item = ItemPage.objects.descendant_of(again).first()
        Journal().append(Event(Kind.VIEW, page=item.pk, visitor=5))
        fold()
        assert total(Metric.VISITS, page=hall.exhibition.pk) == 1
        assert total(Metric.VIEWS, page=item.alias_of_id, exhibition=hall.exhibition.pk) == 1

    def test_a_page_that_was_hidden_meanwhile_keeps_its_name_and_exhibition(
        self, hall: Hall, clock: Clock
    ) -> None:
        item = hall.items[0]
        Journal().append(Event(Kind.VIEW, page=item.pk, visitor=5))
        item.unpublish()
        fold()
        assert CountedPage.objects.get(pk=item.pk).title == item.title
        assert total(Metric.VISITS, page=hall.exhibition.pk) == 1

    def test_any_number_of_pages_is_asked_about_in_as_many_queries(
        self, hall: Hall, alias: ItemPage, django_assert_num_queries: Any
    ) -> None:
        with CaptureQueriesContext(connection) as one:
            countable_pages({hall.items[0].pk})
        every = [hall.exhibition, *hall.parts, *hall.items, alias]
        with django_assert_num_queries(len(one)):
            assert len(countable_pages({page.pk for page in every})) == len(every)

    def test_an_item_of_an_exhibition_counts_for_it(self, hall: Hall, clock: Clock) -> None:
        own = Journal()
        own.append(Event(Kind.VIEW, page=hall.items[0].pk, visitor=5))
        fold()
        assert total(Metric.VISITS, page=hall.exhibition.pk) == 1
        page = CountedPage.objects.get(pk=hall.items[0].pk)
        assert page.title == hall.items[0].title
        assert page.exhibition == hall.exhibition.pk
        assert CountedPage.objects.get(pk=hall.exhibition.pk).title == hall.exhibition.title


def test_an_hour_is_told_by_the_clocks_of_viet_nam() -> None:
    hour = datetime(2026, 3, 16, 17, 0, tzinfo=UTC)
    assert str(HourFigure(hour=hour, metric=Metric.VIEWS, count=3)).startswith("00:00 17/3/2026")


def test_the_files_of_the_journal_survive_being_read(clock: Clock, tmp_path: Path) -> None:
    own = Journal()
    own.append(Event(Kind.VIEW, page=1))
    [path] = journal.files()
    before = path.read_bytes()
    folding.read_round([path], {}, clock.milliseconds + A_WHILE_MS)
    assert path.read_bytes() == before
