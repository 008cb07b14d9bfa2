"""What templates are given of exhibitions, Parts and items: plain values, no queries.

Every function here that takes a request builds the whole context of one page type
with a number of queries that does not depend on how many items there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.blocks import StreamValue
from wagtail.rich_text import expand_db_html

from core.audience import View
from core.blocks import prepare_figures
from core.links import Links
from core.models import CustomDocument
from core.models.base import Crumb
from core.pictures import Frame, Picture, PictureShelf
from exhibitions.credit_line import compose
from exhibitions.models import (
    ExhibitionIndexPage,
    ExhibitionPage,
    ItemKind,
    ItemMedium,
    ItemPage,
    NumeralStyle,
    OpeningState,
    OrganiserRole,
    PartPage,
)
from exhibitions.newest import newest_media
from exhibitions.reading_order import (
    ITEM_COLUMNS,
    Neighbours,
    PartNode,
    ReadingOrder,
    ShownItem,
    reading_order,
)
from exhibitions.veil import veiled
from exhibitions.visibility import (
    exhibition_is_readable,
    exhibition_of,
    is_open_to_read,
    named_exhibitions,
    opening_moment,
    public_items_below,
    shown_state,
    state_of,
)

TEASERS_A_PART = 3
STATES_IN_CHIPS = (
    OpeningState.OPEN,
    OpeningState.ANNOUNCED,
    OpeningState.CLOSED,
    OpeningState.ARCHIVED,
)


@dataclass(frozen=True)
class ExhibitionCard:
    """An exhibition in a list, or at the head of its own pages."""

    title: str
    short_title: str
    url: str
    cover: Picture | None
    state: OpeningState
    state_label: str
    kind_label: str
    opens_at: datetime | None
    closes_at: datetime | None
    summary: str
    occasion: str
    declared: str
    item_count: int
    readable: bool


@dataclass(frozen=True)
class ItemCard:
    """An item in a list, on a Part's wall, or at the head of its own page."""

    title: str
    url: str
    kind: str
    kind_label: str
    caption: str
    date_text: str
    credit: str
    picture: Picture | None
    quotation: str
    media_count: int
    position: int
    total: int
    part_title: str
    reference: str
    panel_text: str = ""


@dataclass(frozen=True)
class PartCard:
    """A Part or section."""

    title: str
    numeral: str
    url: str
    introduction: str
    item_count: int
    contributor: str = ""
    teasers: tuple[ItemCard, ...] = ()
    subparts: tuple[PartCard, ...] = ()


@dataclass(frozen=True)
class OrganiserGroup:
    """The organisers of one role, in the order given."""

    role_label: str
    names: list[str]


@dataclass(frozen=True)
class LegalText:
    """A text referred to."""

    label: str
    abstract: str
    url: str


@dataclass(frozen=True)
class Medium:
    """One page, side or recording of an item."""

    anchor: str
    label: str
    picture: Picture | None
    document_url: str
    document_name: str
    transcription: str
    translation: str


@dataclass(frozen=True)
class NarrativeStep:
    """A piece of a Part's narrative: a block to include, or items hung at this point."""

    kind: str
    block: Any = None
    items: list[ItemCard] = field(default_factory=list)


@dataclass(frozen=True)
class Chip:
    """A filter with the number of what it would show."""

    label: str
    url: str
    is_current: bool
    count: int


def state_label(state: OpeningState, *, readable: bool) -> str:
    """The state in the office's words; an ended exhibition says whether it can be read."""
    if state in (OpeningState.CLOSED, OpeningState.ARCHIVED) and readable:
        return _("Ended (still open to read)")
    return str(state.label)


def exhibition_cards(
    exhibitions: Sequence[ExhibitionPage], request: HttpRequest, view: View = View.PUBLIC
) -> list[ExhibitionCard]:
    """Cards of ``exhibitions``: two queries for their covers and counts together."""
    shelf = PictureShelf(illustrations=_cover_frames(exhibitions), view=view)
    counts = _item_counts(exhibitions)
    return [
        exhibition_card(each, request, shelf=shelf, item_count=counts[each.path])
        for each in exhibitions
    ]


def _cover_frames(exhibitions: Iterable[ExhibitionPage]) -> list[Frame]:
    return [frame for each in exhibitions if (frame := _cover_frame(each))]


