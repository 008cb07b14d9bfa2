"""The screens on which an exhibition is opened, ended, archived or put off by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from core.models import User
from core.widgets import DateTimeInput
from exhibitions.admin.clearance import PICTURE_BOX, may_look, signed_in
from exhibitions.admin.facts import counts_below
from exhibitions.admin.screens import ExhibitionScreen
from exhibitions.admin.thumbnails import Thumbnail, thumbnails
from exhibitions.gates import opening_gate
from exhibitions.models import ExhibitionPage, Opening, OpeningState
from exhibitions.opening import decide_opening
from exhibitions.visibility import Reason, exhibition_is_readable, opening_moment, state_of


class NoteForm(forms.Form):
    """A remark on the decision."""

    note = forms.CharField(
        label=_("Note"),
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("For example who decided, and by which paper. Kept in the history."),
    )

    def __init__(self, *args: Any, exhibition: ExhibitionPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.exhibition = exhibition


class HourForm(NoteForm):
    """The hour at which the exhibition will open by itself, and a remark."""

    opens_at = forms.DateTimeField(label=_("Opens at"), widget=DateTimeInput)

    field_order = ["opens_at", "note"]

    def __init__(self, *args: Any, exhibition: ExhibitionPage, **kwargs: Any) -> None:
        super().__init__(*args, exhibition=exhibition, **kwargs)
        self.fields["opens_at"].initial = opening_moment(exhibition)

    def clean_opens_at(self) -> datetime:
        """An hour that is still to come, and before its end."""
        hour: datetime = self.cleaned_data["opens_at"]
        now = timezone.now()
        if hour <= now:
            raise forms.ValidationError(
                gettext("This hour has passed. To open the exhibition at once, open it by hand.")
            )
        closes_at = self.exhibition.closes_at
        if closes_at and now < closes_at <= hour:
            ends = date_format(timezone.localtime(closes_at), "H:i, j/n/Y")
            raise forms.ValidationError(
                gettext("The exhibition ends at %(hour)s. Choose an hour before that.")
                % {"hour": ends}
            )
        return hour


@dataclass(frozen=True)
class Step:
    """One thing that can be done by hand, in the words of the office."""

    slug: str
    state: OpeningState
    label: Any
    consequence: Any
    confirm: Any
    done: Any
    grave: bool = False
    form: type[NoteForm] = NoteForm


OPEN = Step(
    "khai-truong",
    OpeningState.OPEN,
    _("Open now"),
    _("From this moment everybody can read the Parts and the cleared items."),
    _("Yes, open the exhibition"),
    _("The exhibition is open."),
)
SET_HOUR = Step(
    "gio-khai-mac",
    OpeningState.ANNOUNCED,
    _("Set the hour of opening"),
    _("Until then its page counts down. At the hour the exhibition opens by itself."),
    _("Yes, set this hour"),
    _("The hour of opening is set."),
    form=HourForm,
)
POSTPONE = Step(
    "hoan",
    OpeningState.ANNOUNCED,
    _("Put off the opening"),
    _(
        "The exhibition stays announced: its cover can be seen, its Parts and items cannot. "
        "It does not open by itself any more; open it by hand, or set another hour."
    ),
    _("Yes, put it off"),
    _("The opening is put off."),
    grave=True,
)
CLOSE = Step(
    "ket-thuc",
    OpeningState.CLOSED,
    _("End"),
    _("The exhibition is marked as ended."),
    _("Yes, end the exhibition"),
    _("The exhibition has ended."),
    grave=True,
)
ARCHIVE = Step(
    "luu-tru",
    OpeningState.ARCHIVED,
    _("Archive"),
    _("The exhibition is filed among the past ones."),
    _("Yes, archive it"),
    _("The exhibition is archived."),
)
STEPS = {step.slug: step for step in (OPEN, SET_HOUR, POSTPONE, CLOSE, ARCHIVE)}

# What can follow each state.
NEXT_STEPS: dict[OpeningState, tuple[Step, ...]] = {
    OpeningState.ANNOUNCED: (OPEN, SET_HOUR, POSTPONE),
    OpeningState.OPEN: (CLOSE, ARCHIVE, POSTPONE),
    OpeningState.CLOSED: (OPEN, ARCHIVE),
    OpeningState.ARCHIVED: (OPEN,),
}


def next_steps(exhibition: ExhibitionPage) -> list[Step]:
    """What can be done with ``exhibition`` now.

    Putting off needs something to put off: an hour at which the clock would open it.
    """
    steps = NEXT_STEPS[state_of(exhibition)]
    if not exhibition.live:  # nothing was opened yet that could end
        return [step for step in steps if step is OPEN]
    if state_of(exhibition) is OpeningState.ANNOUNCED and not opening_moment(exhibition):
        return [step for step in steps if step is not POSTPONE]
    return list(steps)


def obstacles(exhibition: ExhibitionPage, step: Step) -> list[Reason]:
    """What stands against ``step``: only opening has a gate."""
    return opening_gate(exhibition) if step is OPEN else []


def opening_url(exhibition: ExhibitionPage) -> str:
    """The address of the opening screen of ``exhibition``."""
    return reverse("exhibitions_admin:opening", args=[exhibition.pk])


def may_open(user: User) -> bool:
    """Whether ``user`` may open, end, archive and put off exhibitions."""
    return user.has_perm("exhibitions.open_exhibition")


class OpeningScreen(ExhibitionScreen):
    """A screen about the opening of an exhibition."""

    page_title = _("Opening")
    header_icon = "calendar-check"

    def may_come(self) -> bool:
        """Those who may open it, and those who work on it."""
        return may_open(self.user) or super().may_come()

    def own_url(self) -> str:
        """The opening screen."""
        return opening_url(self.exhibition)


class OpeningView(OpeningScreen):
    """Where an exhibition stands, what was decided on it, and what can be done."""

    template_name = "exhibitions/admin/opening.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """State, times, counts, history, and the steps with what stands against them."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        exhibition = self.exhibition
        can_edit = may_look(self.user, exhibition)
        steps = next_steps(exhibition)
        hour = opening_moment(exhibition)
        is_put_off = exhibition.decision_state == OpeningState.ANNOUNCED and hour is None
        context.update(
            exhibition=exhibition,
            editor_url=reverse("wagtailadmin_pages:edit", args=[exhibition.pk]) if can_edit else "",
            thumbnail=self._thumbnail(),
            state=state_of(exhibition),
            hour=hour,
            is_put_off=is_put_off,
            by_hand=is_put_off or exhibition.decision_state not in (None, OpeningState.ANNOUNCED),
            is_readable=exhibition_is_readable(exhibition),
            count=counts_below([exhibition.path])[exhibition.path],
            obstacles=opening_gate(exhibition) if OPEN in steps else [],
            steps=[(step, self._step_url(step)) for step in steps],
            decisions=Opening.objects.filter(exhibition_id=exhibition.alias_of_id or exhibition.pk),
            may_open=may_open(self.user),
        )
        return context

    def _step_url(self, step: Step) -> str:
        """The confirmation of ``step``, or "" while something stands against it."""
        if obstacles(self.exhibition, step):
            return ""
        return reverse("exhibitions_admin:opening_step", args=[self.exhibition.pk, step.slug])

    def _thumbnail(self) -> Thumbnail | None:
        if not self.exhibition.cover_id:
            return None
        frame = (self.exhibition.cover_id, 1)
        return thumbnails([frame], PICTURE_BOX).get(frame)


