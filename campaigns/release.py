"""What the office's document system did with a letter. The only place that writes release rows.

The portal neither numbers nor releases: a clerk records what was done elsewhere. From
the moment a letter is recorded as released it is frozen (:func:`hold`): the row keeps
the letter as it went out, and the public page prints that, whatever becomes of drafts.
What is wrong in it is put right by another letter, never by changing it; what the clerk
mistyped, by another record of the same release (:func:`mend_record`).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import ProtectedError, QuerySet
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from wagtail.locks import BaseLock
from wagtail.models import Page

from campaigns.models import CampaignPage, NoticePage, NoticeRelease, ReleaseState
from campaigns.models.notices import HELD_FIELDS, HELD_LISTS, numbered
from core.models import CustomDocument, User
from exhibitions.visibility import Reason

PREPARING = (ReleaseState.SIGNED, ReleaseState.NUMBERED)
"""States on the way to the release."""

BY_ANOTHER = (
    ReleaseState.CORRECTED,
    ReleaseState.AMENDED,
    ReleaseState.REPLACED,
    ReleaseState.RECALLED,
)
"""States another, later letter brings a released one into."""

ENDED = (ReleaseState.REPLACED, ReleaseState.RECALLED)
"""States in which a released letter is not in force any more."""


class ReleasedLetterError(ProtectedError):
    """Someone tried to delete, move or unpublish a released letter."""

    def __init__(self, letters: Iterable[Page]) -> None:
        kept = set(letters)
        titles = ", ".join(sorted(f"“{letter.title}”" for letter in kept))
        super().__init__(refusal(titles), kept)


class ReleasedLock(BaseLock):
    """Locks a released letter for everyone: it is put right by another letter."""

    def for_user(self, user: User) -> bool:
        """Nobody is let off."""
        return True

    def get_message(self, user: User) -> str:
        """What is locked, why, and what to do instead."""
        return refusal(f"“{self.object.title}”")

    def get_locked_by(self, user: User) -> str:
        """The state that locks it."""
        return _("Released")

    def get_description(self, user: User) -> str:
        """The rule, short."""
        return _("A released letter is not changed any more. Write another one.")


def refusal(titles: str) -> str:
    """Why the letters named ``titles`` stay as they are, and what to do instead."""
    return _(
        "%(titles)s has been released: it cannot be changed, unpublished, moved or deleted. "
        "To put its content right, write a correction or a replacement in the same campaign "
        "and record its release."
    ) % {"titles": titles}


@dataclass(frozen=True)
class Effect:
    """What a letter does to an earlier one once it is released."""

    state: ReleaseState
    letter: NoticePage


@dataclass(frozen=True)
class ReleaseFacts:
    """What the clerk copies from the document system.

    ``effect`` belongs to a release; ``by_letter`` to the states of :data:`BY_ANOTHER`.
    """

    number: str = ""
    symbol: str = ""
    issued_on: date | None = None
    signed_pdf: CustomDocument | None = None
    note: str = ""
    effect: Effect | None = None
    by_letter: NoticePage | None = None


@dataclass(frozen=True)
class Standing:
    """Where one letter stands: its newest state, its release, and what later letters did."""

    state: ReleaseState | None = None
    released: NoticeRelease | None = None
    later: tuple[NoticeRelease, ...] = field(default=())

    @property
    def in_force(self) -> bool:
        """Whether it is released, and neither replaced nor recalled."""
        return self.released is not None and self.state not in ENDED


def may_record(user: User) -> bool:
    """Whether ``user`` may record what was done with a letter."""
    return user.has_perm("campaigns.record_release")


def source_id(notice: NoticePage) -> int | None:
    """The number of the page the records belong to: an alias's source, else its own."""
    return notice.alias_of_id or notice.pk


def releases_of(notice: NoticePage) -> QuerySet[NoticeRelease]:
    """What was recorded of ``notice``, newest first."""
    return NoticeRelease.objects.filter(notice_id=source_id(notice))


def current_release(notice: NoticePage) -> NoticeRelease | None:
    """The newest record of ``notice``, or None while nothing is recorded."""
    return releases_of(notice).defer("content").first()


def released_row(notice: NoticePage) -> NoticeRelease | None:
    """The record that carries ``notice`` as it was released, or None before that."""
    return _carrying(releases_of(notice)).select_related("signed_pdf").first()


def _carrying(rows: QuerySet[NoticeRelease]) -> QuerySet[NoticeRelease]:
    """Of ``rows`` those that carry a letter as it was released."""
    return rows.filter(state=ReleaseState.RELEASED, by_letter__isnull=True)


