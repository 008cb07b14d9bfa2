"""The journal: every event, appended before its answer is sent, and read on from there.

Each process writes a file of its own, a new one every day, so nothing is shared and
nothing waits. A record is a fixed number of bytes written by one ``write`` in append
mode: a process that is killed has either written it or not, and what the system took
survives the process. Once a second the file is made safe against a power cut as well.

Records of a file stand in order of time. Reading never changes a file; how far it has
been read is the reader's to keep.
"""

from __future__ import annotations

import errno
import logging
import os
import secrets
import struct
import threading
import time
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final, NamedTuple

from django.conf import settings
from django.utils import timezone

from analytics.visitors import NOBODY
from analytics.vocabulary import Reason, Source

logger = logging.getLogger(__name__)

VERSION = 0xA1
END = 0x0A
SUFFIX = ".journal"
SYNC_SECONDS = 1.0
COMPLAINT_SECONDS = 60.0
NO_CODE = bytes(8)

# version, kind, reason, source, four spare, page, host, code, visitor, former visitor,
# moment in ms, weight, checksum of all before it, end mark.
_LAYOUT = struct.Struct("<BBBB4xII8sQQQI3sB")
# The fields of an event alone, in its order.
_FIELDS = struct.Struct("<xBBB4xII8sQQQI4x")
_CHECKED = _LAYOUT.size - 4
RECORD_BYTES = _LAYOUT.size
AT_ONCE_BYTES = 50_000 * RECORD_BYTES


class Event(NamedTuple):
    """One event as it is written. ``moment`` is in milliseconds since the epoch, UTC.

    ``visitor`` is the day's hash and ``former`` the same by yesterday's salt, shortly
    after midnight; both :data:`~analytics.visitors.NOBODY` where there is none. ``host``
    is the number of a registered host of an organisation, 0 for none. ``weight`` is how
    many equal events the record stands for.
    """

    kind: int
    reason: int = Reason.COUNTED
    source: int = Source.UNKNOWN
    page: int = 0
    host: int = 0
    code: bytes = NO_CODE
    visitor: int = NOBODY
    former: int = NOBODY
    moment: int = 0
    weight: int = 1


EventFields = tuple[int, int, int, int, int, bytes, int, int, int, int]
"""The fields of an :class:`Event`, as they are read: millions of them are, and a plain
tuple is made in a quarter of the time."""

PAGE: Final = 3
MOMENT: Final = 8
WEIGHT: Final = 9
"""The places of an event's page, moment and weight among its fields."""


def pack(event: Event) -> bytes:
    """The record of ``event``."""
    record = _LAYOUT.pack(
        VERSION,
        event.kind,
        event.reason,
        event.source,
        event.page,
        event.host,
        event.code,
        event.visitor,
        event.former,
        event.moment,
        event.weight,
        b"\0\0\0",
        END,
    )
    return record[:_CHECKED] + _checksum(record) + record[-1:]


def _checksum(record: bytes) -> bytes:
    return zlib.crc32(record[:_CHECKED]).to_bytes(4, "little")[:3]


class JournalFull(OSError):
    """An event could not be written, so it was not accepted; nothing of it remains."""


def folder() -> Path:
    """The folder of the journal, made for its owner only."""
    place = Path(settings.JOURNAL_DIR)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def local_day(moment: int) -> date:
    """The day of Asia/Ho_Chi_Minh in which ``moment`` (milliseconds) lies."""
    return datetime.fromtimestamp(moment / 1000, timezone.get_default_timezone()).date()


