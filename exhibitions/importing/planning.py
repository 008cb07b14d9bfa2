"""Making the plan of an import: the list held against the exhibition as it is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any, Final

from django.utils.translation import gettext as _

from core.row_numbers import row_number
from core.vietnamese import fold, normalise
from exhibitions.importing import encodings
from exhibitions.importing.columns import (
    FILES,
    MEDIA_COLUMNS,
    NUMBER,
    PAGE,
    PART_LEVELS,
    SOURCE,
    UNUSED,
)
from exhibitions.importing.filenames import RowKey, match_files
from exhibitions.importing.media_plan import ArrivedFile, MediaPlanner
from exhibitions.importing.part_book import PartBook
from exhibitions.importing.plan import (
    Difference,
    Plan,
    PlannedRow,
    Problem,
    Verdict,
    few_of,
)
from exhibitions.importing.reading import ListRow, cell_of, read_rows
from exhibitions.importing.rights import Rights
from exhibitions.importing.sheets import CellTrouble, Sheet
from exhibitions.importing.snapshot import KnownItem, Snapshot
from exhibitions.importing.values import (
    FORMS,
    TOO_LONG_TO_EXPORT,
    CellRefused,
    Source,
    SourceName,
    Text,
    empty_value,
    plain_text,
    shortened,
)

NEVER_EMPTIED: Final = ("title", "access_level", "original_secrecy")
"""Fields that an empty cell does not take away: they say what an item is, and who may see it."""

TELLING_CELLS: Final = 200
"""Cells of a column by which its encoding is told."""

TITLED_BY: Final = ("title", "caption", "abstract", "quotation")
"""What an item is called by, in this order, when a list has no column of titles."""

TOLD_BY_IDENTITY: Final = (PAGE, NUMBER, *PART_LEVELS, *MEDIA_COLUMNS)
"""Columns that are not a field each."""

_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")


@dataclass(frozen=True)
class Decisions:
    """What the editor decided about a list."""

    columns: Mapping[int, str]
    heading_row: int
    headings: Sequence[str] = ()
    repairs: Mapping[str, str] = field(default_factory=dict)
    kept: frozenset[str] = frozenset()
    empty_clears: bool = False
    default_part: int | None = None


def tidy(text: str, *, lines: bool) -> str:
    """``text`` without stray spaces and invisible characters."""
    text = _INVISIBLE.sub("", text)
    cleaned = [" ".join(line.split()) for line in text.split("\n")]
    if not lines:
        return " ".join(each for each in cleaned if each)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(cleaned)).strip()


def says_the_same(text: str, known: str) -> bool:
    """Whether a cell says what the workbook would say."""
    return normalise(text).strip() == normalise(known).strip()


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
        self._list = read_rows(sheet, decisions.heading_row, decisions.columns)
        self._index = {name: index for index, name in decisions.columns.items() if name != UNUSED}
        self._plan = Plan(
            left_out=[(each.number, each.text) for each in self._list.left_out],
            unused_headings=[
                decisions.headings[index]
                for index, name in sorted(decisions.columns.items())
                if name == UNUSED and index < len(decisions.headings)
            ],
        )
        self._parts = PartBook(snapshot, rights, self._plan)
        self._seen = rights.seen(snapshot)
        self._rows_of_reference: dict[str, list[int]] = defaultdict(list)
        self._rows_of_page: dict[int, list[int]] = defaultdict(list)
        self._alike = self._items_alike()
        self._cells: dict[int, dict[str, str]] = {}
        self._encodings: dict[int, encodings.LegacyEncoding | None] = {}

    def plan(self) -> Plan:
        known = {row.number: self._known_item(row) for row in self._list.rows}
        for row in self._list.rows:
            if reference := self._text(row, "reference"):
                self._rows_of_reference[reference].append(row.number)
            if item := known[row.number]:
                self._rows_of_page[item.page.pk].append(row.number)
        media = self._media_planner(known)
        for row in self._list.rows:
            self._plan.rows.append(self._plan_row(row, known[row.number], media))
        self._note_order()
        return self._plan

    # Which item a row tells of

    def _text(self, row: ListRow, name: str) -> str:
        """What the row says in a column, as mended, on one line."""
        index = self._index.get(name)
        return " ".join(normalise(self._mended(row, index)).split()) if index is not None else ""

    def _mended(self, row: ListRow, index: int | None) -> str:
        mended = self._decisions.repairs.get(f"{row.number}:{index}")
        return cell_of(row, index).text if mended is None else mended

    def _known_item(self, row: ListRow) -> KnownItem | None:
        number = self._text(row, PAGE)
        if number:
            return self._snapshot.item(row_number(number))
        if reference := self._text(row, "reference"):
            found = self._snapshot.by_reference.get(reference, [])
            return found[0] if found else None
        return self._next_alike(row)

    def _items_alike(self) -> dict[tuple[str, ...], list[KnownItem]]:
        """Items without a reference by what they are known by, in their order.

        Without those the person does not see: her row tells of one of her own.
        """
        found: dict[tuple[str, ...], list[KnownItem]] = defaultdict(list)
        for item in self._snapshot.items:
            if not item.reference and item.page.pk in self._seen:
                content = item.content
                told = (str(content.get(name) or "") for name in ("title", "date", "file"))
                found[_likeness(*told)].append(item)
        return found

    def _next_alike(self, row: ListRow) -> KnownItem | None:
        """The next item without a reference that has this title, date and file number."""
        title = self._title_told(row)
        if not title:
            return None
        date = self._text(row, "date")
        try:
            date = FORMS["date"].read(date, self._snapshot.names) if date else ""
        except CellRefused:
            return None
        waiting = self._alike.get(_likeness(title, date, self._text(row, "file")))
        return waiting.pop(0) if waiting else None

    def _title_told(self, row: ListRow) -> str:
        told = (plain_text(self._text(row, name)) for name in TITLED_BY)
        return shortened(next((text for text in told if text), ""))

    # A row

    def _plan_row(self, row: ListRow, known: KnownItem | None, media: MediaPlanner) -> PlannedRow:
        planned = PlannedRow(row.number, self._title_told(row))
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
            planned.problems.append(
                Problem("no_title", _("The row has neither a title nor a caption."))
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
        if known.page.pk not in self._cells:
            self._cells[known.page.pk] = self._snapshot.cells(known)
        return self._cells[known.page.pk]

    def _check_identity(self, row: ListRow, known: KnownItem | None, planned: PlannedRow) -> None:
        number, reference = self._text(row, PAGE), self._text(row, "reference")
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
        if reference and number:
            self._check_reference_is_free(reference, known, planned)

    def _twice(self, rows: list[int], row: ListRow, index: int | None, value: str) -> Problem:
        others = few_of([each for each in rows if each != row.number])
        return Problem(
            "twice",
            _("Rows %(rows)s tell of the same item. Keep one of them.") % {"rows": others},
            index,
            value,
        )

    def _check_reference_is_free(
        self, reference: str, known: KnownItem | None, planned: PlannedRow
    ) -> None:
        """A row that names its page may give it a reference that another item has."""
        for other in self._snapshot.by_reference.get(reference, []):
            if known is None or other.page.pk == known.page.pk:
                continue
            if other.page.pk in self._rows_of_page:
                continue  # its own row says what becomes of it, and is checked by itself
            named = _("“%(title)s” has this reference already.") % {
                "title": other.content.get("title") or other.page.title
            }
            taken = _("Another item of the exhibition has this reference already.")
            planned.problems.append(
                Problem(
                    "reference_taken",
                    named if other.page.pk in self._seen else taken,
                    self._index["reference"],
                    reference,
                )
            )

    # Its fields

    def _read_fields(self, row: ListRow, known: KnownItem | None, planned: PlannedRow) -> None:
        told = self._told(known) if known else {}
        for name, index in self._index.items():
            if name in TOLD_BY_IDENTITY:
                continue
            before = told.get(name, "")
            text = self.examined(row, index, name, before if known else None, planned)
            if text is None:
                continue
            if not text:
                if known and before and self._decisions.empty_clears:
                    self._empty(planned, name, index, before)
                continue
            self._read_field(name, index, text, before if known else None, planned)

    def _read_field(
        self, name: str, index: int, text: str, before: str | None, planned: PlannedRow
    ) -> None:
        form = SourceName() if name == SOURCE else FORMS[name]
        try:
            value = form.read(text, self._snapshot.names)
        except CellRefused as refusal:
            if refusal.code == "unknown_source":
                unknown = self._plan.unknown_sources
                unknown[text] = unknown.get(text, 0) + 1
            planned.problems.append(
                Problem(refusal.code, str(refusal), index, text, refusal.repair)
            )
            return
        after = form.write(value, self._snapshot.names)
        if before is not None and says_the_same(after, before):
            return
        self._set(planned, name, value)
        if before is not None:
            planned.differences.append(Difference(name, before, after))

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

    def examined(
        self, row: ListRow, index: int, name: str, known: str | None, planned: PlannedRow
    ) -> str | None:
        """The text of a cell, tidy; None where it says what is there, or cannot be read.

        What is wrong with the letters or spaces is told with the text that would be right.
        """
        cell, key = cell_of(row, index), f"{row.number}:{index}"
        text = self._mended(row, index)
        if cell.trouble and key not in self._decisions.repairs:
            planned.problems.append(_trouble(cell.trouble, index, cell.text))
            return None
        if known is not None and (says_the_same(text, known) or text == TOO_LONG_TO_EXPORT):
            return None
        lines = not (isinstance(form := FORMS.get(name), Text) and not form.lines)
        legacy = None if key in self._decisions.kept else self._legacy(text, index)
        letters = normalise(legacy.decoded if legacy else text)
        right = tidy(letters, lines=lines and name in FORMS)
        if "\n" in letters.strip() and not lines:
            right = tidy(letters, lines=True)  # said by the field itself, in its own words
        if right != text and (right or not text.isspace()):
            planned.problems.append(_untidy(text, letters, right, legacy, index))
        return right

    def _legacy(self, text: str, index: int) -> encodings.Legacy | None:
        """What a cell says if it was typed in an old encoding.

        A word or two do not tell; the whole column does.
        """
        if text.isascii():
            return None
        if found := encodings.detect(text):
            return found
        encoding = self._encoding_of(index)
        if encoding is None or encodings.has_letters_beyond_latin_1(text):
            return None
        decoded = encodings.decode(text, encoding)
        return encodings.Legacy(encoding, decoded) if decoded != text else None

    def _encoding_of(self, index: int) -> encodings.LegacyEncoding | None:
        """The old encoding of a column, told by all its cells that may be in one."""
        if index not in self._encodings:
            texts = (self._mended(row, index) for row in self._list.rows)
            telling = (
                text
                for text in texts
                if not text.isascii() and not encodings.has_letters_beyond_latin_1(text)
            )
            found = encodings.detect(" ".join(islice(telling, TELLING_CELLS)))
            self._encodings[index] = found.encoding if found else None
        return self._encodings[index]

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
            if place == self._parts.place_of(known):
                return
            before = " / ".join(self._snapshot.part_titles(known.page.path, among=self._seen))
            planned.differences.append(Difference(PART_LEVELS[0], before, " / ".join(texts)))
        planned.part = place
        self._check_may_add(planned)
        if known is not None and isinstance(place, int):
            part = self._parts.known(place)
            if part and not self._rights.may_move(known.page, part.page):
                planned.problems.append(
                    Problem("no_move", _("You may not move this item to that Part."))
                )

    def _part_texts(
        self, row: ListRow, known: KnownItem | None, planned: PlannedRow
    ) -> tuple[str, ...] | None:
        """The names of the Parts the row stands in; None where they are as they are."""
        mapped = [name for name in PART_LEVELS if name in self._index]
        if not mapped:
            return row.part_texts
        told = self._told(known) if known else None
        texts, changed = [], known is None
        for name in mapped:
            before = told[name] if told else None
            text = self.examined(row, self._index[name], name, before, planned)
            changed = changed or text is not None
            texts.append((before or "") if text is None else text)
        while texts and not texts[-1]:
            texts.pop()
        return tuple(texts) if changed and all(texts) else (None if known else tuple(texts))

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

    # Files, and the order

    def _media_planner(self, known: Mapping[int, KnownItem | None]) -> MediaPlanner:
        keys = [
            RowKey(
                row=row.number,
                reference=self._reference_of(row, known[row.number]),
                number=self._text(row, NUMBER),
                files=_file_names(self._mended(row, self._index.get(FILES))),
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
            self._mended,
            empty_clears=self._decisions.empty_clears,
        )

    def _reference_of(self, row: ListRow, known: KnownItem | None) -> str:
        return self._text(row, "reference") or (known.reference if known else "")

    def _note_order(self) -> None:
        order: dict[str, list[int]] = defaultdict(list)
        place_of_row: dict[int, tuple[int, ...]] = {}
        for row in self._plan.rows:
            if row.verdict is Verdict.BLOCKED:
                continue
            known = self._snapshot.item(row.page) if row.page else None
            place = row.part if row.part is not None else self._parts.place_of(known)
            if place is not None:
                order[str(place)].append(row.row)
            stays = known is not None and row.part is None
            place_of_row[row.row] = (0, self._place_in_tree(known)) if stays else (1, row.row)
        self._plan.order = dict(order)
        self._plan.in_order = all(
            rows == sorted(rows, key=lambda row: place_of_row[row]) for rows in order.values()
        )

    def _place_in_tree(self, known: KnownItem | None) -> int:
        return self._positions[known.page.pk] if known else 0

    @cached_property
    def _positions(self) -> Mapping[int, int]:
        return {item.page.pk: place for place, item in enumerate(self._snapshot.items)}


def _not_ones_own() -> Problem:
    return Problem("no_right", _("You may not change this item."))


def _likeness(title: str, date: str, file: str) -> tuple[str, ...]:
    return fold(title), date, fold(file)


def _file_names(text: str) -> tuple[str, ...]:
    """The names in a cell: a line each, or divided by semicolons."""
    names = (name.strip() for name in re.split(r"[\n;]+", text))
    return tuple(re.sub(r"#\d+$", "", name) for name in names if name)


def _shows_files(known: KnownItem | None) -> bool:
    return known is not None and bool(known.media)


def _trouble(trouble: CellTrouble, index: int, text: str) -> Problem:
    if trouble is CellTrouble.ERROR:
        said = _("The formula in this cell fails (%(error)s). Mend it in Excel, or write the text.")
        return Problem("formula_error", said % {"error": text}, index, text)
    return Problem(
        "formula_uncomputed",
        _("The formula in this cell has no result yet. Open and save the list in Excel once."),
        index,
        text,
    )


def _untidy(
    text: str, letters: str, right: str, legacy: encodings.Legacy | None, index: int
) -> Problem:
    if legacy is not None:
        said = _("Typed in the old encoding %(encoding)s.") % {"encoding": legacy.encoding.label}
        return Problem("legacy", said, index, text, right, may_keep=True)
    if letters != text:
        return Problem(
            "letters", _("Letters and marks are stored apart, or signs cannot be seen."), index,
            text, right,
        )  # fmt: skip
    return Problem("spaces", _("Stray spaces."), index, text, right)
