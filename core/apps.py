"""The core app: what all pages share. It imports no other app of this project."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

MINUTE, HOUR = 60, 3600


class CoreConfig(AppConfig):
    """Shared models, media, Vietnamese text, and the clockwork."""

    name = "core"
    verbose_name = _("Core")

    def ready(self) -> None:
        """Give the clockwork this app's own duties; refuse what the portal does not have."""
        # They import models, which are ready only now.
        from core import clockwork, role_changes
        from core.media.privacy import refuse_private_collections
        from core.media.upkeep import keep_renditions_whole
        from core.scheduling import publish_due_pages
        from core.widgets import use_in_every_form

        use_in_every_form()
        refuse_private_collections()
        role_changes.connect()
        clockwork.register("publish due pages", MINUTE, publish_due_pages)
        clockwork.register("keep renditions whole", HOUR, keep_renditions_whole)
