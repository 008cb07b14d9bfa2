"""The screen on which the log of decisions is read, searched and taken away as a file."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from core.models import User
from core.spreadsheets import BYTE_ORDER_MARK, plain
from core.widgets import DateInput
from exhibitions.admin.clearance import signed_in
from home.decision_log import Entries, Entry, Kind, Wanted, persons

ENTRIES_A_PAGE = 50


def may_read(user: User) -> bool:
    """Whether ``user`` may read the log of decisions."""
    return user.has_perm("home.view_decision_log")


class WantedForm(forms.Form):
    """Which decisions are to be shown."""

    words = forms.CharField(label=_("Search for"), max_length=200, required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All")), *Kind.choices]
    )
    person = forms.ChoiceField(label=_("Who"), required=False)
    first = forms.DateField(label=_("From the day"), required=False, widget=DateInput)
    last = forms.DateField(label=_("Until the day"), required=False, widget=DateInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Everybody")), *((name, name) for name in persons())]
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Refuse a span of days that ends before it begins."""
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", _("This day lies before the first one."))
        return data

    def wanted(self) -> Wanted:
        """What was chosen; whoever asks has seen to it that the form is valid."""
        return Wanted(**self.cleaned_data)


class EntryPaginator(WagtailPaginator):
    """Pages of decisions."""

    verbose_name = _("line")
    verbose_name_plural = _("lines")


class DecisionLogView(SpreadsheetExportMixin, WagtailAdminTemplateMixin, TemplateView):
    """The log of decisions, newest first, by pages or as a file. It is only ever read."""

    http_method_names = ["get", "head", "options"]
    template_name = "home/admin/decision_log.html"
    page_title = _("Log of decisions")
    header_icon = "history"
    show_export_buttons = False  # they stand above the list, where they are seen
    export_filename = "nhat-ky-quyet-dinh"
    export_headings = {
        "at": _("When"),
        "kind": _("Kind"),
        "who": _("Who"),
        "subject": _("Subject"),
        "decided": _("Decision"),
        "number": _("Number of the paper"),
        "dated": _("Date of the paper"),
        "note": _("Reason"),
    }
    list_export = list(export_headings)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Those who may not read it are sent away."""
        if not may_read(signed_in(request)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The list; or all that is wanted as a file. What is refused is never a file."""
        self.form = WantedForm(request.GET)
        if self.form.is_valid() and self.is_export:
            entries = Entries(self.form.wanted())
            answer: HttpResponse = self.as_spreadsheet(entries, request.GET["export"])
            answer["Cache-Control"] = "no-store"
            return answer
        return self.render_to_response(self.get_context_data())

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, and this list."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse("decision_log"), "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The filter and a page of the list; nothing is listed while the filter is refused."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        form = self.form
        entries: Any = Entries(form.wanted()) if form.is_valid() else []
        page = EntryPaginator(entries, ENTRIES_A_PAGE).get_page(self.request.GET.get("p"))
        context.update(
            form=form,
            entries=page,
            count=page.paginator.count,
            page_numbers=page.paginator.get_elided_page_range(page.number),
            is_filtered=any(self.request.GET.get(name) for name in form.fields),
            own_url=reverse("decision_log"),
            media=form.media,
        )
        return context

    def to_row_dict(self, item: Entry) -> OrderedDict[str, Any]:
        """A line as values: moments by our clocks, and no text that is taken for a formula."""
        row: OrderedDict[str, Any] = super().to_row_dict(item)
        for name, value in row.items():
            if isinstance(value, str):
                row[name] = plain(value)
        row["at"] = item.at.replace(microsecond=0, tzinfo=None)
        return row

    def get_heading(self, queryset: Entries, field: str) -> str:
        """The name of a column."""
        return str(self.export_headings[field])

    def stream_csv(self, queryset: Entries) -> Iterator[str | bytes]:
        """The lines, after the mark by which Excel knows that they are in UTF-8."""
        yield BYTE_ORDER_MARK
        yield from super().stream_csv(queryset)


class DecisionLogMenuItem(MenuItem):
    """The entry among the reports, for those who may read the log."""

    def __init__(self) -> None:
        super().__init__(
            _("Log of decisions"),
            reverse("decision_log"),
            name="decision-log",
            icon_name="history",
            order=100,
        )

    def is_shown(self, request: HttpRequest) -> bool:
        """Only to those."""
        return may_read(signed_in(request))
