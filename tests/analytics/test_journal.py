"""The journal keeps what it took, whatever happens to the process, the disk or the clock."""

from __future__ import annotations

import errno
import os
import resource
import stat
import threading
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import journal as journals
from analytics.journal import MOMENT, RECORD_BYTES, Event, Journal, JournalFull, pack, read
from analytics.vocabulary import Kind, Reason
from tests.analytics.conftest import Clock

WHOLE = 10**9

events = st.builds(
    Event,
    kind=st.sampled_from(Kind),
    reason=st.sampled_from(Reason),
    source=st.integers(0, 255),
    page=st.integers(0, 2**32 - 1),
    host=st.integers(0, 2**32 - 1),
    code=st.binary(min_size=8, max_size=8),
    visitor=st.integers(0, 2**64 - 1),
    former=st.integers(0, 2**64 - 1),
    moment=st.integers(0, 2**63),
    weight=st.integers(0, 2**32 - 1),
)


def event(number: int) -> Event:
    return Event(kind=Kind.VIEW, page=number, visitor=number, moment=number)


def file_with(folder: Path, content: bytes) -> Path:
    path = folder / "2026-03-16-1-abcd.journal"
    path.write_bytes(content)
    return path


def pages_in(path: Path) -> list[int]:
    return [each[journals.PAGE] for each in read(path, 0, WHOLE).events]


@pytest.fixture
def own_journal() -> Journal:
    return Journal()


class TestRecord:
    @given(st.lists(events, max_size=5))
    def test_what_is_written_is_what_is_read(
        self, tmp_path_factory: pytest.TempPathFactory, written: list[Event]
    ) -> None:
        path = file_with(tmp_path_factory.mktemp("journal"), b"".join(map(pack, written)))
        piece = read(path, 0, WHOLE)
        assert piece.events == [tuple(each) for each in written]
        assert piece.read_to == len(written) * RECORD_BYTES
        assert list(piece.ends) == [RECORD_BYTES * (n + 1) for n in range(len(written))]

    def test_reading_goes_on_where_it_ended(self, tmp_path: Path) -> None:
        path = file_with(tmp_path, b"".join(pack(event(n)) for n in range(1, 8)))
        position, seen = 0, []
        while (piece := read(path, position, 3 * RECORD_BYTES + 5)).events:
            assert len(piece.events) <= 3
            seen += [each[journals.PAGE] for each in piece.events]
            position = piece.read_to
        assert seen == [1, 2, 3, 4, 5, 6, 7]


