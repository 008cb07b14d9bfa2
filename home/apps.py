"""The home app: home page, news, standard pages, search."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    """The front door and everything that is no exhibition and no campaign."""

    name = "home"
    verbose_name = _("Portal")
