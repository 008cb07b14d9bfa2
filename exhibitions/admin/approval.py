"""The screens on which an exhibition is submitted, looked through, and decided on as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.documents.widgets import AdminDocumentChooser
from wagtail.models import Page

from core.models import CustomDocument
from core.row_numbers import row_number
from core.spreadsheets import by_our_clocks
from core.widgets import DateInput
from exhibitions.admin.screens import ExhibitionScreen
from exhibitions.admin.thumbnails import ImageFrame, Thumbnail, thumbnails
from exhibitions.approval import (
    NOTE_LIMIT,
    Paper,
    Standing,
    approve,
    corrections,
    give_back,
    may_decide,
    may_follow,
    may_record,
    may_submit,
    progress_of,
    standing,
    standing_of,
    submission_gate,
    submit,
    submit_correction,
    take_back,
)
from exhibitions.display_list import first_frame
from exhibitions.models import (
    EXHIBITION_DEPTH,
    ApprovalState,
    ExhibitionPage,
    OpeningState,
    Opinion,
    Submission,
    SubmissionScope,
    SubmittedPage,
    Verdict,
)
from exhibitions.newest import Content
from exhibitions.opinions import (
    OPINION_LENGTH,
    give_opinion_on_submission,
    may_give_opinion,
    waiting_opinions,
)
from exhibitions.readiness import Check, ItemReadiness, Readiness, Weight, readiness_of
from exhibitions.visibility import Reason, opening_moment, state_of

PICTURE_BOX = 120
"""Pixels of the square a picture in the list is fitted into."""

APPROVE, RETURN = "dong-y", "tra-lai"

# Why the whole of an exhibition is not submitted, where nothing that is missing is at fault.
NOT_AS_A_WHOLE = ("alias", "no_steps", "already_open", "corrections_open")
NEITHER_SINGLY = ("alias", "no_steps")
"""Of these, what stands against corrections of single pages, too."""

# The field at which a reason is said; what is not named stands above the form.
FIELDS = {
    "no_note": "note",
    "note_too_long": "note",
    "no_leader": "leader",
    "no_date": "decided_on",
    "future_date": "decided_on",
    "not_pdf": "signed_pdf",
}


def approval_url(exhibition: ExhibitionPage) -> str:
    """The address of the approval screen of ``exhibition``."""
    return reverse("exhibitions_admin:approval", args=[exhibition.pk])


def submission_url(submission: Submission) -> str:
    """The address of what was submitted, with the decision on it."""
    return reverse("exhibitions_admin:submission", args=[submission.pk])


class NoteForm(forms.Form):
    """What goes with a submission, or with taking it back."""

    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=NOTE_LIMIT,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("What those who approve should know. Kept in the history."),
    )


class DecisionForm(forms.Form):
    """A decision at a step. ``seen`` is the step it is made for."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Opinion"),
        required=False,
        max_length=NOTE_LIMIT,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Needed when it is returned: what has to be changed."),
    )

    def typed_again(self, where: Standing) -> DecisionForm:
        """The form as it was typed, to be sent for the step where it waits now."""
        typed = {name: self[name].value() for name in self.fields}
        return type(self)(initial={**typed, "seen": where.step})

    def paper(self) -> Paper | None:
        """None: the decision is of whoever presses the button."""
        return None

    def say(self, reasons: list[Reason]) -> None:
        """Put each of the reasons at its field."""
        for reason in reasons:
            name = FIELDS.get(reason.code)
            self.add_error(name if name in self.fields else None, reason.text)


class PaperForm(DecisionForm):
    """A leader's decision on paper, recorded for them ("Ghi nhận ý kiến phê duyệt")."""

    prefix = "paper"

    leader = forms.CharField(
        label=_("Decided by"),
        max_length=160,
        required=False,
        help_text=_("Position and name, as on the paper."),
    )
    number = forms.CharField(
        label=_("Number of the paper"), max_length=60, required=False, help_text=_("If it has one.")
    )
    decided_on = forms.DateField(label=_("Date of the decision"), required=False, widget=DateInput)
    signed_pdf: forms.ModelChoiceField[CustomDocument] = forms.ModelChoiceField(
        label=_("Digitally signed version"),
        queryset=CustomDocument.objects.all(),
        required=False,
        widget=AdminDocumentChooser,
    )
    field_order = ["leader", "number", "decided_on", "signed_pdf", "note"]

    def paper(self) -> Paper:
        """What the paper says."""
        data = self.cleaned_data
        return Paper(data["leader"], data["number"], data["decided_on"], data["signed_pdf"])


