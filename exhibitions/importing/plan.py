"""What an import would do, row by row, before it does anything ("Kiểm tra trước").

A plan is made from the list, what the editor decided about it, the files that arrived and
the exhibition as it is. It is what the editor is shown, and what is then carried out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from exhibitions.models.vocabulary import NumeralStyle

UNKNOWN_SOURCE = "unknown_source"
"""The code of the problem that a source is neither an organisation's nor a person's name."""


class Verdict(StrEnum):
    """What would become of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    BLOCKED = "blocked"


@dataclass(frozen=True)
class Problem:
    """Something about a row that the editor is told.

    ``index`` is the column's, None for the row as a whole. ``repair`` is the text the cell
    should have where that is certain; ``may_keep`` whether it may stay as it is instead.
    Without ``blocks`` it is said, and the row is imported all the same.
    """

    code: str
    text: str
    index: int | None = None
    value: str = ""
    repair: str | None = None
    may_keep: bool = False
    blocks: bool = True


@dataclass(frozen=True)
class Difference:
    """A column of an item: what it says there, "" for a new one, and what the list says."""

    name: str
    before: str
    after: str


NAMED_ROWS = 5


def few_of(rows: Sequence[int]) -> str:
    """The first of ``rows``: where thousands are alike, nobody reads all of them."""
    named = ", ".join(str(each) for each in rows[:NAMED_ROWS])
    return f"{named} …" if len(rows) > NAMED_ROWS else named


PartPlace = int | str
"""Where an item comes: the number of a Part that is there, or the key of one to be made."""


Neighbour = int | str
"""What an item stands behind: a row, or the title of what no row that is imported tells of;
"" where the person may not see it."""


@dataclass(frozen=True)
class PlannedPart:
    """A Part that is made when the first of its items is."""

    key: str
    title: str
    style: str
    parent: PartPlace | None
    """None for a Part of the exhibition itself."""
    row: int


@dataclass(frozen=True)
class PlannedMedium:
    """A picture or recording of an item, as it will be.

    ``kept`` is its place among those the item has; ``file`` the number of the file that
    arrived, for a new one or in place of the one kept. Texts are None where they stay.
    """

    kept: int | None = None
    file: int | None = None
    frame: int = 1
    label: str | None = None
    alt_text: str | None = None
    decorative: bool | None = None
    transcription: str | None = None
    translation: str | None = None


@dataclass
class PlannedRow:
    """A row of the list and what would become of it."""

    row: int
    title: str
    verdict: Verdict = Verdict.NEW
    page: int | None = None
    """The item it tells of, where that is there."""
    revision: int | None = None
    """The version of it that was looked at."""
    part: PartPlace | None = None
    """Where it comes; None where it stays."""
    values: dict[str, Any] = field(default_factory=dict)
    """Fields that are set, as a version of a page keeps them."""
    media: list[PlannedMedium] | None = None
    """All its media; None where they stay."""
    differences: list[Difference] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    """Names of the files that come to it."""
    fingerprint: str = ""
    """By which the row is known again when its list comes once more."""

    @property
    def is_blocked(self) -> bool:
        """Whether something must be mended first."""
        return any(problem.blocks for problem in self.problems)

    @property
    def does_something(self) -> bool:
        """Whether carrying it out changes anything."""
        return self.verdict in (Verdict.NEW, Verdict.CHANGED)


