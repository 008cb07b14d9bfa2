"""References that change hands within one list: who must let go before whom.

When a row is put in between and those below are numbered anew, each item takes the
reference of the next. No two items may have one, so they are written from the last on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from exhibitions.importing.plan import PlannedRow, Problem, Verdict, few_of
from exhibitions.importing.snapshot import KnownItem, Snapshot


def settle_references(
    rows: Sequence[PlannedRow], snapshot: Snapshot, seen: frozenset[int], index: int
) -> list[int]:
    """The numbers of the rows in the order in which their references become free.

    A row whose reference does not become free is blocked, with the reason; so are those
    that exchange theirs in a ring. ``seen`` are the pages the person may be told of,
    ``index`` is the column of the references.
    """
    return _Settling(rows, snapshot, seen, index).order()


class _Settling:
    def __init__(
        self, rows: Sequence[PlannedRow], snapshot: Snapshot, seen: frozenset[int], index: int
    ) -> None:
        self._rows = rows
        self._snapshot = snapshot
        self._seen = seen
        self._index = index
        self._by_page: Mapping[int, PlannedRow] = {row.page: row for row in rows if row.page}
        # What the table says differs from the newest version while that is a draft.
        self._stored = {item.page.reference: item for item in snapshot.items if item.page.reference}

    def order(self) -> list[int]:
        settled: dict[int, None] = {}
        for row in self._rows:
            path = self._path_to(row, settled)
            for each in reversed(path):
                self._require_free(each)
                settled[each.row] = None
        return list(settled)

    def _path_to(self, row: PlannedRow, settled: Mapping[int, None]) -> list[PlannedRow]:
        """``row`` and those that must let go before it, the last of which waits for nobody."""
        path: list[PlannedRow] = []
        places: dict[int, int] = {}
        following: PlannedRow | None = row
        while following is not None and following.row not in settled:
            if following.row in places:
                self._block_ring(path[places[following.row] :])
                break
            places[following.row] = len(path)
            path.append(following)
            following = self._waits_for(following)
        return path

    def _waits_for(self, row: PlannedRow) -> PlannedRow | None:
        """The row of the item that has the reference ``row`` is to have."""
        holder = self._holder(row)
        return self._by_page.get(holder.page.pk) if holder else None

    def _holder(self, row: PlannedRow) -> KnownItem | None:
        reference = row.values.get("reference")
        if not reference or row.is_blocked:
            return None
        holders = [
            *self._snapshot.by_reference.get(reference, []),
            *filter(None, [self._stored.get(reference)]),
        ]
        return next((item for item in holders if item.page.pk != row.page), None)

    def _require_free(self, row: PlannedRow) -> None:
        holder = self._holder(row)
        if holder is None:
            return
        own = self._by_page.get(holder.page.pk)
        lets_go = own is not None and not own.is_blocked and "reference" in own.values
        is_public = holder.page.live and self._stored.get(row.values["reference"]) is holder
        if lets_go and not is_public:
            return
        title = holder.content.get("title") or holder.page.title
        named = _("“%(title)s” has this reference already.") % {"title": title}
        if is_public and lets_go:
            named = _(
                "“%(title)s” is published with this reference. Publish it with its new one first."
            ) % {"title": title}
        taken = _("Another item of the exhibition has this reference already.")
        self._block(row, "reference_taken", named if holder.page.pk in self._seen else taken)

    def _block_ring(self, ring: Sequence[PlannedRow]) -> None:
        for row in ring:
            others = few_of(sorted(each.row for each in ring if each is not row))
            said = _(
                "Rows %(rows)s and this one exchange their references. Give one of them another "
                "reference first, import, and then its new one."
            )
            self._block(row, "exchanged", said % {"rows": others})

    def _block(self, row: PlannedRow, code: str, said: str) -> None:
        row.problems.append(Problem(code, said, self._index, str(row.values["reference"])))
        row.verdict = Verdict.BLOCKED
