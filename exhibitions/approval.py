"""Approving an exhibition as a whole. The only place that writes submissions and decisions.

Submitting keeps the newest version of every page and locks them; at each step it is
approved or returned; after the last one a task publishes exactly those versions. Until
all are published the exhibition cannot be read, so nobody ever sees half of it, whenever
the task is killed. Once it is open, a changed page is submitted alone, as a correction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task
from wagtail.models import Page, Revision

from core.models import CustomDocument, User
from core.pictures import absolute_url
from core.tasks import is_waiting
from exhibitions.models import (
    ApprovalDecision,
    ApprovalState,
    ApprovalStep,
    ExhibitionPage,
    ItemPage,
    PartPage,
    Submission,
    SubmissionScope,
    SubmittedPage,
    Verdict,
)
from exhibitions.newest import newest_contents
from exhibitions.readiness import has_hours, readiness_of
from exhibitions.visibility import Reason, exhibition_is_readable, exhibition_of

OVER = (Verdict.RETURNED, Verdict.WITHDRAWN, Verdict.PUBLISHED)
"""Decisions after which a submission is over."""

NOTE_LIMIT = 2000
"""Characters of a note or an opinion. Longer remarks belong on paper, or to the items."""

AT_ONCE = 20
"""Pages that are published in one transaction: long enough to be quick, short enough to
let others write in between."""


@dataclass(frozen=True)
class Paper:
    """A decision on paper that is recorded for the leader who made it."""

    leader: str = ""
    number: str = ""
    decided_on: date | None = None
    signed_pdf: CustomDocument | None = None


@dataclass(frozen=True)
class Standing:
    """Where a submission stands."""

    state: ApprovalState
    submission: Submission | None = None
    decisions: tuple[ApprovalDecision, ...] = ()
    """Oldest first."""

    @property
    def is_open(self) -> bool:
        """Whether it is under approval, or approved and being published."""
        return self.state in (ApprovalState.IN_REVIEW, ApprovalState.PUBLISHING)

    @property
    def step(self) -> int:
        """How many steps have approved it: the index of the one it waits at."""
        return sum(each.verdict == Verdict.APPROVED for each in self.decisions)

    @property
    def steps(self) -> list[dict[str, Any]]:
        """The steps it goes through: ``name`` and ``group``, the number of the group."""
        return list(self.submission.steps) if self.submission else []

    @property
    def step_name(self) -> str:
        """What the step is called that it waits at; "" when it waits at none."""
        waits = self.state is ApprovalState.IN_REVIEW
        return str(self.steps[self.step]["name"]) if waits else ""

    @property
    def is_at_last_step(self) -> bool:
        """Whether the step it waits at is the last one: approving there publishes it."""
        waits = self.state is ApprovalState.IN_REVIEW
        return waits and self.submission is not None and self.step == self.submission.last_step

    @property
    def next_step_name(self) -> str:
        """What the step is called that comes after the one it waits at; "" after the last."""
        goes_on = self.state is ApprovalState.IN_REVIEW and not self.is_at_last_step
        return str(self.steps[self.step + 1]["name"]) if goes_on else ""

    @property
    def reason(self) -> str:
        """Why it was returned or taken back."""
        return self.decisions[-1].note if self.decisions else ""


NOT_SUBMITTED = Standing(ApprovalState.NONE)


def standing_of(submission: Submission) -> Standing:
    """Where ``submission`` stands, with its decisions. A list fetches these beforehand."""
    decisions = tuple(sorted(submission.decisions.all(), key=lambda row: row.pk))
    return Standing(_state(submission, decisions), submission, decisions)


def _state(submission: Submission, decisions: Sequence[ApprovalDecision]) -> ApprovalState:
    last = Verdict(decisions[-1].verdict) if decisions else None
    if last in OVER:
        return ApprovalState(last.value)
    approved = sum(each.verdict == Verdict.APPROVED for each in decisions)
    return ApprovalState.PUBLISHING if approved > submission.last_step else ApprovalState.IN_REVIEW


def standing(exhibition: ExhibitionPage) -> Standing:
    """Where the whole of ``exhibition`` stands with its newest submission."""
    submissions = Submission.objects.filter(exhibition=exhibition, scope=SubmissionScope.WHOLE)
    newest = submissions.first()
    return standing_of(newest) if newest else NOT_SUBMITTED


def standings(exhibitions: Iterable[int]) -> dict[int, Standing]:
    """Where each of ``exhibitions``, by number, stands with its newest submission as a whole.

    One that was never submitted has no entry. Two queries, however many there are.
    """
    whole = Submission.objects.filter(scope=SubmissionScope.WHOLE)
    newest = whole.filter(exhibition=OuterRef("exhibition")).order_by("-pk").values("pk")[:1]
    rows = whole.filter(exhibition__in=exhibitions, pk=Subquery(newest))
    return {
        number: standing_of(each)
        for each in rows.prefetch_related("decisions")
        if (number := each.exhibition_id)
    }


def count_corrections(exhibitions: Iterable[int]) -> Counter[int]:
    """How many corrections of each of ``exhibitions`` are under approval. One query."""
    over = ApprovalDecision.objects.filter(verdict__in=OVER).values("submission_id")
    rows = Submission.objects.filter(
        exhibition__in=exhibitions, scope=SubmissionScope.CORRECTION
    ).exclude(pk__in=over)
    return Counter(number for number in rows.values_list("exhibition_id", flat=True) if number)


def unfinished() -> list[Standing]:
    """Every submission that is under approval or being published, oldest first. Two queries."""
    over = ApprovalDecision.objects.filter(verdict__in=OVER).values("submission_id")
    rows = Submission.objects.exclude(pk__in=over).filter(exhibition__isnull=False)
    return [standing_of(each) for each in rows.prefetch_related("decisions").order_by("pk")]


def returned_to(user: User) -> list[Standing]:
    """What ``user`` submitted and was returned, and has not been submitted again since."""
    newest = Submission.objects.filter(
        exhibition=OuterRef("exhibition"), scope=OuterRef("scope")
    ).order_by("-pk")
    rows = Submission.objects.filter(
        by=user, exhibition__isnull=False, pk=Subquery(newest.values("pk")[:1])
    )
    every = [standing_of(each) for each in rows.prefetch_related("decisions")]
    return [each for each in every if each.state is ApprovalState.RETURNED]


def corrections(exhibition: ExhibitionPage) -> list[Standing]:
    """The corrections of single pages that are under approval now, newest first."""
    rows = Submission.objects.filter(exhibition=exhibition, scope=SubmissionScope.CORRECTION)
    every = [standing_of(each) for each in rows.prefetch_related("decisions")]
    return [each for each in every if each.is_open]


def may_submit(user: User, exhibition: ExhibitionPage) -> bool:
    """Whether ``user`` may submit ``exhibition``, and take the submission back."""
    may_edit: bool = exhibition.permissions_for_user(user).can_edit()
    return may_edit and user.has_perm("exhibitions.submit_exhibition")


def may_decide(user: User, where: Standing) -> bool:
    """Whether ``user`` decides at the step where a submission waits: a member of its group."""
    if where.state is not ApprovalState.IN_REVIEW:
        return False
    group = where.steps[where.step]["group"]
    return user.is_active and user.groups.filter(pk=group).exists()


def may_follow(user: User, where: Standing) -> bool:
    """Whether ``user`` may see what became of a submission: a member of one of its groups.

    Who decided, or was about to when somebody else did, thus still finds it.
    """
    groups = [step["group"] for step in where.steps]
    return user.is_active and user.groups.filter(pk__in=groups).exists()


def may_record(user: User) -> bool:
    """Whether ``user`` may record a decision for the leader who made it on paper."""
    return user.has_perm("exhibitions.record_approval")


# Submitting


def submission_gate(exhibition: ExhibitionPage) -> list[Reason]:
    """What stands against submitting the whole of ``exhibition``."""
    reasons = _reasons_against_any(exhibition)
    if exhibition_is_readable(exhibition):
        reasons.append(
            Reason(
                "already_open",
                _("The public reads it already: submit each changed page as a correction."),
            )
        )
    elif corrections(exhibition):
        reasons.append(
            Reason(
                "corrections_open", _("Corrections of it are under approval; decide them first.")
            )
        )
    reasons += _reasons_in_hours(
        [exhibition, *PartPage.objects.filter(path__startswith=exhibition.path)]
    )
    ready = readiness_of(exhibition)
    if not ready.items:
        reasons.append(Reason("empty", _("There is no item in it.")))
    if ready.blocking:
        names = ", ".join(f"“{item.title}”" for item in ready.blocking[:3])
        reasons.append(
            Reason(
                "not_ready",
                _("%(count)d items are not ready: %(names)s … See the board.")
                % {"count": len(ready.blocking), "names": names},
            )
        )
    return reasons


def correction_gate(page: Page) -> list[Reason]:
    """What stands against submitting ``page``, of an exhibition, as a correction."""
    exhibition = exhibition_of(page)
    if exhibition is None:
        return [Reason("no_exhibition", _("The page is in no exhibition."))]
    reasons = _reasons_against_any(exhibition)
    if not page.has_unpublished_changes:
        reasons.append(Reason("nothing_new", _("Nothing has been changed since it was published.")))
    if not exhibition.live:
        reasons.append(Reason("not_published", _("Submit the exhibition as a whole first.")))
    if page.locked:
        reasons.append(Reason("locked", _("The page is under approval already.")))
    if not isinstance(page, ItemPage):  # of an item it is one of the checks below
        reasons += _reasons_in_hours([page])
    if isinstance(page, ItemPage):
        ready = [each for each in readiness_of(exhibition).blocking if each.number == page.pk]
        reasons += [Reason(check.code, check.text) for each in ready for check in each.checks]
    return reasons


def _reasons_in_hours(pages: Sequence[Page]) -> list[Reason]:
    """That some of ``pages`` would appear, or vanish, by Wagtail's clock and not together."""
    contents = newest_contents(pages)
    scheduled = [
        page for page in pages if has_hours(contents.get(page.pk) or page.serializable_data())
    ]
    if not scheduled:
        return []
    names = ", ".join(f"“{page.draft_title or page.title}”" for page in scheduled[:3])
    text = _("Take back the hours of %(names)s: the exhibition opens as a whole, at its own hour.")
    return [Reason("scheduled", text % {"names": names})]


