"""Blocks of a Part's narrative."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from core.blocks import FigureBlock, HeadingBlock, ParagraphBlock, QuotationBlock


class PlacedItemBlock(blocks.StructBlock):
    """One of the Part's own items, placed within the text. It stays an item of the tree."""

    item = blocks.PageChooserBlock(label=_("Item"), page_type="exhibitions.ItemPage")

    class Meta:
        icon = "doc-empty"
        label = _("Item of this Part")
        description = _("Places one of this Part's items at this point of the text.")
        template = "components/streamfield/placed_item.html"
        preview_value: dict[str, object] = {}


def narrative_blocks() -> list[tuple[str, object]]:
    """The blocks a Part is told with."""
    return [
        ("heading", HeadingBlock()),
        ("paragraph", ParagraphBlock()),
        ("item", PlacedItemBlock()),
        ("quotation", QuotationBlock()),
        ("figure", FigureBlock()),
    ]
