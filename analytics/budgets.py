"""How many events are believed of one visitor and of one neighbourhood in a minute.

Nothing proves that a view was a person's, so forging is bounded instead: beyond the
budget events are counted as dropped. The budgets are each process's own and far above
what a school class behind one address needs.
"""

from __future__ import annotations

import threading
from collections import Counter

from analytics.visitors import NOBODY

VISITOR_EVENTS = 60
"""Events of one visitor in a minute: a page a second, all minute long."""

NETWORK_EVENTS = 1200
"""Events of one neighbourhood in a minute: forty readers who turn a page every two seconds."""

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

    def allow(self, network: int, visitor: int, now: float) -> bool:
        """Whether one more event is within both budgets at ``now`` (seconds); takes note of it.

        Of a visitor who has no hash only the neighbourhood is asked about.
        """
        with self._lock:
            window = int(now // WINDOW_SECONDS)
            if window != self._window or len(self._visitors) > VISITORS_MOST:
                self._begin(window)
            self._networks[network] += 1
            if self._networks[network] > self._network_events:
                return False
            if visitor == NOBODY:
                return True
            self._visitors[visitor] += 1
            return self._visitors[visitor] <= self._visitor_events
