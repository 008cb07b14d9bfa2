"""What the preview of one's own page tells of the pages around it.

A preview shows a page among its neighbours, drafts included. Editors of a cooperating
organisation see there what the public sees, and of the rest the numerals only.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.audience import View
from core.confinement import is_confined, pages_seen_by
from exhibitions.models import ExhibitionPage, ItemPage, PartPage
from exhibitions.reading_order import (
    ITEM_COLUMNS,
    PANEL_TEXT,
    PartNode,
    ReadingOrder,
    ShownItem,
)
from exhibitions.visibility import public_page_ids


def veiled(order: ReadingOrder, request: HttpRequest, view: View) -> ReadingOrder:
    """``order`` for whoever looks at it: in a preview, without what is neither theirs nor public.

    Parts keep their place and number and lose their words and address; items are left out.
    What is public but not theirs stands there as the public reads it, not as its draft.
    """
    user = getattr(request, "user", None)
    if view is not View.PREVIEW or user is None or not user.is_authenticated:
        return order
    if not is_confined(user):
        return order
    hall = order.exhibition
    every = {hall.pk, *(node.page.pk for node in order.walk()), *(item.pk for item in order.items)}
    seen = set(pages_seen_by(user).filter(pk__in=every).values_list("pk", flat=True))
    public = public_page_ids(every - seen)
    items = {item.pk: item for item in order.items if item.pk in seen} | _published_items(public)
    parts = PartPage.objects.in_bulk(public)
    if hall.pk not in seen | public:
        _veil_hall(hall)
    if not hall.parent_live:
        hall.parent_title = _("not published yet")
    for node in order.walk():
        node.items = [items[item.pk] for item in node.items if item.pk in items]
        if node.page.pk not in seen:
            _veil(node, parts, hall)
    return replace(
        order,
        items=[items[item.pk] for item in order.items if item.pk in items],
        as_published=frozenset(public),
    )


def _published_items(numbers: Collection[int]) -> dict[int, ShownItem]:
    stored = ItemPage.objects.filter(pk__in=numbers).annotate(panel_text=PANEL_TEXT)
    shown = (ShownItem(*row) for row in stored.values_list(*ITEM_COLUMNS))
    return {item.pk: item for item in shown}


def _veil_hall(hall: ExhibitionPage) -> None:
    hall.title = _("not published yet")
    hall.short_title = hall.summary = ""


def _veil(node: PartNode, published: Mapping[int, PartPage], hall: ExhibitionPage) -> None:
    """Let a Part that is not theirs say what the public reads of it, if anything."""
    page, stored = node.page, published.get(node.page.pk)
    page.title = stored.title if stored else _("not published yet")
    page.introduction = stored.introduction if stored else ""
    if stored:
        page.numeral_style = stored.numeral_style
    else:
        page.contributor = None
        page.url_path = hall.url_path
