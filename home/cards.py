"""What templates are given of the home page and of news: plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.rich_text import expand_db_html

from campaigns.cards import notice_cards, programme_cards
from core.audience import View
from core.blocks import prepare_figures
from core.pictures import Frame, Picture, PictureShelf, single_picture
from exhibitions.cards import Chip, ExhibitionCard, exhibition_cards
from exhibitions.models import OpeningState
from exhibitions.visibility import listed, named_exhibitions
from home.models import HomePage, NewsColumn, NewsIndexPage, NewsPage

NEWS_A_PAGE = 10
NEWS_AT_HOME = 3
LETTERS_AT_HOME = 3
RELATED_NEWS = 3


@dataclass(frozen=True)
class NewsCard:
    """A report in a list."""

    title: str
    url: str
    published_at: datetime
    sapo: str
    byline: str
    column: str
    picture: Picture | None


def news_cards(news: Sequence[NewsPage], request: HttpRequest) -> list[NewsCard]:
    """Cards of ``news``: one query for all pictures."""
    shelf = PictureShelf(illustrations=[Frame.of(each.picture) for each in news if each.picture])
    return [
        NewsCard(
            title=each.title,
            url=each.get_url(request) or "",
            published_at=each.published_at,
            sapo=each.sapo,
            byline=byline(each),
            column=each.column.name if each.column else "",
            picture=(
                shelf.picture(Frame.of(each.picture), decorative=True) if each.picture else None
            ),
        )
        for each in news
    ]


def byline(news: NewsPage) -> str:
    """ "Ong Thị An, Trung tâm Lưu trữ lịch sử"."""
    return ", ".join(part for part in (news.byline_person, news.byline_unit) if part)


def live_news() -> QuerySet[NewsPage]:
    """All public news, newest first."""
    return (
        listed(NewsPage.objects.all())
        .select_related("picture", "column")
        .defer("body")
        .order_by("-published_at")
    )


def home_context(page: HomePage, request: HttpRequest, view: View) -> dict[str, Any]:
    """Context of the home page."""
    named = named_exhibitions()
    cards = exhibition_cards(named, request)
    current = _current(page, [each.pk for each in named], cards)
    coming = [card for card in cards if card.state is OpeningState.ANNOUNCED]
    others = [card for card in cards if card is not current and card not in coming]
    programmes = programme_cards(request)
    return {
        "introduction": expand_db_html(page.introduction),
        "current": current,
        "others": others,
        "coming": coming,
        "notices": notice_cards(request, LETTERS_AT_HOME),
        "news": news_cards(list(live_news()[:NEWS_AT_HOME]), request),
        "programme": programmes[0] if programmes else None,
    }


def _current(page: HomePage, ids: list[int], cards: list[ExhibitionCard]) -> ExhibitionCard | None:
    """The chosen exhibition if it can be read, else the newest open, else the newest readable."""
    readable = [(number, card) for number, card in zip(ids, cards, strict=True) if card.readable]
    chosen = [card for number, card in readable if number == page.featured_exhibition_id]
    on_display = [card for _number, card in readable if card.state is OpeningState.OPEN]
    return next(iter([*chosen, *on_display, *(card for _number, card in readable)]), None)


def news_index_context(page: NewsIndexPage, request: HttpRequest, view: View) -> dict[str, Any]:
    """Context of the list of news; ``?chuyen-muc=`` keeps to a column, ``?trang=`` turns pages."""
    wanted = request.GET.get("chuyen-muc", "")
    url = page.get_url(request) or ""
    columns = list(
        NewsColumn.objects.annotate(count=Count("news", filter=Q(news__live=True))).filter(
            count__gt=0
        )
    )
    news = live_news()
    total = news.count()
    if wanted in {column.slug for column in columns}:
        news = news.filter(column__slug=wanted)
    else:
        wanted = ""
    shown = Paginator(news, NEWS_A_PAGE).get_page(request.GET.get("trang"))
    cards = news_cards(list(shown.object_list), request)
    return {
        "introduction": expand_db_html(page.introduction),
        "news": shown,
        "cards": cards,
        "columns": [
            Chip(_("All"), url, not wanted, total),
            *(
                Chip(each.name, f"{url}?chuyen-muc={each.slug}", wanted == each.slug, each.count)
                for each in columns
            ),
        ],
        "query_string": f"chuyen-muc={wanted}&" if wanted else "",
    }


def _updated_at(page: NewsPage) -> datetime | None:
    """When the report was last changed after its first publication, or None."""
    first, last = page.first_published_at, page.last_published_at
    return last if first and last and last - first > timedelta(minutes=1) else None


def news_context(page: NewsPage, request: HttpRequest, view: View) -> dict[str, Any]:
    """Context of a report's page."""
    prepare_figures(page.body, view)
    others = live_news().exclude(pk=page.pk)
    same_column = [each for each in others[: RELATED_NEWS * 4] if each.column_id == page.column_id]
    related = (same_column or list(others[:RELATED_NEWS]))[:RELATED_NEWS]
    return {
        "published_at": page.published_at,
        "updated_at": _updated_at(page),
        "byline_person": page.byline_person,
        "byline_unit": page.byline_unit,
        "source_name": page.source_name,
        "source_url": page.source_url,
        "picture": single_picture(page.picture, alt=page.picture_caption, view=view),
        "picture_caption": page.picture_caption,
        "column": page.column.name if page.column else "",
        "related": news_cards(related, request),
    }
