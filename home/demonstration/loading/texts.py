"""Plain paragraphs and bodies, as rich text and as blocks."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.utils.html import format_html, format_html_join

from home.demonstration.content.records import (
    Body,
    BulletList,
    Figure,
    Heading,
    LegalText,
    Paragraph,
    Paragraphs,
)
from home.demonstration.loading.gallery import Images, figure_alt_text, figure_sketch

Blocks = list[tuple[str, Any]]
"""What a StreamField takes: the name of a block and its value."""


def rich_text(paragraphs: Paragraphs) -> str:
    """One ``<p>`` a paragraph."""
    return format_html_join("", "<p>{}</p>", ((each,) for each in paragraphs))


def _running_text(blocks: Iterable[Paragraph | BulletList]) -> str:
    """Paragraphs and lists that follow one another, as one rich text."""
    pieces = []
    for block in blocks:
        if isinstance(block, Paragraph):
            pieces.append(rich_text((block.text,)))
        else:
            entries = format_html_join("", "<li>{}</li>", ((each,) for each in block.entries))
            pieces.append(format_html("<ul>{}</ul>", entries))
    return "".join(pieces)


def body_blocks(body: Body, images: Images) -> Blocks:
    """The blocks of a body. What an editor would type in one go is one block."""
    blocks: Blocks = []
    for running, group in groupby(body, lambda block: isinstance(block, Paragraph | BulletList)):
        if running:
            blocks.append(("paragraph", _running_text(group)))  # type: ignore[arg-type]
        else:
            blocks += [_block(each, images) for each in group]  # type: ignore[arg-type]
    return blocks


def _block(block: Heading | Figure, images: Images) -> tuple[str, Any]:
    if isinstance(block, Heading):
        return "heading", {"text": block.text}
    return "figure", {
        "image": images[figure_sketch(block)],
        "alt_text": figure_alt_text(block),
        "caption": block.caption,
        "credit": block.source,
    }


def legal_text_blocks(texts: Iterable[LegalText]) -> Blocks:
    """The blocks of the legal texts an exhibition refers to."""
    return [
        (
            "legal_text",
            {
                "kind": text.kind,
                "number": text.number,
                "date": text.date,
                "body": text.body,
                "abstract": text.abstract,
            },
        )
        for text in texts
    ]
