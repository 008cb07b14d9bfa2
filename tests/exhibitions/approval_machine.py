"""A portal in which everybody tries everything, and what an anonymous visitor may see of it.

:class:`Office` is the portal with its people; every action goes through the admin, signed
in, as its forms send it. :func:`judge` says, from the rows alone and without a word of the
portal's own rule, what the public may see. :class:`Watch` compares what a visitor is
answered with that verdict, and what is published with what was reviewed.

Every version of every text has a token of its own, so a leak is found wherever it stands.
A token is looked for as ``tk0012q``; its page is searched by the word ``tim0012w`` beside
it, which the search page repeats.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from django.core.cache import cache
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.models import Page

from core.clockwork import registered_duties, resume_interrupted_jobs
from core.models import Organisation, RenditionSet, User
from core.roles import apply
from exhibitions import approval
from exhibitions.cooperation import hand_over
from exhibitions.models import (
    AccessLevel,
    ApprovalDecision,
    ApprovalStep,
    Clearance,
    ClearanceState,
    ExhibitionIndexPage,
    ExhibitionPage,
    ItemPage,
    Opening,
    OpeningState,
    PartPage,
    PreviewLink,
    Secrecy,
    Submission,
    SubmissionScope,
    SubmittedPage,
    Verdict,
)
from exhibitions.visibility import (
    exhibition_is_readable,
    page_is_public,
    public_items,
    public_page_ids,
    reasons_hidden,
    rendition_set_is_public,
)
from home.roles import TABLE, Role, group_of
from tests import factories

TOKEN = re.compile(r"tk\d{4}q")
EVERYWHERE = "chungcahai"
"""A word in the title of every page of an exhibition."""
MORNING = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
STEPS = (Role.HEAD_OF_DIVISION, Role.APPROVER)
MAY_CLEAR = MAY_OPEN = (Role.DIRECTOR_OF_THE_CENTRE, Role.APPROVER)
MAY_PUT_FORWARD = (Role.EDITOR,)
MAY_RECORD = (Role.CLERK,)
RUNS_OUT = timedelta(days=4)
"""How far the clock is ever put from where it began."""
PAGES_AT_ONCE = 2
OVER = {Verdict.RETURNED, Verdict.WITHDRAWN, Verdict.PUBLISHED}
NO_COMMENTS = {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
NO_HOURS = {"go_live_at": "", "expire_at": ""}


class Killed(BaseException):
    """The server's process ends here."""


# The office


@dataclass
class Clock:
    """The portal's time."""

    now: datetime = MORNING

    def __call__(self) -> datetime:
        return self.now

    def put(self, distance: timedelta) -> None:
        """Forward or back, and never further than :data:`RUNS_OUT` from the beginning."""
        wanted = self.now + distance
        self.now = min(max(wanted, MORNING - RUNS_OUT), MORNING + RUNS_OUT)


@dataclass
class Office:
    """Two exhibitions, one being made and one on display; people, a queue of jobs, a clock."""

    index: ExhibitionIndexPage
    draft: ExhibitionPage
    shown: ExhibitionPage
    people: dict[Role, User] = field(default_factory=dict)
    clients: dict[Role, Client] = field(default_factory=dict)
    visitor: Client = field(default_factory=Client)
    clock: Clock = field(default_factory=Clock)
    secrets: dict[int, str] = field(default_factory=dict)
    """What opens a preview link, by the number of its row."""
    tokens: int = 0
    pages_before_the_kill: int | None = None
    """Of the next publication; None: it is not killed."""

    def words(self, what: str) -> str:
        """A text that no other page or version has."""
        self.tokens += 1
        return f"{what} {EVERYWHERE} tk{self.tokens:04d}q tim{self.tokens:04d}w"

    # What is done by people

    def post(self, who: Role, name: str, *args: Any, query: str = "", **data: Any) -> Any:
        """Send a form of the admin as ``who``, and do what the portal does on commit."""
        address = f"{reverse(name, args=args)}{query}"
        with TestCase.captureOnCommitCallbacks(execute=True):
            return self.clients[who].post(address, data)

    def get(self, who: Role, name: str, *args: Any) -> Any:
        return self.clients[who].get(reverse(name, args=args))

    def send_item(self, who: Role, item: ItemPage, address: str = "edit", **typed: Any) -> Any:
        """Send the editor's form of an item as it stands, with what was typed into it."""
        args = [item.pk] if address == "edit" else [item.pk, typed.pop("version")]
        form = {**item_form(item), **typed}
        return self.post(who, f"wagtailadmin_pages:{address}", *args, **form)

    def send_part(self, who: Role, part: PartPage, **typed: Any) -> Any:
        newest = part.get_latest_revision_as_object()
        form = {
            "title": newest.title,
            "slug": newest.slug,
            "numeral_style": newest.numeral_style,
            "introduction": "null",
            "contributor": newest.contributor_id or "",
            "narrative-count": "0",
            **NO_HOURS,
            **NO_COMMENTS,
            **typed,
        }
        return self.post(who, "wagtailadmin_pages:edit", part.pk, **form)

    def send_exhibition(self, who: Role, exhibition: ExhibitionPage, **typed: Any) -> Any:
        newest = exhibition.get_latest_revision_as_object()
        form = {
            "title": newest.title,
            "slug": newest.slug,
            "summary": newest.summary,
            "kind": newest.kind,
            "cover": newest.cover_id or "",
            "opens_at": typed_hour(newest.opens_at),
            "closes_at": typed_hour(newest.closes_at),
            "foreword": "null",
            "credits": "null",
            "legal_texts-count": "0",
            "organisers-TOTAL_FORMS": "0",
            "organisers-INITIAL_FORMS": "0",
            "publication_ceiling": newest.publication_ceiling,
            "faint_mark": newest.faint_mark,
            **({"readable_after_closing": "on"} if newest.readable_after_closing else {}),
            **NO_HOURS,
            **NO_COMMENTS,
            **typed,
        }
        return self.post(who, "wagtailadmin_pages:edit", exhibition.pk, **form)

    def in_bulk(self, who: Role, action: str, page: Page, **data: Any) -> Any:
        query = f"?id={page.pk}&next=/admin/"
        return self.post(
            who, "wagtail_bulk_action", "wagtailcore", "page", action, query=query, **data
        )

    def approval(self, who: Role, exhibition: ExhibitionPage, action: str, **data: Any) -> Any:
        name = "exhibitions_admin:approval"
        return self.post(who, name, exhibition.pk, **{"action": action, "note": "Ghi chú", **data})

    def decide(self, who: Role, submission: Submission, verdict: str) -> Any:
        """Press the button for the step at which it waits."""
        return self.post(
            who,
            "exhibitions_admin:submission",
            submission.pk,
            verdict=verdict,
            seen=submission.decisions.count(),
            note="Xem lại",
        )

    def record(self, who: Role, submission: Submission, verdict: str) -> Any:
        """The same for a leader who decided on paper."""
        paper: dict[str, Any] = {
            "on_paper": "1",
            "verdict": verdict,
            "paper-seen": submission.decisions.count(),
            "paper-leader": "Giám đốc (mẫu)",
            "paper-number": "15/QĐ-SNV",
            "paper-decided_on": "20/11/2023",
            "paper-note": "Xem lại",
        }
        return self.post(who, "exhibitions_admin:submission", submission.pk, **paper)

    def take_step(self, who: Role, exhibition: ExhibitionPage, step: str, **data: Any) -> Any:
        return self.post(who, "exhibitions_admin:opening_step", exhibition.pk, step, **data)

    def clearance(self, who: Role, item: ItemPage, decision: str) -> Any:
        name = "exhibitions_admin:clearance"
        return self.post(who, name, item.pk, decision=decision, note="Rà soát")

    def put_through(self, exhibition: ExhibitionPage) -> Submission:
        """Submit and approve at every step; publishing is left to the queue."""
        self.approval(Role.EDITOR, exhibition, "submit")
        submission = newest_submission(exhibition)
        assert submission is not None
        for role in STEPS:
            self.decide(role, submission, "dong-y")
        return submission

    # What is done by nobody

    def work(self) -> str:
        """Do the jobs that wait; the first publication may be killed."""
        while job := DBTaskResult.objects.ready().first():
            job.claim("leader")
            try:
                with TestCase.captureOnCommitCallbacks(execute=True):
                    job.task.call(*job.args_kwargs["args"], **job.args_kwargs["kwargs"])
            except Killed:
                return "killed"
            job.set_successful(None)
        return "done"

    def begin_anew(self) -> str:
        """The server starts again after a kill: a new leader, its duties and its jobs."""
        self.pages_before_the_kill = None
        resume_interrupted_jobs()
        return self.do_duties()

    def do_duties(self) -> str:
        for duty in registered_duties():
            if duty.name in ("publish due pages", "resume publications"):
                with TestCase.captureOnCommitCallbacks(execute=True):
                    duty.work()
        return self.work()

    # What there is

    def exhibitions(self) -> list[ExhibitionPage]:
        return list(ExhibitionPage.objects.order_by("pk"))

    def parts(self) -> list[PartPage]:
        return list(PartPage.objects.order_by("pk"))

    def items(self) -> list[ItemPage]:
        return list(ItemPage.objects.order_by("pk"))

    def items_of(self, exhibition: ExhibitionPage) -> list[ItemPage]:
        return list(ItemPage.objects.filter(path__startswith=exhibition.path).order_by("path"))


