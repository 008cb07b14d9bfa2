"""Admin screens of the analytics app for what people write themselves."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from analytics.models import OpeningBalance


class OpeningBalanceIndexView(generic.IndexView):
    """Figures taken over, with the pages they belong to."""

    def get_base_queryset(self) -> QuerySet[OpeningBalance]:
        """Read the pages with the rows."""
        return super().get_base_queryset().select_related("page")


class OpeningBalanceViewSet(ModelViewSet):
    """Figures taken over from earlier sites."""

    model = OpeningBalance
    icon = "download"
    menu_label = _("Figures taken over")
    add_to_settings_menu = True
    menu_order = 700
    index_view_class = OpeningBalanceIndexView
    list_display = [
        "page",
        Column("sentence", label=_("Figure"), accessor="sentence"),
        Column("origin", label=_("Where the figure is from")),
    ]
    copy_view_enabled = False
    inspect_view_enabled = False