@dataclass
class Plan:
    """Everything one import would do."""

    rows: list[PlannedRow] = field(default_factory=list)
    parts: list[PlannedPart] = field(default_factory=list)
    left_out: list[tuple[int, str]] = field(default_factory=list)
    """Rows that tell of no item."""
    unused_headings: list[str] = field(default_factory=list)
    files_without_row: list[str] = field(default_factory=list)
    files_of_several_rows: dict[str, str] = field(default_factory=dict)
    """By their names the rows that could mean them, as people read it."""
    rows_without_file: list[int] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    """Rows that Excel hides; they are imported like the others."""
    numbers_out_of_order: list[int] = field(default_factory=list)
    """Rows whose number (STT) is lower than that of the row above in their Part."""
    items_without_row: list[str] = field(default_factory=list)
    """Titles of items that a workbook of the portal tells of no more."""
    order: dict[str, list[int]] = field(default_factory=dict)
    """Rows in the order of the list, by the Part that is put in order (PartPlace, as text)."""
    moves: dict[int, Neighbour | None] = field(default_factory=dict)
    """Rows whose items change their place within their Part, as few as can be said; and what
    they will stand behind, None for those that come first."""
    orders_that_stay: list[str] = field(default_factory=list)
    """Titles of the Parts that stand otherwise, and which the person may not put in order."""
    seen_at_once: bool = False
    """Whether the public sees something of it at once: where published items stand."""
    sequence: list[int] = field(default_factory=list)
    """Rows as they are carried out, where that is not the order of the list."""
    pages_that_stay: dict[int, int] = field(default_factory=dict)
    """Numbers of the items that nothing is done with, by their rows."""
    to_be_mended: list[tuple[int, str, str]] = field(default_factory=list)
    """Of a plan that is carried out: rows that were left out by it, their titles, and why."""

    def count(self, verdict: Verdict) -> int:
        """How many rows have that verdict."""
        return sum(row.verdict is verdict for row in self.rows)

    @property
    def counts(self) -> Counter[Verdict]:
        """How many rows have each verdict."""
        return Counter(row.verdict for row in self.rows)

    @property
    def work(self) -> list[PlannedRow]:
        """The rows that are carried out, in the order in which they are."""
        rank = {number: place for place, number in enumerate(self.sequence)}
        rows = [row for row in self.rows if row.does_something]
        return sorted(rows, key=lambda row: rank.get(row.row, row.row))

    @property
    def in_order(self) -> bool:
        """Whether every Part stands as the list has it, as far as it may be put in order."""
        return not self.order

    @property
    def differences(self) -> int:
        """How many single fields of items that are there would change."""
        return sum(len(row.differences) for row in self.rows if row.verdict is Verdict.CHANGED)

    @property
    def by_code(self) -> dict[str, list[tuple[PlannedRow, Problem]]]:
        """The problems of one kind together."""
        found: dict[str, list[tuple[PlannedRow, Problem]]] = defaultdict(list)
        for row in self.rows:
            for problem in row.problems:
                found[problem.code].append((row, problem))
        return found


def as_json(plan: Plan) -> dict[str, Any]:
    """What is carried out of ``plan``, to be kept beside the list."""
    return {
        "rows": [asdict(row) for row in plan.work],
        "parts": [asdict(part) for part in plan.parts],
        "order": plan.order,
        "pages_that_stay": [
            [row.row, row.page] for row in plan.rows if row.verdict is Verdict.SAME
        ],
        "left_out": [
            [row.row, row.title, " ".join(each.text for each in row.problems if each.blocks)]
            for row in plan.rows
            if row.verdict is Verdict.BLOCKED
        ],
        "files_without_row": plan.files_without_row,
    }


def from_json(kept: Mapping[str, Any]) -> Plan:
    """The plan that :func:`as_json` kept."""
    return Plan(
        rows=[_row(each) for each in kept["rows"]],
        parts=[PlannedPart(**each) for each in kept["parts"]],
        order=kept["order"],
        pages_that_stay={row: page for row, page in kept["pages_that_stay"]},
        to_be_mended=[(row, title, why) for row, title, why in kept["left_out"]],
        files_without_row=kept["files_without_row"],
    )


def _row(kept: Mapping[str, Any]) -> PlannedRow:
    media: Sequence[Mapping[str, Any]] | None = kept["media"]
    return PlannedRow(
        **{
            **kept,
            "verdict": Verdict(kept["verdict"]),
            "media": None if media is None else [PlannedMedium(**each) for each in media],
            "differences": [Difference(**each) for each in kept["differences"]],
            "problems": [Problem(**each) for each in kept["problems"]],
        }
    )


DEFAULT_STYLES = (NumeralStyle.ROMAN, NumeralStyle.NONE, NumeralStyle.NONE)
"""How Parts are numbered whose name tells no number, by level."""
