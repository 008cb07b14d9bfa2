"""Files made once and kept in a folder: whole or not there, and gone when nobody asks for them."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

UNFINISHED = ".making-"
"""How the names of files in the making begin."""

A_DAY = timedelta(days=1)


def keep(path: Path, make: Callable[[], bytes]) -> int:
    """See to it that ``path`` lies there, made by ``make`` if it does not; its length in bytes.

    ``path`` names its content: a file of that name is never changed, so two processes that
    make it at once do no harm. It comes into being whole, by a rename. Using a file marks it
    as used, once a day. Raises OSError when it cannot be written, and leaves nothing behind.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        return _write(path, make())
    if time.time() - found.st_mtime > A_DAY.total_seconds():
        # Of a file that cannot be marked, or is just being removed, the next use takes care.
        with contextlib.suppress(OSError):
            os.utime(path)
    return found.st_size


def _write(path: Path, data: bytes) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, unfinished = tempfile.mkstemp(prefix=UNFINISHED, dir=path.parent)
    try:
        with open(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(unfinished)
        raise
    return len(data)


def remove_unused(folder: Path, unused_for: timedelta) -> int:
    """Remove the files of ``folder`` that were not used for so long; how many they were.

    What a killed process left unfinished goes after a day, longer than any making takes.
    """
    now, removed = time.time(), 0
    for path in folder.glob("*") if folder.is_dir() else ():
        limit = A_DAY if path.name.startswith(UNFINISHED) else unused_for
        # Another process may be removing the same file.
        with contextlib.suppress(FileNotFoundError):
            if now - path.stat().st_mtime > limit.total_seconds():
                path.unlink()
                removed += 1
    return removed
