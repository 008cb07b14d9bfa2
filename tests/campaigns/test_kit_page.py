"""The banner kit without an account: find the agency, take a banner, copy a link or a code."""

from __future__ import annotations

import html
import re
import unicodedata
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Site

from campaigns.agencies import search_agencies
from campaigns.invitations import address_of, banner_address, invitation_for, withdraw
from campaigns.kit import kit_entry
from campaigns.models import BannerForm, Channel, Invitation
from exhibitions.models import OpeningState
from tests import factories
from tests.site.test_public_pages import Markup, foreign_addresses

pytestmark = pytest.mark.django_db


def page(client: Client, address: str) -> tuple[str, Markup]:
    answer = client.get(address)
    assert answer.status_code == 200
    text = answer.content.decode()
    return text, Markup(text)


def links_of(markup: Markup) -> list[str]:
    return [each["href"] or "" for each in markup.all("a")]


def names_found(query: str) -> list[str]:
    return [hit.name for hit in search_agencies(query).hits]


def test_both_pages_keep_the_rules_of_the_house(client: Client, kit) -> None:
    for address in (kit.url, f"{kit.url}?tim=that+khe", kit.agency_url, f"{kit.url}khac/"):
        answer = client.get(address)
        text = answer.content.decode()
        markup = Markup(text)
        assert len(markup.all("h1")) == 1
        assert markup.unbalanced == []
        assert answer.cookies == {}
        assert "csrfmiddlewaretoken" not in text
        assert "Cookie" not in answer.get("Vary", "")
        assert markup.scripts_with_text == 0 and not markup.all("style")
        assert not [each for _tag, each in markup.tags if "style" in each]
        assert foreign_addresses(markup) == []
        assert all("alt" in image for image in markup.all("img"))
        identifiers = [each["id"] for _tag, each in markup.tags if "id" in each]
        assert sorted(set(identifiers)) == sorted(identifiers)
        labelled = {each.get("for") for each in markup.all("label")}
        fields = [*markup.all("textarea"), *markup.all("input")]
        assert all(each["id"] in labelled for each in fields if each.get("type") != "radio")


def test_the_kit_is_there_while_its_campaign_is_public(client: Client, kit) -> None:
    addresses = (
        kit.url,
        f"{kit.url}co-quan.json?tim=that",
        f"{kit.url}ma-qr.png",
        f"{kit.url}hinh/ngang.jpg",
        kit.agency_url,
        f"{kit.agency_url}ngang.jpg",
        f"{kit.agency_url}tron-bo.zip",
        f"/bo-nhan-dien/{kit.campaign.pk}/",
    )
    for address in addresses:
        assert client.get(address).status_code in (200, 302), address
    kit.campaign.get_parent().unpublish()
    assert [client.get(address).status_code for address in addresses] == [404] * len(addresses)
    kit.campaign.get_parent().specific.save_revision().publish()
    kit.campaign.unpublish()
    assert [client.get(address).status_code for address in addresses] == [404] * len(addresses)
    assert client.get("/bo-nhan-dien/khong-co/").status_code == 404


def test_the_short_address_in_a_letter_leads_to_the_kit_even_after_a_renaming(
    client: Client, kit
) -> None:
    short = f"/bo-nhan-dien/{kit.campaign.pk}/"
    assert client.get(short)["Location"] == kit.url
    kit.campaign.slug = "ten-moi"
    kit.campaign.save()
    assert client.get(short)["Location"] == "/bo-nhan-dien/ten-moi/"
    assert client.get("/bo-nhan-dien/999999999/").status_code == 404
    assert client.get(f"/bo-nhan-dien/{kit.exhibition.pk}/").status_code == 404


@pytest.mark.parametrize(
    "typed",
    [
        "that khe",
        "Thất Khê",
        "THẤT KHÊ",
        unicodedata.normalize("NFD", "thất khê"),
        "khe that",
        "ubnd xa that",
        "uy ban that khe",
        "that khe lang son",
        "  that   kh ",
    ],
)
def test_an_agency_is_found_the_way_people_type_it(typed) -> None:
    factories.OrganisationFactory(
        name="Ủy ban nhân dân xã Thất Khê", short_name="Xã Thất Khê", province="Lạng Sơn"
    )
    factories.OrganisationFactory(name="Ủy ban nhân dân xã Khe Sanh", province="Quảng Trị")
    assert names_found(typed) == ["Ủy ban nhân dân xã Thất Khê"]


