"""Files that come without a list: a list is made of their names.

What is imported is then checked, carried out and taken back like any other list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile
from pathlib import PurePosixPath

from exhibitions.importing.columns import BY_NAME, FILES, LABELS
from exhibitions.importing.filenames import natural_key
from exhibitions.importing.media_plan import SIDES
from exhibitions.importing.sheets import Cell, Row, Sheet
from exhibitions.models import Arrangement

COLUMNS = ("title", FILES, LABELS)
HEADINGS = tuple(BY_NAME[name].heading for name in COLUMNS)
HEADING_ROW = 0
"""Nobody sees it: the first item is number 1."""

_BEFORE_A_PAGE = re.compile(r"[\s_.(-]*(?:trang|mat|tr|p)?[\s_.(-]*0*$", re.IGNORECASE)


def list_of_files(names: Iterable[str], arrangement: Arrangement) -> Sheet:
    """The list that files with these names are, in the order people count in."""
    ordered = sorted(names, key=natural_key)
    rows = [_row(HEADING_ROW, HEADINGS)]
    for number, group in enumerate(_groups(ordered, arrangement), start=HEADING_ROW + 1):
        labels = list(SIDES.values()) if arrangement is Arrangement.SIDES else []
        texts = (title_of(group), "\n".join(group), "\n".join(labels[: len(group)]))
        rows.append(_row(number, texts))
    return Sheet(name="", rows=tuple(rows), is_hidden=False)


def _groups(names: Sequence[str], arrangement: Arrangement) -> list[Sequence[str]]:
    if arrangement is Arrangement.PAGES:
        return [names] if names else []
    size = 2 if arrangement is Arrangement.SIDES else 1
    return [names[start : start + size] for start in range(0, len(names), size)]


def _row(number: int, texts: Iterable[str]) -> Row:
    return Row(number=number, cells=tuple(Cell(text) for text in texts))


def title_of(names: Sequence[str]) -> str:
    """What an item is called by the names of its files, until somebody names it."""
    stems = [PurePosixPath(name).stem for name in names]
    common = _common_beginning(stems)
    if len(stems) > 1:
        common = _BEFORE_A_PAGE.sub("", common)
    return " ".join((common or stems[0]).replace("_", " ").split())


def _common_beginning(texts: Sequence[str]) -> str:
    letters = zip(*texts, strict=False)
    return "".join(each[0] for each in takewhile(lambda each: len(set(each)) == 1, letters))
