"""What came of a campaign, agency by agency."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from analytics.api import CodeFigures, figures_of_codes
from campaigns.agencies import agencies_today
from campaigns.models import (
    CampaignPage,
    Channel,
    Invitation,
    NoticePage,
    Placement,
    PlacementState,
)
from campaigns.placements import placement_state
from core.models import Organisation

# What is known best stands first.
_ORDER = [
    PlacementState.SEEN,
    PlacementState.DECLARED,
    PlacementState.REMOVED,
    PlacementState.UNKNOWN,
]


@dataclass
class AgencyResult:
    """What an agency did with the kit, and who came by it."""

    organisation: Organisation | None
    name: str
    figures: CodeFigures = field(default_factory=CodeFigures)
    state: PlacementState = PlacementState.UNKNOWN
    placements: list[Placement] = field(default_factory=list)
    invitation: Invitation | None = None
    """The invitation an officer's finding is recorded under: the one for websites."""

    @property
    def has_used_the_kit(self) -> bool:
        """Whether anything was counted or declared of it: robots open its page as well."""
        figures = self.figures
        counted = figures.downloads or figures.impressions or figures.clicks
        return bool(counted or figures.confirmed_visits or self.placements)

    @property
    def withdrawn_on(self) -> date | None:
        """The day on which its links were withdrawn; None while they work."""
        at = self.invitation.withdrawn_at if self.invitation else None
        return timezone.localdate(at) if at else None

    @property
    def address(self) -> str:
        """The address declared last, or ""."""
        return next((each.address for each in self.placements if each.address), "")

    @property
    def placed_on(self) -> date | None:
        """The day on which an address was first declared."""
        days = [each.at for each in self.placements if each.address]
        return timezone.localdate(min(days)) if days else None


@dataclass(frozen=True)
class CampaignResult:
    """What came of a campaign: agencies that used the kit, their sum, and those who have not."""

    agencies: list[AgencyResult]
    total: CodeFigures
    in_place: int
    not_yet: list[Organisation]


def results_of(
    campaign: CampaignPage,
    other_agency: str,
    first: date | None = None,
    last: date | None = None,
) -> CampaignResult:
    """The results of ``campaign`` from ``first`` to ``last``.

    ``other_agency`` is what agencies that are not in the portal's list are called. The
    number of queries does not depend on how many agencies there are.
    """
    invitations = list(
        campaign.invitations.select_related("organisation").prefetch_related("placements")
    )
    figures = figures_of_codes([each.code for each in invitations], first, last)
    results: dict[int | None, AgencyResult] = {}
    for invitation in sorted(invitations, key=_by_name):
        organisation = invitation.organisation
        result = results.setdefault(
            invitation.organisation_id,
            AgencyResult(organisation, organisation.name if organisation else other_agency),
        )
        _take_in(result, invitation, figures[invitation.code])
    agencies = [each for each in results.values() if each.has_used_the_kit or each.withdrawn_on]
    used = {each.organisation.pk for each in agencies if each.organisation}
    return CampaignResult(
        agencies=agencies,
        total=sum((each.figures for each in agencies), CodeFigures()),
        in_place=sum(each.state is PlacementState.SEEN for each in agencies),
        not_yet=_asked_but_absent(campaign, used),
    )


def _by_name(invitation: Invitation) -> tuple[bool, str, int]:
    organisation = invitation.organisation
    return (organisation is None, organisation.sort_key if organisation else "", invitation.pk)


def _take_in(result: AgencyResult, invitation: Invitation, figures: CodeFigures) -> None:
    result.figures += figures
    known = placement_state(invitation, figures)
    result.state = min(result.state, known, key=_ORDER.index)
    result.placements += invitation.placements.all()
    result.placements.sort(key=lambda placement: -placement.pk)
    if result.invitation is None or invitation.channel == Channel.WEB:
        result.invitation = invitation


def _asked_but_absent(campaign: CampaignPage, present: Iterable[int]) -> list[Organisation]:
    """The agencies a letter of the campaign is addressed to which have not used the kit."""
    letters = NoticePage.objects.child_of(campaign)
    asked = agencies_today().filter(pk__in=letters.values("recipients__organisations"))
    return list(asked.exclude(pk__in=present).order_by("sort_key"))