@pytest.mark.parametrize("typed", ["that khe cao bang", "hat", "", "   ", "/%&", "that-khe-q"])
def test_every_word_must_be_there(typed) -> None:
    factories.OrganisationFactory(name="Ủy ban nhân dân xã Thất Khê", province="Lạng Sơn")
    assert names_found(typed) == []


def test_agencies_stand_in_vietnamese_order_and_at_most_twenty(client: Client, kit) -> None:
    for name in ("Xã Đình Lập", "Xã Ba Sơn", "Xã Bắc Sơn", "Xã Châu Sơn", "Xã Ái Quốc"):
        factories.OrganisationFactory(name=name)
    assert names_found("xa")[:3] == ["Ủy ban nhân dân xã Thất Khê", "Xã Ái Quốc", "Xã Ba Sơn"]
    assert names_found("son") == [
        "Ủy ban nhân dân xã Thất Khê",
        "Xã Ba Sơn",
        "Xã Bắc Sơn",
        "Xã Châu Sơn",
    ]
    for number in range(30):
        factories.OrganisationFactory(name=f"Xã Mẫu {number:02d}")
    assert len(names_found("xa")) == 20
    assert search_agencies("xa").more
    assert not search_agencies("son").more


def test_only_agencies_that_exist_today_are_offered(client: Client, kit) -> None:
    today = timezone.localdate()
    day = timedelta(days=1)
    dates = {
        "đã sáp nhập": (None, today - day),
        "còn hôm nay": (None, today),
        "mới từ hôm nay": (today, None),
        "chưa thành lập": (today + day, None),
    }
    made = {
        name: factories.OrganisationFactory(name=f"Sở mẫu {name}", valid_from=first, valid_to=last)
        for name, (first, last) in dates.items()
    }
    offered = ["còn hôm nay", "mới từ hôm nay"]
    assert sorted(names_found("so mau")) == sorted(f"Sở mẫu {name}" for name in offered)
    for name, agency in made.items():
        expected = 200 if name in offered else 404
        assert client.get(f"{kit.url}so-mau-{agency.pk}/").status_code == expected, name


def test_without_a_script_the_search_is_a_page_of_links(client: Client, kit) -> None:
    _text, markup = page(client, f"{kit.url}?tim=that+khe")
    assert kit.agency_url in links_of(markup)
    assert f"{kit.url}khac/" in links_of(markup)
    nothing, nobody = page(client, f"{kit.url}?tim=<b>khong-co</b>")
    assert f"{kit.url}khac/" in links_of(nobody)
    assert "<b>khong-co" not in nothing
    assert kit.agency_url not in links_of(page(client, kit.url)[1])


def test_with_a_script_the_field_suggests_the_same_agencies(client: Client, kit) -> None:
    answer = client.get(f"{kit.url}co-quan.json", {"tim": "thất khê"})
    assert answer["Content-Type"] == "application/json"
    assert answer.cookies == {}
    assert answer.json()["results"] == [
        {"name": "Ủy ban nhân dân xã Thất Khê", "beside": "Lạng Sơn", "url": kit.agency_url}
    ]
    assert answer.json()["said"]
    assert client.get(answer.json()["results"][0]["url"]).status_code == 200
    for odd in ("", "\x00", "a" * 10_000, "'; DROP TABLE--", "%"):
        assert client.get(f"{kit.url}co-quan.json", {"tim": odd}).json()["results"] == []


def test_an_agency_gets_its_own_link_pictures_codes_and_channels(client: Client, kit) -> None:
    text, markup = page(client, kit.agency_url)
    assert "Ủy ban nhân dân xã Thất Khê" in text
    fields = [each.get("value") for each in markup.all("input") if "readonly" in each]
    assert fields == [
        address_of(kit.invitation(channel))
        for channel in (Channel.WEB, Channel.ZALO, Channel.FACEBOOK)
    ]
    links = links_of(markup)
    for name in ("ngang.jpg", "ngang.png", "ngang.webp", "vuong.jpg", "tron-bo.zip", "ma-qr.png"):
        assert f"{kit.agency_url}{name}" in links
    assert address_of(kit.invitation(Channel.QR)) in text
    assert "(0205) 3812 345" in text
    assert "tel:02053812345" in links
    assert Invitation.objects.count() == 4
    page(client, kit.agency_url)
    assert Invitation.objects.count() == 4, "the same link at every visit"