def typed_hour(moment: datetime | None) -> str:
    """As the office types an hour."""
    return timezone.localtime(moment).strftime("%d/%m/%Y %H:%M") if moment else ""


def item_form(item: ItemPage) -> dict[str, Any]:
    """What the editor's form of an item sends when nothing is changed in it."""
    newest = item.get_latest_revision_as_object()
    media = list(newest.media.all())
    form: dict[str, Any] = {
        name: getattr(newest, name)
        for name in (
            "title",
            "slug",
            "kind",
            "reference",
            "caption",
            "source_person",
            "access_level",
            "original_secrecy",
            "declassification",
        )
    }
    form |= {"description": "null", **NO_HOURS, **NO_COMMENTS}
    form |= {"media-TOTAL_FORMS": len(media), "media-INITIAL_FORMS": len(media)}
    for number, medium in enumerate(media):
        row = {
            "id": medium.pk,
            "image": medium.image_id,
            "document": "",
            "label": "",
            "frame": medium.frame,
            "alt_text": "",
            "transcription": "null",
            "translation": "null",
            "ORDER": number + 1,
        }
        form |= {f"media-{number}-{name}": value for name, value in row.items()}
    return form


def newest_submission(exhibition: ExhibitionPage) -> Submission | None:
    return Submission.objects.filter(exhibition=exhibition).order_by("-pk").first()


def make_office(index: ExhibitionIndexPage) -> Office:
    """The office in the morning: all pages as last saved, all pictures made."""
    apply(TABLE)
    archive: Any = factories.OrganisationFactory(name="Trung tâm Lưu trữ lịch sử tỉnh Sơn La")
    office = Office(index, *(make_exhibition(index, live) for live in (False, True)))
    for role in Role:
        own = {"organisation": archive} if role is Role.COOPERATING_EDITOR else {}
        user: Any = factories.UserFactory(
            username=role.value, email=f"{role}@langson.gov.vn", **own
        )
        group_of(role).user_set.add(user)
    for position, role in enumerate(STEPS, start=1):
        group = group_of(role)
        ApprovalStep.objects.create(position=position, name=group.name, group=group)
    office.people = {role: User.objects.get(username=role.value) for role in Role}
    for exhibition in (office.draft, office.shown):
        fill(office, exhibition, archive)
    CreatePageAliasAction(
        office.items_of(office.shown)[0],
        parent=PartPage.objects.filter(path__startswith=office.shown.path).last(),
        update_slug="hien-lai",
    ).execute()
    for role, person in office.people.items():
        office.clients[role] = Client()
        office.clients[role].force_login(person)
    office.work()
    return office


def make_exhibition(index: ExhibitionIndexPage, live: bool) -> ExhibitionPage:
    made: ExhibitionPage = factories.ExhibitionPageFactory(
        parent=index,
        title="chưa đặt tên",
        slug="dang-trung-bay" if live else "dang-soan",
        live=live,
        faint_mark="" if live else "Lạng Sơn",
        opens_at=factories.LONG_AGO if live else MORNING + timedelta(hours=3),
    )
    return made


