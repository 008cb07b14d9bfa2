"""The newest version of pages, published or not, from what Wagtail keeps of each.

Lists judge and show drafts by it without loading a page each: the number of queries
does not depend on how many pages there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar

from django.db.models import QuerySet
from modelcluster.models import get_serializable_data_for_fields
from wagtail.models import Page, Revision

from core.models import BasePage, CustomImage
from exhibitions.models import ItemMedium, ItemPage

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


def with_contents(items: QuerySet[ItemPage]) -> dict[ItemPage, Content]:
    """Each of ``items``, in their order, with its newest version, or what is stored of it.

    No version has what is shown from elsewhere, where what the public sees is stored, nor
    what was never saved as a draft; of these no comments are told. Two queries, however
    many they are.
    """
    every = list(items.select_related("latest_revision"))
    without = [item for item in every if item.latest_revision is None]
    media: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for medium in ItemMedium.objects.filter(item__in=[item.pk for item in without]):
        media[medium.item_id].append(get_serializable_data_for_fields(medium))
    stored = {
        item.pk: {**get_serializable_data_for_fields(item), "media": media[item.pk]}
        for item in without
    }
    return {
        item: item.latest_revision.content if item.latest_revision else stored[item.pk]
        for item in every
    }


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
