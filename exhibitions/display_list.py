"""The list of what an exhibition shows ("Danh mục tài liệu trưng bày"), to be decided on.

Every item in reading order with what a leader decides by: abstract, source, reference,
access level. Told from the newest version of each page, as it would be submitted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.fields import PartialDateField
from core.models import Organisation
from exhibitions.models import AccessLevel, ClearanceState, ExhibitionPage, ItemPage, PartPage
from exhibitions.newest import Content, newest_contents
from exhibitions.querysets import with_clearance
from exhibitions.readiness import AGAINST_CLEARANCE, checks_of
from exhibitions.visibility import Reason


@dataclass(frozen=True)
class ListedItem:
    """A line of the list."""

    number: int
    """STT, from 1, across all Parts."""
    page: int
    title: str
    abstract: str
    date: str
    source: str
    reference: str
    access_level: str
    state: ClearanceState | None
    reasons: tuple[Reason, ...]
    """What stands against clearing it."""
    frame: tuple[int, int] | None
    """Its first picture: number of the image and page within the file."""

    @property
    def is_cleared(self) -> bool:
        """Whether the newest decision allows its publication."""
        return self.state is ClearanceState.CLEARED


@dataclass(frozen=True)
class ListedPart:
    """A Part of the list, or a section within one, with its own items."""

    title: str
    depth: int
    items: tuple[ListedItem, ...]


def display_list(exhibition: ExhibitionPage) -> list[ListedPart]:
    """The items of ``exhibition``, Part by Part, in the order of the tree.

    An item that is shown from elsewhere is decided on there and not listed. The number
    of queries does not depend on how many items there are.
    """
    parts = list(PartPage.objects.filter(path__startswith=exhibition.path).order_by("path"))
    items = list(
        with_clearance(ItemPage.objects.filter(path__startswith=exhibition.path, alias_of=None))
        .prefetch_related("media")
        .order_by("path")
    )
    contents = newest_contents(items)
    told = {item.pk: contents.get(item.pk) or item.serializable_data() for item in items}
    sources = Organisation.objects.in_bulk(
        {each["source_organisation"] for each in told.values() if each.get("source_organisation")}
    )
    lines = {
        item.path: _line(number, item, told[item.pk], sources)
        for number, item in enumerate(items, start=1)
    }
    return [
        ListedPart(
            title=part.draft_title or part.title,
            depth=part.depth - exhibition.depth,
            items=tuple(
                line for path, line in lines.items() if path[: -ItemPage.steplen] == part.path
            ),
        )
        for part in parts
    ]


def _line(
    number: int, item: ItemPage, content: Content, sources: Mapping[int, Organisation]
) -> ListedItem:
    state = item.clearance_state
    checks = checks_of(content, is_cleared=state == ClearanceState.CLEARED)
    return ListedItem(
        number=number,
        page=item.pk,
        title=str(content.get("title") or item.title),
        abstract=_abstract_of(content),
        date=_date_of(content),
        source=_source_of(content, sources),
        reference=_first(content, "reference"),
        access_level=str(AccessLevel(content.get("access_level") or AccessLevel.OPEN).label),
        state=ClearanceState(state) if state else None,
        reasons=tuple(check for check in checks if check.code in AGAINST_CLEARANCE),
        frame=first_frame(content),
    )


def _first(content: Content, *names: str) -> str:
    """The first of the fields ``names`` that says something."""
    return next((text for name in names if (text := str(content.get(name) or "").strip())), "")


def _abstract_of(content: Content) -> str:
    """ "Lời kêu gọi số 39/VP về việc …": the document's own words, else caption or title."""
    abstract = _first(content, "abstract")
    if not abstract:
        return _first(content, "caption", "title")
    number, symbol = _first(content, "document_number"), _first(content, "document_symbol")
    joined = f"{number}{symbol}" if symbol.startswith("/") else f"{number}/{symbol}".strip("/")
    kind = _first(content, "type_name")
    return " ".join(part for part in (kind, f"số {joined}" if joined else "", abstract) if part)


def _date_of(content: Content) -> str:
    said = PartialDateField.in_words(_first(content, "date")).removeprefix("ngày ")
    return _first(content, "date_display") or said


def _source_of(content: Content, sources: Mapping[int, Organisation]) -> str:
    organisation = sources.get(content.get("source_organisation") or 0)
    person = f"{content.get('source_person_title') or ''} {content.get('source_person') or ''}"
    named = (organisation.name if organisation else "", person.strip())
    return ", ".join(name for name in named if name)


def first_frame(content: Content) -> tuple[int, int] | None:
    """The first picture of an item as it is told by ``content``: image and page in its file."""
    for each in content.get("media") or []:
        if each.get("image"):
            return int(each["image"]), int(each.get("frame") or 1)
    return None
