"""Announced, open, closed, archived: by the clock, or by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.models import User
from exhibitions.models import ExhibitionPage, Opening, OpeningState


@dataclass(frozen=True)
class Decision:
    """The newest decision by hand: the state it gave, when, and the hour of opening it set."""

    state: str
    at: datetime
    opens_at: datetime | None = None


def opening_state(
    *,
    opens_at: datetime | None,
    closes_at: datetime | None,
    decision: Decision | None,
    now: datetime,
) -> OpeningState:
    """The state of an exhibition at ``now``. All times are aware.

    Without a decision by hand the clock rules: announced until ``opens_at``, open
    until ``closes_at``. A decision wins over the clock, so that a page's old times,
    brought back by an older revision, never reopen what was closed. Two things the
    clock still does after a decision: what was announced for an hour opens then, and
    what was opened so or by hand closes at its hour.
    """
    if decision is None:
        if opens_at is None or now < opens_at:
            return OpeningState.ANNOUNCED
        return OpeningState.CLOSED if closes_at and now >= closes_at else OpeningState.OPEN
    state = OpeningState(decision.state)
    if state is OpeningState.ANNOUNCED and decision.opens_at and decision.opens_at <= now:
        state = OpeningState.OPEN
    if state is OpeningState.OPEN and closes_at and decision.at < closes_at <= now:
        return OpeningState.CLOSED
    return state


def is_readable(state: OpeningState, *, readable_after_closing: bool) -> bool:
    """Whether the Parts and items of an exhibition in ``state`` may be read."""
    if state is OpeningState.OPEN:
        return True
    return readable_after_closing and state in (OpeningState.CLOSED, OpeningState.ARCHIVED)


def decide_opening(
    exhibition: ExhibitionPage,
    state: OpeningState,
    *,
    by: User,
    note: str = "",
    opens_at: datetime | None = None,
) -> Opening:
    """Record that ``by`` put ``exhibition`` into ``state`` now ("Khai trương", closing, …).

    ``opens_at`` is the hour at which one that is announced will open by itself, or since
    when one that is ended had been open.
    Raises PermissionDenied unless ``by`` may open exhibitions.
    """
    if not by.has_perm("exhibitions.open_exhibition"):
        raise PermissionDenied
    return Opening.objects.create(
        exhibition_id=exhibition.alias_of_id or exhibition.pk,
        exhibition_title=exhibition.title,
        state=state,
        opens_at=opens_at,
        by=by,
        by_name=str(by),
        at=timezone.now(),
        note=note,
    )


def start_announced(exhibition: ExhibitionPage) -> None:
    """Take the hours from an alias that has become an exhibition of its own.

    They were its source's, and what was decided on the source by hand is not about it:
    with them it could open by the clock what its source keeps shut.
    """
    exhibition.opens_at = exhibition.closes_at = None
    revision = exhibition.save_revision(changed=False)
    if exhibition.live:
        revision.publish()
