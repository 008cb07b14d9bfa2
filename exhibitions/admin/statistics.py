"""The screen that says how an exhibition was read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from analytics.api import PageFigures, definitions, figures_of_exhibition, most_viewed
from exhibitions.admin.opening import may_open
from exhibitions.admin.screens import ExhibitionScreen
from exhibitions.models import ExhibitionPage

MOST_VIEWED = 10
RECENT = timedelta(days=29)
"""With today thirty days."""


@dataclass(frozen=True)
class Row:
    """One figure over the periods that the screen shows, newest first."""

    label: str
    numbers: tuple[int, ...]
    headline: bool = False


def statistics_url(exhibition: ExhibitionPage) -> str:
    """The address of the statistics screen of ``exhibition``."""
    return reverse("exhibitions_admin:statistics", args=[exhibition.pk])


def rows_of(periods: list[PageFigures]) -> list[Row]:
    """The figures of some periods, a row a figure."""
    return [
        Row(gettext("Views"), tuple(each.views for each in periods), headline=True),
        Row(gettext("Visits"), tuple(each.visits for each in periods), headline=True),
        Row(gettext("Visitors, by the day"), tuple(each.visitors for each in periods)),
        Row(gettext("Confirmed visits"), tuple(each.confirmed_visits for each in periods)),
        Row(gettext("Views without script"), tuple(each.views_without_script for each in periods)),
        Row(
            gettext("Views of readers who asked not to be tracked"),
            tuple(each.views_unmerged for each in periods),
        ),
    ]


class StatisticsView(ExhibitionScreen):
    """Views, visits and visitors of one exhibition, and what each of these words means."""

    template_name = "exhibitions/admin/statistics.html"
    page_title = _("Statistics")
    header_icon = "history"

    def may_come(self) -> bool:
        """Those who open exhibitions, and those who work on this one."""
        return may_open(self.user) or super().may_come()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The figures of today, of thirty days and of all days."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        number = self.exhibition.alias_of_id or self.exhibition.pk
        today = timezone.localdate()
        periods = [
            figures_of_exhibition(number, today, today),
            figures_of_exhibition(number, today - RECENT, today),
            figures_of_exhibition(number),
        ]
        context.update(
            exhibition=self.exhibition,
            rows=rows_of(periods),
            balances=periods[-1].balances,
            most_viewed=most_viewed(number, MOST_VIEWED),
            definitions=definitions(),
        )
        return context