def fill(office: Office, exhibition: ExhibitionPage, archive: Organisation) -> None:
    """Two Parts, the first of which is the archive's, with three items and with two."""
    live = exhibition.live
    exhibition.title = exhibition.draft_title = office.words("Triển lãm")
    exhibition.summary = office.words("Giới thiệu")
    exhibition.save()
    pages: list[Any] = [exhibition]
    for place, count in enumerate((3, 2)):
        part = factories.PartPageFactory(
            parent=exhibition,
            title=office.words("Phần"),
            slug=f"phan-{place}",
            live=live,
            contributor=None if place else archive,
        )
        pages.append(part)
        for number in range(count):
            item = factories.ItemPageFactory(
                parent=part,
                title=office.words("Tài liệu"),
                slug=f"tai-lieu-{place}-{number}",
                caption=office.words("Chú thích"),
                reference=f"{exhibition.slug}-{place}-{number}",
                live=live,
            )
            factories.hang(item)
            factories.render(item.media.get().image, mark=exhibition.faint_mark)
            for state in decisions_on(live, number):
                factories.clear(item, state=state)
            pages.append(ItemPage.objects.get(pk=item.pk))
    # A scan as the cover of what is being made: it is shown no sooner than its item.
    exhibition.cover = pages[3].media.get().image
    for page in pages:
        page.save_revision()
        if live:
            page.get_latest_revision().publish()
    first = PartPage.objects.get(pk=pages[1].pk)
    assert hand_over(first, by=office.people[Role.HEAD_OF_DIVISION]) == []


def role_of(person: User | None) -> Role:
    assert person is not None, "nobody's account is deleted here"
    return Role(person.username)


def decisions_on(live: bool, number: int) -> list[ClearanceState]:
    """What was decided on an item before: on display stands one that was withdrawn, too."""
    cleared, withdrawn = ClearanceState.CLEARED, ClearanceState.WITHDRAWN
    if live:
        return [[cleared], [cleared, withdrawn, cleared], [cleared, withdrawn]][number]
    return [cleared] if number else []


# The verdict


@dataclass
class Verdicts:
    """What the public may see, by the rows."""

    now: datetime
    exhibitions: set[int] = field(default_factory=set)
    """Those it may know of."""
    readable: set[int] = field(default_factory=set)
    parts: set[int] = field(default_factory=set)
    items: set[int] = field(default_factory=set)
    pictures: set[int] = field(default_factory=set)
    tokens: set[str] = field(default_factory=set)

    @property
    def pages(self) -> set[int]:
        return self.exhibitions | self.parts | self.items


def newest_by(rows: Any, key: str, *values: str) -> dict[int, tuple[Any, ...]]:
    """Of append-only rows the newest for each ``key``."""
    return {row[0]: row[1:] for row in rows.order_by("pk").values_list(key, *values)}


def tokens_in(*texts: str) -> set[str]:
    return {token for text in texts for token in TOKEN.findall(text)}


def half_published() -> set[int]:
    """Numbers of the exhibitions that were approved at every step and are not all published."""
    unfinished = set()
    for submission in Submission.objects.filter(scope=SubmissionScope.WHOLE):
        verdicts = [Verdict(each.verdict) for each in submission.decisions.all()]
        approved = verdicts.count(Verdict.APPROVED) == len(submission.steps)
        if approved and not OVER & set(verdicts) and submission.exhibition_id:
            unfinished.add(submission.exhibition_id)
    return unfinished


Decided = tuple[str, datetime, datetime | None]
"""The newest opening by hand: its state, when it was decided, and the hour it set."""


def is_open(page: ExhibitionPage, decided: Decided | None, now: datetime) -> bool:
    """By hand, or else by the clock; what a hand opened, at once or for an hour, closes at its."""
    begun = page.opens_at is not None and page.opens_at <= now
    ended = page.closes_at is not None and page.closes_at <= now
    after = page.readable_after_closing
    if decided is None:
        return begun and (after or not ended)
    state, at, hour = decided
    if state == OpeningState.OPEN or (state == OpeningState.ANNOUNCED and hour and hour <= now):
        closed_since = page.closes_at is not None and ended and page.closes_at > at
        return after or not closed_since
    return after and state in (OpeningState.CLOSED, OpeningState.ARCHIVED)


def judge(now: datetime) -> Verdicts:
    """What the public may see at ``now``, found without :mod:`exhibitions.visibility`."""
    seen = Verdicts(now)
    live = dict(Page.objects.values_list("path", "live"))
    opened = newest_by(Opening.objects.all(), "exhibition_id", "state", "at", "opens_at")
    decided = newest_by(Clearance.objects.all(), "item_id", "state")
    unfinished = half_published()
    readable_paths: dict[str, ExhibitionPage] = {}

    def nothing_hidden(path: str) -> bool:
        """Whether it and all above it, below the home page, are published."""
        lengths = range(Page.steplen * 3, len(path) + 1, Page.steplen)
        return all(live[path[:length]] for length in lengths)

    for exhibition in ExhibitionPage.objects.all():
        source = exhibition.alias_of_id or exhibition.pk
        if not nothing_hidden(exhibition.path):
            continue
        seen.exhibitions.add(exhibition.pk)
        seen.tokens |= tokens_in(exhibition.title, exhibition.summary, exhibition.slug)
        by_hand = opened.get(source)
        if source not in unfinished and is_open(exhibition, by_hand, now):
            seen.readable.add(exhibition.pk)
            readable_paths[exhibition.path] = exhibition

    def hall_of(path: str) -> ExhibitionPage | None:
        return readable_paths.get(path[: Page.steplen * 4])

    for part in PartPage.objects.defer("narrative"):
        if hall_of(part.path) and nothing_hidden(part.path):
            seen.parts.add(part.pk)
            seen.tokens |= tokens_in(part.title, part.introduction, part.slug)
    shown_under: dict[tuple[int, int], set[tuple[int, str]]] = defaultdict(set)
    for item in ItemPage.objects.prefetch_related("media"):
        hall = hall_of(item.path)
        cleared = decided.get(item.alias_of_id or item.pk) == (ClearanceState.CLEARED,)
        secret = item.original_secrecy != Secrecy.NONE and not item.declassification
        free = item.access_level == AccessLevel.OPEN and not secret
        if hall and nothing_hidden(item.path) and cleared and free:
            seen.items.add(item.pk)
            seen.tokens |= tokens_in(item.title, item.caption, item.slug)
            for medium in item.media.all():
                profile = (hall.publication_ceiling, hall.faint_mark)
                shown_under[medium.image_id, medium.frame].add(profile)
    for made in RenditionSet.objects.filter(made_at__isnull=False):
        if (made.ceiling, made.mark) in shown_under[made.image_id, made.frame]:
            seen.pictures.add(made.pk)
    return seen


