"""What the campaigns app adds to Wagtail's admin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import Page, PageLogEntry

from campaigns.admin import protection
from campaigns.admin.release import release_url
from campaigns.admin.results import results_url
from campaigns.models import CampaignPage, NoticePage
from campaigns.release import may_record
from campaigns.viewsets import CampaignsViewSet, NoticePageViewSet
from core.models import User


@hooks.register("register_admin_viewset")
def viewsets() -> list[Any]:
    """The screens of this app."""
    return [CampaignsViewSet(), NoticePageViewSet("campaign_letters")]


@hooks.register("register_permissions")
def permissions() -> QuerySet[Permission]:
    """Let an administrator give the rights of recording to a group."""
    return Permission.objects.filter(
        content_type__app_label="campaigns",
        codename__in=["record_release", "record_placement", "change_invitation"],
    )


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    """What is kept in the history of a campaign beside Wagtail's own."""

    @actions.register_action("campaigns.withdraw_links")
    class WithdrawLinks(LogFormatter):
        label = _("Withdraw the links of an agency")

        def format_message(self, log_entry: PageLogEntry) -> str:
            return gettext("Withdrew the links of %(agency)s") % log_entry.data

    @actions.register_action("campaigns.restore_links")
    class RestoreLinks(LogFormatter):
        label = _("Restore the links of an agency")

        def format_message(self, log_entry: PageLogEntry) -> str:
            return gettext("Let the links of %(agency)s work again") % log_entry.data


def _buttons(page: Page, user: User) -> Iterator[Button]:
    if isinstance(page, NoticePage) and may_record(user):
        yield Button(_("Release"), url=release_url(page), icon_name="mail", priority=5)
    if isinstance(page, CampaignPage):
        yield Button(_("Results"), url=results_url(page), icon_name="history", priority=5)


@hooks.register("register_page_listing_more_buttons")
def listing_buttons(page: Page, user: User, next_url: str | None = None) -> Iterator[Button]:
    """In the menu of a row: the release of a letter, the results of a campaign."""
    return _buttons(page, user)


@hooks.register("register_page_header_buttons")
def header_buttons(
    page: Page, user: User, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    """In the menu of a page's header: the same."""
    return _buttons(page, user)


hooks.register("before_delete_page", protection.before_delete)
hooks.register("before_unpublish_page", protection.before_unpublish)
hooks.register("before_move_page", protection.before_move)
hooks.register("before_bulk_action", protection.before_many)
