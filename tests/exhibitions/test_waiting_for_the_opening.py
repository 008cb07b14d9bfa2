"""People wait before an announced exhibition; its page opens when the exhibition does."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from exhibitions.approval import publish_submission
from exhibitions.models import ExhibitionPage, OpeningState
from tests import factories
from tests.exhibitions.desk import Desk
from tests.portal import Hall


@pytest.fixture
def waiting(hall: Hall) -> ExhibitionPage:
    """An exhibition that opens in an hour."""
    hall.exhibition.opens_at = timezone.now() + timedelta(hours=1)
    hall.exhibition.save()
    exhibition: ExhibitionPage = hall.exhibition
    return exhibition


def status(exhibition: ExhibitionPage) -> Any:
    """What a waiting telephone is told."""
    answer = Client().get(reverse("opening_status", args=[exhibition.pk]))
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies
    return answer.json()


def test_an_announced_exhibition_counts_down_and_an_open_one_does_not(
    waiting: ExhibitionPage,
) -> None:
    html = Client().get(waiting.get_url()).content.decode()
    assert reverse("opening_status", args=[waiting.pk]) in html
    assert "js/countdown" in html
    assert "data-opens=" in html
    factories.open_by_hand(waiting)
    html = Client().get(waiting.get_url()).content.decode()
    assert "countdown" not in html


def test_telephones_are_told_the_hour_the_portal_s_time_and_the_state(
    waiting: ExhibitionPage,
) -> None:
    told = status(waiting)
    assert told["state"] == "announced"
    assert datetime.fromisoformat(told["opens_at"]) == waiting.opens_at
    assert abs(datetime.fromisoformat(told["now"]) - timezone.now()) < timedelta(minutes=1)
    factories.open_by_hand(waiting)
    assert status(waiting)["state"] == "open"


def test_at_its_hour_it_is_open_without_anybody_s_doing(waiting: ExhibitionPage) -> None:
    waiting.opens_at = timezone.now() - timedelta(seconds=1)
    waiting.save()
    assert status(waiting)["state"] == "open"


def test_what_is_put_off_has_no_hour_to_count_down_to(waiting: ExhibitionPage) -> None:
    factories.open_by_hand(waiting, OpeningState.ANNOUNCED)
    told = status(waiting)
    assert (told["state"], told["opens_at"]) == ("announced", None)
    html = Client().get(waiting.get_url()).content.decode()
    assert "data-opens=" not in html
    assert "Mở cửa lúc" not in html


def test_nobody_is_told_of_an_exhibition_that_is_not_published(waiting: ExhibitionPage) -> None:
    ExhibitionPage.objects.filter(pk=waiting.pk).update(live=False)
    for number in (waiting.pk, 999_999):
        assert Client().get(reverse("opening_status", args=[number])).status_code == 404
    assert Client().get(f"/khai-mac/{'9' * 40}.json").status_code == 404


def test_while_it_is_still_being_published_telephones_go_on_waiting(desk: Desk) -> None:
    """The hour has come, and the task that publishes was killed before its last word."""
    submission = desk.approve_all()
    for row in submission.pages.all():
        row.revision.publish(user=None)
    exhibition = desk.fresh()
    assert status(exhibition)["state"] == "announced"
    address = exhibition.get_url()
    html = Client().get(address).content.decode()
    assert "js/countdown" in html
    assert "Đang trưng bày" not in html
    index = Client().get(exhibition.get_parent().get_url()).content.decode()
    assert "Đang trưng bày" not in index
    publish_submission.call(submission.pk)
    assert status(exhibition)["state"] == "open"
    html = Client().get(address).content.decode()
    assert "js/countdown" not in html
