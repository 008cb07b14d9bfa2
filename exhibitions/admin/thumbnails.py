"""Small pictures for the admin's lists, taken from the renditions that are made anyway.

Wagtail's own thumbnails would decode each scan while the list is put together, and
know only the first page of a TIFF. These cost one query a list and no decoding.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from core.models import RenditionSet

BOX = 80
"""Pixels of the square a thumbnail is fitted into."""

ImageFrame = tuple[int, int]
"""An image's key and the page within its file, from 1."""


@dataclass(frozen=True)
class Thumbnail:
    """Address and size, in pixels, of a picture in a list."""

    src: str
    width: int
    height: int


def thumbnails(frames: Iterable[ImageFrame], box: int = BOX) -> dict[ImageFrame, Thumbnail]:
    """Thumbnails of ``frames`` by frame, fitted into ``box``; those not made yet are missing."""
    wanted = set(frames)
    if not wanted:
        return {}
    rows = RenditionSet.objects.filter(
        image_id__in={image_id for image_id, _frame in wanted}, made_at__isnull=False
    ).values_list("image_id", "frame", "key", "widths")
    return {
        (image_id, frame): _thumbnail(key, widths, box)
        for image_id, frame, key, widths in rows
        if widths and (image_id, frame) in wanted
    }


def _thumbnail(key: str, sizes: list[list[int]], box: int) -> Thumbnail:
    """The smallest width that still fills the box at twice its pixels, else the largest."""
    width, height = next((size for size in sizes if max(size) >= 2 * box), sizes[-1])
    scale = min(1.0, box / max(width, height))
    return Thumbnail(
        src=reverse("staff_rendition", args=[key, f"{width}.jpg"]),
        width=max(1, round(width * scale)),
        height=max(1, round(height * scale)),
    )
