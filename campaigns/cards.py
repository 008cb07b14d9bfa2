"""What templates are given of campaigns, letters and programmes: plain values."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.formats import date_format
from wagtail.rich_text import expand_db_html

from campaigns.letters import NoticeCard, notice_card, notice_context
from campaigns.models import (
    ActivityPage,
    CampaignExhibition,
    CampaignIndexPage,
    CampaignPage,
    NoticePage,
    ProgrammePage,
)
from campaigns.release import ENDED, Standing, newest_in_force, standings
from core.audience import View
from core.blocks import prepare_figures
from exhibitions.cards import ExhibitionCard, exhibition_cards
from exhibitions.visibility import named_exhibitions


@dataclass(frozen=True)
class CampaignCard:
    """A campaign in a list."""

    title: str
    url: str
    introduction: str
    exhibitions: list[ExhibitionCard]
    letter: NoticeCard | None


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
    """Every live campaign, newest first, with its exhibitions and its leading letter."""
    campaigns = list(CampaignPage.objects.live().order_by("-first_published_at", "-pk"))
    if not campaigns:
        return []
    named = named_exhibitions_by_id()
    cards = dict(zip(named, exhibition_cards(list(named.values()), request), strict=True))
    links = CampaignExhibition.objects.filter(page__in=campaigns).order_by("sort_order")
    promoted: dict[int, list[ExhibitionCard]] = {each.pk: [] for each in campaigns}
    for link in links:
        if link.exhibition_id in cards:
            promoted[link.page_id].append(cards[link.exhibition_id])
    letters: defaultdict[str, list[NoticePage]] = defaultdict(list)
    for letter in NoticePage.objects.live().defer_streamfields():
        letters[_campaign_path(letter)].append(letter)
    stand = standings(each for group in letters.values() for each in group)
    return [
        CampaignCard(
            title=each.title,
            url=each.get_url(request) or "",
            introduction=expand_db_html(each.introduction),
            exhibitions=promoted[each.pk],
            letter=_leading_card(letters[each.path], stand, request),
        )
        for each in campaigns
    ]


def _campaign_path(letter: NoticePage) -> str:
    path: str = letter.path[: -letter.steplen]
    return path


def leading_letter(letters: list[NoticePage], stand: dict[int, Standing]) -> NoticePage | None:
    """The letter a campaign shows first: the one in force, else the newest published draft.

    Where nothing but replaced and recalled letters is left, the newest of them.
    """
    in_force = newest_in_force(letters, stand)
    drafts = [each for each in letters if stand[each.pk].released is None]
    return in_force or max(drafts or letters, key=lambda each: each.pk, default=None)


def _leading_card(
    letters: list[NoticePage], stand: dict[int, Standing], request: HttpRequest
) -> NoticeCard | None:
    letter = leading_letter(letters, stand)
    return notice_card(letter, "", request, stand[letter.pk]) if letter else None


def notice_cards(request: HttpRequest, limit: int) -> list[NoticeCard]:
    """The newest live letters of live campaigns, at most ``limit``: none that is out of force."""
    campaigns = {each.path: each.title for each in CampaignPage.objects.live()}
    every = NoticePage.objects.live().defer_streamfields()
    letters = [each for each in every if _campaign_path(each) in campaigns]
    stand = standings(letters)
    shown = [each for each in letters if stand[each.pk].state not in ENDED]
    shown.sort(key=_issued_or_published, reverse=True)
    return [
        notice_card(each, campaigns[_campaign_path(each)], request, stand[each.pk])
        for each in shown[:limit]
    ]


def _issued_or_published(letter: NoticePage) -> tuple[date, int]:
    published = letter.first_published_at
    return (letter.issued_on or (published.date() if published else date.min), letter.pk)


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
    """Context of the page for agencies; without campaigns, the exhibitions one can link to."""
    campaigns = campaign_cards(request)
    named = [] if campaigns else exhibition_cards(named_exhibitions(), request)
    return {
        "introduction": expand_db_html(page.introduction),
        "campaigns": campaigns,
        "programmes": programme_cards(request),
        "exhibitions": [each for each in named if each.readable],
    }


def campaign_context(page: CampaignPage, request: HttpRequest, view: View) -> dict[str, Any]:
    """Context of a campaign's page: its leading letter as a sheet, exhibitions, kit, the rest."""
    from campaigns.kit import kit_entry  # the kit is built of these cards

    named = named_exhibitions_by_id()
    promoted = [
        named[link.exhibition_id] for link in page.exhibitions.all() if link.exhibition_id in named
    ]
    letters = list(NoticePage.objects.child_of(page).live().order_by("-pk"))
    stand = standings(letters)
    letter = leading_letter(letters, stand)
    return {
        "introduction": expand_db_html(page.introduction),
        "exhibitions": exhibition_cards(promoted, request, view),
        "letter": notice_card(letter, "", request, stand[letter.pk]) if letter else None,
        **(notice_context(letter, request, View.PUBLIC) if letter else {}),
        "kit": kit_entry(page, request),
        "contact": page.contact,
        "notices": [
            notice_card(each, "", request, stand[each.pk]) for each in letters if each is not letter
        ],
    }


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
