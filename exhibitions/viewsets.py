"""Admin screens of the exhibitions app."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.pages import PageListingViewSet, PageViewSet
from wagtail.models import Page

from exhibitions.admin.clearance import ClearanceView
from exhibitions.admin.editing import ExhibitionEditView, ItemEditView
from exhibitions.admin.listings import (
    ChildExhibitionsView,
    ExhibitionsView,
    ItemsFilterSet,
    ItemsView,
    PartsView,
    UseView,
)
from exhibitions.admin.opening import OpeningStepView, OpeningView
from exhibitions.admin.statistics import StatisticsView
from exhibitions.models import ExhibitionPage, ItemPage, PartPage


class ExhibitionListingViewSet(PageListingViewSet):
    """The menu entry "Triển lãm", and the screens on which publication is decided."""

    name = "exhibitions_admin"
    url_prefix = "trien-lam"
    model = ExhibitionPage
    index_view_class = ExhibitionsView
    icon = "exhibition"
    menu_label = _("Exhibitions")
    menu_order = 110
    add_to_admin_menu = True

    def get_urlpatterns(self) -> list[URLPattern]:
        """Wagtail's list, and clearance and opening below it."""
        return [
            *super().get_urlpatterns(),
            path("tai-lieu/<int:item_id>/cong-bo/", ClearanceView.as_view(), name="clearance"),
            path("<int:exhibition_id>/khai-mac/", OpeningView.as_view(), name="opening"),
            path(
                "<int:exhibition_id>/khai-mac/<slug:step>/",
                OpeningStepView.as_view(),
                name="opening_step",
            ),
            path("<int:exhibition_id>/thong-ke/", StatisticsView.as_view(), name="statistics"),
        ]


class AnyChildMixin:
    """A list of children of any type, which also finds any type when it is searched."""

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """List pages, not only those of the viewset's own model."""
        return super().get_index_view_kwargs(**{"model": Page, **kwargs})  # type: ignore[misc]


class ExhibitionPageViewSet(PageViewSet):
    """An exhibition in the explorer and in the editor."""

    model = ExhibitionPage
    index_view_class = ChildExhibitionsView
    content_type_use_view_class = UseView
    edit_view_class = ExhibitionEditView


class PartPageViewSet(AnyChildMixin, PageViewSet):
    """What the explorer shows below an exhibition."""

    model = PartPage
    parent_models = [ExhibitionPage]
    index_view_class = PartsView
    content_type_use_view_class = UseView


class ItemPageViewSet(AnyChildMixin, PageViewSet):
    """What the explorer shows below a Part, and an item in the editor."""

    model = ItemPage
    parent_models = [PartPage]
    index_view_class = ItemsView
    content_type_use_view_class = UseView
    filterset_class = ItemsFilterSet
    edit_view_class = ItemEditView