def _reasons_against_any(exhibition: ExhibitionPage) -> list[Reason]:
    reasons = []
    if exhibition.alias_of_id:
        reasons.append(Reason("alias", _("This is shown from another place: submit that one.")))
    if not ApprovalStep.objects.exists():
        reasons.append(
            Reason("no_steps", _("No steps of approval are set up; pages are published singly."))
        )
    if standing(exhibition).is_open:
        reasons.append(Reason("under_approval", _("The exhibition is under approval already.")))
    return reasons


@transaction.atomic
def submit(exhibition: ExhibitionPage, *, by: User, note: str = "") -> list[Reason]:
    """Put the newest versions of all pages of ``exhibition`` before those who approve.

    Returns what stands against it; an empty list means it is submitted, and locked.
    Raises PermissionDenied unless ``by`` may submit.
    """
    if not may_submit(by, exhibition):
        raise PermissionDenied
    hall = _locked(exhibition)
    reasons = [*submission_gate(hall), *_reasons_in_note(note)]
    if not reasons:
        pages = list(
            Page.objects.filter(path__startswith=hall.path, alias_of=None).order_by("path")
        )
        _tell(_write(hall, SubmissionScope.WHOLE, pages, by=by, note=note))
    return reasons


@transaction.atomic
def submit_correction(page: Page, *, by: User, note: str = "") -> list[Reason]:
    """Put the newest version of one page of an exhibition before those who approve.

    Returns what stands against it. Raises PermissionDenied unless ``by`` may submit.
    """
    exhibition = exhibition_of(page)
    if exhibition is None:
        return correction_gate(page)
    if not (may_submit(by, exhibition) and page.permissions_for_user(by).can_edit()):
        raise PermissionDenied
    hall = _locked(exhibition)
    fresh = Page.objects.get(pk=page.pk).specific
    reasons = [*correction_gate(fresh), *_reasons_in_note(note)]
    if not reasons:
        _tell(_write(hall, SubmissionScope.CORRECTION, [fresh], by=by, note=note))
    return reasons


