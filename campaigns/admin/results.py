"""The screen that says what came of a campaign, and where findings are recorded."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.pages.utils import get_breadcrumbs_items_for_page

from analytics.api import definitions
from campaigns.invitations import may_withdraw, restore, withdraw
from campaigns.models import CampaignPage, Invitation, PlacementState
from campaigns.placements import may_record_findings, record_finding
from campaigns.results import results_of
from core.models import User
from core.row_numbers import row_number
from exhibitions.admin.clearance import may_look, signed_in

# What an officer may have found. That something was declared is said by the agency.
FINDINGS = {
    "dang-gan": PlacementState.SEEN,
    "da-go": PlacementState.REMOVED,
    "chua-thay": PlacementState.UNKNOWN,
}

# What an officer may do with the links of an agency.
LINKS = {
    "thu-hoi": (withdraw, _("Withdrawn: the links and pictures of %(agency)s do not answer.")),
    "dung-lai": (restore, _("The links and pictures of %(agency)s work again.")),
}


def results_url(campaign: CampaignPage) -> str:
    """The address of the results screen of ``campaign``."""
    return reverse("campaigns_admin:results", args=[campaign.pk])


class ResultsView(WagtailAdminTemplateMixin, TemplateView):
    """Agency by agency: downloads, banners shown, clicks, confirmed visits, declared address."""

    template_name = "campaigns/admin/results.html"
    page_title = _("Results")
    header_icon = "history"

    campaign: CampaignPage
    user: User

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the campaign; those who may not edit it are sent away."""
        self.campaign = get_object_or_404(CampaignPage, pk=kwargs["campaign_id"])
        self.user = signed_in(request)
        known = may_record_findings(self.user) or may_withdraw(self.user)
        if not (known or may_look(self.user, self.campaign)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Record what an officer found of an agency's banner, or withdraw its links."""
        number = request.POST.get("invitation", "")
        invitation = get_object_or_404(Invitation, pk=row_number(number), campaign=self.campaign)
        if "links" in request.POST:
            said = self._change_links(invitation, request.POST["links"])
        else:
            said = self._record_finding(invitation, request.POST.get("finding", ""))
        messages.success(request, said)
        return redirect(results_url(self.campaign))

    def _change_links(self, invitation: Invitation, wanted: str) -> str:
        if wanted not in LINKS:
            raise SuspiciousOperation("Links are withdrawn or restored.")
        change, said = LINKS[wanted]
        change(self.campaign, invitation.organisation, by=self.user)
        return str(said) % {"agency": _name_of(invitation)}

    def _record_finding(self, invitation: Invitation, wanted: str) -> str:
        finding = FINDINGS.get(wanted)
        if finding is None:
            raise SuspiciousOperation("No such finding.")
        record_finding(invitation, finding, by=self.user)
        return gettext("Recorded for %(agency)s: %(finding)s.") % {
            "agency": _name_of(invitation),
            "finding": finding.label,
        }

    def get_page_subtitle(self) -> str:
        """The campaign's title."""
        return str(self.campaign.get_admin_display_title())

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """The way through the tree, and this screen."""
        here = {"url": "", "label": self.page_title}
        return [*get_breadcrumbs_items_for_page(self.campaign, self.user), here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The agencies with their figures, and those that have not come yet."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.update(
            campaign=self.campaign,
            result=results_of(self.campaign, gettext("Other agencies")),
            findings=[(name, state.label) for name, state in FINDINGS.items()],
            may_record=may_record_findings(self.user),
            may_withdraw=may_withdraw(self.user),
            definitions=definitions(),
        )
        return context


def _name_of(invitation: Invitation) -> str:
    organisation = invitation.organisation
    return organisation.name if organisation else gettext("Other agencies")
