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
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, ReferenceIndex

from core.audience import View
from core.models import CustomDocument, CustomImage, PortalSettings, RenditionSet
from core.pictures import Frame, PublicationProfile
from exhibitions.models import (
    EXHIBITION_DEPTH,
    AccessLevel,
    ClearanceState,
    ExhibitionPage,
    ItemMedium,
    ItemPage,
    OpeningState,
    PartPage,
)
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
    "parent_live": True,
    "parent_title": "",
}

# Root and home page: they are live for as long as there is a portal.
HOME_DEPTH = 2


@dataclass(frozen=True)
class Reason:
    """Why something is not shown or may not happen: a code for tests, words for people."""

    code: str
    text: str


def state_of(exhibition: ExhibitionPage, now: datetime | None = None) -> OpeningState:
    """The opening state of ``exhibition``; asks for the newest decision unless it is annotated."""
    if not hasattr(exhibition, "decision_state"):
        beside = with_decision(ExhibitionPage.objects.filter(pk=exhibition.pk)).values(
            "decision_state", "decision_at", "parent_live", "parent_title"
        )
        for name, value in (beside.first() or NOTHING_BESIDE).items():
            setattr(exhibition, name, value)
    state = exhibition.decision_state
    return opening_state(
        opens_at=exhibition.opens_at,
        closes_at=exhibition.closes_at,
        decision=Decision(state, exhibition.decision_at) if state else None,
        now=now or timezone.now(),
    )


def exhibition_is_readable(exhibition: ExhibitionPage, now: datetime | None = None) -> bool:
    """Whether the public may read its Parts and items now."""
    shown = exhibition.live and getattr(exhibition, "parent_live", True)
    return shown and is_readable(
        state_of(exhibition, now), readable_after_closing=exhibition.readable_after_closing
    )


def named_exhibitions() -> list[ExhibitionPage]:
    """Every exhibition the public may know of, whatever its state; newest opening first."""
    found = with_decision(ExhibitionPage.objects.live()).filter(parent_live=True)
    return sorted(found.select_related("cover", "occasion"), key=_newest_first, reverse=True)


def _newest_first(exhibition: ExhibitionPage) -> tuple[float, int]:
    by_hand = exhibition.decision_state == OpeningState.OPEN
    opened_at = exhibition.decision_at if by_hand else exhibition.opens_at
    moment = opened_at or exhibition.opens_at or exhibition.first_published_at
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


def public_parts(now: datetime | None = None) -> QuerySet[PartPage]:
    """Every Part the public may see, of all exhibitions."""
    return _in([each.path for each in readable_exhibitions(now)], PartPage.objects.all())


def items_of(exhibition: ExhibitionPage, view: View) -> QuerySet[ItemPage]:
    """The items of one exhibition that ``view`` may see, in no particular order."""
    if view is View.PREVIEW:
        return ItemPage.objects.filter(path__startswith=exhibition.path)
    return cleared(_within(exhibition, ItemPage.objects.all()))


def parts_of(exhibition: ExhibitionPage, view: View) -> QuerySet[PartPage]:
    """The Parts and sections of one exhibition that ``view`` may see."""
    if view is View.PREVIEW:
        return PartPage.objects.filter(path__startswith=exhibition.path)
    return _within(exhibition, PartPage.objects.all())


def _within(exhibition: ExhibitionPage, pages: QuerySet) -> QuerySet:
    """The live pages of one exhibition that can be read; its hidden branches are asked for once."""
    if not exhibition_is_readable(exhibition):
        return pages.none()
    hidden = descendants_of(_hidden_branches_of(exhibition))
    return pages.filter(descendants_of([exhibition.path]), live=True).exclude(hidden)


def _hidden_branches_of(exhibition: ExhibitionPage) -> list[str]:
    """The hidden branches within ``exhibition``, asked for once an instance."""
    if not hasattr(exhibition, "hidden_branches"):
        within = descendants_of([exhibition.path])
        exhibition.hidden_branches = hidden_branches(within, below_depth=EXHIBITION_DEPTH)
    return exhibition.hidden_branches


