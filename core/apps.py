"""The core app: what all pages share. It imports no other app of this project."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """Shared models, media, Vietnamese text, and the clockwork."""

    name = "core"
    verbose_name = _("Core")