@dataclass(frozen=True)
class BoardRow:
    """An item on the board of what is missing: its checks, each with where it is mended."""

    title: str
    blocking: list[tuple[Check, str]]
    hiding: list[tuple[Check, str]]
    advised: list[tuple[Check, str]]


@dataclass(frozen=True)
class ChangedPage:
    """A page changed since it was published, and what stands against submitting it alone."""

    page: Page
    checks: list[tuple[Check, str]]


@dataclass(frozen=True)
class SubmittedRow:
    """A submitted page as it is looked through."""

    title: str
    kind: str
    depth: int
    caption: str
    preview_url: str
    thumbnail: Thumbnail | None
    compare_url: str = ""
    """Where what was submitted is compared with what the public reads; "" for a new page."""
    page: int = 0
    opinions: tuple[Opinion, ...] = ()
    refused: str = ""
    """An opinion that was not kept, as it was typed."""


class ApprovalScreen(ExhibitionScreen):
    """A screen on which the whole of an exhibition is decided on."""

    page_title = _("Approval")
    header_icon = "clipboard-list"

    def find(self, **kwargs: Any) -> ExhibitionPage:
        """By the number of its page; an alias is decided on where it comes from."""
        found = super().find(**kwargs)
        return ExhibitionPage.objects.get(pk=found.alias_of_id or found.pk)

    def may_come(self) -> bool:
        """Those who record decisions for a leader, and those who work on it."""
        return may_record(self.user) or super().may_come()

    def own_url(self) -> str:
        """The approval screen."""
        return approval_url(self.exhibition)

    def said(self, reasons: list[Reason], done: str) -> None:
        """Tell what stands against it, or that it is done."""
        for reason in reasons:
            messages.error(self.request, reason.text)
        if not reasons:
            messages.success(self.request, done)


class ApprovalView(ApprovalScreen):
    """Where an exhibition stands, what is missing of it, and the way to submit it."""

    template_name = "exhibitions/admin/approval.html"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Submit the whole or one changed page, or take the submission back.

        What is refused is shown with the note as it was typed.
        """
        form = NoteForm(request.POST)
        if not form.is_valid():
            messages.error(request, gettext("Not done yet: see what is said at the note."))
            return self.render_to_response(self.get_context_data(form=form))
        reasons, done = self._act(request.POST.get("action", ""), form.cleaned_data["note"])
        self.said(reasons, done)
        if reasons:
            return self.render_to_response(self.get_context_data(form=form))
        return redirect(approval_url(self.exhibition))

    def _act(self, action: str, note: str) -> tuple[list[Reason], str]:
        """Do what was asked for: what stands against it, and what to say once it is done."""
        match action:
            case "submit":
                done = gettext("Submitted. Nobody changes it until it is decided.")
                return submit(self.exhibition, by=self.user, note=note), done
            case "correct":
                number = self.request.POST.get("page", "")
                pages = Page.objects.filter(path__startswith=self.exhibition.path)
                page = get_object_or_404(pages, pk=row_number(number)).specific
                reasons = submit_correction(page, by=self.user, note=note)
                return reasons, gettext("The correction is submitted.")
            case "take-back":
                current = standing(self.exhibition).submission
                reasons = take_back(current, by=self.user, note=note) if current else []
                return reasons, gettext("Taken back. It can be changed again.")
        raise SuspiciousOperation("No such action.")

    def get_context_data(self, form: NoteForm | None = None, **kwargs: Any) -> dict[str, Any]:
        """The state with its steps, the board, changed pages, open corrections, the history."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        exhibition = self.exhibition
        where = standing(exhibition)
        ready = readiness_of(exhibition)
        under_approval = corrections(exhibition)
        obstacles = submission_gate(exhibition) if not where.is_open else []
        not_whole = [reason for reason in obstacles if reason.code in NOT_AS_A_WHOLE]
        singly = not any(reason.code in NEITHER_SINGLY for reason in not_whole)
        may_correct = exhibition.live and not where.is_open and singly
        context.update(
            exhibition=exhibition,
            where=where,
            headline=headline(exhibition, where, len(under_approval)),
            is_published=exhibition.live and where.state is not ApprovalState.PUBLISHING,
            steps=steps_of(where) if where.is_open else [],
            submission_url=submission_url(where.submission) if where.submission else "",
            progress=progress_of(where.submission)
            if where.submission and where.state is ApprovalState.PUBLISHING
            else None,
            not_whole=not_whole,
            obstacles=obstacles,
            board=[_board_row(item) for item in ready.items if item.checks],
            count=len(ready.items),
            hidden=ready.count(Weight.HIDES),
            advised=ready.count(Weight.ADVISED),
            blocking=len(ready.blocking),
            changed=_changed_pages(exhibition, ready) if may_correct else [],
            corrections=[
                (each, submission_url(each.submission))
                for each in under_approval
                if each.submission
            ],
            may_submit=may_submit(self.user, exhibition),
            form=form or NoteForm(),
            submissions=[
                (each, submission_url(each.submission))
                for each in map(
                    standing_of, exhibition.submissions.prefetch_related("decisions")[:20]
                )
                if each.submission
            ],
        )
        return context


