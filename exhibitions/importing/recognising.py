"""Which item of the exhibition each row of a list tells of."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
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
from exhibitions.importing.values import FORMS, CellRefused, shortened
from exhibitions.newest import Content

TITLED_BY: Final = ("title", "caption", "abstract", "quotation")
"""What an item is called by, in this order, when a list has no column of titles."""

_Likeness = tuple[str, str, str]
"""Title, date and file number, by which an item without a reference is known again: as it
is now, or as the list told them that made it."""


@dataclass(frozen=True)
class _Pass:
    """One way to find the items of rows."""

    called: Callable[[KnownItem], Content]
    within_part: bool
    """Whether the item has to stand in the Part that the row names."""
    by_title: bool
    """Whether a title alone tells of an item."""


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
                found[row.number] = self._by_reference(reference)
            else:
                found[row.number] = None
                unnamed.append(row)
        for pass_ in self._passes():
            taken = {item.page.pk for item in found.values() if item}
            alike = self._items_alike(pass_.called, taken)
            unnamed = [row for row in unnamed if not self._take(row, alike, found, pass_)]
        return found

    def _passes(self) -> Iterable[_Pass]:
        """How rows without page and reference are tried, the surest likeness first.

        Many pictures are called the same: a title alone tells only of an item that is called
        so now and stands in the row's Part, or of one that shows the row's files.
        """
        files_tell = self._decisions.known_by_files
        for called in (self._called_now, self._called_when_imported):
            is_now = called == self._called_now
            yield _Pass(called, within_part=True, by_title=is_now or files_tell)
            if not files_tell:
                yield _Pass(called, within_part=False, by_title=False)

    def _by_reference(self, reference: str) -> KnownItem | None:
        """The item of that reference, unless its own row gives it another."""
        found = self._snapshot.by_reference.get(reference, [])
        return next((item for item in found if not self._is_renamed(item)), None)

    def _is_renamed(self, item: KnownItem) -> bool:
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
        self, called: Callable[[KnownItem], Content], taken: Collection[int]
    ) -> dict[_Likeness, dict[PartPlace | None, deque[KnownItem]]]:
        """Items ``called`` without a reference by what they are known by, Part by Part in order.

        Without those the person does not see: her row tells of one of her own.
        """
        found: dict[_Likeness, dict[PartPlace | None, deque[KnownItem]]] = defaultdict(dict)
        for item in self._snapshot.items:
            if item.page.pk not in self._seen or item.page.pk in taken:
                continue
            content = called(item)
            if not content or content.get("reference"):
                continue
            title, date, file = (str(content.get(name) or "") for name in ("title", "date", "file"))
            place = self._parts.place_of(item)
            found[_likeness(title, date, file)].setdefault(place, deque()).append(item)
        return found

    def _called_now(self, item: KnownItem) -> Content:
        return item.content

    def _called_when_imported(self, item: KnownItem) -> Content:
        """What a list called the item, whatever people have called it since; {} if none did."""
        return self._snapshot.told_by_lists.get(item.page.pk, {})

    def _take(
        self,
        row: ListRow,
        alike: Mapping[_Likeness, Mapping[PartPlace | None, deque[KnownItem]]],
        found: dict[int, KnownItem | None],
        pass_: _Pass,
    ) -> bool:
        """Let the row tell of the next item alike, if there is one; whether it does."""
        likeness = self._likeness_of(row)
        if likeness is None or not (pass_.by_title or any(likeness[1:])):
            return False
        for place, waiting in alike.get(likeness, {}).items():
            if not waiting or (pass_.within_part and not self._stands_in(place, waiting[0], row)):
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

    def _likeness_of(self, row: ListRow) -> _Likeness | None:
        title = title_told(row, self._cells)
        if not title:
            return None
        date = self._cells.text(row, "date")
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
