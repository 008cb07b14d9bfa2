"""The screen of the list of items: to download for a submission, and to decide on as a whole."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from core.models import PortalSettings
from core.row_numbers import row_number
from core.spreadsheets import XLSX_TYPE
from core.widgets import DateInput
from exhibitions.admin.approval import PICTURE_BOX, ApprovalScreen
from exhibitions.admin.clearance import clearance_url
from exhibitions.admin.thumbnails import Thumbnail, thumbnails
from exhibitions.clearance import ClearanceDecision, grant_list, may_decide
from exhibitions.display_list import ListedItem, ListedPart, display_list
from exhibitions.display_list_files import DOCX_TYPE, as_docx, as_xlsx
from exhibitions.models import ExhibitionPage, ItemPage

FIELDS = {"no_number": "number", "no_date": "decided_on", "future_date": "decided_on"}


class ListDecisionForm(forms.Form):
    """The paper by which the list is decided on."""

    number = forms.CharField(
        label=_("Decision number"),
        max_length=60,
        required=False,
        help_text=_("As on the paper, for example 15/QĐ-SNV."),
    )
    decided_on = forms.DateField(label=_("Date of the decision"), required=False, widget=DateInput)
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea({"rows": 2}))

    def decision(self) -> ClearanceDecision:
        """What was typed."""
        data = self.cleaned_data
        return ClearanceDecision(data["number"], data["decided_on"], data["note"])


def display_list_url(exhibition: ExhibitionPage) -> str:
    """The address of the list of items of ``exhibition``."""
    return reverse("exhibitions_admin:display_list", args=[exhibition.pk])


class DisplayListView(ApprovalScreen):
    """Every item with what a leader decides by; "Duyệt cả danh mục" with exceptions."""

    template_name = "exhibitions/admin/display_list.html"
    page_title = _("List of items on display")
    header_icon = "list-ol"

    def may_come(self) -> bool:
        """Those who decide on its items, and those who work on it."""
        return may_decide(self.user) or super().may_come()

    def own_url(self) -> str:
        """The list."""
        return display_list_url(self.exhibition)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Clear the ticked items by the decision that was typed."""
        if not may_decide(self.user):
            raise PermissionDenied
        form = ListDecisionForm(request.POST)
        ticked = {row_number(each) for each in request.POST.getlist("item")}
        if form.is_valid():
            reasons, count = grant_list(
                self.exhibition, ticked, by=self.user, decision=form.decision()
            )
            if not reasons:
                self._tell(count)
                return redirect(display_list_url(self.exhibition))
            for reason in reasons:
                form.add_error(FIELDS.get(reason.code), reason.text)
        messages.error(request, gettext("Not recorded yet: see what is said at the form."))
        return self.render_to_response(self.get_context_data(form=form, ticked=ticked))

    def _tell(self, count: int) -> None:
        if count:
            said = ngettext(
                "%(count)d item is cleared by this decision.",
                "%(count)d items are cleared by this decision.",
                count,
            )
            messages.success(self.request, said % {"count": count})
        else:
            messages.warning(
                self.request, gettext("Nothing was changed: no ticked item was waiting.")
            )

    def get_context_data(
        self, form: ListDecisionForm | None = None, ticked: set[int] | None = None, **kwargs: Any
    ) -> dict[str, Any]:
        """The list with its pictures; ticked is what waits and nothing stands against."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        parts = display_list(self.exhibition)
        items = [item for part in parts for item in part.items]
        pictures = thumbnails([item.frame for item in items if item.frame], PICTURE_BOX)
        form = form or ListDecisionForm()
        context.update(
            exhibition=self.exhibition,
            parts=[(part, self._rows(part, pictures, ticked)) for part in parts],
            count=len(items),
            cleared=sum(item.is_cleared for item in items),
            waiting=sum(not item.is_cleared and not item.reasons for item in items),
            may_decide=may_decide(self.user),
            form=form,
            docx_url=self._file_url("docx"),
            xlsx_url=self._file_url("xlsx"),
            media=form.media,
        )
        return context

    def _rows(
        self,
        part: ListedPart,
        pictures: dict[tuple[int, int], Thumbnail],
        ticked: set[int] | None,
    ) -> list[dict[str, Any]]:
        return [
            {
                "item": item,
                "thumbnail": pictures.get(item.frame) if item.frame else None,
                "waits": (waits := not item.is_cleared and not item.reasons),
                "ticked": waits and (ticked is None or item.page in ticked),
                "url": clearance_url(_page_of(item), display_list_url(self.exhibition)),
            }
            for item in part.items
        ]

    def _file_url(self, extension: str) -> str:
        return reverse("exhibitions_admin:display_list_file", args=[self.exhibition.pk, extension])


def _page_of(item: ListedItem) -> ItemPage:
    """A page that has its number only, which is all an address needs."""
    return ItemPage(pk=item.page)


class DisplayListFileView(DisplayListView):
    """The list as a file."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A Word document for the submission, or a workbook."""
        parts = display_list(self.exhibition)
        title = self.exhibition.draft_title or self.exhibition.title
        if kwargs["extension"] == "docx":
            office = PortalSettings.for_request(request)
            content = as_docx(
                parts,
                exhibition=title,
                parent_body=office.parent_body,
                agency=office.department,
                on=timezone.localdate(),
            )
            content_type = DOCX_TYPE
        else:
            content, content_type = as_xlsx(parts, exhibition=title), XLSX_TYPE
        answer = HttpResponse(content, content_type=content_type)
        name = f"danh-muc-{self.exhibition.slug}.{kwargs['extension']}"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        answer["Cache-Control"] = "no-store"
        return answer

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """A file is only read."""
        return HttpResponse(status=405)
