"""The exhibitions app: index, exhibition, part, item, and who may see them."""

from __future__ import annotations

import logging

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExhibitionsConfig(AppConfig):
    """Exhibitions, their clearance and their opening."""

    name = "exhibitions"
    verbose_name = _("Exhibitions")

    def ready(self) -> None:
        """Follow what is published and moved; tell those who ask; give the clockwork its duties."""
        # All of these import models, which are ready only now.
        from analytics.api import set_page_rule
        from core import clockwork
        from core.links import set_link_rule
        from core.pictures import set_illustration_rule
        from exhibitions import cooperation, publication
        from exhibitions.approval import resume_publications
        from exhibitions.counting import countable_pages
        from exhibitions.importing.arriving import resume_opening
        from exhibitions.importing.folder import remove_old_folders
        from exhibitions.importing.running import resume_imports
        from exhibitions.links import public_addresses
        from exhibitions.preview_links import SecretsFilter
        from exhibitions.visibility import showable_illustrations

        logging.getLogger("django.request").addFilter(SecretsFilter())
        publication.connect()
        cooperation.connect()
        set_illustration_rule(showable_illustrations)
        set_link_rule(public_addresses)
        set_page_rule(countable_pages)
        clockwork.register("resume publications", 60, resume_publications)
        clockwork.register("resume imports", 10, resume_imports)
        clockwork.register("open files of imports", 10, resume_opening)
        clockwork.register("remove files of imports", 3600, remove_old_folders)