# Watching


Words = tuple[Any, ...]
"""What the public would read of a page, of one version."""


def words_of(page: Page) -> Words:
    names = {
        ItemPage: (
            "title",
            "caption",
            "source_person",
            "reference",
            "access_level",
            "original_secrecy",
            "declassification",
        ),
        PartPage: ("title", "introduction"),
        ExhibitionPage: (
            "title",
            "summary",
            "opens_at",
            "closes_at",
            "readable_after_closing",
            "publication_ceiling",
            "faint_mark",
        ),
    }[type(page)]
    return tuple(getattr(page, name) for name in names)


@dataclass
class Watch:
    """A visitor, and a reader of the records, who look after every action."""

    office: Office
    random: Random
    agreed: dict[int, Words] = field(default_factory=dict)
    """What of each page was published as the last step of an approval, or stood there at first."""
    submitted: dict[int, dict[int, Words]] = field(default_factory=dict)
    """What was put before the leaders, by submission and page."""
    finished: set[int] = field(default_factory=set)
    old_addresses: set[str] = field(default_factory=set)
    old_pictures: set[str] = field(default_factory=set)
    before: Any = None
    counts: Counter[str] = field(default_factory=Counter)
    """How often what was seen, so that a run that shows nothing is noticed."""

    def __post_init__(self) -> None:
        for page in self.pages():
            self.agreed[page.pk] = words_of(page)

    @staticmethod
    def pages() -> Iterator[Any]:
        for model in (ExhibitionPage, PartPage, ItemPage):
            yield from model.objects.order_by("path")

    def look(self, *, everywhere: bool = False) -> None:
        """Raise AssertionError with all that is wrong now.

        Looks at every address, or at the lists and at some.
        """
        seen = judge(self.office.clock.now)
        stands = self.stand(seen)
        if stands == self.before and not everywhere:
            return
        self.before = stands
        wrong = [*self.records(), *self.rules_that_differ(seen, everywhere)]
        wrong += self.answers(seen, everywhere)
        assert not wrong, "\n".join(wrong)

    @staticmethod
    def stand(seen: Verdicts) -> Any:
        """What was written or has come to its hour; else there is nothing new to look at."""
        columns = ("pk", "path", "title", "slug", "live", "locked", "latest_revision")
        return (
            seen.pages,
            seen.pictures,
            list(Page.objects.order_by("pk").values_list(*columns, "last_published_at")),
            list(RenditionSet.objects.order_by("pk").values_list("pk", "key", "made_at")),
            list(PreviewLink.objects.order_by("pk").values_list("pk", "revoked_at")),
            [model.objects.count() for model in (Submission, ApprovalDecision, Clearance, Opening)],
        )

    # The records

    def records(self) -> Iterator[str]:
        """What is published is what was reviewed, and those decided who may."""
        self.note_submissions()
        pending: dict[int, list[Words]] = defaultdict(list)
        for submission in Submission.objects.prefetch_related("decisions", "pages"):
            yield from self.decided_by_who_may(submission)
            verdicts = [Verdict(each.verdict) for each in submission.decisions.all()]
            if verdicts.count(Verdict.PUBLISHED) > 1:
                yield f"submission {submission.pk} was published twice"
            if not OVER & set(verdicts):
                yield from self.is_left_alone(submission)
            approved = verdicts.count(Verdict.APPROVED) == len(submission.steps)
            if Verdict.PUBLISHED in verdicts and not approved:
                yield f"submission {submission.pk} was published and not approved"
            if not approved:
                continue
            if Verdict.PUBLISHED not in verdicts:
                for number, words in self.submitted[submission.pk].items():
                    pending[number].append(words)
            elif submission.pk not in self.finished:
                self.finished.add(submission.pk)
                yield from self.is_whole(submission)
        yield from self.is_reviewed(pending)
        yield from self.cleared_and_opened_by_who_may()

    def note_submissions(self) -> None:
        for submission in Submission.objects.exclude(pk__in=self.submitted):
            rows = submission.pages.filter(page__isnull=False).select_related("revision")
            self.submitted[submission.pk] = {
                row.page_id: words_of(row.revision.as_object())
                for row in rows
                if row.page_id and row.revision
            }
            self.counts[f"submitted {submission.scope}"] += 1

    def decided_by_who_may(self, submission: Submission) -> Iterator[str]:
        for row in submission.decisions.all():
            if row.verdict == Verdict.PUBLISHED:
                continue
            role = role_of(row.by)
            if row.leader:
                may = role in MAY_RECORD
            elif row.verdict == Verdict.WITHDRAWN:
                may = role in MAY_PUT_FORWARD
            else:
                may = role is STEPS[row.step]
            if not may:
                yield f"{role}: {row.verdict} at step {row.step} of submission {submission.pk}"
        if role_of(submission.by) not in MAY_PUT_FORWARD:
            yield f"{role_of(submission.by)} submitted {submission.pk}"

    def is_left_alone(self, submission: Submission) -> Iterator[str]:
        """Nobody changes what is under approval, until all of it is published."""
        for row in submission.pages.filter(page__isnull=False).select_related("page"):
            if row.page and not row.page.locked:
                yield f"page {row.page_id} is under approval and not locked"
            if row.page and row.page.latest_revision_id != row.revision_id:
                yield f"page {row.page_id} was changed under approval"

    def is_whole(self, submission: Submission) -> Iterator[str]:
        """Called at the moment its publication is recorded as complete."""
        self.counts[f"published {submission.scope}"] += 1
        for number, words in self.submitted[submission.pk].items():
            page = Page.objects.filter(pk=number).first()
            if page is None:
                continue
            self.agreed[number] = words
            if not page.live or words_of(page.specific) != words:
                yield (
                    f"submission {submission.pk} is said to be published; page {number} "
                    f"({'live' if page.live else 'not live'}) reads {words_of(page.specific)}, "
                    f"reviewed was {words}"
                )

    def is_reviewed(self, pending: dict[int, list[Words]]) -> Iterator[str]:
        """Every published page reads as it was approved, or as it stood in the beginning."""
        for page in self.pages():
            source, words = page.alias_of_id or page.pk, words_of(page)
            if page.live and words not in [self.agreed.get(source), *pending[source]]:
                yield f"page {page.pk} is published and reads what nobody approved: {words}"

    @staticmethod
    def cleared_and_opened_by_who_may() -> Iterator[str]:
        for clearance in Clearance.objects.filter(by__isnull=False).select_related("by"):
            if role_of(clearance.by) not in MAY_CLEAR:
                yield f"{role_of(clearance.by)} decided on item {clearance.item_id}"
        for opening in Opening.objects.select_related("by"):
            if role_of(opening.by) not in MAY_OPEN:
                yield f"{role_of(opening.by)} opened exhibition {opening.exhibition_id}"

    # The portal's own rule

    def rules_that_differ(self, seen: Verdicts, everywhere: bool) -> Iterator[str]:
        """Where :mod:`exhibitions.visibility` says otherwise than the rows."""
        public = set(public_items().values_list("pk", flat=True))
        if public != seen.items:
            yield f"public_items differs on {sorted(public ^ seen.items)}"
        every = {page.pk: page for page in self.pages()}
        listed = public_page_ids(every)
        if listed != seen.pages:
            yield f"public_page_ids differs on {sorted(listed ^ seen.pages)}"
        asked = every if everywhere else self.random.sample(sorted(every), k=4)
        for number in asked:
            page = every[number]
            if page_is_public(page) != (number in seen.pages):
                yield f"page_is_public differs on {number}"
            if isinstance(page, ItemPage) and bool(reasons_hidden(page)) == (number in seen.items):
                yield f"reasons_hidden differs on {number}"
            readable = number in seen.readable
            if isinstance(page, ExhibitionPage) and exhibition_is_readable(page) != readable:
                yield f"exhibition_is_readable differs on {number}"
        sets = list(RenditionSet.objects.select_related("image").order_by("pk"))
        for made in sets if everywhere else self.random.sample(sets, k=4):
            if rendition_set_is_public(made) != (made.pk in seen.pictures):
                yield f"rendition_set_is_public differs on {made.pk}"

    # What a visitor is answered

    def answers(self, seen: Verdicts, everywhere: bool) -> Iterator[str]:
        """Every address, list and search, and what stands in each that must not."""
        self.counts["items seen"] += len(seen.items)
        every = list(self.pages())
        addresses = {page.get_url() or "": page.pk in seen.pages for page in every}
        self.old_addresses |= set(addresses)
        lists = ["/", self.office.index.get_url() or ""]
        turned = (1, 2) if everywhere else (self.random.choice((1, 2)),)
        lists += [f"/tim-kiem/?q={EVERYWHERE}&trang={number}" for number in turned]
        if everywhere:
            gone = self.old_addresses - set(addresses)
        else:
            chosen = self.random.sample(sorted(addresses), k=min(2, len(addresses)))
            addresses = {address: addresses[address] for address in chosen}
            old = sorted(self.old_addresses - set(addresses))
            gone = set(self.random.sample(old, k=min(1, len(old))))
        for address in [*lists, *addresses, *gone]:
            answer = self.office.visitor.get(address)
            text = answer.content.decode() + answer.get("Location", "")
            leaked = tokens_in(text) - seen.tokens
            if leaked:
                yield f"{address} ({answer.status_code}) shows {sorted(leaked)}"
            if address in lists and answer.status_code != 200:
                yield f"{address} answers {answer.status_code}"
            if address in addresses and (answer.status_code == 200) != addresses[address]:
                yield f"{address} answers {answer.status_code}, visible: {addresses[address]}"
        yield from self.found(seen, every if everywhere else self.random.sample(every, k=1))
        yield from self.pictures_answered(seen, everywhere)
        yield from self.waiting_telephones(seen)
        yield from self.previews()

    def found(self, seen: Verdicts, pages: list[Any]) -> Iterator[str]:
        """Each page is found by a word of its own exactly when it may be."""
        for page in pages:
            (token,) = tokens_in(page.title) or {""}
            if not token:
                continue
            number = token[2:6]
            text = self.office.visitor.get(f"/tim-kiem/?q=tim{number}w").content.decode()
            if (token in text) != (token in seen.tokens):
                yield f"searched for tim{number}w: found {token in text}, page {page.pk}"
            if leaked := tokens_in(text) - seen.tokens:
                yield f"searched for tim{number}w: shows {sorted(leaked)}"

    def pictures_answered(self, seen: Verdicts, everywhere: bool) -> Iterator[str]:
        made = list(RenditionSet.objects.order_by("pk"))
        now_used = {each.key for each in made}
        gone = sorted(self.old_pictures - now_used)
        self.old_pictures |= now_used
        if not everywhere:
            made = self.random.sample(made, k=min(2, len(made)))
            gone = self.random.sample(gone, k=min(1, len(gone)))
        for each in made:
            if self.status(f"/h/{each.key}/640.webp") != (200 if each.pk in seen.pictures else 404):
                yield f"picture set {each.pk} of image {each.image_id}: {each.pk in seen.pictures}"
        for key in gone:
            if self.status(f"/h/{key}/640.webp") != 404:
                yield f"the picture at the old address {key} is still there"

    def status(self, address: str) -> int:
        answer = self.office.visitor.get(address)
        if answer.streaming:
            # Read to the end it closes its file, and leaves the test's connection alone.
            list(answer.streaming_content)
        return int(answer.status_code)

    def waiting_telephones(self, seen: Verdicts) -> Iterator[str]:
        for exhibition in self.office.exhibitions():
            status = self.status(reverse("opening_status", args=[exhibition.pk]))
            if (status == 200) != (exhibition.pk in seen.exhibitions):
                yield f"the state of exhibition {exhibition.pk} is answered with {status}"

    def previews(self) -> Iterator[str]:
        """A link shows nothing once it has ended, and never what is restricted."""
        cache.clear()
        for link in PreviewLink.objects.filter(pk__in=self.office.secrets):
            prefix = reverse("shared_preview", args=[self.office.secrets[link.pk], ""])
            works = link.revoked_at is None and self.office.clock.now < link.expires_at
            answer = self.office.visitor.get(prefix, follow=True)
            if answer.status_code != (200 if works else 410):
                yield f"preview link {link.pk} answers {answer.status_code}, works: {works}"
            text = answer.content.decode()
            hidden = restricted_tokens(link.exhibition) if works else tokens_in(text)
            if leaked := tokens_in(text) & hidden:
                yield f"preview link {link.pk} shows {sorted(leaked)}"


