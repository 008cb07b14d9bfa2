"""What must be settled before a step: each gate returns reasons and never raises."""

from __future__ import annotations

from django.utils.translation import gettext as _

from exhibitions.models import ExhibitionPage, ItemPage
from exhibitions.querysets import cleared
from exhibitions.visibility import Reason, restrictions


def clearance_gate(item: ItemPage) -> list[Reason]:
    """What stands against clearing ``item``: no source, secrecy unsettled, conditional access.

    A missing date or image description never stands in the way. What the public does not
    read yet is judged by its newest draft: that is what will be published.
    """
    if not item.live and item.latest_revision_id:
        item = item.get_latest_revision_as_object()
    reasons: list[Reason] = []
    if not item.credit.source:
        reasons.append(Reason("no_source", _("Enter the source of the item.")))
    return reasons + restrictions(item)


def opening_gate(exhibition: ExhibitionPage) -> list[Reason]:
    """What stands against opening ``exhibition`` by hand: a draft, or nothing to show."""
    reasons: list[Reason] = []
    if not exhibition.live:
        reasons.append(Reason("draft", _("Publish the exhibition first.")))
    items = ItemPage.objects.live().filter(path__startswith=exhibition.path)
    if not cleared(items).exists():
        reasons.append(
            Reason("nothing_to_show", _("No published item of it is cleared for publication."))
        )
    return reasons
