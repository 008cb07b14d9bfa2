"""Shared StreamField blocks, one file a family."""

from core.blocks.figures import FigureBlock, figure_images, prepare_figures
from core.blocks.references import (
    ButtonLinkBlock,
    DocumentLinkBlock,
    LegalTextBlock,
    LegalTextKind,
    official_date,
)
from core.blocks.text import (
    BODY_FEATURES,
    PLAIN_FEATURES,
    HeadingBlock,
    ParagraphBlock,
    QuotationBlock,
)

__all__ = [
    "BODY_FEATURES",
    "PLAIN_FEATURES",
    "ButtonLinkBlock",
    "DocumentLinkBlock",
    "FigureBlock",
    "HeadingBlock",
    "LegalTextBlock",
    "LegalTextKind",
    "ParagraphBlock",
    "QuotationBlock",
    "body_blocks",
    "figure_images",
    "official_date",
    "prepare_figures",
]


def body_blocks() -> list[tuple[str, object]]:
    """The blocks of an ordinary text: news, standard pages, programmes."""
    return [
        ("heading", HeadingBlock()),
        ("paragraph", ParagraphBlock()),
        ("figure", FigureBlock()),
        ("quotation", QuotationBlock()),
        ("legal_text", LegalTextBlock()),
        ("document_link", DocumentLinkBlock()),
        ("button_link", ButtonLinkBlock()),
    ]