def restricted_tokens(exhibition: ExhibitionPage) -> set[str]:
    """Tokens of the items that are restricted as published, or as last saved."""
    tokens = set()
    for item in ItemPage.objects.filter(path__startswith=exhibition.path):
        for version in (item, item.get_latest_revision_as_object()):
            secret = version.original_secrecy != Secrecy.NONE and not version.declassification
            if secret or version.access_level == AccessLevel.CONDITIONAL:
                for each in (item, item.get_latest_revision_as_object()):
                    tokens |= tokens_in(each.title, each.caption)
    return tokens


# The machine


@dataclass
class Machine:
    """Draws who does what, and does it."""

    office: Office
    random: Random
    said: list[str] = field(default_factory=list)
    """What was done: "who: what → answer"."""

    def anybody(self, *fit: Role) -> Role:
        """Mostly somebody whose business it is."""
        if fit and self.random.random() < 0.8:
            return self.random.choice(fit)
        return self.random.choice(list(Role))

    def some(self, things: list[Any]) -> Any:
        return self.random.choice(things) if things else None

    def step(self) -> None:
        """One action, and mostly the work of the queue after it."""
        names = list(WEIGHTS)
        (name,) = self.random.choices(names, weights=[WEIGHTS[each] for each in names])
        self.office.clock.put(timedelta(seconds=20))
        done = getattr(self, name)()
        if done is None:
            self.said.append(f"nobody: {name} → nothing there")
            return
        who, what, answer = done
        status = getattr(answer, "status_code", answer)
        self.said.append(f"{who}: {what} → {status}")
        assert not isinstance(status, int) or status < 500
        if name not in ("works", "is_killed") and self.random.random() < 0.6:
            self.said.append(f"nobody: the queue → {self.office.work()}")

    # Writing

    def saves(self, **button: str) -> Any:
        item = self.some(self.office.items())
        if item is None:
            return None
        who = self.anybody(Role.EDITOR, Role.COOPERATING_EDITOR, Role.HEAD_OF_DIVISION)
        typed = {
            "caption": self.office.words("Chú thích"),
            "reference": item.reference or f"S-{self.office.tokens}",
            **self.random.choice(RESTRICTIONS),
            **button,
        }
        if self.random.random() < 0.3:
            typed["title"] = self.office.words("Tài liệu")
        said = {name: typed[name] for name in typed if name not in ("caption", "reference")}
        return (
            who,
            f"item {item.pk} := {typed['caption'][-16:-9]} {said}",
            self.office.send_item(who, item, **typed),
        )

    def saves_and_publishes(self) -> Any:
        return self.saves(**{"action-publish": "1"})

    def mends(self) -> Any:
        """The editor makes an exhibition ready to be submitted."""
        exhibition = self.some(self.office.exhibitions())
        answers = []
        for item in self.office.items_of(exhibition):
            newest = item.get_latest_revision_as_object()
            ready = newest.reference and not newest.go_live_at and not newest.expire_at
            if item.alias_of_id or (ready and not secrecy_open(newest)):
                continue
            reference = newest.reference or f"S-{item.pk}"
            typed = {"reference": reference, "declassification": "Quyết định 12/QĐ (mẫu)"}
            answers.append(self.office.send_item(Role.EDITOR, item, **typed).status_code)
        return Role.EDITOR, f"mends exhibition {exhibition.pk}", str(answers)

    def writes_on_a_part(self) -> Any:
        part = self.some(self.office.parts())
        if part is None:
            return None
        who = self.anybody(Role.EDITOR, Role.COOPERATING_EDITOR)
        typed = {
            "title": self.office.words("Phần"),
            **self.random.choice([{}, {}, self.hour(), {"action-publish": "1"}]),
        }
        return who, f"Part {part.pk} := {typed}", self.office.send_part(who, part, **typed)

    def writes_on_an_exhibition(self) -> Any:
        exhibition = self.some(self.office.exhibitions())
        who = self.anybody(Role.EDITOR, Role.DIRECTOR_OF_THE_CENTRE)
        near = self.office.clock.now + timedelta(hours=self.random.choice([-3, 1, 5]))
        typed = self.random.choice(
            [
                {"summary": self.office.words("Giới thiệu")},
                {"title": self.office.words("Triển lãm"), "action-publish": "1"},
                {"opens_at": typed_hour(near), "closes_at": ""},
                {"opens_at": typed_hour(near), "closes_at": typed_hour(near + timedelta(hours=2))},
                {"readable_after_closing": ""},
                {"faint_mark": self.random.choice(["", "Lạng Sơn"])},
                {"summary": self.office.words("Giới thiệu"), **self.hour()},
            ]
        )
        answer = self.office.send_exhibition(who, exhibition, **typed)
        return who, f"exhibition {exhibition.pk} := {typed}", answer

    def hour(self) -> dict[str, str]:
        """An hour at which a page is to be published, or to end."""
        hours = self.random.choice([1, 30])
        name = self.random.choice(["go_live_at", "expire_at"])
        return {name: typed_hour(self.office.clock.now + timedelta(hours=hours))}

    def sets_an_hour(self) -> Any:
        item = self.some(self.office.items())
        if item is None:
            return None
        who = self.anybody(Role.EDITOR)
        typed = {**self.hour(), **self.random.choice([{}, {"action-publish": "1"}])}
        return who, f"item {item.pk} at {typed}", self.office.send_item(who, item, **typed)

    def goes_back(self) -> Any:
        item = self.some(self.office.items())
        older = self.some(list(item.revisions.order_by("pk"))) if item else None
        if older is None:
            return None
        who = self.anybody(Role.EDITOR)
        then = older.as_object()
        typed = {
            "title": then.title,
            "caption": then.caption,
            "revision": older.pk,
            **self.random.choice([{}, {"action-publish": "1"}]),
        }
        what = f"item {item.pk} back to version {older.pk} {'action-publish' in typed}"
        return who, what, self.office.send_item(who, item, **typed)

    # Wagtail's buttons

    def page(self) -> Any:
        return self.some(list(Watch.pages()))

    def publishes_in_bulk(self) -> Any:
        page = self.page()
        who = self.anybody(Role.EDITOR, Role.APPROVER)
        answer = self.office.in_bulk(who, "publish", page, include_descendants="on")
        return who, f"bulk publish {page.pk}", answer

    def unpublishes(self) -> Any:
        page = self.page()
        who = self.anybody(Role.EDITOR, *MAY_OPEN)
        below = self.random.choice([{}, {"include_descendants": "on"}])
        if self.random.random() < 0.5:
            answer = self.office.in_bulk(who, "unpublish", page, **below)
            return who, f"bulk unpublish {page.pk} {below}", answer
        answer = self.office.post(who, "wagtailadmin_pages:unpublish", page.pk, **below)
        return who, f"unpublish {page.pk} {below}", answer

    def copies(self) -> Any:
        page = self.some([*self.office.items(), *self.office.parts()])
        items = isinstance(page, ItemPage)
        destination = self.some(self.office.parts() if items else self.office.exhibitions())
        if destination is None:
            return None
        who = self.anybody(Role.EDITOR, Role.COOPERATING_EDITOR)
        ticked = self.random.choice([{}, {"publish_copies": "on"}, {"alias": "on"}])
        if not items:
            ticked = {**ticked, "copy_subpages": "on"}
        answer = self.office.post(
            who,
            "wagtailadmin_pages:copy",
            page.pk,
            new_title=self.office.words("Bản sao"),
            new_slug=f"ban-sao-{self.office.tokens}",
            new_parent_page=destination.pk,
            **ticked,
        )
        return who, f"copy {page.pk} to {destination.pk} {ticked}", answer

    def moves(self) -> Any:
        page = self.some([*self.office.items(), *self.office.parts()])
        items = isinstance(page, ItemPage)
        destination = self.some(self.office.parts() if items else self.office.exhibitions())
        if destination is None:
            return None
        who = self.anybody(Role.EDITOR, Role.COOPERATING_EDITOR)
        if self.random.random() < 0.5:
            answer = self.office.in_bulk(who, "move", page, chooser=destination.pk)
            return who, f"bulk move {page.pk} to {destination.pk}", answer
        name = "wagtailadmin_pages:move_confirm"
        answer = self.office.post(who, name, page.pk, destination.pk)
        return who, f"move {page.pk} to {destination.pk}", answer

    def deletes(self) -> Any:
        page = self.some([*self.office.items(), *self.office.items(), *self.office.parts()])
        if page is None:
            return None
        who = self.anybody(Role.EDITOR, Role.COOPERATING_EDITOR)
        if self.random.random() < 0.5:
            return who, f"bulk delete {page.pk}", self.office.in_bulk(who, "delete", page)
        answer = self.office.post(who, "wagtailadmin_pages:delete", page.pk)
        return who, f"delete {page.pk}", answer

    def unlocks(self) -> Any:
        page = self.page()
        who = self.anybody(Role.ADMINISTRATOR)
        name = self.random.choice(["lock", "unlock"])
        answer = self.office.post(who, f"wagtailadmin_pages:{name}", page.pk)
        return who, f"{name} {page.pk}", answer

    # Approval

    def submits(self) -> Any:
        """Mostly what is not open: what the public reads is corrected page by page."""
        every = self.office.exhibitions()
        shut = [each for each in every if not exhibition_is_readable(each)]
        exhibition = self.some(shut if shut and self.random.random() < 0.8 else every)
        who = self.anybody(Role.EDITOR)
        answer = self.office.approval(who, exhibition, "submit")
        return who, f"submit exhibition {exhibition.pk}", answer

    def takes_back(self) -> Any:
        exhibition = self.some(self.office.exhibitions())
        who = self.anybody(Role.EDITOR)
        answer = self.office.approval(who, exhibition, "take-back")
        return who, f"take back exhibition {exhibition.pk}", answer

    def corrects(self) -> Any:
        changed = Page.objects.filter(has_unpublished_changes=True, depth__gte=4)
        page = self.some(list(changed.order_by("pk"))) or self.page()
        exhibition = ExhibitionPage.objects.filter(path=page.path[: Page.steplen * 4]).first()
        if exhibition is None:
            return None
        who = self.anybody(Role.EDITOR)
        answer = self.office.approval(who, exhibition, "correct", page=page.pk)
        return who, f"correct {page.pk} of exhibition {exhibition.pk}", answer

    def waiting(self) -> Submission | None:
        """One that waits for a decision; now and then any."""
        every = list(Submission.objects.order_by("pk"))
        over = ApprovalDecision.objects.filter(verdict__in=OVER).values("submission_id")
        waits = [
            each
            for each in Submission.objects.exclude(pk__in=over).order_by("pk")
            if each.decisions.count() < len(each.steps)
        ]
        chosen: Submission | None = self.some(every if self.random.random() < 0.1 else waits)
        return chosen

    def decides(self, verdict: str = "dong-y") -> Any:
        submission = self.waiting()
        if submission is None:
            return self.submits()
        step = min(submission.decisions.count(), len(STEPS) - 1)
        who = self.anybody(STEPS[step])
        answer = self.office.decide(who, submission, verdict)
        return who, f"{verdict} submission {submission.pk}", answer

    def returns(self) -> Any:
        return self.decides("tra-lai")

    def records(self) -> Any:
        submission = self.waiting()
        if submission is None:
            return None
        who = self.anybody(Role.CLERK)
        verdict = self.random.choice(["dong-y", "dong-y", "tra-lai"])
        answer = self.office.record(who, submission, verdict)
        return who, f"records {verdict} on submission {submission.pk}", answer

    # Clearance and opening

    def clears(self) -> Any:
        item = self.some(self.office.items())
        if item is None:
            return None
        who = self.anybody(*MAY_CLEAR)
        decision = self.random.choice(["grant", "grant", "withdraw"])
        return who, f"{decision} item {item.pk}", self.office.clearance(who, item, decision)

    def clears_the_list(self) -> Any:
        exhibition = self.some(self.office.exhibitions())
        who = self.anybody(*MAY_CLEAR)
        answer = self.office.post(
            who,
            "exhibitions_admin:display_list",
            exhibition.pk,
            item=[item.pk for item in self.office.items_of(exhibition)],
            number="15/QĐ-SNV",
            decided_on="20/11/2023",
            note="",
        )
        return who, f"clear the list of exhibition {exhibition.pk}", answer

    def opens(self) -> Any:
        exhibition = self.some(self.office.exhibitions())
        who = self.anybody(*MAY_OPEN)
        step = self.random.choice(
            ["khai-truong", "khai-truong", "gio-khai-mac", "hoan", "ket-thuc", "luu-tru"]
        )
        near = self.office.clock.now + timedelta(minutes=self.random.randint(-30, 300))
        hour = typed_hour(near)
        answer = self.office.take_step(who, exhibition, step, opens_at=hour)
        return who, f"{step} {hour} exhibition {exhibition.pk}", answer

    # Preview links

    def links(self) -> Any:
        exhibition = self.some(self.office.exhibitions())
        who = self.anybody(Role.EDITOR)
        name = "exhibitions_admin:preview_links"
        link = self.some(list(exhibition.preview_links.order_by("pk")))
        if link and self.random.random() < 0.5:
            answer = self.office.post(who, name, exhibition.pk, action="revoke", number=link.pk)
            return who, f"revoke link {link.pk}", answer
        answer = self.office.post(
            who, name, exhibition.pk, action="make", for_whom="Giám đốc", days=3
        )
        made = re.search(r"/xem-truoc/([\w-]{20,64})/", answer.content.decode())
        if made:
            newest = exhibition.preview_links.order_by("pk").last()
            self.office.secrets[newest.pk] = made[1]
        return who, f"link to exhibition {exhibition.pk}", answer

    def reads(self) -> Any:
        """Screens of the admin, which say much and must never fail."""
        exhibition, page = self.some(self.office.exhibitions()), self.page()
        submission = self.some(list(Submission.objects.order_by("pk")))
        screens: list[tuple[str, int | None]] = [
            ("wagtailadmin_home", None),
            ("wagtailadmin_pages:edit", page.pk),
            ("wagtailadmin_explore", page.pk),
            ("exhibitions_admin:approval", exhibition.pk),
            ("exhibitions_admin:opening", exhibition.pk),
            ("exhibitions_admin:display_list", exhibition.pk),
            ("exhibitions_admin:preview_links", exhibition.pk),
        ]
        if submission and submission.exhibition_id:
            screens.append(("exhibitions_admin:submission", submission.pk))
        name, number = self.random.choice(screens)
        who = self.anybody()
        args = [] if number is None else [number]
        return who, f"reads {name} {number or ''}", self.office.get(who, name, *args)

    # Without anybody's doing

    def works(self) -> Any:
        return "nobody", "duties and queue", self.office.do_duties()

    def is_killed(self) -> Any:
        """The next publication is killed after some pages; then the queue is at work."""
        self.office.pages_before_the_kill = self.random.randrange(0, 9)
        what = f"a kill after {self.office.pages_before_the_kill} pages"
        return "nobody", what, self.office.work()

    def starts_again(self) -> Any:
        return "nobody", "the server starts again", self.office.begin_anew()

    def time_passes(self) -> Any:
        minutes = self.random.choice([-3000, -200, -90, -5, 5, 90, 200, 400, 3000])
        self.office.clock.put(timedelta(minutes=minutes))
        what = f"the clock goes by {minutes} minutes to {self.office.clock.now:%d %H:%M:%S}"
        return "nobody", what, self.office.do_duties()


