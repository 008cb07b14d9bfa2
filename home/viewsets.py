"""Admin screens of the home app: the columns of the news."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import SnippetViewSet

from home.models import NewsColumn


class NewsColumnViewSet(SnippetViewSet):
    """The columns (chuyên mục) that news are sorted into."""

    model = NewsColumn
    icon = "list-ul"
    menu_label = _("Columns of the news")
    list_display = ["name", Column("slug", label=_("Short address"), sort_key="slug")]
    copy_view_enabled = False
