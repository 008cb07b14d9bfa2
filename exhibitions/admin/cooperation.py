"""The screen on which a Part is handed to the organisation that contributes it."""

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
from wagtail.models import Page

from core.models import User
from exhibitions.admin.clearance import signed_in
from exhibitions.cooperation import (
    contributor_of,
    hand_over,
    holders_of,
    may_hand_over,
    members_of,
    take_back,
)
from exhibitions.models import PartPage


def cooperation_url(part: Page) -> str:
    """The address of the screen for ``part``."""
    return reverse("exhibitions_admin:cooperation", args=[part.pk])


class CooperationView(WagtailAdminTemplateMixin, TemplateView):
    """Who contributes the Part, whose editors work on it, and the button that hands it over."""

    template_name = "exhibitions/admin/cooperation.html"
    page_title = _("Cooperating organisation")
    header_icon = "group"

    part: PartPage
    user: User

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the Part; only those who may hand it over come here."""
        self.part = get_object_or_404(PartPage, pk=kwargs["part_id"])
        self.user = signed_in(request)
        if not may_hand_over(self.user, self.part):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Hand the Part over, or take it back."""
        match request.POST.get("action"):
            case "hand-over":
                reasons = hand_over(self.part, by=self.user)
                for reason in reasons:
                    messages.error(request, reason.text)
                if not reasons:
                    messages.success(request, gettext("Handed over."))
            case "take-back":
                take_back(self.part, by=self.user)
                messages.success(request, gettext("Taken back from the cooperating organisation."))
            case _:
                raise SuspiciousOperation("No such action.")
        return redirect(cooperation_url(self.part))

    def get_page_subtitle(self) -> str:
        """The Part's title."""
        return str(self.part.get_admin_display_title())

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """The way through the tree, and this screen."""
        here = {"url": "", "label": str(self.page_title)}
        return [*get_breadcrumbs_items_for_page(self.part, self.user), here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The contributor, the holders with their accounts, and what can be done."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        contributor = contributor_of(self.part)
        holders = holders_of(self.part)
        may_edit = self.part.permissions_for_user(self.user).can_edit()
        context.update(
            part=self.part,
            contributor=contributor,
            holders=[(each, members_of(each)) for each in holders],
            is_handed_over=contributor in [each.organisation for each in holders],
            editor_url=reverse("wagtailadmin_pages:edit", args=[self.part.pk]) if may_edit else "",
        )
        return context
