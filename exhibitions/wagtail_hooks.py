"""What the exhibitions app adds to Wagtail's admin, and to the serving of documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.models import Page
from wagtail.rich_text.feature_registry import FeatureRegistry

from core.models import CustomDocument, User
from exhibitions.admin.clearance import clearance_url
from exhibitions.admin.opening import opening_url
from exhibitions.links import PublicDocumentLinkHandler, PublicPageLinkHandler
from exhibitions.models import ExhibitionPage, ItemPage
from exhibitions.viewsets import (
    ExhibitionListingViewSet,
    ExhibitionPageViewSet,
    ItemPageViewSet,
    PartPageViewSet,
)
from exhibitions.visibility import document_is_public


@hooks.register("register_admin_viewset")
def viewsets() -> list[Any]:
    """The lists and editors of our page types."""
    return [
        ExhibitionListingViewSet(),
        ExhibitionPageViewSet("exhibitions"),
        PartPageViewSet("exhibition_parts"),
        ItemPageViewSet("exhibition_items"),
    ]


# After Wagtail's own registration, which this replaces.
@hooks.register("register_rich_text_features", order=100)
def links_to_public_pages_only(features: FeatureRegistry) -> None:
    """Print no address of anything hidden within a text."""
    features.register_link_type(PublicPageLinkHandler)
    features.register_link_type(PublicDocumentLinkHandler)


@hooks.register("register_icons")
def icons(icons: list[str]) -> list[str]:
    """A picture on a wall, for the menu."""
    return [*icons, "exhibitions/admin/icons/exhibition.svg"]


@hooks.register("register_permissions")
def permissions() -> QuerySet[Permission]:
    """Let an administrator give the two rights of deciding to a group."""
    return Permission.objects.filter(
        content_type__app_label="exhibitions",
        codename__in=["decide_clearance", "open_exhibition"],
    )


def _decision_buttons(page: Page, next_url: str) -> Iterator[Button]:
    if isinstance(page, ItemPage):
        yield Button(
            _("Publication"), url=clearance_url(page, next_url), icon_name="key", priority=5
        )
    if isinstance(page, ExhibitionPage):
        yield Button(_("Opening"), url=opening_url(page), icon_name="calendar-check", priority=5)


@hooks.register("register_page_listing_more_buttons")
def listing_buttons(page: Page, user: User, next_url: str | None = None) -> Iterator[Button]:
    """In the menu of a row: publication of an item, opening of an exhibition."""
    return _decision_buttons(page, next_url or "")


@hooks.register("register_page_header_buttons")
def header_buttons(
    page: Page, user: User, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    """In the menu of a page's header: the same."""
    return _decision_buttons(page, "")


@hooks.register("before_serve_document")
def hide_documents(document: CustomDocument, request: HttpRequest) -> None:
    """Answer 404 to everyone, signed in or not, for a document nothing public shows."""
    if not document_is_public(document):
        raise Http404
