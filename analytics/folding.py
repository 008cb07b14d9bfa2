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

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from analytics import figures, journal, trackable
from analytics.journal import MOMENT, PAGE, EventFields, Piece
from analytics.models import CountedPage, JournalPosition
from analytics.rules import NO_EXHIBITION, Counting, Place, hour_of
from analytics.vocabulary import Kind, Reason

logger = logging.getLogger(__name__)

LAG_MS = 1000
"""Events younger than this wait for the next round: another process's may still be older."""

ROUND_EVENTS = 50_000
"""How many events are read of one file in a round; a backlog takes several."""

ROUND_BYTES = ROUND_EVENTS * journal.RECORD_BYTES

SAMPLE = 64
"""Of so many events some can be folded, unless it is not for the events that it fails."""


class Overtaken(Exception):
    """Another process has read on in the journal meanwhile; this round is undone."""


NOT_FOR_THE_EVENTS = (Overtaken, OperationalError, InterfaceError)
"""What a round fails by when another leader or the database's connection is the cause."""


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
        self._failed = 0
        """How many rounds in a row have failed for what stands in the journal, as it seems."""

    def fold(self, now_ms: int) -> bool:
        """Fold what the journal has up to a moment before ``now_ms``; whether that was all.

        Raises :class:`Overtaken` when another process does the same, and whatever else
        goes wrong; then nothing was written, and the next call begins afresh. What a disk
        has changed in the journal, or nobody can count, must not stop counting for ever:
        after a round that failed by it every record is checked by its sum, and after a
        second one the events that cannot be folded are looked for and left out as torn.
        """
        try:
            done = self._fold(now_ms, check_all=self._failed > 0, try_events=self._failed > 1)
        except BaseException as error:
            self._counting = None
            self._failed += not isinstance(error, NOT_FOR_THE_EVENTS)
            raise
        self._failed = 0
        return done

    def _fold(self, now_ms: int, *, check_all: bool, try_events: bool) -> bool:
        positions = dict(JournalPosition.objects.values_list("file", "position"))
        paths = journal.files()
        known = {path.name: positions.get(path.name, 0) for path in paths}
        # Files come and go; only where another process has read on is the memory worth nothing.
        moved = any(at != self._reached.get(name, 0) for name, at in known.items())
        if self._counting is None or moved:
            self._counting = remember(paths, known, check_all=check_all, try_events=try_events)
        self._reached = known
        this = read_round(paths, positions, now_ms - LAG_MS, check_all=check_all)
        if not this.moves:
            return True  # what is left is of a later time
        if try_events:
            found = len(this.events)
            this.events = foldable(this.events)
            this.torn += found - len(this.events)
        places, described = describe_pages(_pages_of(this.events))
        tally = self._counting.apply(this.events, places)
        if this.torn:
            tally.dropped[hour_of(now_ms), Kind.VIEW, Reason.TORN] += this.torn
        with transaction.atomic():
            _move_positions(this.moves)
            figures.write(tally, described)
        self._reached = known | {name: after for name, (_before, after) in this.moves.items()}
        return this.complete


def remember(
    paths: Iterable[Path],
    positions: Mapping[str, int],
    *,
    check_all: bool = False,
    try_events: bool = False,
) -> Counting:
    """The rules' memory after all that has been folded already: the tally is thrown away."""
    counting = Counting()
    streams = [_events_until(path, positions[path.name], check_all=check_all) for path in paths]
    events = merge(*streams, key=_moment)
    while some := list(islice(events, ROUND_EVENTS)):
        some = foldable(some) if try_events else some
        places, _described = describe_pages(_pages_of(some))
        counting.apply(some, places)
    return counting


def _events_until(path: Path, end: int, *, check_all: bool) -> Iterator[EventFields]:
    """The events of ``path`` up to byte ``end``."""
    position = 0
    while position < end:
        most = min(ROUND_BYTES, end - position)
        piece = journal.read(path, position, most, check_all=check_all)
        if piece.read_to == position:
            return
        yield from piece.events
        position = piece.read_to


def read_round(
    paths: Iterable[Path],
    positions: Mapping[str, int],
    horizon_ms: int,
    *,
    check_all: bool = False,
) -> Round:
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
        piece = journal.read(path, position, ROUND_BYTES, check_all=check_all)
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


def foldable(events: list[EventFields]) -> list[EventFields]:
    """Those of ``events`` that can be folded: the others are looked for by halving.

    All of them where not one of a sample can: then something else is wrong, and to leave
    them out would lose what is sound.
    """
    sample = events[:: len(events) // SAMPLE + 1]
    if not any(_can_be_folded([each]) for each in sample):
        return events
    left = _without_unfoldable(events)
    if len(left) < len(events):
        number = len(events) - len(left)
        logger.error("%d events of the journal cannot be counted and are left out.", number)
    return left


def _without_unfoldable(events: list[EventFields]) -> list[EventFields]:
    if _can_be_folded(events):
        return events
    if len(events) == 1:
        return []
    middle = len(events) // 2
    return _without_unfoldable(events[:middle]) + _without_unfoldable(events[middle:])


def _can_be_folded(events: list[EventFields]) -> bool:
    """Whether these can be counted and written; tried, and taken back."""
    try:
        with transaction.atomic():
            places, described = describe_pages(_pages_of(events))
            figures.write(Counting().apply(events, places), described)
            transaction.set_rollback(True)
    except NOT_FOR_THE_EVENTS:
        raise
    except Exception:
        return False
    return True


def _pages_of(events: Iterable[EventFields]) -> set[int]:
    """The pages that ``events`` are of, by the numbers that were journalled."""
    return {each[PAGE] for each in events if each[PAGE]}


def describe_pages(
    numbers: set[int],
) -> tuple[dict[int, Place], dict[int, trackable.CountablePage]]:
    """As what, and where, each page is read: as is known now, or was when it was last counted.

    With it, the pages that can be described now, the sources of aliases among them. Whether
    they are public does not matter: that was judged when the event was journalled.
    """
    described = dict(trackable.pages.ask(numbers))
    sources = {page.number for page in described.values()} - described.keys()
    described |= trackable.pages.ask(sources)
    unknown = numbers - described.keys()
    former = CountedPage.objects.filter(pk__in=unknown).values_list("number", "exhibition")
    places = {number: Place(number, hall or NO_EXHIBITION) for number, hall in former}
    for number, page in described.items():
        places[number] = Place(page.number, page.exhibition or NO_EXHIBITION)
    return places, described


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
