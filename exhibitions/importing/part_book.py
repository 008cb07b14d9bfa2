"""The Parts an import finds and those it makes, by how a list names them."""

from __future__ import annotations

from collections.abc import Sequence

from core.vietnamese import fold
from exhibitions.importing.part_names import read_part_name, section_title
from exhibitions.importing.plan import DEFAULT_STYLES, PartPlace, Plan, PlannedPart
from exhibitions.importing.rights import Rights
from exhibitions.importing.snapshot import KnownItem, KnownPart, Snapshot
from exhibitions.importing.values import shortened
from exhibitions.models.vocabulary import NumeralStyle

DEFAULT_PART_TITLE = "Tài liệu trưng bày"
"""Of the Part that is made when a list names none and the exhibition has none."""


class PartBook:
    """The Parts there are and those to be made, found by how a list names them."""

    def __init__(self, snapshot: Snapshot, rights: Rights, plan: Plan) -> None:
        self._snapshot = snapshot
        self._rights = rights
        self._plan = plan
        self._known = {part.page.pk: part for part in snapshot.parts}
        self._places: dict[tuple[PartPlace | None, str], PartPlace] = {}
        self._numbers: dict[PartPlace, int] = {}
        """By which number the list calls a Part."""

    def known(self, place: PartPlace | None) -> KnownPart | None:
        """The Part with that number."""
        return self._known.get(place) if isinstance(place, int) else None

    def place_of(self, item: KnownItem | None) -> PartPlace | None:
        """The Part that ``item`` stands in."""
        if item is None:
            return None
        path = item.page.path[: -item.page.steplen]
        part = self._snapshot.parts_by_path.get(path)
        return part.page.pk if part else None

    def default(self, chosen: int | None, row: int) -> PartPlace:
        """Where a row comes that names no Part."""
        if chosen is not None and chosen in self._known:
            return chosen
        top = [part for part in self._snapshot.parts if part.level == 0]
        return top[0].page.pk if top else self.place((DEFAULT_PART_TITLE,), row)

    def place(self, texts: Sequence[str], row: int, near: KnownItem | None = None) -> PartPlace:
        """The Part that ``texts`` name, level by level; one to be made where there is none.

        ``near`` is an item that stands in one of them: of two with one name, its own.
        """
        place: PartPlace | None = None
        for level, text in enumerate(texts):
            key = (place, fold(text) or text)
            own = self._own(near, level, place, text)
            if own is not None:
                place = own
                continue
            if key not in self._places:
                self._places[key] = self._find_and_note(place, text) or self._make(
                    place, text, level, row
                )
            place = self._places[key]
        assert place is not None
        return place

    def stands_in(self, item: KnownItem, texts: Sequence[str]) -> bool:
        """Whether ``item`` stands in the Part that ``texts`` name. Makes and notes nothing."""
        own: PartPlace | None = None
        named: PartPlace | None = None
        for level, text in enumerate(texts):
            own = self._own(item, level, own, text) if own is not None or level == 0 else None
            named = self._find(named, text) if named is not None or level == 0 else None
        return self.place_of(item) in (own, named)

    def may_add_to(self, place: PartPlace) -> bool:
        """Whether the person may add to a Part, or make it."""
        while isinstance(place, str):
            part = next(each for each in self._plan.parts if each.key == place)
            if part.parent is None:
                return self._rights.may_add_to(self._snapshot.exhibition)
            place = part.parent
        return self._rights.may_add_to(self._known[place].page)

    def _own(
        self, near: KnownItem | None, level: int, parent: PartPlace | None, text: str
    ) -> int | None:
        if near is None:
            return None
        length = len(self._snapshot.exhibition.path) + near.page.steplen * (level + 1)
        part = self._snapshot.parts_by_path.get(near.page.path[:length])
        if part is None or not (length < len(near.page.path)):
            return None
        above = self._snapshot.parts_by_path.get(part.parent_path)
        same_parent = parent == (above.page.pk if above else None)
        return part.page.pk if same_parent and _is_called(part.title, text) else None

    def _find(self, parent: PartPlace | None, text: str) -> PartPlace | None:
        number = read_part_name(text).number
        numbered = [place for place, _title in self._siblings(parent, numbered=True)]
        by_number = numbered[number - 1] if number and number <= len(numbered) else None
        if not read_part_name(text).title and by_number is not None:
            return by_number
        called = [
            place
            for place, title in self._siblings(parent)
            if _is_called(title, text) and self._may_be_number(place, number)
        ]
        return by_number if by_number in called else next(iter(called), None)

    def _find_and_note(self, parent: PartPlace | None, text: str) -> PartPlace | None:
        """The Part there is, and by which number the list calls it."""
        found, name = self._find(parent, text), read_part_name(text)
        if found is not None and name.title and name.number is not None:
            self._numbers[found] = name.number
        return found

    def _may_be_number(self, place: PartPlace, number: int | None) -> bool:
        """Whether the list has not called the Part by another number: two may have one name."""
        return number is None or self._numbers.get(place, number) == number

    def _siblings(
        self, parent: PartPlace | None, *, numbered: bool = False
    ) -> list[tuple[PartPlace, str]]:
        found: list[tuple[PartPlace, str]] = []
        if parent is None or isinstance(parent, int):
            page = self._known[parent].page if parent is not None else self._snapshot.exhibition
            found += [
                (part.page.pk, part.title)
                for part in self._snapshot.parts
                if part.parent_path == page.path
                and not (numbered and part.page.numeral_style == NumeralStyle.NONE)
            ]
        return found + [
            (part.key, part.title)
            for part in self._plan.parts
            if part.parent == parent and not (numbered and part.style == NumeralStyle.NONE)
        ]

    def _make(self, parent: PartPlace | None, text: str, level: int, row: int) -> PartPlace:
        name = read_part_name(text)
        style = name.style if name.title else NumeralStyle.NONE
        part = PlannedPart(
            key=f"new:{len(self._plan.parts)}",
            title=_titles_of(text)[1 if level else 0],
            style=(style or DEFAULT_STYLES[min(level, 2)]).value,
            parent=parent,
            row=row,
        )
        self._plan.parts.append(part)
        if name.number is not None:
            self._numbers[part.key] = name.number
        return part.key


def _titles_of(text: str) -> tuple[str, str]:
    """What a Part is titled that a list names by ``text``, and what a section within one."""
    title = read_part_name(text).title or " ".join(text.split())
    return shortened(title), shortened(section_title(title))


def _is_called(title: str, text: str) -> bool:
    """Whether a list may mean the Part ``title`` by ``text``, with its number or without."""
    if not fold(text):
        return title in _titles_of(text)
    named = {fold(text), *(fold(each) for each in _titles_of(text))}
    told = read_part_name(text)
    return fold(title) in named or (
        bool(told.title) and fold(told.title) == read_part_name(title).folded
    )
