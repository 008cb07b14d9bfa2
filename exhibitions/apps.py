"""The exhibitions app: index, exhibition, part, item, and who may see them."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExhibitionsConfig(AppConfig):
    """Exhibitions, their clearance and their opening."""

    name = "exhibitions"
    verbose_name = _("Exhibitions")

    def ready(self) -> None:
        """Follow what is published and moved."""
        from exhibitions import publication  # it imports models, which are ready only now

        publication.connect()
