"""Anniversaries that exhibitions, news and programmes are held for."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.search import index

from core.models.text import NormalisedTextModel
from core.vietnamese import fold


class Occasion(NormalisedTextModel, index.Indexed, models.Model):
    """An anniversary: what happened, when, and which year of it is kept."""

    label = models.CharField(
        _("label"),
        max_length=255,
        help_text=_("As it is printed after “Kỷ niệm”, with the number of years."),
    )
    base_date = models.DateField(_("base date"), help_text=_("The day that is remembered."))
    years = models.PositiveSmallIntegerField(_("number of years"))

    panels = [
        FieldPanel("label"),
        FieldRowPanel([FieldPanel("base_date"), FieldPanel("years")]),
    ]

    search_fields = [
        index.SearchField("label"),
        index.SearchField("folded_text"),
        index.AutocompleteField("folded_text"),
    ]

    class Meta:
        verbose_name = _("occasion")
        verbose_name_plural = _("occasions")
        ordering = ["-base_date", "years"]

    def __str__(self) -> str:
        return self.label

    def folded_text(self) -> str:
        """What a search without marks finds it by."""
        return fold(self.label)