def is_released(notice: NoticePage) -> bool:
    """Whether this very page was released, whatever later letters did to it.

    False for an alias: it shows its source's letter and may come and go.
    """
    rows = NoticeRelease.objects.filter(notice_id=notice.pk, state=ReleaseState.RELEASED)
    return notice.pk is not None and rows.exists()


def released_below(page: Page) -> list[Page]:
    """The released letters at ``page`` and anywhere below it, as plain pages."""
    released = NoticeRelease.objects.filter(state=ReleaseState.RELEASED, notice__isnull=False)
    letters = Page.objects.filter(pk__in=released.values("notice_id"))
    return list(letters.filter(path__startswith=page.path).order_by("path"))


def standings(letters: Iterable[NoticePage]) -> dict[int, Standing]:
    """Where each of ``letters`` stands, by page number: one query for all of them."""
    sources = {each.pk: source_id(each) for each in letters}
    rows: dict[int | None, list[NoticeRelease]] = defaultdict(list)
    found = NoticeRelease.objects.filter(notice_id__in=sources.values()).defer("content")
    for row in found.order_by("pk") if sources else ():
        rows[row.notice_id].append(row)
    return {number: standing_of(rows[source]) for number, source in sources.items()}


def standing_of(rows: Sequence[NoticeRelease]) -> Standing:
    """Where the letter of ``rows``, oldest first, stands."""
    if not rows:
        return Standing()
    own = [row for row in rows if not row.by_letter_id]
    released = [row for row in own if row.state == ReleaseState.RELEASED]
    later = effects_in(rows)
    ended = [row for row in later if row.state in ENDED]
    # What was recorded once more, to put it right, says nothing new of where it stands.
    newest = (ended or later or own or rows)[-1]
    return Standing(
        state=ReleaseState(newest.state),
        released=released[-1] if released else None,
        later=later,
    )


def effects_in(rows: Iterable[NoticeRelease]) -> tuple[NoticeRelease, ...]:
    """What later letters did to earlier ones, of ``rows``, oldest first.

    Of one letter upon another the newest row counts; one of state "released" says that
    there is no effect after all.
    """
    newest = {(row.notice_id, row.by_letter_id): row for row in rows if row.by_letter_id}
    effects = [row for row in newest.values() if row.state in BY_ANOTHER]
    return tuple(sorted(effects, key=lambda row: row.pk))


def standing_now(notice: NoticePage) -> Standing:
    """Where ``notice`` stands."""
    return standings([notice])[notice.pk]


def letter_in_force(campaign: CampaignPage) -> NoticePage | None:
    """The newest released letter of ``campaign`` that is neither replaced nor recalled."""
    letters = list(NoticePage.objects.child_of(campaign).live())
    return newest_in_force(letters, standings(letters))


def newest_in_force(letters: Iterable[NoticePage], stand: dict[int, Standing]) -> NoticePage | None:
    """Of ``letters`` the one in force that was issued last.

    A letter that only corrects or amends another one does not take its place.
    """
    in_force = [each for each in letters if stand[each.pk].in_force]
    beside = {
        row.by_letter_id
        for standing in stand.values()
        for row in standing.later
        if row.state in (ReleaseState.CORRECTED, ReleaseState.AMENDED) and standing.in_force
    }
    leading = [each for each in in_force if source_id(each) not in beside]
    return max(leading or in_force, key=lambda each: _issued(stand[each.pk]), default=None)


def _issued(standing: Standing) -> tuple[date, int]:
    row = standing.released
    # Not the row's own number: a record put right later would make its letter the newest.
    return (row.issued_on or date.min, row.notice_id or 0) if row else (date.min, 0)


def as_released(row: NoticeRelease) -> NoticePage:
    """The letter of ``row`` as it went out, with the number, date and PDF recorded then.

    Built from the row alone, with no query. To be printed, not to be saved: the
    organisations that its recipients stand for are not in it.
    """
    content = dict(row.content or {})
    # Asking which of them still exist costs a query a recipient.
    content["recipients"] = [
        {**each, "organisations": []} for each in content.get("recipients", ())
    ]
    return _rebuilt(row, content)


def _rebuilt(row: NoticeRelease, content: dict[str, Any]) -> NoticePage:
    recorded = {
        "number": row.number,
        "symbol": row.symbol,
        "issued_on": row.issued_on.isoformat() if row.issued_on else None,
        "signed_pdf": row.signed_pdf_id,
    }
    return NoticePage.from_serializable_data({**content, **recorded}, check_fks=False)