def headline(exhibition: ExhibitionPage, where: Standing, corrections: int) -> str:
    """What the public sees of ``exhibition`` now, and what of it is under approval."""
    if where.state is ApprovalState.PUBLISHING:
        return str(where.state.label)
    said = [gettext("Not published yet")]
    if exhibition.live:
        state = state_of(exhibition).label
        said = [gettext("Published – %(state)s") % {"state": state}]
    if where.state is ApprovalState.IN_REVIEW:
        said.append(gettext("under approval"))
    if corrections:
        count = ngettext(
            "%(count)d correction under approval",
            "%(count)d corrections under approval",
            corrections,
        )
        said.append(count % {"count": corrections})
    return "; ".join(said)


def steps_of(where: Standing) -> list[tuple[str, str]]:
    """The steps of a submission with how each stands: "done", "now" or "later"."""
    waits = where.state is ApprovalState.IN_REVIEW
    return [
        (
            str(step["name"]),
            "done" if number < where.step else "now" if waits and number == where.step else "later",
        )
        for number, step in enumerate(where.steps)
    ]


def _board_row(item: ItemReadiness) -> BoardRow:
    edit = reverse("wagtailadmin_pages:edit", args=[item.number])

    def linked(weight: Weight) -> list[tuple[Check, str]]:
        return [(each, f"{edit}#{each.anchor}" if each.anchor else "") for each in item.of(weight)]

    return BoardRow(item.title, linked(Weight.BLOCKS), linked(Weight.HIDES), linked(Weight.ADVISED))


def _changed_pages(exhibition: ExhibitionPage, ready: Readiness) -> list[ChangedPage]:
    """The pages of a published exhibition with a newer draft, that are not under approval."""
    below = Page.objects.filter(path__startswith=exhibition.path, locked=False, alias_of=None)
    checks = {item.number: _board_row(item).blocking for item in ready.blocking}
    return [
        ChangedPage(page, checks.get(page.pk, []))
        for page in below.filter(has_unpublished_changes=True).order_by("path")
    ]


def _opening_effect(submission: Submission, exhibition: ExhibitionPage) -> str:
    """When the public will read what is approved: by the hour it was submitted with."""
    first = submission.pages.select_related("revision").first()
    if submission.scope != SubmissionScope.WHOLE or first is None:
        return ""
    state_of(exhibition)  # reads the newest decision on its opening
    if exhibition.decision_state == OpeningState.OPEN:
        return gettext("It was opened by hand: it can be read as soon as it is published.")
    if exhibition.decision_state is None:
        opens_at = parse_datetime(str(_content(first).get("opens_at") or ""))
    else:
        opens_at = opening_moment(exhibition)
    if opens_at is None or exhibition.decision_state not in (None, OpeningState.ANNOUNCED):
        return gettext("No hour of opening is in force: it opens when somebody opens it by hand.")
    hour = date_format(by_our_clocks(opens_at), "H:i, j/n/Y")
    if opens_at <= timezone.now():
        text = gettext("Its hour of opening, %(hour)s, has passed: the public reads it at once.")
    else:
        text = gettext("It opens by itself at %(hour)s.")
    return text % {"hour": hour}


