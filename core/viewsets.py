"""Admin screens of the core app: organisations, occasions and alias hosts."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm, SearchFilterMixin
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.snippets.views.chooser import ChooseResultsView, ChooseView, SnippetChooserViewSet
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from core.models import HostAlias, Occasion, Organisation
from core.vietnamese import fold


class FoldedListingMixin:
    """A listing whose search finds a name with and without Vietnamese marks."""

    is_searching: bool
    search_query: str

    def search_queryset(self, queryset: QuerySet) -> Any:
        """Search for the folded query among the folded texts.

        What holds neither letter nor digit is found nowhere; the search engine would
        take a lone quotation mark for the beginning of something else.
        """
        if self.is_searching and not fold(self.search_query):
            return queryset.none()
        self.search_query = fold(self.search_query)
        return super().search_queryset(queryset)  # type: ignore[misc]


class FoldedFilterForm(SearchFilterMixin, BaseFilterForm):
    """The search of a chooser, folded."""

    def clean_q(self) -> str:
        """The query without marks, as the index holds its texts."""
        return fold(self.cleaned_data["q"])


class FoldedChooseView(ChooseView):
    """The chooser's window."""

    filter_form_class = FoldedFilterForm


class FoldedChooseResultsView(ChooseResultsView):
    """The chooser's results while typing."""

    filter_form_class = FoldedFilterForm


class FoldedChooserViewSet(SnippetChooserViewSet):
    """A chooser that finds a name with and without marks."""

    choose_view_class = FoldedChooseView
    choose_results_view_class = FoldedChooseResultsView


class OrganisationIndexView(FoldedListingMixin, IndexView):
    """Organisations in Vietnamese dictionary order."""

    def order_queryset(self, queryset: QuerySet[Organisation]) -> QuerySet[Organisation]:
        """Sort names by their key: by bytes, Đ would stand behind Z."""
        by_name = {"name": "sort_key", "-name": "-sort_key"}.get(self.ordering)
        return queryset.order_by(by_name) if by_name else super().order_queryset(queryset)


def validity(organisation: Organisation) -> str:
    """When an organisation existed: "from 1/7/2025", "until 30/6/2025", both, or ""."""
    begin, end = organisation.valid_from, organisation.valid_to
    if begin and end:
        return f"{date_format(begin)} – {date_format(end)}"
    if begin:
        return gettext("from %(date)s") % {"date": date_format(begin)}
    return gettext("until %(date)s") % {"date": date_format(end)} if end else ""


class OrganisationViewSet(SnippetViewSet):
    """Offices, archives and enterprises."""

    model = Organisation
    icon = "group"
    add_to_admin_menu = True
    menu_label = _("Organisations")
    menu_order = 400
    index_view_class = OrganisationIndexView
    chooser_viewset_class = FoldedChooserViewSet
    list_display = [
        "name",
        Column("short_name", label=_("Short name"), sort_key="short_name"),
        Column("kind", label=_("Kind"), accessor="get_kind_display", sort_key="kind"),
        Column("province", label=_("Province or city"), sort_key="province"),
        Column("validity", label=_("Validity"), accessor=validity),
    ]
    list_filter = ["kind"]
    list_per_page = 50
    ordering = "sort_key"
    copy_view_enabled = False


class OccasionIndexView(FoldedListingMixin, IndexView):
    """Occasions, the latest anniversary first."""


class OccasionViewSet(SnippetViewSet):
    """Anniversaries."""

    model = Occasion
    icon = "calendar-alt"
    menu_label = _("Occasions")
    index_view_class = OccasionIndexView
    chooser_viewset_class = FoldedChooserViewSet
    list_display = [
        "label",
        DateColumn("base_date", label=_("Base date"), sort_key="base_date"),
        Column("years", label=_("Number of years"), sort_key="years"),
    ]
    copy_view_enabled = False


class HostAliasIndexView(generic.IndexView):
    """Alias hosts with the pages they lead to."""

    def get_base_queryset(self) -> QuerySet[HostAlias]:
        """Read the pages with the rows."""
        return super().get_base_queryset().select_related("page")


def destination(alias: HostAlias) -> str:
    """What an alias host leads to, in a word."""
    return alias.page.title if alias.page else gettext("Home page")


class HostAliasViewSet(ModelViewSet):
    """Names under which the portal was known, or was misprinted."""

    model = HostAlias
    icon = "globe"
    menu_label = _("Alias hosts")
    add_to_settings_menu = True
    menu_order = 650
    index_view_class = HostAliasIndexView
    list_display = [
        "host",
        Column("page", label=_("Leads to"), accessor=destination),
        Column("note", label=_("Note")),
    ]
    search_fields = ["host", "note"]
    copy_view_enabled = False
