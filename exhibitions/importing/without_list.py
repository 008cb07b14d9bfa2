"""Files that come without a list: a list is made of their names.

What is imported is then checked, carried out and taken back like any other list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, takewhile
from pathlib import PurePosixPath

from exhibitions.importing.columns import BY_NAME, FILES, LABELS
from exhibitions.importing.filenames import is_other_side, reading_key, side_of
from exhibitions.importing.media_plan import SIDES
from exhibitions.importing.sheets import Cell, Row, Sheet
from exhibitions.models import Arrangement

COLUMNS = ("title", FILES, LABELS)
HEADINGS = tuple(BY_NAME[name].heading for name in COLUMNS)
HEADING_ROW = 0
"""Nobody sees it: the first item is number 1."""

_BEFORE_A_PAGE = re.compile(r"[\s_.(-]*(?:trang|mat|mặt|tr|p)?[\s_.(-]*0*$", re.IGNORECASE)


def list_of_files(names: Iterable[str], arrangement: Arrangement) -> Sheet:
    """The list that files with these names are, in the order people count in."""
    rows = [_row(HEADING_ROW, HEADINGS)]
    for number, group in _numbered_groups(names, arrangement):
        labels = _sides(group) if arrangement is Arrangement.SIDES else []
        rows.append(_row(number, (title_of(group), "\n".join(group), "\n".join(labels))))
    return Sheet(name="", rows=tuple(rows), is_hidden=False)


def marks_of_rows(names: Iterable[str], arrangement: Arrangement) -> list[tuple[int, str]]:
    """Each row of that list with the marks by which what is decided on it is kept.

    Rows move when another file is sent or taken out, so it is kept by a file of the row, the
    first one there was; and for each arrangement by itself.
    """
    return [
        (number, f"{arrangement.value}:{name if arrangement is not Arrangement.PAGES else ''}")
        for number, group in _numbered_groups(names, arrangement)
        for name in group
    ]


def _numbered_groups(
    names: Iterable[str], arrangement: Arrangement
) -> Iterator[tuple[int, Sequence[str]]]:
    """The files of each item, with the number of its row."""
    ordered = sorted(names, key=reading_key)
    groups: Sequence[Sequence[str]]
    match arrangement:
        case Arrangement.PAGES:
            groups = [ordered] if ordered else []
        case Arrangement.SIDES:
            groups = _two_by_two(ordered)
        case _:
            groups = [[name] for name in ordered]
    return enumerate(groups, start=HEADING_ROW + 1)


def _two_by_two(names: Sequence[str]) -> list[list[str]]:
    """Fronts with their backs. One that is called a front begins, one called a back ends.

    Where any front has a back of its own name, none is given that of another.
    """
    told_by_name = any(is_other_side(*pair) for pair in pairwise(names))
    groups: list[list[str]] = []
    for name in names:
        last = groups[-1][-1] if groups else None
        is_begun = (
            last is not None
            and len(groups[-1]) == 1
            and side_of(last) != "verso"
            and side_of(name) != "recto"
            and not (told_by_name and side_of(last) and not is_other_side(last, name))
        )
        if is_begun:
            groups[-1].append(name)
        else:
            groups.append([name])
    return groups


def _sides(group: Sequence[str]) -> list[str]:
    """What each file of a group shows: what it is called says so, else its place."""
    return [SIDES[side_of(name) or side] for name, side in zip(group, SIDES, strict=False)]


def _row(number: int, texts: Iterable[str]) -> Row:
    return Row(number=number, cells=tuple(Cell(text) for text in texts))


def title_of(names: Sequence[str]) -> str:
    """What an item is called by the names of its files, until somebody names it."""
    stems = [PurePosixPath(name).stem for name in names]
    common = _common_beginning(stems)
    if len(stems) > 1:
        common = _BEFORE_A_PAGE.sub("", common)
    title = " ".join((common or stems[0]).replace("_", " ").split())
    return title or PurePosixPath(names[0]).name


def _common_beginning(texts: Sequence[str]) -> str:
    letters = zip(*texts, strict=False)
    return "".join(each[0] for each in takewhile(lambda each: len(set(each)) == 1, letters))
