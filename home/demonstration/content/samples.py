"""Samples: places for exhibits that the client's documents do not name.

A sample says what sort of exhibit belongs in its place and what to record of
it, and nothing about history. Its title begins with MẪU, its source is "(mẫu)".
"""

from __future__ import annotations

from zlib import crc32

from home.demonstration.content.records import (
    SAMPLE_MARK,
    SAMPLE_SOURCE,
    Drawing,
    Item,
    Medium,
    Paragraphs,
)

UNDATED = "không rõ ngày"

SHAPES: dict[str, str] = {
    "typed": "portrait",
    "handwritten": "portrait",
    "table": "landscape",
    "photograph": "landscape",
    "object": "square",
    "plan": "landscape",
}
"""The usual format of each kind of sample drawing."""


def sample(
    reference: str,
    kind: str,
    name: str,
    description: Paragraphs,
    *,
    drawing: str = "",
    shape: str = "",
    pages: tuple[str, ...] = ("",),
    quotation: str = "",
    type_name: str = "",
    date: str = UNDATED,
    cleared: bool = True,
) -> Item:
    """A sample item called "MẪU – ``name``".

    ``drawing`` is a kind of sample picture, none for words alone; ``pages`` has
    one label a page. The seeds follow from ``reference`` and ``name``.
    """
    seed = crc32(f"{reference} {name}".encode())
    media = tuple(
        Medium(
            drawing=Drawing(kind=drawing, seed=seed + number, shape=shape or SHAPES[drawing]),
            label=label,
            alt_text=f"Hình mẫu: {name[0].lower()}{name[1:]}"
            + (f", {label.lower()}" if label else ""),
        )
        for number, label in enumerate(pages)
        if drawing
    )
    return Item(
        reference=reference,
        kind=kind,
        title=f"{SAMPLE_MARK}{name}",
        caption=f"{SAMPLE_MARK}{name}",
        description=description,
        quotation=quotation,
        type_name=type_name,
        date=date,
        source_person=SAMPLE_SOURCE,
        media=media,
        cleared=cleared,
    )
