"""Opening, ending, archiving and putting off an exhibition through the admin."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from wagtail.actions.create_alias import CreatePageAliasAction

from exhibitions.admin.home import next_openings
from exhibitions.models import ExhibitionPage, Opening, OpeningState
from exhibitions.visibility import opening_moment, state_of
from home.decision_log import Entries, Wanted
from tests import factories
from tests.exhibitions.test_admin_approval import text_of
from tests.exhibitions.test_admin_clearance import edit_form, staff
from tests.portal import Hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader(client: Client, hall: Hall) -> Client:
    client.force_login(staff("lanhdao", hall.exhibition, "open_exhibition"))
    return client


@pytest.fixture
def announced(hall: Hall) -> Hall:
    """The hall before its opening, which nobody has fixed an hour for."""
    hall.exhibition.opens_at = None
    hall.exhibition.save()
    return hall


def screen(exhibition: ExhibitionPage) -> str:
    return reverse("exhibitions_admin:opening", args=[exhibition.pk])


def step(exhibition: ExhibitionPage, slug: str) -> str:
    return reverse("exhibitions_admin:opening_step", args=[exhibition.pk, slug])


def offered(client: Client, exhibition: ExhibitionPage) -> set[str]:
    """The steps the screen leads to."""
    html = client.get(screen(exhibition)).content.decode()
    every = ("khai-truong", "gio-khai-mac", "hoan", "ket-thuc", "luu-tru")
    return {slug for slug in every if f'href="{step(exhibition, slug)}"' in html}


def now(exhibition: ExhibitionPage) -> OpeningState:
    return state_of(ExhibitionPage.objects.get(pk=exhibition.pk))


def test_the_screen_lies_where_the_office_was_told(hall: Hall) -> None:
    assert screen(hall.exhibition) == f"/admin/trien-lam/{hall.exhibition.pk}/khai-mac/"


def test_a_leader_opens_the_exhibition_with_one_question_between(
    leader: Client, announced: Hall
) -> None:
    exhibition, item = announced.exhibition, announced.items[0]
    assert leader.get(item.get_url()).status_code == 404
    assert offered(leader, exhibition) == {"khai-truong", "gio-khai-mac"}
    assert leader.get(step(exhibition, "khai-truong")).status_code == 200
    assert not Opening.objects.exists()
    answer = leader.post(step(exhibition, "khai-truong"), {"note": "Lễ khai mạc"})
    assert answer["Location"] == screen(exhibition)
    row = Opening.objects.get()
    assert (row.state, row.by.username, row.note) == ("open", "lanhdao", "Lễ khai mạc")
    assert leader.get(item.get_url()).status_code == 200
    assert "Lễ khai mạc" in leader.get(screen(exhibition)).content.decode()


def test_a_button_pressed_twice_on_the_stage_opens_once(leader: Client, announced: Hall) -> None:
    for _press in range(2):
        assert leader.post(step(announced.exhibition, "khai-truong")).status_code == 302
    assert Opening.objects.count() == 1


@pytest.mark.parametrize(
    ("slug", "state"),
    [
        ("ket-thuc", OpeningState.CLOSED),
        ("luu-tru", OpeningState.ARCHIVED),
        ("hoan", OpeningState.ANNOUNCED),
    ],
)
def test_an_open_exhibition_can_be_ended_archived_and_taken_back(
    leader: Client, hall: Hall, slug: str, state: OpeningState
) -> None:
    assert offered(leader, hall.exhibition) == {"ket-thuc", "luu-tru", "hoan"}
    leader.post(step(hall.exhibition, slug), {"note": ""})
    assert now(hall.exhibition) is state


def test_what_was_put_off_does_not_open_at_its_old_hour(leader: Client, hall: Hall) -> None:
    hall.exhibition.opens_at = timezone.now() + timedelta(hours=1)
    hall.exhibition.save()
    assert offered(leader, hall.exhibition) == {"khai-truong", "gio-khai-mac", "hoan"}
    leader.post(step(hall.exhibition, "hoan"))
    exhibition = ExhibitionPage.objects.get(pk=hall.exhibition.pk)
    assert state_of(exhibition, now=timezone.now() + timedelta(hours=2)) is OpeningState.ANNOUNCED
    assert offered(leader, hall.exhibition) == {"khai-truong", "gio-khai-mac"}


def typed(hour: datetime) -> str:
    """As an office types it."""
    return timezone.localtime(hour).strftime("%d/%m/%Y %H:%M")


@pytest.fixture
def in_two_hours() -> datetime:
    return (timezone.now() + timedelta(hours=2)).replace(second=0, microsecond=0)


def test_the_hour_of_opening_can_be_set_anew_without_another_approval(
    leader: Client, hall: Hall, in_two_hours: datetime
) -> None:
    hall.exhibition.opens_at = timezone.now() + timedelta(hours=1)
    hall.exhibition.save()
    for _press in range(2):
        data = {"opens_at": typed(in_two_hours), "note": "Hội trường đổi giờ"}
        answer = leader.post(step(hall.exhibition, "gio-khai-mac"), data)
        assert answer["Location"] == screen(hall.exhibition)
    row = Opening.objects.get()
    assert (row.state, row.opens_at, row.by.username) == ("announced", in_two_hours, "lanhdao")

    exhibition = ExhibitionPage.objects.get(pk=hall.exhibition.pk)
    just_before = in_two_hours - timedelta(seconds=1)
    assert state_of(exhibition, now=just_before) is OpeningState.ANNOUNCED
    assert state_of(exhibition, now=in_two_hours) is OpeningState.OPEN

    shown = date_format(timezone.localtime(in_two_hours), "H:i, j/n/Y")
    assert f"Đặt giờ khai mạc {shown}" in leader.get(screen(exhibition)).content.decode()
    told = leader.get(reverse("opening_status", args=[exhibition.pk])).json()
    assert (told["state"], datetime.fromisoformat(told["opens_at"])) == ("announced", in_two_hours)
    counted_down = date_format(timezone.localtime(in_two_hours), "c")
    assert f'data-opens="{counted_down}"' in leader.get(exhibition.get_url()).content.decode()
    assert [each.pk for each in next_openings(row.by)] == [exhibition.pk]
    assert Entries(Wanted())[0:1][0].decided == f"Đặt giờ khai mạc {shown}"


def test_what_was_put_off_gets_an_hour_again_and_can_be_put_off_again(
    leader: Client, hall: Hall, in_two_hours: datetime
) -> None:
    hall.exhibition.opens_at = timezone.now() + timedelta(hours=1)
    hall.exhibition.save()
    leader.post(step(hall.exhibition, "hoan"))
    leader.post(step(hall.exhibition, "gio-khai-mac"), {"opens_at": typed(in_two_hours)})
    exhibition = ExhibitionPage.objects.get(pk=hall.exhibition.pk)
    assert state_of(exhibition, now=in_two_hours) is OpeningState.OPEN
    assert offered(leader, hall.exhibition) == {"khai-truong", "gio-khai-mac", "hoan"}
    leader.post(step(hall.exhibition, "hoan"))
    exhibition = ExhibitionPage.objects.get(pk=hall.exhibition.pk)
    assert state_of(exhibition, now=in_two_hours) is OpeningState.ANNOUNCED


@pytest.mark.parametrize(
    ("typed_hour", "said"),
    [
        ("20/11/2019 08:00", "Giờ này đã qua"),
        ("31/12/2098 08:00", "Triển lãm kết thúc lúc"),
        ("31/2/2098 08:00", "error-message"),
        ("", "error-message"),
    ],
)
def test_an_hour_that_cannot_be_is_refused_with_the_reason_and_the_note_is_kept(
    leader: Client, announced: Hall, typed_hour: str, said: str
) -> None:
    announced.exhibition.closes_at = datetime(2098, 1, 1, tzinfo=UTC)
    announced.exhibition.save()
    data = {"opens_at": typed_hour, "note": "Theo ý kiến Giám đốc"}
    answer = leader.post(step(announced.exhibition, "gio-khai-mac"), data)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert said in html
    assert typed_hour in html
    assert "Theo ý kiến Giám đốc" in html
    assert not Opening.objects.exists()


def test_an_open_exhibition_gets_no_hour_of_opening(
    leader: Client, hall: Hall, in_two_hours: datetime
) -> None:
    leader.post(step(hall.exhibition, "gio-khai-mac"), {"opens_at": typed(in_two_hours)})
    assert not Opening.objects.exists()
    assert now(hall.exhibition) is OpeningState.OPEN


def test_what_was_ended_by_hand_keeps_the_day_it_really_opened(leader: Client, hall: Hall) -> None:
    hall.exhibition.opens_at = factories.LONG_AGO
    hall.exhibition.save()
    factories.open_by_hand(hall.exhibition)
    opened = Opening.objects.get()
    leader.post(step(hall.exhibition, "ket-thuc"))
    assert opening_moment(ExhibitionPage.objects.get(pk=hall.exhibition.pk)) == opened.at


def test_an_exhibition_whose_hour_of_closing_has_passed_can_be_opened_again(
    leader: Client, hall: Hall
) -> None:
    factories.open_by_hand(hall.exhibition)
    hall.exhibition.closes_at = timezone.now() + timedelta(seconds=1)
    hall.exhibition.save()
    exhibition = ExhibitionPage.objects.get(pk=hall.exhibition.pk)
    exhibition.closes_at = timezone.now()
    exhibition.save()
    assert now(exhibition) is OpeningState.CLOSED
    leader.post(step(exhibition, "khai-truong"))
    assert Opening.objects.count() == 2
    assert now(exhibition) is OpeningState.OPEN


def test_an_exhibition_with_nothing_to_show_is_not_opened_and_says_why(
    leader: Client, announced: Hall
) -> None:
    for item in announced.items:
        item.unpublish()
    html = leader.get(screen(announced.exhibition)).content.decode()
    assert offered(leader, announced.exhibition) == {"gio-khai-mac"}
    assert '<ul class="reasons">' in html
    leader.post(step(announced.exhibition, "khai-truong"))
    assert not Opening.objects.exists()
    assert leader.get(step(announced.exhibition, "khai-truong")).status_code == 302


def test_a_draft_is_not_opened(leader: Client, announced: Hall) -> None:
    announced.exhibition.unpublish()
    leader.post(step(announced.exhibition, "khai-truong"))
    assert not Opening.objects.exists()


def test_a_step_that_does_not_follow_changes_nothing(leader: Client, announced: Hall) -> None:
    answer = leader.post(step(announced.exhibition, "ket-thuc"), follow=True)
    assert answer.status_code == 200
    assert not Opening.objects.exists()
    assert leader.get(step(announced.exhibition, "xoa")).status_code == 404


def test_an_editor_sees_the_state_but_opens_nothing(client: Client, announced: Hall) -> None:
    client.force_login(staff("bientap", announced.exhibition))
    assert client.get(screen(announced.exhibition)).status_code == 200
    assert offered(client, announced.exhibition) == set()
    assert client.get(step(announced.exhibition, "khai-truong")).status_code == 302
    assert client.post(step(announced.exhibition, "khai-truong")).status_code == 302
    assert not Opening.objects.exists()


def test_opening_without_a_csrf_token_is_refused(announced: Hall) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff("lanhdao", announced.exhibition, "open_exhibition"))
    assert client.post(step(announced.exhibition, "khai-truong")).status_code == 403


def test_an_older_version_of_the_page_does_not_reopen_what_was_ended(
    leader: Client, hall: Hall
) -> None:
    older = hall.exhibition.save_revision()
    older.publish()
    leader.post(step(hall.exhibition, "ket-thuc"))
    older.publish()
    assert now(hall.exhibition) is OpeningState.CLOSED


def test_the_editor_of_an_exhibition_names_its_state_and_leads_to_the_screen(
    leader: Client, hall: Hall
) -> None:
    edit = reverse("wagtailadmin_pages:edit", args=[hall.exhibition.pk])
    html = leader.get(edit).content.decode()
    assert screen(hall.exhibition) in html
    assert "publication-state" in html


HOURS = {"opens_at": "11/06/2023 08:00", "closes_at": "", "readable_after_closing": "on"}


def publish_with(client: Client, exhibition: ExhibitionPage, url: str = "", **typed: str) -> None:
    """Publish what the editor's form holds, with ``typed`` even where it does not ask for it."""
    edit = reverse("wagtailadmin_pages:edit", args=[exhibition.pk])
    # The script of the editor counts the blocks of a stream.
    form = {"legal_texts-count": "0", **edit_form(client, url or edit).dict()}
    answer = client.post(edit, {**form, **typed, "action-publish": "1"})
    assert answer.status_code == 302


