"""The home app: home page, news, standard pages, search."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig, apps
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

MINUTE = 60


def apply_roles(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Bring the roles up to their table, once everything is migrated.

    Not after a migration to an earlier state, in which tables are missing, nor after a
    flush, which leaves neither pages nor permissions ("plan" is what migrate alone gives).
    """
    if "plan" not in kwargs:
        return
    executor = MigrationExecutor(connections[using])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    from core.roles import apply
    from home.roles import TABLE

    apply(TABLE)


class HomeConfig(AppConfig):
    """The front door and everything that is no exhibition and no campaign."""

    name = "home"
    verbose_name = _("Portal")

    def ready(self) -> None:
        """Apply the roles after the last app: only then do all permissions exist."""
        # They import models, which are ready only now.
        from core import clockwork
        from home.roles import keep_at_the_home_page

        clockwork.register("roles follow the home page", MINUTE, keep_at_the_home_page)
        with_models = [each for each in apps.get_app_configs() if each.models_module]
        post_migrate.connect(apply_roles, sender=with_models[-1])