def _what_follows(where: Standing) -> str:
    """What a decision that was just recorded has brought about."""
    if where.state is ApprovalState.IN_REVIEW:
        return gettext("Recorded. It waits now at the step “%(step)s”.") % {"step": where.step_name}
    if where.state is ApprovalState.RETURNED:
        return gettext("Returned to its editors, with your reason. The pages can be changed again.")
    return gettext("Approved at the last step. It is being published now.")


class SubmissionView(ApprovalScreen):
    """What was submitted, on one page, with the decision that is asked for."""

    template_name = "exhibitions/admin/submission.html"
    page_title = _("Submission")

    submission: Submission

    def find(self, **kwargs: Any) -> ExhibitionPage:
        """By the number of the submission."""
        rows = Submission.objects.filter(exhibition__isnull=False).select_related("exhibition")
        self.submission = get_object_or_404(rows, pk=kwargs["submission_id"])
        self.where = standing_of(self.submission)
        self.form: DecisionForm | None = None
        self.paper_form: PaperForm | None = None
        self.refused_opinion: dict[int, str] = {}
        exhibition = self.submission.exhibition
        assert exhibition is not None
        return exhibition

    def may_come(self) -> bool:
        """Also those who decide on it, at the step where it waits or at another."""
        return super().may_come() or may_follow(self.user, self.where)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Decide, by oneself or for the leader who did on paper; or write opinions on pages.

        Whatever button was pressed, all that was typed on the screen is kept or shown again.
        """
        on_paper = "on_paper" in request.POST
        form = PaperForm(request.POST) if on_paper else DecisionForm(request.POST)
        if "opinion_on" in request.POST:
            return self._opinion(request.POST["opinion_on"], form)
        if isinstance(form, PaperForm):
            self.paper_form = form
        else:
            self.form = form
        decide = {APPROVE: approve, RETURN: give_back}.get(request.POST.get("verdict", ""))
        if decide is None:
            raise SuspiciousOperation("No such decision.")
        if not form.is_valid():
            self.refused_opinion = self._opinions_typed()
            return self._show()
        if may_give_opinion(self.user, self.where) and self._keep(self._opinions_typed()):
            return self._show()
        reasons = decide(
            self.submission,
            by=self.user,
            paper=form.paper(),
            note=form.cleaned_data["note"],
            seen=form.cleaned_data["seen"],
        )
        if any(reason.code == "overtaken" for reason in reasons):
            self.said(reasons, "")
            return self._show_anew(form)
        if reasons:
            form.say(reasons)
            return self._show()
        now = standing_of(Submission.objects.get(pk=self.submission.pk))
        messages.success(request, _what_follows(now))
        return redirect(submission_url(self.submission))

    def _opinions_typed(self) -> dict[int, str]:
        """What was typed beside pages, by page number."""
        numbers = self.submission.pages.filter(page__isnull=False).values_list("page_id", flat=True)
        typed = {number: self.request.POST.get(f"opinion-{number}", "") for number in numbers}
        return {number: text for number, text in typed.items() if number and text.strip()}

    def _keep(self, typed: dict[int, str]) -> list[Reason]:
        """Keep opinions; those refused stay where they were typed, and the reasons are given."""
        against: list[Reason] = []
        for row in self.submission.pages.filter(page__in=typed).select_related("page"):
            text = typed[row.page_id or 0]
            reasons = give_opinion_on_submission(self.where, row.page, by=self.user, text=text)
            if reasons:
                self.refused_opinion[row.page_id or 0] = text
                against += reasons
                self.said(reasons, "")
        return against

    def _opinion(self, number: str, form: DecisionForm) -> HttpResponse:
        """Keep what was written beside pages, the one whose button was pressed or others."""
        rows = self.submission.pages.filter(page__isnull=False)
        row = get_object_or_404(rows, page_id=row_number(number))
        typed = {row.page_id or 0: "", **self._opinions_typed()}
        refused = self._keep(typed)
        if not refused:
            said = gettext("Your opinion on “%(title)s” is kept.") % {"title": row.title}
            messages.success(self.request, said)
        typed_again = form.typed_again(self.where)
        if refused or any(value for name, value in typed_again.initial.items() if name != "seen"):
            self._show_again(typed_again)
            return self.render_to_response(self.get_context_data())
        return redirect(f"{submission_url(self.submission)}#trang-{number}")

    def _show_again(self, form: DecisionForm) -> None:
        """Have ``form`` shown in its place: one's own decision, or that of a leader."""
        if isinstance(form, PaperForm):
            self.form, self.paper_form = None, form
        else:
            self.form, self.paper_form = form, None

    def _show_anew(self, form: DecisionForm) -> HttpResponse:
        """Where it stands now, with what was typed: in the form again, or to be copied."""
        self.where = standing_of(Submission.objects.get(pk=self.submission.pk))
        self._show_again(form.typed_again(self.where))
        typed = self._opinions_typed()
        if may_give_opinion(self.user, self.where):
            self.refused_opinion = typed
            typed = {}
        context = self.get_context_data()
        if context["form" if self.form else "paper_form"] is None:
            typed = {0: form.cleaned_data["note"], **typed}
        context["not_recorded"] = "\n\n".join(filter(None, typed.values()))
        return self.render_to_response(context)

    def _show(self) -> HttpResponse:
        messages.error(self.request, gettext("Not recorded yet: see what is said at the form."))
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The pages in the submitted versions, the steps, the decisions, the forms."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        where = self.where
        waits = where.state is ApprovalState.IN_REVIEW
        seen = {"seen": where.step}
        decides = waits and may_decide(self.user, where)
        records = waits and may_record(self.user)
        form = self.form or DecisionForm(initial=seen)
        paper_form = self.paper_form or PaperForm(initial=seen)
        context.update(
            exhibition=self.exhibition,
            submission=self.submission,
            where=where,
            steps=steps_of(where),
            progress=progress_of(self.submission)
            if where.state is ApprovalState.PUBLISHING
            else None,
            rows=submitted_rows(self.submission, self.refused_opinion),
            may_compare=self.exhibition.permissions_for_user(self.user).can_edit(),
            may_give_opinion=may_give_opinion(self.user, where),
            opinion_length=OPINION_LENGTH,
            form=form if decides else None,
            paper_form=paper_form if records else None,
            paper_open=self.paper_form is not None,
            opening_effect=_opening_effect(self.submission, self.exhibition),
            opinion_form="quyet-dinh" if decides else "ghi-nhan",
            approval_url=approval_url(self.exhibition),
            returned=Verdict.RETURNED.value,
            media=paper_form.media,
        )
        return context


