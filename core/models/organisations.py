"""Offices, archives, enterprises: whoever organises, holds, contributes or receives."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.search import index

from core.models.text import NormalisedTextModel
from core.vietnamese import collation_key, fold

HOST_NAME = re.compile(
    r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
)


class OrganisationKind(models.TextChoices):
    """What an organisation is."""

    DEPARTMENT = "department", _("Department or sector of a province")
    PEOPLES_COMMITTEE = "peoples_committee", _("People's Committee")
    ARCHIVE = "archive", _("Archive")
    CENTRAL = "central", _("Central agency")
    COUNCIL = "council", _("Council or board")
    ASSOCIATION = "association", _("Association")
    ENTERPRISE = "enterprise", _("Enterprise")
    OTHER = "other", _("Other")


class Organisation(NormalisedTextModel, index.Indexed, ClusterableModel):
    """One record for an organisation in all its parts: organiser, holder, recipient.

    Offices merge and cease; a record keeps its validity and its successor, so that
    an exhibition of 2024 still names the office of 2024.
    """

    name = models.CharField(_("name"), max_length=255)
    short_name = models.CharField(
        _("short name"),
        max_length=80,
        blank=True,
        help_text=_("Printed where space is short, for example TTLTQG III."),
    )
    kind = models.CharField(
        _("kind"),
        max_length=24,
        choices=OrganisationKind.choices,
        default=OrganisationKind.OTHER,
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("parent organisation"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="subordinates",
    )
    province = models.CharField(_("province or city"), max_length=80, blank=True)
    site = models.URLField(_("website"), blank=True)
    logo = models.ForeignKey(
        "core.CustomImage",
        verbose_name=_("logo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    valid_from = models.DateField(_("exists from"), null=True, blank=True)
    valid_to = models.DateField(
        _("existed until"),
        null=True,
        blank=True,
        help_text=_("The last day before it was merged, renamed or dissolved."),
    )
    successor = models.ForeignKey(
        "self",
        verbose_name=_("successor"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="predecessors",
    )
    sort_key = models.CharField(max_length=512, editable=False, default="", db_index=True)

    panels = [
        MultiFieldPanel([FieldPanel("name"), FieldPanel("short_name"), FieldPanel("kind")]),
        MultiFieldPanel(
            [FieldPanel("parent"), FieldPanel("province"), FieldPanel("phone")],
            heading=_("Place"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("site"),
                InlinePanel("hosts", label=_("Host name"), heading=_("Host names")),
                FieldPanel("logo"),
            ],
            heading=_("On the web"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_to")]),
                FieldPanel("successor"),
            ],
            heading=_("Validity"),
        ),
    ]

    search_fields = [
        index.SearchField("name"),
        index.SearchField("folded_text"),
        index.AutocompleteField("folded_text"),
        index.FilterField("kind"),
    ]

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["sort_key"]

    def __str__(self) -> str:
        return self.name

    def folded_text(self) -> str:
        """What a search without marks finds it by."""
        return fold(f"{self.name} {self.short_name} {self.province}")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the Vietnamese dictionary order beside the name."""
        self.sort_key = collation_key(self.name)[:512]
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse a validity that ends before it begins and an office that follows itself."""
        super().clean()
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValidationError({"valid_to": _("The last day lies before the first.")})
        if self.pk and self.pk in (self.successor_id, self.parent_id):
            raise ValidationError(_("An organisation cannot be its own parent or successor."))


class OrganisationHost(models.Model):
    """A host name an organisation's pages are served under, without scheme or path."""

    organisation = ParentalKey(Organisation, on_delete=models.CASCADE, related_name="hosts")
    host = models.CharField(_("host name"), max_length=253, unique=True)

    panels = [FieldPanel("host")]

    class Meta:
        verbose_name = _("host name")
        verbose_name_plural = _("host names")

    def __str__(self) -> str:
        return self.host

    def clean(self) -> None:
        """Accept a bare host name only: "sonoivu.langson.gov.vn"."""
        super().clean()
        self.host = self.host.strip().lower().rstrip(".")
        if not HOST_NAME.fullmatch(self.host):
            raise ValidationError(
                {"host": _("Write the host name alone, for example sonoivu.langson.gov.vn.")}
            )