def _cover_frame(exhibition: ExhibitionPage) -> Frame | None:
    cover = exhibition.cover
    return Frame.of(cover, profile=exhibition.publication_profile) if cover else None


def _item_counts(exhibitions: Sequence[ExhibitionPage]) -> Counter[str]:
    """How many items the public may see, by the exhibition's tree path."""
    readable = [each.path for each in exhibitions if exhibition_is_readable(each)]
    if not readable:
        return Counter()
    items = public_items_below(readable)
    length = len(readable[0])
    return Counter(path[:length] for path in items.values_list("path", flat=True))


def exhibition_card(
    exhibition: ExhibitionPage,
    request: HttpRequest,
    *,
    shelf: PictureShelf | None,
    item_count: int,
) -> ExhibitionCard:
    """The card of one exhibition, its cover taken from ``shelf``, or without cover."""
    state = shown_state(exhibition)
    readable = is_open_to_read(exhibition) and not exhibition.being_published
    cover = _cover_frame(exhibition) if shelf else None
    return ExhibitionCard(
        title=exhibition.title,
        short_title=exhibition.display_title,
        url=exhibition.get_url(request) or "",
        cover=shelf.picture(cover, decorative=True) if shelf and cover else None,
        state=state,
        state_label=state_label(state, readable=readable),
        kind_label=exhibition.get_kind_display(),
        opens_at=opening_moment(exhibition),
        closes_at=exhibition.closes_at,
        summary=exhibition.summary,
        occasion=exhibition.occasion.label if exhibition.occasion else "",
        declared=exhibition.declared_figures,
        item_count=item_count,
        readable=readable,
    )


@dataclass(frozen=True, slots=True)
class _FirstMedium:
    """What a card needs of the first picture of an item."""

    frame: Frame
    alt: str
    decorative: bool


class Hanging:
    """The cards of some items of one exhibition, and its cover if wished, in two queries.

    ``shown_media`` are media whose every picture is shown, beyond the first of each item.
    With ``links``, which then know their texts, the cards of text panels carry their text.
    """

    def __init__(
        self,
        exhibition: ExhibitionPage,
        order: ReadingOrder,
        items: Iterable[ShownItem],
        request: HttpRequest,
        view: View,
        shown_media: Iterable[ItemMedium] = (),
        with_cover: bool = False,
        links: Links | None = None,
    ) -> None:
        self._links = links
        self._exhibition, self._order = exhibition, order
        self._request, self._view = request, view
        self._profile = exhibition.publication_profile
        self._url = exhibition.get_url(request) or ""
        self._places = order.positions()
        self._part_names = {node.page.path: part_name(node) for node in order.walk()}
        self._kinds = {kind.value: str(kind.label) for kind in ItemKind}
        self._counts: Counter[int] = Counter()
        self._firsts: dict[int, _FirstMedium] = {}
        self._read_media([item.pk for item in items])
        frames = [first.frame for first in self._firsts.values()]
        frames += [frame for medium in shown_media if (frame := self.frame(medium))]
        self._with_cover = with_cover
        covers = _cover_frames([exhibition]) if with_cover else []
        self.shelf = PictureShelf(frames, illustrations=covers, view=view)

    def _read_media(self, item_ids: list[int]) -> None:
        """Count the media of each item and keep the first that has an image."""
        rows = (
            ItemMedium.objects.filter(item_id__in=item_ids)
            .order_by("item_id", "sort_order", "pk")
            .values_list(
                "item_id",
                "alt_text",
                "decorative",
                "frame",
                "image_id",
                "image__width",
                "image__height",
            )
        )
        drafts = set(item_ids) - self._order.as_published if self._view.shows_drafts else ()
        newest = newest_media(drafts)
        stored = [row for row in rows if row[0] not in newest]
        told = [row for media in newest.values() for row in media]
        for item_id, alt, decorative, number, image_id, width, height in (*stored, *told):
            self._counts[item_id] += 1
            if image_id and item_id not in self._firsts:
                frame = Frame(image_id, width, height, "", number, self._profile)
                self._firsts[item_id] = _FirstMedium(frame, alt, decorative)

    def frame(self, medium: ItemMedium) -> Frame | None:
        """The frame of ``medium`` under the exhibition's profile, or None without an image."""
        image = medium.image
        return Frame.of(image, medium.frame, self._profile) if image else None

    def document_url(self, document: CustomDocument | None) -> str:
        """Where a document is read: by the public, or by staff in a preview; "" without one."""
        if document is None:
            return ""
        if self._view.shows_drafts:
            return reverse("staff_document", args=[document.pk])
        return document.url

    def head(self) -> ExhibitionCard:
        """The card of the exhibition itself; in a preview it can always be read."""
        card = exhibition_card(
            self._exhibition,
            self._request,
            shelf=self.shelf if self._with_cover else None,
            item_count=len(self._order.items),
        )
        return card if self._view is View.PUBLIC else replace(card, readable=True)

    def address(self, shown: ShownItem) -> str:
        """The item's address: the exhibition's, and the rest of the way down the tree."""
        return f"{self._url}{shown.url_path[len(self._exhibition.url_path) :]}"

    def card(self, item: ShownItem) -> ItemCard:
        """The card of ``item``."""
        return ItemCard(
            title=item.title,
            url=self.address(item),
            kind=item.kind,
            kind_label=self._kinds.get(item.kind, ""),
            caption=item.caption,
            date_text=item.date_text,
            credit=item.credit.text,
            picture=self._picture(item),
            quotation=item.quotation,
            media_count=self._counts[item.pk],
            position=self._places.get(item.pk, 0),
            total=len(self._order.items),
            part_title=self._part_names.get(item.parent_path, ""),
            reference=item.reference,
            panel_text=self._links.expand(item.panel_text) if self._links else "",
        )

    def _picture(self, item: ShownItem) -> Picture | None:
        first = self._firsts.get(item.pk)
        if first is None:
            return None
        return self.shelf.picture(
            first.frame,
            alt=first.alt or item.caption or item.title,
            decorative=first.decorative,
        )


