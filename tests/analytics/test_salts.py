"""The key of a day: one for all processes, kept from backups, gone within the hour after it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from analytics import retention, salts
from analytics.journal import Event, journal
from analytics.models import SaltDestruction
from analytics.salts import SALT_BYTES, Salts
from analytics.vocabulary import Kind, Reason
from config import environment
from tests.analytics.conftest import Clock

ANOTHER_PROCESS = """
import sys
from django.conf import settings
settings.configure(SALT_DIR=sys.argv[1], TIME_ZONE="Asia/Ho_Chi_Minh", USE_TZ=True)
from analytics.salts import Salts
salts = Salts()
print("ready", flush=True)
moment = float(sys.stdin.readline())
print(salts.at(moment)[0].hex(), flush=True)
"""


@pytest.fixture
def folder(settings: Any) -> Path:
    return Path(settings.SALT_DIR)


def salt_files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != salts.BACKUP_TAG)


class TestOneSaltADay:
    def test_all_processes_that_begin_at_once_hash_alike(self, folder: Path, clock: Clock) -> None:
        processes = [
            subprocess.Popen(
                [sys.executable, "-c", ANOTHER_PROCESS, str(folder)],
                cwd=environment.BASE_DIR,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _number in range(4)
        ]
        said = []
        try:
            for process in processes:
                assert process.stdout is not None
                assert process.stdout.readline() == "ready\n"
            for process in processes:
                assert process.stdin is not None
                process.stdin.write(f"{clock.seconds}\n")
                process.stdin.flush()
            for process in processes:
                assert process.stdout is not None
                said.append(process.stdout.readline().strip())
        finally:
            for process in processes:
                process.kill()
                process.communicate()
        assert len(set(said)) == 1
        assert bytes.fromhex(said[0]) == Salts().at(clock.seconds)[0]
        assert salt_files(folder) == ["2026-03-16.salt"], "no draft is left behind"

    def test_the_first_of_many_threads_decides_for_all(self, clock: Clock) -> None:
        found: list[bytes] = []
        together = threading.Barrier(12)

        def look() -> None:
            own = Salts()
            together.wait()
            found.append(own.at(clock.seconds)[0])

        threads = [threading.Thread(target=look) for _number in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == 12
        assert len(set(found)) == 1

    def test_every_day_has_its_own(self, clock: Clock) -> None:
        own = Salts()
        first, _former = own.at(clock.seconds)
        clock.go_on(days=1)
        second, _former = own.at(clock.seconds)
        assert first != second
        assert len(first) == len(second) == SALT_BYTES

    def test_the_day_is_that_of_viet_nam(self, folder: Path, clock: Clock) -> None:
        own = Salts()
        clock.set(datetime(2026, 3, 31, 23, 59, 59))
        own.at(clock.seconds)
        clock.go_on(seconds=1)
        own.at(clock.seconds)
        assert salt_files(folder) == ["2026-03-31.salt", "2026-04-01.salt"]


class TestAcrossMidnight:
    def test_yesterdays_is_known_until_no_visit_can_go_on(self, clock: Clock) -> None:
        own = Salts()
        clock.set(datetime(2026, 3, 31, 23, 50))
        yesterdays, former = own.at(clock.seconds)
        assert former is None
        clock.set(datetime(2026, 4, 1, 0, 44, 59))
        assert own.at(clock.seconds)[1] == yesterdays
        clock.set(datetime(2026, 4, 1, 0, 45, 6))
        assert own.at(clock.seconds)[1] is None
        assert Salts().at(clock.seconds)[1] is None

    def test_where_there_was_none_yesterday_there_is_none(self, folder: Path, clock: Clock) -> None:
        clock.set(datetime(2026, 4, 1, 0, 10))
        assert Salts().at(clock.seconds)[1] is None
        assert salt_files(folder) == ["2026-04-01.salt"], "none is made for a day that is over"


class TestDamage:
    @pytest.mark.parametrize("content", [None, b"", b"cut short", b"x" * (SALT_BYTES + 1)], ids=str)
    def test_a_lost_or_broken_file_is_replaced_and_all_agree_again(
        self, folder: Path, clock: Clock, content: bytes | None
    ) -> None:
        first, second = Salts(), Salts()
        lost, _former = first.at(clock.seconds)
        second.at(clock.seconds)
        file = folder / "2026-03-16.salt"
        file.unlink() if content is None else file.write_bytes(content)
        clock.go_on(seconds=salts.RECHECK_SECONDS)
        new, _former = first.at(clock.seconds)
        assert new != lost
        assert len(new) == SALT_BYTES
        assert second.at(clock.seconds)[0] == new
        assert file.read_bytes() == new

    def test_what_was_half_written_is_nobodys_salt(self, folder: Path, clock: Clock) -> None:
        (salts.folder() / ".2026-03-16.salt.123.abcd").write_bytes(b"draft of a killed process")
        salt, _former = Salts().at(clock.seconds)
        assert (folder / "2026-03-16.salt").read_bytes() == salt

    def test_a_folder_that_cannot_be_used_is_an_error_and_no_weaker_hash(
        self, folder: Path, clock: Clock
    ) -> None:
        folder.write_text("a file where the folder should be")
        with pytest.raises(OSError):
            Salts().at(clock.seconds)


class TestSecrecy:
    def test_only_the_portal_can_read_it(self, folder: Path, clock: Clock) -> None:
        former_mask = os.umask(0)
        try:
            Salts().at(clock.seconds)
        finally:
            os.umask(former_mask)
        assert stat.S_IMODE((folder / "2026-03-16.salt").stat().st_mode) == 0o600
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700

    def test_backups_are_asked_to_leave_the_folder_out(self, folder: Path, clock: Clock) -> None:
        Salts().at(clock.seconds)
        tag = (folder / "CACHEDIR.TAG").read_text()
        assert tag.startswith("Signature: 8a477f597d28d172789f06886806bc55")


@pytest.mark.django_db
class TestDestruction:
    @pytest.fixture
    def quarter_hours(self, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Clock:
        """The clock as the leader's duties see it."""
        monkeypatch.setattr(retention.timezone, "now", lambda: clock.now)
        return clock

    def test_it_is_destroyed_within_the_hour_after_its_day_and_that_is_recorded(
        self, folder: Path, quarter_hours: Clock
    ) -> None:
        clock = quarter_hours
        clock.set(datetime(2026, 3, 31, 23, 30))
        Salts().at(clock.seconds)
        for _number in range(3):
            journal.append(Event(kind=Kind.VIEW))
        for _number in range(4):
            journal.set_aside(Kind.VIEW, Reason.ROBOT)  # one record of all four
        journal.sync()
        duties_until = datetime(2026, 4, 1, 1, 0)
        at = datetime(2026, 4, 1, 0, 0)
        gone_at = None
        while at < duties_until:
            clock.set(at)
            retention.destroy_old_salts()
            if gone_at is None and not (folder / "2026-03-31.salt").exists():
                gone_at = at
            at += timedelta(minutes=15)
        assert gone_at == datetime(2026, 4, 1, 0, 45)
        record = SaltDestruction.objects.get()
        assert record.day == date(2026, 3, 31)
        assert timezone.localtime(record.destroyed_at).replace(tzinfo=None) == gone_at
        assert record.events == 7

    def test_todays_stays(self, folder: Path, quarter_hours: Clock) -> None:
        Salts().at(quarter_hours.seconds)
        retention.destroy_old_salts()
        assert salt_files(folder) == ["2026-03-16.salt"]
        assert not SaltDestruction.objects.exists()

    def test_those_of_days_on_which_nothing_ran_go_too(
        self, folder: Path, quarter_hours: Clock
    ) -> None:
        clock = quarter_hours
        Salts().at(clock.seconds)
        clock.go_on(days=3)
        Salts().at(clock.seconds)
        retention.destroy_old_salts()
        assert salt_files(folder) == ["2026-03-19.salt"]
        assert [record.day for record in SaltDestruction.objects.all()] == [date(2026, 3, 16)]

    def test_its_bytes_are_overwritten_where_they_stand_and_on_the_disk(
        self, folder: Path, quarter_hours: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        Salts().at(quarter_hours.seconds)
        path = folder / "2026-03-16.salt"
        place = path.stat().st_ino
        os.link(path, folder / "witness")  # the same bytes of the disk, by another name
        synced: list[int] = []
        sizes: list[int] = []
        opened = Path.open

        def note_size(self: Path, *how: Any, **more: Any) -> Any:
            file = opened(self, *how, **more)
            if self == path:
                sizes.append(self.stat().st_size)
            return file

        monkeypatch.setattr(Path, "open", note_size)
        monkeypatch.setattr(os, "fsync", lambda number: synced.append(os.fstat(number).st_ino))
        quarter_hours.go_on(days=1)
        retention.destroy_old_salts()
        assert not path.exists()
        assert (folder / "witness").read_bytes() == bytes(SALT_BYTES)
        assert synced == [place]
        assert sizes == [SALT_BYTES], "a file that was emptied first gets other blocks"

    @pytest.fixture
    def timers(self, monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, Any, Any]]:
        """What is to be done later, and after how many seconds; nobody does it."""
        timers: list[tuple[float, Any, Any]] = []

        class Timer:
            daemon = False

            def __init__(self, seconds: float, work: Any, given: Any) -> None:
                timers.append((seconds, work, given))

            def start(self) -> None: ...

        monkeypatch.setattr(salts.threading, "Timer", Timer)
        return timers

    def test_a_process_that_is_asked_nothing_more_forgets_it_too(
        self, folder: Path, clock: Clock, timers: list[tuple[float, Any, Any]]
    ) -> None:
        own = Salts()
        now = timezone.now()
        own.at(now.timestamp())
        ((seconds, work, given),) = [each for each in timers if each[2] == [timezone.localdate()]]
        midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
        ends = midnight + timedelta(days=1) + salts.KEEP_AFTER_DAY
        assert abs((ends - timezone.localtime(now)).total_seconds() - seconds) < 5
        work(*given)
        assert (own._salt, own._former) == (b"", None)
        assert len(own.at(now.timestamp())[0]) == SALT_BYTES, "and is there again when asked for"

    def test_so_it_does_with_yesterdays_when_the_time_for_joining_is_over(
        self, folder: Path, clock: Clock, timers: list[tuple[float, Any, Any]]
    ) -> None:
        yesterday = timezone.localdate()  # timers go by the real clock
        begin = timezone.make_aware(datetime.combine(yesterday, datetime.min.time()))
        Salts().at(begin.timestamp() + 80_000)
        timers.clear()
        own = Salts()
        own.at((begin + timedelta(days=1, minutes=10)).timestamp())
        todays, former = own._salt, own._former
        assert former is not None
        ((_seconds, work, given),) = [each for each in timers if each[2] == [yesterday]]
        work(*given)
        assert (own._salt, own._former) == (todays, None)

    def test_a_key_destroyed_by_a_wrong_clock_and_made_anew_is_told_by_its_last_end(
        self, folder: Path, quarter_hours: Clock
    ) -> None:
        ends: list[datetime] = []
        for _time in range(2):
            Salts().at(quarter_hours.seconds)
            quarter_hours.go_on(days=1)
            retention.destroy_old_salts()
            ends.append(quarter_hours.now)
            quarter_hours.go_on(days=-1, seconds=60)
        assert ends[0] < ends[1]
        assert SaltDestruction.objects.get().destroyed_at == ends[1]

    def test_its_bytes_are_overwritten_even_when_the_record_cannot_be_made(
        self, folder: Path, quarter_hours: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        clock = quarter_hours
        Salts().at(clock.seconds)
        clock.go_on(days=1)
        with monkeypatch.context() as broken:
            broken.setattr(SaltDestruction.objects, "update_or_create", lambda **_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                retention.destroy_old_salts()
        assert (folder / "2026-03-16.salt").read_bytes() == bytes(SALT_BYTES)
        retention.destroy_old_salts()
        assert salt_files(folder) == []
        assert SaltDestruction.objects.get().day == date(2026, 3, 16)

    def test_a_stranger_in_the_folder_is_left_alone(
        self, folder: Path, quarter_hours: Clock
    ) -> None:
        stranger = salts.folder() / "of-the-kitchen.salt"
        stranger.write_text("sea salt")
        retention.destroy_old_salts()
        assert stranger.read_text() == "sea salt"
