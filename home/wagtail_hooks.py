"""What the home app adds to Wagtail's admin."""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet

from home.admin.decision_log import DecisionLogMenuItem, DecisionLogView
from home.viewsets import NewsColumnViewSet

register_snippet(NewsColumnViewSet)


@hooks.register("register_admin_urls")
def decision_log_address() -> list[URLPattern]:
    """Where the log of decisions is read."""
    return [path("nhat-ky-quyet-dinh/", DecisionLogView.as_view(), name="decision_log")]


@hooks.register("register_reports_menu_item")
def decision_log_entry() -> MenuItem:
    """The log of decisions among the reports."""
    return DecisionLogMenuItem()


@hooks.register("register_permissions")
def permissions() -> QuerySet[Permission]:
    """Let an administrator give the right to read the log of decisions to a group."""
    return Permission.objects.filter(content_type__app_label="home", codename="view_decision_log")