def part_name(node: PartNode) -> str:
    """What a Part is called for short: "Phần I", else its title; a bare number says nothing."""
    roman = node.page.numeral_style == NumeralStyle.ROMAN
    return node.numeral if roman else node.page.title


def part_card(
    node: PartNode,
    request: HttpRequest,
    teasers: Iterable[ItemCard] = (),
    introductions: Mapping[str, str] | None = None,
) -> PartCard:
    """The card of a Part with its sections.

    ``introductions`` are those that are printed, by the tree path of their Part.
    """
    page = node.page
    return PartCard(
        title=page.title,
        numeral=node.numeral,
        url=page.get_url(request) or "",
        introduction=(introductions or {}).get(page.path, ""),
        item_count=sum(1 for _item in node.all_items()),
        contributor=page.contributor.name if page.contributor else "",
        teasers=tuple(teasers),
        subparts=tuple(
            part_card(section, request, introductions=introductions) for section in node.sections
        ),
    )


def exhibition_index_context(
    page: ExhibitionIndexPage, request: HttpRequest, view: View
) -> dict[str, Any]:
    """Context of the list of exhibitions; ``?trang-thai=`` keeps to one state."""
    exhibitions = named_exhibitions()
    wanted = request.GET.get("trang-thai", "")
    counts = Counter(map(shown_state, exhibitions))
    url = page.get_url(request) or ""
    chips = [Chip(_("All"), url, wanted not in OpeningState.values, len(exhibitions))]
    chips += [
        Chip(str(state.label), f"{url}?trang-thai={state}", wanted == state, counts[state])
        for state in STATES_IN_CHIPS
        if counts[state]
    ]
    shown = [
        each
        for each in exhibitions
        if wanted not in OpeningState.values or shown_state(each) == wanted
    ]
    return {
        "introduction": expand_db_html(page.introduction),
        "exhibitions": exhibition_cards(shown, request, view),
        "chips": chips,
    }


