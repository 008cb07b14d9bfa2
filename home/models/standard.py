"""Pages of plain text."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField

from core.audience import View
from core.blocks import PLAIN_FEATURES, prepare_figures
from core.links import Links
from core.models import BasePage
from home.blocks import standard_blocks


class StandardPage(BasePage):
    """About, contact, accessibility, personal data, site map."""

    template = "pages/standard_page.html"
    parent_page_types = ["home.HomePage", "home.StandardPage"]
    subpage_types = ["home.StandardPage"]
    page_description = _("A page of text.")

    introduction = RichTextField(_("introduction"), blank=True, features=PLAIN_FEATURES)
    body = StreamField(standard_blocks(), verbose_name=_("text"), blank=True)

    content_panels = [*BasePage.content_panels, FieldPanel("introduction"), FieldPanel("body")]

    class Meta:
        verbose_name = _("standard page")
        verbose_name_plural = _("standard pages")

    def search_texts(self) -> tuple[str, ...]:
        """Title, introduction and text."""
        return (self.title, self.introduction, *self.body_texts())

    def body_texts(self) -> list[str]:
        """The searchable words of the text."""
        return self.body.stream_block.get_searchable_content(self.body)

    def page_context(self, request: HttpRequest, view: View) -> dict[str, Any]:
        """The text with its pictures, and the site map where a block asks for it."""
        from home.site_map import site_map  # it imports the pages of every app

        prepare_figures(self.body, view)
        links = Links([self.introduction], [self.body], view=view)
        wants_map = any(child.block_type == "site_map" for child in self.body)
        return {
            "introduction": links.expand(self.introduction),
            "links": links,
            "site_map": site_map(request) if wants_map else [],
        }
