"""Keep the clock and do the jobs: one process leads, further ones stand by."""

from __future__ import annotations

import signal
from typing import Any

from django.core.management.base import BaseCommand

from core.clockwork import Clockwork


class Command(BaseCommand):
    """``manage.py clockwork``: for an installation whose server does not start it."""

    help = "Do queued jobs and scheduled publishing; one process leads, others stand by."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until SIGTERM or SIGINT."""
        run_until_signalled()


def run_until_signalled() -> None:
    """Run the clockwork in this process's main thread until SIGTERM or SIGINT."""
    clockwork = Clockwork()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: clockwork.stop())
    clockwork.run()