def hold(notice: NoticePage) -> None:
    """Bring ``notice`` back to what was released, in place, if it was released.

    Called before it is written: an older draft that is published, by hand or at its
    hour, thus changes neither the page, its address nor what search finds.
    """
    row = _carrying(NoticeRelease.objects.filter(notice_id=notice.pk)).first()
    if row is None or row.content is None:
        return
    frozen = _rebuilt(row, row.content)
    for name in HELD_FIELDS:
        attribute = NoticePage._meta.get_field(name).attname
        setattr(notice, attribute, getattr(frozen, attribute))
    for name in HELD_LISTS:
        setattr(notice, name, list(getattr(frozen, name).all()))
    above = notice.url_path.rstrip("/").rpartition("/")[0]
    notice.url_path = f"{above}/{notice.slug}/"
    notice.live, notice.expired, notice.has_unpublished_changes = True, False, False
    notice.go_live_at = notice.expire_at = None


def reason_to_keep(document: CustomDocument) -> str:
    """Why the file of ``document`` is not replaced: it is what was signed (core.media.keeping)."""
    rows = NoticeRelease.objects.filter(signed_pdf=document, state=ReleaseState.RELEASED)
    if not rows.exists():
        return ""
    return _(
        "This file is the signed version of a released letter and stays as it is. Upload "
        "the other file as a new document."
    )


def next_steps(state: ReleaseState | None) -> tuple[ReleaseState, ...]:
    """What may be recorded after ``state``. The steps before the release may be left out."""
    if state is None:
        return (*PREPARING, ReleaseState.RELEASED)
    if state in PREPARING:
        return (ReleaseState.NUMBERED, ReleaseState.RELEASED)
    return () if state in ENDED else BY_ANOTHER


def release_gate(notice: NoticePage, state: ReleaseState, facts: ReleaseFacts) -> list[Reason]:
    """What stands against recording ``state`` of ``notice``."""
    if state not in next_steps(standing_now(notice).state):
        return [Reason("not_next", _("This step does not follow: the letter stands otherwise."))]
    if state in BY_ANOTHER:
        return _reasons_against_effect(notice, facts.by_letter)
    reasons = _reasons_in_facts(state, facts)
    if state is ReleaseState.RELEASED:
        reasons += _reasons_in_text(notice)
        if notice.live and notice.has_unpublished_changes:
            reasons.append(
                Reason(
                    "unpublished_changes",
                    _(
                        "The letter has changes that are not published. Publish them, or go "
                        "back to the published version, before its release is recorded."
                    ),
                )
            )
        if facts.effect is not None:
            reasons += _reasons_in_effect(notice, facts.effect)
    return reasons


def _reasons_in_text(notice: NoticePage) -> list[Reason]:
    """What a letter cannot be without: once released it stays as it is."""
    letter = notice if notice.live else notice.get_latest_revision_as_object()
    missing = [
        name
        for name, given in (
            (_("issuing agency"), letter.agency.strip()),
            (_("subject (V/v)"), letter.subject.strip()),
            (_("text of the letter"), strip_tags(letter.body).strip() or letter.requests.exists()),
        )
        if not given
    ]
    if not missing:
        return []
    return [
        Reason(
            "incomplete",
            _("The letter is not written yet; what is missing: %(parts)s.")
            % {"parts": ", ".join(missing)},
        )
    ]


def _reasons_in_facts(state: ReleaseState, facts: ReleaseFacts) -> list[Reason]:
    reasons: list[Reason] = []
    if state is not ReleaseState.SIGNED:
        if not facts.number.strip():
            reasons.append(Reason("no_number", _("Enter the number the document system gave.")))
        if not facts.symbol.strip():
            reasons.append(Reason("no_symbol", _("Enter the symbol, for example SNV-TĐKT.")))
    if "/" in facts.number:
        reasons.append(
            Reason("bad_number", _("Only the number stands here; the symbol has its own field."))
        )
    if facts.issued_on and facts.issued_on > timezone.localdate():
        reasons.append(Reason("future_date", _("This day lies in the future.")))
    if state is ReleaseState.RELEASED:
        if not facts.issued_on:
            reasons.append(Reason("no_date", _("Enter the date of issue.")))
        if facts.signed_pdf is None:
            reasons.append(Reason("no_pdf", _("Choose the digitally signed version.")))
    if facts.signed_pdf is not None and facts.signed_pdf.file_extension.lower() != "pdf":
        reasons.append(Reason("not_pdf", _("The signed version must be a PDF file.")))
    return reasons