class OpeningStepView(OpeningScreen):
    """The question before a step, and the step itself."""

    template_name = "exhibitions/admin/opening_step.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Only those who may open exhibitions come here."""
        if kwargs["step"] not in STEPS:
            raise Http404
        if not may_open(signed_in(request)):
            raise PermissionDenied
        self.step = STEPS[kwargs["step"]]
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask, unless the step is not open any more."""
        if not self._is_possible(self.exhibition):
            return redirect(opening_url(self.exhibition))
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Do it, once: whoever comes second finds it done."""
        form = self.step.form(request.POST, exhibition=self.exhibition)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        with transaction.atomic():
            exhibition = ExhibitionPage.objects.select_for_update(of=("self",)).get(
                pk=self.exhibition.pk
            )
            possible = self._is_possible(exhibition)
            opens_at = self._hour(exhibition, form)
            is_done = self.step is SET_HOUR and opens_at == opening_moment(exhibition)
            if possible and not is_done:
                decide_opening(
                    exhibition,
                    self.step.state,
                    by=self.user,
                    note=form.cleaned_data["note"],
                    opens_at=opens_at,
                )
        if possible or state_of(exhibition) is self.step.state:
            messages.success(request, self.step.done)
        else:
            messages.warning(request, _("Nothing was changed: the exhibition stands otherwise."))
        return redirect(opening_url(exhibition))

    def _hour(self, exhibition: ExhibitionPage, form: NoteForm) -> datetime | None:
        """The hour the decision keeps: the one that is set, or since when it was open."""
        if self.step in (CLOSE, ARCHIVE):
            return opening_moment(exhibition)
        hour: datetime | None = form.cleaned_data.get("opens_at")
        return hour

    def _is_possible(self, exhibition: ExhibitionPage) -> bool:
        return self.step in next_steps(exhibition) and not obstacles(exhibition, self.step)

    def get_page_title(self) -> str:
        """The step."""
        return self.step.label

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """The way to the opening screen, and the step."""
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.step.label}]

    def get_context_data(self, form: NoteForm | None = None, **kwargs: Any) -> dict[str, Any]:
        """The question and the form."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        form = form or self.step.form(exhibition=self.exhibition)
        context.update(
            exhibition=self.exhibition,
            step=self.step,
            form=form,
            media=form.media,
            back_url=opening_url(self.exhibition),
        )
        return context