def test_each_form_offers_picture_link_code_and_qr_in_this_order(client: Client, kit) -> None:
    _text, markup = page(client, kit.agency_url)
    ways = [each["data-way"] for each in markup.all("a") if "data-way" in each]
    assert ways == ["picture", "link", "snippet", "qr"] * 2
    pictures = [each["href"] or "" for each in markup.all("a") if each.get("data-way") == "picture"]
    assert pictures == [f"{kit.agency_url}{form}.jpg" for form in ("ngang", "vuong")]
    # Without a script they lead to text that can be selected on the same page.
    identifiers = {each["id"] for _tag, each in markup.tags if "id" in each}
    within = [link[1:] for link in links_of(markup) if link.startswith("#")]
    assert set(within) <= identifiers


def test_forms_are_shown_true_to_scale(client: Client, kit) -> None:
    _text, markup = page(client, kit.agency_url)
    sizes = [(each["width"], each["height"]) for each in markup.all("img")]
    assert sizes == [("1200", "250"), ("300", "250")]
    for each in markup.all("img"):
        assert client.get(each["src"] or "").status_code == 200


def test_the_embed_code_is_plain_html_with_addresses_that_work_elsewhere(
    client: Client, kit
) -> None:
    banner = kit.campaign.banners.get(form=BannerForm.WIDE)
    banner.alt_text = 'Triển lãm "75 năm" – Sở Nội vụ <tỉnh>'
    banner.save()
    text, _markup = page(client, kit.agency_url)
    codes = [
        html.unescape(each)
        for each in re.findall(r"<textarea[^>]*>(.*?)</textarea>", text, re.DOTALL)
    ]
    link, picture = address_of(kit.invitation()), banner_address(kit.invitation(), "ngang", "jpg")
    assert (
        codes[0].split()
        == (
            f'<a href="{link}" target="_blank" rel="noopener"> '
            f'<img src="{picture}" width="1200" height="250" loading="lazy" decoding="async" '
            'referrerpolicy="strict-origin-when-cross-origin" '
            'style="max-width:100%;height:auto;border:0" '
            'alt="Triển lãm &quot;75 năm&quot; – Sở Nội vụ &lt;tỉnh&gt;"></a>'
        ).split()
    )
    assert link.startswith(settings.WAGTAILADMIN_BASE_URL)
    pasted = Markup(codes[0])
    assert pasted.unbalanced == []
    assert pasted.all("img")[0]["alt"] == banner.alt_text
    assert [tag for tag, _attributes in pasted.tags] == ["a", "img"]
    for attribute in ("noreferrer", "onclick", "<script", "?", "cookie"):
        assert attribute not in codes[0]
    path = picture.removeprefix(settings.WAGTAILADMIN_BASE_URL)
    assert client.get(path).status_code == 200


def test_an_agency_that_is_not_listed_gets_a_kit_as_well(client: Client, kit) -> None:
    text, markup = page(client, f"{kit.url}khac/")
    assert "không phân biệt được" in text
    assert "được ghi cho đơn vị" not in text
    shared = invitation_for(kit.campaign, None, Channel.WEB, kit.exhibition)
    fields = [each.get("value") for each in markup.all("input") if "readonly" in each]
    assert fields[0] == address_of(shared)
    assert client.get(f"{kit.url}khac/ngang.jpg").status_code == 200


def test_agencies_pages_are_not_for_search_engines(client: Client, kit) -> None:
    for address in (kit.agency_url, f"{kit.url}khac/"):
        answer = client.get(address)
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        robots = [
            each["content"]
            for each in Markup(answer.content.decode()).all("meta")
            if each.get("name") == "robots"
        ]
        assert robots == ["noindex, nofollow"]


def test_the_number_decides_whose_page_it_is(client: Client, kit) -> None:
    text, _markup = page(client, f"{kit.url}ten-cu-{kit.agency.pk}/")
    assert f'rel="canonical" href="{settings.WAGTAILADMIN_BASE_URL}{kit.agency_url}"' in text
    for slug in (
        "that-khe-999999",
        "that-khe-0",
        "that-khe",
        f"{kit.agency.pk}",
        "khac-x",
        "%00-1",
    ):
        assert client.get(f"{kit.url}{slug}/").status_code == 404, slug


