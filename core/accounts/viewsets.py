"""The screens of accounts and of roles.

Whoever runs accounts without being allowed everything gives nobody, and not themselves, the
right to do everything, and changes no account that has it; nor do they give themselves a
role, or their own role a right.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from wagtail.admin import messages
from wagtail.users.views import groups, users

from core.accounts.forms import AccountCreationForm, AccountEditForm
from core.models import RoleChangeKind, User
from core.role_changes import recording, write


class EverythingIsNotForGivingMixin:
    """A form of an account, less what its user may not give.

    Only those who may do everything give that mark, or a role to themselves: who decides is
    said by somebody else.
    """

    request: HttpRequest

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        """Wagtail's form, less what is not for giving."""
        form = super().get_form(*args, **kwargs)  # type: ignore[misc]
        if not self.request.user.is_superuser:
            form.fields.pop("is_superuser", None)
            if form.instance.pk == self.request.user.pk:
                form.fields["groups"].disabled = True
                form.fields["groups"].help_text = gettext(
                    "Roles of your own account are given and taken away by somebody else."
                )
        return form


class AccountCreateView(EverythingIsNotForGivingMixin, users.CreateView):
    """A new account."""


class AccountEditView(EverythingIsNotForGivingMixin, users.EditView):
    """An account that exists."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """An account that may do everything is changed by such an account only."""
        if self.object.is_superuser and not request.user.is_superuser:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def save_instance(self) -> User:
        """Keep that somebody was given a password by another: that one knows it."""
        account: User = super().save_instance()
        if self.form.cleaned_data.get("password1") and account.pk != self.request.user.pk:
            write(RoleChangeKind.ACCOUNT, person=account, added=[gettext("a password, by another")])
        return account


class AccountViewSet(users.UserViewSet):
    """Accounts. They are not copied: a copy would have whatever its model may do."""

    copy_view_enabled = False
    add_view_class = AccountCreateView
    edit_view_class = AccountEditView

    def get_form_class(self, for_update: bool = False) -> type[Any]:
        """Our forms."""
        return AccountEditForm if for_update else AccountCreationForm


class RoleCreateView(groups.CreateView):
    """A new role."""

    def process_form(self) -> HttpResponseBase:
        """Keep which rights it was given."""
        with recording(self.object):
            return super().process_form()


class RoleEditView(groups.EditView):
    """A role that exists. Its own members add no rights to it."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A role of one's own is changed by somebody else, or by who may do everything."""
        own = request.user.groups.filter(pk=kwargs["pk"])
        if not request.user.is_superuser and own.exists():
            messages.error(
                request, gettext("Rights of your own role are changed by somebody else.")
            )
            return redirect("wagtailusers_groups:index")
        return super().dispatch(request, *args, **kwargs)

    def process_form(self) -> HttpResponseBase:
        """Keep which rights were given and taken away."""
        with recording(self.object):
            return super().process_form()


class RoleViewSet(groups.GroupViewSet):
    """Roles, which Wagtail calls groups."""

    add_view_class = RoleCreateView
    edit_view_class = RoleEditView
