"""Invitation links: how they are written, where they lead, and where they never lead."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Site

from analytics import trackable
from analytics.api import Kind
from campaigns.invitations import (
    address_of,
    banner_address,
    code_in,
    countable_codes,
    find,
    invitation_for,
    landing,
    parse_code,
)
from campaigns.models import Channel, Invitation
from campaigns.models.campaigns import new_code
from exhibitions.models import OpeningState
from tests import factories

pytestmark = pytest.mark.django_db
PORTAL = settings.WAGTAILADMIN_BASE_URL


def path_of(address: str) -> str:
    return urlsplit(address).path


def withdraw(invitation: Invitation) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(withdrawn_at=timezone.now())


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("7Q2KABCD", "7Q2KABCD"),
        ("7q2kabcd", "7Q2KABCD"),
        ("7q2k-abcd", "7Q2KABCD"),
        (" 7q2k abcd ", "7Q2KABCD"),
        ("o123456l", "01234561"),
        ("Oi23456L", "01234561"),
        ("7q2kabc", ""),
        ("7q2kabcde", ""),
        ("7q2kabcu", ""),
        ("7q2kabc\x00", ""),
        ("７q2kabcd", ""),
        ("", ""),
    ],
)
def test_a_code_is_understood_however_it_was_copied_or_read_out(written, code) -> None:
    assert parse_code(written) == code


@pytest.mark.parametrize(
    "readable", ["xa-that-khe-7q2kabcd", "7q2kabcd", "xa-khac-7Q2K-ABCD", "-7q2kabcd"]
)
def test_in_an_address_the_code_stands_last_whatever_stands_before(readable) -> None:
    assert code_in(readable) == "7Q2KABCD"


def test_an_agency_keeps_one_link_a_channel_however_often_it_comes(kit) -> None:
    first = kit.invitation()
    assert kit.invitation().code == first.code
    assert kit.invitation(Channel.ZALO).code != first.code
    assert Invitation.objects.count() == 2


def test_agencies_that_are_not_listed_share_a_link(kit) -> None:
    first, second = (
        invitation_for(kit.campaign, None, Channel.WEB, kit.exhibition) for _twice in range(2)
    )
    assert first.pk == second.pk
    assert first.organisation is None
    assert first.code != kit.invitation().code


def test_two_requests_at_once_give_one_link(kit, monkeypatch) -> None:
    rival: list[Invitation] = []

    def while_the_other_request_is_quicker() -> str:
        if not rival:
            rival.append(
                Invitation.objects.create(
                    campaign=kit.campaign,
                    organisation=kit.agency,
                    channel=Channel.WEB,
                    target=kit.exhibition,
                )
            )
        return "7Q2KABCD"

    monkeypatch.setattr("campaigns.invitations.new_code", while_the_other_request_is_quicker)
    assert kit.invitation().code == rival[0].code
    assert [each.code for each in Invitation.objects.all()] == [rival[0].code]


def test_a_code_that_was_given_out_is_never_given_to_anyone_else(kit, monkeypatch) -> None:
    taken = kit.invitation()
    withdraw(taken)
    draws = iter([taken.code, taken.code, "7Q2KABCD"])
    monkeypatch.setattr("campaigns.invitations.new_code", lambda: next(draws))
    assert kit.invitation(Channel.QR).code == "7Q2KABCD"
    monkeypatch.setattr("campaigns.invitations.new_code", lambda: taken.code)
    with pytest.raises(IntegrityError):
        kit.invitation(Channel.ZALO)


def test_a_link_is_readable_and_has_nothing_an_editor_breaks(kit) -> None:
    invitation = kit.invitation()
    code = invitation.code.lower()
    assert address_of(invitation) == f"{PORTAL}/moi/xa-that-khe-{code}/"
    assert banner_address(invitation, "ngang", "jpg") == f"{PORTAL}/k/{code}-ngang.jpg"
    other = invitation_for(kit.campaign, None, Channel.WEB, kit.exhibition)
    readable = path_of(address_of(other)).removeprefix("/moi/")
    assert readable.startswith("tuyen-truyen-trien-lam-75-nam-thi-dua-")
    kit.agency.name, kit.agency.short_name = "Ủy ban nhân dân " + "rất dài " * 20, ""
    longest = path_of(address_of(kit.invitation())).removeprefix("/moi/")
    assert len(longest) <= 40 + len("-7q2kabcd/")
    assert longest.startswith("uy-ban-nhan-dan-rat-dai-")


def test_the_link_leads_to_the_exhibition_and_says_whose_reader_comes(
    client: Client, kit, counted
) -> None:
    invitation = kit.invitation()
    answer = client.get(path_of(address_of(invitation)))
    assert answer.status_code == 302
    where = urlsplit(answer["Location"])
    assert f"{where.scheme}://{where.netloc}{where.path}" == f"{PORTAL}{kit.exhibition.get_url()}"
    assert parse_qs(where.query) == {
        "utm_source": ["xa-that-khe"],
        "utm_medium": ["banner"],
        "utm_campaign": [kit.campaign.slug],
        "utm_content": [invitation.code.lower()],
    }
    assert client.get(where.path).status_code == 200
    assert counted == [(Kind.CLICK, invitation.code)]


def test_each_channel_is_told_apart(kit) -> None:
    for channel, medium in (
        (Channel.WEB, "banner"),
        (Channel.ZALO, "zalo"),
        (Channel.FACEBOOK, "facebook"),
        (Channel.QR, "qr"),
    ):
        where = landing(kit.invitation(channel))
        assert where and parse_qs(urlsplit(where).query)["utm_medium"] == [medium]


def test_the_redirect_lets_the_agency_be_known_and_is_kept_by_nobody(
    client: Client, kit, settings
) -> None:
    settings.SECURE_REFERRER_POLICY = "same-origin"  # whatever the rest of the portal says
    answer = client.get(path_of(address_of(kit.invitation())))
    assert answer["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer.cookies == {}
    assert "Cookie" not in answer.get("Vary", "")


def test_the_session_is_not_touched(client: Client, kit, monkeypatch) -> None:
    def forbidden(*_args, **_kwargs):
        raise AssertionError("the session was read")

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", forbidden)
    client.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
    invitation = kit.invitation()
    assert client.get(path_of(address_of(invitation))).status_code == 302
    assert client.get(path_of(banner_address(invitation, "ngang", "jpg"))).status_code == 200
    assert client.get(kit.agency_url).status_code == 200


def test_the_words_before_the_code_may_be_wrong_and_the_code_written_otherwise(
    client: Client, kit
) -> None:
    code = kit.invitation().code
    for name in (
        f"xa-khac-{code}",
        code.lower(),
        f"xa-that-khe-{code[:4]}-{code[4:]}",
        code.replace("0", "O").replace("1", "l"),
    ):
        assert client.get(f"/moi/{name}/").status_code == 302, name
    assert client.get(f"/moi/xa-that-khe-{code}", follow=True).redirect_chain[-1][1] == 302


def test_a_look_is_not_a_click(client: Client, kit, counted) -> None:
    answer = client.head(path_of(address_of(kit.invitation())))
    assert answer.status_code == 302
    assert counted == []
    assert client.post(path_of(address_of(kit.invitation()))).status_code == 405


def test_unknown_withdrawn_and_hidden_links_are_answered_like_any_wrong_address(
    client: Client, kit, counted
) -> None:
    invitation = kit.invitation()
    address = path_of(address_of(invitation))
    unknown = client.get("/moi/xa-that-khe-00000000/")
    assert unknown.status_code == 404
    assert '<main id="noi-dung"' in unknown.content.decode()
    kit.exhibition.unpublish()
    hidden = client.get(address)
    kit.exhibition.save_revision().publish()
    assert client.get(address).status_code == 302
    kit.exhibition.get_parent().unpublish()
    below_hidden = client.get(address)
    kit.exhibition.get_parent().specific.save_revision().publish()
    withdraw(invitation)
    withdrawn = client.get(address)
    kinds = {answer.status_code for answer in (hidden, below_hidden, withdrawn)}
    assert kinds == {404}
    assert find(invitation.code) is None
    codes = [code for _kind, code in counted]
    assert codes == ["", "", invitation.code, "", ""], "dropped, dropped, counted, dropped twice"


def test_an_exhibition_that_has_not_opened_yet_is_announced_to_who_comes(
    client: Client, kit
) -> None:
    factories.open_by_hand(kit.exhibition, OpeningState.ANNOUNCED)
    answer = client.get(path_of(address_of(kit.invitation())), follow=True)
    assert answer.status_code == 200


def test_when_its_page_is_deleted_a_link_leads_nowhere(client: Client, kit) -> None:
    address = path_of(address_of(kit.invitation()))
    kit.exhibition.delete()
    assert client.get(address).status_code == 404


def test_when_its_campaign_is_deleted_a_link_still_leads_on(client: Client, kit) -> None:
    address = path_of(address_of(kit.invitation()))
    kit.campaign.delete()
    answer = client.get(address)
    assert answer.status_code == 302
    assert "utm_campaign" not in answer["Location"]


def test_nothing_after_the_link_changes_where_it_leads(client: Client, kit) -> None:
    invitation = kit.invitation()
    for tail in (
        "?url=https://evil.example/",
        "?next=//evil.example/&target=https://evil.example/",
        "?utm_source=evil",
        "?x=" + "a" * 10_000,
        "?x=%0d%0aLocation:%20https://evil.example/",
    ):
        answer = client.get(path_of(address_of(invitation)) + tail)
        assert answer.status_code == 302
        assert answer["Location"] == landing(invitation)


def test_made_up_addresses_never_lead_away(client: Client, kit) -> None:
    code = kit.invitation().code.lower()
    for path in (
        "/moi//evil.example/",
        f"/moi///evil.example/x-{code}/",
        f"/moi/https://evil.example/{code}/",
        "/moi/%0d%0aLocation:%20https://evil.example/",
        f"/moi/x%0d%0a-{code}%0d%0a/",
        "/moi/%00-00000000/",
        f"/moi/x-{code}%00/",
        f"/moi/..%2f..%2fadmin-{code}/x/",
        "/moi/" + "a" * 10_000 + f"-{code}/",
        "/moi/",
        "/moi/%ff%fe-00000000/",
        "/moi/\u1ee7y-ban-0000000\u0661/",
    ):
        answer = client.get(path)
        assert answer.status_code == 404, path
        assert "Location" not in answer
        assert "evil.example" not in "".join(f"{name}{value}" for name, value in answer.items())
    for path in (f"//evil.example/moi/x-{code}/", f"//evil.example/moi/x-{code}"):
        # Given apart, for the client would take such a path for a host.
        answer = client.get("/", PATH_INFO=path)
        assert answer.status_code == 404, path
        assert "Location" not in answer


def test_counting_is_told_whose_a_code_is(kit) -> None:
    invitation = kit.invitation()
    other = invitation_for(kit.campaign, None, Channel.QR, kit.exhibition)
    gone = kit.invitation(Channel.ZALO)
    withdraw(gone)
    known = countable_codes([invitation.code, other.code, gone.code, "00000000"])
    assert set(known) == {invitation.code, other.code}
    whose = known[invitation.code]
    assert whose.organisation == kit.agency.pk
    assert whose.organisation_name == "Ủy ban nhân dân xã Thất Khê"
    assert whose.campaign == kit.campaign.pk
    assert whose.campaign_title == kit.campaign.title
    assert whose.channel == Channel.WEB
    assert whose.hosts == {"thatkhe.langson.gov.vn"}
    assert known[other.code].organisation is None
    assert known[other.code].hosts == frozenset()


def test_counting_asks_this_rule(kit) -> None:
    trackable.forget()
    answer = trackable.codes.get(kit.invitation().code)
    assert answer is not None and answer.organisation == kit.agency.pk


def test_a_thousand_codes_are_looked_up_in_two_queries(kit) -> None:
    agencies = [factories.OrganisationFactory() for _number in range(20)]
    codes = [
        invitation_for(kit.campaign, agency, Channel.WEB, kit.exhibition).code
        for agency in agencies
    ]
    codes += [f"{number:08d}" for number in range(1000)]
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert len(countable_codes(codes)) == 20
    assert len(captured) == 2


def test_a_click_takes_as_few_queries_however_many_links_there_are(client: Client, kit) -> None:
    address = path_of(address_of(kit.invitation()))

    def queries() -> int:
        Site.clear_site_root_paths_cache()
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 302
        return len(captured)

    before = queries()
    for _number in range(15):
        agency = factories.OrganisationFactory()
        invitation_for(kit.campaign, agency, Channel.WEB, kit.exhibition)
    assert queries() == before
    print(f"queries of a click: {before}")
    assert before <= 4


def test_no_code_spells_what_a_blocker_looks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    draws = iter("A1X1BCDE7Q2ADBCD7Q2KABCE")
    monkeypatch.setattr("campaigns.models.campaigns.secrets.choice", lambda _letters: next(draws))
    assert new_code() == "7Q2KABCE"
