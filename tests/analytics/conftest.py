"""Counting with a journal, salts and a clock of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from analytics import intake, salts, trackable, visitors
from analytics import journal as journals
from analytics.budgets import Budgets
from analytics.folding import Folder
from analytics.salts import Salts


@pytest.fixture(autouse=True)
def own_counting(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing counted before or after, and nothing remembered."""
    journals.journal.close()
    settings.JOURNAL_DIR = tmp_path / "journal"
    settings.SALT_DIR = tmp_path / "salts"
    monkeypatch.setattr(intake, "salts", Salts(forgotten_with=visitors.forget_agents))
    monkeypatch.setattr(intake, "budgets", Budgets())
    trackable.forget()
    yield
    journals.journal.close()
    trackable.forget()


class Clock:
    """The time in which events happen, as journal, salts and budgets see it."""

    def __init__(self, moment: datetime) -> None:
        """Stand at ``moment``, which is aware or local."""
        self.set(moment)

    def set(self, moment: datetime) -> None:
        """Stand at ``moment``."""
        aware = moment if timezone.is_aware(moment) else timezone.make_aware(moment)
        self.milliseconds = int(aware.timestamp() * 1000)

    def go_on(self, **duration: float) -> None:
        """Let time pass: ``go_on(seconds=30)``."""
        self.milliseconds += int(timedelta(**duration).total_seconds() * 1000)

    @property
    def seconds(self) -> float:
        """Seconds since the epoch."""
        return self.milliseconds / 1000

    @property
    def now(self) -> datetime:
        """The same as Django gives it."""
        return datetime.fromtimestamp(self.seconds, tz=timezone.get_default_timezone())


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that stands at nine on a Monday morning until it is told to go on."""
    clock = Clock(datetime(2026, 3, 16, 9, 0))
    monkeypatch.setattr(journals, "_now", lambda: clock.milliseconds)
    own_time = SimpleNamespace(time=lambda: clock.seconds, monotonic=lambda: clock.seconds)
    monkeypatch.setattr(intake, "time", own_time)
    monkeypatch.setattr(salts, "time", own_time)
    return clock


A_WHILE_MS = 5000
"""Later than any event that has happened waits for others."""


def fold(folder: Folder | None = None) -> None:
    """Have the leader count all that happened until now, by the clock of the journal."""
    journals.journal.sync()
    folder = folder or Folder()
    while not folder.fold(journals._now() + A_WHILE_MS):
        pass
