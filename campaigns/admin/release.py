"""The screen on which a clerk records what the document system did with a letter."""

from __future__ import annotations

from typing import Any, cast

from django import forms
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
from wagtail.documents.widgets import AdminDocumentChooser
from wagtail.models import Page

from campaigns.letters import letter_name, state_label
from campaigns.models import NoticePage, NoticeRelease, ReleaseState
from campaigns.models.notices import numbered
from campaigns.release import (
    Effect,
    ReleaseFacts,
    Standing,
    current_release,
    may_record,
    mend_record,
    mending_gate,
    next_steps,
    record,
    record_effect,
    release_gate,
    releases_of,
    same_number_elsewhere,
    source_id,
    standing_now,
    standings,
)
from core.models import CustomDocument, User
from core.widgets import DateInput
from exhibitions.admin.clearance import signed_in
from exhibitions.visibility import Reason

# The field at which a gate's reason is said; what is not named stands above the form.
FIELDS = {
    "no_number": "number",
    "bad_number": "number",
    "no_symbol": "symbol",
    "no_date": "issued_on",
    "future_date": "issued_on",
    "no_pdf": "signed_pdf",
    "not_pdf": "signed_pdf",
    "bad_effect": "earlier",
    "no_note": "note",
}

MENDING = "mending"
"""What the button says by which the record of a release is put right."""

EFFECT = "effect"
"""What the button says by which the effect on an earlier letter is recorded afterwards."""

# The buttons of the form, the release first, each with what it needs and does.
BUTTONS = {
    ReleaseState.RELEASED: (
        _("Record the release"),
        _("With number, symbol, date and signed version. The letter is published and kept."),
    ),
    ReleaseState.NUMBERED: (
        _("Record the number"),
        _("With number and symbol, and the date if it is known. The letter stays a draft."),
    ),
    ReleaseState.SIGNED: (
        _("Record the signature"),
        _("The fields may stay empty. The letter stays a draft."),
    ),
}

DONE = {
    ReleaseState.RELEASED: _("Recorded: the letter is released. From now on it stays as it is."),
    ReleaseState.NUMBERED: _("Recorded: the letter is numbered."),
    ReleaseState.SIGNED: _("Recorded: the letter is signed."),
}

EFFECTS = [
    ("", _("nothing: it stands by itself")),
    (ReleaseState.CORRECTED.value, _("corrects the form of an earlier letter")),
    (ReleaseState.AMENDED.value, _("amends an earlier letter")),
    (ReleaseState.REPLACED.value, _("replaces an earlier letter")),
    (ReleaseState.RECALLED.value, _("recalls an earlier letter")),
]


class EarlierLetterField(forms.ModelChoiceField):
    """A released letter of the campaign, by its number and date."""

    def label_from_instance(self, letter: NoticePage) -> str:
        """ "Công văn số 05/SNV-TĐKT ngày 05/3/2024"."""
        return letter_name(letter)


class GateForm(forms.Form):
    """A form that says a gate's reasons."""

    def say(self, reasons: list[Reason]) -> None:
        """Put each of the gate's reasons at its field."""
        for reason in reasons:
            name = FIELDS.get(reason.code)
            self.add_error(name if name in self.fields else None, reason.text)


