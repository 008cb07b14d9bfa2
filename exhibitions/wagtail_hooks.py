"""What the exhibitions app adds to Wagtail's admin, and to the serving of documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.views.pages.bulk_actions.move import MoveBulkAction
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from core.models import CustomDocument, User
from exhibitions.admin.approval import approval_url
from exhibitions.admin.clearance import clearance_url
from exhibitions.admin.cloning import cloning_url
from exhibitions.admin.cooperation import cooperation_url
from exhibitions.admin.display_list import display_list_url
from exhibitions.admin.grid import grid_url
from exhibitions.admin.home import WaitingPanel
from exhibitions.admin.importing import imports_url, is_offered
from exhibitions.admin.moving import refuse_clash
from exhibitions.admin.opening import opening_url
from exhibitions.admin.preview import preview_url
from exhibitions.admin.statistics import statistics_url
from exhibitions.models import ExhibitionPage, ItemPage, PartPage
from exhibitions.opening import start_announced
from exhibitions.viewsets import (
    ApprovalStepViewSet,
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
        ApprovalStepViewSet("approval_steps"),
    ]


@hooks.register("construct_homepage_panels")
def what_waits(request: HttpRequest, panels: list[Any]) -> None:
    """On the first page of the admin: what waits for whoever looks at it."""
    panels.append(WaitingPanel())


@hooks.register("register_icons")
def icons(icons: list[str]) -> list[str]:
    """A picture on a wall, for the menu."""
    return [*icons, "exhibitions/admin/icons/exhibition.svg"]


@hooks.register("register_permissions")
def permissions() -> QuerySet[Permission]:
    """Let an administrator give the rights of submitting and deciding to a group."""
    return Permission.objects.filter(
        content_type__app_label="exhibitions",
        codename__in=[
            "submit_exhibition",
            "record_approval",
            "decide_clearance",
            "open_exhibition",
        ],
    )


def _decision_buttons(page: Page, user: User, next_url: str) -> Iterator[Button]:
    if isinstance(page, ItemPage):
        yield Button(
            _("Publication"), url=clearance_url(page, next_url), icon_name="key", priority=5
        )
    if isinstance(page, ExhibitionPage):
        if is_offered(user, page):
            yield Button(
                _("Import from Excel"), url=imports_url(page), icon_name="upload", priority=2
            )
            yield Button(_("Arrange items"), url=grid_url(page), icon_name="grip", priority=2)
        yield Button(
            _("List of items on display"),
            url=display_list_url(page),
            icon_name="list-ol",
            priority=3,
        )
        yield Button(_("Preview and opinions"), url=preview_url(page), icon_name="link", priority=4)
        yield Button(_("Approval"), url=approval_url(page), icon_name="clipboard-list", priority=4)
        yield Button(_("Opening"), url=opening_url(page), icon_name="calendar-check", priority=5)
        yield Button(_("Use as a pattern"), url=cloning_url(page), icon_name="copy", priority=7)
        yield Button(_("Statistics"), url=statistics_url(page), icon_name="history", priority=6)


@hooks.register("register_page_listing_more_buttons")
def listing_buttons(page: Page, user: User, next_url: str | None = None) -> Iterator[Button]:
    """In the menu of a row: publication of an item, opening of an exhibition."""
    return _decision_buttons(page, user, next_url or "")


@hooks.register("register_page_header_buttons")
def header_buttons(
    page: Page, user: User, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    """In the menu of a page's header: the same."""
    return _decision_buttons(page, user, "")


@hooks.register("register_page_listing_more_buttons")
@hooks.register("register_page_header_buttons")
def cooperation_button(page: Page, user: User, **kwargs: Any) -> Iterator[Button]:
    """In the menu of a Part, for those who may: to hand it to its contributor."""
    if isinstance(page, PartPage) and user.has_perm("core.hand_over_part"):
        yield Button(
            _("Hand over to the cooperating organisation"),
            url=cooperation_url(page),
            icon_name="group",
            priority=7,
        )


@hooks.register("before_move_page")
def keep_references_unique(
    request: HttpRequest, page: Page, destination: Page
) -> HttpResponse | None:
    """Move nothing to where another item has its reference."""
    return refuse_clash(request, [page], destination)


@hooks.register("before_bulk_action")
def keep_references_unique_in_bulk(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    """The same for pages that are moved together."""
    if not isinstance(action, MoveBulkAction):
        return None
    return refuse_clash(request, objects, action.cleaned_form.cleaned_data["chooser"])


@hooks.register("after_convert_alias_page")
def announce_what_was_an_alias(request: HttpRequest, page: Page) -> None:
    """An exhibition that stops being an alias waits for somebody to open it."""
    if isinstance(page, ExhibitionPage):
        start_announced(page)


# Before Wagtail's own look at collections, which would ask for a password.
@hooks.register("before_serve_document", order=-1)
def hide_documents(document: CustomDocument, request: HttpRequest) -> None:
    """Answer 404 to everyone, signed in or not, for a document nothing public shows."""
    if not document_is_public(document):
        raise Http404
