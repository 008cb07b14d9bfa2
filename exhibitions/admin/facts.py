"""What the admin's lists say of exhibitions, Parts and items beside their titles.

All of a list's rows are described together: the number of queries depends on what
kinds of page there are, never on how many.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from wagtail.models import Page

from exhibitions.admin.thumbnails import ImageFrame, Thumbnail, thumbnails
from exhibitions.approval import NOT_SUBMITTED, Standing, count_corrections, standings
from exhibitions.models import (
    ClearanceState,
    ExhibitionPage,
    ItemMedium,
    ItemPage,
    OpeningState,
    PartPage,
)
from exhibitions.querysets import descendants_of, with_clearance, with_decision
from exhibitions.visibility import public_page_ids, state_of


@dataclass(frozen=True)
class Count:
    """How many items hang below a page, and how many of them are cleared."""

    items: int = 0
    cleared: int = 0


@dataclass(frozen=True)
class Facts:
    """A row's cells. Blank where a cell does not apply to the kind of page."""

    is_public: bool
    thumbnail: Thumbnail | None = None
    has_picture: bool = False
    reference: str = ""
    kind: str = ""
    date: str = ""
    source: str = ""
    clearance: ClearanceState | None = None
    is_item: bool = False
    count: Count | None = None
    opening: OpeningState | None = None
    approval: Standing | None = None
    corrections: int = 0
    """How many corrections of it are under approval."""


def describe(pages: Sequence[Page]) -> None:
    """Give each of ``pages`` (specific instances) its :class:`Facts`, as ``page.facts``."""
    public = public_page_ids(page.pk for page in pages)
    items = [page for page in pages if isinstance(page, ItemPage)]
    halls = [page for page in pages if isinstance(page, ExhibitionPage | PartPage)]
    facts = {page.pk: Facts(is_public=page.pk in public) for page in pages}
    facts |= _facts_of_items(items, public)
    facts |= _facts_of_halls(halls, public)
    for page in pages:
        page.facts = facts[page.pk]


def _facts_of_items(items: list[ItemPage], public: set[int]) -> dict[int, Facts]:
    if not items:
        return {}
    keys = [item.pk for item in items]
    prefetch_related_objects(items, "source_organisation")
    states = dict(
        with_clearance(ItemPage.objects.filter(pk__in=keys)).values_list("pk", "clearance_state")
    )
    frames = first_frames(keys)
    pictures = thumbnails(frames.values())
    return {
        item.pk: Facts(
            is_public=item.pk in public,
            thumbnail=pictures.get(frames[item.pk]) if item.pk in frames else None,
            has_picture=item.pk in frames,
            reference=item.reference,
            kind=item.get_kind_display(),
            date=item.date_text,
            source=_short_source(item),
            clearance=ClearanceState(states[item.pk]) if states[item.pk] else None,
            is_item=True,
        )
        for item in items
    }


def _short_source(item: ItemPage) -> str:
    """The source, by its short name where it has one: a column is narrow."""
    organisation = item.source_organisation
    return (
        organisation.short_name if organisation and organisation.short_name else item.credit.source
    )


def _facts_of_halls(halls: list[ExhibitionPage | PartPage], public: set[int]) -> dict[int, Facts]:
    if not halls:
        return {}
    counts = counts_below([hall.path for hall in halls])
    exhibitions = [hall for hall in halls if isinstance(hall, ExhibitionPage)]
    decided = with_decision(ExhibitionPage.objects.all()).in_bulk([each.pk for each in exhibitions])
    covers = {each.pk: (each.cover_id, 1) for each in exhibitions if each.cover_id}
    pictures = thumbnails(covers.values())
    # An alias is approved where it comes from.
    sources = {each.pk: each.alias_of_id or each.pk for each in exhibitions}
    approvals = standings(sources.values()) if sources else {}
    corrected = count_corrections(sources.values()) if sources else {}
    return {
        hall.pk: Facts(
            is_public=hall.pk in public,
            thumbnail=pictures.get(covers[hall.pk]) if hall.pk in covers else None,
            has_picture=hall.pk in covers,
            kind="" if isinstance(hall, ExhibitionPage) else _("Part"),
            count=counts[hall.path],
            opening=state_of(decided[hall.pk]) if hall.pk in decided and hall.live else None,
            approval=approvals.get(sources[hall.pk], NOT_SUBMITTED) if hall.pk in sources else None,
            corrections=corrected.get(sources[hall.pk], 0) if hall.pk in sources else 0,
        )
        for hall in halls
    }


def first_frames(item_ids: Iterable[int]) -> dict[int, ImageFrame]:
    """The first picture of each item that has one."""
    rows = ItemMedium.objects.filter(item_id__in=list(item_ids), image__isnull=False).order_by(
        "item_id", "sort_order", "pk"
    )
    first: dict[int, ImageFrame] = {}
    for item_id, image_id, frame in rows.values_list("item_id", "image_id", "frame"):
        first.setdefault(item_id, (image_id, frame))
    return first


def counts_below(paths: list[str]) -> dict[str, Count]:
    """The items below each of ``paths``, and how many of them are cleared, by path."""
    rows = list(
        with_clearance(ItemPage.objects.filter(descendants_of(paths))).values_list(
            "path", "clearance_state"
        )
    )
    return {
        path: Count(
            items=sum(each.startswith(path) for each, _state in rows),
            cleared=sum(
                each.startswith(path) and state == ClearanceState.CLEARED for each, state in rows
            ),
        )
        for path in paths
    }