class ReleaseForm(GateForm):
    """The facts of the document system. Which of them are needed depends on the step."""

    number = forms.CharField(
        label=_("Number"),
        max_length=20,
        required=False,
        help_text=_("Given by the document system, for example 05."),
    )
    symbol = forms.CharField(
        label=_("Symbol"), max_length=60, required=False, help_text=_("For example SNV-TĐKT.")
    )
    issued_on = forms.DateField(
        label=_("Date of issue"),
        required=False,
        widget=DateInput,
        help_text=_("Day/month/year, as on the letter."),
    )
    signed_pdf: forms.ModelChoiceField[CustomDocument] = forms.ModelChoiceField(
        label=_("Digitally signed version"),
        queryset=CustomDocument.objects.all(),
        required=False,
        widget=AdminDocumentChooser,
        help_text=_("The PDF file the document system gave back."),
    )
    effect = forms.ChoiceField(label=_("This letter"), choices=EFFECTS, required=False)
    earlier = EarlierLetterField(
        label=_("The earlier letter"), queryset=NoticePage.objects.none(), required=False
    )
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, earlier_letters: list[NoticePage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not earlier_letters:
            del self.fields["effect"], self.fields["earlier"]
            return
        numbers = [letter.pk for letter in earlier_letters]
        earlier = cast(EarlierLetterField, self.fields["earlier"])
        earlier.queryset = NoticePage.objects.filter(pk__in=numbers).order_by("-issued_on", "-pk")

    def clean(self) -> dict[str, Any]:
        """What is done to an earlier letter and to which belong together."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("effect") and not data.get("earlier") and "earlier" not in self.errors:
            self.add_error("earlier", _("Choose the letter it is about."))
        if data.get("earlier") and not data.get("effect"):
            self.add_error("effect", _("Say what this letter does to the earlier one."))
        return data

    def facts(self) -> ReleaseFacts:
        """What was typed, for the record."""
        data = self.cleaned_data
        effect = None
        if data.get("effect"):
            effect = Effect(ReleaseState(data["effect"]), data["earlier"])
        return ReleaseFacts(
            number=data["number"],
            symbol=data["symbol"],
            issued_on=data["issued_on"],
            signed_pdf=data["signed_pdf"],
            note=data["note"],
            effect=effect,
        )


class MendingForm(ReleaseForm):
    """The same facts once more, and what was mistyped in them."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    note = forms.CharField(
        label=_("What was mistyped"),
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("For example: the number was typed as 50 instead of 05."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, earlier_letters=[], **kwargs)


class EffectForm(GateForm):
    """What a released letter does to an earlier one, said afterwards."""

    prefix = EFFECT

    effect = forms.ChoiceField(
        label=_("This letter"),
        choices=[*EFFECTS[1:], (ReleaseState.RELEASED.value, _("does nothing to it after all"))],
    )
    earlier = EarlierLetterField(label=_("The earlier letter"), queryset=NoticePage.objects.none())
    note = forms.CharField(
        label=_("Why it is recorded now"), required=False, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args: Any, letters: list[NoticePage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbers = [letter.pk for letter in letters]
        earlier = cast(EarlierLetterField, self.fields["earlier"])
        earlier.queryset = NoticePage.objects.filter(pk__in=numbers).order_by("-issued_on", "-pk")

    def chosen(self) -> Effect:
        """What was chosen."""
        data = self.cleaned_data
        return Effect(ReleaseState(data["effect"]), data["earlier"])


def release_url(page: Page) -> str:
    """The address of the release screen of a letter."""
    return reverse("campaigns_admin:release", args=[page.pk])


def earlier_letters(notice: NoticePage) -> list[NoticePage]:
    """The other letters of its campaign that are released and still in force."""
    letters = list(NoticePage.objects.sibling_of(notice, inclusive=False).live())
    stand = standings(letters)
    return [each for each in letters if stand[each.pk].in_force]


def letters_it_may_affect(notice: NoticePage) -> list[NoticePage]:
    """The other released letters of its campaign: those in force, and those it did something to."""
    letters = list(NoticePage.objects.sibling_of(notice, inclusive=False).live())
    stand = standings(letters)
    own = NoticeRelease.objects.filter(by_letter_id=notice.pk).values_list("notice_id", flat=True)
    done = set(own)
    return [each for each in letters if stand[each.pk].in_force or each.pk in done]


class ReleaseView(WagtailAdminTemplateMixin, TemplateView):
    """Where one letter stands, what was recorded of it, and the form of the next step."""

    template_name = "campaigns/admin/release.html"
    page_title = _("Release")
    header_icon = "mail"

    notice: NoticePage
    user: User

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the letter, of an alias its source; only those who may record come here."""
        self.user = signed_in(request)
        if not may_record(self.user):
            raise PermissionDenied
        found = get_object_or_404(NoticePage, pk=kwargs["notice_id"])
        self.notice = NoticePage.objects.get(pk=source_id(found))
        self.form: ReleaseForm | None = None
        self.effect_form: EffectForm | None = None
        self.same_number: list[NoticeRelease] = []
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Record the step the pressed button stands for, once."""
        if request.POST.get("state") == MENDING:
            return self._mend(request)
        if request.POST.get("state") == EFFECT:
            return self._record_effect(request)
        try:
            state = ReleaseState(request.POST.get("state", ""))
        except ValueError:
            raise SuspiciousOperation("No such step.") from None
        if state not in BUTTONS:
            raise SuspiciousOperation("This step is recorded by the release of another letter.")
        self.form = ReleaseForm(request.POST, earlier_letters=earlier_letters(self.notice))
        if not self.form.is_valid():
            return self._show()
        facts = self.form.facts()
        if state is not ReleaseState.SIGNED and not release_gate(self.notice, state, facts):
            self._look_for_same_number(facts)
        if self.same_number:
            return self._show()
        reasons = record(self.notice, state, by=self.user, facts=facts)
        if any(reason.code == "not_next" for reason in reasons):
            # Somebody was quicker: what was typed belongs to a form that is not there any more.
            messages.error(request, " ".join(reason.text for reason in reasons))
            return redirect(release_url(self.notice))
        if reasons:
            self.form.say(reasons)
            return self._show()
        messages.success(request, DONE[state])
        return redirect(release_url(self.notice))

    def _mend(self, request: HttpRequest) -> HttpResponse:
        """Record the facts of a release once more, with what was mistyped in them."""
        self.form = MendingForm(request.POST)
        if not self.form.is_valid():
            return self._show()
        facts = self.form.facts()
        if not mending_gate(self.notice, facts):
            self._look_for_same_number(facts)
        if self.same_number:
            return self._show()
        seen = self.form.cleaned_data["seen"]
        reasons = mend_record(self.notice, by=self.user, facts=facts, seen=seen)
        if reasons:
            self.form.say(reasons)
            return self._show()
        messages.success(request, gettext("The record is put right. The letter stays as it is."))
        return redirect(release_url(self.notice))

    def _record_effect(self, request: HttpRequest) -> HttpResponse:
        """Record what the letter does to an earlier one, after its release."""
        self.effect_form = EffectForm(request.POST, letters=letters_it_may_affect(self.notice))
        if not self.effect_form.is_valid():
            return self._show()
        reasons = record_effect(
            self.notice,
            self.effect_form.chosen(),
            by=self.user,
            note=self.effect_form.cleaned_data["note"],
        )
        if reasons:
            self.effect_form.say(reasons)
            return self._show()
        messages.success(request, gettext("Recorded: both letters point at each other."))
        return redirect(release_url(self.notice))

    def _look_for_same_number(self, facts: ReleaseFacts) -> None:
        """Find other letters with this number, unless the clerk has said to go on with it."""
        if self.request.POST.get("go_on") != _number_key(facts):
            self.same_number = same_number_elsewhere(self.notice, facts)

    def _show(self) -> HttpResponse:
        messages.error(self.request, gettext("Not recorded yet: see what is said at the form."))
        return self.render_to_response(self.get_context_data())

    def _effect_form_of(self, standing: Standing) -> EffectForm | None:
        """The form of :meth:`_record_effect`, where there is a letter it could be about."""
        if self.effect_form or not standing.released:
            return self.effect_form
        letters = letters_it_may_affect(self.notice)
        return EffectForm(letters=letters) if letters else None

    def get_page_subtitle(self) -> str:
        """The letter's title."""
        title: str = self.notice.get_admin_display_title()
        return title

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """The way through the tree, and this screen."""
        here = {"url": "", "label": self.get_page_title()}
        return [*get_breadcrumbs_items_for_page(self.notice, self.user), here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The letter, where it stands, its history, and the form with its buttons."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        notice = self.notice
        row = current_release(notice)
        standing = standing_now(notice)
        state = standing.state
        steps = next_steps(state)
        buttons = [(each, *words) for each, words in BUTTONS.items() if each in steps]
        editable = notice.permissions_for_user(self.user).can_edit()
        campaign = notice.get_parent()
        form = self.form or (
            MendingForm(
                initial={**_initial(notice, standing.released), "seen": standing.released.pk}
            )
            if standing.released
            else ReleaseForm(initial=_initial(notice, row), earlier_letters=earlier_letters(notice))
        )
        context.update(
            notice=notice,
            standing=standing,
            state=state,
            state_label=state.label if state else state_label(standing),
            name=letter_name(notice) if standing.released else "",
            editor_url=reverse("wagtailadmin_pages:edit", args=[notice.pk]) if editable else "",
            obstacles=_obstacles(notice) if buttons else [],
            buttons=buttons,
            form=form,
            same_number=self.same_number,
            number_key=_number_key(form.facts()) if self.same_number else "",
            records=_history(notice),
            mending=MENDING,
            effect=EFFECT,
            effect_form=self._effect_form_of(standing),
            add_url=_add_url(campaign, self.user),
            media=form.media,
        )
        return context


def _number_key(facts: ReleaseFacts) -> str:
    """What the clerk agrees to when the number is taken: this number of this year."""
    year = facts.issued_on.year if facts.issued_on else ""
    return f"{numbered(facts.number)}/{facts.symbol.strip()}/{year}"


def _initial(notice: NoticePage, row: NoticeRelease | None) -> dict[str, Any]:
    """What was recorded last, else what the editors have typed."""
    known = row if row and row.number else notice
    return {
        "number": known.number,
        "symbol": known.symbol or notice.symbol,
        "issued_on": known.issued_on,
        "signed_pdf": known.signed_pdf_id,
    }


def _history(notice: NoticePage) -> list[tuple[NoticeRelease, bool]]:
    """What was recorded, newest first, each with whether it puts an earlier record right."""
    rows = list(releases_of(notice).select_related("by_letter", "signed_pdf").defer("content"))
    own = [row for row in rows if row.state == ReleaseState.RELEASED and not row.by_letter_id]
    return [(row, row in own[:-1]) for row in rows]


def _obstacles(notice: NoticePage) -> list[Reason]:
    """What stands against the release and cannot be mended in the form."""
    reasons = release_gate(notice, ReleaseState.RELEASED, ReleaseFacts())
    return [reason for reason in reasons if reason.code not in FIELDS]


def _add_url(campaign: Page, user: User) -> str:
    """Where another letter of the campaign is written, for those who may."""
    if not campaign.permissions_for_user(user).can_add_subpage():
        return ""
    return reverse("wagtailadmin_pages:add", args=["campaigns", "noticepage", campaign.pk])