class TestDamage:
    """Every whole record is found, once and in order; every damaged place is told."""

    @pytest.mark.parametrize("cut", range(1, RECORD_BYTES))
    def test_a_record_cut_anywhere_costs_no_other(self, tmp_path: Path, cut: int) -> None:
        path = file_with(
            tmp_path,
            pack(event(1)) + pack(event(2))[:cut] + pack(event(3)) + pack(event(4)),
        )
        assert pages_in(path) == [1, 3, 4]
        assert read(path, 0, WHOLE).torn == [RECORD_BYTES]

    @pytest.mark.parametrize("cut", range(1, RECORD_BYTES))
    def test_where_it_is_the_last_but_one_too(self, tmp_path: Path, cut: int) -> None:
        # What follows is shifted and has the marks of a record in the wrong places.
        for page in (10, 0xA1, 0xA10A, 0x0AA1):
            path = file_with(tmp_path, pack(event(1))[:cut] + pack(event(page)))
            assert pages_in(path) == [page]

    @given(
        st.lists(st.tuples(st.binary(max_size=120), events), min_size=1, max_size=6),
        st.integers(RECORD_BYTES, 400),
    )
    def test_whatever_lies_between_records_they_are_all_found(
        self,
        tmp_path_factory: pytest.TempPathFactory,
        pieces: list[tuple[bytes, Event]],
        at_once: int,
    ) -> None:
        content = b"".join(garbage + pack(each) for garbage, each in pieces)
        path = file_with(tmp_path_factory.mktemp("journal"), content)
        found, position, reads = [], 0, 0
        while (piece := read(path, position, at_once)).read_to > position:
            found += piece.events
            position = piece.read_to
            reads += 1
            assert reads < 2000
        assert found == [tuple(each) for _garbage, each in pieces]
        assert position == len(content)

    def test_a_block_the_disk_lost_costs_only_what_stood_in_it(self, tmp_path: Path) -> None:
        whole = b"".join(pack(event(n)) for n in range(1, 301))
        for begin in range(512, 8192, 1024):
            path = file_with(tmp_path, whole[:begin] + bytes(512) + whole[begin + 512 :])
            first, last = begin // RECORD_BYTES + 1, (begin + 511) // RECORD_BYTES + 1
            assert pages_in(path) == [n for n in range(1, 301) if not first <= n <= last]
            assert len(read(path, 0, WHOLE).torn) == 1

    @pytest.mark.parametrize("cut", range(1, RECORD_BYTES))
    def test_what_is_still_being_written_is_left_for_later(self, tmp_path: Path, cut: int) -> None:
        unfinished = pack(event(2))
        path = file_with(tmp_path, pack(event(1)) + unfinished[:cut])
        piece = read(path, 0, WHOLE)
        assert [each[journals.PAGE] for each in piece.events] == [1]
        assert piece.read_to == RECORD_BYTES
        assert not piece.torn
        assert read(path, piece.read_to, WHOLE).events == []
        path.write_bytes(pack(event(1)) + unfinished)
        later = read(path, piece.read_to, WHOLE)
        assert [each[journals.PAGE] for each in later.events] == [2]


