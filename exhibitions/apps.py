"""The exhibitions app: index, exhibition, part, item, and who may see them."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExhibitionsConfig(AppConfig):
    """Exhibitions, their clearance and their opening."""

    name = "exhibitions"
    verbose_name = _("Exhibitions")

    def ready(self) -> None:
        """Follow what is published and moved; say which illustrations are public."""
        # All three import models, which are ready only now.
        from core.pictures import set_illustration_rule
        from exhibitions import publication
        from exhibitions.visibility import showable_illustrations

        publication.connect()
        set_illustration_rule(showable_illustrations)
