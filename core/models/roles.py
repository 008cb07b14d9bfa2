"""What the portal's roles were last given, and who was given or lost which rights, when."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from wagtail.models import Collection, Page

from core.models.append_only import AppendOnlyModel
from core.models.organisations import Organisation


class RoleBaseline(models.Model):
    """What the table of roles last gave a role. Written by :mod:`core.roles` only.

    It is the third side of the comparison by which an administrator's changes are told from
    changes of the table. The group is found by this row, whatever it is called meanwhile;
    without a group, an administrator has deleted it.
    """

    key = models.SlugField(max_length=40, unique=True)
    group = models.OneToOneField(
        Group, null=True, on_delete=models.SET_NULL, related_name="role_baseline"
    )
    page = models.ForeignKey(Page, null=True, on_delete=models.SET_NULL, related_name="+")
    """Where the rights on pages begin."""
    given = models.JSONField(default=list)
    """The rights, as :class:`core.roles.Right` writes them."""

    class Meta:
        verbose_name = _("baseline of a role")
        verbose_name_plural = _("baselines of roles")
        default_permissions = ()

    def __str__(self) -> str:
        return self.key


class OrganisationEditors(models.Model):
    """The group and the collection of an organisation's own editors.

    Written by exhibitions.cooperation only. Both are found by this row, whatever they are
    called meanwhile; without a group, an administrator has deleted it.
    """

    organisation = models.OneToOneField(
        Organisation, on_delete=models.CASCADE, related_name="editors"
    )
    group = models.OneToOneField(
        Group, null=True, on_delete=models.SET_NULL, related_name="organisation_editors"
    )
    collection = models.OneToOneField(
        Collection, null=True, on_delete=models.SET_NULL, related_name="organisation_editors"
    )

    class Meta:
        verbose_name = _("editors of an organisation")
        verbose_name_plural = _("editors of organisations")
        default_permissions = ()
        permissions = [
            ("hand_over_part", gettext_noop("Can hand Parts over to cooperating organisations"))
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class RoleChangeKind(models.TextChoices):
    """What was changed."""

    MEMBERSHIP = "membership", _("Members of a role")
    ACCOUNT = "account", _("Account itself")
    GROUP = "group", _("Role itself")
    RIGHTS = "rights", _("Rights of a role")
    PAGE_RIGHTS = "page_rights", _("Rights on pages")
    COLLECTION_RIGHTS = "collection_rights", _("Rights on collections")


class RoleChange(AppendOnlyModel):
    """One change of what somebody may do. Written by :mod:`core.role_changes` only.

    ``by`` is whoever changed it in the admin; without, it was the system, and ``by_name``
    says so. It is about a person (``person_name``), a role (``group_name``) or, for a
    membership, both; the names are those of the time. ``added`` and ``removed`` hold
    readable texts, one thing a line.
    """

    kind = models.CharField(_("what was changed"), max_length=20, choices=RoleChangeKind.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    person_name = models.CharField(_("person at the time"), max_length=255, blank=True)
    group = models.ForeignKey(
        Group, verbose_name=_("role"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    group_name = models.CharField(_("role at the time"), max_length=150, blank=True)
    added = models.TextField(_("given"), blank=True)
    removed = models.TextField(_("taken away"), blank=True)

    class Meta:
        verbose_name = _("change of rights")
        verbose_name_plural = _("changes of rights")
        ordering = ["-pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        about = " – ".join(name for name in (self.person_name, self.group_name) if name)
        return f"{self.get_kind_display()}: {about}"
