"""The analytics app: counts readers and banners, first-party and without personal data.

It knows Wagtail's pages and core's organisations and none of our page types. Other
apps reach it through :mod:`analytics.api` only.
"""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

FOLD_SECONDS = 2
QUARTER, DAY = 15 * 60, 24 * 3600


class AnalyticsConfig(AppConfig):
    """Counting: intake, journal, folding, figures."""

    name = "analytics"
    verbose_name = _("Statistics")

    def ready(self) -> None:
        """Give the clockwork the duties of counting."""
        # They import models, which are ready only now.
        from analytics.folding import fold_journal
        from analytics.retention import destroy_old_salts, forget_old_hours, remove_old_journals
        from core import clockwork

        clockwork.register("fold the journal", FOLD_SECONDS, fold_journal)
        clockwork.register("destroy old salts", QUARTER, destroy_old_salts)
        clockwork.register("remove old journals", QUARTER, remove_old_journals)
        clockwork.register("forget old hours", DAY, forget_old_hours)
