"""Search over everything the public may see, with or without Vietnamese marks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.db.models import Q, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from campaigns.models import ActivityPage, CampaignPage, NoticePage, ProgrammePage
from core.audience import View
from core.pictures import Frame, Picture, PictureShelf
from core.vietnamese import exact_mark_match, expand_query, fold
from exhibitions.cards import Chip
from exhibitions.models import EXHIBITION_DEPTH, ExhibitionPage, ItemMedium, ItemPage, PartPage
from exhibitions.visibility import public_page_ids, searchable_pages
from home.models import NewsPage, SearchPage, StandardPage

QUERY_LIMIT = 200
HITS_LIMIT = 400
HITS_A_PAGE = 12
SUMMARY_WORDS = 40
# "Before 1945" has no first day: it stands where its last one is.
ITEM_FACTS = ("pk", "caption", Coalesce("date_earliest", "date_latest"))


@dataclass(frozen=True)
class SearchKind:
    """A group of page types a reader can keep to, with its name in the address."""

    slug: str
    label: str
    types: tuple[type[Page], ...]


def search_kinds() -> tuple[SearchKind, ...]:
    """What can be found, in the order the chips stand."""
    return (
        SearchKind("tai-lieu", _("Items on display"), (ItemPage,)),
        SearchKind("trien-lam", _("Exhibitions"), (ExhibitionPage, PartPage)),
        SearchKind(
            "tuyen-truyen",
            _("For agencies"),
            (CampaignPage, NoticePage, ProgrammePage, ActivityPage),
        ),
        SearchKind("tin-tuc", _("News"), (NewsPage,)),
        SearchKind("trang", _("Pages"), (StandardPage,)),
    )


@dataclass(frozen=True)
class SearchHit:
    """A page that was found."""

    title: str
    url: str
    kind_label: str
    context_line: str
    summary: str
    picture: Picture | None
    date_text: str


@dataclass(frozen=True)
class Found:
    """A public page that a query finds: what ranking, filters and order need of it."""

    pk: int
    type: type[Page]
    title: str
    caption: str
    date: date | None


def find(query: str) -> list[Found]:
    """The public pages that ``query`` finds, best first.

    Both the index and the query are folded, so SQLite and PostgreSQL give the same
    answers; pages whose title, then caption, has the query with its marks come first.
    Only what :mod:`exhibitions.visibility` lets the public see is returned.
    """
    ranked: dict[int, int] = {}
    searched = searchable_pages()
    for variant in expand_query(query[:QUERY_LIMIT]):
        if variant:
            hits = get_search_backend().search(variant, searched, operator="and")
            for page in hits[:HITS_LIMIT]:
                ranked.setdefault(page.pk, len(ranked))
    found = _read(public_page_ids(ranked))
    return sorted(found, key=lambda page: (_mark_rank(query, page), ranked[page.pk]))


def _read(numbers: set[int]) -> list[Found]:
    """What is needed of the pages with these numbers, in two queries."""
    types = [each for kind in search_kinds() for each in kind.types]
    by_type = {ContentType.objects.get_for_model(each).pk: each for each in types}
    pages = Page.objects.filter(pk__in=numbers, content_type_id__in=by_type)
    items = ItemPage.objects.filter(pk__in=numbers)
    of_items = {pk: (caption, day) for pk, caption, day in items.values_list(*ITEM_FACTS)}
    return [
        Found(pk, by_type[content_type], title, *of_items.get(pk, ("", None)))
        for pk, content_type, title in pages.values_list("pk", "content_type_id", "title")
    ]


def _mark_rank(query: str, page: Found) -> int:
    """0 where the title has the query with its marks, 1 where the caption has it, else 2."""
    if exact_mark_match(query, page.title):
        return 0
    return 1 if exact_mark_match(query, page.caption) else 2


def by_date(pages: list[Found]) -> list[Found]:
    """``pages`` by the date of the document, earliest first; undated pages last."""
    return sorted(pages, key=lambda page: page.date or date.max)


def load(found: Sequence[Found]) -> list[Page]:
    """The specific pages of ``found``, in its order, with the pictures of their own."""
    pages = Page.objects.filter(pk__in=[each.pk for each in found]).specific(defer=False)
    by_number = {page.pk: page for page in pages}
    for model, picture in ((NewsPage, "picture"), (ExhibitionPage, "cover")):
        prefetch_related_objects([page for page in pages if isinstance(page, model)], picture)
    return [by_number[each.pk] for each in found if each.pk in by_number]


def search_context(page: SearchPage, request: HttpRequest, view: View) -> dict[str, Any]:
    """Context of the search page.

    ``?q=`` is the query, ``?loai=`` keeps to a kind, ``?sap-xep=thoi-gian`` orders by
    date, ``?trang=`` turns pages.
    """
    query = request.GET.get("q", "")[:QUERY_LIMIT].strip()
    found = find(query) if fold(query) else []
    wanted = request.GET.get("loai", "")
    ordered_by_date = request.GET.get("sap-xep") == "thoi-gian"
    kinds = search_kinds()
    counts = Counter(
        kind.slug for each in found for kind in kinds if issubclass(each.type, kind.types)
    )
    chosen = next((kind for kind in kinds if kind.slug == wanted), None)
    shown = [each for each in found if chosen is None or issubclass(each.type, chosen.types)]
    if ordered_by_date:
        shown = by_date(shown)
    turned = Paginator(shown, HITS_A_PAGE).get_page(request.GET.get("trang"))
    url = page.get_url(request) or ""

    def address(**changes: str) -> str:
        current = {
            "q": query,
            "loai": chosen.slug if chosen else "",
            "sap-xep": "thoi-gian" if ordered_by_date else "",
        }
        kept = {name: value for name, value in {**current, **changes}.items() if value}
        return f"{url}?{urlencode(kept)}"

    return {
        "query": query,
        "too_short": bool(query) and not fold(query),
        "results": search_hits(load(list(turned.object_list)), request),
        "result_count": len(shown),
        "chips": [
            Chip(_("All"), address(loai=""), chosen is None, len(found)),
            *(
                Chip(kind.label, address(loai=kind.slug), kind is chosen, counts[kind.slug])
                for kind in kinds
                if counts[kind.slug]
            ),
        ],
        "orders": [
            Chip(_("Best first"), address(**{"sap-xep": ""}), not ordered_by_date, len(shown)),
            Chip(_("By date"), address(**{"sap-xep": "thoi-gian"}), ordered_by_date, len(shown)),
        ],
        "paginator_page": turned,
        "query_string": address().partition("?")[2],
    }


def search_hits(pages: list[Page], request: HttpRequest) -> list[SearchHit]:
    """What a template shows of ``pages``: three queries for pictures and places together."""
    exhibitions = _exhibitions_of(pages)
    media = _first_media([page for page in pages if isinstance(page, ItemPage)])
    frames = {
        item_id: Frame.of(image, medium.frame, exhibitions[medium.item.path].publication_profile)
        for item_id, medium in media.items()
        if medium.item.path in exhibitions and (image := medium.image)
    }
    pictures = {
        page.pk: Frame.of(picture)
        for page in pages
        if isinstance(page, NewsPage) and (picture := page.picture)
    }
    covers = {
        page.pk: Frame.of(cover, profile=page.publication_profile)
        for page in pages
        if isinstance(page, ExhibitionPage) and (cover := page.cover)
    }
    shelf = PictureShelf(frames.values(), illustrations=[*pictures.values(), *covers.values()])
    shown = {**frames, **pictures, **covers}
    return [
        SearchHit(
            title=page.title,
            url=page.get_url(request) or "",
            kind_label=str(
                page.get_kind_display() if isinstance(page, ItemPage) else page.get_verbose_name()
            ),
            context_line=(
                exhibitions[page.path].title
                if page.path in exhibitions and not isinstance(page, ExhibitionPage)
                else ""
            ),
            summary=_summary(page),
            picture=shelf.picture(shown[page.pk], decorative=True) if page.pk in shown else None,
            date_text=page.date_text if isinstance(page, ItemPage) else "",
        )
        for page in pages
    ]


def _exhibitions_of(pages: list[Page]) -> dict[str, ExhibitionPage]:
    """The exhibition that each of ``pages`` stands in, by the page's tree path."""
    length = Page.steplen * EXHIBITION_DEPTH
    inside = [page.path for page in pages if isinstance(page, ItemPage | PartPage)]
    found = ExhibitionPage.objects.filter(path__in={path[:length] for path in inside})
    by_path = {exhibition.path: exhibition for exhibition in found}
    return {path: by_path[path[:length]] for path in inside if path[:length] in by_path}


def _first_media(items: list[ItemPage]) -> dict[int, ItemMedium]:
    """The first medium with an image of each item."""
    media = ItemMedium.objects.filter(Q(item__in=items), image__isnull=False).select_related(
        "image", "item"
    )
    first: dict[int, ItemMedium] = {}
    for medium in media.order_by("item_id", "sort_order"):
        first.setdefault(medium.item_id, medium)
    return first


def _summary(page: Page) -> str:
    texts = [
        strip_tags(getattr(page, name, "") or "")
        for name in ("caption", "summary", "sapo", "subject", "introduction", "description")
    ]
    said = next((text for text in texts if text and text != page.title), "")
    return Truncator(said).words(SUMMARY_WORDS)
