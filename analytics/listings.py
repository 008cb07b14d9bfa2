"""Read-only lists of what was counted: filter, search, export.

Machine-written rows are what wagtail-modeladmin lists best; whatever people edit has a
viewset elsewhere.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.admin import SimpleListFilter, display
from django.contrib.admin.utils import label_for_field
from django.db.models import Model, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.template.defaultfilters import yesno
from django.urls import URLPattern
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
from core.spreadsheets import BYTE_ORDER_MARK, by_our_clocks, plain
from core.vietnamese import fold


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
        """Keep the figures in whose names every word occurs.

        The names are those of the page with the exhibition it was read in, or those of the
        invitation.
        """
        words = fold(search_term).split()
        if not words:
            return queryset
        titles = [
            (number, fold(title))
            for number, title in CountedPage.objects.values_list("number", "title")
        ]
        of_page = Q()
        for word in words:
            titled = [number for number, title in titles if word in title]
            numbered = [number for number, _title in titles if word in str(number)]
            of_page &= Q(page__in=titled + numbered) | Q(exhibition__in=titled)
        return queryset.filter(of_page | Q(code__in=_codes_named(words)))


def _codes_named(words: list[str]) -> list[str]:
    """The codes of invitations in whose names all of ``words`` occur."""
    rows = CountedCode.objects.values_list("code", "organisation_name", "campaign_title")
    return [row[0] for row in rows if all(word in fold(" ".join(row)) for word in words)]


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
    """A list of figures whose export opens readably and safely in a spreadsheet."""

    def get_heading(self, queryset: QuerySet, field: str) -> str:
        """The name of a column, as it stands over the list."""
        label = label_for_field(field, model=self.model, model_admin=self.model_admin)
        return capfirst(str(label))

    def to_row_dict(self, item: Model) -> OrderedDict[str, Any]:
        """The row as values: moments by our clocks, and no text that is taken for a formula."""
        row: OrderedDict[str, Any] = super().to_row_dict(item)
        for name, value in row.items():
            if getattr(item, name, None) == 0:
                row[name] = 0  # which the library takes for nothing at all
            elif isinstance(value, datetime):
                row[name] = by_our_clocks(value).replace(microsecond=0, tzinfo=None)
            elif isinstance(value, str):
                row[name] = plain(value)
        return row

    def stream_csv(self, queryset: QuerySet) -> Iterator[str | bytes]:
        """The rows, after the mark by which Excel knows that they are in UTF-8."""
        yield BYTE_ORDER_MARK
        yield from super().stream_csv(queryset)


class FiguresAdmin(ModelAdmin):
    """What all lists of figures have in common."""

    add_to_admin_menu = False
    permission_helper_class = ReadOnlyPermissionHelper
    index_view_class = FiguresView
    history_view_enabled = False
    list_per_page = 50
    empty_value_display = "–"

    def get_admin_urls_for_registration(self) -> tuple[URLPattern, ...]:
        """The address of the list alone: rows are neither added nor changed nor removed."""
        index = self.url_helper.get_action_url_name("index")
        addresses = super().get_admin_urls_for_registration()
        return tuple(address for address in addresses if address.name == index)


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
        "code_text",
        "source_label",
        "unmerged_label",
        "count",
    ]
    list_filter = [PeriodFilter, "metric", "source", "unmerged"]
    list_select_related = ["page", "code"]
    search_fields = ["page__title"]
    search_handler_class = FoldedSearchHandler
    ordering = ["-day", "metric", "-count"]
    export_filename = "so-lieu-theo-ngay"

    def get_queryset(self, request: HttpRequest) -> QuerySet[DayFigure]:
        """The figures with the title of the exhibition each was counted in."""
        halls = CountedPage.objects.filter(number=OuterRef("exhibition")).values("title")
        figures: QuerySet[DayFigure] = super().get_queryset(request)
        return figures.annotate(hall=Subquery(halls))

    @display(description=_("figure"))
    def metric_label(self, figure: DayFigure) -> str:
        """What is counted."""
        return str(figure.get_metric_display())

    @display(description=_("came from"))
    def source_label(self, figure: DayFigure) -> str:
        """Where readers came from."""
        return str(figure.get_source_display())

    @display(description=_("Page"))
    def page_title(self, figure: DayFigure) -> str:
        """The page as it was called when it was last counted."""
        return str(_("The whole portal")) if figure.page_id == WHOLE_PORTAL else str(figure.page)

    @display(description=_("Exhibition"))
    def exhibition_title(self, figure: DayFigure) -> str:
        """The exhibition in which the page was read; it may have been moved since."""
        return str(getattr(figure, "hall", None) or "")

    @display(description=_("By the invitation of"))
    def came_by(self, figure: DayFigure) -> str:
        """The agency by whose invitation it came."""
        return figure.code.organisation_name or figure.code_id

    @display(description=_("code"))
    def code_text(self, figure: DayFigure) -> str:
        """The code of the invitation."""
        return figure.code_id

    @display(description=_("asked not to be tracked"))
    def unmerged_label(self, figure: DayFigure) -> str:
        """Whether it is about readers who asked not to be tracked: "Có" or "Không"."""
        return str(yesno(figure.unmerged))

    @display(description=_("Number"), ordering="count")
    def number(self, figure: DayFigure) -> str:
        """The count, "6.800", with a note where repeats could not be merged."""
        count = number_format(figure.count, force_grouping=True)
        return f"{count} ({_('repeats not merged')})" if figure.unmerged else count


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

    @display(description=_("what"))
    def kind_label(self, figure: DroppedFigure) -> str:
        """What was not counted."""
        return str(figure.get_kind_display())

    @display(description=_("reason"))
    def reason_label(self, figure: DroppedFigure) -> str:
        """Why."""
        return str(figure.get_reason_display())

    @display(description=_("Number"), ordering="count")
    def number(self, figure: DroppedFigure) -> str:
        """The count, "6.800"."""
        return number_format(figure.count, force_grouping=True)


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

    @display(description=_("Key destroyed"))
    def destroyed(self, row: SaltDestruction) -> str:
        """When, to the minute."""
        return date_format(by_our_clocks(row.destroyed_at), "H:i j/n/Y")


class StatisticsGroup(ModelAdminGroup):
    """The menu of statistics."""

    menu_label = _("Statistics")
    menu_icon = "history"
    menu_order = 600
    items = (DayFigureAdmin, DroppedFigureAdmin, SaltDestructionAdmin)