def _reasons_in_effect(notice: NoticePage, effect: Effect) -> list[Reason]:
    """What stands against ``notice`` doing ``effect``, before it is released itself."""
    earlier = effect.letter
    fits = (
        earlier.pk != notice.pk
        and earlier.path[: -Page.steplen] == notice.path[: -Page.steplen]
        and effect.state in next_steps(standing_now(earlier).state)
        and effect.state in BY_ANOTHER
    )
    if fits:
        return []
    return [_bad_effect()]


def _bad_effect() -> Reason:
    return Reason("bad_effect", _("Choose a released letter of this campaign that is in force."))


def _reasons_against_effect(notice: NoticePage, by_letter: NoticePage | None) -> list[Reason]:
    together = (
        by_letter is not None and by_letter.path[: -Page.steplen] == (notice.path[: -Page.steplen])
    )
    if by_letter and together and by_letter.pk != notice.pk and is_released(by_letter):
        return []
    return [_bad_effect()]


def same_number_elsewhere(notice: NoticePage, facts: ReleaseFacts) -> list[NoticeRelease]:
    """Records of other letters of the same agency with this number and symbol in this year.

    A reason to look again, never an obstacle: numbers are given elsewhere.
    """
    if not facts.issued_on or not facts.number:
        return []
    rows = NoticeRelease.objects.exclude(notice_id=notice.pk).exclude(number="")
    newest: dict[int | None, NoticeRelease] = {}
    for row in rows.select_related("notice"):
        newest.setdefault(row.notice_id, row)
    wanted = (numbered(facts.number), _folded(facts.symbol), _folded(notice.agency))
    return [
        row
        for row in newest.values()
        if row.issued_on and row.issued_on.year == facts.issued_on.year
        # Compared here: databases do not agree on the letters of "SNV-TĐKT".
        if (numbered(row.number), _folded(row.symbol), _folded(_agency_of(row))) == wanted
    ]


def _agency_of(row: NoticeRelease) -> str:
    return str((row.content or {}).get("agency") or (row.notice.agency if row.notice else ""))


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


@transaction.atomic
def record(
    notice: NoticePage, state: ReleaseState, *, by: User, facts: ReleaseFacts | None = None
) -> list[Reason]:
    """Record that ``notice`` is now in ``state``, unless the gate names reasons against it.

    Returns those reasons; an empty list means it is recorded. The same said twice is
    recorded once. Recording the release publishes the letter with the recorded number,
    date and PDF, and freezes it. Raises PermissionDenied unless ``by`` may record.
    """
    if not may_record(by):
        raise PermissionDenied
    facts = facts or ReleaseFacts()
    letter = _locked(source_id(notice))
    if facts.effect is not None:
        _locked(facts.effect.letter.pk)  # so that it stands as the gate sees it till the end
    if _is_recorded(letter, state, facts):
        return []
    reasons = release_gate(letter, state, facts)
    if reasons:
        return reasons
    content = None
    if state is ReleaseState.RELEASED:
        letter = _publish_as_released(letter, by=by, facts=facts)
        content = _serialised(letter)
    _write(letter, state, by=by, facts=facts, content=content)
    if state is ReleaseState.RELEASED and facts.effect is not None:
        _write_effect(facts.effect, by_letter=letter, by=by)
    return []


def effect_gate(notice: NoticePage, effect: Effect) -> list[Reason]:
    """What stands against recording, after the release, what ``notice`` does to an earlier one.

    It may be said anew what it does to a letter that it did something to already, also
    that it does nothing.
    """
    if not is_released(notice):
        return [Reason("not_next", _("The release of this letter has not been recorded."))]
    former = NoticeRelease.objects.filter(
        notice_id=effect.letter.pk, by_letter_id=notice.pk
    ).first()
    if former is None:
        return _reasons_in_effect(notice, effect)
    if former.state == effect.state:
        return [Reason("nothing_new", _("This is what is recorded already."))]
    return []


@transaction.atomic
def record_effect(notice: NoticePage, effect: Effect, *, by: User, note: str) -> list[Reason]:
    """Record after its release what ``notice`` does to an earlier letter, or put that right.

    Of state "released" the effect says: nothing after all. Returns the reasons against
    it, as :func:`record`.
    """
    if not may_record(by):
        raise PermissionDenied
    letter = _locked(source_id(notice))
    earlier = _locked(effect.letter.pk)
    reasons = effect_gate(letter, Effect(effect.state, earlier))
    if not note.strip():
        reasons.append(Reason("no_note", _("Say why; it is kept with the record.")))
    if not reasons:
        _write_effect(Effect(effect.state, earlier), by_letter=letter, by=by, note=note)
    return reasons


