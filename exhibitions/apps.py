"""The exhibitions app: index, exhibition, part, item, and who may see them."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExhibitionsConfig(AppConfig):
    """Exhibitions, their clearance and their opening."""

    name = "exhibitions"
    verbose_name = _("Exhibitions")

    def ready(self) -> None:
        """Follow what is published and moved; say what is public to those who ask."""
        # All of these import models, which are ready only now.
        from analytics.api import set_page_rule
        from core.links import set_link_rule
        from core.pictures import set_illustration_rule
        from exhibitions import publication
        from exhibitions.counting import countable_pages
        from exhibitions.links import public_addresses
        from exhibitions.visibility import showable_illustrations

        publication.connect()
        set_illustration_rule(showable_illustrations)
        set_link_rule(public_addresses)
        set_page_rule(countable_pages)
