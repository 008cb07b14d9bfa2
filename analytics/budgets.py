"""How many events are believed of one visitor and of one neighbourhood in a minute.

Nothing proves that a view was a person's, so forging is bounded instead: beyond the
budget events are counted as dropped. The budgets are each process's own. People behind
one address with the same browser look like one visitor: a school class at its computers
is far within the budget of one.
"""

from __future__ import annotations

import threading
from collections import Counter

from analytics.visitors import NOBODY

VISITOR_EVENTS = 600
"""Events of one visitor in a minute: forty pupils at equal computers, a page every four seconds."""

NETWORK_EVENTS = 6000
"""Events of one neighbourhood in a minute.

Telephones share their provider's addresses: some thousand of them while an opening is on
television.
"""

WINDOW_SECONDS = 60.0
VISITORS_MOST = 200_000


class Budgets:
    """Counts events by hash, a minute at a time. The hashes are forgotten with the minute."""

    def __init__(
        self, visitor_events: int = VISITOR_EVENTS, network_events: int = NETWORK_EVENTS
    ) -> None:
        self._visitor_events = visitor_events
        self._network_events = network_events
        self._lock = threading.Lock()
        self._begin(-1)

    def _begin(self, window: int) -> None:
        self._window = window
        self._visitors: Counter[int] = Counter()
        self._networks: Counter[int] = Counter()

    def allow_network(self, network: int, now: float) -> bool:
        """Whether one more event of a neighbourhood is believed at ``now`` (seconds); noted."""
        with self._lock:
            self._begin_window(now)
            self._networks[network] += 1
            return self._networks[network] <= self._network_events

    def allow_visitor(self, visitor: int, now: float) -> bool:
        """The same of a visitor. One who has no hash is always believed."""
        if visitor == NOBODY:
            return True
        with self._lock:
            self._begin_window(now)
            self._visitors[visitor] += 1
            return self._visitors[visitor] <= self._visitor_events

    def _begin_window(self, now: float) -> None:
        window = int(now // WINDOW_SECONDS)
        if window != self._window or len(self._visitors) > VISITORS_MOST:
            self._begin(window)