def test_a_withdrawn_link_is_not_given_away_and_says_whom_to_call(client: Client, kit) -> None:
    invitation = kit.invitation()
    withdraw(kit.campaign, kit.agency, by=factories.UserFactory(is_superuser=True))
    text, markup = page(client, kit.agency_url)
    assert invitation.code.lower() not in text
    assert "tel:02053812345" in links_of(markup)
    assert client.get(f"{kit.agency_url}ngang.jpg").status_code == 404
    assert client.get(f"{kit.agency_url}ma-qr.png").status_code == 404
    assert client.get(f"{kit.agency_url}tron-bo.zip").status_code == 404
    made_later = kit.invitation(Channel.QR)
    assert client.get(urlsplit(address_of(made_later)).path).status_code == 404


def test_a_file_that_is_not_of_the_kit_makes_no_links(client: Client, kit) -> None:
    for name in ("khong-co.jpg", "ngang.svg", "ma-qr.gif", "tron-bo.rar"):
        assert client.get(f"{kit.agency_url}{name}").status_code == 404, name
    assert not Invitation.objects.exists()


def test_a_campaign_whose_exhibition_is_not_announced_gives_links_but_no_banner(
    client: Client, kit
) -> None:
    kit.exhibition.unpublish()
    _text, markup = page(client, kit.agency_url)
    assert not [link for link in links_of(markup) if link.endswith(".jpg")]
    link = next(each["value"] or "" for each in markup.all("input") if "readonly" in each)
    answer = client.get(link.removeprefix(settings.WAGTAILADMIN_BASE_URL))
    assert (kit.campaign.get_url() or "-") in answer["Location"]
    assert client.get(kit.url).status_code == 200


def test_the_kit_is_there_before_the_opening(client: Client, kit) -> None:
    factories.open_by_hand(kit.exhibition, OpeningState.ANNOUNCED)
    _text, markup = page(client, kit.agency_url)
    assert f"{kit.agency_url}ngang.jpg" in links_of(markup)


def test_an_agency_s_page_in_a_portal_without_contact_has_none(client: Client, kit) -> None:
    kit.campaign.contact = ""
    kit.campaign.save()
    assert not [link for link in links_of(page(client, kit.agency_url)[1]) if "tel:" in link]


def test_the_campaign_s_page_shows_the_kit_and_asks_who_wants_it(client: Client, kit, rf) -> None:
    request = rf.get(kit.campaign.get_url())
    entry = kit_entry(kit.campaign, request)
    assert entry is not None
    assert entry.url == kit.url
    assert [each.form for each in entry.previews] == ["ngang", "vuong"]
    assert entry.qr.address == (f"{settings.WAGTAILADMIN_BASE_URL}/bo-nhan-dien/{kit.campaign.pk}/")
    assert entry.qr.drawing.startswith("<svg")
    _text, markup = page(client, kit.campaign.get_url())
    forms = [each for each in markup.all("form") if each.get("action") == kit.url]
    assert len(forms) == 1
    assert forms[0]["data-suggestions"] == f"{kit.url}co-quan.json"
    assert f"{kit.url}khac/" in links_of(markup)


def test_the_preview_of_an_unpublished_campaign_offers_no_kit(kit, rf) -> None:
    request = rf.get("/")
    request.is_preview = True
    assert kit_entry(kit.campaign, request) is not None
    kit.campaign.unpublish()
    assert kit_entry(kit.campaign, request) is None
    unsaved = factories.CampaignPageFactory.build()
    assert kit_entry(unsaved, request) is None


def test_the_kit_takes_as_few_queries_however_many_agencies_there_are(client: Client, kit) -> None:
    addresses = (kit.url, f"{kit.url}?tim=xa", f"{kit.url}co-quan.json?tim=xa", kit.agency_url)

    def queries() -> list[int]:
        counts = []
        for address in addresses:
            client.get(address)
            Site.clear_site_root_paths_cache()
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            counts.append(len(captured))
        return counts

    before = queries()
    parent = factories.OrganisationFactory()
    for number in range(25):
        agency = factories.OrganisationFactory(name=f"Xã Mẫu {number}", parent=parent)
        invitation_for(kit.campaign, agency, Channel.WEB, kit.exhibition)
    assert queries() == before
    print(f"queries of the kit: {before}")
    assert max(before) <= 20


def test_a_further_form_takes_no_further_query(client: Client, kit) -> None:
    def queries() -> list[int]:
        counts = []
        for address in (kit.url, kit.agency_url):
            client.get(address)
            with CaptureQueriesContext(connection) as captured:
                client.get(address)
            counts.append(len(captured))
        return counts

    before = queries()
    kit.campaign.banners.create(form=BannerForm.TALL)
    kit.campaign.save()
    assert f"{kit.agency_url}doc.jpg" in links_of(page(client, kit.agency_url)[1])
    assert queries() == before
