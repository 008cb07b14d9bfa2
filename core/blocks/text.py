"""Blocks of running text."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.rich_text import RichText

from core.links import Links

# Rich text is limited to what the templates show.
PLAIN_FEATURES = ["bold", "italic", "link"]
BODY_FEATURES = ["bold", "italic", "link", "ol", "ul", "document-link"]


class HeadingBlock(blocks.StructBlock):
    """A heading of the second level within a page."""

    text = blocks.CharBlock(label=_("Heading"), max_length=160)

    class Meta:
        icon = "title"
        label = _("Heading")
        description = _("Divides a long text.")
        template = "components/streamfield/heading.html"
        preview_value = {"text": "Lời giới thiệu"}


class ParagraphBlock(blocks.RichTextBlock):
    """One or more paragraphs."""

    def __init__(self, **kwargs: object) -> None:
        kwargs.setdefault("features", BODY_FEATURES)
        super().__init__(**kwargs)

    def get_context(self, value: RichText, parent_context: Any = None) -> dict[str, Any]:
        """The text with its links, taken from those of the whole page where the page has them."""
        context = super().get_context(value, parent_context=parent_context)
        links = context.get("links") or Links([value.source])
        return {**context, "markup": links.expand(value.source)}

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        description = _("Paragraphs, lists and links.")
        template = "components/streamfield/paragraph.html"
        preview_value = "<p>Tài liệu lưu trữ được giới thiệu tới đông đảo công chúng.</p>"


class QuotationBlock(blocks.StructBlock):
    """A quotation set large, with whoever said it."""

    text = blocks.TextBlock(label=_("Quotation"), rows=3)
    attribution = blocks.CharBlock(label=_("Who said or wrote it"), required=False)

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        description = _("Words of a person or a document, set large.")
        template = "components/streamfield/quotation.html"
        preview_value = {"text": "(Chỗ dành cho câu trích)", "attribution": "(mẫu)"}
