"""Further host names under which the portal, or one page of it, is known."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from core.models.organisations import HOST_NAME
from core.models.text import NormalisedTextModel


class HostAlias(NormalisedTextModel):
    """A host name that leads on, for good (308), to the portal or to one of its pages.

    For the former address of an exhibition, and for one that was misprinted in a letter
    which cannot be taken back.
    """

    host = models.CharField(
        _("host name"),
        max_length=253,
        unique=True,
        help_text=_("The name alone, for example thiduayeunuoc.langson.gov.vn."),
    )
    page = models.ForeignKey(
        Page,
        verbose_name=_("leads to"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Empty: the home page."),
    )
    note = models.CharField(
        _("note"), max_length=255, blank=True, help_text=_("Where this name was printed.")
    )

    panels = [FieldPanel("host"), FieldPanel("page"), FieldPanel("note")]

    class Meta:
        verbose_name = _("alias host")
        verbose_name_plural = _("alias hosts")
        ordering = ["host"]

    def __str__(self) -> str:
        return self.host

    def clean(self) -> None:
        """Accept a bare host name only."""
        super().clean()
        self.host = self.host.strip().lower().rstrip(".")
        if not HOST_NAME.fullmatch(self.host):
            raise ValidationError(
                {"host": _("Write the host name alone, for example sonoivu.langson.gov.vn.")}
            )
