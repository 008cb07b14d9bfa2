"""Admin screens of the exhibitions app."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path, re_path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.viewsets.pages import PageListingViewSet, PageViewSet
from wagtail.models import Page

from exhibitions.admin.approval import ApprovalView, SubmissionView
from exhibitions.admin.clearance import ClearanceView
from exhibitions.admin.cloning import CloningView
from exhibitions.admin.cooperation import CooperationView
from exhibitions.admin.display_list import DisplayListFileView, DisplayListView
from exhibitions.admin.editing import ExhibitionEditView, ItemEditView
from exhibitions.admin.grid import GridView
from exhibitions.admin.importing import (
    CheckView,
    ColumnsView,
    FilesView,
    FileView,
    ImportsView,
    ProgressView,
    ReportView,
    TemplateWorkbookView,
    WorkbookView,
)
from exhibitions.admin.listings import (
    ChildExhibitionsView,
    ExhibitionsView,
    ItemsFilterSet,
    ItemsView,
    PartsView,
    UseView,
)
from exhibitions.admin.opening import OpeningStepView, OpeningView
from exhibitions.admin.preview import PreviewLinksView
from exhibitions.admin.statistics import StatisticsView
from exhibitions.models import ApprovalStep, ExhibitionPage, ItemPage, PartPage


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
            path(
                "phan/<int:part_id>/don-vi-phoi-hop/",
                CooperationView.as_view(),
                name="cooperation",
            ),
            path("<int:exhibition_id>/khai-mac/", OpeningView.as_view(), name="opening"),
            path(
                "<int:exhibition_id>/khai-mac/<slug:step>/",
                OpeningStepView.as_view(),
                name="opening_step",
            ),
            path("<int:exhibition_id>/phe-duyet/", ApprovalView.as_view(), name="approval"),
            path("<int:exhibition_id>/danh-muc/", DisplayListView.as_view(), name="display_list"),
            re_path(
                r"^(?P<exhibition_id>[0-9]+)/danh-muc/danh-muc\.(?P<extension>docx|xlsx)$",
                DisplayListFileView.as_view(),
                name="display_list_file",
            ),
            path(
                "<int:exhibition_id>/xem-truoc/",
                PreviewLinksView.as_view(),
                name="preview_links",
            ),
            path("ho-so/<int:submission_id>/", SubmissionView.as_view(), name="submission"),
            path("<int:exhibition_id>/thong-ke/", StatisticsView.as_view(), name="statistics"),
            path("<int:exhibition_id>/lam-mau/", CloningView.as_view(), name="cloning"),
            path("<int:exhibition_id>/sap-xep/", GridView.as_view(), name="grid"),
            *import_urlpatterns(),
        ]


def import_urlpatterns() -> list[URLPattern]:
    """The screens of importing from Excel, below an exhibition's number."""
    all_of_them, one = "<int:exhibition_id>/nhap/", "<int:exhibition_id>/nhap/<int:import_id>/"
    return [
        path(all_of_them, ImportsView.as_view(), name="imports"),
        path(f"{all_of_them}mau.xlsx", TemplateWorkbookView.as_view(), name="import_template"),
        path(f"{all_of_them}danh-sach.xlsx", WorkbookView.as_view(), name="import_workbook"),
        path(f"{one}ghep-cot/", ColumnsView.as_view(), name="import_columns"),
        path(f"{one}tep/", FilesView.as_view(), name="import_files"),
        path(f"{one}tep/<int:file_id>/", FileView.as_view(), name="import_file"),
        path(f"{one}kiem-tra/", CheckView.as_view(), name="import_check"),
        path(one, ReportView.as_view(), name="import_report"),
        path(f"{one}tien-do/", ProgressView.as_view(), name="import_progress"),
    ]


class ApprovalStepViewSet(ModelViewSet):
    """The steps of approval, in their order."""

    model = ApprovalStep
    url_prefix = "buoc-phe-duyet"
    icon = "clipboard-list"
    menu_label = _("Steps of approval")
    menu_order = 640
    add_to_settings_menu = True
    list_display = ["position", "name", "group"]
    list_filter: list[str] = []
    ordering = ["position"]
    copy_view_enabled = False
    inspect_view_enabled = False
    # Shown with the panels of the model.
    exclude_form_fields: list[str] = []


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
