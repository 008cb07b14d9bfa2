"""An exhibition as an import finds it: its Parts, its items in order, and what each says.

Told from the newest version of each page, published or not, in a number of queries that
does not depend on how many items there are. What cells would say of an item is told here
alone, so that the workbook and the comparison with it cannot differ.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.db.models.fields.json import KT
from wagtail.models import Page

from core.models import CustomDocument, CustomImage, Organisation
from core.vietnamese import fold
from exhibitions.importing.columns import (
    ALT_TEXTS,
    FILES,
    LABELS,
    PAGE,
    PART_LEVELS,
    SOURCE,
    TRANSCRIPTIONS,
    TRANSLATIONS,
)
from exhibitions.importing.values import FORMS, Names, Source, SourceName, fitting, plain_text
from exhibitions.models import (
    KNOWN_BY,
    ExhibitionPage,
    ImportAction,
    ImportStep,
    ItemPage,
    PartPage,
)
from exhibitions.newest import Content, media_of, newest_contents

PAGE_BREAK = "---"
"""The line between what is copied from two pages of a document."""

DECORATIVE = "(trang trí)"
"""Stands where a picture has no description because it says nothing."""


@dataclass(frozen=True)
class KnownPart:
    """A Part, or a section within one."""

    page: PartPage
    title: str
    level: int
    """0 for a Part of the exhibition, 1 for a section within it, and so on."""

    @property
    def parent_path(self) -> str:
        """Tree path of what it stands in."""
        return str(self.page.path[: -Page.steplen])


@dataclass(frozen=True)
class KnownItem:
    """An item, by its newest version."""

    page: ItemPage
    content: Content

    @property
    def media(self) -> list[dict[str, Any]]:
        """Its pictures and recordings in order."""
        return media_of(self.content)

    @property
    def reference(self) -> str:
        """Its reference in the exhibition."""
        return str(self.content.get("reference") or "")


@dataclass(frozen=True)
class ToldItem:
    """What a list last said of an item that one made."""

    title: str = ""
    date: str = ""
    file: str = ""
    reference: str = ""
    rows: frozenset[str] = frozenset()
    """Fingerprints of the rows that told of it."""


@dataclass(frozen=True)
class KnownFile:
    """A file of the library that an item shows."""

    name: str
    content_hash: str
    frames: int = 1


@dataclass
class Snapshot:
    """What there is in an exhibition."""

    exhibition: ExhibitionPage
    parts: list[KnownPart]
    items: list[KnownItem]
    """Without those shown from elsewhere, in reading order."""
    hung: Mapping[str, Mapping[int, str]]
    """What stands in a Part, by the Part's path: numbers of pages in their order, with their
    titles. Also sections, and items that are shown from elsewhere."""
    names: Names
    images: Mapping[int, KnownFile]
    documents: Mapping[int, KnownFile]
    _items_by_number: dict[int, KnownItem] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._items_by_number = {item.page.pk: item for item in self.items}

    def item(self, number: int) -> KnownItem | None:
        """The item with that page number."""
        return self._items_by_number.get(number)

    @cached_property
    def by_reference(self) -> Mapping[str, list[KnownItem]]:
        """Items by their references. More than one only where drafts clash."""
        found: dict[str, list[KnownItem]] = defaultdict(list)
        for item in self.items:
            if item.reference:
                found[item.reference].append(item)
        return found

    @cached_property
    def parts_by_path(self) -> Mapping[str, KnownPart]:
        """Parts by their place in the tree."""
        return {part.page.path: part for part in self.parts}

    @cached_property
    def told_by_lists(self) -> Mapping[int, ToldItem]:
        """By page what lists last said of the items they made. One query."""
        steps = ImportStep.objects.filter(of_import__exhibition=self.exhibition)
        left = steps.filter(action=ImportAction.CHANGED_ITEM, undone="")
        made_or_left = left | steps.filter(action=ImportAction.MADE_ITEM)
        texts = [KT(f"after__{name}") for name in (*KNOWN_BY, "fingerprint")]
        rows = made_or_left.order_by("pk").values_list("page", "action", *texts)
        told: dict[int, ToldItem] = {}
        for page, action, *values, fingerprint in rows:
            if action == ImportAction.MADE_ITEM:
                told[page] = ToldItem()
            if page in told:
                said = zip(KNOWN_BY, values, strict=True)
                changed = {name: value for name, value in said if value is not None}
                told_by = told[page].rows | {fingerprint or ""}
                told[page] = replace(told[page], **changed, rows=told_by - {""})
        return told

    def is_taken(self, part: KnownPart, slug: str) -> bool:
        """Whether something in ``part`` has the address ``slug`` already."""
        return (part.page.path, slug) in self._addresses

    @cached_property
    def _addresses(self) -> Collection[tuple[str, str]]:
        pages = (*(item.page for item in self.items), *(part.page for part in self.parts))
        return {(page.path[: -Page.steplen], page.slug) for page in pages}

    def part_titles(self, path: str, among: Collection[int] | None = None) -> tuple[str, ...]:
        """Titles of the Parts above the page at ``path``, from the outermost inwards.

        ``among`` are the numbers of the pages that may be named, if not all may.
        """
        length = len(self.exhibition.path)
        steps = range(length + Page.steplen, len(path), Page.steplen)
        return tuple(
            part.title
            for step in steps
            if (part := self.parts_by_path.get(path[:step]))
            and (among is None or part.page.pk in among)
        )

    def cells(self, item: KnownItem) -> dict[str, str]:
        """What every column says of ``item``."""
        content, media = item.content, item.media
        titles = self.part_titles(item.page.path)
        told = {name: form.write(content.get(name), self.names) for name, form in FORMS.items()}
        told[PAGE] = str(item.page.pk)
        for level, name in enumerate(PART_LEVELS):
            told[name] = fitting(titles[level]) if level < len(titles) else ""
        if len(titles) > len(PART_LEVELS):
            # Deeper than there are columns: the innermost ones together, never read apart.
            told[PART_LEVELS[-1]] = fitting(" / ".join(titles[len(PART_LEVELS) - 1 :]))
        told[SOURCE] = SourceName().write(_source_of(content), self.names)
        told[FILES] = fitting("\n".join(self.file_name(each) for each in media))
        told[LABELS] = _lines(str(each.get("label") or "") for each in media)
        told[ALT_TEXTS] = _lines(
            DECORATIVE if each.get("decorative") else str(each.get("alt_text") or "")
            for each in media
        )
        told[TRANSCRIPTIONS] = _pages(str(each.get("transcription") or "") for each in media)
        told[TRANSLATIONS] = _pages(str(each.get("translation") or "") for each in media)
        return told

    def file_name(self, medium: Mapping[str, Any]) -> str:
        """What a medium's file is called in a list; "#2" is the second page within it."""
        if medium.get("image"):
            known = self.images.get(int(medium["image"]))
            frame = int(medium.get("frame") or 1)
            name = known.name if known else ""
            return f"{name}#{frame}" if frame > 1 else name
        known = self.documents.get(int(medium.get("document") or 0))
        return known.name if known else ""

    def content_hash(self, medium: Mapping[str, Any]) -> str:
        """By which the content of a medium's file is known again; "" where it has gone."""
        files = self.images if medium.get("image") else self.documents
        known = files.get(int(medium.get("image") or medium.get("document") or 0))
        return known.content_hash if known else ""


