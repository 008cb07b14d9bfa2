"""The screen of preview links, and of the opinions that came through them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from core.pictures import absolute_url
from core.row_numbers import row_number
from exhibitions.admin.approval import ApprovalScreen
from exhibitions.models import ExhibitionPage, Opinion, PreviewLink
from exhibitions.models.preview import NAME_LENGTH
from exhibitions.opinions import settle
from exhibitions.preview_links import DAYS, make_link, may_share, revoke

USUAL_DAYS = 7
LINKS_SHOWN = 50
OPINIONS_SHOWN = 200


def preview_url(exhibition: ExhibitionPage) -> str:
    """The address of the screen of preview links of ``exhibition``."""
    return reverse("exhibitions_admin:preview_links", args=[exhibition.pk])


MADE = "preview_link_made"
"""Under this the session keeps number and secret of a new link until it is shown."""


class LinkForm(forms.Form):
    """For whom a link is made, and how long it works."""

    for_whom = forms.CharField(
        label=_("For whom"),
        max_length=NAME_LENGTH,
        help_text=_("Position and name; the reader sees it, and opinions are signed with it."),
    )
    days = forms.TypedChoiceField(
        label=_("Works for"),
        coerce=int,
        choices=[(each, ngettext_lazy("%d day", "%d days", each) % each) for each in DAYS],
        initial=USUAL_DAYS,
    )


class PreviewLinksView(ApprovalScreen):
    """Making a link, ending one, and dealing with what was written."""

    template_name = "exhibitions/admin/preview_links.html"
    page_title = _("Preview and opinions")
    header_icon = "link"

    def own_url(self) -> str:
        """The screen itself."""
        return preview_url(self.exhibition)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Make or revoke a link, or mark an opinion as settled."""
        match request.POST.get("action"):
            case "make":
                return self._make()
            case "revoke":
                revoke(self._chosen(PreviewLink), by=self.user)
                messages.success(
                    request, gettext("The link is revoked: nobody can open it any more.")
                )
            case "settle":
                settle(self._chosen(Opinion), by=self.user)
                messages.success(request, gettext("Marked as dealt with."))
            case _:
                raise SuspiciousOperation("No such action.")
        return redirect(self.own_url())

    def _chosen(self, model: type[Any]) -> Any:
        number = self.request.POST.get("number", "")
        rows = model.objects.filter(exhibition=self.exhibition)
        return get_object_or_404(rows, pk=row_number(number))

    def _make(self) -> HttpResponse:
        """Make a link. Its address is shown by the next request, or reloading made another."""
        if not may_share(self.user, self.exhibition):
            raise PermissionDenied
        form = LinkForm(self.request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        link, secret = make_link(self.exhibition, by=self.user, **form.cleaned_data)
        self.request.session[MADE] = [link.pk, secret]
        return redirect(self.own_url())

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The screen, with the address of a link just made, this once: only its hash is kept."""
        number, secret = request.session.pop(MADE, (0, ""))
        link = PreviewLink.objects.filter(pk=number, exhibition=self.exhibition).first()
        if link is None:
            return super().get(request, *args, **kwargs)
        address = absolute_url(reverse("shared_preview", args=[secret, ""]))
        answer = self.render_to_response(self.get_context_data(made=(link, address)))
        answer["Cache-Control"] = "no-store"
        return answer

    def get_context_data(
        self,
        form: LinkForm | None = None,
        made: tuple[PreviewLink, str] | None = None,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """The form, the new address, the links, and the opinions that wait first."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        opinions = self.exhibition.opinions.select_related("page")
        context.update(
            exhibition=self.exhibition,
            may_share=may_share(self.user, self.exhibition),
            may_settle=self.exhibition.permissions_for_user(self.user).can_edit(),
            form=form or LinkForm(),
            made=made,
            links=list(self.exhibition.preview_links.all()[:LINKS_SHOWN]),
            waiting=[
                (each, _edit_url(each))
                for each in opinions.filter(settled_at__isnull=True)[:OPINIONS_SHOWN]
            ],
            settled=list(
                opinions.filter(settled_at__isnull=False).order_by("-settled_at")[:OPINIONS_SHOWN]
            ),
        )
        return context


def _edit_url(opinion: Opinion) -> str:
    return reverse("wagtailadmin_pages:edit", args=[opinion.page_id]) if opinion.page_id else ""