def _locked(exhibition: ExhibitionPage) -> ExhibitionPage:
    """The exhibition as it is now, held until the transaction ends.

    Two who press a button at once thus come one after the other, and the second sees
    what the first did.
    """
    return ExhibitionPage.objects.select_for_update(of=("self",)).get(pk=exhibition.pk)


def _write(
    exhibition: ExhibitionPage, scope: SubmissionScope, pages: list[Page], *, by: User, note: str
) -> Submission:
    steps = [{"name": each.name, "group": each.group_id} for each in ApprovalStep.objects.all()]
    submission = Submission.objects.create(
        exhibition=exhibition,
        exhibition_title=exhibition.title,
        scope=scope,
        steps=steps,
        last_step=len(steps) - 1,
        by=by,
        by_name=str(by),
        note=note,
    )
    SubmittedPage.objects.bulk_create(
        SubmittedPage(
            submission=submission,
            page=page,
            title=page.draft_title or page.title,
            revision_id=page.latest_revision_id or _first_version(page, by).pk,
            position=position,
        )
        for position, page in enumerate(pages)
    )
    Page.objects.filter(pk__in=[page.pk for page in pages]).update(
        locked=True, locked_by=None, locked_at=timezone.now()
    )
    return submission


def _first_version(page: Page, by: User) -> Revision:
    """A version of a page that was never saved as a draft: as it is."""
    return page.specific.save_revision(user=by, changed=False, clean=False)


