"""What the cells of a list say, as mended, and what is wrong with how they say it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import islice
from typing import Final

from django.utils.translation import gettext as _

from core.vietnamese import normalise
from exhibitions.importing import encodings
from exhibitions.importing.columns import ALT_TEXTS, FILES, LABELS, MEDIA_COLUMNS
from exhibitions.importing.decisions import Decisions
from exhibitions.importing.named_pictures import entries, without_page
from exhibitions.importing.plan import PlannedRow, Problem
from exhibitions.importing.reading import ListRow, cell_of
from exhibitions.importing.sheets import CellTrouble
from exhibitions.importing.values import FORMS, TOO_LONG_TO_EXPORT, Text

TELLING_CELLS: Final = 200
"""Cells of a column by which its encoding is told."""

LINE_BY_LINE: Final = frozenset({LABELS, ALT_TEXTS})
"""Columns of which each line belongs to a picture, an empty one as well."""

_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")


def says_the_same(text: str, known: str) -> bool:
    """Whether a cell says what the workbook would say."""
    return normalise(text).strip() == normalise(known).strip()


def tidy(text: str, *, lines: bool) -> str:
    """``text`` without stray spaces and invisible characters."""
    cleaned = _tidy_lines(text)
    if not lines:
        return " ".join(each for each in cleaned if each)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(cleaned)).strip()


def _tidy_lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in _INVISIBLE.sub("", text).split("\n")]


def _tidy_for(name: str, text: str) -> str:
    """``text`` as it should stand in the column ``name``."""
    if name in LINE_BY_LINE:
        return "\n".join(_tidy_lines(text)).rstrip("\n")
    return tidy(text, lines=_has_lines(name))


def _says_the_same(name: str, text: str, known: str) -> bool:
    """The same for a column: an empty line belongs to a picture, where each line does."""
    if name in LINE_BY_LINE:
        return _tidy_for(name, normalise(text)) == _tidy_for(name, normalise(known))
    return says_the_same(text, known)


def _differs_at_ends(name: str, text: str, right: str) -> bool:
    """Whether only empty lines around what is said of pictures are too many."""
    return name in MEDIA_COLUMNS and right in (text.rstrip("\n"), text.strip("\n"))


def _has_lines(name: str) -> bool:
    form = FORMS.get(name)
    return name in MEDIA_COLUMNS or (form is not None and not _is_one_line(name))


def _is_one_line(name: str) -> bool:
    form = FORMS.get(name)
    return isinstance(form, Text) and not form.lines


class CellExaminer:
    """Reads the cells of one list as its editor left and mended them."""

    def __init__(
        self,
        rows: Sequence[ListRow],
        index: Mapping[str, int],
        decisions: Decisions,
        arrived: Collection[str],
    ) -> None:
        self._rows = rows
        self._index = index
        self._decisions = decisions
        self._arrived = arrived
        self._encodings: dict[int, encodings.LegacyEncoding | None] = {}

    def mended(self, row: ListRow, name: str) -> str:
        """What the row says in a column, as mended; "" where there is no such column."""
        index = self._index.get(name)
        return "" if index is None else self._mended(row, index)

    def text(self, row: ListRow, name: str) -> str:
        """The same on one line, and nothing where a formula failed."""
        index = self._index.get(name)
        if index is None or self._is_in_trouble(row, index):
            return ""
        return " ".join(normalise(self._mended(row, index)).split())

    def texts(self, row: ListRow) -> dict[str, str]:
        """All that the row says, by columns; each on one line."""
        told = ((name, self.text(row, name)) for name in self._index)
        return {name: text for name, text in told if text}

    def examined(
        self, row: ListRow, name: str, known: str | None, planned: PlannedRow
    ) -> str | None:
        """The text of a cell, tidy; None where it says what is there, or cannot be read.

        ``known`` is what the workbook says there, None for a new item. What is wrong with
        the letters or spaces is told with the text that would be right.
        """
        index = self._index[name]
        if self._is_in_trouble(row, index):
            cell = cell_of(row, index)
            assert cell.trouble is not None
            planned.problems.append(_trouble(cell.trouble, index, cell.text))
            return None
        text = self._mended(row, index)
        if known is not None and (_says_the_same(name, text, known) or text == TOO_LONG_TO_EXPORT):
            return None
        if text == TOO_LONG_TO_EXPORT:
            said = _(
                "This stands for a text that no cell holds. Write the text, or leave it empty."
            )
            planned.problems.append(Problem("not_exported", said, index, text))
            return None
        is_kept = f"{row.number}:{index}" in self._decisions.kept
        is_kept |= name == FILES and self._names_what_arrived(text)
        legacy = None if is_kept else self._legacy(text, index)
        letters = normalise(legacy.decoded if legacy else text)
        right = _tidy_for(name, letters)
        if "\n" in letters.strip() and _is_one_line(name):
            right = tidy(letters, lines=True)  # said by the field itself, in its own words
        if (
            right != text
            and (right or not text.isspace())
            and not _differs_at_ends(name, text, right)
        ):
            planned.problems.append(_untidy(text, letters, right, legacy, index))
        return right

    def _mended(self, row: ListRow, index: int) -> str:
        mended = self._decisions.repairs.get(f"{row.number}:{index}")
        return cell_of(row, index).text if mended is None else mended

    def is_mended(self, row: ListRow, name: str) -> bool:
        """Whether another text was typed for the row's cell of a column."""
        return f"{row.number}:{self._index.get(name)}" in self._decisions.repairs

    def _is_in_trouble(self, row: ListRow, index: int) -> bool:
        is_mended = f"{row.number}:{index}" in self._decisions.repairs
        return cell_of(row, index).trouble is not None and not is_mended

    def _names_what_arrived(self, text: str) -> bool:
        """Whether files are called so letter for letter: a name that is mended finds none."""
        return all(without_page(name) in self._arrived for name in entries(text))

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
            texts = (self._mended(row, index) for row in self._rows)
            telling = (
                text
                for text in texts
                if not text.isascii() and not encodings.has_letters_beyond_latin_1(text)
            )
            found = encodings.detect(" ".join(islice(telling, TELLING_CELLS)))
            self._encodings[index] = found.encoding if found else None
        return self._encodings[index]


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
