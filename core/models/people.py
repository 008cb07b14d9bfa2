"""The people who sign in."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.organisations import Organisation

NAME_ON_RECORD = 255
"""Characters of a name that decisions and changes are kept with."""


class User(AbstractUser):
    """A civil servant with an account.

    A Vietnamese name is printed family name, middle names, given name.
    ``last_name`` holds "họ và tên đệm" and ``first_name`` holds "tên".
    """

    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="users",
    )
    position = models.CharField(_("position"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        """The full name, at most as long as records keep one."""
        return (self.get_full_name() or self.username)[:NAME_ON_RECORD]

    def get_full_name(self) -> str:
        """The name in Vietnamese order: "Ong Thị An"."""
        return f"{self.last_name} {self.first_name}".strip()