# Deciding


def decision_gate(where: Standing, seen: int | None) -> list[Reason]:
    """What stands against deciding now; ``seen`` is the step the decision was made for."""
    if where.state is not ApprovalState.IN_REVIEW or (seen is not None and seen != where.step):
        return [
            Reason("overtaken", _("Somebody has decided meanwhile. Look at where it stands now."))
        ]
    return []


def approve(
    submission: Submission,
    *,
    by: User,
    paper: Paper | None = None,
    note: str = "",
    seen: int | None,
) -> list[Reason]:
    """Approve ``submission`` at the step where it waits; after the last it is published.

    With ``paper`` the decision is a leader's, recorded by an authorised person; else it
    is ``by``'s own. ``seen`` is the number of the step as it was shown. Returns the
    reasons against it. Raises PermissionDenied.
    """
    return _decide(submission, Verdict.APPROVED, by=by, paper=paper, note=note, seen=seen)


def give_back(
    submission: Submission, *, by: User, paper: Paper | None = None, note: str, seen: int | None
) -> list[Reason]:
    """Return ``submission`` to its editors, with the reason. As :func:`approve` else."""
    return _decide(submission, Verdict.RETURNED, by=by, paper=paper, note=note, seen=seen)


@transaction.atomic
def take_back(submission: Submission, *, by: User, note: str = "") -> list[Reason]:
    """Take ``submission`` back before it is approved. Raises PermissionDenied."""
    exhibition = submission.exhibition
    if exhibition is None or not may_submit(by, exhibition):
        raise PermissionDenied
    _locked(exhibition)
    submission = Submission.objects.get(pk=submission.pk)  # as it is now, nothing remembered
    where = standing_of(submission)
    reasons = [*decision_gate(where, None), *_reasons_in_note(note)]
    if not reasons:
        _record(submission, where, Verdict.WITHDRAWN, by=by, note=note)
        _unlock(submission)
    return reasons


