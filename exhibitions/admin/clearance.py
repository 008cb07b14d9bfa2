"""The screen on which an item is cleared for publication, or its clearance withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.pages.utils import get_breadcrumbs_items_for_page
from wagtail.models import Page

from core.models import User
from core.widgets import DateInput
from exhibitions.admin.facts import first_frames
from exhibitions.admin.thumbnails import Thumbnail, thumbnails
from exhibitions.clearance import (
    ClearanceDecision,
    current_state,
    grant,
    may_decide,
    source_of,
    withdraw,
)
from exhibitions.credit_line import compose
from exhibitions.gates import clearance_gate
from exhibitions.models import Clearance, ClearanceState, ItemPage
from exhibitions.visibility import Reason, reasons_hidden

PICTURE_BOX = 320
"""Pixels of the square the picture on the screen is fitted into."""

# Where in the editor the answer to a gate's reason is given.
FIELDS_TO_MEND = {
    "no_source": "id_source_organisation-chooser",
    "secrecy_unsettled": "id_declassification",
    "conditional_access": "id_access_level",
}


class GrantForm(forms.Form):
    """The paper a clearance stands on. All of it may be missing: the decision is the click."""

    number = forms.CharField(
        label=_("Decision number"),
        max_length=60,
        required=False,
        help_text=_("As on the paper, for example 15/QĐ-SNV."),
    )
    decided_on = forms.DateField(label=_("Date of the decision"), required=False, widget=DateInput)
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea({"rows": 2}))

    def clean_decided_on(self) -> Any:
        """Refuse a day that has not come."""
        day = self.cleaned_data["decided_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("This day lies in the future."))
        return day


class WithdrawForm(forms.Form):
    """Why a clearance is withdrawn."""

    note = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Kept in the history of the item."),
    )


@dataclass(frozen=True)
class Obstacle:
    """A reason against clearing an item, and where to mend it."""

    text: str
    url: str


def clearance_url(page: Page, next_url: str = "") -> str:
    """The address of the clearance screen of an item; it returns to ``next_url``."""
    url = reverse("exhibitions_admin:clearance", args=[page.pk])
    return f"{url}?{urlencode({'next': next_url})}" if next_url else url


def signed_in(request: HttpRequest) -> User:
    """The person who asks. Wagtail lets no anonymous visitor into the admin."""
    return cast(User, request.user)


def may_look(user: User, page: Page) -> bool:
    """Whether ``user`` may see where an item or exhibition stands."""
    return page.permissions_for_user(user).can_edit()


class ClearanceView(WagtailAdminTemplateMixin, TemplateView):
    """Where one item stands, what was decided on it, and the two decisions there are."""

    template_name = "exhibitions/admin/clearance.html"
    page_title = _("Publication")
    header_icon = "key"

    item: ItemPage
    source: ItemPage

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the item; those who may neither decide nor edit it have no business here."""
        self.item = get_object_or_404(ItemPage, pk=kwargs["item_id"])
        self.source = source_of(self.item)
        self.user = signed_in(request)
        self.forms: dict[str, forms.Form] = {}
        self.may_decide = may_decide(self.user)
        if not (self.may_decide or may_look(self.user, self.item)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Record the decision the pressed button stands for."""
        if not self.may_decide:
            raise PermissionDenied
        decisions = {"grant": self._grant, "withdraw": self._withdraw}
        decide = decisions.get(request.POST.get("decision", ""))
        if decide is None:
            raise SuspiciousOperation("No such decision.")
        return decide()

    def _grant(self) -> HttpResponse:
        form = GrantForm(self.request.POST)
        if not form.is_valid():
            return self._show("grant", form)
        reasons = grant(self.item, by=self.user, decision=_decision(form))
        if reasons:
            messages.error(
                self.request, gettext("Not cleared yet: see below what has to be settled first.")
            )
            return self._show("grant", form)
        messages.success(
            self.request, gettext("“%(title)s” is cleared for publication.") % {"title": self.item}
        )
        return self._back()

    def _withdraw(self) -> HttpResponse:
        form = WithdrawForm(self.request.POST)
        if not form.is_valid():
            return self._show("withdraw", form)
        withdraw(self.item, by=self.user, decision=_decision(form))
        messages.success(
            self.request,
            gettext("The clearance of “%(title)s” is withdrawn. Nobody sees it any more.")
            % {"title": self.item},
        )
        return self._back()

    def _show(self, name: str, form: forms.Form) -> HttpResponse:
        self.forms[name] = form
        return self.render_to_response(self.get_context_data())

    def _back(self) -> HttpResponse:
        """To the page one came from, else to the item's editor, else to this screen again."""
        came_from = get_valid_next_url_from_request(self.request)
        if came_from:
            return redirect(came_from)
        if may_look(self.user, self.item):
            return redirect("wagtailadmin_pages:edit", self.item.pk)
        return redirect(clearance_url(self.item))

    def get_page_subtitle(self) -> str:
        """The item's title."""
        return self.item.get_admin_display_title()

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """The way through the tree, and this screen."""
        here = {"url": "", "label": self.get_page_title()}
        return [*get_breadcrumbs_items_for_page(self.item, self.user), here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The item, where it stands, its history, and the form of the decision open now."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        item = self.item
        cleared = current_state(item) is ClearanceState.CLEARED
        editor = reverse("wagtailadmin_pages:edit", args=[self.source.pk])
        can_edit = may_look(self.user, self.source)
        context.update(
            item=item,
            source=self.source,
            is_alias=item.pk != self.source.pk,
            editor_url=editor if can_edit else "",
            thumbnail=self._thumbnail(),
            credit=compose(self.source.credit, self.source.holding),
            is_cleared=cleared,
            hidden=reasons_hidden(item),
            obstacles=_obstacles(clearance_gate(self.source), editor if can_edit else ""),
            decisions=Clearance.objects.filter(item=self.source),
            may_decide=self.may_decide,
            grant_form=self.forms.get("grant") or GrantForm(),
            withdraw_form=self.forms.get("withdraw") or WithdrawForm(),
            next=get_valid_next_url_from_request(self.request),
        )
        context["media"] = context["grant_form"].media
        return context

    def _thumbnail(self) -> Thumbnail | None:
        frame = first_frames([self.source.pk]).get(self.source.pk)
        return thumbnails([frame], PICTURE_BOX).get(frame) if frame else None


def _decision(form: forms.Form) -> ClearanceDecision:
    data = form.cleaned_data
    return ClearanceDecision(data.get("number", ""), data.get("decided_on"), data["note"])


def _obstacles(reasons: list[Reason], editor: str) -> list[Obstacle]:
    return [
        Obstacle(each.text, f"{editor}#{FIELDS_TO_MEND.get(each.code, '')}" if editor else "")
        for each in reasons
    ]
