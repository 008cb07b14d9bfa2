"""Deciding whether an item may be published. The only place that writes clearance rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from core.models import User
from core.tasks import ensure_renditions, rotate_rendition_keys
from core.vietnamese import normalise
from exhibitions.display_list import display_list
from exhibitions.gates import clearance_gate
from exhibitions.models import (
    Clearance,
    ClearanceState,
    ExhibitionPage,
    ItemMedium,
    ItemPage,
)
from exhibitions.querysets import cleared
from exhibitions.visibility import Reason, exhibition_of


@dataclass(frozen=True)
class ClearanceDecision:
    """The paper a decision stands on: its number and date, and a remark."""

    number: str = ""
    decided_on: date | None = None
    note: str = ""


def may_decide(user: User) -> bool:
    """Whether ``user`` may clear items and withdraw clearance."""
    return user.has_perm("exhibitions.decide_clearance")


def source_of(item: ItemPage) -> ItemPage:
    """The page a clearance belongs to: the source of an alias, else the item itself."""
    return ItemPage.objects.get(pk=item.alias_of_id) if item.alias_of_id else item


def _locked_source_of(item: ItemPage) -> ItemPage:
    """The source of ``item`` as it is now, held until the transaction ends.

    Two decisions on one item thus come one after the other, and the second sees the
    first: a button pressed twice records one decision.
    """
    locked = ItemPage.objects.select_for_update(of=("self",))
    return locked.get(pk=item.alias_of_id or item.pk)


@transaction.atomic
def grant(item: ItemPage, *, by: User, decision: ClearanceDecision) -> list[Reason]:
    """Clear ``item`` for publication, unless the gate names reasons against it.

    Returns those reasons; an empty list means it is cleared now. An item that is
    cleared already keeps the decision it has. Raises PermissionDenied unless ``by``
    may decide.
    """
    if not may_decide(by):
        raise PermissionDenied
    source = _locked_source_of(item)
    reasons = clearance_gate(source)
    if not reasons and current_state(source) is not ClearanceState.CLEARED:
        _record(source, ClearanceState.CLEARED, by=by, decision=decision)
        publish_renditions([source])
    return reasons


@transaction.atomic
def grant_list(
    exhibition: ExhibitionPage,
    numbers: Collection[int],
    *,
    by: User,
    decision: ClearanceDecision,
) -> tuple[list[Reason], int]:
    """Clear the items of ``exhibition`` with these page numbers by one decision on paper.

    Those something stands against, and those cleared already, are left out. Returns what
    is missing of the decision itself (then nothing is cleared), and how many items were
    cleared. A fixed number of queries. Raises PermissionDenied unless ``by`` may decide.
    """
    if not may_decide(by):
        raise PermissionDenied
    reasons = _missing_of(decision)
    if reasons:
        return reasons, 0
    # Two decisions on the list thus come one after the other, and the second sees the first.
    ExhibitionPage.objects.select_for_update(of=("self",)).get(pk=exhibition.pk)
    lines = [line for part in display_list(exhibition) for line in part.items]
    wanted = [
        line for line in lines if line.page in numbers and not line.reasons and not line.is_cleared
    ]
    Clearance.objects.bulk_create(
        Clearance(
            item_id=line.page,
            item_title=line.title,
            item_reference=line.reference,
            state=ClearanceState.CLEARED,
            decision_number=normalise(decision.number.strip()),
            decided_on=decision.decided_on,
            by=by,
            by_name=str(by),
            at=timezone.now(),
            note=normalise(decision.note),
        )
        for line in wanted
    )
    exhibition_id = exhibition.pk
    transaction.on_commit(lambda: publish_renditions_of_list.enqueue(exhibition_id))
    return [], len(wanted)


def _missing_of(decision: ClearanceDecision) -> list[Reason]:
    reasons = []
    if not decision.number.strip():
        reasons.append(Reason("no_number", _("Enter the number of the decision.")))
    if decision.decided_on is None:
        reasons.append(Reason("no_date", _("Enter the date of the decision.")))
    elif decision.decided_on > timezone.localdate():
        reasons.append(Reason("future_date", _("This day lies in the future.")))
    return reasons


@task(backend="jobs")
def publish_renditions_of_list(exhibition_id: int) -> None:
    """See to it that the pictures of all cleared items of an exhibition exist."""
    exhibition = ExhibitionPage.objects.filter(pk=exhibition_id).first()
    if exhibition is not None:
        items = cleared(ItemPage.objects.filter(path__startswith=exhibition.path))
        publish_renditions(items)


@transaction.atomic
def withdraw(item: ItemPage, *, by: User, decision: ClearanceDecision) -> None:
    """Withdraw the clearance of ``item``: from the commit on, page and pictures answer 404.

    Nothing is recorded where nothing is cleared. Raises PermissionDenied unless ``by``
    may decide.
    """
    if not may_decide(by):
        raise PermissionDenied
    _withdraw(_locked_source_of(item), by=by, decision=decision)


@transaction.atomic
def withdraw_if_gated(item: ItemPage) -> list[Reason]:
    """Withdraw the clearance of an item whose published form the gate speaks against.

    Recorded as done by the system. An older version published later does not bring the
    item back: a person has to clear it again. Returns the gate's reasons.
    """
    reasons = clearance_gate(item)
    if reasons:
        note = " ".join(reason.text for reason in reasons)
        _withdraw(_locked_source_of(item), by=None, decision=ClearanceDecision(note=note))
    return reasons


def _withdraw(source: ItemPage, *, by: User | None, decision: ClearanceDecision) -> None:
    if current_state(source) is not ClearanceState.CLEARED:
        return
    _record(source, ClearanceState.WITHDRAWN, by=by, decision=decision)
    images = ItemMedium.objects.filter(item=source, image__isnull=False)
    rotate_rendition_keys(list(images.values_list("image_id", flat=True).distinct()))


def _record(
    item: ItemPage, state: ClearanceState, *, by: User | None, decision: ClearanceDecision
) -> Clearance:
    return Clearance.objects.create(
        item=item,
        item_title=item.title,
        item_reference=item.reference,
        state=state,
        decision_number=decision.number,
        decided_on=decision.decided_on,
        by=by,
        by_name=str(by) if by else _("The system"),
        at=timezone.now(),
        note=decision.note,
    )


def current_state(item: ItemPage) -> ClearanceState | None:
    """The newest decision on ``item``, or None where nobody has decided yet."""
    row = Clearance.objects.filter(item_id=item.alias_of_id or item.pk).first()
    return ClearanceState(row.state) if row else None


def publish_renditions(items: Iterable[ItemPage]) -> None:
    """See to it that the pictures of ``items`` exist under their exhibition's profile."""
    for item in items:
        exhibition = exhibition_of(item)
        if exhibition is None:
            continue
        for image_id, frame in item.media.filter(image__isnull=False).values_list(
            "image_id", "frame"
        ):
            ensure_renditions(image_id, exhibition.publication_profile, frame)
