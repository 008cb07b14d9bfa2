"""Links within texts lead only to what the public may see.

A page's address holds its folded title and a document's its file name, so a link to
something hidden would tell what it is called. The words stay, the address goes.
"""

from __future__ import annotations

from typing import Any

from wagtail.documents.rich_text import DocumentLinkHandler
from wagtail.rich_text.pages import PageLinkHandler

from core.models import CustomDocument
from exhibitions.visibility import document_is_public, public_page_ids

NO_LINK = "<a>"


class PublicPageLinkHandler(PageLinkHandler):
    """Links to pages, without the address of what is hidden."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, Any]]) -> list[str]:
        """Opening tags of the links of one text, in their order."""
        numbers = {int(attrs["id"]) for attrs in attrs_list if str(attrs.get("id")).isdigit()}
        public = {str(number) for number in public_page_ids(numbers)}
        tags = super().expand_db_attributes_many(attrs_list)
        return [
            tag if str(attrs.get("id")) in public else NO_LINK
            for tag, attrs in zip(tags, attrs_list, strict=True)
        ]


class PublicDocumentLinkHandler(DocumentLinkHandler):
    """Links to documents, without the address of what is hidden."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, Any]]) -> list[str]:
        """Opening tags of the links of one text, in their order."""
        documents: list[CustomDocument | None] = cls.get_many(attrs_list)
        tags = super().expand_db_attributes_many(attrs_list)
        return [
            tag if document and document_is_public(document) else NO_LINK
            for tag, document in zip(tags, documents, strict=True)
        ]