def secrecy_open(version: ItemPage) -> bool:
    return version.original_secrecy != Secrecy.NONE and not version.declassification


RESTRICTIONS: list[dict[str, Any]] = [
    *[{"access_level": "open", "original_secrecy": "none", "declassification": ""}] * 5,
    {"access_level": "conditional"},
    {"original_secrecy": "secret", "declassification": ""},
    {"original_secrecy": "secret", "declassification": "Quyết định 12/QĐ (mẫu)"},
    {},
    {},
]
WEIGHTS = {
    "saves": 8,
    "saves_and_publishes": 2,
    "mends": 3,
    "writes_on_a_part": 2,
    "writes_on_an_exhibition": 3,
    "sets_an_hour": 1,
    "goes_back": 2,
    "publishes_in_bulk": 1,
    "unpublishes": 2,
    "copies": 3,
    "moves": 3,
    "deletes": 1,
    "unlocks": 1,
    "submits": 10,
    "takes_back": 1,
    "corrects": 4,
    "decides": 20,
    "returns": 2,
    "records": 3,
    "clears": 5,
    "clears_the_list": 2,
    "opens": 5,
    "links": 3,
    "reads": 2,
    "works": 3,
    "is_killed": 6,
    "starts_again": 3,
    "time_passes": 6,
}
"""How often each is tried."""


def make_killable(office: Office, replace: Callable[[str, Any], None]) -> None:
    """Let the office's next publication be killed; ``replace`` sets a name of the module."""
    publish = approval._publish

    def publish_or_die(rows: list[SubmittedPage]) -> None:
        for row in rows:
            left = office.pages_before_the_kill
            if left == 0:
                office.pages_before_the_kill = None
                raise Killed
            if left is not None:
                office.pages_before_the_kill = left - 1
            publish([row])

    def finish_or_die(submission: Submission) -> None:
        if office.pages_before_the_kill is not None:
            office.pages_before_the_kill = None
            raise Killed
        finish(submission)

    finish = approval.finish_publication
    replace("_publish", publish_or_die)
    replace("finish_publication", finish_or_die)
    replace("AT_ONCE", PAGES_AT_ONCE)
