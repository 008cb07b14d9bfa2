"""What templates are given of campaigns, letters and programmes: plain values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.formats import date_format
from wagtail.rich_text import expand_db_html

from campaigns.models import (
    ActivityPage,
    CampaignExhibition,
    CampaignIndexPage,
    CampaignPage,
    NoticePage,
    ProgrammePage,
)
from core.audience import View
from core.blocks import prepare_figures
from exhibitions.cards import ExhibitionCard, LegalText, exhibition_cards, legal_texts
from exhibitions.visibility import named_exhibitions


@dataclass(frozen=True)
class CampaignCard:
    """A campaign in a list."""

    title: str
    url: str
    introduction: str
    exhibitions: list[ExhibitionCard]


@dataclass(frozen=True)
class NoticeCard:
    """An official letter in a list."""

    title: str
    url: str
    subject: str
    number_and_symbol: str
    issued_on: date | None
    campaign_title: str


@dataclass(frozen=True)
class ProgrammeCard:
    """A programme in a list."""

    title: str
    url: str
    introduction: str
    declared: str
    listed_count: int
    occasion: str
    organiser: str


@dataclass(frozen=True)
class ActivityCard:
    """An activity in its programme."""

    title: str
    url: str
    kind_label: str
    state: str
    state_label: str
    dates: str
    venue: str
    summary: str


def named_exhibitions_by_id() -> dict[int, Any]:
    """The exhibitions the public may know of, by page number, in their public order."""
    return {each.pk: each for each in named_exhibitions()}


def campaign_cards(request: HttpRequest) -> list[CampaignCard]:
    """Every live campaign, newest first, with the exhibitions it promotes."""
    campaigns = list(CampaignPage.objects.live().order_by("-first_published_at"))
    if not campaigns:
        return []
    named = named_exhibitions_by_id()
    cards = dict(zip(named, exhibition_cards(list(named.values()), request), strict=True))
    links = CampaignExhibition.objects.filter(page__in=campaigns).order_by("sort_order")
    promoted: dict[int, list[ExhibitionCard]] = {each.pk: [] for each in campaigns}
    for link in links:
        if link.exhibition_id in cards:
            promoted[link.page_id].append(cards[link.exhibition_id])
    return [
        CampaignCard(
            title=each.title,
            url=each.get_url(request) or "",
            introduction=expand_db_html(each.introduction),
            exhibitions=promoted[each.pk],
        )
        for each in campaigns
    ]


def notice_cards(request: HttpRequest, limit: int) -> list[NoticeCard]:
    """The newest live letters of live campaigns, at most ``limit``."""
    campaigns = {each.path: each for each in CampaignPage.objects.live()}
    letters = NoticePage.objects.live().order_by("-issued_on", "-first_published_at")
    shown = [each for each in letters if each.path[: -each.steplen] in campaigns][:limit]
    return [notice_card(each, campaigns[each.path[: -each.steplen]], request) for each in shown]


def notice_card(letter: NoticePage, campaign: CampaignPage, request: HttpRequest) -> NoticeCard:
    """The card of one letter."""
    return NoticeCard(
        title=letter.title,
        url=letter.get_url(request) or "",
        subject=letter.subject,
        number_and_symbol=letter.number_and_symbol,
        issued_on=letter.issued_on,
        campaign_title=campaign.title,
    )


def programme_cards(request: HttpRequest) -> list[ProgrammeCard]:
    """Every live programme, newest first."""
    programmes = ProgrammePage.objects.live().select_related("occasion", "organiser")
    listed = _activity_counts()
    return [
        _programme_card(each, request, listed[each.path])
        for each in programmes.order_by("-first_published_at")
    ]


def _activity_counts() -> Counter[str]:
    paths = ActivityPage.objects.live().values_list("path", flat=True)
    return Counter(path[: -ActivityPage.steplen] for path in paths)


def _programme_card(page: ProgrammePage, request: HttpRequest, listed: int) -> ProgrammeCard:
    return ProgrammeCard(
        title=page.title,
        url=page.get_url(request) or "",
        introduction=expand_db_html(page.introduction),
        declared=page.declared_figures,
        listed_count=listed,
        occasion=page.occasion.label if page.occasion else "",
        organiser=page.organiser.name if page.organiser else "",
    )


def activity_card(page: ActivityPage, request: HttpRequest) -> ActivityCard:
    """The card of one activity."""
    return ActivityCard(
        title=page.title,
        url=page.get_url(request) or "",
        kind_label=page.get_kind_display(),
        state=page.state,
        state_label=page.get_state_display(),
        dates=page.dates_display or _dates(page.starts_on, page.ends_on),
        venue=page.venue,
        summary=page.summary,
    )


def _dates(first: date | None, last: date | None) -> str:
    said = [date_format(day, "j/n/Y") for day in (first, last) if day]
    return " – ".join(dict.fromkeys(said))


def campaign_index_context(
    page: CampaignIndexPage, request: HttpRequest, view: View
) -> dict[str, Any]:
    """Context of the page for agencies."""
    readable = [each for each in exhibition_cards(named_exhibitions(), request) if each.readable]
    return {
        "introduction": expand_db_html(page.introduction),
        "campaigns": campaign_cards(request),
        "programmes": programme_cards(request),
        "exhibitions": readable,
    }


def campaign_context(page: CampaignPage, request: HttpRequest, view: View) -> dict[str, Any]:
    """Context of a campaign's page."""
    named = named_exhibitions_by_id()
    promoted = [
        named[link.exhibition_id] for link in page.exhibitions.all() if link.exhibition_id in named
    ]
    letters = NoticePage.objects.child_of(page).live().order_by("path")
    return {
        "introduction": expand_db_html(page.introduction),
        "exhibitions": exhibition_cards(promoted, request, view),
        "notices": [notice_card(each, page, request) for each in letters],
    }


def notice_context(page: NoticePage, request: HttpRequest, view: View) -> dict[str, Any]:
    """Context of a letter's page."""
    lists: dict[str, Sequence[str]] = {
        "recipients": [each.text for each in page.recipients.all()],
        "requests": [each.text for each in page.requests.all()],
        "distribution": [each.text for each in page.distribution.all()],
    }
    texts: list[LegalText] = legal_texts(page.texts_referred_to)
    return {"body": expand_db_html(page.body), "legal_texts": texts, **lists}


def programme_context(page: ProgrammePage, request: HttpRequest, view: View) -> dict[str, Any]:
    """Context of a programme's page."""
    prepare_figures(page.body, view)
    activities = ActivityPage.objects.child_of(page).live().order_by("path")
    cards = [activity_card(each, request) for each in activities]
    return {"programme": _programme_card(page, request, len(cards)), "activities": cards}


def activity_context(page: ActivityPage, request: HttpRequest, view: View) -> dict[str, Any]:
    """Context of an activity's page."""
    prepare_figures(page.body, view)
    programme = page.get_parent().specific
    listed = ActivityPage.objects.child_of(programme).live().count()
    return {
        "activity": activity_card(page, request),
        "programme": _programme_card(programme, request, listed),
    }
