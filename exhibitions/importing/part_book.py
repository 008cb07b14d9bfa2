"""The Parts an import finds and those it makes, by how a list names them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from core.vietnamese import fold
from exhibitions.importing.part_names import read_part_name, section_title
from exhibitions.importing.plan import DEFAULT_STYLES, PartPlace, Plan, PlannedPart
from exhibitions.importing.rights import Rights
from exhibitions.importing.snapshot import KnownItem, KnownPart, Snapshot
from exhibitions.importing.values import shortened
from exhibitions.models import ExhibitionPage, PartPage
from exhibitions.models.vocabulary import NumeralStyle

DEFAULT_PART_TITLE = "Tài liệu trưng bày"
"""Of the Part that is made when a list names none and the exhibition has none."""


class _Siblings:
    """The Parts in one place, in order, found by their names without looking at each."""

    def __init__(self) -> None:
        self._titles: dict[PartPlace, str] = {}
        self._numbered: list[PartPlace] = []
        self._by_title: dict[str, list[PartPlace]] = defaultdict(list)
        self._by_bare_title: dict[str, list[PartPlace]] = defaultdict(list)

    def add(self, place: PartPlace, title: str, style: str) -> None:
        """Note a Part, the last so far."""
        self._titles[place] = title
        if style != NumeralStyle.NONE:
            self._numbered.append(place)
        self._by_title[fold(title)].append(place)
        self._by_bare_title[read_part_name(title).folded].append(place)

    def numbered_by(self, number: int | None) -> PartPlace | None:
        """The Part with that number, if so many are numbered."""
        return self._numbered[number - 1] if number and number <= len(self._numbered) else None

    def called(self, text: str) -> list[PartPlace]:
        """Those a list may mean by ``text``, with its number or without, in order."""
        if not fold(text):
            exact = _titles_of(text)
            return [place for place, title in self._titles.items() if title in exact]
        found = {
            place
            for words in {fold(text), *(fold(each) for each in _titles_of(text))}
            for place in self._by_title.get(words, ())
        }
        if bare := fold(read_part_name(text).title):
            found.update(self._by_bare_title.get(bare, ()))
        return sorted(found, key=self._order) if len(found) > 1 else list(found)

    def _order(self, place: PartPlace) -> int:
        return list(self._titles).index(place)


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
        self._made: dict[str, PlannedPart] = {}
        self._siblings: dict[PartPlace | None, _Siblings] = {}

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

    def stands_within(self, item: KnownItem, texts: Sequence[str]) -> bool:
        """Whether ``item`` stands in the Part that ``texts`` name, or in a section of it."""
        own: PartPlace | None = None
        for level, text in enumerate(texts):
            own = self._own(item, level, own, text)
            if own is None:
                return False
        return True

    def level_of(self, item: KnownItem) -> int:
        """How many Parts and sections ``item`` stands in, one within the other."""
        length = len(item.page.path) - len(self._snapshot.exhibition.path)
        return length // item.page.steplen - 1

    def may_add_to(self, place: PartPlace) -> bool:
        """Whether the person may add to a Part, or make it."""
        return self._rights.may_add_to(self._page_above(place))

    def may_take(self, item: KnownItem, place: PartPlace) -> bool:
        """Whether the person may move ``item`` to a Part, also to one that is made."""
        if part := self.known(place):
            return self._rights.may_move(item.page, part.page)
        return self._rights.may_move_to_new_part(item.page, self._page_above(place))

    def may_order(self, place: PartPlace) -> bool:
        """Whether the person may put the items of a Part that is made in order."""
        return self._rights.may_order_new_part(self._page_above(place))

    def title_of_new(self, place: PartPlace) -> str:
        """What a Part is called that is made."""
        return self._made[str(place)].title

    def make_only(self, places: Iterable[PartPlace | None]) -> None:
        """Leave the Parts out of the plan that none of ``places`` is, or stands in."""
        needed: set[str] = set()
        for place in places:
            while isinstance(place, str) and place not in needed:
                needed.add(place)
                place = self._made[place].parent
        self._plan.parts = [part for part in self._plan.parts if part.key in needed]

    def _page_above(self, place: PartPlace | None) -> PartPage | ExhibitionPage:
        """The page that is there: the Part itself, or what a new one is made in."""
        while isinstance(place, str):
            place = self._made[place].parent
        return self._snapshot.exhibition if place is None else self._known[place].page

    def _own(
        self, near: KnownItem | None, level: int, parent: PartPlace | None, text: str
    ) -> int | None:
        """The Part of ``near`` at that level, if ``text`` names it, with its number."""
        if near is None:
            return None
        length = len(self._snapshot.exhibition.path) + near.page.steplen * (level + 1)
        part = self._snapshot.parts_by_path.get(near.page.path[:length])
        if part is None or not (length < len(near.page.path)):
            return None
        above = self._snapshot.parts_by_path.get(part.parent_path)
        if parent != (above.page.pk if above else None):
            return None
        siblings = self._siblings_in(parent)
        name, called = read_part_name(text), siblings.called(text)
        by_number = siblings.numbered_by(name.number)
        if not name.title and by_number is not None:
            return part.page.pk if by_number == part.page.pk else None
        if part.page.pk not in called:
            return None
        is_another = len(called) > 1 and by_number in called and by_number != part.page.pk
        return None if is_another else part.page.pk

    def _find(self, parent: PartPlace | None, text: str) -> PartPlace | None:
        name, siblings = read_part_name(text), self._siblings_in(parent)
        by_number = siblings.numbered_by(name.number)
        if not name.title and by_number is not None:
            return by_number
        called = [
            place for place in siblings.called(text) if self._may_be_number(place, name.number)
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

    def _siblings_in(self, parent: PartPlace | None) -> _Siblings:
        """The Parts in ``parent``; in the exhibition itself for None."""
        if parent not in self._siblings:
            siblings = self._siblings[parent] = _Siblings()
            if not isinstance(parent, str):
                page = self._page_above(parent)
                for part in self._snapshot.parts:
                    if part.parent_path == page.path:
                        siblings.add(part.page.pk, part.title, part.page.numeral_style)
        return self._siblings[parent]

    def _make(self, parent: PartPlace | None, text: str, level: int, row: int) -> PartPlace:
        name = read_part_name(text)
        style = name.style if name.title else NumeralStyle.NONE
        part = PlannedPart(
            key=f"new:{len(self._made)}",
            title=_titles_of(text)[1 if level else 0],
            style=(style or DEFAULT_STYLES[min(level, 2)]).value,
            parent=parent,
            row=row,
        )
        self._plan.parts.append(part)
        self._made[part.key] = part
        self._siblings_in(parent).add(part.key, part.title, part.style)
        if name.number is not None:
            self._numbers[part.key] = name.number
        return part.key


def _titles_of(text: str) -> tuple[str, str]:
    """What a Part is titled that a list names by ``text``, and what a section within one."""
    title = read_part_name(text).title or " ".join(text.split())
    return shortened(title), shortened(section_title(title))