def exhibition_context(
    exhibition: ExhibitionPage, request: HttpRequest, view: View
) -> dict[str, Any]:
    """Context of an exhibition's own page."""
    order = veiled(reading_order(exhibition, view), request, view)
    teasers = {node.page.pk: [*node.all_items()][:TEASERS_A_PART] for node in order.parts}
    every_teaser = [item for some in teasers.values() for item in some]
    links = Links(
        [
            exhibition.foreword,
            exhibition.credits,
            *(node.page.introduction for node in order.parts),
            *(item.panel_text for item in every_teaser),
        ],
        view=view,
    )
    introductions = {node.page.path: links.expand(node.page.introduction) for node in order.parts}
    hanging = Hanging(exhibition, order, every_teaser, request, view, with_cover=True, links=links)
    return {
        "breadcrumbs": crumbs_above(exhibition, request)[:1],
        "exhibition": hanging.head(),
        "parts": tuple(
            part_card(
                node,
                request,
                teasers=[hanging.card(item) for item in teasers[node.page.pk]],
                introductions=introductions,
            )
            for node in order.parts
        ),
        "organisers": organiser_groups(exhibition),
        "foreword": links.expand(exhibition.foreword),
        "foreword_signature": exhibition.foreword_signature,
        "legal_texts": legal_texts(exhibition.legal_texts),
        "status_url": reverse("opening_status", args=[exhibition.pk]),
        "first_item_url": hanging.address(order.items[0]) if order.items else "",
        "trailer_url": exhibition.trailer,
        "tour_url": exhibition.tour,
        "credits": links.expand(exhibition.credits),
    }


def crumbs_above(
    exhibition: ExhibitionPage, request: HttpRequest, parts: Iterable[PartNode] = ()
) -> list[Crumb]:
    """The way to a page of ``exhibition``: the list it stands in, itself, the Parts above."""
    url = exhibition.get_url(request) or ""
    state_of(exhibition)  # reads the title of the list above, where that is not read yet
    steps = [Crumb(exhibition.parent_title, f"{url.rstrip('/').rpartition('/')[0]}/")]
    steps.append(Crumb(exhibition.title, url))
    return steps + [Crumb(node.page.title, node.page.get_url(request) or "") for node in parts]


def organiser_groups(exhibition: ExhibitionPage) -> list[OrganiserGroup]:
    """Organisers by role, roles in their printed order, names in the order given."""
    organisers = list(exhibition.organisers.select_related("organisation"))
    groups = []
    for role in OrganiserRole:
        names = [each.organisation.name for each in organisers if each.role == role]
        if names:
            groups.append(OrganiserGroup(str(role.label), names))
    return groups


def legal_texts(stream: StreamValue) -> list[LegalText]:
    """The texts referred to, each worded as a first citation."""
    return [
        LegalText(
            label=child.value.citation,
            abstract=child.value.get("abstract") or "",
            url=child.value.get("address") or "",
        )
        for child in stream
    ]


def part_context(part: PartPage, request: HttpRequest, view: View) -> dict[str, Any]:
    """Context of a Part's page."""
    exhibition = require_exhibition(part)
    order = veiled(reading_order(exhibition, view), request, view)
    node = order.find(part.path) or PartNode(part, number=1)
    walk = [each for each in order.walk()]
    place = next((index for index, each in enumerate(walk) if each is node), None)
    # In a preview the Part as it is being edited, in its place among the stored ones.
    printed = {each.page.path: each.page.introduction for each in node.sections}
    printed[part.path] = part.introduction
    texts = [*printed.values(), *(item.panel_text for item in node.items)]
    links = Links(texts, [part.narrative], view=view)
    introductions = {path: links.expand(text) for path, text in printed.items()}
    hanging = Hanging(exhibition, order, node.items, request, view, links=links)
    cards = {item.pk: hanging.card(item) for item in node.items}
    prepare_figures(part.narrative, view, exhibition.publication_profile)
    return {
        "breadcrumbs": crumbs_above(exhibition, request, order.above(part.path)),
        "exhibition": hanging.head(),
        "part": part_card(replace(node, page=part), request, introductions=introductions),
        "links": links,
        "narrative": narrative_steps(part.narrative, cards),
        "items": list(cards.values()),
        "previous_part": part_card(walk[place - 1], request) if place else None,
        "next_part": (
            part_card(walk[place + 1], request)
            if place is not None and place + 1 < len(walk)
            else None
        ),
        "outline": tuple(part_card(each, request) for each in order.parts),
        "current_part_url": part.get_url(request),
        "part_name": part_name(node),
    }


def narrative_steps(narrative: StreamValue, cards: dict[int, ItemCard]) -> list[NarrativeStep]:
    """The narrative as steps. Items it places are taken out of ``cards``; the rest stay there.

    An item that is not the Part's own, or not visible, is passed over.
    """
    steps = []
    for child in narrative:
        if child.block_type != "item":
            steps.append(NarrativeStep("block", block=child))
            continue
        page = child.value.get("item")
        card = cards.pop(page.pk, None) if page else None
        if card:
            steps.append(NarrativeStep("items", items=[card]))
    return steps


