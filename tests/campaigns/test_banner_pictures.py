"""Banners that agencies show straight from the portal, and the files they download."""

from __future__ import annotations

import io
import re
import zipfile
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from analytics.api import Kind
from campaigns.banners.files import BannerUnavailable
from campaigns.invitations import address_of, invitation_for
from campaigns.models import Channel, Invitation
from exhibitions.models import OpeningState
from tests import factories

pytestmark = pytest.mark.django_db


def hot_link(invitation: Invitation, name: str = "ngang.jpg") -> str:
    return f"/k/{invitation.code.lower()}-{name}"


def test_an_agency_s_page_may_show_the_picture(client: Client, kit, counted) -> None:
    invitation = kit.invitation()
    for name, content_type, kind, size in (
        ("ngang.jpg", "image/jpeg", "JPEG", (1200, 250)),
        ("ngang.png", "image/png", "PNG", (1200, 250)),
        ("ngang.webp", "image/webp", "WEBP", (1200, 250)),
        ("vuong.jpg", "image/jpeg", "JPEG", (300, 250)),
    ):
        answer = client.get(
            hot_link(invitation, name),
            headers={
                "Referer": "https://thatkhe.langson.gov.vn/",
                "Sec-Fetch-Site": "cross-site",
                "Sec-Fetch-Dest": "image",
            },
        )
        assert answer.status_code == 200
        assert answer["Content-Type"] == content_type
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
        picture = Image.open(io.BytesIO(answer.content))
        assert (picture.format, picture.size) == (kind, size)
        assert int(answer["Content-Length"]) == len(answer.content)
    assert counted == [(Kind.IMPRESSION, invitation.code)] * 4


def test_every_show_is_asked_for_anew_and_no_reader_is_marked(client: Client, kit) -> None:
    answer = client.get(hot_link(kit.invitation()))
    assert answer["Cache-Control"] == "private, no-cache"
    assert re.fullmatch(r'"[^"]+"', answer["ETag"]), "a strong one"
    assert answer.cookies == {}
    assert "Cookie" not in answer.get("Vary", "")


