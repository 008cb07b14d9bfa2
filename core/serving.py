"""The portal on one machine: web server and clockwork under one supervisor.

The supervisor loads Django once and forks: a child that prepares (migrations, for
the demonstration its content), then the clockwork, then the server, whose workers
are forked in turn. So nothing is imported twice, and a start takes a second. The
supervisor itself runs no thread and opens no database connection, which is what
makes forking it safe at any time.

Two workers answer requests, not more than there are processors: SQLite lets any
number of processes read while one writes, and a second process uses the second
processor, which threads of one Python process cannot.
"""

from __future__ import annotations

import errno
import http.client
import logging
import multiprocessing
import os
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.servers.basehttp import get_internal_wsgi_application
from django.db import connections

from core.lifeline import end_with_parent
from core.management.commands.clockwork import run_until_signalled

logger = logging.getLogger(__name__)

THREADS_PER_WORKER = 4
READY_SECONDS = 60.0
READY_REQUEST_SECONDS = 10.0
STOP_SECONDS = 5.0
RELEASE_SECONDS = STOP_SECONDS
"""How long a server may hold its port after its supervisor was killed: it stops in order."""
POLL_SECONDS = 0.1
FIRST_RESTART_DELAY = 1.0
LONGEST_RESTART_DELAY = 60.0
STEADY_SECONDS = 60.0
"""A child that ran this long is taken to be well again: the next delay is the first one."""

_fork = multiprocessing.get_context("fork")


class CannotServe(Exception):
    """The server cannot be started; the message says why and what to do."""


def default_workers() -> int:
    """Give the number of worker processes that suits this machine."""
    return min(2, os.cpu_count() or 1)


def require_free_port(host: str, port: int, within: float = RELEASE_SECONDS) -> None:
    """Return when the address can be listened at, waiting up to ``within`` seconds.

    Raises :class:`CannotServe` when it cannot.
    """
    deadline = time.monotonic() + within
    while error := _refusal(host, port):
        if error.errno != errno.EADDRINUSE:
            raise CannotServe(f"Cannot listen at {host}, port {port}: {error.strerror}.") from error
        if time.monotonic() >= deadline:
            raise CannotServe(
                f"Port {port} is in use; start with PORT={port + 1} make demo "
                f"(or manage.py serve --port {port + 1})."
            ) from error
        time.sleep(POLL_SECONDS)


