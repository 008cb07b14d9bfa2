"""Where agencies say their banner is, and what is known of it.

A declared address is kept as text for officers. The portal never fetches it, and of
whoever declared it nothing is kept.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit, urlunsplit

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.api import CodeFigures
from campaigns.models import Invitation, Placement, PlacementState
from core.models import User
from core.models.organisations import HOST_NAME
from core.vietnamese import normalise

LONGEST_ADDRESS = 500
MOST_A_DAY = 10
SEEN_WITHIN = timedelta(days=30)
"""How long a banner counts as in place after it was last seen there."""

# Names that lead to nobody but whoever types them (RFC 6761, RFC 6762, RFC 8375).
_NAMES_OF_NOBODY = ("localhost", "local", "internal", "invalid", "arpa", "onion")


class Declared(StrEnum):
    """What became of a declaration."""

    RECORDED = "da-ghi"
    KNOWN = "da-co"
    TOO_MANY = "qua-nhieu"


def clean_address(typed: str) -> str:
    """The address that was typed, in the one form it is kept in.

    Raises ValidationError, in words for whoever typed it, for what no public page can
    have as its address.
    """
    address = normalise(typed).strip()
    if address and "://" not in address and not address.lower().startswith(("http:", "https:")):
        address = f"http://{address}"
    if not address:
        raise ValidationError(_("Write the address of the page that carries the banner."))
    if len(address) > LONGEST_ADDRESS:
        raise ValidationError(
            _("The address is longer than %(limit)d characters.") % {"limit": LONGEST_ADDRESS}
        )
    if any(character.isspace() or not character.isprintable() for character in address):
        raise ValidationError(
            _("The address contains blanks or invisible characters; copy it once more.")
        )
    cleaned = _normalised(address)
    if len(cleaned) > LONGEST_ADDRESS:
        raise ValidationError(
            _("The address is longer than %(limit)d characters.") % {"limit": LONGEST_ADDRESS}
        )
    return cleaned


def _normalised(address: str) -> str:
    """``address`` with scheme and host in their one spelling, if it can be a public page's."""
    try:
        parts = urlsplit(address)
        host, port = _host_of(parts), parts.port
    except ValueError:
        raise ValidationError(_not_an_address()) from None
    if parts.scheme not in ("http", "https"):
        raise ValidationError(_("The address must begin with https:// or http://."))
    if "@" in parts.netloc or not host:
        raise ValidationError(_not_an_address())
    netloc = host if port is None else f"{host}:{port}"
    return urlunsplit((parts.scheme, netloc, parts.path or "/", parts.query, parts.fragment))


def _host_of(parts: SplitResult) -> str:
    """The host name in its ASCII form, or "" when it is none that everybody can look up."""
    host = (parts.hostname or "").encode("idna").decode().lower().rstrip(".")
    last = host.rpartition(".")[2]
    if not HOST_NAME.fullmatch(host) or last in _NAMES_OF_NOBODY:
        return ""
    # A name that ends in a number is another spelling of an IP address (10.0.0.1, 0x7f.1).
    return "" if last[0].isdigit() else host


def _not_an_address() -> str:
    return _(
        "This is not the address of a public website. "
        "Copy it from the browser's address bar, for example https://xa.langson.gov.vn/tin-tuc."
    )


def declare(invitation: Invitation, address: str) -> Declared:
    """Keep that the banner of ``invitation`` is at ``address``, which is clean.

    The same address is kept once, however often and at once it is sent; a day takes at
    most :data:`MOST_A_DAY` of an invitation.
    """
    with transaction.atomic():
        # Declarations of one invitation wait for one another.
        Invitation.objects.select_for_update().get(pk=invitation.pk)
        # A finding of an officer has no address: it is about every one before it.
        about = invitation.placements.filter(address__in=(address, ""))
        newest = about.order_by("-pk").first()
        if newest is not None and newest.state in (PlacementState.DECLARED, PlacementState.SEEN):
            return Declared.KNOWN
        midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        if invitation.placements.filter(by=None, at__gte=midnight).count() >= MOST_A_DAY:
            return Declared.TOO_MANY
        organisation = invitation.organisation
        Placement.objects.create(
            invitation=invitation,
            address=address,
            by_name=organisation.name if organisation else _("Another agency"),
        )
        return Declared.RECORDED


def placement_state(
    invitation: Invitation, figures: CodeFigures | None, now: datetime | None = None
) -> PlacementState:
    """What is known of the banner of ``invitation``.

    Seen by counting within :data:`SEEN_WITHIN`, unless an officer has said since that it
    was taken down; else the best that the newest row of each address says. Reads
    ``invitation.placements``, which a list of many fetches beforehand.
    """
    rows = sorted(invitation.placements.all(), key=lambda row: row.pk)
    removals = [row.at for row in rows if row.state == PlacementState.REMOVED]
    seen_at = figures.seen_at if figures else None
    if seen_at is not None:
        recent = seen_at >= (now or timezone.now()) - SEEN_WITHIN
        if recent and not any(removed_at > seen_at for removed_at in removals):
            return PlacementState.SEEN
    return _best_known(rows)


def _best_known(rows: list[Placement]) -> PlacementState:
    """The best state among the addresses; a row without an address is about all before it."""
    known: dict[str, PlacementState] = {}
    for row in rows:
        if not row.address:
            known = {}
        known[row.address] = PlacementState(row.state)
    order = (PlacementState.SEEN, PlacementState.DECLARED, PlacementState.REMOVED)
    return next((state for state in order if state in known.values()), PlacementState.UNKNOWN)


def may_record_findings(user: User) -> bool:
    """Whether ``user`` may record what was found of an agency's banner."""
    return user.has_perm("campaigns.record_placement")


def record_finding(invitation: Invitation, state: PlacementState, *, by: User) -> Placement:
    """Keep what ``by`` found of the banner of ``invitation``; it stands above what is older.

    Raises PermissionDenied unless ``by`` may record findings.
    """
    if not may_record_findings(by):
        raise PermissionDenied
    return Placement.objects.create(invitation=invitation, state=state, by=by, by_name=str(by))
