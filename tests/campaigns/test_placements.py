"""“Báo đã gắn banner”: what an agency may say, and what is made of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from analytics.api import CodeFigures
from campaigns.invitations import invitation_for
from campaigns.models import Channel, Invitation, Placement, PlacementState
from campaigns.placements import Declared, clean_address, declare, placement_state, record_finding
from tests import factories

pytestmark = pytest.mark.django_db
ADDRESS = "https://thatkhe.langson.gov.vn/tin-tuc"


def seen(at: Any) -> CodeFigures:
    return CodeFigures(
        downloads=0,
        impressions=1,
        clicks=0,
        confirmed_visits=0,
        confirmed_unmerged=0,
        seen_at=at,
        seen_host="thatkhe.langson.gov.vn" if at else "",
    )


def send(client: Client, kit, address: str, **headers: str):
    return client.post(kit.agency_url, {"dia-chi": address}, headers=headers)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (ADDRESS, ADDRESS),
        (f"  {ADDRESS}\n", ADDRESS),
        ("thatkhe.langson.gov.vn/tin-tuc", "http://thatkhe.langson.gov.vn/tin-tuc"),
        ("HTTPS://ThatKhe.LangSon.gov.vn", "https://thatkhe.langson.gov.vn/"),
        ("http://thatkhe.gov.vn:8080/a?b=1&c=2#d", "http://thatkhe.gov.vn:8080/a?b=1&c=2#d"),
        ("https://tỉnh.vn/trang", "https://xn--tnh-dlz.vn/trang"),
    ],
)
def test_an_address_is_taken_as_people_paste_it(typed, kept) -> None:
    assert clean_address(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "banner đã gắn ở trang chủ",
        "ftp://thatkhe.gov.vn/",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//thatkhe.gov.vn/",
        "https://",
        "https:///trang",
        "https:thatkhe.gov.vn",
        "http://localhost/",
        "http://may.localhost/",
        "http://intranet/",
        "http://may-chu.local/",
        "http://127.0.0.1/",
        "http://10.0.0.1:8000/",
        "http://0x7f.1/",
        "http://2130706433/",
        "http://１２７.0.0.1/",
        "http://[::1]/",
        "http://[bad/",
        "http://169.254.169.254/latest/meta-data/",
        "https://ten:mat-khau@thatkhe.gov.vn/",
        "https://thatkhe.gov.vn:99999/",
        "https://that khe.gov.vn/",
        "https://thatkhe.gov.vn/\r\nX: y",
        "https://thatkhe.gov.vn/\u200btrang",
        "https://-.gov.vn/",
        "https://thatkhe..vn/",
        "https://thatkhe.gov.vn/" + "a" * 500,
        "x" * 100_000,
    ],
)
def test_what_cannot_be_the_address_of_a_public_page_is_refused(typed) -> None:
    with pytest.raises(ValidationError):
        clean_address(typed)


def test_a_refused_address_is_answered_with_the_reason(client: Client, kit) -> None:
    for typed in ("", "http://localhost/", "x" * 100_000, "https://thatkhe.gov.vn/\r\nX: y"):
        answer = send(client, kit, typed)
        assert answer.status_code == 400
        assert 'role="alert"' in answer.content.decode()
        assert 'aria-invalid="true"' in answer.content.decode()
    assert Placement.objects.count() == 0


def test_what_was_typed_stays_in_the_field_and_is_no_markup(client: Client, kit) -> None:
    text = send(client, kit, '"><script>alert(1)</script>').content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_an_agency_says_where_its_banner_is_and_is_thanked(client: Client, kit) -> None:
    answer = send(client, kit, ADDRESS)
    assert answer.status_code == 302
    assert answer["Location"] == f"{kit.agency_url}?bao=da-ghi#tra-loi"
    row = Placement.objects.get()
    assert (row.invitation_id, row.address) == (kit.invitation().pk, ADDRESS)
    assert row.state == PlacementState.DECLARED
    thanks = client.get(answer["Location"].partition("#")[0]).content.decode()
    assert "kitanswer--done" in thanks
    assert "kitanswer" not in client.get(kit.agency_url).content.decode()


def test_nothing_about_whoever_sent_it_is_kept(client: Client, kit) -> None:
    answer = client.post(
        kit.agency_url,
        {"dia-chi": ADDRESS},
        headers={"User-Agent": "Trình duyệt lạ", "Referer": "https://thatkhe.gov.vn/noi-bo"},
        REMOTE_ADDR="203.0.113.77",
    )
    assert answer.cookies == {}
    row = Placement.objects.get()
    assert row.by is None
    assert row.by_name == "Ủy ban nhân dân xã Thất Khê"
    kept = " ".join(str(value) for value in vars(row).values())
    assert not [each for each in ("203.0.113", "Trình duyệt", "noi-bo") if each in kept]


def test_a_double_click_and_the_same_address_again_are_kept_once(client: Client, kit) -> None:
    outcomes = [
        send(client, kit, typed)["Location"].partition("=")[2].partition("#")[0]
        for typed in (ADDRESS, ADDRESS, ADDRESS.upper().replace("/TIN-TUC", "/tin-tuc"))
    ]
    assert outcomes == ["da-ghi", "da-co", "da-co"]
    assert Placement.objects.count() == 1


def test_after_it_was_taken_down_an_address_can_be_declared_again(kit) -> None:
    invitation = kit.invitation()
    declare(invitation, ADDRESS)
    officer = factories.UserFactory(is_superuser=True)
    record_finding(invitation, PlacementState.REMOVED, by=officer)
    assert placement_state(invitation, None) is PlacementState.REMOVED
    assert declare(invitation, ADDRESS) is Declared.RECORDED
    assert placement_state(kit.invitation(), None) is PlacementState.DECLARED


def test_a_day_takes_ten_addresses_of_an_agency_and_the_next_day_more(client: Client, kit) -> None:
    for number in range(10):
        assert "da-ghi" in send(client, kit, f"{ADDRESS}/{number}")["Location"]
    refused = send(client, kit, f"{ADDRESS}/10")
    assert "qua-nhieu" in refused["Location"]
    page = client.get(refused["Location"].partition("#")[0]).content.decode()
    assert "kitanswer--refused" in page
    assert Placement.objects.count() == 10
    assert "da-co" in send(client, kit, f"{ADDRESS}/3")["Location"]
    other = factories.OrganisationFactory()
    elsewhere = invitation_for(kit.campaign, other, Channel.WEB, kit.exhibition)
    assert declare(elsewhere, ADDRESS) is Declared.RECORDED
    super(type(Placement.objects.all()), Placement.objects.all()).update(
        at=timezone.now() - timedelta(days=1)
    )
    assert "da-ghi" in send(client, kit, f"{ADDRESS}/10")["Location"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"},
        {"Origin": "http://testserver"},
        {},
    ],
)
def test_our_own_page_can_send_it_without_a_token(kit, headers) -> None:
    client = Client(enforce_csrf_checks=True)
    assert send(client, kit, ADDRESS, **headers).status_code == 302
    assert Placement.objects.count() == 1


def test_no_other_site_can_send_it(client: Client, kit) -> None:
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://testserver.evil.example"},
        {"Origin": "null"},
        {"Origin": "http://[bad"},
    ):
        assert send(client, kit, ADDRESS, **headers).status_code == 403, headers
    assert Placement.objects.count() == 0


def test_agencies_that_are_not_listed_can_say_it_too(client: Client, kit) -> None:
    client.post(f"{kit.url}khac/", {"dia-chi": ADDRESS})
    row = Placement.objects.get()
    assert row.invitation.organisation is None
    assert row.by_name


def test_an_agency_whose_link_was_withdrawn_cannot(client: Client, kit) -> None:
    Invitation.objects.filter(pk=kit.invitation().pk).update(withdrawn_at=timezone.now())
    assert send(client, kit, ADDRESS).status_code == 404
    assert Placement.objects.count() == 0


def test_the_address_is_never_asked_for(client: Client, kit, monkeypatch) -> None:
    def forbidden(*_args, **_kwargs):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr("socket.getaddrinfo", forbidden)
    monkeypatch.setattr("socket.socket.connect", forbidden)
    assert send(client, kit, ADDRESS).status_code == 302


def found(kit, address: str, state: PlacementState, days_ago: int = 0) -> None:
    """What an officer, or without days the agency, has said of an address."""
    Placement.objects.create(
        invitation=kit.invitation(),
        address=address,
        state=state,
        by_name="Cán bộ",
        at=timezone.now() - timedelta(days=days_ago),
    )


def state(kit, seen_days_ago: int | None = None) -> PlacementState:
    at = None if seen_days_ago is None else timezone.now() - timedelta(days=seen_days_ago)
    return placement_state(kit.invitation(), seen(at))


def test_of_an_agency_that_said_nothing_nothing_is_known(kit) -> None:
    assert state(kit) is PlacementState.UNKNOWN
    assert placement_state(kit.invitation(), None) is PlacementState.UNKNOWN


def test_what_was_seen_within_thirty_days_is_in_place(kit) -> None:
    assert state(kit, seen_days_ago=29) is PlacementState.SEEN
    assert state(kit, seen_days_ago=31) is PlacementState.UNKNOWN
    declare(kit.invitation(), ADDRESS)
    assert state(kit, seen_days_ago=29) is PlacementState.SEEN
    assert state(kit, seen_days_ago=31) is PlacementState.DECLARED


def test_what_an_officer_saw_taken_down_is_down_until_it_is_seen_again(kit) -> None:
    found(kit, ADDRESS, PlacementState.DECLARED, days_ago=12)
    found(kit, ADDRESS, PlacementState.REMOVED, days_ago=5)
    assert state(kit, seen_days_ago=6) is PlacementState.REMOVED
    assert state(kit, seen_days_ago=4) is PlacementState.SEEN
    declare(kit.invitation(), ADDRESS)
    assert state(kit) is PlacementState.DECLARED


def test_one_page_taken_down_leaves_the_other(kit) -> None:
    declare(kit.invitation(), ADDRESS)
    declare(kit.invitation(), f"{ADDRESS}/khac")
    found(kit, ADDRESS, PlacementState.REMOVED)
    assert state(kit) is PlacementState.DECLARED
    found(kit, "", PlacementState.REMOVED)
    assert state(kit) is PlacementState.REMOVED


def test_a_whole_list_of_agencies_is_judged_without_a_query_each(
    kit, django_assert_num_queries
) -> None:
    for _number in range(5):
        agency = factories.OrganisationFactory()
        invitation = invitation_for(kit.campaign, agency, Channel.WEB, kit.exhibition)
        declare(invitation, ADDRESS)
    with django_assert_num_queries(2):
        listed = list(Invitation.objects.prefetch_related("placements"))
        assert {placement_state(each, None) for each in listed} == {PlacementState.DECLARED}