def submitted_rows(
    submission: Submission, refused: Mapping[int, str] | None = None
) -> list[SubmittedRow]:
    """The pages of ``submission``, in the submitted versions, in reading order.

    With the opinions that wait on each, and what was ``refused`` as one, by page number.
    The number of queries does not depend on how many there are.
    """
    every = list(submission.pages.select_related("page__content_type", "revision"))
    frames = {row.pk: frame for row in every if (frame := _shown_frame(_content(row)))}
    pictures = thumbnails(frames.values(), PICTURE_BOX)
    hall = submission.exhibition
    opinions = waiting_opinions(hall) if hall else {}
    return [
        replace(
            _submitted_row(row, pictures.get(frames.get(row.pk, (0, 0)))),
            opinions=tuple(opinions.get(row.page_id or 0, ())),
            refused=(refused or {}).get(row.page_id or 0, ""),
        )
        for row in every
    ]


def _content(row: SubmittedPage) -> Content:
    """The page as it was submitted; nothing once it is deleted."""
    return row.revision.content if row.revision else {}


def _shown_frame(content: Content) -> ImageFrame | None:
    """The first picture of a page as it was submitted: of an item, or the cover."""
    cover = content.get("cover")
    return first_frame(content) or ((int(cover), 1) if cover else None)


def _compare_url(row: SubmittedPage) -> str:
    live = row.page.live_revision_id if row.page and row.page.live else None
    if not live or not row.revision_id or live == row.revision_id:
        return ""
    return reverse(
        "wagtailadmin_pages:revisions_compare", args=[row.page_id, live, row.revision_id]
    )


def _submitted_row(row: SubmittedPage, thumbnail: Thumbnail | None) -> SubmittedRow:
    content = _content(row)
    page = row.page
    return SubmittedRow(
        title=row.title,
        kind=str(page.page_type_display_name) if page else "",
        depth=max(page.depth - EXHIBITION_DEPTH, 0) if page else 0,
        caption=str(content.get("caption") or content.get("summary") or ""),
        preview_url=reverse(
            "wagtailadmin_pages:revisions_view", args=[row.page_id, row.revision_id]
        )
        if row.page_id and row.revision_id
        else "",
        compare_url=_compare_url(row),
        thumbnail=thumbnail,
        page=row.page_id or 0,
    )