@transaction.atomic
def _decide(
    submission: Submission,
    verdict: Verdict,
    *,
    by: User,
    paper: Paper | None,
    note: str,
    seen: int | None,
) -> list[Reason]:
    if submission.exhibition is None:
        raise PermissionDenied
    _locked(submission.exhibition)
    submission = Submission.objects.get(pk=submission.pk)  # as it is now, nothing remembered
    where = standing_of(submission)
    reasons = decision_gate(where, seen)
    if reasons:
        return reasons
    if not (may_record(by) if paper else may_decide(by, where)):
        raise PermissionDenied
    reasons = _reasons_in(verdict, paper, note)
    if reasons:
        return reasons
    _record(submission, where, verdict, by=by, paper=paper, note=note)
    if verdict is Verdict.RETURNED:
        _unlock(submission)
    if verdict is Verdict.APPROVED and where.step == submission.last_step:
        transaction.on_commit(lambda: publish_submission.enqueue(submission.pk))
    else:
        _tell(submission)
    return []


def _tell(submission: Submission) -> None:
    """Have those who are concerned told by mail where ``submission`` stands now."""
    number = submission.pk
    transaction.on_commit(lambda: tell_where_it_stands.enqueue(number))


def _reasons_in_note(note: str) -> list[Reason]:
    if len(note) <= NOTE_LIMIT:
        return []
    text = _("Keep it to %(most)d characters: there are %(count)d now.")
    return [Reason("note_too_long", text % {"most": NOTE_LIMIT, "count": len(note)})]


def _reasons_in(verdict: Verdict, paper: Paper | None, note: str) -> list[Reason]:
    reasons = _reasons_in_note(note)
    if verdict is Verdict.RETURNED and not note.strip():
        reasons.append(Reason("no_note", _("Say what has to be changed.")))
    if paper is not None:
        if not paper.leader.strip():
            reasons.append(Reason("no_leader", _("Say who decided.")))
        if paper.decided_on is None:
            reasons.append(Reason("no_date", _("Enter the date of the decision.")))
        elif paper.decided_on > timezone.localdate():
            reasons.append(Reason("future_date", _("This day lies in the future.")))
        if paper.signed_pdf and paper.signed_pdf.file_extension.lower() != "pdf":
            reasons.append(Reason("not_pdf", _("The signed version must be a PDF file.")))
    return reasons


def _record(
    submission: Submission,
    where: Standing,
    verdict: Verdict,
    *,
    by: User | None,
    paper: Paper | None = None,
    note: str = "",
) -> None:
    paper = paper or Paper()
    ApprovalDecision.objects.create(
        submission=submission,
        step=where.step,
        step_name=where.step_name,
        verdict=verdict,
        publishes=verdict is Verdict.APPROVED and where.step == submission.last_step,
        leader=paper.leader.strip(),
        decision_number=paper.number.strip(),
        decided_on=paper.decided_on,
        signed_pdf=paper.signed_pdf,
        by=by,
        by_name=str(by) if by else _("The system"),
        note=note,
    )


def _unlock(submission: Submission) -> None:
    """Take the lock off the pages of ``submission``, once it is over."""
    numbers = submission.pages.filter(page__isnull=False).values("page_id")
    Page.objects.filter(pk__in=numbers, locked_by=None).update(locked=False, locked_at=None)


