"""The one order of an exhibition: the order of the tree, across all its Parts.

Parts are numbered among their siblings. Parts without a number are not counted, and it
does not matter whether anything in a Part can be seen, so readers and editors meet the
same numerals. A Part that is not published yet takes none away from those that are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from django.db.models import Case, TextField, Value, When
from wagtail.models import Page

from core.audience import View
from core.fields import PartialDateField
from core.models import Organisation
from exhibitions.credit_line import Credit
from exhibitions.models import ExhibitionPage, ItemKind, ItemPage, NumeralStyle, PartPage
from exhibitions.newest import Content, newest_contents, newest_contents_of
from exhibitions.visibility import items_of, parts_of

ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


@dataclass(frozen=True, slots=True)
class ShownItem:
    """What a card needs of an item, as read from the database in one row."""

    pk: int
    path: str
    url_path: str
    title: str
    kind: str
    caption: str
    quotation: str
    reference: str
    date: str
    date_display: str
    source_person: str
    source_person_title: str
    source_organisation: str | None
    panel_text: str

    @property
    def parent_path(self) -> str:
        """Tree path of the Part it stands in."""
        return self.path[: -Page.steplen]

    @property
    def date_text(self) -> str:
        """The date as it is printed."""
        return self.date_display or PartialDateField.in_words(self.date)

    @property
    def credit(self) -> Credit:
        """Who it comes from."""
        person = f"{self.source_person_title} {self.source_person}".strip()
        return Credit(organisation=self.source_organisation or "", person=person)


ITEM_COLUMNS = tuple(
    "source_organisation__name" if column.name == "source_organisation" else column.name
    for column in fields(ShownItem)
)

SAID_BY_CONTENT = (
    "title",
    "kind",
    "caption",
    "quotation",
    "reference",
    "date",
    "date_display",
    "source_person",
    "source_person_title",
)
"""Columns that a version tells as they are."""

# A text panel is its text; of every other item the long text stays in the database.
PANEL_TEXT = Case(
    When(kind=ItemKind.TEXT, then="description"), default=Value(""), output_field=TextField()
)


@dataclass
class PartNode:
    """A Part in its place: its sections, its own items, its number among its siblings."""

    page: PartPage
    number: int
    sections: list[PartNode] = field(default_factory=list)
    items: list[ShownItem] = field(default_factory=list)

    @property
    def numeral(self) -> str:
        """ "Phần I", "1" or ""."""
        if self.page.numeral_style == NumeralStyle.ROMAN:
            return f"Phần {roman(self.number)}"
        return str(self.number) if self.page.numeral_style == NumeralStyle.ARABIC else ""

    def all_items(self) -> Iterator[ShownItem]:
        """Its items and those of its sections, in the order of the tree."""
        everything = [*self.items]
        for section in self.sections:
            everything += section.all_items()
        yield from sorted(everything, key=lambda item: item.path)


@dataclass(frozen=True)
class Neighbours:
    """What stands before and after an item, and its place in the whole, from 1."""

    previous: ShownItem | None
    next: ShownItem | None
    position: int
    total: int


@dataclass(frozen=True)
class ReadingOrder:
    """The Parts and items of an exhibition as one walk through it."""

    exhibition: ExhibitionPage
    parts: list[PartNode]
    items: list[ShownItem]
    as_published: frozenset[int] = frozenset()
    """Items that stand in it as the public reads them, whatever their drafts say."""

    def __contains__(self, item: ItemPage) -> bool:
        return any(each.pk == item.pk for each in self.items)

    def positions(self) -> dict[int, int]:
        """The place of every item in the whole, from 1, by page number."""
        return {item.pk: place for place, item in enumerate(self.items, start=1)}

    def neighbours(self, item: ItemPage) -> Neighbours:
        """The items around ``item``. Raises ValueError when it is not in this order."""
        place = next((place for place, each in enumerate(self.items) if each.pk == item.pk), None)
        if place is None:
            raise ValueError(f"{item!r} is not in the reading order of {self.exhibition!r}")
        return Neighbours(
            previous=self.items[place - 1] if place else None,
            next=self.items[place + 1] if place + 1 < len(self.items) else None,
            position=place + 1,
            total=len(self.items),
        )

    def part_of(self, item: ItemPage | ShownItem) -> PartNode | None:
        """The Part or section that ``item`` stands in."""
        return self.find(item.path[: -Page.steplen])

    def find(self, path: str) -> PartNode | None:
        """The Part or section at tree path ``path``."""
        return next((node for node in self.walk() if node.page.path == path), None)

    def above(self, path: str) -> list[PartNode]:
        """The Parts that the page at tree path ``path`` stands in, outermost first."""
        return [
            node
            for node in self.walk()
            if path.startswith(node.page.path) and path != node.page.path
        ]

    def walk(self) -> Iterator[PartNode]:
        """Every Part and section, in the order of the tree."""
        waiting = list(self.parts)
        while waiting:
            node = waiting.pop(0)
            yield node
            waiting[:0] = node.sections


def reading_order(exhibition: ExhibitionPage, view: View) -> ReadingOrder:
    """What ``view`` may see of ``exhibition``, in order, whatever its size in as many queries."""
    nodes: dict[str, PartNode] = {}
    roots: list[PartNode] = []
    parts = parts_of(exhibition, view)
    if view.shows_drafts:
        _tell_newest(parts)
    for part in parts:
        siblings = (
            nodes[parent].sections if (parent := part.path[: -Page.steplen]) in nodes else roots
        )
        nodes[part.path] = PartNode(part, number=_number(part, siblings))
        siblings.append(nodes[part.path])
    shown = items_of(exhibition, view).annotate(panel_text=PANEL_TEXT)
    rows = shown.order_by("path").values_list(*ITEM_COLUMNS)
    items = [ShownItem(*row) for row in rows]
    if view.shows_drafts:
        items = _newest(items)
    for item in items:
        if parent := nodes.get(item.parent_path):
            parent.items.append(item)
    return ReadingOrder(exhibition, roots, items)


def _tell_newest(parts: Sequence[PartPage]) -> None:
    """Let each of ``parts`` say what its newest version says on cards and in outlines."""
    contents = newest_contents(parts)
    for part in parts:
        for name in ("title", "introduction", "numeral_style"):
            setattr(part, name, contents.get(part.pk, {}).get(name, getattr(part, name)))


def _newest(items: Sequence[ShownItem]) -> list[ShownItem]:
    """``items`` as their newest versions tell them. Three queries."""
    contents = newest_contents_of([item.pk for item in items])
    sources = Organisation.objects.filter(
        pk__in=[
            number
            for each in contents.values()
            if (number := each.get("source_organisation")) is not None
        ]
    )
    names = dict(sources.values_list("pk", "name"))
    return [
        _as_told(item, contents[item.pk], names) if item.pk in contents else item for item in items
    ]


def _as_told(item: ShownItem, content: Content, sources: Mapping[int, str]) -> ShownItem:
    said: dict[str, Any] = {name: str(content.get(name) or "") for name in SAID_BY_CONTENT}
    return replace(
        item,
        **said,
        source_organisation=sources.get(content.get("source_organisation") or 0),
        panel_text=str(content.get("description") or "") if said["kind"] == ItemKind.TEXT else "",
    )


def _number(part: PartPage, before: list[PartNode]) -> int:
    """The number of ``part`` behind the siblings ``before`` it.

    Only published ones count for a published Part; for one that only a preview shows,
    all do: it has the number it gets once everything before it is published.
    """
    numbered = [node.page for node in before if node.page.numeral_style != NumeralStyle.NONE]
    return 1 + sum(1 for page in numbered if page.live or not part.live)


def roman(number: int) -> str:
    """A small positive number in Roman numerals."""
    numeral = ""
    for value, letters in ROMAN:
        count, number = divmod(number, value)
        numeral += letters * count
    return numeral
