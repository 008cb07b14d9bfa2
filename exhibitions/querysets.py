"""Sets of pages of this app, with what the rows say of them."""

from __future__ import annotations

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from wagtail.models import Page

from exhibitions.models import (
    AccessLevel,
    Clearance,
    ClearanceState,
    ExhibitionPage,
    ItemPage,
    Opening,
)


def with_clearance(items: QuerySet[ItemPage]) -> QuerySet[ItemPage]:
    """Annotate ``clearance_state``: the newest row of each item's source page, or None."""
    newest = Clearance.objects.filter(item_id=OuterRef("source_id")).order_by("-pk")
    return items.annotate(source_id=Coalesce("alias_of_id", "pk")).annotate(
        clearance_state=Subquery(newest.values("state")[:1])
    )


def cleared(items: QuerySet[ItemPage]) -> QuerySet[ItemPage]:
    """Only items that are cleared for publication and open to everyone.

    An item marked as of conditional access after its clearance is hidden at once.
    """
    return with_clearance(items).filter(
        clearance_state=ClearanceState.CLEARED, access_level=AccessLevel.OPEN
    )


def hidden_branches(pages: Q, *, below_depth: int) -> list[str]:
    """Tree paths of the unpublished pages deeper than ``below_depth`` that have children.

    There are few of them, so one query for the list is far cheaper than asking of
    every page whether one of its ancestors is unpublished.
    """
    hidden = Page.objects.filter(pages, live=False, numchild__gt=0, depth__gt=below_depth)
    return list(hidden.order_by().values_list("path", flat=True))


def with_decision(exhibitions: QuerySet[ExhibitionPage]) -> QuerySet[ExhibitionPage]:
    """Annotate ``decision_state`` and ``decision_at``: the newest opening by hand, or None."""
    newest = Opening.objects.filter(exhibition_id=OuterRef("pk")).order_by("-pk")
    return exhibitions.annotate(
        decision_state=Subquery(newest.values("state")[:1]),
        decision_at=Subquery(newest.values("at")[:1]),
    )


def descendants_of(paths: list[str]) -> Q:
    """A condition that is true for pages below any of ``paths``; for none it is never true."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(path__startswith=path)
    return condition


__all__ = [
    "cleared",
    "descendants_of",
    "hidden_branches",
    "with_clearance",
    "with_decision",
]