@task(backend="jobs")
def tell_where_it_stands(submission_id: int) -> None:
    """Mail those a submission waits for, or who submitted it, where it stands now.

    A mail server that does not answer makes this job fail, and nothing else.
    """
    submission = Submission.objects.get(pk=submission_id)
    where = standing_of(submission)
    if where.state is ApprovalState.IN_REVIEW:
        group = where.steps[where.step]["group"]
        people = User.objects.filter(groups=group, is_active=True)
    elif where.state in (ApprovalState.RETURNED, ApprovalState.PUBLISHED):
        people = User.objects.filter(pk=submission.by_id or 0, is_active=True)
    else:
        return
    for person in people.exclude(email=""):
        with translation.override(settings.LANGUAGE_CODE):
            send_mail(_subject(where), _letter(submission, where), None, [person.email])


def _subject(where: Standing) -> str:
    """One line, whatever stands in a title."""
    title = " ".join(where.submission.exhibition_title.split()) if where.submission else ""
    said = {
        ApprovalState.IN_REVIEW: _("Waits for your decision: %(title)s"),
        ApprovalState.RETURNED: _("Returned: %(title)s"),
        ApprovalState.PUBLISHED: _("Approved and published: %(title)s"),
    }
    return said[where.state] % {"title": title}


def _letter(submission: Submission, where: Standing) -> str:
    address = reverse("exhibitions_admin:submission", args=[submission.pk])
    lines = [
        _("%(what)s, submitted by %(name)s.")
        % {"what": submission.get_scope_display().capitalize(), "name": submission.by_name},
        where.reason or submission.note,
        absolute_url(address),
    ]
    return "\n\n".join(line for line in lines if line)


# Publishing


@dataclass(frozen=True)
class Progress:
    """How far the publication of a submission has come."""

    published: int
    total: int


def progress_of(submission: Submission) -> Progress:
    """How many of the pages of ``submission`` are published in the submitted version."""
    rows = submission.pages.filter(page__isnull=False).values_list(
        "revision_id", "page__live_revision_id"
    )
    every = list(rows)
    return Progress(sum(wanted == live for wanted, live in every), len(every))


@task(backend="jobs")
def publish_submission(submission_id: int) -> None:
    """Publish exactly the submitted versions, the exhibition's own page last.

    May be killed and started again at any moment: what is published already is left
    out, and the exhibition cannot be read before all is (visibility asks for it).
    """
    submission = Submission.objects.get(pk=submission_id)
    if standing_of(submission).state is not ApprovalState.PUBLISHING:
        return
    rows = submission.pages.filter(page__isnull=False).exclude(
        page__live_revision_id=F("revision_id")
    )
    # Position 0 of the whole is the exhibition's own page.
    waiting = list(rows.order_by("-position"))
    for start in range(0, len(waiting), AT_ONCE):
        with transaction.atomic():
            _publish(waiting[start : start + AT_ONCE])
    finish_publication(submission)


def _publish(rows: Iterable[SubmittedPage]) -> None:
    for row in rows:
        assert row.revision is not None  # it goes with its page only
        # Reviewed already: neither the approver's rights nor later rules stop it half-way.
        row.revision.publish(user=None, log_action="wagtail.publish")


@transaction.atomic
def finish_publication(submission: Submission) -> None:
    """Record that everything is published, and take the lock off. From now on it can be read.

    While a page is not, it stays in publication: half an exhibition is never called whole.
    """
    if submission.exhibition is not None:
        _locked(submission.exhibition)
    where = standing_of(submission)
    progress = progress_of(submission)
    if where.state is ApprovalState.PUBLISHING and progress.published == progress.total:
        _record(submission, where, Verdict.PUBLISHED, by=None)
        _unlock(submission)
        _tell(submission)


def resume_publications() -> None:
    """A duty of the clockwork: go on where a publication was killed, or its task failed.

    One that cannot be published stops no other.
    """
    approved = ApprovalDecision.objects.filter(publishes=True).values("submission_id")
    over = ApprovalDecision.objects.filter(verdict__in=OVER).values("submission_id")
    for submission in Submission.objects.filter(pk__in=approved).exclude(pk__in=over):
        if not is_waiting(publish_submission, submission.pk):
            publish_submission.enqueue(submission.pk)
