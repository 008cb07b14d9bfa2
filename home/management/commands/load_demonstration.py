"""``manage.py load_demonstration``: fills an empty portal with the demonstration."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand

from home.demonstration.loader import load


class Command(BaseCommand):
    """Loads the demonstration once; does nothing in a portal that has content."""

    help = "Load the demonstration into an empty portal; a portal with content is left alone."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say how long it took, or that there was nothing to do."""
        began = time.monotonic()
        if load(self._say):
            seconds = round(time.monotonic() - began)
            self._say(
                f"Đã nạp bản trình diễn trong {seconds} giây",
                f"The demonstration was loaded in {seconds} seconds",
            )
        else:
            self._say(
                "Cổng đã có nội dung, giữ nguyên", "The portal has content, which is left alone"
            )

    def _say(self, vietnamese: str, english: str) -> None:
        self.stdout.write(f"→ {vietnamese} / {english} …")
        self.stdout.flush()
