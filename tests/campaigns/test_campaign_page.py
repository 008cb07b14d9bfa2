"""What an agency finds on a campaign's page and on the page of all campaigns."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, Site

from campaigns.models import (
    CampaignExhibition,
    CampaignIndexPage,
    CampaignPage,
    NoticePage,
    NoticeRecipient,
    ReleaseState,
)
from campaigns.release import Effect, ReleaseFacts, record
from core.models import CustomDocument, User
from home.models import HomePage
from tests import factories
from tests.portal import Hall

pytestmark = pytest.mark.django_db

ISSUED = date(2024, 3, 5)


@pytest.fixture(autouse=True)
def no_kit(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests are about letters: the kit has its own."""
    monkeypatch.setattr("campaigns.kit.kit_entry", lambda campaign, request: None)


@pytest.fixture
def index(home: HomePage) -> CampaignIndexPage:
    return factories.CampaignIndexPageFactory(parent=home)


@pytest.fixture
def campaign(index: CampaignIndexPage) -> CampaignPage:
    return factories.CampaignPageFactory(
        parent=index, title="Đợt tuyên truyền", contact="Ông Mẫu, 0205 3812 345"
    )


@pytest.fixture
def clerk(db: None) -> User:
    return factories.UserFactory(is_superuser=True)


@pytest.fixture
def facts(db: None) -> ReleaseFacts:
    pdf = CustomDocument.objects.create(
        title="Bản ký số", file=ContentFile(b"%PDF-1.4", name="ky-so.pdf")
    )
    return ReleaseFacts("5", "SNV-TĐKT", ISSUED, pdf)


def letter(campaign: CampaignPage, **fields: Any) -> NoticePage:
    return factories.NoticePageFactory(parent=CampaignPage.objects.get(pk=campaign.pk), **fields)


def release(page: NoticePage, by: User, facts: ReleaseFacts) -> None:
    assert record(page, ReleaseState.RELEASED, by=by, facts=facts) == []


def public(page: Page) -> str:
    answer = Client().get(page.get_url())
    assert answer.status_code == 200
    return answer.content.decode()


def on_sheet(html: str) -> str:
    start = html.index('<article class="letter"')
    return html[start : html.index("</article>", start)]


def queries(page: Page) -> int:
    Client().get(page.get_url())
    Site.clear_site_root_paths_cache()
    with CaptureQueriesContext(connection) as captured:
        assert Client().get(page.get_url()).status_code == 200
    return len(captured)


def test_the_letter_in_force_is_the_sheet_and_the_others_stand_below_with_their_states(
    campaign: CampaignPage, clerk: User, facts: ReleaseFacts
) -> None:
    first = letter(campaign, title="Công văn thứ nhất", body="<p>Lời một.</p>")
    second = letter(campaign, title="Công văn thứ hai", body="<p>Lời hai.</p>")
    draft = letter(campaign, title="Dự thảo thứ ba", body="<p>Lời ba.</p>")
    release(first, clerk, facts)
    replaced = Effect(ReleaseState.REPLACED, first)
    release(second, clerk, replace(facts, number="9", effect=replaced))
    html = public(campaign)
    assert "Lời hai./." in on_sheet(html)
    below = html[html.index('id="cong-van-khac"') :]
    assert first.get_url() in below and draft.get_url() in below
    assert second.get_url() not in below
    assert "notice__state--replaced" in below and "notice__state--draft" in below
    assert "Lời một" not in html


def test_a_campaign_without_a_released_letter_shows_its_draft_and_says_so(
    campaign: CampaignPage,
) -> None:
    letter(campaign, body="<p>Lời dự thảo.</p>")
    html = public(campaign)
    assert "Lời dự thảo./." in on_sheet(html)
    assert "letterstatus--draft" in html


def test_a_campaign_without_letters_has_no_sheet(campaign: CampaignPage) -> None:
    letter(campaign, live=False)
    html = public(campaign)
    assert '<article class="letter"' not in html
    assert 'id="cong-van' not in html


def test_exhibitions_and_whom_to_call_stand_beside_the_letter(
    campaign: CampaignPage, hall: Hall
) -> None:
    CampaignExhibition.objects.create(page=campaign, exhibition=hall.exhibition)
    html = public(campaign)
    assert hall.exhibition.get_url() in html
    assert "Ông Mẫu, 0205 3812 345" in html
    hall.exhibition.unpublish()
    assert hall.exhibition.get_url() not in public(campaign)


def test_the_kit_stands_on_the_page_when_the_campaign_has_one(
    campaign: CampaignPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def entry(page: CampaignPage, request: Any) -> None:
        asked.append(page.pk)

    monkeypatch.setattr("campaigns.kit.kit_entry", entry)
    public(campaign)
    assert asked == [campaign.pk]


def test_the_campaign_can_still_be_changed_around_its_released_letter(
    campaign: CampaignPage, clerk: User, facts: ReleaseFacts
) -> None:
    page = letter(campaign, body="<p>Lời ký.</p>")
    release(page, clerk, facts)
    fresh = CampaignPage.objects.get(pk=campaign.pk)
    fresh.introduction, fresh.contact = "<p>Lời giới thiệu mới.</p>", "Bà Mẫu"
    fresh.save_revision().publish()
    html = public(fresh)
    assert "Lời giới thiệu mới." in html and "Bà Mẫu" in html
    assert "Lời ký./." in on_sheet(html)


def test_the_list_of_campaigns_names_the_letter_in_force_newest_campaign_first(
    index: CampaignIndexPage, campaign: CampaignPage, clerk: User, facts: ReleaseFacts
) -> None:
    release(letter(campaign), clerk, facts)
    newer = factories.CampaignPageFactory(
        parent=CampaignIndexPage.objects.get(pk=index.pk), title="Đợt mới hơn"
    )
    letter(newer)
    html = public(index)
    assert html.index("Đợt mới hơn") < html.index("Đợt tuyên truyền")
    assert "05/SNV-TĐKT" in html and "05/3/2024" in html
    assert html.count("notice__state--draft") == 1


def test_the_home_page_leaves_out_letters_that_are_not_in_force(
    home: HomePage, campaign: CampaignPage, clerk: User, facts: ReleaseFacts
) -> None:
    first, second = letter(campaign), letter(campaign)
    release(first, clerk, facts)
    recalled = Effect(ReleaseState.RECALLED, first)
    release(second, clerk, replace(facts, number="9", effect=recalled))
    html = public(home)
    assert second.get_url() in html
    assert f'href="{first.get_url()}"' not in html


def test_pages_take_the_same_few_queries_however_many_letters_and_exhibitions(
    index: CampaignIndexPage, campaign: CampaignPage, hall: Hall, clerk: User, facts: ReleaseFacts
) -> None:
    def grow(count: int) -> None:
        for number in range(count):
            page = letter(campaign)
            page.recipients = [NoticeRecipient(text=f"Cơ quan {each}") for each in range(count)]
            page.save()
            release(page, clerk, replace(facts, number=f"{count}{number}"))
            exhibition = factories.ExhibitionPageFactory(
                parent=Page.objects.get(pk=hall.exhibition.get_parent().pk).specific
            )
            CampaignExhibition.objects.create(page=campaign, exhibition=exhibition)

    grow(2)
    notice = NoticePage.objects.first()
    assert notice is not None
    few = [queries(page) for page in (campaign, index, notice)]
    grow(6)
    many = [queries(page) for page in (campaign, index, notice)]
    print(f"queries of campaign, list and letter: {many}")
    assert many == few
    assert max(many) <= 20
