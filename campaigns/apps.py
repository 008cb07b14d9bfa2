"""The campaigns app: official letters, banner kits, programmes."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    """Promotion of exhibitions by official means."""

    name = "campaigns"
    verbose_name = _("Campaigns")
