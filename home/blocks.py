"""Blocks of standard pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from core.blocks import body_blocks


class SiteMapBlock(blocks.StaticBlock):
    """The whole site as nested lists; drawn from the tree, nothing to fill in."""

    class Meta:
        icon = "site"
        label = _("Site map")
        admin_text = _("Lists every public page of the portal.")
        description = _("The whole portal as nested lists.")
        template = "components/streamfield/site_map.html"


def standard_blocks() -> list[tuple[str, object]]:
    """The blocks of a standard page."""
    return [*body_blocks(), ("site_map", SiteMapBlock())]
