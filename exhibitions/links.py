"""Where links of a public page lead: only to what the public may see."""

from __future__ import annotations

from collections.abc import Collection

from core.links import Addresses
from core.models import CustomDocument
from exhibitions.models import ItemMedium
from exhibitions.visibility import public_pages


def public_addresses(pages: Collection[int], documents: Collection[int]) -> Addresses:
    """The addresses of those ``pages`` and ``documents`` that a public page may name.

    A document that hangs in an item may be named while a public item shows it. Any
    other becomes public by being linked to from a public page.
    """
    linked = list(CustomDocument.objects.filter(pk__in=documents)) if documents else []
    hanging = _items_of([document.pk for document in linked if document.hung_in_item])
    items = {item for _document, item in hanging}
    public = {page.pk: page for page in public_pages({*pages, *items})}
    shown = {document for document, item in hanging if item in public}
    return Addresses(
        pages={number: public[number].url or "" for number in pages if number in public},
        documents={
            document.pk: document.url
            for document in linked
            if document.pk in shown or not document.hung_in_item
        },
    )


def _items_of(documents: list[int]) -> list[tuple[int, int]]:
    """Which items show which of ``documents``: pairs of a document's and an item's number."""
    if not documents:
        return []
    media = ItemMedium.objects.filter(document_id__in=documents)
    return list(media.values_list("document_id", "item_id"))
