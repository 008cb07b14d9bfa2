"""What the core app adds to, and takes from, Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.rich_text.feature_registry import FeatureRegistry
from wagtail.snippets.models import register_snippet

from core.link_handlers import ShownDocumentLinkHandler, ShownPageLinkHandler
from core.media.documents import staff_document
from core.viewsets import HostAliasViewSet, OccasionViewSet, OrganisationViewSet

# What a civil servant does not need: advertisement of releases, guides in English on
# foreign hosts, and reports for those who build the site.
HIDDEN_HELP = ("whats-new-in-wagtail", "editor-guide")
HIDDEN_REPORTS = ("aging-pages", "page-types-usage", "workflows", "workflow-tasks")
HIDDEN_SETTINGS = ("workflows", "workflow-tasks")

register_snippet(OrganisationViewSet)
register_snippet(OccasionViewSet)


@hooks.register("register_admin_viewset")
def viewsets() -> list[Any]:
    """The list of alias hosts."""
    return [HostAliasViewSet("alias_hosts", url_prefix="ten-mien-phu")]


@hooks.register("insert_global_admin_css")
def admin_stylesheet() -> str:
    """Our colours, over Wagtail's own."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))


# After Wagtail's own registration, which this replaces.
@hooks.register("register_rich_text_features", order=100)
def links_to_public_pages_only(features: FeatureRegistry) -> None:
    """Print no address of anything hidden within a text."""
    features.register_link_type(ShownPageLinkHandler)
    features.register_link_type(ShownDocumentLinkHandler)


@hooks.register("register_admin_urls")
def staff_document_address() -> list[URLPattern]:
    """Where the admin's own links to documents lead."""
    return [path("tep/tai-lieu/<int:document_id>/", staff_document, name="staff_document")]


def _keep(items: list[MenuItem], hidden: tuple[str, ...]) -> None:
    items[:] = [item for item in items if not item.name.startswith(hidden)]


@hooks.register("construct_help_menu")
def shorten_help_menu(request: HttpRequest, items: list[MenuItem]) -> None:
    """Keep the keyboard shortcuts."""
    _keep(items, HIDDEN_HELP)


@hooks.register("construct_reports_menu")
def shorten_reports_menu(request: HttpRequest, items: list[MenuItem]) -> None:
    """Keep the site's history and the locked pages."""
    _keep(items, HIDDEN_REPORTS)


@hooks.register("construct_settings_menu")
def shorten_settings_menu(request: HttpRequest, items: list[MenuItem]) -> None:
    """Leave out Wagtail's workflows: what is approved here is an exhibition as a whole."""
    _keep(items, HIDDEN_SETTINGS)
