"""The official letter (công văn) of a campaign, its corrections and replacements."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable

from campaigns.models.vocabulary import SignerPrefix
from core.audience import View
from core.blocks import PLAIN_FEATURES, LegalTextBlock
from core.models import BasePage
from core.models.text import NormalisedTextModel


class NoticePage(BasePage):
    """A letter, laid out by NĐ 30/2020/NĐ-CP, Phụ lục I.

    Number and date stay empty until the office's document system has given them;
    the portal records them and never invents one.
    """

    template = "pages/notice_page.html"
    parent_page_types = ["campaigns.CampaignPage"]
    subpage_types: list[str] = []
    page_description = _("An official letter, its correction or replacement.")

    parent_body = models.CharField(
        _("parent body"), max_length=160, blank=True, help_text=_("For example UBND TỈNH LẠNG SƠN.")
    )
    agency = models.CharField(_("issuing agency"), max_length=160, blank=True)
    number = models.CharField(
        _("number"), max_length=20, blank=True, help_text=_("Given by the document system.")
    )
    symbol = models.CharField(
        _("symbol"), max_length=60, blank=True, help_text=_("For example SNV-TĐKT.")
    )
    issued_on = models.DateField(_("date of issue"), null=True, blank=True)
    place = models.CharField(_("place name"), max_length=80, blank=True)
    subject = models.CharField(_("subject (V/v)"), max_length=400, blank=True)
    texts_referred_to = StreamField(
        [("legal_text", LegalTextBlock())], verbose_name=_("texts referred to"), blank=True
    )
    body = RichTextField(_("text of the letter"), blank=True, features=PLAIN_FEATURES)
    signer_prefix = models.CharField(
        _("authority"), max_length=8, blank=True, choices=SignerPrefix.choices, default=""
    )
    signer_position = models.CharField(_("position of the signer"), max_length=120, blank=True)
    signer_name = models.CharField(_("name of the signer"), max_length=120, blank=True)
    signed_pdf = models.ForeignKey(
        "core.CustomDocument",
        verbose_name=_("signed PDF"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("parent_body"), FieldPanel("agency")]),
                FieldRowPanel([FieldPanel("number"), FieldPanel("symbol")]),
                FieldRowPanel([FieldPanel("place"), FieldPanel("issued_on")]),
                FieldPanel("subject"),
            ],
            heading=_("Head of the letter"),
        ),
        InlinePanel("recipients", heading=_("To"), label=_("Recipient")),
        FieldPanel("texts_referred_to"),
        FieldPanel("body"),
        InlinePanel("requests", heading=_("Requests"), label=_("Request")),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("signer_prefix"), FieldPanel("signer_position")]),
                FieldPanel("signer_name"),
            ],
            heading=_("Signature"),
        ),
        InlinePanel("distribution", heading=_("Distribution list"), label=_("Line")),
        FieldPanel("signed_pdf"),
    ]

    class Meta:
        verbose_name = _("official letter")
        verbose_name_plural = _("official letters")

    @property
    def number_and_symbol(self) -> str:
        """ "05/SNV-TĐKT": a number below ten has a leading zero; "" while there is neither."""
        if not self.number and not self.symbol:
            return ""
        number = self.number.zfill(2) if self.number.isdigit() else self.number
        return f"{number}/{self.symbol}"

    def search_texts(self) -> tuple[str, ...]:
        """Subject, number and text."""
        return (self.title, self.subject, self.number_and_symbol, self.body)

    def page_context(self, request: HttpRequest, view: View) -> dict[str, Any]:
        """The letter's parts as a template prints them."""
        from campaigns.cards import notice_context  # cards import these models

        return notice_context(self, request, view)


class NoticeLine(NormalisedTextModel, Orderable):
    """A line of a list within a letter, as written."""

    text = models.CharField(_("text"), max_length=400)

    panels = [FieldPanel("text")]

    class Meta(Orderable.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.text


class NoticeRecipient(NoticeLine):
    """Whom the letter is addressed to, as written, and which organisations that means."""

    page = ParentalKey(NoticePage, on_delete=models.CASCADE, related_name="recipients")
    organisations = ParentalManyToManyField(
        "core.Organisation", verbose_name=_("organisations"), blank=True, related_name="+"
    )

    panels = [FieldPanel("text"), FieldPanel("organisations")]

    class Meta(NoticeLine.Meta):
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")


class NoticeRequest(NoticeLine):
    """A numbered request of the letter."""

    page = ParentalKey(NoticePage, on_delete=models.CASCADE, related_name="requests")
    text = models.TextField(_("text"))

    class Meta(NoticeLine.Meta):
        verbose_name = _("request")
        verbose_name_plural = _("requests")


class NoticeDistribution(NoticeLine):
    """A line of "Nơi nhận"."""

    page = ParentalKey(NoticePage, on_delete=models.CASCADE, related_name="distribution")

    class Meta(NoticeLine.Meta):
        verbose_name = _("line of the distribution list")
        verbose_name_plural = _("distribution list")
