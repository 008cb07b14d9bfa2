"""The right to read the log of decisions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from exhibitions.models import Clearance


class DecisionLog(Clearance):
    """Carries the right to read the log of decisions, and no other.

    The log has no rows of its own (see :mod:`home.decision_log`), so this is a proxy: a
    right needs a model to belong to, not a table.
    """

    class Meta:
        proxy = True
        verbose_name = _("log of decisions")
        verbose_name_plural = _("log of decisions")
        default_permissions = ()
        permissions = [("view_decision_log", gettext_noop("Can read the log of decisions"))]
