"""A Part of an exhibition, or a section within a Part."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField

from core.audience import View
from core.blocks import PLAIN_FEATURES
from core.models import BasePage
from exhibitions.blocks import narrative_blocks
from exhibitions.models.approvable import ApprovablePage
from exhibitions.models.vocabulary import NumeralStyle


class PartPage(ApprovablePage):
    """A chapter. Parts nest: a Part may hold one section a province."""

    template = "pages/part_page.html"
    parent_page_types = ["exhibitions.ExhibitionPage", "exhibitions.PartPage"]
    subpage_types = ["exhibitions.PartPage", "exhibitions.ItemPage"]
    page_description = _("A Part of the exhibition, or a section within a Part.")

    numeral_style = models.CharField(
        _("numbering"), max_length=8, choices=NumeralStyle.choices, default=NumeralStyle.ROMAN
    )
    introduction = RichTextField(_("introduction"), blank=True, features=PLAIN_FEATURES)
    contributor = models.ForeignKey(
        "core.Organisation",
        verbose_name=_("contributed by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    narrative = StreamField(
        narrative_blocks(),
        verbose_name=_("narrative"),
        blank=True,
        help_text=_(
            "Text between the items. Items that are not placed here follow in their order."
        ),
    )

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("numeral_style", help_text=_("Parts without a number are not counted.")),
        FieldPanel("introduction"),
        FieldPanel("contributor"),
        FieldPanel("narrative"),
    ]

    class Meta:
        verbose_name = _("Part")
        verbose_name_plural = _("Parts")

    def search_texts(self) -> tuple[str, ...]:
        """Title and introduction."""
        return (self.title, self.introduction)

    def is_public(self) -> bool:
        """Whether the public may see it now."""
        from exhibitions.visibility import page_is_public  # it imports this model

        return page_is_public(self)

    def page_context(self, request: HttpRequest, view: View) -> dict[str, Any]:
        """The items hung in order, among the narrative, and the Parts around this one."""
        from exhibitions.cards import part_context  # cards import these models

        return part_context(self, request, view)
