"""The key of each day's visitor hashes: random, in a file of its own, destroyed after the day.

As long as a day's salt exists, somebody who has it could try all addresses against a
hash. So it lives outside the database and outside backups (the folder carries the tag
that backup tools skip), and destroying it is what makes the day's journal anonymous.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from datetime import time as datetime_time
from pathlib import Path

from django.conf import settings
from django.utils import timezone

SALT_BYTES = 32
KEEP_AFTER_DAY = timedelta(minutes=45)
"""A visit that crosses midnight is joined by yesterday's salt, which then goes."""

RECHECK_SECONDS = 5.0
"""How long a process trusts its copy before it looks whether the file is still the same."""

# Borg, restic, tar and others leave out a folder that carries this file
# (https://bford.info/cachedir/).
BACKUP_TAG = "CACHEDIR.TAG"
BACKUP_TAG_CONTENT = b"Signature: 8a477f597d28d172789f06886806bc55\n"


def folder() -> Path:
    """The folder of the salts, made for its owner only, with the tag that keeps backups out."""
    place = Path(settings.SALT_DIR)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    tag = place / BACKUP_TAG
    if not tag.exists():
        tag.write_bytes(BACKUP_TAG_CONTENT)
    return place


def _path(day: date) -> Path:
    return folder() / f"{day.isoformat()}.salt"


def _read(path: Path) -> bytes | None:
    """The salt in ``path``; None when there is none or it is not whole."""
    try:
        salt = path.read_bytes()
    except FileNotFoundError:
        return None
    return salt if len(salt) == SALT_BYTES else None


def _create(path: Path) -> bytes:
    """Put a new salt into place, whole or not at all; what another process was first with wins."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(SALT_BYTES))
        if path.exists() and _read(path) is None:
            path.unlink(missing_ok=True)  # a broken one would keep every process from counting
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    salt = _read(path)
    if salt is None:
        raise OSError(f"no salt could be put into {path.parent}")
    return salt


class Salts:
    """The salts of today and, shortly after midnight, of yesterday, as one process sees them.

    ``forgotten_with`` is called when one of them goes: for whatever else this process
    remembers of the day's readers.
    """

    def __init__(self, forgotten_with: Callable[[], None] = lambda: None) -> None:
        self._forgotten_with = forgotten_with
        self._lock = threading.Lock()
        self._today: date | None = None
        self._salt = b""
        self._former: bytes | None = None
        self._until = 0.0
        self._forgetting: set[date] = set()

    def at(self, moment: float) -> tuple[bytes, bytes | None]:
        """The salt of the day of ``moment`` (seconds since the epoch), and the former one.

        The former one is None once the time for joining visits across midnight is over.
        Raises OSError when the folder cannot be read or written.
        """
        clock = time.monotonic()
        local = datetime.fromtimestamp(moment, timezone.get_default_timezone())
        with self._lock:
            if self._today != local.date() or clock >= self._until:
                self._look_up(local)
                self._until = clock + RECHECK_SECONDS
            return self._salt, self._former

    def _look_up(self, local: datetime) -> None:
        today = local.date()
        self._salt = _read(_path(today)) or _create(_path(today))
        since_midnight = timedelta(hours=local.hour, minutes=local.minute)
        joining = since_midnight < KEEP_AFTER_DAY
        self._former = _read(_path(today - timedelta(days=1))) if joining else None
        if self._today != today:
            self._today = today
            self._forgotten_with()
            self._forget_after(local)
        if joining:
            self._forget_after(local - timedelta(days=1))

    def _forget_after(self, local: datetime) -> None:
        """Have the key of the day of ``local`` forgotten after it, though nobody asks again."""
        day = local.date()
        midnight = datetime.combine(day + timedelta(days=1), datetime_time(), local.tzinfo)
        left = (midnight + KEEP_AFTER_DAY - datetime.now(local.tzinfo)).total_seconds()
        if day in self._forgetting or left <= 0:
            return
        self._forgetting.add(day)
        timer = threading.Timer(left, self.forget, [day])
        timer.daemon = True
        timer.start()

    def forget(self, day: date) -> None:
        """Keep the key of ``day`` in memory no longer."""
        with self._lock:
            self._forgetting.discard(day)
            if self._today == day:
                self._today, self._salt = None, b""
            if self._today is None or self._today == day + timedelta(days=1):
                self._former = None
            self._forgotten_with()


def _overwrite(path: Path) -> None:
    """Put zeros where the key stands on the disk, and wait until they are there.

    In place: a file that is emptied first gets another place, and the key stays in its own.
    """
    with path.open("r+b") as file:
        file.write(bytes(max(SALT_BYTES, path.stat().st_size)))
        file.flush()
        os.fsync(file.fileno())


def destroy_old(now: datetime) -> Iterator[date]:
    """Overwrite and remove every salt whose day and grace are over; give their days.

    ``now`` is aware. Each day is given between the two: until what its taker does with it
    is done, a salt of zeros stays, and the next call gives the day again.
    """
    local = timezone.localtime(now, timezone.get_default_timezone())
    last_kept = (local - KEEP_AFTER_DAY).date()
    for path in sorted(folder().glob("*.salt")):
        try:
            day = date.fromisoformat(path.stem)
        except ValueError:
            continue
        if day < last_kept:
            _overwrite(path)
            yield day
            path.unlink(missing_ok=True)