class Journal:
    """Writes the events of this process. Safe to use from any thread, and after a fork."""

    def __init__(self) -> None:
        self._begin()
        os.register_at_fork(after_in_child=self._begin)

    def _begin(self) -> None:
        """Start with nothing open: what a forked process inherits is its parent's."""
        self._lock = threading.Lock()
        self._descriptor: int | None = None
        self._latest = self._midnight = 0
        self._size = 0
        self._unsynced = False
        self._aside: Counter[tuple[int, int]] = Counter()
        self._keeper: threading.Thread | None = None
        self._complained_at = -COMPLAINT_SECONDS

    def append(self, event: Event) -> None:
        """Write ``event`` with the time of now; when this returns it will be counted.

        Raises :class:`JournalFull` when it could not be written.
        """
        with self._lock:
            self._write(event)

    def set_aside(self, kind: int, reason: int) -> None:
        """Count an event that is not worth a record of its own; written within the second.

        For floods: a flood of one record each would fill the disk.
        """
        with self._lock:
            self._aside[kind, reason] += 1
            self._start_keeper()

    def close(self) -> None:
        """Write what is left and close the file; the next event begins a new one."""
        self.sync()
        with self._lock:
            self._leave_file()

    def _write(self, event: Event) -> None:
        moment = _now()
        try:
            # A clock that was put back begins a new file too: each stands in order of time.
            if self._descriptor is None or not self._latest <= moment < self._midnight:
                self._open(moment)
            assert self._descriptor is not None
            written = os.write(self._descriptor, pack(event._replace(moment=moment)))
            if written != RECORD_BYTES:
                self._take_back()
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError as error:
            self._complain(error)
            raise JournalFull(error.errno, error.strerror) from error
        self._latest = moment
        self._size += written
        self._unsynced = True

    def _take_back(self) -> None:
        """Cut off the part of a record that was written; where that fails, never write after it."""
        assert self._descriptor is not None
        try:
            os.ftruncate(self._descriptor, self._size)
        except OSError:
            self._leave_file()
            raise

    def _leave_file(self) -> None:
        """Close the file, all of it safe; the next event begins a new one."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is None:
            return
        try:
            if self._unsynced:
                os.fdatasync(descriptor)
            self._unsynced = False
        finally:
            os.close(descriptor)

    def _open(self, moment: int) -> None:
        """Begin a new file, of this process and the day of ``moment``."""
        self._leave_file()
        name = f"{local_day(moment).isoformat()}-{os.getpid()}-{secrets.token_hex(4)}{SUFFIX}"
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL
        self._descriptor = os.open(folder() / name, flags, 0o600)
        self._size = 0
        self._midnight = _next_midnight(moment)
        self._start_keeper()

    def _start_keeper(self) -> None:
        if self._keeper is None:
            self._keeper = threading.Thread(target=self._keep_safe, daemon=True)
            self._keeper.start()

    def _keep_safe(self) -> None:
        """Once a second write what was set aside, and have the disk keep what was written."""
        while True:
            time.sleep(SYNC_SECONDS)
            try:
                self.sync()
            except OSError as error:
                self._complain(error)

    def sync(self) -> None:
        """Write what was set aside and make the file safe against a power cut.

        Raises :class:`JournalFull` when that is impossible; nothing set aside is forgotten.
        """
        with self._lock:
            for kind, reason in list(self._aside):
                weight = self._aside[kind, reason]
                self._write(Event(kind=kind, reason=reason, weight=weight))
                del self._aside[kind, reason]
            if self._descriptor is None or not self._unsynced:
                return
            descriptor = os.dup(self._descriptor)
            self._unsynced = False
        # Outside the lock: no event waits for the disk.
        try:
            os.fdatasync(descriptor)
        finally:
            os.close(descriptor)

    def _complain(self, error: OSError) -> None:
        """Say so in the log, at most once a minute."""
        if time.monotonic() - self._complained_at >= COMPLAINT_SECONDS:
            self._complained_at = time.monotonic()
            logger.error("The journal cannot be written: %s. Events are refused.", error.strerror)


def _now() -> int:
    return time.time_ns() // 1_000_000


def _next_midnight(moment: int) -> int:
    """The first moment of the next local day."""
    local = datetime.fromtimestamp(moment / 1000, timezone.get_default_timezone())
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    # Asia/Ho_Chi_Minh knows no daylight saving: every day has 24 hours.
    return int(midnight.timestamp() * 1000) + 24 * 3600 * 1000


journal = Journal()
"""The journal of this process."""


# Reading


@dataclass(frozen=True)
class Piece:
    """What was read of one file: its events, and where each of them ends in the file.

    ``read_to`` is where reading goes on once all of the events have been dealt with,
    ``torn`` where the damaged places begin that were passed over until there.
    """

    events: list[EventFields]
    ends: Sequence[int]
    read_to: int
    torn: Sequence[int] = ()


def files() -> list[Path]:
    """The files of the journal, oldest first."""
    return sorted(folder().glob(f"*{SUFFIX}"))


def day_of(path: Path) -> date | None:
    """The local day a file was begun in, or None for a file that is not of the journal."""
    try:
        return date.fromisoformat(path.name[:10])
    except ValueError:
        return None


def read(path: Path, position: int, most_bytes: int, *, check_all: bool = False) -> Piece:
    """Read on in ``path`` from byte ``position``, at most ``most_bytes`` of whole records.

    A record cut short at the end is left for later: it may still be being written. One
    cut short in the middle is passed over and told in ``torn``; so is, with
    ``check_all``, one of whose bytes only the sum says that they are not what was written.
    """
    with path.open("rb") as file:
        file.seek(position)
        data = file.read(most_bytes - most_bytes % RECORD_BYTES)
    whole = data[: len(data) - len(data) % RECORD_BYTES]
    count = len(whole) // RECORD_BYTES
    if not count:
        return Piece([], (), position)
    # To check every sum takes as long as all the rest of reading. What is missing or too
    # much anywhere shifts all that follows, so the marks of each and the last one's sum tell.
    if (
        not check_all
        and whole[::RECORD_BYTES] == bytes([VERSION]) * count
        and whole[RECORD_BYTES - 1 :: RECORD_BYTES] == bytes([END]) * count
        and _is_record(whole[-RECORD_BYTES:])
    ):
        read_to = position + len(whole)
        ends = range(position + RECORD_BYTES, read_to + 1, RECORD_BYTES)
        return Piece(list(_FIELDS.iter_unpack(whole)), ends, read_to)
    return _read_damaged(data, position)


def events_in(path: Path) -> int:
    """How many events ``path`` tells of: a record may stand for many."""
    position, count = 0, 0
    while (piece := read(path, position, AT_ONCE_BYTES)).read_to > position:
        count += sum(event[WEIGHT] for event in piece.events)
        position = piece.read_to
    return count


def _is_record(data: bytes) -> bool:
    """Whether these bytes are a record, undamaged."""
    return data[0] == VERSION and data[-1] == END and data[-4:-1] == _checksum(data)


def _read_damaged(data: bytes, position: int) -> Piece:
    """Find the whole records in ``data``, whatever lies between them."""
    events: list[EventFields] = []
    ends: list[int] = []
    torn: list[int] = []
    damaged, place = False, 0
    while place + RECORD_BYTES <= len(data):
        record = data[place : place + RECORD_BYTES]
        if _is_record(record):
            events.append(_FIELDS.unpack(record))
            place += RECORD_BYTES
            ends.append(position + place)
            damaged = False
        else:
            if not damaged:
                torn.append(position + place)
            damaged = True
            place += 1
    return Piece(events, ends, position + place, torn)


def sizes(paths: list[Path]) -> Iterator[tuple[Path, int]]:
    """Each of ``paths`` that is still there, with its size in bytes."""
    for path in paths:
        try:
            yield path, path.stat().st_size
        except FileNotFoundError:
            continue