class TestFiles:
    def test_a_file_belongs_to_a_process_and_a_day(
        self, own_journal: Journal, clock: Clock
    ) -> None:
        own_journal.append(event(1))
        own_journal.append(event(2))
        [path] = journals.files()
        assert path.name.startswith(f"2026-03-16-{os.getpid()}-")
        assert journals.day_of(path) == date(2026, 3, 16)
        assert pages_in(path) == [1, 2]

    def test_only_the_portal_can_read_it(self, own_journal: Journal) -> None:
        own_journal.append(event(1))
        [path] = journals.files()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700

    @pytest.mark.parametrize(
        ("last", "next_day"),
        [
            (datetime(2026, 3, 16, 23, 59, 59), "2026-03-17"),
            (datetime(2026, 3, 31, 23, 59, 59), "2026-04-01"),
            (datetime(2026, 12, 31, 23, 59, 59), "2027-01-01"),
            (datetime(2028, 2, 28, 23, 59, 59), "2028-02-29"),
        ],
        ids=["midnight", "month end", "year end", "leap day"],
    )
    def test_a_new_day_of_viet_nam_begins_a_new_file(
        self, own_journal: Journal, clock: Clock, last: datetime, next_day: str
    ) -> None:
        clock.set(last)
        own_journal.append(event(1))
        clock.milliseconds += 999
        own_journal.append(event(2))
        clock.milliseconds += 1
        own_journal.append(event(3))
        before, after = journals.files()
        assert before.name.startswith(last.date().isoformat())
        assert after.name.startswith(next_day)
        assert (pages_in(before), pages_in(after)) == ([1, 2], [3])

    def test_the_last_second_of_a_day_is_made_safe_as_the_others_are(
        self, own_journal: Journal, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        synced: list[str] = []
        keep = os.fdatasync

        def remember(descriptor: int) -> None:
            synced.append(os.readlink(f"/proc/self/fd/{descriptor}"))
            keep(descriptor)

        clock.set(datetime(2026, 3, 16, 23, 59, 59))
        own_journal.append(event(1))
        monkeypatch.setattr(os, "fdatasync", remember)
        clock.go_on(seconds=1)
        own_journal.append(event(2))
        assert str(journals.files()[0]) in synced

    def test_a_clock_that_is_put_back_leaves_every_file_in_order(
        self, own_journal: Journal, clock: Clock
    ) -> None:
        for step in (0, 5000, -3000, 100, -86_400_000, 10):
            clock.milliseconds += step
            own_journal.append(event(1))
        moments = [
            [each[MOMENT] for each in read(path, 0, WHOLE).events] for path in journals.files()
        ]
        assert sorted(map(len, moments)) == [2, 2, 2]
        assert all(each == sorted(each) for each in moments)

    def test_a_closed_journal_goes_on_in_a_new_file(self, own_journal: Journal) -> None:
        own_journal.append(event(1))
        own_journal.close()
        own_journal.append(event(2))
        assert sorted(pages_in(path)[0] for path in journals.files()) == [1, 2]

    def test_a_file_that_is_not_of_the_journal_is_of_no_day(self, tmp_path: Path) -> None:
        assert journals.day_of(tmp_path / "readme.journal") is None


def in_a_fork(work: Callable[[], None]) -> None:
    """Do ``work`` in a forked child and fail where it fails."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:
            os._exit(1)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
class TestProcesses:
    def test_a_forked_process_writes_a_file_of_its_own(self, own_journal: Journal) -> None:
        own_journal.append(event(1))
        in_a_fork(lambda: own_journal.append(event(2)))
        own_journal.append(event(3))
        assert sorted(map(pages_in, journals.files())) == [[1, 3], [2]]

    def test_one_forked_in_the_middle_of_a_write_is_not_stuck(self, own_journal: Journal) -> None:
        own_journal.append(event(1))
        with own_journal._lock:
            in_a_fork(lambda: own_journal.append(event(2)))
        assert sorted(map(pages_in, journals.files())) == [[1], [2]]

    def test_what_the_parent_set_aside_the_child_does_not_write(self, own_journal: Journal) -> None:
        own_journal.set_aside(Kind.VIEW, Reason.ROBOT)
        in_a_fork(lambda: (own_journal.append(event(2)), own_journal.sync()))  # type: ignore[arg-type,func-returns-value]
        own_journal.sync()
        weights = [each.weight for each in all_events()]
        assert sorted(weights) == [1, 1]

    def test_threads_lose_nothing_and_keep_the_order_of_time(self, own_journal: Journal) -> None:
        def write(of: int) -> None:
            for number in range(400):
                own_journal.append(event(of * 1000 + number))

        threads = [threading.Thread(target=write, args=(of,)) for of in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        [path] = journals.files()
        piece = read(path, 0, WHOLE)
        pages = [each[journals.PAGE] for each in piece.events]
        assert sorted(pages) == [of * 1000 + number for of in range(8) for number in range(400)]
        moments = [each[MOMENT] for each in piece.events]
        assert moments == sorted(moments)


def all_events() -> list[Event]:
    return [Event(*each) for path in journals.files() for each in read(path, 0, WHOLE).events]


class TestFullDisk:
    """An event is either accepted and there, or refused and gone."""

    @pytest.fixture
    def disk(self, monkeypatch: pytest.MonkeyPatch, own_journal: Journal) -> Any:
        """Set ``disk.room`` to the bytes that still fit into the journal; None is plenty."""

        class Disk:
            room: int | None = None

        disk, write = Disk(), os.write

        def write_what_fits(descriptor: int, data: bytes) -> int:
            if disk.room is None or descriptor != own_journal._descriptor:
                return write(descriptor, data)
            if disk.room == 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            written = write(descriptor, data[: disk.room])
            disk.room -= written
            return written

        monkeypatch.setattr(os, "write", write_what_fits)
        return disk

    @pytest.mark.parametrize("room", [0, 1, RECORD_BYTES - 1])
    def test_what_does_not_fit_is_refused_and_nothing_of_it_remains(
        self, own_journal: Journal, disk: Any, room: int
    ) -> None:
        own_journal.append(event(1))
        disk.room = room
        with pytest.raises(JournalFull):
            own_journal.append(event(2))
        [path] = journals.files()
        assert path.stat().st_size == RECORD_BYTES
        disk.room = None
        own_journal.append(event(3))
        assert [each.page for each in all_events()] == [1, 3]

    def test_a_disk_that_takes_half_a_record_really(self, own_journal: Journal) -> None:
        def write_until_full() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (2 * RECORD_BYTES + 20, RECORD_BYTES * 9))
            own_journal.append(event(1))
            own_journal.append(event(2))
            with pytest.raises(JournalFull):
                own_journal.append(event(3))
            resource.setrlimit(resource.RLIMIT_FSIZE, (RECORD_BYTES * 9, RECORD_BYTES * 9))
            own_journal.append(event(4))

        in_a_fork(write_until_full)
        [path] = journals.files()
        assert pages_in(path) == [1, 2, 4]
        assert path.stat().st_size == 3 * RECORD_BYTES

    def test_where_not_even_that_can_be_taken_back_nothing_accepted_is_cut_later(
        self, own_journal: Journal, disk: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        own_journal.append(event(1))
        disk.room = 30
        with monkeypatch.context() as broken:
            broken.setattr(
                os, "ftruncate", lambda *_: (_ for _ in ()).throw(OSError(errno.EIO, ""))
            )
            with pytest.raises(JournalFull):
                own_journal.append(event(2))
        disk.room = None
        own_journal.append(event(3))
        disk.room = 30
        with pytest.raises(JournalFull):
            own_journal.append(event(4))
        assert sorted(each.page for each in all_events()) == [1, 3]

    def test_a_folder_that_cannot_be_made_refuses_and_recovers(
        self, own_journal: Journal, settings: Any, tmp_path: Path
    ) -> None:
        (tmp_path / "file").write_text("")
        settings.JOURNAL_DIR = tmp_path / "file" / "journal"
        with pytest.raises(JournalFull):
            own_journal.append(event(1))
        settings.JOURNAL_DIR = tmp_path / "journal"
        own_journal.append(event(2))
        assert [each.page for each in all_events()] == [2]

    def test_the_log_says_so_once_and_not_for_every_event(
        self, own_journal: Journal, disk: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        own_journal.append(event(1))
        disk.room = 0
        for _number in range(50):
            with pytest.raises(JournalFull):
                own_journal.append(event(2))
        assert caplog.text.count("journal cannot be written") == 1


class TestSetAside:
    def test_a_flood_is_one_record(self, own_journal: Journal) -> None:
        for _number in range(1000):
            own_journal.set_aside(Kind.VIEW, Reason.OVER_BUDGET)
        own_journal.set_aside(Kind.CLICK, Reason.ROBOT)
        own_journal.sync()
        found = {(each.kind, each.reason): each.weight for each in all_events()}
        assert found == {
            (Kind.VIEW, Reason.OVER_BUDGET): 1000,
            (Kind.CLICK, Reason.ROBOT): 1,
        }
        own_journal.sync()
        assert len(all_events()) == 2, "and written once"

    def test_it_is_written_without_anybody_asking(
        self, own_journal: Journal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        done = threading.Event()
        sync = own_journal.sync

        def sync_and_tell() -> None:
            sync()
            done.set()

        monkeypatch.setattr(own_journal, "sync", sync_and_tell)
        own_journal.set_aside(Kind.VIEW, Reason.ROBOT)
        assert done.wait(20 * journals.SYNC_SECONDS)
        assert [each.reason for each in all_events()] == [Reason.ROBOT]

    def test_what_could_not_be_written_is_not_forgotten(
        self, own_journal: Journal, settings: Any, tmp_path: Path
    ) -> None:
        (tmp_path / "file").write_text("")
        settings.JOURNAL_DIR = tmp_path / "file" / "journal"
        own_journal.set_aside(Kind.VIEW, Reason.ROBOT)
        with pytest.raises(JournalFull):
            own_journal.sync()
        settings.JOURNAL_DIR = tmp_path / "journal"
        own_journal.set_aside(Kind.VIEW, Reason.ROBOT)
        own_journal.sync()
        assert [each.weight for each in all_events()] == [2]