def test_who_may_not_open_exhibitions_cannot_open_one_by_setting_its_hour(
    client: Client, announced: Hall
) -> None:
    client.force_login(staff("bientap", announced.exhibition))
    edit = reverse("wagtailadmin_pages:edit", args=[announced.exhibition.pk])
    html = client.get(edit).content.decode()
    assert not any(f'name="{name}"' in html for name in HOURS)
    publish_with(client, announced.exhibition, summary="Tóm tắt mới", **HOURS)
    announced.exhibition.refresh_from_db()
    assert announced.exhibition.summary == "Tóm tắt mới"
    assert now(announced.exhibition) is OpeningState.ANNOUNCED
    assert client.get(announced.items[0].get_url()).status_code == 404


def test_who_may_open_exhibitions_opens_one_by_setting_its_hour(
    leader: Client, announced: Hall
) -> None:
    publish_with(leader, announced.exhibition, **HOURS)
    assert now(announced.exhibition) is OpeningState.OPEN
    assert leader.get(announced.items[0].get_url()).status_code == 200


def test_an_editor_who_goes_back_to_an_older_version_does_not_bring_its_hours_back(
    client: Client, hall: Hall
) -> None:
    exhibition = hall.exhibition
    older = exhibition.save_revision()
    older.publish()
    exhibition.opens_at = None
    exhibition.save_revision().publish()
    client.force_login(staff("bientap", exhibition))
    revert = reverse("wagtailadmin_pages:revisions_revert", args=[exhibition.pk, older.pk])
    publish_with(client, exhibition, revert)
    assert now(exhibition) is OpeningState.ANNOUNCED


