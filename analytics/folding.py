"""From the journal into the figures: read on, apply the rules, write both in one transaction.

The leader does this every few seconds. Figures and the positions up to which the journal
has been read are written together or not at all, so an event is never counted twice and
none that was accepted is lost, whoever is killed when. A second leader cannot count the
same events: a position is only moved on from where this reader began.

What the rules remember between two rounds is not stored anywhere; after a start, or
after a round that failed, it is had again by reading the day's journal once more.
"""

from __future__ import annotations

import logging
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from heapq import merge
from itertools import chain, islice
from operator import itemgetter
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from analytics import figures, journal, trackable
from analytics.journal import MOMENT, PAGE, EventFields, Piece
from analytics.models import CountedPage, JournalPosition
from analytics.rules import Counting, hour_of
from analytics.vocabulary import Kind, Reason

logger = logging.getLogger(__name__)

LAG_MS = 1000
"""Events younger than this wait for the next round: another process's may still be older."""

ROUND_EVENTS = 50_000
"""How many events are read of one file in a round; a backlog takes several."""

ROUND_BYTES = ROUND_EVENTS * journal.RECORD_BYTES


class Overtaken(Exception):
    """Another process has read on in the journal meanwhile; this round is undone."""


@dataclass
class Round:
    """The events of one round in order of time, and the positions reached with them."""

    events: list[EventFields] = field(default_factory=list)
    moves: dict[str, tuple[int | None, int]] = field(default_factory=dict)
    """By file: the position before (None for a new file) and after."""
    torn: int = 0
    complete: bool = True
    """Whether nothing that may be counted now was left unread."""


class Folder:
    """Folds the journal, one round at a time, remembering what the rules need."""

    def __init__(self) -> None:
        self._counting: Counting | None = None
        self._reached: dict[str, int] = {}

    def fold(self, now_ms: int) -> bool:
        """Fold what the journal has up to a moment before ``now_ms``; whether that was all.

        Raises :class:`Overtaken` when another process does the same, and database errors;
        then nothing was written, and the next call begins afresh.
        """
        try:
            return self._fold(now_ms)
        except BaseException:
            self._counting = None
            raise

    def _fold(self, now_ms: int) -> bool:
        positions = dict(JournalPosition.objects.values_list("file", "position"))
        paths = journal.files()
        known = {path.name: positions.get(path.name, 0) for path in paths}
        # Files come and go; only where another process has read on is the memory worth nothing.
        moved = any(at != self._reached.get(name, 0) for name, at in known.items())
        if self._counting is None or moved:
            self._counting = remember(paths, known)
        self._reached = known
        this = read_round(paths, positions, now_ms - LAG_MS)
        if not this.moves:
            return True  # what is left is of a later time
        exhibitions, described = describe_pages({each[PAGE] for each in this.events if each[PAGE]})
        tally = self._counting.apply(this.events, exhibitions)
        if this.torn:
            tally.dropped[hour_of(now_ms), Kind.VIEW, Reason.TORN] += this.torn
        with transaction.atomic():
            _move_positions(this.moves)
            figures.write(tally, described)
        self._reached = known | {name: after for name, (_before, after) in this.moves.items()}
        return this.complete


def remember(paths: Iterable[Path], positions: Mapping[str, int]) -> Counting:
    """The rules' memory after all that has been folded already: the tally is thrown away."""
    counting = Counting()
    exhibitions = dict(CountedPage.objects.values_list("number", "exhibition"))
    streams = [_events_until(path, positions[path.name]) for path in paths]
    events = merge(*streams, key=_moment)
    while some := list(islice(events, ROUND_EVENTS)):
        counting.apply(some, exhibitions)
    return counting


def _events_until(path: Path, end: int) -> Iterator[EventFields]:
    """The events of ``path`` up to byte ``end``."""
    position = 0
    while position < end:
        piece = journal.read(path, position, min(ROUND_BYTES, end - position))
        if piece.read_to == position:
            return
        yield from piece.events
        position = piece.read_to


def read_round(paths: Iterable[Path], positions: Mapping[str, int], horizon_ms: int) -> Round:
    """Read on in every file, up to the events of ``horizon_ms``.

    Where a file has more than fits a round, nothing later than its last event read is
    taken from the others either: the order of time holds across files.
    """
    pieces: list[tuple[str, int, Piece]] = []
    this = Round()
    for path, size in journal.sizes(list(paths)):
        position = positions.get(path.name, 0)
        if size - position < journal.RECORD_BYTES:
            continue
        piece = journal.read(path, position, ROUND_BYTES)
        pieces.append((path.name, position, piece))
        if size - piece.read_to >= journal.RECORD_BYTES:
            # Where nothing could be read, nobody knows yet how old is what comes after it.
            horizon_ms = min(horizon_ms, piece.events[-1][MOMENT] if piece.events else 0)
            this.complete = False
    streams: list[list[EventFields]] = []
    for name, position, piece in pieces:
        count = bisect_right(piece.events, horizon_ms, key=_moment)
        whole = count == len(piece.events)
        after = piece.read_to if whole else (piece.ends[count - 1] if count else position)
        if after == position:
            continue
        this.torn += sum(place < after for place in piece.torn)
        this.moves[name] = (positions.get(name), after)
        streams.append(piece.events[:count])
    # They are in order each: sorting finds that out, and is quicker than merging them.
    this.events = sorted(chain.from_iterable(streams), key=_moment)
    return this


_moment = itemgetter(MOMENT)


def describe_pages(
    numbers: set[int],
) -> tuple[dict[int, int | None], dict[int, trackable.CountablePage]]:
    """The exhibition of each page, by what is known now or was known when it was last counted.

    With it, the pages that can be described now.
    """
    described = {each.number: each for each in trackable.pages.ask(numbers).values()}
    exhibitions = {number: page.exhibition for number, page in described.items()}
    unknown = numbers - exhibitions.keys()
    former = CountedPage.objects.filter(pk__in=unknown).values_list("number", "exhibition")
    return exhibitions | dict(former), described


def _move_positions(moves: Mapping[str, tuple[int | None, int]]) -> None:
    """Move each file's position on, from where this round began or not at all."""
    fresh = [name for name, (before, _after) in moves.items() if before is None]
    JournalPosition.objects.bulk_create(
        [JournalPosition(file=name, position=0) for name in fresh], ignore_conflicts=True
    )
    for name, (before, after) in moves.items():
        moved = JournalPosition.objects.filter(file=name, position=before or 0).update(
            position=after
        )
        if not moved:
            raise Overtaken(name)


_folder = Folder()


def fold_journal() -> None:
    """The leader's duty: fold all there is to fold now, round after round."""
    while True:
        now_ms = int(timezone.now().timestamp() * 1000)
        try:
            if _folder.fold(now_ms):
                return
        except Overtaken as error:
            logger.warning("The journal %s is being read by another process.", error)
            return
