"""Anniversary programmes ("chuỗi hoạt động kỷ niệm") and their activities."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField

from campaigns.models.vocabulary import ActivityKind, ActivityState
from core.audience import View
from core.blocks import PLAIN_FEATURES, body_blocks
from core.models import BasePage


class ProgrammePage(BasePage):
    """A programme: how many activities were announced, and those that are listed."""

    template = "pages/programme_page.html"
    parent_page_types = ["campaigns.CampaignIndexPage"]
    subpage_types = ["campaigns.ActivityPage"]
    page_description = _("A programme of activities for an anniversary.")

    occasion = models.ForeignKey(
        "core.Occasion",
        verbose_name=_("occasion"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    organiser = models.ForeignKey(
        "core.Organisation",
        verbose_name=_("organiser"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    declared_figures = models.CharField(
        _("declared figures"),
        max_length=120,
        blank=True,
        help_text=_("As announced, for example: hơn 20 hoạt động."),
    )
    introduction = RichTextField(_("introduction"), blank=True, features=PLAIN_FEATURES)
    body = StreamField(body_blocks(), verbose_name=_("text"), blank=True)

    content_panels = [
        *BasePage.content_panels,
        FieldRowPanel([FieldPanel("occasion"), FieldPanel("organiser")]),
        FieldPanel("declared_figures"),
        FieldPanel("introduction"),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")

    def search_texts(self) -> tuple[str, ...]:
        """Title and introduction."""
        return (self.title, self.introduction)

    def page_context(self, request: HttpRequest, view: View) -> dict[str, Any]:
        """The programme and its activities."""
        from campaigns.cards import programme_context  # cards import these models

        return programme_context(self, request, view)


class ActivityPage(BasePage):
    """One activity of a programme."""

    template = "pages/activity_page.html"
    parent_page_types = ["campaigns.ProgrammePage"]
    subpage_types: list[str] = []
    page_description = _("An activity of a programme.")

    kind = models.CharField(
        _("kind"), max_length=12, choices=ActivityKind.choices, default=ActivityKind.OTHER
    )
    state = models.CharField(
        _("state"), max_length=12, choices=ActivityState.choices, default=ActivityState.PLANNED
    )
    starts_on = models.DateField(_("begins on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    dates_display = models.CharField(
        _("dates as printed"),
        max_length=120,
        blank=True,
        help_text=_("For example: từ 03/01/2025."),
    )
    venue = models.CharField(_("venue"), max_length=255, blank=True)
    summary = models.TextField(_("in one sentence"), blank=True)
    body = StreamField(body_blocks(), verbose_name=_("text"), blank=True)

    content_panels = [
        *BasePage.content_panels,
        FieldRowPanel([FieldPanel("kind"), FieldPanel("state")]),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")]),
                FieldPanel("dates_display"),
                FieldPanel("venue"),
            ],
            heading=_("When and where"),
        ),
        FieldPanel("summary"),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")

    def search_texts(self) -> tuple[str, ...]:
        """Title, summary and venue."""
        return (self.title, self.summary, self.venue)

    def clean(self) -> None:
        """Refuse an activity that ends before it begins."""
        super().clean()
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("The last day lies before the first.")})

    def page_context(self, request: HttpRequest, view: View) -> dict[str, Any]:
        """The activity within its programme."""
        from campaigns.cards import activity_context  # cards import these models

        return activity_context(self, request, view)
