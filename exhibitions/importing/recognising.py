"""Which item of the exhibition each row of a list tells of."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final

from core.row_numbers import row_number
from core.vietnamese import fold
from exhibitions.importing.columns import FILES, NUMBER, PAGE, PART_LEVELS
from exhibitions.importing.decisions import Decisions
from exhibitions.importing.examining import CellExaminer
from exhibitions.importing.part_book import PartBook
from exhibitions.importing.pictures import ArrivedFile, content_hashes
from exhibitions.importing.plan import PartPlace
from exhibitions.importing.reading import ListRow
from exhibitions.importing.snapshot import KnownItem, Snapshot
from exhibitions.importing.values import FORMS, CellRefused, shortened, year_in_words

TITLED_BY: Final = ("title", "caption", "abstract", "quotation")
"""What an item is called by, in this order, when a list has no column of titles."""

_Likeness = tuple[str, str, str]
"""Title, date and file number, by which an item without a reference is known again: as they
are now, or as the list told them that made it."""


def title_told(row: ListRow, cells: CellExaminer) -> str:
    """What the row calls its item."""
    told = (cells.text(row, name) for name in TITLED_BY)
    return shortened(next((text for text in told if text), ""))


def fingerprint_of(row: ListRow, cells: CellExaminer, decisions: Decisions) -> str:
    """By which a row is known again when its list comes once more: what it says, and its Part.

    Not its number: rows move. One that says no more than a title is known in its own list only.
    """
    told = {name: text for name, text in cells.texts(row).items() if name not in (PAGE, NUMBER)}
    names_its_part = row.part_texts or any(name in told for name in PART_LEVELS)
    part = row.part_texts if names_its_part else str(decisions.default_part)
    is_sure = any(name in told for name in ("reference", "date", "file"))
    known_by = [told, part, "" if is_sure else decisions.list_name]
    text = json.dumps(known_by, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


class Recogniser:
    """Finds the item each row tells of: by its page, its reference, or what is alike in it."""

    def __init__(
        self,
        rows: Sequence[ListRow],
        cells: CellExaminer,
        snapshot: Snapshot,
        parts: PartBook,
        decisions: Decisions,
        files: Sequence[ArrivedFile],
        seen: Collection[int],
    ) -> None:
        self._rows = rows
        self._cells = cells
        self._snapshot = snapshot
        self._parts = parts
        self._decisions = decisions
        self._files = {file.name: file for file in files}
        self._seen = seen
        self._in_part: dict[tuple[PartPlace | None, tuple[str, ...]], bool] = {}
        self._contents: dict[int, tuple[str, ...] | None] = {}
        self._shown: dict[int, tuple[str, ...]] = {}

    def items(self) -> dict[int, KnownItem | None]:
        """By the number of the row the item it tells of; None for a new one."""
        found: dict[int, KnownItem | None] = {}
        unnamed: list[ListRow] = []
        for row in self._rows:
            if number := self._cells.text(row, PAGE):
                found[row.number] = self._snapshot.item(row_number(number))
            elif reference := self._cells.text(row, "reference"):
                found[row.number] = self._by_reference(reference, row)
            else:
                found[row.number] = None
                unnamed.append(row)
        taken = {item.page.pk for item in found.values() if item}
        alike = self._items_alike(taken)
        for within_part in (True, False):
            unnamed = [
                row for row in unnamed if not self._take(row, alike, found, within_part=within_part)
            ]
        unknown = (row for row in self._rows if found[row.number] is None)
        left = [row for row in unknown if not self._cells.text(row, PAGE)]
        self._find_told(left, found)
        return found

    def _by_reference(self, reference: str, row: ListRow) -> KnownItem | None:
        """The item of that reference, unless its own row gives it another.

        Where none has it, the one that a list called so by the row's title.
        """
        if found := self._snapshot.by_reference.get(reference, []):
            return next((item for item in found if not self._is_given_another(item)), None)
        former = self._by_former_reference.get((reference, fold(title_told(row, self._cells))))
        return None if former is None or self._is_given_another(former) else former

    @cached_property
    def _by_former_reference(self) -> Mapping[tuple[str, str], KnownItem]:
        """Items by the reference and title that lists gave them, which people changed since."""
        listed = {self._cells.text(row, "reference") for row in self._rows}
        told = ((item, self._snapshot.told_by_lists.get(item.page.pk)) for item in self._own())
        return {
            (each.reference, fold(each.title)): item
            for item, each in told
            if each and each.reference not in ("", item.reference)
            if item.reference not in listed
        }

    def _own(self) -> Iterable[KnownItem]:
        """The items the person sees: her row tells of one of her own."""
        return (item for item in self._snapshot.items if item.page.pk in self._seen)

    def _is_given_another(self, item: KnownItem) -> bool:
        reference = self._given_references.get(item.page.pk)
        empties = reference == "" and not self._decisions.empty_clears
        return reference is not None and reference != item.reference and not empties

    @cached_property
    def _given_references(self) -> Mapping[int, str]:
        """References by the pages that rows name."""
        named = ((row_number(self._cells.text(row, PAGE)), row) for row in self._rows)
        return {page: self._cells.text(row, "reference") for page, row in named if page}

    # Rows that name neither page nor reference

    def _items_alike(
        self, taken: Collection[int]
    ) -> dict[_Likeness, dict[PartPlace | None, deque[KnownItem]]]:
        """Items without a reference by what they are known by, Part by Part in their order."""
        found: dict[_Likeness, dict[PartPlace | None, deque[KnownItem]]] = defaultdict(dict)
        for item in self._own():
            if item.reference or item.page.pk in taken:
                continue
            content = item.content
            title, date, file = (str(content.get(name) or "") for name in ("title", "date", "file"))
            place = self._parts.place_of(item)
            found[_likeness(title, date, file)].setdefault(place, deque()).append(item)
        return found

    def _take(
        self,
        row: ListRow,
        alike: Mapping[_Likeness, Mapping[PartPlace | None, deque[KnownItem]]],
        found: dict[int, KnownItem | None],
        *,
        within_part: bool,
    ) -> bool:
        """Let the row tell of the next item alike, if there is one; whether it does.

        One of another Part than the row names is only taken when more than the title is
        alike: many pictures are called the same.
        """
        likeness = self._likeness_of(row)
        if likeness is None:
            return False
        if not within_part and (self._decisions.known_by_files or not any(likeness[1:])):
            return False
        for place, waiting in alike.get(likeness, {}).items():
            if not waiting or (within_part and not self._stands_in(place, waiting[0], row)):
                continue
            item = self._next_of(waiting, row)
            if item is not None:
                waiting.remove(item)
                found[row.number] = item
                return True
        return False

    def _next_of(self, waiting: Sequence[KnownItem], row: ListRow) -> KnownItem | None:
        """The first of ``waiting``, or the first that shows the row's files where these tell."""
        if not self._decisions.known_by_files:
            return waiting[0]
        content = self._content_of(row)
        return next((item for item in waiting if content == self._shown_by(item)), None)

    # Items that people have changed or moved since a list told of them

    def _find_told(self, rows: Sequence[ListRow], found: dict[int, KnownItem | None]) -> None:
        """Let the rows left tell of items that lists made, whatever people have done to them."""
        if not rows:
            return
        taken = {item.page.pk for item in found.values() if item}
        told = self._snapshot.told_by_lists
        free = [item for item in self._own() if item.page.pk in told and item.page.pk not in taken]
        if self._decisions.known_by_files:
            self._find_by_files(rows, free, found)
            return
        self._find_by_row(rows, free, found)
        taken = {item.page.pk for item in found.values() if item}
        self._find_by_former_name(
            [row for row in rows if found[row.number] is None],
            [item for item in free if item.page.pk not in taken],
            found,
        )

    def _find_by_row(
        self,
        rows: Sequence[ListRow],
        items: Sequence[KnownItem],
        found: dict[int, KnownItem | None],
    ) -> None:
        """A row that says again what it said tells of the item it told of before."""
        waiting: dict[str, deque[KnownItem]] = defaultdict(deque)
        for item in items:
            for fingerprint in self._snapshot.told_by_lists[item.page.pk].rows:
                waiting[fingerprint].append(item)
        given: set[int] = set()
        for row in rows:
            alike = waiting[fingerprint_of(row, self._cells, self._decisions)]
            while alike and alike[0].page.pk in given:
                alike.popleft()
            if alike:
                found[row.number] = alike[0]
                given.add(alike[0].page.pk)

    def _find_by_former_name(
        self,
        rows: Sequence[ListRow],
        items: Sequence[KnownItem],
        found: dict[int, KnownItem | None],
    ) -> None:
        """The only row alike in more than the title tells of the only item once called so.

        Many pictures are called the same: of several, none is guessed.
        """
        rows_alike: dict[_Likeness, list[ListRow]] = defaultdict(list)
        for row in rows:
            if (likeness := self._likeness_of(row)) and any(likeness[1:]):
                rows_alike[likeness].append(row)
        items_alike: dict[_Likeness, list[KnownItem]] = defaultdict(list)
        for item in items:
            told = self._snapshot.told_by_lists[item.page.pk]
            items_alike[_likeness(told.title, told.date, told.file)].append(item)
        for likeness, told_alike in rows_alike.items():
            if len(told_alike) == 1 == len(items_alike.get(likeness, ())):
                (row,), (item,) = told_alike, items_alike[likeness]
                if self._may_be_the_same(row, item):
                    found[row.number] = item

    def _may_be_the_same(self, row: ListRow, item: KnownItem) -> bool:
        """Whether the list has not given the row another reference since."""
        told = self._snapshot.told_by_lists[item.page.pk]
        reference = self._cells.text(row, "reference")
        return not reference or not told.reference or reference == told.reference

    def _find_by_files(
        self,
        rows: Sequence[ListRow],
        items: Sequence[KnownItem],
        found: dict[int, KnownItem | None],
    ) -> None:
        """Files tell by their content, in the Part they come into."""
        waiting: dict[tuple[str, ...], deque[KnownItem]] = defaultdict(deque)
        for item in items:
            if self._parts.place_of(item) == self._decisions.default_part:
                waiting[self._shown_by(item)].append(item)
        for row in rows:
            content = self._content_of(row)
            if content and waiting[content]:
                found[row.number] = waiting[content].popleft()

    def _likeness_of(self, row: ListRow) -> _Likeness | None:
        title = title_told(row, self._cells)
        if not title:
            return None
        text = self._cells.text(row, "date")
        date = year_in_words(text) or text
        try:
            date = FORMS["date"].read(date, self._snapshot.names) if date else ""
        except CellRefused:
            return None
        return _likeness(title, date, self._cells.text(row, "file"))

    def _stands_in(self, place: PartPlace | None, item: KnownItem, row: ListRow) -> bool:
        """Whether the row stands in that Part, where ``item`` is; one that names none may."""
        texts = self._part_texts(row)
        if not texts:
            return not self._decisions.known_by_files or place == self._decisions.default_part
        if (place, texts) not in self._in_part:
            self._in_part[place, texts] = self._parts.stands_in(item, texts)
        return self._in_part[place, texts]

    def _part_texts(self, row: ListRow) -> tuple[str, ...]:
        told = [self._cells.text(row, name) for name in PART_LEVELS]
        while told and not told[-1]:
            told.pop()
        return tuple(told) or row.part_texts

    def _content_of(self, row: ListRow) -> tuple[str, ...] | None:
        """By which what the files of a row show is known again; None without files."""
        if row.number not in self._contents:
            names = [name.strip() for name in self._cells.mended(row, FILES).split("\n")]
            files = [self._files[name] for name in names if name in self._files]
            self._contents[row.number] = tuple(content_hashes(files)) if files else None
        return self._contents[row.number]

    def _shown_by(self, item: KnownItem) -> tuple[str, ...]:
        """The same of what an item shows."""
        if item.page.pk not in self._shown:
            hashes = (self._snapshot.content_hash(medium) for medium in item.media)
            self._shown[item.page.pk] = tuple(hashes)
        return self._shown[item.page.pk]


def _likeness(title: str, date: str, file: str) -> _Likeness:
    return fold(title), date, fold(file)
