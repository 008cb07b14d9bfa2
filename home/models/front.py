"""The home page."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.url_routing import RouteResult

from core.audience import View
from core.blocks import PLAIN_FEATURES
from core.models import BasePage
from core.pictures import absolute_url
from exhibitions.routing import route_below


class HomePage(BasePage):
    """The front door: the open exhibition first, then what is coming, then news."""

    template = "pages/home_page.html"
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "exhibitions.ExhibitionIndexPage",
        "campaigns.CampaignIndexPage",
        "home.NewsIndexPage",
        "home.StandardPage",
        "home.SearchPage",
    ]
    max_count = 1
    page_description = _("The front page of the portal.")

    introduction = RichTextField(_("introduction"), blank=True, features=PLAIN_FEATURES)
    featured_exhibition = models.ForeignKey(
        "exhibitions.ExhibitionPage",
        verbose_name=_("exhibition shown first"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Empty: the one that opened last."),
    )

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("introduction"),
        FieldPanel("featured_exhibition"),
    ]

    class Meta:
        verbose_name = _("home page")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Route to any page of the portal, in as many queries however deep it lies."""
        if path_components:
            return route_below(self, request, path_components)
        return super().route(request, path_components)

    def page_context(self, request: HttpRequest, view: View) -> dict[str, Any]:
        """Exhibitions by state, the newest letters, news, and the programme."""
        from home.cards import home_context  # cards import these models

        return home_context(self, request, view)

    def meta_image_url(self, context: dict[str, Any]) -> str:
        """The cover of the exhibition shown first."""
        current = context["current"]
        cover = current.cover if current else None
        return absolute_url(cover.src) if cover and cover.ready else ""

    def breadcrumbs(self, request: HttpRequest) -> list[Any]:
        """None: this is where they begin."""
        return []


class SearchPage(BasePage):
    """Finds exhibitions, Parts, items, letters, news and pages, with or without marks."""

    template = "pages/search_page.html"
    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []
    max_count = 1
    page_description = _("The search of the portal.")

    class Meta:
        verbose_name = _("search page")

    def page_context(self, request: HttpRequest, view: View) -> dict[str, Any]:
        """The hits for ``?q=``, by kind, page by page."""
        from home.search import search_context  # it imports these models

        return search_context(self, request, view)
