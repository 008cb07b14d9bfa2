"""Announced, open, closed, archived: the clock and the hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core.models.append_only import AppendOnlyError
from exhibitions.models import Opening, OpeningState
from exhibitions.opening import Decision, decide_opening, is_readable, opening_state
from tests import factories
from tests.portal import Hall

NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

moments = st.integers(-48, 48).map(lambda hours: NOON + hours * HOUR)
maybe = st.none() | moments
decisions = st.none() | st.builds(Decision, state=st.sampled_from(OpeningState.values), at=moments)
new_hours = st.builds(
    Decision, state=st.just(OpeningState.ANNOUNCED), at=st.just(NOON - 99 * HOUR), opens_at=moments
)


@given(opens_at=maybe, closes_at=maybe, decision=decisions, now=moments)
def test_what_a_hand_has_closed_no_clock_opens(
    opens_at: datetime | None,
    closes_at: datetime | None,
    decision: Decision | None,
    now: datetime,
) -> None:
    state = opening_state(opens_at=opens_at, closes_at=closes_at, decision=decision, now=now)
    if decision is not None and decision.state != OpeningState.OPEN:
        assert state == decision.state
    if decision is None and opens_at is None:
        assert state is OpeningState.ANNOUNCED


@given(opens_at=moments, closes_at=maybe, decision=st.none() | new_hours, now=moments)
def test_the_clock_only_ever_goes_forward(
    opens_at: datetime, closes_at: datetime | None, decision: Decision | None, now: datetime
) -> None:
    order = list(OpeningState)
    earlier, later = (
        opening_state(opens_at=opens_at, closes_at=closes_at, decision=decision, now=moment)
        for moment in (now, now + HOUR)
    )
    assert order.index(earlier) <= order.index(later)


@given(page_hour=maybe, decision=new_hours, now=moments)
def test_an_hour_that_was_set_opens_and_the_page_s_own_does_not(
    page_hour: datetime | None, decision: Decision, now: datetime
) -> None:
    state = opening_state(opens_at=page_hour, closes_at=None, decision=decision, now=now)
    has_come = decision.opens_at is not None and decision.opens_at <= now
    assert state is (OpeningState.OPEN if has_come else OpeningState.ANNOUNCED)


def test_what_was_opened_by_hand_closes_at_its_hour() -> None:
    opened = Decision(OpeningState.OPEN, NOON)
    for now, state in ((NOON + HOUR, OpeningState.OPEN), (NOON + 3 * HOUR, OpeningState.CLOSED)):
        assert (
            opening_state(opens_at=None, closes_at=NOON + 2 * HOUR, decision=opened, now=now)
            is state
        )


def test_an_announced_exhibition_is_never_readable() -> None:
    assert not is_readable(OpeningState.ANNOUNCED, readable_after_closing=True)


@pytest.mark.django_db
def test_a_future_exhibition_opens_at_its_minute_without_anyones_doing(
    client: Client, hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    opens_at = timezone.now() + timedelta(days=3)
    hall.exhibition.opens_at = opens_at
    hall.exhibition.save()
    item = hall.items[0].get_url()
    rows = Opening.objects.count()
    for now, status in ((opens_at - timedelta(seconds=1), 404), (opens_at, 200)):
        monkeypatch.setattr("exhibitions.visibility.timezone.now", lambda now=now: now)
        assert client.get(item).status_code == status
    assert Opening.objects.count() == rows


@pytest.mark.django_db
def test_only_who_may_open_exhibitions_opens_one(hall: Hall) -> None:
    with pytest.raises(PermissionDenied):
        decide_opening(hall.exhibition, OpeningState.OPEN, by=factories.UserFactory())
    assert not Opening.objects.exists()


@pytest.mark.django_db
def test_a_decision_is_never_changed_or_removed(hall: Hall) -> None:
    approver = factories.UserFactory(is_superuser=True)
    row = decide_opening(hall.exhibition, OpeningState.CLOSED, by=approver)
    row.state = OpeningState.OPEN
    for forbidden in (
        row.save,
        row.delete,
        Opening.objects.all().delete,
        lambda: Opening.objects.update(state=OpeningState.OPEN),
    ):
        with pytest.raises(AppendOnlyError):
            forbidden()


@pytest.mark.django_db
def test_history_outlives_the_exhibition_and_the_account(hall: Hall) -> None:
    approver = factories.UserFactory(is_superuser=True, last_name="Trần Thị", first_name="Mẫu")
    decide_opening(hall.exhibition, OpeningState.OPEN, by=approver)
    title = hall.exhibition.title
    hall.exhibition.delete()
    approver.delete()
    row = Opening.objects.get()
    assert (row.exhibition_title, row.by_name) == (title, "Trần Thị Mẫu")


@pytest.mark.parametrize(
    ("hours_after_opening", "state"),
    [(1, OpeningState.OPEN), (2, OpeningState.CLOSED), (3, OpeningState.CLOSED)],
)
def test_the_clock_closes_an_exhibition_at_its_hour(
    hours_after_opening: int, state: OpeningState
) -> None:
    opens_at = datetime(2026, 11, 22, 8, tzinfo=UTC)
    now = opens_at + timedelta(hours=hours_after_opening)
    closes_at = opens_at + timedelta(hours=2)
    assert opening_state(opens_at=opens_at, closes_at=closes_at, decision=None, now=now) is state
