"""Processes that must not outlive the one that started them.

A server killed with ``kill -9`` cannot stop its children, and a worker left behind
would keep the port and the leadership. Linux can tell a child of its parent's death.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
"""From <linux/prctl.h>: the signal this process gets when its parent dies."""


def end_with_parent(parent: int, *, by: signal.Signals = signal.SIGTERM) -> None:
    """Have this process ended ``by`` a signal when ``parent``, its parent's id, dies.

    SIGTERM lets it finish what it does, unless a handler it inherited swallows that.
    Call it first thing in a child. The signal follows the *thread* that made the
    child, so children must be made by a main thread. Where the system is not
    Linux nothing is done: there the orderly stop is the only one.
    """
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, by, 0, 0, 0)
    if os.getppid() != parent:
        # It died before the line above could ask for the signal.
        os.kill(os.getpid(), by)
