"""Sets of pages of this app, with what the rows say of them."""

from __future__ import annotations

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Substr
from wagtail.models import Page

from exhibitions.models import (
    EXHIBITION_DEPTH,
    AccessLevel,
    ApprovalDecision,
    Clearance,
    ClearanceState,
    ItemPage,
    Opening,
    Secrecy,
    SubmissionScope,
)


def with_clearance(items: QuerySet[ItemPage]) -> QuerySet[ItemPage]:
    """Annotate ``clearance_state``: the newest row of each item's source page, or None.

    An alias is saved as one of its source. Should a chain of aliases stand in the
    database all the same, its end has no decision of its own and stays hidden.
    """
    newest = Clearance.objects.filter(item_id=OuterRef("source_id")).order_by("-pk")
    return items.annotate(source_id=Coalesce("alias_of_id", "pk")).annotate(
        clearance_state=Subquery(newest.values("state")[:1])
    )


def cleared(items: QuerySet[ItemPage]) -> QuerySet[ItemPage]:
    """Only items that are cleared for publication, open to everyone, and not secret.

    An item marked as of conditional access, or with a secrecy that no decision has
    lifted, is hidden at once, whatever was decided on it before.
    """
    settled = Q(original_secrecy=Secrecy.NONE) | ~Q(declassification="")
    return with_clearance(items).filter(
        settled, clearance_state=ClearanceState.CLEARED, access_level=AccessLevel.OPEN
    )


def hidden_branches(pages: Q, *, below_depth: int) -> list[str]:
    """Tree paths of the unpublished pages deeper than ``below_depth`` that have children.

    There are few of them, so one query for the list is far cheaper than asking of
    every page whether one of its ancestors is unpublished.
    """
    hidden = Page.objects.filter(pages, live=False, numchild__gt=0, depth__gt=below_depth)
    return list(hidden.order_by().values_list("path", flat=True))


def with_decision(exhibitions: QuerySet) -> QuerySet:
    """Annotate what stands beside an exhibition: the newest opening by hand, and its parent.

    ``exhibitions`` may be plain pages, of which some are exhibitions.

    ``decision_state``, ``decision_at`` and the hour it set, ``decision_opens_at``, are
    those of an alias's source; so is ``being_published``, whether it was approved and not
    all of it is published yet; ``parent_live`` says whether the list it stands in is
    published; ``parent_title`` is its title, for the breadcrumbs.
    """
    newest = Opening.objects.filter(exhibition_id=OuterRef("source_id")).order_by("-pk")
    parent = Page.objects.filter(
        path=Substr(OuterRef("path"), 1, Page.steplen * (EXHIBITION_DEPTH - 1))
    )
    # Nothing is decided on it between the last approval and the row that all is published.
    decisions = ApprovalDecision.objects.filter(
        submission__exhibition_id=OuterRef("source_id"), submission__scope=SubmissionScope.WHOLE
    ).order_by("-pk")
    return exhibitions.annotate(source_id=Coalesce("alias_of_id", "pk")).annotate(
        being_published=Subquery(decisions.values("publishes")[:1]),
        parent_live=Subquery(parent.values("live")[:1]),
        parent_title=Subquery(parent.values("title")[:1]),
        decision_state=Subquery(newest.values("state")[:1]),
        decision_at=Subquery(newest.values("at")[:1]),
        decision_opens_at=Subquery(newest.values("opens_at")[:1]),
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
