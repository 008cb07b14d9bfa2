"""Which Parts will stand as the list has them, and which items change their place by that."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Sequence

from exhibitions.importing.part_book import PartBook
from exhibitions.importing.plan import Neighbour, PartPlace, Plan, Verdict
from exhibitions.importing.rights import Rights
from exhibitions.importing.snapshot import Snapshot

Standing = tuple[int, int]
"""Where a row's item would stand without a new order: items that stay, then those that come."""


def note_order(
    plan: Plan, snapshot: Snapshot, parts: PartBook, rights: Rights, seen: Collection[int]
) -> None:
    """Fill in the orders of ``plan``, the rows that move, and whether the public sees it.

    ``seen`` are the pages whose titles the person may see.
    """
    positions = {item.page.pk: place for place, item in enumerate(snapshot.items)}
    comes = {number: place for place, number in enumerate(plan.sequence)}
    rows_of: dict[PartPlace, list[int]] = defaultdict(list)
    standing: dict[int, Standing] = {}
    staying: dict[int, int] = {}
    leaving: set[int] = set()
    for row in plan.rows:
        if row.verdict is Verdict.BLOCKED:
            continue
        known = snapshot.item(row.page) if row.page else None
        place = row.part if row.part is not None else parts.place_of(known)
        if place is not None:
            rows_of[place].append(row.row)
        if known and row.part is None:
            standing[row.row] = (0, positions[known.page.pk])
            staying[known.page.pk] = row.row
        else:
            standing[row.row] = (1, comes.get(row.row, row.row))
            plan.seen_at_once |= bool(known and known.page.live)
            leaving |= {known.page.pk} if known else set()
    published = {item.page.pk for item in snapshot.items if item.page.live}
    live = {row.row for row in plan.rows if row.page in published}
    for place, rows in rows_of.items():
        by_standing = sorted(rows, key=standing.__getitem__)
        if rows == by_standing:
            continue
        part = parts.known(place)
        if not (rights.may_reorder(part.page) if part else parts.may_order(place)):
            plan.orders_that_stay.append(part.title if part else parts.title_of_new(place))
            continue
        plan.order[str(place)] = rows
        plan.seen_at_once |= not live.isdisjoint(rows)
        there: list[Neighbour] = [
            staying.get(page) or (title if page in seen else "")
            for page, title in (snapshot.hung[part.page.path].items() if part else ())
            if page not in leaving
        ]
        coming = [row for row in by_standing if standing[row][0] == 1]
        plan.moves |= moves_within(there, coming, rows)


def moves_within(
    there: Sequence[Neighbour], coming: Sequence[int], rows: Sequence[int]
) -> dict[int, Neighbour | None]:
    """Rows that move within a Part, as few as can be said, and what each will stand behind.

    In the Part stands what is ``there``, and behind it what is ``coming``; of these ``rows``
    tells in their new order. What is no row keeps its place, as ``put_in_order`` has it.
    Whoever follows what is told of each row comes to that order.
    """
    former = [*there, *coming]
    place_of = {each: place for place, each in enumerate(former) if isinstance(each, int)}
    following = iter(rows)
    order = [
        place_of[next(following)] if isinstance(each, int) else place
        for place, each in enumerate(former)
    ]
    were_there = [place for place in order if place < len(there)]
    keeping = {place for place, each in enumerate(there) if not isinstance(each, int)}
    moved = {were_there[at] for at in moved_among(were_there, keeping)}
    return {
        row: None if before is None else former[before]
        for before, place in zip((None, *order), order, strict=False)
        if place in moved and isinstance(row := former[place], int)
    }


def moved_among(former_places: Sequence[int], keeping: Collection[int] = ()) -> list[int]:
    """Which of some things in a new order were moved, as few as can be; by their new places.

    ``former_places`` tells of each where it stood, all different; those ``keeping`` theirs,
    by where they stood, are none of the moved. Those that were not moved are a longest
    ascending run of them, found by patience sorting in n log n steps.
    """
    may_stay = _that_may_stay(former_places, keeping)
    tops: list[int] = []
    top_at: list[int] = []
    below: dict[int, int | None] = {}
    for at in may_stay:
        former = former_places[at]
        pile = bisect_left(tops, former)
        below[at] = top_at[pile - 1] if pile else None
        tops[pile : pile + 1] = [former]
        top_at[pile : pile + 1] = [at]
    stayed: set[int] = set()
    each = top_at[-1] if top_at else None
    while each is not None:
        stayed.add(each)
        each = below[each]
    return [at for at in range(len(former_places)) if at not in stayed]


def _that_may_stay(former_places: Sequence[int], keeping: Collection[int]) -> list[int]:
    """New places of those that passed none that keeps its place, and so of all these too.

    Each of these fits every one of those, so a longest run holds them all.
    """
    kept = [former for former in former_places if former in keeping]
    passed = 0
    found = []
    for at, former in enumerate(former_places):
        if former in keeping:
            passed += 1
            found.append(at)
        elif bisect_left(kept, former) == passed:
            found.append(at)
    return found
