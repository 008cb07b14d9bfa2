"""The screen on which an exhibition becomes the pattern of another."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from exhibitions.admin.screens import ExhibitionScreen
from exhibitions.cloning import clone_as_pattern, may_clone
from exhibitions.models import ExhibitionPage


def cloning_url(exhibition: ExhibitionPage) -> str:
    """The address of the screen for ``exhibition``."""
    return reverse("exhibitions_admin:cloning", args=[exhibition.pk])


class PatternForm(forms.Form):
    """What the other exhibition is called."""

    title = forms.CharField(label=_("Title of the new exhibition"), max_length=255)


class CloningView(ExhibitionScreen):
    """ "Tạo triển lãm mới theo mẫu này": a new draft with frame and Parts of this one."""

    template_name = "exhibitions/admin/cloning.html"
    page_title = _("Use as a pattern")
    header_icon = "copy"

    def may_come(self) -> bool:
        """Who may make an exhibition beside it."""
        return may_clone(self.user, self.exhibition)

    def own_url(self) -> str:
        """The screen."""
        return cloning_url(self.exhibition)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Make the draft and go to its editor."""
        form = PatternForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        made = clone_as_pattern(self.exhibition, title=form.cleaned_data["title"], by=self.user)
        messages.success(request, gettext("The new exhibition is a draft; its Parts are there."))
        return redirect("wagtailadmin_pages:edit", made.pk)

    def get_context_data(self, form: PatternForm | None = None, **kwargs: Any) -> dict[str, Any]:
        """The form."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "exhibition": self.exhibition, "form": form or PatternForm()}