def _write_effect(effect: Effect, *, by_letter: NoticePage, by: User, note: str = "") -> None:
    facts = ReleaseFacts(by_letter=by_letter, note=note)
    _write(effect.letter, effect.state, by=by, facts=facts, content=None)


def mending_gate(notice: NoticePage, facts: ReleaseFacts) -> list[Reason]:
    """What stands against putting the record of a released letter right."""
    row = released_row(notice)
    if row is None:
        return [Reason("not_next", _("The release of this letter has not been recorded."))]
    reasons = _reasons_in_facts(ReleaseState.RELEASED, facts)
    if not reasons and _said(row) == _typed(facts):
        reasons.append(Reason("nothing_new", _("This is what is recorded already.")))
    if not facts.note.strip():
        reasons.append(Reason("no_note", _("Say what was mistyped; it is kept with the record.")))
    return reasons


@transaction.atomic
def mend_record(
    notice: NoticePage, *, by: User, facts: ReleaseFacts, seen: int | None = None
) -> list[Reason]:
    """Put right what was mistyped when the release of ``notice`` was recorded.

    The letter stays as it went out: only what was copied from the document system
    (number, symbol, date, signed PDF) is recorded once more, with the reason, and the
    former record can still be read. The same said twice is recorded once. ``seen`` is the
    number of the record it was typed over: a newer one of somebody else is not passed
    over. Returns the reasons against it, as :func:`record`.
    """
    if not may_record(by):
        raise PermissionDenied
    letter = _locked(source_id(notice))
    row = released_row(letter)
    if row and (_said(row), row.note) == (_typed(facts), facts.note):
        return []
    reasons = mending_gate(letter, facts)
    if row and seen is not None and seen != row.pk:
        reasons.append(
            Reason(
                "overtaken",
                _("Somebody has put this record right meanwhile. Look at it and type anew."),
            )
        )
    if reasons or row is None:
        return reasons
    _write(letter, ReleaseState.RELEASED, by=by, facts=facts, content=row.content)
    _publish_as_released(letter, by=by, facts=facts)
    return []


def _write(
    letter: NoticePage,
    state: ReleaseState,
    *,
    by: User,
    facts: ReleaseFacts,
    content: dict[str, Any] | None,
) -> None:
    NoticeRelease.objects.create(
        notice=letter,
        notice_title=letter.title,
        state=state,
        number=facts.number.strip(),
        symbol=facts.symbol.strip(),
        issued_on=facts.issued_on,
        signed_pdf=facts.signed_pdf,
        by_letter=facts.by_letter,
        by=by,
        by_name=str(by),
        note=facts.note,
        content=content,
    )


def _locked(notice_id: int | None) -> NoticePage:
    """The letter as it is now, held until the transaction ends.

    Two records of one letter thus come one after the other, and the second sees the
    first: a button pressed twice records once.
    """
    return NoticePage.objects.select_for_update(of=("self",)).get(pk=notice_id)


def _is_recorded(letter: NoticePage, state: ReleaseState, facts: ReleaseFacts) -> bool:
    row = current_release(letter)
    if row is None or row.state != state:
        return False
    by_letter = facts.by_letter.pk if facts.by_letter else None
    return _said(row) == _typed(facts) and by_letter == row.by_letter_id


def _said(row: NoticeRelease) -> tuple[str, str, date | None, int | None]:
    return row.number, row.symbol, row.issued_on, row.signed_pdf_id


def _typed(facts: ReleaseFacts) -> tuple[str, str, date | None, int | None]:
    pdf = facts.signed_pdf.pk if facts.signed_pdf else None
    return facts.number.strip(), facts.symbol.strip(), facts.issued_on, pdf


def _publish_as_released(letter: NoticePage, *, by: User, facts: ReleaseFacts) -> NoticePage:
    """Publish what the public sees, or the latest draft where it sees nothing yet.

    With the recorded facts in it; hours at which it would come or go are dropped.
    """
    page = letter if letter.live else letter.get_latest_revision_as_object()
    page.number, page.symbol = facts.number.strip(), facts.symbol.strip()
    page.issued_on, page.signed_pdf = facts.issued_on, facts.signed_pdf
    page.go_live_at = page.expire_at = None
    page.save_revision(user=by, clean=False).publish(user=by, skip_permission_checks=True)
    return NoticePage.objects.get(pk=letter.pk)


def _serialised(letter: NoticePage) -> dict[str, Any]:
    text = json.dumps(letter.serializable_data(), cls=DjangoJSONEncoder)
    content: dict[str, Any] = json.loads(text)
    return content
