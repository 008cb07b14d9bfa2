"""Wagtail's app of users and groups, with our screens in it."""

from __future__ import annotations

from wagtail.users.apps import WagtailUsersAppConfig


class AccountsConfig(WagtailUsersAppConfig):
    """The app ``wagtail.users``, named in the settings instead of it."""

    group_viewset = "core.accounts.viewsets.RoleViewSet"
    user_viewset = "core.accounts.viewsets.AccountViewSet"