def test_a_picture_the_browser_has_is_not_sent_again_but_counted(
    client: Client, kit, counted
) -> None:
    invitation = kit.invitation()
    etag = client.get(hot_link(invitation))["ETag"]
    again = client.get(hot_link(invitation), headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == etag
    assert again["Cache-Control"] == "private, no-cache"
    assert again["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert again.cookies == {}
    old = client.get(hot_link(invitation), headers={"If-None-Match": '"an-older-one"'})
    assert old.status_code == 200
    assert counted == [(Kind.IMPRESSION, invitation.code)] * 3


def test_a_look_is_no_show(client: Client, kit, counted) -> None:
    answer = client.head(hot_link(kit.invitation()))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
    assert counted == []
    assert client.post(hot_link(kit.invitation())).status_code == 405


def test_the_code_may_be_written_as_it_was_read_out(client: Client, kit, counted) -> None:
    code = kit.invitation().code
    for written in (code, f"{code[:4]}-{code[4:]}", code.replace("0", "o").replace("1", "I")):
        assert client.get(f"/k/{written}-ngang.jpg").status_code == 200
    assert counted == [(Kind.IMPRESSION, code)] * 3


def test_what_is_no_picture_is_a_short_not_found(client: Client, kit, counted) -> None:
    code = kit.invitation().code.lower()
    names = [
        "00000000-ngang.jpg",
        f"{code}-doc.jpg",
        f"{code}-khong.jpg",
        f"{code}-ngang.gif",
        f"{code}-ngang.svg",
        f"{code}-ngang",
        f"{code}.jpg",
        f"{code}-ngang.jpg%00",
        f"{code}-ngang.jpg%0d%0a",
        "ngang.jpg",
        "a" * 200,
        "%ff",
    ]
    for name in names:
        answer = client.get(f"/k/{name}")
        assert answer.status_code == 404, name
        assert answer["Content-Type"].startswith("text/plain"), name
        assert answer["Cache-Control"] == "no-store"
        assert len(answer.content) < 200
    assert counted == [(Kind.IMPRESSION, "")] * len(names), "counted as dropped"
    assert client.get("/k/..%2f..%2fmanage.py").status_code == 404


def test_a_withdrawn_code_and_a_hidden_exhibition_show_nothing(
    client: Client, kit, counted
) -> None:
    invitation = kit.invitation()
    kit.exhibition.unpublish()
    assert client.get(hot_link(invitation)).status_code == 404
    kit.exhibition.save_revision().publish()
    assert client.get(hot_link(invitation)).status_code == 200
    Invitation.objects.filter(pk=invitation.pk).update(withdrawn_at=timezone.now())
    assert client.get(hot_link(invitation)).status_code == 404
    assert [code for _kind, code in counted] == ["", invitation.code, ""]


def test_a_code_that_leads_nowhere_shows_no_banner_of_another_exhibition(
    client: Client, kit
) -> None:
    second = factories.ExhibitionPageFactory(parent=kit.exhibition.get_parent().specific)
    kit.campaign.exhibitions.create(exhibition=second)
    kit.campaign.save()
    invitation = kit.invitation()
    kit.exhibition.unpublish()
    assert client.get(hot_link(invitation)).status_code == 404
    renewed = invitation_for(kit.campaign, kit.agency, Channel.WEB, second)
    assert client.get(hot_link(renewed)).status_code == 200


def test_the_picture_changes_when_the_exhibition_opens(client: Client, kit) -> None:
    factories.open_by_hand(kit.exhibition, OpeningState.ANNOUNCED)
    announced = client.get(hot_link(kit.invitation()))
    factories.open_by_hand(kit.exhibition)
    opened = client.get(hot_link(kit.invitation()), headers={"If-None-Match": announced["ETag"]})
    assert (announced.status_code, opened.status_code) == (200, 200)
    assert opened.content != announced.content


@pytest.mark.parametrize("failure", [BannerUnavailable("full"), OSError(28, "No space left")])
def test_on_a_full_disk_the_agency_s_browser_is_told_to_come_again(
    client: Client, kit, counted, monkeypatch, failure
) -> None:
    def unavailable(*_args):
        raise failure

    monkeypatch.setattr("campaigns.views.banner_file", unavailable)
    for path in (hot_link(kit.invitation()), f"{kit.agency_url}ngang.jpg"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert int(answer["Retry-After"]) > 0
        assert answer["Cache-Control"] == "no-store"
    assert counted == []


def test_a_show_takes_as_few_queries_however_many_agencies_there_are(client: Client, kit) -> None:
    invitation = kit.invitation()

    def queries() -> int:
        client.get(hot_link(invitation))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(hot_link(invitation)).status_code == 200
        return len(captured)

    before = queries()
    for _number in range(15):
        agency = factories.OrganisationFactory()
        invitation_for(kit.campaign, agency, Channel.WEB, kit.exhibition)
    assert queries() == before
    print(f"queries of a banner: {before}")
    assert before <= 10


def test_a_download_is_a_file_to_keep_and_credited_to_the_agency(
    client: Client, kit, counted
) -> None:
    for name, content_type in (
        ("ngang.jpg", "image/jpeg"),
        ("ngang.png", "image/png"),
        ("vuong.webp", "image/webp"),
        ("tron-bo.zip", "application/zip"),
        ("ma-qr.svg", "image/svg+xml"),
        ("ma-qr.png", "image/png"),
    ):
        answer = client.get(f"{kit.agency_url}{name}")
        assert answer.status_code == 200, name
        assert answer["Content-Type"] == content_type
        assert answer["Content-Disposition"].startswith('attachment; filename="')
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer.cookies == {}
    web, qr = kit.invitation().code, kit.invitation(Channel.QR).code
    assert counted == [(Kind.DOWNLOAD, code) for code in (web, web, web, web, qr, qr)]


def test_a_download_is_sent_whole_and_a_look_is_none(client: Client, kit, counted) -> None:
    path = f"{kit.agency_url}ngang.jpg"
    part = client.get(path, headers={"Range": "bytes=100-"})
    assert part.status_code == 200
    assert Image.open(io.BytesIO(part.content)).size == (1200, 250)
    counted.clear()
    assert client.head(path).status_code == 200
    assert counted == []


def test_files_are_called_so_that_no_blocker_hides_them(client: Client, kit) -> None:
    """Against the patterns of ABPVN and EasyList that counting.md lists."""
    blocked = re.compile(r"banner|quang-?cao|/ads?[/-]|/qc/|\d+x\d+|bannerid", re.IGNORECASE)
    text = client.get(kit.agency_url).content.decode()
    addresses = re.findall(r'(?:src|href)="([^"]+)"', text)
    addresses += re.findall(r"(?:src|href)=&quot;(.+?)&quot;", text)
    assert any("/k/" in each for each in addresses)
    assert any("/moi/" in each for each in addresses)
    assert [each for each in addresses if blocked.search(each)] == []
    names = re.findall(r'(?:class|id)="([^"]+)"', text)
    assert [each for each in names if blocked.search(each)] == []
    saved = client.get(f"{kit.agency_url}ngang.jpg")["Content-Disposition"]
    assert not blocked.search(saved)


def test_the_archive_holds_every_form(client: Client, kit) -> None:
    archive = zipfile.ZipFile(io.BytesIO(client.get(f"{kit.agency_url}tron-bo.zip").content))
    assert archive.testzip() is None
    names = archive.namelist()
    for form in ("ngang", "vuong"):
        for extension in ("jpg", "png", "webp"):
            assert [each for each in names if each.endswith(f"{form}.{extension}")]


def test_no_other_file_can_be_downloaded(client: Client, kit, counted) -> None:
    for name in ("doc.jpg", "khong.png", "ngang.gif", "ma-qr.jpg", "khac.zip", "ngang.svg"):
        assert client.get(f"{kit.agency_url}{name}").status_code == 404, name
    assert counted == []


def test_a_preview_is_shown_to_anyone_and_counts_as_nothing(client: Client, kit, counted) -> None:
    answer = client.get(f"{kit.url}hinh/ngang.jpg")
    assert answer.status_code == 200
    assert Image.open(io.BytesIO(answer.content)).size == (1200, 250)
    again = client.get(f"{kit.url}hinh/ngang.jpg", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert client.get(f"{kit.url}hinh/doc.jpg").status_code == 404
    assert counted == []


def test_the_code_to_scan_holds_a_link_of_its_own(client: Client, kit) -> None:
    text = client.get(kit.agency_url).content.decode()
    scanned = address_of(kit.invitation(Channel.QR))
    assert scanned != address_of(kit.invitation())
    assert scanned in text
    picture = Image.open(io.BytesIO(client.get(f"{kit.agency_url}ma-qr.png").content))
    assert picture.width >= 400
    assert picture.convert("L").getpixel((0, 0)) == 255, "a margin of white around it"


def test_a_picture_that_was_made_costs_few_queries_and_a_link_fewer(client: Client, kit) -> None:
    invitation = kit.invitation()
    client.get(hot_link(invitation))
    with CaptureQueriesContext(connection) as picture:
        assert client.get(hot_link(invitation)).status_code == 200
    with CaptureQueriesContext(connection) as link:
        assert client.get(urlsplit(address_of(invitation)).path).status_code == 302
    assert (len(picture), len(link)) == (7, 3)
