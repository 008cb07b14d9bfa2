"""One leader an installation; jobs and duties done by it whatever happens to the others."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from config import environment
from core import clockwork
from core.clockwork import Clockwork, Duty, JobsWorker, Timetable, resume_interrupted_jobs
from core.scheduling import publish_due_pages
from tests.core import jobs

WAIT_SECONDS = 20
"""Longest wait for another process or thread; nothing waits that long unless it is broken."""

ANOTHER_PROCESS = """
import sys, time, django
django.setup()
from django.conf import settings
from pathlib import Path
settings.DATA_DIR = Path(sys.argv[1])
from core import clockwork
leadership = clockwork.leadership()
# The database may still hold the lock for a process that has only just been killed.
deadline = time.monotonic() + 10
while not (leads := leadership.try_to_take()) and time.monotonic() < deadline:
    time.sleep(0.05)
print("leads" if leads else "stands by", flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def own_data_folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def jobs_in_database(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Queue jobs in the database, as everywhere but in tests."""
    # Closing connections between jobs would end the transaction the test lives in.
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)
    settings.TASKS = {
        **settings.TASKS,
        "jobs": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []},
    }
    jobs.done.clear()
    yield
    jobs.done.clear()


@contextmanager
def another_process(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start a process that tries to lead, and give it with what it says."""
    process = subprocess.Popen(
        [sys.executable, "-c", ANOTHER_PROCESS, str(folder)],
        cwd=environment.BASE_DIR,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DATABASE_URL": address_of_test_database(),
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait(WAIT_SECONDS)


def address_of_test_database() -> str:
    """Give the address of the database this test runs on: an advisory lock is per database."""
    if connection.vendor != "postgresql":
        return ""
    parts = connection.settings_dict
    user = quote(parts["USER"]) + (f":{quote(parts['PASSWORD'])}" if parts["PASSWORD"] else "")
    return f"postgresql://{user}@{parts['HOST']}:{parts['PORT'] or 5432}/{parts['NAME']}"


def in_a_thread(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def take_once_free(leadership: clockwork.Leadership) -> None:
    """Take the lock: a database notices a moment late that its last holder is gone."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not leadership.try_to_take():
        assert time.monotonic() < deadline, "the lock outlived its holder"


@pytest.mark.django_db
class TestLeadership:
    def test_the_first_process_leads_and_the_second_stands_by(self, own_data_folder: Path) -> None:
        with another_process(own_data_folder) as (_, said):
            assert said == "leads"
            assert not clockwork.leadership().try_to_take()

    def test_a_killed_leader_is_replaced(self, own_data_folder: Path) -> None:
        standing_by = clockwork.leadership()
        with another_process(own_data_folder) as (leader, said):
            assert said == "leads"
            assert not standing_by.try_to_take()
            leader.kill()
            leader.wait(WAIT_SECONDS)
            take_once_free(standing_by)
            assert standing_by.is_held()
            standing_by.give_up()

    def test_leadership_given_up_can_be_taken_again(self) -> None:
        first, second = clockwork.leadership(), clockwork.leadership()
        take_once_free(first)
        assert not second.try_to_take()
        first.give_up()
        assert not first.is_held()
        assert second.try_to_take()
        second.give_up()

    def test_losing_the_connection_loses_leadership(self) -> None:
        leadership = clockwork.leadership()
        if not isinstance(leadership, clockwork.AdvisoryLeadership):
            pytest.skip("a file's lock has no connection to lose")
        take_once_free(leadership)
        assert leadership._connection is not None
        leadership._connection.connection.close()
        assert not leadership.is_held()


class TestDuties:
    def test_a_failing_duty_stops_no_other_and_is_tried_again(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        done: list[str] = []

        def fail() -> None:
            done.append("failing")
            raise ValueError("meant to fail")

        timetable = Timetable(
            [Duty("failing", 60, fail), Duty("other", 60, lambda: done.append("other"))]
        )
        timetable.run_due(now=600.0)
        timetable.run_due(now=660.0)
        assert done == ["failing", "other"] * 2
        assert "'failing' failed" in caplog.text

    def test_a_duty_of_sixty_seconds_is_done_at_the_full_minute(self) -> None:
        done: list[float] = []
        timetable = Timetable([Duty("minute", 60, lambda: done.append(now))])
        for now in [630.0, 659.9, 660.0, 661.0, 719.9, 721.0]:
            timetable.run_due(now)
        assert done == [630.0, 660.0, 721.0]

    def test_what_came_due_while_nobody_led_is_done_at_once(self) -> None:
        done: list[str] = []
        Timetable([Duty("hourly", 3600, lambda: done.append("hourly"))]).run_due(now=5000.0)
        assert done == ["hourly"]

    def test_a_clock_put_back_does_not_silence_a_duty(self) -> None:
        done: list[float] = []
        timetable = Timetable([Duty("minute", 60, lambda: done.append(now))])
        for now in [100_000.0, 600.0, 660.0]:
            timetable.run_due(now)
        assert done == [100_000.0, 600.0, 660.0]

    def test_the_wait_ends_when_the_next_duty_is_due(self) -> None:
        timetable = Timetable([Duty("minute", 60, lambda: None)])
        timetable.run_due(now=659.0)
        assert timetable.seconds_until_next(659.75) == 0.25
        assert timetable.seconds_until_next(610.0) == clockwork.DUTIES_POLL_SECONDS

    def test_publishing_what_is_due_is_a_duty_of_every_minute(self) -> None:
        duties = {duty.work: duty.interval for duty in clockwork.registered_duties()}
        assert duties[publish_due_pages] == 60

    def test_other_apps_add_their_own(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(clockwork, "_registered", {})
        clockwork.register("fold", 5, lambda: "first")
        clockwork.register("fold", 10, lambda: "second")
        assert [(duty.name, duty.interval) for duty in clockwork.registered_duties()] == [
            ("fold", 10)
        ]
        with pytest.raises(ValueError, match="positive"):
            clockwork.register("never", 0, lambda: None)


@pytest.mark.django_db
@pytest.mark.usefixtures("jobs_in_database")
class TestJobs:
    def test_waiting_jobs_are_done_in_order(self) -> None:
        jobs.note.enqueue("first")
        jobs.note.enqueue("second")
        JobsWorker().run_waiting()
        assert jobs.done == ["first", "second"]

    @pytest.mark.failing_task
    def test_a_failing_job_stops_no_other(self) -> None:
        result = jobs.fail.enqueue()
        jobs.note.enqueue("after it")
        JobsWorker().run_waiting()
        assert jobs.done == ["after it"]
        assert DBTaskResult.objects.get(id=result.id).status == "FAILED"

    def test_a_stopped_worker_begins_no_further_job(self) -> None:
        jobs.note.enqueue("later")
        worker = JobsWorker()
        worker.stop()
        worker.run_waiting()
        assert jobs.done == []

    def test_a_job_cut_short_is_done_again_by_the_next_leader(self) -> None:
        result = jobs.note.enqueue("again")
        DBTaskResult.objects.get(id=result.id).claim("a leader that died")
        resume_interrupted_jobs()
        JobsWorker().run_waiting()
        assert jobs.done == ["again"]
        assert DBTaskResult.objects.get(id=result.id).status == "SUCCESSFUL"

    def test_a_job_that_never_ends_is_given_up(self) -> None:
        result = jobs.note.enqueue("never")
        for _ in range(clockwork.JOB_ATTEMPTS):
            DBTaskResult.objects.get(id=result.id).claim("a leader that died")
        resume_interrupted_jobs()
        JobsWorker().run_waiting()
        assert jobs.done == []
        assert DBTaskResult.objects.get(id=result.id).status == "FAILED"


@pytest.mark.django_db(transaction=True)
class TestClockwork:
    def test_it_does_its_duties_until_stopped_and_stops_in_time(self) -> None:
        done = threading.Event()
        keeper = Clockwork([Duty("wake", 3600, done.set)])
        thread = in_a_thread(keeper.run)
        assert done.wait(WAIT_SECONDS)
        keeper.stop()
        thread.join(clockwork.STOP_SECONDS + 0.5)
        assert not thread.is_alive()

    def test_the_second_takes_over_when_the_first_stops(self) -> None:
        first_led, second_led = threading.Event(), threading.Event()
        first = Clockwork([Duty("first", 3600, first_led.set)])
        second = Clockwork([Duty("second", 3600, second_led.set)])
        first_thread = in_a_thread(first.run)
        assert first_led.wait(WAIT_SECONDS)
        second_thread = in_a_thread(second.run)
        assert not second_led.is_set()
        first.stop()
        first_thread.join(WAIT_SECONDS)
        assert second_led.wait(WAIT_SECONDS)
        second.stop()
        second_thread.join(WAIT_SECONDS)
        assert not second_thread.is_alive()

    def test_a_long_duty_does_not_keep_it_from_stopping(self) -> None:
        begun, release = threading.Event(), threading.Event()

        def long_duty() -> None:
            begun.set()
            release.wait(WAIT_SECONDS)

        keeper = Clockwork([Duty("long", 3600, long_duty)])
        thread = in_a_thread(keeper.run)
        try:
            assert begun.wait(WAIT_SECONDS)
            keeper.stop()
            thread.join(clockwork.STOP_SECONDS + 0.5)
            assert not thread.is_alive()
            # The work goes on, so nobody else may lead yet.
            if connection.vendor == "sqlite":
                assert not clockwork.leadership().try_to_take()
        finally:
            release.set()