def require_exhibition(page: PartPage | ItemPage) -> ExhibitionPage:
    """The exhibition a Part or item stands in; the tree rules let it stand nowhere else."""
    exhibition = exhibition_of(page)
    if exhibition is None:
        raise ValueError(f"{page!r} stands in no exhibition")
    return exhibition


def shown_item(item: ItemPage) -> ShownItem:
    """A loaded item, which may be an unsaved draft, as the reading order reads it."""
    organisation = item.source_organisation
    values = {name: getattr(item, name) for name in ITEM_COLUMNS if hasattr(item, name)}
    return ShownItem(
        **values,
        source_organisation=organisation.name if organisation else None,
        panel_text=item.description if item.kind == ItemKind.TEXT else "",
    )


def item_context(item: ItemPage, request: HttpRequest, view: View) -> dict[str, Any]:
    """Context of an item's page."""
    exhibition = require_exhibition(item)
    order = veiled(reading_order(exhibition, view), request, view)
    around = order.neighbours(item) if item in order else Neighbours(None, None, 1, 1)
    shown = shown_item(item)
    around_it = [each for each in (around.previous, around.next) if each]
    rows = list(item.media.select_related("image", "document"))
    hanging = Hanging(exhibition, order, [shown, *around_it], request, view, shown_media=rows)
    spoken = [text for row in rows for text in (row.transcription, row.translation)]
    links = Links([item.description, *spoken], view=view)
    node = order.part_of(item)
    return {
        "breadcrumbs": crumbs_above(exhibition, request, order.above(item.path)),
        "exhibition": hanging.head(),
        "part": part_card(node, request) if node else None,
        "item": hanging.card(shown),
        "media": media_of(item, rows, hanging, links),
        "description": links.expand(item.description),
        "quotation": item.quotation,
        "archival_information": archival_information(item),
        "credit_line": compose(item.credit, item.holding),
        "previous": hanging.card(around.previous) if around.previous else None,
        "next": hanging.card(around.next) if around.next else None,
        "position": around.position,
        "total": around.total,
        "first_published": item.first_published,
    }


def media_of(
    item: ItemPage, rows: Sequence[ItemMedium], hanging: Hanging, links: Links
) -> list[Medium]:
    """The pages of ``item``, in order, each with its own address on the page."""
    media = []
    for number, row in enumerate(rows, start=1):
        label = row.label or (_("Page %(number)d") % {"number": number} if len(rows) > 1 else "")
        alt = row.alt_text or item.caption or item.title
        frame = hanging.frame(row)
        media.append(
            Medium(
                anchor=f"trang-{number}",
                label=label,
                picture=(
                    hanging.shelf.picture(
                        frame,
                        alt=f"{alt} – {label}" if label and not row.alt_text else alt,
                        decorative=row.decorative,
                    )
                    if frame
                    else None
                ),
                document_url=hanging.document_url(row.document),
                document_name=row.document.title if row.document else "",
                transcription=links.expand(row.transcription),
                translation=links.expand(row.translation),
            )
        )
    return media


def archival_information(item: ItemPage) -> list[tuple[str, str]]:
    """Terms and values under "Thông tin lưu trữ"; what is empty is left out."""
    # As the document writes it: "39 VP" in 1948, "2194" with "/QĐ-TTg" today.
    joint = "" if item.document_symbol.startswith("/") else " "
    number = f"{item.document_number}{joint}{item.document_symbol}".strip()
    pairs = (
        (_("Kind"), item.get_kind_display()),
        (_("Type of document"), item.type_name),
        (_("Number and symbol"), number),
        (_("Date of the document"), item.date_text),
        (_("Issuing body"), item.issuing_body),
        (_("Abstract"), item.abstract),
        (_("Place"), item.place),
        (_("Source"), item.credit.source),
        (_("Repository"), item.repository),
        (_("Fonds"), item.fonds),
        (_("Inventory no."), item.inventory),
        (_("Box"), item.box),
        (_("File no."), item.file),
        (_("Sheet"), item.sheet),
        (_("Language"), item.language),
        (_("Number of pages"), str(item.extent or "")),
        (_("Reference"), item.reference),
        (_("Access level"), item.get_access_level_display()),
        (_("Rights"), item.rights),
        (_("Keywords"), item.keywords),
    )
    return [(str(term), str(value)) for term, value in pairs if value]
