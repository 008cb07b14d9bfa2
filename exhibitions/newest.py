"""The newest version of pages, published or not, from what Wagtail keeps of each.

Lists judge and show drafts by it without loading a page each: the number of queries
does not depend on how many pages there are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar

from wagtail.models import Page, Revision

from core.models import BasePage, CustomImage

Content = Mapping[str, Any]
"""A page as Wagtail serialises it into a revision."""

P = TypeVar("P", bound=BasePage)


def newest_contents(pages: Iterable[Page]) -> dict[int, Content]:
    """The newest version of each of ``pages``, by page number: one query.

    Without one, where a page was never saved as a draft, there is no entry.
    """
    latest = {page.latest_revision_id: page.pk for page in pages if page.latest_revision_id}
    rows = Revision.objects.filter(pk__in=latest).values_list("pk", "content")
    return {latest[revision]: content for revision, content in rows}


def newest_contents_of(numbers: Collection[int]) -> dict[int, Content]:
    """The same for the pages with these numbers: two queries."""
    return newest_contents(Page.objects.filter(pk__in=numbers).only("latest_revision_id"))


def newest_version(page: P) -> P:
    """``page`` as it was last saved, at the address at which it is stored."""
    newest: P = page.get_latest_revision_as_object()
    newest.url_path = page.url_path
    return newest


def media_of(content: Content) -> list[dict[str, Any]]:
    """The media that a version tells of, in their order."""
    return sorted(content.get("media") or [], key=lambda each: each.get("sort_order") or 0)


MediumRow = tuple[int, str, bool, int, int | None, int | None, int | None]
"""Item, alt text, decorative, page in the file, image with its width and height."""


def newest_media(item_ids: Collection[int]) -> dict[int, list[MediumRow]]:
    """The media of the newest version of each item that has one, in their order.

    By the item's page number; three queries.
    """
    told = {number: media_of(content) for number, content in newest_contents_of(item_ids).items()}
    images = {each["image"] for media in told.values() for each in media if each.get("image")}
    rows = CustomImage.objects.filter(pk__in=images).values_list("pk", "width", "height")
    sizes: dict[Any, tuple[int | None, int | None]] = {
        image: (width, height) for image, width, height in rows
    }
    return {
        number: [
            (
                number,
                str(each.get("alt_text") or ""),
                bool(each.get("decorative")),
                int(each.get("frame") or 1),
                image if (image := each.get("image")) in sizes else None,
                *sizes.get(image, (None, None)),
            )
            for each in media
        ]
        for number, media in told.items()
    }
