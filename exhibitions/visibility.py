"""Who sees what: the one place that decides what of the exhibitions is public.

An item is public only if it and every page above it up to the exhibition are live,
the exhibition can be read at this moment, and the item is cleared. Routing, pages,
neighbours, search, documents and the addresses of pictures all ask here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, ReferenceIndex

from analytics.api import with_views
from core.audience import View
from core.media.privacy import is_in_private_collection
from core.models import BasePage, CustomDocument, CustomImage, PortalSettings, RenditionSet
from core.models.base import HOME_DEPTH
from core.pictures import DEFAULT_PROFILE, Frame, PublicationProfile
from exhibitions.models import (
    EXHIBITION_DEPTH,
    AccessLevel,
    ClearanceState,
    ExhibitionPage,
    ItemMedium,
    ItemPage,
    OpeningState,
    PartPage,
    Secrecy,
)
from exhibitions.newest import Content, newest_contents
from exhibitions.opening import Decision, is_readable, opening_state
from exhibitions.querysets import (
    cleared,
    descendants_of,
    hidden_branches,
    with_clearance,
    with_decision,
)

# What an exhibition that is not in the database yet has beside its page.
NOTHING_BESIDE = {
    "decision_state": None,
    "decision_at": None,
    "decision_opens_at": None,
    "being_published": False,
    "parent_live": True,
    "parent_title": "",
}


@dataclass(frozen=True)
class Reason:
    """Why something is not shown or may not happen: a code for tests, words for people."""

    code: str
    text: str


def state_of(exhibition: ExhibitionPage, now: datetime | None = None) -> OpeningState:
    """The opening state of ``exhibition``; asks for the newest decision unless it is annotated."""
    if not hasattr(exhibition, "decision_state"):
        beside = with_decision(ExhibitionPage.objects.filter(pk=exhibition.pk)).values(
            *NOTHING_BESIDE
        )
        for name, value in (beside.first() or NOTHING_BESIDE).items():
            setattr(exhibition, name, value)
    state = exhibition.decision_state
    by_hand = Decision(state, exhibition.decision_at, exhibition.decision_opens_at)
    return opening_state(
        opens_at=exhibition.opens_at,
        closes_at=exhibition.closes_at,
        decision=by_hand if state else None,
        now=now or timezone.now(),
    )


def opening_moment(exhibition: ExhibitionPage) -> datetime | None:
    """When it will open by itself, or since when it is or was open.

    None where no hour is in force: none was set, it was put off, or it was ended before.
    """
    state_of(exhibition)  # reads what stands beside it
    match exhibition.decision_state:
        case None:
            return exhibition.opens_at
        case OpeningState.ANNOUNCED:
            return exhibition.decision_opens_at
        case OpeningState.OPEN:
            return None if exhibition.being_published else exhibition.decision_at
    opened_at = exhibition.decision_opens_at or exhibition.opens_at
    return opened_at if opened_at and opened_at <= timezone.now() else None


def shown_state(exhibition: ExhibitionPage) -> OpeningState:
    """The state as the public is told it: what is still being published has not opened."""
    state = state_of(exhibition)
    waits = state is OpeningState.OPEN and exhibition.being_published
    return OpeningState.ANNOUNCED if waits else state


def exhibition_is_readable(exhibition: ExhibitionPage, now: datetime | None = None) -> bool:
    """Whether the public may read its Parts and items now."""
    state_of(exhibition)  # reads what stands beside it
    whole = exhibition.parent_live and not exhibition.being_published
    return exhibition.live and whole and is_open_to_read(exhibition, now)


def is_open_to_read(exhibition: ExhibitionPage, now: datetime | None = None) -> bool:
    """Whether its state lets the public read it, were it published."""
    return is_readable(
        state_of(exhibition, now), readable_after_closing=exhibition.readable_after_closing
    )


def named_exhibitions(among: Collection[int] | None = None) -> list[ExhibitionPage]:
    """Every exhibition the public may know of, whatever its state; newest opening first.

    With ``among`` only those with these page numbers.
    """
    live = ExhibitionPage.objects.live()
    wanted = live if among is None else live.filter(pk__in=among)
    found = with_decision(wanted).filter(parent_live=True)
    return sorted(found.select_related("cover", "occasion"), key=_newest_first, reverse=True)


def _newest_first(exhibition: ExhibitionPage) -> tuple[float, int]:
    moment = opening_moment(exhibition) or exhibition.opens_at or exhibition.first_published_at
    return (moment.timestamp() if moment else 0.0, exhibition.pk)


def readable_exhibitions(now: datetime | None = None) -> list[ExhibitionPage]:
    """The exhibitions whose Parts and items the public may read now."""
    found = with_decision(ExhibitionPage.objects.live())
    return [each for each in found if exhibition_is_readable(each, now)]


def _in(branches: list[str], pages: QuerySet, *, below_depth: int = EXHIBITION_DEPTH) -> QuerySet:
    """The live pages of ``pages`` in the tree at ``branches``, none below an unpublished one."""
    within = descendants_of(branches)
    hidden = hidden_branches(within, below_depth=below_depth) if branches else []
    shown = pages.filter(within, live=True)
    return shown.exclude(descendants_of(hidden)) if hidden else shown


def public_items(now: datetime | None = None) -> QuerySet[ItemPage]:
    """Every item the public may see, of all exhibitions."""
    return public_items_below([each.path for each in readable_exhibitions(now)])


def public_items_below(readable: list[str]) -> QuerySet[ItemPage]:
    """The items the public may see below ``readable``: tree paths of readable exhibitions."""
    return cleared(_in(readable, ItemPage.objects.all()))


def listed(pages: QuerySet) -> QuerySet:
    """Of ``pages``, none of an exhibition, those the public may see: news, letters, programmes."""
    hidden = hidden_branches(Q(), below_depth=HOME_DEPTH)
    return pages.filter(live=True).exclude(descendants_of(hidden))


def items_of(exhibition: ExhibitionPage, view: View) -> QuerySet[ItemPage]:
    """The items of one exhibition that ``view`` may see, in no particular order."""
    if view.shows_drafts:
        every = ItemPage.objects.filter(path__startswith=exhibition.path)
        return every.exclude(pk__in=withheld(exhibition)) if view is View.SHARED else every
    if not exhibition_is_readable(exhibition):
        return ItemPage.objects.none()
    items = ItemPage.objects.filter(path__startswith=exhibition.path, live=True)
    return cleared(items.exclude(descendants_of(_hidden_parts_of(exhibition))))


def parts_of(exhibition: ExhibitionPage, view: View) -> list[PartPage]:
    """The Parts and sections of one exhibition that ``view`` may see, in the order of the tree."""
    every = _every_part_of(exhibition)
    if view.shows_drafts:
        return every
    if not exhibition_is_readable(exhibition):
        return []
    hidden = tuple(_hidden_parts_of(exhibition))
    return [part for part in every if not part.path.startswith(hidden)]


def withheld(exhibition: ExhibitionPage) -> frozenset[int]:
    """Page numbers of the items that no preview link shows: asked for once an instance.

    Whoever has a link may pass it on. An item with a secrecy that no decision has lifted,
    or of conditional access, is not shown by it, be it so in the version the public reads
    or in the newest. An item shown again is judged by the item it shows.
    """
    if not hasattr(exhibition, "withheld_items"):
        items = list(ItemPage.objects.filter(path__startswith=exhibition.path))
        sources = ItemPage.objects.filter(pk__in={item.alias_of_id for item in items} - {None})
        restricted = restricted_items([*items, *sources])
        exhibition.withheld_items = frozenset(
            item.pk for item in items if {item.pk, item.alias_of_id} & restricted
        )
    return exhibition.withheld_items


def restricted_items(items: Iterable[ItemPage]) -> set[int]:
    """Page numbers of those of ``items`` of restricted access, as stored or in a draft."""
    every = list(items)
    contents = newest_contents(every)
    return {
        item.pk
        for item in every
        if restrictions(item) or (item.pk in contents and is_restricted(contents[item.pk]))
    }


def is_restricted(content: Content) -> bool:
    """Whether an item, in the version told by ``content``, is of restricted access."""
    secrecy = content.get("original_secrecy") or Secrecy.NONE
    settled = str(content.get("declassification") or "").strip()
    return (secrecy != Secrecy.NONE and not settled) or (
        content.get("access_level") == AccessLevel.CONDITIONAL
    )


def _every_part_of(exhibition: ExhibitionPage) -> list[PartPage]:
    """Published or not, without their narratives; read once an instance."""
    if not hasattr(exhibition, "every_part"):
        parts = PartPage.objects.filter(path__startswith=exhibition.path).defer("narrative")
        exhibition.every_part = list(parts.select_related("contributor").order_by("path"))
    return exhibition.every_part


def _hidden_parts_of(exhibition: ExhibitionPage) -> list[str]:
    """Tree paths of the unpublished Parts: nothing else in an exhibition has pages below it."""
    return [part.path for part in _every_part_of(exhibition) if not part.live]


def page_is_public(page: Page) -> bool:
    """Whether the public may see ``page``, a specific page of any type, now."""
    if isinstance(page, ExhibitionPage):
        state_of(page)  # reads, with the opening, whether the list above is published
        return page.live and page.parent_live
    if not isinstance(page, ItemPage | PartPage):
        return page.is_public() if isinstance(page, BasePage) else page.live
    exhibition = exhibition_of(page)
    if exhibition is None:
        return False
    if isinstance(page, ItemPage):
        return items_of(exhibition, View.PUBLIC).filter(pk=page.pk).exists()
    return any(part.pk == page.pk for part in parts_of(exhibition, View.PUBLIC))


def item_is_public(item: ItemPage, now: datetime | None = None) -> bool:
    """Whether the public may see ``item`` now."""
    return public_items(now).filter(pk=item.pk).exists()


def public_page_ids(page_ids: Iterable[int], now: datetime | None = None) -> set[int]:
    """Of ``page_ids`` those the public may see: what search and listings must keep to."""
    return {page.pk for page in public_pages(page_ids, now)}


def public_pages(page_ids: Iterable[int], now: datetime | None = None) -> list[Page]:
    """Of the pages with these numbers those the public may see, of any type, in two queries."""
    numbers = set(page_ids)
    if not numbers:
        return []
    is_cleared = Exists(cleared(ItemPage.objects.filter(pk=OuterRef("pk"))))
    wanted = Page.objects.filter(Q(itempage__isnull=True) | is_cleared, pk__in=numbers, live=True)
    pages = list(wanted)
    closed = _closed_above(pages, now)
    return [page for page in pages if not closed.intersection(_paths_above(page))]


def _paths_above(page: Page) -> list[str]:
    """Tree paths of the pages above ``page`` and below the home page."""
    lengths = range(Page.steplen * (HOME_DEPTH + 1), len(page.path), Page.steplen)
    return [page.path[:length] for length in lengths]


def _closed_above(pages: list[Page], now: datetime | None) -> set[str]:
    """Tree paths above ``pages`` that hide what lies below.

    They are those of unpublished pages, and of exhibitions that cannot be read.
    """
    paths = {path for page in pages for path in _paths_above(page)}
    above = with_decision(Page.objects.filter(path__in=paths)).annotate(
        exhibition=F("exhibitionpage__pk"),
        opens_at=F("exhibitionpage__opens_at"),
        closes_at=F("exhibitionpage__closes_at"),
        readable_after_closing=F("exhibitionpage__readable_after_closing"),
    )
    return {
        page.path
        for page in above
        if not page.live or (page.exhibition and not exhibition_is_readable(page, now))
    }


def searchable_pages() -> QuerySet[Page]:
    """The live pages a search looks through: none of an exhibition that cannot be read.

    Wide of the mark by items that are not cleared, which only the whole rule knows:
    hits still go through :func:`public_page_ids`. Narrow enough that hidden hits do
    not crowd out public ones.
    """
    readable = {each.path for each in readable_exhibitions()}
    every = ExhibitionPage.objects.values_list("path", flat=True)
    shut = Q(depth__gt=EXHIBITION_DEPTH) & descendants_of([p for p in every if p not in readable])
    uncleared = ItemPage.objects.exclude(pk__in=cleared(ItemPage.objects.all()).values("pk"))
    return Page.objects.live().exclude(shut).exclude(pk__in=uncleared.values("pk"))


def reasons_hidden(item: ItemPage, now: datetime | None = None) -> list[Reason]:
    """Everything that keeps ``item`` from the public now; empty when it is public."""
    reasons: list[Reason] = []
    if not item.live:
        reasons.append(Reason("draft", _("The item is not published.")))
    hidden = Page.objects.ancestor_of(item).filter(live=False, depth__gt=HOME_DEPTH)
    reasons += [
        Reason("ancestor_draft", _("“%(title)s” is not published.") % {"title": page.title})
        for page in hidden
    ]
    exhibition = exhibition_of(item)
    if exhibition is not None and not is_open_to_read(exhibition, now):
        state = state_of(exhibition, now).label
        reasons.append(
            Reason("not_open", _("The exhibition is not open: %(state)s.") % {"state": state})
        )
    if exhibition is not None and exhibition.being_published:
        reasons.append(
            Reason("being_published", _("The exhibition is being published; it takes a moment."))
        )
    row = with_clearance(ItemPage.objects.filter(pk=item.pk)).values_list(
        "clearance_state", flat=True
    )
    if row.first() != ClearanceState.CLEARED:
        reasons.append(Reason("not_cleared", _("The item is not cleared for publication.")))
    return reasons + restrictions(item)


def restrictions(item: ItemPage) -> list[Reason]:
    """What on the item itself forbids showing it, whatever was decided: secrecy, its access."""
    reasons: list[Reason] = []
    if item.original_secrecy != Secrecy.NONE and not item.declassification.strip():
        reasons.append(
            Reason(
                "secrecy_unsettled",
                _("The record bore the stamp “%(stamp)s”: enter the declassification decision.")
                % {"stamp": item.get_original_secrecy_display()},
            )
        )
    if item.access_level == AccessLevel.CONDITIONAL:
        reasons.append(
            Reason("conditional_access", _("The item has conditional access and is not published."))
        )
    return reasons


def exhibition_of(page: Page) -> ExhibitionPage | None:
    """The exhibition that ``page`` stands in, or None. Asked for once a page instance."""
    if not hasattr(page, "exhibition_above"):
        path = page.path[: Page.steplen * EXHIBITION_DEPTH]
        found = with_decision(ExhibitionPage.objects.filter(path=path))
        page.exhibition_above = with_views(found).select_related("cover", "occasion").first()
    return page.exhibition_above


def rendition_set_is_public(renditions: RenditionSet) -> bool:
    """Whether the pictures of one rendition set may be answered to anyone who asks.

    Closed unless shown, and shown under this very profile, so neither a larger nor an
    unmarked version ever gets out. A scan that hangs in an item is public only through
    a public item. Any other image is public while a public page, or a record that
    every page prints, refers to it.
    """
    image = renditions.image
    if renditions.made_at is None or is_in_private_collection(image):
        return False
    profile = PublicationProfile(renditions.ceiling, renditions.mark)
    if image.hung_in_item:
        return bool(_scans_shown([(image.pk, renditions.frame, profile)]))
    return profile in _profiles_shown(image)


_ScanName = tuple[int, int, PublicationProfile]
"""Image, frame and profile: what a published scan is found by."""


def _scans_shown(scans: Iterable[_ScanName]) -> set[_ScanName]:
    """Of ``scans`` those that a public item of an exhibition of the same profile shows."""
    wanted = set(scans)
    shown: set[_ScanName] = set()
    exhibitions = readable_exhibitions()
    for profile in {profile for _image, _frame, profile in wanted}:
        paths = [each.path for each in exhibitions if each.publication_profile == profile]
        images = [image for image, _frame, its_profile in wanted if its_profile == profile]
        items = cleared(_in(paths, ItemPage.objects.filter(media__image_id__in=images)))
        media = ItemMedium.objects.filter(item__in=items, image_id__in=images)
        shown |= {(*row, profile) for row in media.values_list("image_id", "frame")}
    return shown & wanted


def showable_illustrations(scans: Collection[Frame]) -> set[Frame]:
    """Of exhibits' scans used as covers, news pictures or figures those a page may name.

    Only where a public item shows the scan under the same profile: its address would
    else answer 404.
    """
    named = {(each.image_id, each.number, each.profile): each for each in scans}
    return {named[name] for name in _scans_shown(named)}


def document_is_public(document: CustomDocument) -> bool:
    """Whether a document may be downloaded by anyone: the same rule as for pictures."""
    if is_in_private_collection(document):
        return False
    if document.hung_in_item:
        return public_items().filter(media__document=document).exists()
    references = _references_to(document)
    return references.on_every_page or bool(public_pages(references.pages))


def _profiles_shown(image: CustomImage) -> set[PublicationProfile]:
    """The profiles under which public pages show ``image``, which hangs in no item.

    An exhibition's own pages show everything under its profile, other pages under ours.
    """
    references = _references_to(image)
    paths = [
        page.path[: Page.steplen * EXHIBITION_DEPTH] for page in public_pages(references.pages)
    ]
    exhibitions = ExhibitionPage.objects.filter(path__in=paths) if paths else []
    profiles = {each.path: each.publication_profile for each in exhibitions}
    shown = {profiles.get(path, DEFAULT_PROFILE) for path in paths}
    return shown | {DEFAULT_PROFILE} if references.on_every_page else shown


@dataclass(frozen=True)
class _References:
    """What refers to a file: pages, by their numbers, and maybe what every page prints."""

    pages: list[int]
    on_every_page: bool


def _references_to(media: CustomImage | CustomDocument) -> _References:
    references = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(media), to_object_id=str(media.pk)
    )
    found = set(references.values_list("base_content_type_id", "object_id"))
    page_type = ContentType.objects.get_for_model(Page).pk
    settings_type = ContentType.objects.get_for_model(PortalSettings).pk
    return _References(
        pages=[int(number) for content_type, number in found if content_type == page_type],
        on_every_page=any(content_type == settings_type for content_type, _number in found),
    )
