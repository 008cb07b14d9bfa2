"""Links in texts and blocks: to what the public may see only, and looked up once a page.

A page's address holds its folded title and a document's its file name, so a link to
something hidden would tell what it is called. The words stay, the address goes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from wagtail.blocks import StreamValue, StructValue
from wagtail.documents.models import AbstractDocument
from wagtail.models import Page
from wagtail.rich_text import RichText, expand_db_html
from wagtail.rich_text.rewriters import LinkRewriter

from core.audience import View

NO_LINK = "<a>"

Attributes = dict[str, str]
"""Those of a link as a text is stored: the kind of its target, and the target's number."""


@dataclass(frozen=True)
class Addresses:
    """Where the pages and documents lie that may be linked to, by their numbers."""

    pages: Mapping[int, str]
    documents: Mapping[int, str]


NOTHING_SHOWN = Addresses({}, {})

LinkRule = Callable[[Collection[int], Collection[int]], Addresses]
"""Of the pages and documents with these numbers, those a public page may link to."""

_rules: list[LinkRule] = []


def set_link_rule(rule: LinkRule) -> None:
    """Let the app that knows what is public say where links may lead."""
    _rules[:] = [rule]


class Links:
    """The links of one page, in however many texts and blocks they stand.

    Their targets are looked up together, when the first of them is printed: those of
    ``texts`` (rich texts as stored) and ``bodies``, and the ``pages`` and ``documents``
    with these numbers. What is not among them is printed without its address.
    """

    def __init__(
        self,
        texts: Iterable[str] = (),
        bodies: Iterable[StreamValue] = (),
        *,
        pages: Iterable[int] = (),
        documents: Iterable[int] = (),
        view: View = View.PUBLIC,
    ) -> None:
        self._view = view
        self._pages, self._documents = set(pages), set(documents)
        self._rewrite = LinkRewriter(
            bulk_rules={"page": self.page_tags, "document": self.document_tags}
        )
        for text in texts:
            self._note_text(text)
        for body in bodies:
            for block in body:
                self._note_block(block.value)

    def _note_text(self, text: str) -> None:
        tags = self._rewrite.extract_tags(text)
        self._pages.update(numbers_of(tag.attrs for tag in tags.get("page", ())))
        self._documents.update(numbers_of(tag.attrs for tag in tags.get("document", ())))

    def _note_block(self, value: Any) -> None:
        if isinstance(value, RichText):
            self._note_text(value.source)
        elif isinstance(value, StructValue):
            chosen = list(value.values())
            self._pages.update(each.pk for each in chosen if isinstance(each, Page))
            self._documents.update(each.pk for each in chosen if isinstance(each, AbstractDocument))

    @cached_property
    def _addresses(self) -> Addresses:
        if not self._pages and not self._documents:
            return NOTHING_SHOWN
        if self._view is View.SHARED:
            # Outside the one exhibition nothing may be named to whoever has the link.
            return NOTHING_SHOWN
        if self._view is View.PREVIEW:
            return _addresses_for_staff(self._pages, self._documents)
        return _rules[0](self._pages, self._documents) if _rules else NOTHING_SHOWN

    def expand(self, text: str) -> SafeString:
        """``text`` as it is printed. Editors' rich text was cleaned when it was saved."""
        return mark_safe(expand_db_html(self._rewrite(text)))

    def page(self, number: int) -> str:
        """The address of the page with this number, or "" where it may not be named."""
        return self._addresses.pages.get(number, "")

    def document(self, number: int) -> str:
        """The address of the document with this number, or "" where it may not be named."""
        return self._addresses.documents.get(number, "")

    def page_tags(self, links: list[Attributes]) -> list[str]:
        """Opening tags of links to pages."""
        return [_tag(self.page(number) if number else "") for number in map(_number, links)]

    def document_tags(self, links: list[Attributes]) -> list[str]:
        """Opening tags of links to documents."""
        return [_tag(self.document(number) if number else "") for number in map(_number, links)]


def _number(link: Attributes) -> int | None:
    written = link.get("id", "")
    return int(written) if written.isdecimal() else None


def numbers_of(links: Iterable[Attributes]) -> set[int]:
    """The numbers of the targets of ``links``."""
    return {number for link in links if (number := _number(link)) is not None}


def _tag(address: str) -> str:
    return f'<a href="{escape(address)}">' if address else NO_LINK


def _addresses_for_staff(pages: Collection[int], documents: Collection[int]) -> Addresses:
    """Everything, documents at the address at which staff read those that are not public yet."""
    return Addresses(
        pages={page.pk: page.url or "" for page in Page.objects.filter(pk__in=pages)},
        documents={number: reverse("staff_document", args=[number]) for number in documents},
    )
