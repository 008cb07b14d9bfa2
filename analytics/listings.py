"""Read-only lists of what was counted: filter, search, export.

Machine-written rows are what wagtail-modeladmin lists best; whatever people edit has a
viewset elsewhere.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.contrib.admin.utils import label_for_field
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.helpers import DjangoORMSearchHandler, PermissionHelper
from wagtail_modeladmin.options import ModelAdmin, ModelAdminGroup
from wagtail_modeladmin.views import IndexView

from analytics.models import (
    WHOLE_PORTAL,
    CountedCode,
    CountedPage,
    DayFigure,
    DroppedFigure,
    SaltDestruction,
)
from core.models import User
from core.vietnamese import fold

# What a spreadsheet would take for a formula when it opens an exported list.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


class ReadOnlyPermissionHelper(PermissionHelper):
    """Whoever may look at a list may look at it; nobody adds, changes or removes rows."""

    def user_can_list(self, user: User) -> bool:
        """Whether ``user`` was given the right to view these figures."""
        return bool(self.user_has_specific_permission(user, self.get_perm_codename("view")))

    def user_can_create(self, user: User) -> bool:
        """Never."""
        return False

    def user_can_edit_obj(self, user: User, obj: Model) -> bool:
        """Never."""
        return False

    def user_can_delete_obj(self, user: User, obj: Model) -> bool:
        """Never."""
        return False


class FoldedSearchHandler(DjangoORMSearchHandler):
    """Finds the title of a page or the name of an organisation with and without marks."""

    def search_queryset(
        self, queryset: QuerySet, search_term: str, preserve_order: bool = False, **kwargs: Any
    ) -> QuerySet:
        """Keep the figures of pages and invitations in whose names every word occurs."""
        words = fold(search_term).split()
        if not words:
            return queryset
        pages = CountedPage.objects.values_list("number", "title", "exhibition_title")
        codes = CountedCode.objects.values_list("code", "organisation_name", "campaign_title")
        return queryset.filter(page__in=_named(pages, words)) | queryset.filter(
            code__in=_named(codes, words)
        )


def _named(rows: Any, words: list[str]) -> list[Any]:
    """The keys of ``rows`` (key, name, name) in whose names all of ``words`` occur."""
    return [
        key
        for key, *names in rows
        if all(word in fold(" ".join([str(key), *names])) for word in words)
    ]


class PeriodFilter(SimpleListFilter):
    """The days of a list, by the periods people ask for."""

    title = _("period")
    parameter_name = "period"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The choices."""
        return [(name, label) for name, (label, _days) in PERIODS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """The rows of the chosen days."""
        if self.value() not in PERIODS:
            return queryset
        first, last = PERIODS[str(self.value())][1](timezone.localdate())
        return queryset.filter(day__gte=first, day__lte=last)


def _reporting_month(today: date) -> tuple[date, date]:
    """The month that closes on the 14th, as reports of emulation and home affairs do."""
    begin = today if today.day >= 15 else today.replace(day=1) - timedelta(days=1)
    first = begin.replace(day=15)
    following = (first.replace(day=28) + timedelta(days=4)).replace(day=14)
    return first, following


def _last_month(today: date) -> tuple[date, date]:
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


PERIODS: dict[str, tuple[Any, Callable[[date], tuple[date, date]]]] = {
    "today": (_("Today"), lambda today: (today, today)),
    "week": (_("The last seven days"), lambda today: (today - timedelta(days=6), today)),
    "month": (_("This month"), lambda today: (today.replace(day=1), today)),
    "last_month": (_("Last month"), _last_month),
    "reporting_month": (_("Reporting month (15th to 14th)"), _reporting_month),
    "year": (_("This year"), lambda today: (today.replace(month=1, day=1), today)),
}


class FiguresView(IndexView):
    """A list of figures whose export opens safely in a spreadsheet."""

    def get_heading(self, queryset: QuerySet, field: str) -> str:
        """The name of a column, as it stands over the list."""
        label = label_for_field(field, model=self.model, model_admin=self.model_admin)
        return capfirst(str(label))

    def to_row_dict(self, item: Model) -> OrderedDict[str, Any]:
        """The row as values; what would be taken for a formula is marked as text."""
        row: OrderedDict[str, Any] = super().to_row_dict(item)
        for name, value in row.items():
            if isinstance(value, str) and value.startswith(FORMULA_SIGNS):
                row[name] = f"'{value}"
        return row


class FiguresAdmin(ModelAdmin):
    """What all lists of figures have in common."""

    add_to_admin_menu = False
    permission_helper_class = ReadOnlyPermissionHelper
    index_view_class = FiguresView
    history_view_enabled = False
    list_per_page = 50
    empty_value_display = "–"


class DayFigureAdmin(FiguresAdmin):
    """Views, visits, banners and clicks of each day."""

    model = DayFigure
    menu_label = _("Figures by the day")
    menu_icon = "calendar-alt"
    menu_order = 100
    list_display = [
        "day",
        "metric",
        "page_title",
        "exhibition_title",
        "came_by",
        "source",
        "number",
    ]
    list_export = [
        "day",
        "metric_label",
        "page_title",
        "exhibition_title",
        "came_by",
        "code_id",
        "source_label",
        "unmerged",
        "count",
    ]
    list_filter = [PeriodFilter, "metric", "source", "unmerged"]
    list_select_related = ["page", "code"]
    search_fields = ["page__title"]
    search_handler_class = FoldedSearchHandler
    ordering = ["-day", "metric", "-count"]
    export_filename = "so-lieu-theo-ngay"

    def metric_label(self, figure: DayFigure) -> str:
        """What is counted."""
        return str(figure.get_metric_display())

    metric_label.short_description = _("figure")  # type: ignore[attr-defined]

    def source_label(self, figure: DayFigure) -> str:
        """Where readers came from."""
        return str(figure.get_source_display())

    source_label.short_description = _("came from")  # type: ignore[attr-defined]

    def page_title(self, figure: DayFigure) -> str:
        """The page as it was called when it was last counted."""
        return str(_("The whole portal")) if figure.page_id == WHOLE_PORTAL else str(figure.page)

    page_title.short_description = _("Page")  # type: ignore[attr-defined]

    def exhibition_title(self, figure: DayFigure) -> str:
        """The exhibition the page stands in."""
        return figure.page.exhibition_title

    exhibition_title.short_description = _("Exhibition")  # type: ignore[attr-defined]

    def came_by(self, figure: DayFigure) -> str:
        """The agency by whose invitation it came."""
        return figure.code.organisation_name or figure.code_id

    came_by.short_description = _("By the invitation of")  # type: ignore[attr-defined]

    def number(self, figure: DayFigure) -> str:
        """The count, "6.800", with a note where repeats could not be merged."""
        count = number_format(figure.count, force_grouping=True)
        return f"{count} ({_('repeats not merged')})" if figure.unmerged else count

    number.short_description = _("Number")  # type: ignore[attr-defined]
    number.admin_order_field = "count"  # type: ignore[attr-defined]


class DroppedFigureAdmin(FiguresAdmin):
    """What was not counted, and why."""

    model = DroppedFigure
    menu_label = _("Not counted")
    menu_icon = "no-view"
    menu_order = 200
    list_display = ["day", "kind", "reason", "number"]
    list_export = ["day", "kind_label", "reason_label", "count"]
    list_filter = [PeriodFilter, "kind", "reason"]
    ordering = ["-day", "kind", "reason"]
    export_filename = "khong-duoc-tinh"

    def kind_label(self, figure: DroppedFigure) -> str:
        """What was not counted."""
        return str(figure.get_kind_display())

    kind_label.short_description = _("what")  # type: ignore[attr-defined]

    def reason_label(self, figure: DroppedFigure) -> str:
        """Why."""
        return str(figure.get_reason_display())

    reason_label.short_description = _("reason")  # type: ignore[attr-defined]

    def number(self, figure: DroppedFigure) -> str:
        """The count, "6.800"."""
        return number_format(figure.count, force_grouping=True)

    number.short_description = _("Number")  # type: ignore[attr-defined]
    number.admin_order_field = "count"  # type: ignore[attr-defined]


class SaltDestructionAdmin(FiguresAdmin):
    """That each day's key of anonymous counting was destroyed."""

    model = SaltDestruction
    menu_label = _("Destroyed anonymity keys")
    menu_icon = "key"
    menu_order = 300
    list_display = ["day", "destroyed", "events"]
    list_export = ["day", "destroyed_at", "events"]
    ordering = ["-day"]
    export_filename = "nhat-ky-huy-khoa-an-danh"

    def destroyed(self, row: SaltDestruction) -> str:
        """When, to the minute."""
        return date_format(timezone.localtime(row.destroyed_at), "H:i j/n/Y")

    destroyed.short_description = _("Key destroyed")  # type: ignore[attr-defined]


class StatisticsGroup(ModelAdminGroup):
    """The menu of statistics."""

    menu_label = _("Statistics")
    menu_icon = "history"
    menu_order = 600
    items = (DayFigureAdmin, DroppedFigureAdmin, SaltDestructionAdmin)