def test_a_copy_of_an_open_exhibition_starts_announced_drafts_of_it_too(hall: Hall) -> None:
    hall.exhibition.save_revision().publish()
    copy = hall.exhibition.copy(recursive=True, update_attrs={"slug": "ban-sao"})
    assert now(copy) is OpeningState.ANNOUNCED
    copy.get_latest_revision().publish()
    assert now(copy) is OpeningState.ANNOUNCED


def test_an_alias_of_what_was_put_off_does_not_open_when_it_becomes_a_page_of_its_own(
    client: Client, hall: Hall
) -> None:
    factories.open_by_hand(hall.exhibition, OpeningState.ANNOUNCED)
    alias = CreatePageAliasAction(
        hall.exhibition, recursive=True, update_slug="hien-lai", parent=hall.exhibition.get_parent()
    ).execute()
    client.force_login(staff("bientap", hall.exhibition.get_parent()))
    convert = reverse("wagtailadmin_pages:convert_alias", args=[alias.pk])
    assert client.post(convert).status_code == 302
    assert now(alias) is OpeningState.ANNOUNCED
    assert now(hall.exhibition) is OpeningState.ANNOUNCED


def test_to_announce_again_is_called_putting_off(leader: Client, hall: Hall) -> None:
    factories.open_by_hand(hall.exhibition, OpeningState.ANNOUNCED)
    html = text_of(leader.get(reverse("exhibitions_admin:opening", args=[hall.exhibition.pk])))
    assert "Hoãn khai mạc" in html
    assert "đã hoãn, chưa có giờ mới" in html
