"""Making the plan of an import: the list held against the exhibition as it is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import Any, Final

from django.utils.translation import gettext as _

from core.vietnamese import fold
from exhibitions.importing.columns import (
    FILES,
    MEDIA_COLUMNS,
    NUMBER,
    PAGE,
    PART_LEVELS,
    SOURCE,
    UNUSED,
    names_pages,
)
from exhibitions.importing.decisions import Decisions
from exhibitions.importing.examining import CellExaminer, says_the_same
from exhibitions.importing.filenames import RowKey, match_files
from exhibitions.importing.media_plan import MediaPlanner, only_words_stay
from exhibitions.importing.named_pictures import names_in
from exhibitions.importing.ordering import note_order
from exhibitions.importing.part_book import PartBook
from exhibitions.importing.pictures import ArrivedFile
from exhibitions.importing.plan import (
    NAMED_ROWS,
    Difference,
    PartPlace,
    Plan,
    PlannedRow,
    Problem,
    Verdict,
    few_of,
)
from exhibitions.importing.reading import ListRow, every_row, read_rows
from exhibitions.importing.recognising import TITLED_BY, Recogniser, fingerprint_of, title_told
from exhibitions.importing.references import settle_references
from exhibitions.importing.rights import Rights
from exhibitions.importing.sheets import Sheet, column_letter
from exhibitions.importing.snapshot import KnownItem, Snapshot
from exhibitions.importing.values import (
    FORMS,
    CellRefused,
    RichText,
    Source,
    SourceName,
    empty_value,
    has_more_than_words,
    year_in_words,
)

NEVER_EMPTIED: Final = ("title", "access_level", "original_secrecy")
"""Fields that an empty cell does not take away: they say what an item is, and who may see it."""

LONGEST_NUMBER: Final = 9
"""Digits of what may be a number (STT); a longer one is no place in a list."""

TOLD_BY_IDENTITY: Final = (PAGE, NUMBER, *PART_LEVELS, *MEDIA_COLUMNS)
"""Columns that are not a field each."""


def make_plan(
    sheet: Sheet,
    decisions: Decisions,
    snapshot: Snapshot,
    rights: Rights,
    files: Sequence[ArrivedFile] = (),
) -> Plan:
    """What importing ``sheet`` would do to the exhibition of ``snapshot``."""
    return _Planner(sheet, decisions, snapshot, rights, files).plan()


class _Planner:
    def __init__(
        self,
        sheet: Sheet,
        decisions: Decisions,
        snapshot: Snapshot,
        rights: Rights,
        files: Sequence[ArrivedFile],
    ) -> None:
        self._decisions = decisions
        self._snapshot = snapshot
        self._rights = rights
        self._files = files
        self._list = (
            every_row(sheet, decisions.heading_row)
            if decisions.known_by_files
            else read_rows(sheet, decisions.heading_row, decisions.columns)
        )
        self._index = {name: index for index, name in decisions.columns.items() if name != UNUSED}
        self._plan = Plan(
            left_out=[(each.number, each.text) for each in self._list.left_out],
            unused_headings=[
                decisions.headings[index]
                for index, name in sorted(decisions.columns.items())
                if name == UNUSED and index < len(decisions.headings)
            ]
            + [column_letter(index) for index in self._columns_without_heading()],
            hidden_rows=[row.number for row in self._list.rows if row.is_hidden],
        )
        arrived = {name for file in files for name in (file.name, file.called)}
        self._cells = CellExaminer(self._list.rows, self._index, decisions, arrived)
        self._parts = PartBook(snapshot, rights, self._plan)
        self._seen = frozenset(rights.seen(snapshot))
        self._rows_of_reference: dict[str, list[int]] = defaultdict(list)
        self._rows_of_page: dict[int, list[int]] = defaultdict(list)
        self._told_of: dict[int, dict[str, str]] = {}

    def plan(self) -> Plan:
        known = self._known_items()
        for row in self._list.rows:
            if reference := self._cells.text(row, "reference"):
                self._rows_of_reference[reference].append(row.number)
            if item := known[row.number]:
                self._rows_of_page[item.page.pk].append(row.number)
        media = self._media_planner(known)
        for row in self._list.rows:
            self._plan.rows.append(self._plan_row(row, known[row.number], media))
        self._settle_references()
        rows = (row for row in self._plan.rows if row.verdict is not Verdict.BLOCKED)
        self._parts.make_only(row.part for row in rows)
        note_order(self._plan, self._snapshot, self._parts, self._rights, self._seen)
        self._note_items_without_row()
        self._note_numbers()
        return self._plan

    def _columns_without_heading(self) -> list[int]:
        """Columns in which something stands, and about which nothing is decided."""
        filled = {index for row in self._list.rows for index in row.cells}
        return sorted(filled - set(self._decisions.columns))

    def _known_items(self) -> dict[int, KnownItem | None]:
        recogniser = Recogniser(
            self._list.rows,
            self._cells,
            self._snapshot,
            self._parts,
            self._decisions,
            self._files,
            self._seen,
        )
        return recogniser.items()

    # A row

    def _plan_row(self, row: ListRow, known: KnownItem | None, media: MediaPlanner) -> PlannedRow:
        planned = PlannedRow(row.number, title_told(row, self._cells))
        planned.fingerprint = fingerprint_of(row, self._cells, self._decisions)
        if known is not None and known.page.pk not in self._seen:
            # Not even what it says now is told: the item belongs to a Part of others.
            planned.verdict = Verdict.BLOCKED
            planned.problems.append(_not_ones_own())
            return planned
        if known is not None:
            planned.page = known.page.pk
            planned.revision = known.page.latest_revision_id
            planned.verdict = Verdict.SAME
            planned.title = planned.title or str(known.content.get("title") or known.page.title)
        self._check_identity(row, known, planned)
        self._read_fields(row, known, planned)
        if known is None and not planned.title:
            title_at = next((self._index[each] for each in TITLED_BY if each in self._index), None)
            planned.problems.append(
                Problem("no_title", _("The row has neither a title nor a caption."), title_at)
            )
        if known is None:
            planned.values.setdefault("title", planned.title)
        self._place(row, known, planned)
        media.plan(row, planned, self._told(known) if known else {})
        self._check_rights(known, planned)
        if planned.is_blocked:
            planned.verdict = Verdict.BLOCKED
        elif known is not None and (
            planned.values or planned.part is not None or planned.media is not None
        ):
            planned.verdict = Verdict.CHANGED
        return planned

    def _told(self, known: KnownItem) -> dict[str, str]:
        """What the workbook says of an item; worked out once."""
        if known.page.pk not in self._told_of:
            self._told_of[known.page.pk] = self._snapshot.cells(known)
        return self._told_of[known.page.pk]

    @cached_property
    def _references_alike(self) -> Mapping[str, str]:
        """The references of items the person sees, by their letters and digits alone."""
        items = (item for item in self._snapshot.items if item.page.pk in self._seen)
        return {bare(item.reference): item.reference for item in items if item.reference}

    def _check_identity(self, row: ListRow, known: KnownItem | None, planned: PlannedRow) -> None:
        for name in (PAGE, NUMBER):
            if name in self._index:
                self._cells.examined(row, name, None, planned)
        number, reference = self._cells.text(row, PAGE), self._cells.text(row, "reference")
        if number and known is None:
            planned.problems.append(
                Problem(
                    "no_such_page",
                    _("No item of this exhibition has this number. Empty the cell for a new item."),
                    self._index[PAGE],
                    number,
                )
            )
        if known is not None and len(rows := self._rows_of_page[known.page.pk]) > 1:
            planned.problems.append(self._twice(rows, row, self._index.get(PAGE), number))
        elif reference and len(rows := self._rows_of_reference[reference]) > 1:
            index = self._index["reference"]
            planned.problems.append(self._twice(rows, row, index, reference))
        elif reference and known is None and (alike := self._references_alike.get(bare(reference))):
            said = _("An item has the reference “%(reference)s”. Is this the same one?")
            index = self._index["reference"]
            told = said % {"reference": alike}
            planned.problems.append(
                Problem("reference_alike", told, index, reference, blocks=False)
            )

    def _twice(self, rows: list[int], row: ListRow, index: int | None, value: str) -> Problem:
        # A few of them: where thousands are alike, nobody reads all.
        others = few_of(list(islice((each for each in rows if each != row.number), NAMED_ROWS + 1)))
        return Problem(
            "twice",
            _("Rows %(rows)s tell of the same item. Keep one of them, or mend what tells of it.")
            % {"rows": others},
            index,
            value,
        )

    # Its fields

    def _read_fields(self, row: ListRow, known: KnownItem | None, planned: PlannedRow) -> None:
        told = self._told(known) if known else {}
        in_words = year_in_words(self._cells.text(row, "date"))
        for name, index in self._index.items():
            if name in TOLD_BY_IDENTITY or self._is_only_a_file_name(name, row, known):
                continue
            if name == "date_display" and in_words and not self._cells.text(row, name):
                continue  # the words stand there
            before = told.get(name, "")
            text = self._cells.examined(row, name, before if known else None, planned)
            if text is None:
                continue
            if not text:
                if known and before and self._decisions.empty_clears:
                    self._empty(planned, name, index, before)
                continue
            if name == "date" and (year := year_in_words(text)):
                self._read_words(row, year, text, told if known else None, planned)
                continue
            self._read_field(name, index, text, before if known else None, planned)
            if known and name in planned.values and _loses_emphasis(name, known):
                planned.problems.append(only_words_stay(index))

    def _is_only_a_file_name(self, name: str, row: ListRow, known: KnownItem | None) -> bool:
        """Whether an item that has a title would be called by its file instead."""
        is_by_file = name == "title" and self._decisions.known_by_files
        return is_by_file and known is not None and not self._cells.is_mended(row, name)

    def _read_words(
        self,
        row: ListRow,
        year: str,
        words: str,
        told: Mapping[str, str] | None,
        planned: PlannedRow,
    ) -> None:
        """A time that words alone tell is shown in these words, and ordered by its year."""
        index = self._index["date"]
        shown = self._cells.text(row, "date_display")
        read = {"date": year} if shown else {"date": year, "date_display": words}
        for name, text in read.items():
            before = None if told is None else told.get(name, "")
            self._read_field(name, index, text, before, planned)
        said = _("It is shown as “%(words)s” and put in order by the year %(year)s.")
        named = {"words": shown or words, "year": year}
        planned.problems.append(Problem("date_in_words", said % named, index, words, blocks=False))

    def _read_field(
        self, name: str, index: int, text: str, before: str | None, planned: PlannedRow
    ) -> None:
        form = SourceName() if name == SOURCE else FORMS[name]
        try:
            value = form.read(text, self._snapshot.names)
        except CellRefused as refusal:
            planned.problems.append(
                Problem(refusal.code, str(refusal), index, text, refusal.repair)
            )
            return
        after = form.write(value, self._snapshot.names)
        if before is not None and says_the_same(after, before):
            return
        self._set(planned, name, value)
        planned.differences.append(Difference(name, before or "", after))

    def _empty(self, planned: PlannedRow, name: str, index: int, before: str) -> None:
        """What an empty cell takes away; never a title, nor what keeps an item from the public."""
        if name in NEVER_EMPTIED:
            said = _("This may not be left empty: write what it is to be.")
            planned.problems.append(Problem("emptied", said, index, repair=before))
            return
        self._set(planned, name, Source() if name == SOURCE else empty_value(name))
        planned.differences.append(Difference(name, before, ""))

    def _set(self, planned: PlannedRow, name: str, value: Any) -> None:
        if isinstance(value, Source):
            planned.values |= {
                "source_organisation": value.organisation,
                "source_person": value.person,
                "source_person_title": value.person_title,
            }
        else:
            planned.values[name] = value

    # Where it comes

    def _place(self, row: ListRow, known: KnownItem | None, planned: PlannedRow) -> None:
        texts = self._part_texts(row, known, planned)
        if texts is None:
            return
        if not texts:
            if known is None:
                planned.part = self._parts.default(self._decisions.default_part, row.number)
                self._check_may_add(planned)
            return
        place = self._parts.place(texts, row.number, near=known)
        if known is not None:
            if place == self._parts.place_of(known) or self._stays_in_its_section(known, texts):
                return
            if self._parts.level_of(known) > len(PART_LEVELS):
                said = _("It stands deeper than a list tells: move it on the screen for arranging.")
                planned.problems.append(Problem("too_deep", said))
                return
            before = " / ".join(self._snapshot.part_titles(known.page.path, among=self._seen))
            planned.differences.append(Difference(PART_LEVELS[0], before, " / ".join(texts)))
        planned.part = place
        self._check_may_add(planned)
        if known is not None:
            part = self._parts.known(place)
            if not self._parts.may_take(known, place):
                planned.problems.append(
                    Problem("no_move", _("You may not move this item to that Part."))
                )
            elif part and known.page.live and self._snapshot.is_taken(part, known.page.slug):
                said = _("That Part has a page of this address already.")
                planned.problems.append(Problem("address_taken", said))

    def _stays_in_its_section(self, known: KnownItem, texts: Sequence[str]) -> bool:
        """Whether the list names the Part it is in, and has no column for its sections."""
        mapped = sum(name in self._index for name in PART_LEVELS)
        told = mapped or max((len(row.part_texts) for row in self._list.rows), default=0)
        is_deeper = self._parts.level_of(known) > told == len(texts)
        return is_deeper and self._parts.stands_within(known, texts)

    def _part_texts(
        self, row: ListRow, known: KnownItem | None, planned: PlannedRow
    ) -> tuple[str, ...] | None:
        """The names of the Parts the row stands in; None where they are as they are."""
        mapped = [name for name in PART_LEVELS if name in self._index]
        if not mapped:
            return row.part_texts
        told = self._told(known) if known else {}
        texts, changed = [], known is None
        for name in mapped:
            before = told.get(name, "")
            text = self._cells.examined(row, name, before if known else None, planned)
            if text is None or (known and not text and not self._decisions.empty_clears):
                text = before
            elif known and text != before:
                changed = True
            texts.append(text)
        while texts and not texts[-1]:
            texts.pop()
        if not changed:
            return None
        if known and not texts:
            before = told[mapped[0]]
            said = _("An item stands in a Part: write which.")
            planned.problems.append(Problem("emptied", said, self._index[mapped[0]], repair=before))
            return None
        if not all(texts):
            said = _("A section is named, and not the Part it stands in.")
            empty = mapped[texts.index("")]
            planned.problems.append(Problem("no_part", said, self._index[empty]))
            return None
        return tuple(texts)

    def _check_may_add(self, planned: PlannedRow) -> None:
        if planned.part is not None and not self._parts.may_add_to(planned.part):
            planned.problems.append(
                Problem("no_right", _("You may not add anything to this Part."))
            )

    def _check_rights(self, known: KnownItem | None, planned: PlannedRow) -> None:
        if known is None or not (planned.values or planned.media is not None or planned.part):
            return
        if known.page.locked:
            planned.problems.append(
                Problem("locked", _("The item is locked or under approval and stays as it is."))
            )
        elif not self._rights.may_edit(known.page):
            planned.problems.append(_not_ones_own())

    # Files, references, and the order

    def _media_planner(self, known: Mapping[int, KnownItem | None]) -> MediaPlanner:
        keys = [
            RowKey(
                row=row.number,
                reference=self._reference_of(row, known[row.number]),
                number=self._cells.text(row, NUMBER),
                files=names_in(self._cells.mended(row, FILES)),
            )
            for row in self._list.rows
        ]
        matching = match_files(keys, [each.name for each in self._files])
        self._plan.files_without_row = list(matching.without_row)
        self._plan.files_of_several_rows = {
            name: few_of(rows) for name, rows in matching.ambiguous.items()
        }
        if self._files:
            self._plan.rows_without_file = [
                number for number in matching.without_file if not _shows_files(known[number])
            ]
        return MediaPlanner(
            self._snapshot,
            known,
            matching,
            self._files,
            self._index,
            self._cells,
            empty_clears=self._decisions.empty_clears,
        )

    def _reference_of(self, row: ListRow, known: KnownItem | None) -> str:
        return self._cells.text(row, "reference") or (known.reference if known else "")

    def _settle_references(self) -> None:
        index = self._index.get("reference")
        if index is None:
            return
        rows = [row for row in self._plan.rows if row.verdict is not Verdict.BLOCKED]
        order = settle_references(rows, self._snapshot, self._seen, index)
        if order != [row.row for row in rows]:
            self._plan.sequence = order

    def _note_numbers(self) -> None:
        """Numbers (STT) are no order: that of the rows is, which is said where they differ."""
        above: dict[PartPlace | None, int] = {}
        for row, planned in zip(self._list.rows, self._plan.rows, strict=True):
            number = self._cells.text(row, NUMBER)
            if not (number.isascii() and number.isdecimal() and len(number) <= LONGEST_NUMBER):
                continue
            known = self._snapshot.item(planned.page) if planned.page else None
            place = planned.part if planned.part is not None else self._parts.place_of(known)
            if int(number) < above.get(place, 0):
                self._plan.numbers_out_of_order.append(row.number)
            above[place] = int(number)

    def _note_items_without_row(self) -> None:
        """Items the portal's own workbook tells of no more: they stay, and that is said."""
        if names_pages(self._decisions.columns):
            self._plan.items_without_row = [
                str(item.content.get("title") or item.page.title)
                for item in self._snapshot.items
                if item.page.pk in self._seen and item.page.pk not in self._rows_of_page
            ]


def bare(reference: str) -> str:
    """A reference without case, marks, spaces and signs: "LS – 02" is "ls02"."""
    return re.sub(r"[\W_]+", "", fold(reference))


def _not_ones_own() -> Problem:
    return Problem("no_right", _("You may not change this item."))


def _loses_emphasis(name: str, known: KnownItem) -> bool:
    is_rich = isinstance(FORMS.get(name), RichText)
    return is_rich and has_more_than_words(str(known.content.get(name) or ""))


def _shows_files(known: KnownItem | None) -> bool:
    return known is not None and bool(known.media)
