"""Which Parts will stand as the list has them, and which items change their place by that."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

from exhibitions.importing.part_book import PartBook
from exhibitions.importing.plan import PartPlace, Plan, Verdict
from exhibitions.importing.rights import Rights
from exhibitions.importing.snapshot import Snapshot

Standing = tuple[int, int]
"""Where a row's item would stand without a new order: items that stay, then those that come."""


def note_order(plan: Plan, snapshot: Snapshot, parts: PartBook, rights: Rights) -> None:
    """Fill in the orders of ``plan``, the rows that move, and whether the public sees it."""
    positions = {item.page.pk: place for place, item in enumerate(snapshot.items)}
    comes = {number: place for place, number in enumerate(plan.sequence)}
    rows_of: dict[PartPlace, list[int]] = defaultdict(list)
    standing: dict[int, Standing] = {}
    for row in plan.rows:
        if row.verdict is Verdict.BLOCKED:
            continue
        known = snapshot.item(row.page) if row.page else None
        place = row.part if row.part is not None else parts.place_of(known)
        if place is not None:
            rows_of[place].append(row.row)
        if known and row.part is None:
            standing[row.row] = (0, positions[known.page.pk])
        else:
            standing[row.row] = (1, comes.get(row.row, row.row))
            plan.seen_at_once |= bool(known and known.page.live)
    published = {item.page.pk for item in snapshot.items if item.page.live}
    live = {row.row for row in plan.rows if row.page in published}
    for place, rows in rows_of.items():
        if rows == sorted(rows, key=standing.__getitem__):
            continue
        part = parts.known(place)
        if not (rights.may_reorder(part.page) if part else parts.may_order(place)):
            plan.orders_that_stay.append(part.title if part else parts.title_of_new(place))
            continue
        plan.order[str(place)] = rows
        plan.seen_at_once |= not live.isdisjoint(rows)
        _note_moves(plan, rows, standing)


def _note_moves(plan: Plan, rows: Sequence[int], standing: dict[int, Standing]) -> None:
    """Tell of each item that stays in its Part and moves there, behind which row it will stand."""
    there = [row for row in rows if standing[row][0] == 0]
    moved = moved_among([standing[row][1] for row in there])
    for at in moved:
        place = rows.index(there[at])
        plan.moves[there[at]] = rows[place - 1] if place else None


def moved_among(former_places: Sequence[int]) -> list[int]:
    """Which of some things in a new order were moved, as few as can be; by their new places.

    ``former_places`` tells of each where it stood, all different. Those that were not moved
    are a longest ascending run of them, found by patience sorting in n log n steps.
    """
    tops: list[int] = []
    top_at: list[int] = []
    below: list[int | None] = []
    for at, former in enumerate(former_places):
        pile = bisect_left(tops, former)
        below.append(top_at[pile - 1] if pile else None)
        tops[pile : pile + 1] = [former]
        top_at[pile : pile + 1] = [at]
    stayed: set[int] = set()
    each = top_at[-1] if top_at else None
    while each is not None:
        stayed.add(each)
        each = below[each]
    return [at for at in range(len(former_places)) if at not in stayed]
