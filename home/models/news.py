"""News: reports with a byline, a source and numbered pictures."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField

from core.audience import View
from core.blocks import PLAIN_FEATURES, body_blocks
from core.models import BasePage
from core.models.text import NormalisedTextModel
from core.pictures import absolute_url


class NewsColumn(NormalisedTextModel):
    """A column (chuyên mục) that news are sorted into."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(_("short address"), max_length=80, unique=True)

    panels = [FieldPanel("name"), FieldPanel("slug")]

    class Meta:
        verbose_name = _("column")
        verbose_name_plural = _("columns")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class NewsIndexPage(BasePage):
    """All news, newest first, by column."""

    template = "pages/news_index_page.html"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["home.NewsPage"]
    max_count = 1
    page_description = _("The list of news.")

    introduction = RichTextField(_("introduction"), blank=True, features=PLAIN_FEATURES)

    content_panels = [*BasePage.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = _("list of news")

    def page_context(self, request: HttpRequest, view: View) -> dict[str, Any]:
        """One page of news, and the columns to choose from."""
        from home.cards import news_index_context  # cards import these models

        return news_index_context(self, request, view)


class NewsPage(BasePage):
    """A report. Its byline is the person and unit that wrote it, never an account."""

    template = "pages/news_page.html"
    parent_page_types = ["home.NewsIndexPage"]
    subpage_types: list[str] = []
    page_description = _("A report with byline and source.")

    published_at = models.DateTimeField(_("published"), default=timezone.now)
    column = models.ForeignKey(
        NewsColumn,
        verbose_name=_("column"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="news",
    )
    sapo = models.TextField(
        _("lead"), blank=True, help_text=_("Two or three sentences that say what happened.")
    )
    picture = models.ForeignKey(
        "core.CustomImage",
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    picture_caption = models.CharField(_("caption of the picture"), max_length=400, blank=True)
    body = StreamField(body_blocks(), verbose_name=_("text"), blank=True)
    byline_person = models.CharField(
        _("author"), max_length=120, blank=True, help_text=_("A name, or PV.")
    )
    byline_unit = models.CharField(_("unit of the author"), max_length=160, blank=True)
    source_name = models.CharField(
        _("according to"), max_length=160, blank=True, help_text=_("Printed as “Theo …”.")
    )
    source_url = models.URLField(_("address of the source"), blank=True)

    content_panels = [
        *BasePage.content_panels,
        FieldRowPanel([FieldPanel("published_at"), FieldPanel("column")]),
        FieldPanel("sapo"),
        MultiFieldPanel(
            [FieldPanel("picture"), FieldPanel("picture_caption")], heading=_("Picture")
        ),
        FieldPanel("body"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("byline_person"), FieldPanel("byline_unit")]),
                FieldRowPanel([FieldPanel("source_name"), FieldPanel("source_url")]),
            ],
            heading=_("Byline and source"),
        ),
    ]

    class Meta:
        verbose_name = _("news item")
        verbose_name_plural = _("news items")

    def search_texts(self) -> tuple[str, ...]:
        """Title, lead, text and byline."""
        words = self.body.stream_block.get_searchable_content(self.body)
        return (self.title, self.sapo, self.byline_person, self.source_name, *words)

    def page_context(self, request: HttpRequest, view: View) -> dict[str, Any]:
        """The report with its pictures and other news of its column."""
        from home.cards import news_context  # cards import these models

        return news_context(self, request, view)

    def meta_description(self) -> str:
        """The lead."""
        return self.sapo

    def meta_image_url(self, context: dict[str, Any]) -> str:
        """The main picture."""
        picture = context["picture"]
        return absolute_url(picture.src) if picture and picture.ready else ""