def page_is_public(page: Page) -> bool:
    """Whether the public may see ``page``, a specific page of any type, now."""
    if isinstance(page, ExhibitionPage):
        state_of(page)  # reads, with the opening, whether the list above is published
        return page.live and page.parent_live
    if not isinstance(page, ItemPage | PartPage):
        above = page.get_ancestors().filter(live=False, depth__gt=HOME_DEPTH)
        return page.live and not above.exists()
    exhibition = exhibition_of(page)
    if exhibition is None:
        return False
    if isinstance(page, ItemPage):
        return items_of(exhibition, View.PUBLIC).filter(pk=page.pk).exists()
    hidden = _hidden_branches_of(exhibition)
    return (
        page.live
        and exhibition_is_readable(exhibition)
        and not any(page.path.startswith(branch) for branch in hidden)
    )


def item_is_public(item: ItemPage, now: datetime | None = None) -> bool:
    """Whether the public may see ``item`` now."""
    return public_items(now).filter(pk=item.pk).exists()


def public_page_ids(page_ids: Iterable[int], now: datetime | None = None) -> set[int]:
    """Of ``page_ids`` those the public may see: what search and listings must keep to."""
    wanted = list(page_ids)
    public: set[int] = set()
    public |= set(public_items(now).filter(pk__in=wanted).values_list("pk", flat=True))
    public |= set(public_parts(now).filter(pk__in=wanted).values_list("pk", flat=True))
    others = Page.objects.filter(pk__in=wanted).not_type(ItemPage).not_type(PartPage)
    everywhere = [Page.get_first_root_node().path]
    return public | set(
        _in(everywhere, others, below_depth=HOME_DEPTH).values_list("pk", flat=True)
    )


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
    exhibition = exhibition_of(item)
    if not item.live:
        reasons.append(Reason("draft", _("The item is not published.")))
    hidden = Page.objects.ancestor_of(item).filter(live=False, depth__gte=EXHIBITION_DEPTH)
    reasons += [
        Reason("ancestor_draft", _("“%(title)s” is not published.") % {"title": page.title})
        for page in hidden
    ]
    if exhibition is not None and exhibition.live and not exhibition_is_readable(exhibition, now):
        state = state_of(exhibition, now).label
        reasons.append(
            Reason("not_open", _("The exhibition is not open: %(state)s.") % {"state": state})
        )
    row = with_clearance(ItemPage.objects.filter(pk=item.pk)).values_list(
        "clearance_state", flat=True
    )
    if row.first() != ClearanceState.CLEARED:
        reasons.append(Reason("not_cleared", _("The item is not cleared for publication.")))
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
        page.exhibition_above = found.select_related("cover", "occasion").first()
    return page.exhibition_above


def rendition_set_is_public(renditions: RenditionSet) -> bool:
    """Whether the pictures of one rendition set may be answered to anyone who asks.

    Closed unless shown. A scan that hangs in an item is public only through a public
    item of an exhibition that publishes under this very profile, so neither a larger
    nor an unmarked version ever gets out. Any other image is public while a public
    page, or a record that every page prints, refers to it.
    """
    if renditions.made_at is None:
        return False
    if not renditions.image.hung_in_item:
        return _is_referred_to(renditions.image)
    profile = PublicationProfile(renditions.ceiling, renditions.mark)
    return bool(_scans_shown([(renditions.image_id, renditions.frame, profile)]))


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
    if document.hung_in_item:
        return public_items().filter(media__document=document).exists()
    return _is_referred_to(document)


def _is_referred_to(media: CustomImage | CustomDocument) -> bool:
    """Whether a public page or the portal's settings refer to ``media``."""
    references = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(media), to_object_id=str(media.pk)
    ).values_list("base_content_type_id", "object_id")
    page_type = ContentType.objects.get_for_model(Page).pk
    printed_everywhere = ContentType.objects.get_for_model(PortalSettings).pk
    page_ids: list[int] = []
    for content_type, object_id in references:
        if content_type == printed_everywhere:
            return True
        if content_type == page_type:
            page_ids.append(int(object_id))
    return bool(public_page_ids(page_ids))
