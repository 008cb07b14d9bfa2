"""Blocks that point elsewhere: legal texts, documents, pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock

from core.links import Links


class LegalTextKind(TextChoices):
    """Kinds of official texts that exhibitions and letters refer to (NĐ 30/2020/NĐ-CP)."""

    LAW = "Luật", "Luật"
    DECREE = "Nghị định", "Nghị định"
    DECISION = "Quyết định", "Quyết định"
    DIRECTIVE = "Chỉ thị", "Chỉ thị"
    CIRCULAR = "Thông tư", "Thông tư"
    PLAN = "Kế hoạch", "Kế hoạch"
    LETTER = "Công văn", "Công văn"


class LegalTextValue(blocks.StructValue):
    """A cited text, worded as the first citation in an official letter."""

    @property
    def citation(self) -> str:
        """ "Chỉ thị số 05/2007/CT-TTg ngày 02/3/2007 của Thủ tướng Chính phủ"."""
        parts = [self.get("kind") or "", "số", self.get("number") or ""]
        if self.get("date"):
            parts += ["ngày", official_date(self["date"])]
        if self.get("body"):
            parts += ["của", self["body"]]
        return " ".join(part for part in parts if part)


def official_date(day: date) -> str:
    """A date as NĐ 30/2020 writes it: days below 10 and the months 1 and 2 with a leading 0."""
    return date_format(day, "d/n/Y" if day.month > 2 else "d/m/Y")


class LegalTextBlock(blocks.StructBlock):
    """A legal text the exhibition or letter refers to."""

    kind = blocks.ChoiceBlock(label=_("Kind"), choices=LegalTextKind.choices)
    number = blocks.CharBlock(label=_("Number and symbol"), max_length=60)
    date = blocks.DateBlock(label=_("Date"), required=False)
    body = blocks.CharBlock(label=_("Issuing body"), required=False, max_length=160)
    abstract = blocks.TextBlock(label=_("Abstract"), required=False, rows=2)
    address = blocks.URLBlock(label=_("Address on the web"), required=False)

    class Meta:
        icon = "doc-full-inverse"
        label = _("Legal text")
        description = _("A directive, decision or law that is referred to.")
        template = "components/streamfield/legal_text.html"
        value_class = LegalTextValue
        label_format = "{kind} {number}"
        preview_value = {"kind": "Chỉ thị", "number": "05/2007/CT-TTg"}


class DocumentLinkBlock(blocks.StructBlock):
    """A document to download."""

    document = DocumentChooserBlock(label=_("Document"))
    label = blocks.CharBlock(label=_("Label"), required=False, max_length=120)

    def get_context(self, value: blocks.StructValue, parent_context: Any = None) -> dict[str, Any]:
        """Leave the document out where it may not be seen: title and address would name it."""
        context = super().get_context(value, parent_context=parent_context)
        document = value.get("document")
        if document:
            links = context.get("links") or Links(documents=[document.pk])
            context["url"] = links.document(document.pk)
        return context

    class Meta:
        icon = "doc-full"
        label = _("Attached file")
        description = _("A document to download.")
        template = "components/streamfield/document_link.html"
        preview_value = {"label": "Tệp gửi kèm"}


class ButtonLinkBlock(blocks.StructBlock):
    """One clear way on, to a page of the portal."""

    label = blocks.CharBlock(label=_("Label"), max_length=60)
    page = blocks.PageChooserBlock(label=_("Page"))

    def get_context(self, value: blocks.StructValue, parent_context: Any = None) -> dict[str, Any]:
        """Leave the button out where its page may not be seen: its address would name it."""
        context = super().get_context(value, parent_context=parent_context)
        page = value.get("page")
        if page:
            links = context.get("links") or Links(pages=[page.pk])
            context["url"] = links.page(page.pk)
        return context

    class Meta:
        icon = "link"
        label = _("Button")
        description = _("A button that leads to a page of this portal.")
        template = "components/streamfield/button_link.html"
        preview_value = {"label": "Tham quan triển lãm"}
