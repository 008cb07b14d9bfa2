"""What is kept for how long: salts an hour, journals a day and a bit, hours 13 months.

Days are kept for good. The journal goes with its salt: what it holds has been folded,
and nothing that tells two events of one visitor together outlives the day.
"""

from __future__ import annotations

import contextlib
import logging
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from analytics import journal, salts
from analytics.models import HourFigure, JournalPosition, SaltDestruction

logger = logging.getLogger(__name__)

HOURS_KEPT = timedelta(days=396)
"""Thirteen months."""


def destroy_old_salts() -> None:
    """The leader's duty: destroy each salt within the hour after its day, and record it."""
    now = timezone.now()
    for day in salts.destroy_old(now):
        # A key that a wrong clock destroyed too early was made anew: the last one tells.
        SaltDestruction.objects.update_or_create(
            day=day, defaults={"destroyed_at": now, "events": _events_of(day)}
        )


def _events_of(day: date) -> int:
    """How many events the journal of ``day`` tells of, counted or not."""
    paths = [path for path in journal.files() if journal.day_of(path) == day]
    return sum(journal.events_in(path) for path in paths)


def remove_old_journals() -> None:
    """The leader's duty: remove the journals of days whose salt is gone, once they are folded.

    One that could not be folded yet stays until it is.
    """
    local = timezone.localtime(timezone.now(), timezone.get_default_timezone())
    # Twice the grace: a process may still have been writing as its day ended.
    last_kept = (local - 2 * salts.KEEP_AFTER_DAY).date()
    for path, size in journal.sizes(journal.files()):
        day = journal.day_of(path)
        if day is None or day >= last_kept:
            continue
        with transaction.atomic():
            position = JournalPosition.objects.select_for_update().filter(pk=path.name).first()
            folded = position.position if position else 0
            if size - folded >= journal.RECORD_BYTES:
                logger.warning("The journal %s of a past day is not folded yet.", path.name)
                continue
            if position is not None:
                position.delete()
            # Before the commit: a file without a position would be folded once more.
            with contextlib.suppress(FileNotFoundError):
                path.unlink()
    there = {path.name for path in journal.files()}
    JournalPosition.objects.filter(file__lt=last_kept.isoformat()).exclude(pk__in=there).delete()


def forget_old_hours() -> None:
    """The leader's duty: remove the figures of hours after 13 months; their days stay."""
    HourFigure.objects.filter(hour__lt=timezone.now() - HOURS_KEPT).delete()
