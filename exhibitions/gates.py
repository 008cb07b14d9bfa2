"""What must be settled before a step: each gate returns reasons and never raises."""

from __future__ import annotations

from django.utils.translation import gettext as _

from exhibitions.models import AccessLevel, ExhibitionPage, ItemPage, Secrecy
from exhibitions.querysets import cleared
from exhibitions.visibility import Reason


def clearance_gate(item: ItemPage) -> list[Reason]:
    """What stands against clearing ``item``: no source, secrecy unsettled, conditional access.

    A missing date or image description never stands in the way.
    """
    reasons: list[Reason] = []
    if not item.credit.source:
        reasons.append(Reason("no_source", _("Enter the source of the item.")))
    if item.original_secrecy != Secrecy.NONE and not item.declassification.strip():
        reasons.append(
            Reason(
                "secrecy_unsettled",
                _("The record bore the stamp “%(stamp)s”: enter the declassification decision.")
                % {"stamp": item.get_original_secrecy_display()},
            )
        )
    if item.access_level == AccessLevel.CONDITIONAL:
        reasons.append(
            Reason("conditional_access", _("The item has conditional access and is not published."))
        )
    return reasons


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
