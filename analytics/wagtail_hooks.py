"""What the analytics app adds to Wagtail's admin."""

from __future__ import annotations

from typing import Any

from wagtail import hooks
from wagtail_modeladmin.options import modeladmin_register

from analytics.listings import StatisticsGroup
from analytics.viewsets import OpeningBalanceViewSet

modeladmin_register(StatisticsGroup)


@hooks.register("register_admin_viewset")
def viewsets() -> list[Any]:
    """The list of figures taken over from earlier sites."""
    return [OpeningBalanceViewSet("opening_balances")]
