"""How Wagtail prints links of a text that is printed by itself.

Pages with several texts use :class:`core.links.Links`, which looks all their links up at once.
"""

from __future__ import annotations

from wagtail.documents.rich_text import DocumentLinkHandler
from wagtail.rich_text.pages import PageLinkHandler

from core.links import Attributes, Links, numbers_of


class ShownPageLinkHandler(PageLinkHandler):
    """Links to pages, without the address of what is hidden."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[Attributes]) -> list[str]:
        """Opening tags of the links of one text, in their order."""
        return Links(pages=numbers_of(attrs_list)).page_tags(attrs_list)


class ShownDocumentLinkHandler(DocumentLinkHandler):
    """Links to documents, without the address of what is hidden."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[Attributes]) -> list[str]:
        """Opening tags of the links of one text, in their order."""
        return Links(documents=numbers_of(attrs_list)).document_tags(attrs_list)
