"""The campaigns app: official letters, banner kits, programmes."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

DAY = 24 * 3600


class CampaignsConfig(AppConfig):
    """Promotion of exhibitions by official means."""

    name = "campaigns"
    verbose_name = _("Campaigns")

    def ready(self) -> None:
        """Tell the apps below what they ask of this one, and give the clockwork its duty."""
        # All of these import models, which are ready only now.
        from analytics.api import set_code_rule
        from campaigns.banners.files import prune_banner_files
        from campaigns.invitations import countable_codes
        from campaigns.release import reason_to_keep
        from core import clockwork
        from core.media import keeping

        set_code_rule(countable_codes)
        keeping.register(reason_to_keep)
        clockwork.register("prune banner files", DAY, prune_banner_files)
