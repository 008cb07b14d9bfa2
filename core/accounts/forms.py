"""The forms of an account."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.auth import LoginForm
from wagtail.users.forms import UserCreationForm, UserEditForm

OURS = {"organisation", "position"}


class SignInForm(LoginForm):
    """Wagtail's form, with names of its fields in our language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Password")


class AccountCreationForm(UserCreationForm):
    """A new account, with the organisation and the position of its owner."""

    class Meta(UserCreationForm.Meta):
        fields: ClassVar[Any] = UserCreationForm.Meta.fields | OURS


class AccountEditForm(UserEditForm):
    """An account, with the organisation and the position of its owner."""

    class Meta(UserEditForm.Meta):
        fields: ClassVar[Any] = UserEditForm.Meta.fields | OURS
