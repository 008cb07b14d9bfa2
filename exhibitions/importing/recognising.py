"""Which item of the exhibition each row of a list tells of."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final

from core.row_numbers import row_number
from core.vietnamese import fold
from exhibitions.importing.columns import FILES, PAGE, PART_LEVELS
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
        self._find_renamed(left, found)
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
        return next((item for item in waiting if self._shows_its_files(item, row)), None)

    # Items that people have renamed since a list made them

    def _find_renamed(self, rows: Sequence[ListRow], found: dict[int, KnownItem | None]) -> None:
        """Let the rows left tell of items that were called so when a list made them."""
        if not rows:
            return
        alike: dict[_Likeness, list[ListRow]] = defaultdict(list)
        for row in rows:
            if likeness := self._likeness_of(row):
                alike[likeness].append(row)
        taken = {item.page.pk for item in found.values() if item}
        renamed = self._items_once_called(alike, taken)
        for likeness, told_alike in alike.items():
            waiting = renamed[likeness]
            is_only = len(told_alike) == len(waiting) == 1 and any(likeness[1:])
            for row in told_alike:
                item = next((each for each in waiting if self._once_told(each, row, is_only)), None)
                if item is not None:
                    waiting.remove(item)
                    found[row.number] = item

    def _items_once_called(
        self, likenesses: Collection[_Likeness], taken: Collection[int]
    ) -> dict[_Likeness, list[KnownItem]]:
        """Items that lists called so, and that no row tells of yet."""
        found: dict[_Likeness, list[KnownItem]] = defaultdict(list)
        for item in self._own():
            told = self._snapshot.told_by_lists.get(item.page.pk)
            if told is None or item.page.pk in taken:
                continue
            likeness = _likeness(told.title, told.date, told.file)
            if likeness in likenesses:
                found[likeness].append(item)
        return found

    def _once_told(self, item: KnownItem, row: ListRow, is_only: bool) -> bool:
        """Whether the row can only mean ``item``: many pictures are called the same.

        Files tell by their content. Of a list, it is the row that made the item, whatever its
        reference is now; or, where neither has one, the only row alike in more than the title.
        """
        if self._decisions.known_by_files:
            in_part = self._parts.place_of(item) == self._decisions.default_part
            return in_part and self._shows_its_files(item, row)
        told = self._snapshot.told_by_lists[item.page.pk]
        if is_only and not told.reference and not self._cells.text(row, "reference"):
            return True
        made_it = (told.list_name, told.row) == (self._decisions.list_name, row.number)
        more_than_title = told.date or told.file
        return made_it and bool(
            more_than_title or self._stands_in(self._parts.place_of(item), item, row)
        )

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

    def _shows_its_files(self, item: KnownItem, row: ListRow) -> bool:
        names = [name.strip() for name in self._cells.mended(row, FILES).split("\n")]
        files = [self._files[name] for name in names if name in self._files]
        shown = [self._snapshot.content_hash(medium) for medium in item.media]
        return bool(files) and content_hashes(files) == shown


def _likeness(title: str, date: str, file: str) -> _Likeness:
    return fold(title), date, fold(file)
