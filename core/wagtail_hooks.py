"""What the core app adds to, and takes from, Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.models import Page
from wagtail.permissions import register_permission_policy
from wagtail.rich_text.feature_registry import FeatureRegistry
from wagtail.snippets.models import register_snippet
from wagtail.users.views.bulk_actions import SetActiveStateBulkAction
from wagtail.users.views.bulk_actions.user_bulk_action import UserBulkAction

from core.confinement import (
    OwnDocumentsAPI,
    OwnImagesAPI,
    OwnPagesAPI,
    OwnPagesPolicy,
    choosable_pages,
)
from core.link_handlers import ShownDocumentLinkHandler, ShownPageLinkHandler
from core.media.documents import staff_document
from core.page_histories import veil_titles
from core.role_changes import record_activity
from core.viewsets import HostAliasViewSet, OccasionViewSet, OrganisationViewSet

# What a civil servant does not need: advertisement of releases, guides in English on
# foreign hosts, and reports for those who build the site.
HIDDEN_HELP = ("whats-new-in-wagtail", "editor-guide")
HIDDEN_REPORTS = ("aging-pages", "page-types-usage", "workflows", "workflow-tasks")
HIDDEN_SETTINGS = ("workflows", "workflow-tasks")

register_permission_policy(Page, OwnPagesPolicy(Page))

register_snippet(OrganisationViewSet)
register_snippet(OccasionViewSet)


@hooks.register("register_admin_viewset")
def viewsets() -> list[Any]:
    """The list of alias hosts."""
    return [HostAliasViewSet("alias_hosts", url_prefix="ten-mien-phu")]


hooks.register("construct_page_chooser_queryset", choosable_pages)

# After Wagtail's own formatters are registered.
hooks.register("register_log_actions", veil_titles, order=100)


# After Wagtail's own registration, which this replaces.
@hooks.register("construct_admin_api", order=100)
def own_things_only(router: WagtailAPIRouter) -> None:
    """Let the admin's own API tell of the pages and files one works with, and of no other."""
    router.register_endpoint("pages", OwnPagesAPI)
    router.register_endpoint("images", OwnImagesAPI)
    router.register_endpoint("documents", OwnDocumentsAPI)


@hooks.register("register_permissions")
def permissions() -> QuerySet[Permission]:
    """Let an administrator give the rights of handing Parts over and of reading changes."""
    return Permission.objects.filter(
        content_type__app_label="core", codename__in=["hand_over_part", "view_rolechange"]
    )


@hooks.register("before_bulk_action")
def keep_changes_of_accounts(
    request: HttpRequest, action_type: str, users: list[Any], action: Any
) -> None:
    """Keep who is switched on or off; leave alone who may do everything."""
    if not isinstance(action, UserBulkAction):
        return
    if any(user.is_superuser for user in users) and not request.user.is_superuser:
        raise PermissionDenied
    if isinstance(action, SetActiveStateBulkAction):
        record_activity(users, action.cleaned_form.cleaned_data["mark_as_active"])


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
