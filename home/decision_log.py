"""The log of decisions: what was decided on exhibitions, items, letters and rights, by whom.

It has no rows of its own. The rows in which decisions are kept, which are only ever added,
are read together, newest first, by one query; so the log cannot say anything else than
what was decided, and there is nothing in it to change.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from itertools import islice
from typing import Any, Final

from django.db import models
from django.db.models import (
    CharField,
    DateField,
    DateTimeField,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import NoticeRelease, ReleaseState
from campaigns.models.notices import numbered
from core.models import RoleChange, RoleChangeKind
from core.models.append_only import AppendOnlyModel
from core.spreadsheets import by_our_clocks
from core.vietnamese import fold, person_sort_key
from exhibitions.models import (
    ApprovalDecision,
    Clearance,
    ClearanceState,
    Opening,
    OpeningState,
    Submission,
    SubmissionScope,
    SubmittedPage,
    Verdict,
)

READ_AT_ONCE = 2000
"""Rows that are held in memory at a time while the whole log is read."""


class Kind(models.TextChoices):
    """What a decision is about."""

    CLEARANCE = "clearance", gettext_lazy("Publication of items")
    APPROVAL = "approval", gettext_lazy("Approval of exhibitions")
    OPENING = "opening", gettext_lazy("Opening of exhibitions")
    RELEASE = "release", gettext_lazy("Official letters")
    ROLES = "roles", gettext_lazy("Roles and rights")


@dataclass(frozen=True)
class Row:
    """A decision as the database gives it: the same columns whatever it is about.

    ``subject`` and ``detail`` are what it is about, by name; ``subject_id`` and
    ``detail_id`` where that still stands, or empty.
    """

    source: str
    pk: int
    at: dt.datetime
    by: str
    leader: str
    subject: str
    subject_id: int | None
    detail: str
    detail_id: int | None
    state: str
    number: str
    dated: dt.date | None
    hour: dt.datetime | None
    pdf: int | None
    note: str
    given: str
    taken: str


@dataclass(frozen=True)
class Entry:
    """A line of the log, in words."""

    at: dt.datetime
    """By our clocks."""
    kind: str
    by: str
    leader: str
    """Who decided, where ``by`` recorded it for them; else ""."""
    subject: str
    url: str
    """Where the subject is looked at; "" when it is gone."""
    decided: str
    number: str
    dated: dt.date | None
    pdf_url: str
    note: str

    @property
    def who(self) -> str:
        """Who decided, and who recorded it for them."""
        if not self.leader:
            return self.by
        recorded = _("recorded by %(name)s") % {"name": self.by}
        return f"{self.leader} ({recorded})"

    @property
    def paper(self) -> str:
        """Number and date of the paper: "15/QĐ-SNV, 20/11/2026"."""
        dated = date_format(self.dated) if self.dated else ""
        return ", ".join(part for part in (self.number, dated) if part)


def _text(value: str = "") -> Any:
    return Value(value, output_field=TextField())


NOTHING: Final[Mapping[str, Any]] = {
    "leader": _text(),
    "subject": _text(),
    "subject_id": Value(0, output_field=IntegerField()),
    "detail": _text(),
    "detail_id": Value(0, output_field=IntegerField()),
    "state": _text(),
    "number": _text(),
    # Without its type PostgreSQL would take an empty date for a text.
    "dated": Cast(Value(None), DateField()),
    "hour": Cast(Value(None), DateTimeField()),
    "pdf": Value(0, output_field=IntegerField()),
    "note": F("note"),
    "given": _text(),
    "taken": _text(),
}
"""What a column holds where a source has nothing for it."""


@dataclass(frozen=True)
class Source:
    """Where decisions of one sort are kept, and how a row of it is said."""

    kind: Kind
    model: type[AppendOnlyModel]
    columns: Mapping[str, Any]
    decided: Callable[[Row], str]
    address: Callable[[Row], str]
    subject: Callable[[Row], str] = lambda row: row.subject
    number: Callable[[Row], str] = lambda row: row.number

    @property
    def leaders(self) -> bool:
        """Whether somebody may have recorded a decision for another."""
        return "leader" in self.columns


def _to(name: str) -> Callable[[Row], str]:
    """The way to what a row is about, at the address called ``name``; "" when it is gone."""
    return lambda row: reverse(name, args=[row.subject_id]) if row.subject_id else ""


def _submission(row: Row) -> str:
    """The way to what was submitted; "" once the exhibition is gone, and its screen with it."""
    there = row.subject_id and row.detail_id
    return reverse("exhibitions_admin:submission", args=[row.detail_id]) if there else ""


def _with_detail(row: Row) -> str:
    return f"{row.subject}: {row.detail}" if row.detail else row.subject


def _submitted(row: Row) -> str:
    scope = SubmissionScope(row.state).label
    return _("Submitted for approval: %(what)s") % {"what": scope}


def _verdict(row: Row) -> str:
    step, verdict = row.given, Verdict(row.state).label
    return f"{step}: {verdict}" if step else str(verdict)


def _release(row: Row) -> str:
    state = ReleaseState(row.state).label
    return f"{state} – {row.given}" if row.given else str(state)


def _letter_number(row: Row) -> str:
    return f"{numbered(row.number)}/{row.detail}" if row.number and row.detail else row.number


def _person_and_role(row: Row) -> str:
    return " – ".join(name for name in (row.subject, row.detail) if name)


def _changed_rights(row: Row) -> str:
    lines = [str(RoleChangeKind(row.state).label)]
    lines += [f"+ {line}" for line in row.given.splitlines() if line.strip()]
    lines += [f"− {line}" for line in row.taken.splitlines() if line.strip()]
    return "\n".join(lines)


def _account_or_role(row: Row) -> str:
    if row.subject_id:
        return reverse("wagtailusers_users:edit", args=[row.subject_id])
    return reverse("wagtailusers_groups:edit", args=[row.detail_id]) if row.detail_id else ""


def _corrected_page(submission: str) -> Any:
    """The page a correction is of; "" where the whole was submitted."""
    pages = SubmittedPage.objects.filter(
        submission=OuterRef(submission), submission__scope=SubmissionScope.CORRECTION
    ).order_by("position")
    title = Subquery(pages.values("title")[:1])
    return Coalesce(title, _text(), output_field=TextField())


SOURCES: Final[Mapping[str, Source]] = {
    "clearance": Source(
        Kind.CLEARANCE,
        Clearance,
        {
            "subject": F("item_title"),
            "subject_id": F("item_id"),
            "detail": F("item_reference"),
            "state": F("state"),
            "number": F("decision_number"),
            "dated": F("decided_on"),
        },
        decided=lambda row: str(ClearanceState(row.state).label),
        address=_to("exhibitions_admin:clearance"),
        subject=lambda row: f"{row.subject} ({row.detail})" if row.detail else row.subject,
    ),
    "submission": Source(
        Kind.APPROVAL,
        Submission,
        {
            "subject": F("exhibition_title"),
            "subject_id": F("exhibition_id"),
            "detail": _corrected_page("pk"),
            "detail_id": F("pk"),
            "state": F("scope"),
        },
        decided=_submitted,
        address=_submission,
        subject=_with_detail,
    ),
    "approval": Source(
        Kind.APPROVAL,
        ApprovalDecision,
        {
            "leader": F("leader"),
            "subject": F("submission__exhibition_title"),
            "subject_id": F("submission__exhibition_id"),
            "detail": _corrected_page("submission_id"),
            "detail_id": F("submission_id"),
            "state": F("verdict"),
            "number": F("decision_number"),
            "dated": F("decided_on"),
            "pdf": F("signed_pdf_id"),
            "given": F("step_name"),
        },
        decided=_verdict,
        address=_submission,
        subject=_with_detail,
    ),
    "opening": Source(
        Kind.OPENING,
        Opening,
        {
            "subject": F("exhibition_title"),
            "subject_id": F("exhibition_id"),
            "state": F("state"),
            "hour": F("opens_at"),
        },
        decided=lambda row: OpeningState(row.state).as_decision(row.hour),
        address=_to("exhibitions_admin:opening"),
    ),
    "release": Source(
        Kind.RELEASE,
        NoticeRelease,
        {
            "subject": F("notice_title"),
            "subject_id": F("notice_id"),
            "detail": F("symbol"),
            "state": F("state"),
            "number": F("number"),
            "dated": F("issued_on"),
            "pdf": F("signed_pdf_id"),
            "given": Coalesce(F("by_letter__title"), _text(), output_field=TextField()),
        },
        decided=_release,
        address=_to("campaigns_admin:release"),
        number=_letter_number,
    ),
    "roles": Source(
        Kind.ROLES,
        RoleChange,
        {
            "subject": F("person_name"),
            "subject_id": F("person_id"),
            "detail": F("group_name"),
            "detail_id": F("group_id"),
            "state": F("kind"),
            "given": F("added"),
            "taken": F("removed"),
        },
        decided=_changed_rights,
        address=_account_or_role,
        subject=_person_and_role,
    ),
}
"""Every place where decisions are kept. Another one is another entry here."""


@dataclass(frozen=True)
class Wanted:
    """Which decisions of the log: of a kind, by a person, within days, with these words."""

    kind: str = ""
    person: str = ""
    first: dt.date | None = None
    last: dt.date | None = None
    words: str = ""


class Entries:
    """The decisions that are wanted, newest first. Counted, sliced or read to the end.

    To read them to the end takes no more memory for many than for few. One query each.
    """

    def __init__(self, wanted: Wanted) -> None:
        self._rows = _rows(wanted)
        self._words = fold(wanted.words).split()
        # What holds neither letter nor digit is found nowhere.
        self._nothing = bool(wanted.words.strip()) and not self._words

    def __iter__(self) -> Iterator[Entry]:
        if self._nothing:
            return
        for values in self._rows.iterator(chunk_size=READ_AT_ONCE):
            entry = _entry(Row(*values))
            if not self._words or _says(entry, self._words):
                yield entry

    def count(self) -> int:
        """How many there are."""
        return self._count

    @cached_property
    def _count(self) -> int:
        if self._words or self._nothing:
            return sum(1 for _entry in self)
        return self._rows.count()

    def __getitem__(self, part: slice) -> list[Entry]:
        if self._words or self._nothing:
            return list(islice(self, part.start, part.stop))
        return [_entry(Row(*values)) for values in self._rows[part]]


def _says(entry: Entry, words: list[str]) -> bool:
    """Whether all ``words``, folded, occur in ``entry``."""
    said = (entry.who, entry.subject, entry.decided, entry.paper, entry.note)
    text = fold(" ".join(said))
    return all(word in text for word in words)


def _rows(wanted: Wanted) -> QuerySet[Any, Any]:
    """The columns of :class:`Row`, of all sources together."""
    sources = {
        name: source
        for name, source in SOURCES.items()
        if not wanted.kind or source.kind == wanted.kind
    }
    first, *others = [_rows_of(name, source, wanted) for name, source in sources.items()]
    together = first.union(*others, all=True) if others else first
    return together.order_by("-log_at", "log_source", "-log_pk")


def _rows_of(name: str, source: Source, wanted: Wanted) -> QuerySet[Any, Any]:
    columns = {
        "source": Value(name, output_field=CharField()),
        "pk": F("pk"),
        "at": F("at"),
        "by": F("by_name"),
        **NOTHING,
        **source.columns,
    }
    # The models have columns of these names themselves.
    named = {f"log_{field.name}": columns[field.name] for field in fields(Row)}
    rows = source.model.objects.filter(_within(wanted.first, wanted.last)).order_by()
    if wanted.person:
        rows = rows.filter(_by(wanted.person, source))
    return rows.annotate(**named).values_list(*named)


def _within(first: dt.date | None, last: dt.date | None) -> Q:
    """On these days, both included, by our clocks."""
    condition = Q()
    if first and first > dt.date.min:  # its midnight here lies before any in UTC
        condition &= Q(at__gte=_midnight(first))
    if last and last < dt.date.max:
        condition &= Q(at__lt=_midnight(last + dt.timedelta(days=1)))
    return condition


def _midnight(day: dt.date) -> dt.datetime:
    zone = timezone.get_default_timezone()
    return dt.datetime.combine(day, dt.time.min, tzinfo=zone)


def _by(person: str, source: Source) -> Q:
    condition = Q(by_name=person)
    return condition | Q(leader=person) if source.leaders else condition


def _entry(row: Row) -> Entry:
    source = SOURCES[row.source]
    return Entry(
        at=by_our_clocks(row.at),
        kind=str(source.kind.label),
        by=row.by,
        leader=row.leader,
        subject=source.subject(row),
        url=source.address(row),
        decided=source.decided(row),
        number=source.number(row),
        dated=row.dated,
        pdf_url=reverse("staff_document", args=[row.pdf]) if row.pdf else "",
        note=row.note,
    )


def persons() -> list[str]:
    """Everybody who has decided or recorded something, as lists of people are ordered.

    One query.
    """
    names = [
        source.model.objects.order_by().values_list(name)
        for source in SOURCES.values()
        for name in ("by_name", *(["leader"] if source.leaders else []))
    ]
    found = names[0].union(*names[1:])
    return sorted((name for (name,) in found if name), key=person_sort_key)