def _source_of(content: Content) -> Source:
    return Source(
        organisation=content.get("source_organisation"),
        person=str(content.get("source_person") or ""),
        person_title=str(content.get("source_person_title") or ""),
    )


def _lines(texts: Iterable[str]) -> str:
    """A line for each; "" when none says anything."""
    lines = [" ".join(text.split()) for text in texts]
    return fitting("\n".join(lines)) if any(lines) else ""


def _pages(texts: Iterable[str]) -> str:
    """Rich texts one below the other, divided; "" when none says anything."""
    pages = [plain_text(text) for text in texts]
    return fitting(f"\n{PAGE_BREAK}\n".join(pages)) if any(pages) else ""


def take_snapshot(
    exhibition: ExhibitionPage, *, people: Iterable[str] = (), with_media: bool = True
) -> Snapshot:
    """What there is in ``exhibition`` now. ``people``: folded names that are people's."""
    below = {"path__startswith": exhibition.path}
    halls = list(PartPage.objects.filter(**below).order_by("path"))
    pages = list(ItemPage.objects.filter(**below).order_by("path"))
    parts = [page for page in halls if page.alias_of_id is None]
    items = [page for page in pages if page.alias_of_id is None]
    contents = newest_contents([*parts, *items])
    known_items = [
        KnownItem(page, contents.get(page.pk) or page.serializable_data()) for page in items
    ]
    images, documents = _files_of(known_items) if with_media else ({}, {})
    return Snapshot(
        exhibition=exhibition,
        parts=[_known_part(part, contents.get(part.pk), exhibition) for part in parts],
        items=known_items,
        hung=_hung([*halls, *pages], contents),
        names=known_names(people),
        images=images,
        documents=documents,
    )


def _hung(
    pages: Iterable[PartPage | ItemPage], contents: Mapping[int, Content]
) -> Mapping[str, Mapping[int, str]]:
    hung: dict[str, dict[int, str]] = defaultdict(dict)
    for page in sorted(pages, key=lambda page: str(page.path)):
        title = contents.get(page.pk, {}).get("title") or page.draft_title or page.title
        hung[page.path[: -Page.steplen]][page.pk] = str(title)
    return hung


def _known_part(part: PartPage, content: Content | None, exhibition: ExhibitionPage) -> KnownPart:
    title = str((content or {}).get("title") or part.title)
    return KnownPart(page=part, title=title, level=part.depth - exhibition.depth - 1)


def known_names(people: Iterable[str] = ()) -> Names:
    """The organisations by number and by name. One query."""
    organisations: dict[int, str] = {}
    by_folded_name: dict[str, list[int]] = defaultdict(list)
    rows = Organisation.objects.order_by("pk").values_list("pk", "name", "short_name")
    for number, name, short_name in rows:
        organisations[number] = name
        for folded in {fold(name), fold(short_name)} - {""}:
            by_folded_name[folded].append(number)
    return Names(
        organisations=organisations,
        by_folded_name={name: tuple(numbers) for name, numbers in by_folded_name.items()},
        people=frozenset(people),
    )


def _files_of(
    items: Sequence[KnownItem],
) -> tuple[dict[int, KnownFile], dict[int, KnownFile]]:
    """The files that ``items`` show, by number: images and documents. Two queries."""
    media = [each for item in items for each in item.media]
    image_ids = {each["image"] for each in media if each.get("image")}
    document_ids = {each["document"] for each in media if each.get("document")}
    images = CustomImage.objects.filter(pk__in=image_ids)
    documents = CustomDocument.objects.filter(pk__in=document_ids)
    return (
        {
            number: KnownFile(_one_line(title), content_hash, frames)
            for number, title, content_hash, frames in images.values_list(
                "pk", "title", "file_hash", "frames"
            )
        },
        {
            number: KnownFile(_one_line(title), content_hash)
            for number, title, content_hash in documents.values_list("pk", "title", "file_hash")
        },
    )


def _one_line(title: str) -> str:
    return " ".join(title.split())
