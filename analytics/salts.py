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
from collections.abc import Iterator
from datetime import date, datetime, timedelta
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
    """The salts of today and, shortly after midnight, of yesterday, as one process sees them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._today: date | None = None
        self._salt = b""
        self._former: bytes | None = None
        self._until = 0.0

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
        self._today = today


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
            path.write_bytes(bytes(SALT_BYTES))
            yield day
            path.unlink(missing_ok=True)
