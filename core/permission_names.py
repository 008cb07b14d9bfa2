"""What a right is called in the language of the admin.

Django keeps the names of permissions in the database, in English; they are translated when
they are shown.
"""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

ACTIONS: dict[str, Promise] = {
    "add": _("Can add: %(what)s"),
    "change": _("Can change: %(what)s"),
    "delete": _("Can delete: %(what)s"),
    "view": _("Can view: %(what)s"),
    "choose": _("Can choose: %(what)s"),
}
"""Django's own permissions of each model, and Wagtail's of images and documents."""

WAGTAILS = (
    gettext_noop("Can access Wagtail admin"),
    gettext_noop("Delete pages with children"),
    gettext_noop("Lock/unlock pages you've locked"),
    gettext_noop("Publish any page"),
    gettext_noop("Unlock any page"),
)
"""Wagtail's own permissions; named here so that they are translated."""


def permission_name(permission: Permission) -> str:
    """The name of ``permission``, translated."""
    model = permission.content_type.model_class()
    action, _underscore, rest = permission.codename.partition("_")
    if model is not None and action in ACTIONS and rest == permission.content_type.model:
        return str(ACTIONS[action]) % {"what": model._meta.verbose_name}
    return gettext(permission.name)