def _refusal(host: str, port: int) -> OSError | None:
    """Why the address cannot be listened at, if it cannot."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error
    return None


def answers(host: str, port: int) -> bool:
    """Tell whether a page, or at least an error, comes back from the address.

    The portal's own host name is asked for, so that the answer is what a visitor
    gets; asking also makes the first worker load what the first page needs.
    """
    portal = urlsplit(settings.WAGTAILADMIN_BASE_URL)
    headers = {"Host": portal.netloc, "X-Forwarded-Proto": portal.scheme}
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    exchange = http.client.HTTPConnection(reachable, port, timeout=READY_REQUEST_SECONDS)
    try:
        exchange.request("GET", "/", headers=headers)
        exchange.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        exchange.close()
    return True


def _load_application(parent: int) -> Callable[..., Any]:
    """Give the WSGI application, in a worker that must end with its server.

    Until it serves, a worker has the signal handlers of the server it was forked from,
    which only note a SIGTERM: told so, it would stay for good, and keep the port.
    """
    end_with_parent(parent, by=signal.SIGKILL)
    return get_internal_wsgi_application()


def _run_server(host: str, port: int, workers: int) -> None:
    """Run the web server in this process until SIGTERM."""
    # Here and not above: importing it configures logging, in this process only.
    from functools import partial

    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    server = Granian(
        target=settings.WSGI_APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS_PER_WORKER,
        respawn_failed_workers=True,
        workers_kill_timeout=int(STOP_SECONDS) - 2,
        log_level=LogLevels.warning,
        # An access log would keep the addresses of visitors.
        log_access=False,
    )
    server.serve(target_loader=partial(_load_application, os.getpid()), wrap_loader=False)


@dataclass
class Child:
    """A forked process with the work it does, and when it may be started again."""

    name: str
    work: Callable[[], None]
    process: BaseProcess | None = None
    started_at: float = 0.0
    delay: float = FIRST_RESTART_DELAY
    restart_at: float = field(default=0.0)

    def start(self) -> None:
        """Fork it now."""
        connections.close_all()
        self.process = _fork.Process(
            name=self.name, target=_child_main, args=(os.getpid(), self.work)
        )
        self.process.start()
        self.started_at = time.monotonic()

    def is_alive(self) -> bool:
        """Tell whether it runs."""
        return self.process is not None and self.process.is_alive()

    def keep_alive(self) -> None:
        """Start it again when it has ended: at once the first time, later with growing delays."""
        if self.is_alive():
            return
        now = time.monotonic()
        if self.restart_at == 0.0:
            steady = now - self.started_at >= STEADY_SECONDS
            self.delay = FIRST_RESTART_DELAY if steady else self.delay
            self.restart_at = now + self.delay
            self.delay = min(self.delay * 2, LONGEST_RESTART_DELAY)
            logger.error("The %s ended; starting it again.", self.name)
        elif now >= self.restart_at:
            self.restart_at = 0.0
            self.start()

    def stop(self, seconds: float) -> None:
        """Ask it to end, and end it when it has not within ``seconds``."""
        if self.process is None:
            return
        self.process.terminate()
        self.process.join(seconds)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


def _child_main(parent: int, work: Callable[[], None]) -> None:
    """Do the work of a child, with the signals of a process of its own."""
    # Ctrl-C goes to every process of the terminal's foreground group. In a group of
    # its own the child hears of it from the supervisor only, in the right order.
    os.setpgid(0, 0)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    end_with_parent(parent)
    work()


class Supervisor:
    """Runs the children until told to stop; one that ends by itself is started again."""

    def __init__(self, host: str, port: int, workers: int) -> None:
        self._host = host
        self._port = port
        self._clockwork = Child("clockwork", run_until_signalled)
        self._server = Child("server", lambda: _run_server(host, port, workers))
        self._stopping = False

    def prepare(self, work: Callable[[], None]) -> None:
        """Do ``work`` in a child and wait; raise :class:`CannotServe` when it fails."""
        child = Child("preparation", work)
        with self._stopped_by_signals():
            child.start()
            while child.is_alive() and not self._stopping:
                time.sleep(POLL_SECONDS)
        if self._stopping:
            child.stop(STOP_SECONDS)
            raise CannotServe("Stopped before everything was ready; start again to go on.")
        if child.process is not None and child.process.exitcode != 0:
            raise CannotServe("The preparation failed; what went wrong stands above.")

    def run(self, when_ready: Callable[[], None]) -> None:
        """Serve until SIGTERM or Ctrl-C; call ``when_ready`` once a page can be had.

        Raises :class:`CannotServe` when the server cannot be started or does not answer.
        """
        require_free_port(self._host, self._port)
        with self._stopped_by_signals():
            try:
                self._server.start()
                self._wait_until_ready()
                self._clockwork.start()
                if not self._stopping:
                    when_ready()
                self._watch()
            finally:
                self._server.stop(STOP_SECONDS)
                self._clockwork.stop(STOP_SECONDS)

    def _wait_until_ready(self) -> None:
        """Return when the server answers, or when stopped."""
        deadline = time.monotonic() + READY_SECONDS
        while not self._stopping and not answers(self._host, self._port):
            if not self._server.is_alive():
                raise CannotServe("The server ended by itself; what went wrong stands above.")
            if time.monotonic() > deadline:
                raise CannotServe(f"The server did not answer within {READY_SECONDS:.0f} seconds.")
            time.sleep(POLL_SECONDS)

    def _watch(self) -> None:
        """Keep both running until somebody says stop.

        The server starts a worker that ends again by itself, but gives up when that one
        ends within seconds as well: then the whole server is started again.
        """
        while not self._stopping:
            self._server.keep_alive()
            self._clockwork.keep_alive()
            time.sleep(POLL_SECONDS)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def _stopped_by_signals(self) -> _Handlers:
        """Have Ctrl-C, SIGTERM and a closed terminal stop the supervisor in an orderly way."""
        return _Handlers(self._stop, signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class _Handlers:
    """Puts a handler in place for some signals, and the former ones back at the end."""

    def __init__(
        self, handler: Callable[[int, FrameType | None], None], *numbers: signal.Signals
    ) -> None:
        self._handler = handler
        self._numbers = numbers
        self._former: dict[signal.Signals, Any] = {}

    def __enter__(self) -> None:
        for number in self._numbers:
            self._former[number] = signal.signal(number, self._handler)

    def __exit__(self, *_: object) -> None:
        for number, handler in self._former.items():
            signal.signal(number, handler)
