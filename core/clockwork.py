"""What happens in the portal without anyone asking: jobs, and duties by the clock.

One process of an installation, the *leader*, does both. Others wait and one of
them takes over when the leader ends, however it ends: leadership is a lock that
the operating system (a file's lock, on SQLite) or the database (an advisory lock,
on PostgreSQL) gives back by itself.

*Jobs* are tasks on the backend ``jobs``. A job that was cut short, by a crash or by
a stop that could not wait for it, is done again by the next leader, so a job must
bear being done twice; one that was begun :data:`JOB_ATTEMPTS` times and never ended
is marked as failed. *Duties* are small pieces of work done every so many seconds,
at whole multiples of their interval (a duty of 60 seconds at the full minute).
Publishing what is due is one; other apps add theirs in ``AppConfig.ready``::

    clockwork.register("fold counts", 5, fold_counts)

Jobs and duties have a thread each, so that an hour's import does not delay an
opening. An error in either is logged and stops nothing else.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import socket
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from django.conf import settings
from django.db import Error as DatabaseFailure
from django.db import close_old_connections, connection, connections
from django.utils.crypto import get_random_string

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

logger = logging.getLogger(__name__)

JOBS_BACKEND = "jobs"
"""The alias in TASKS of the backend whose tasks the leader does."""

JOBS_POLL_SECONDS = 1.0
JOB_ATTEMPTS = 3
LEADERSHIP_POLL_SECONDS = 0.5
DUTIES_POLL_SECONDS = 1.0
STOP_POLL_SECONDS = 0.1
STOP_SECONDS = 1.5
"""How long a stop waits for the job and the duty at hand."""

LOCK_FILE_NAME = "clockwork.lock"
ADVISORY_LOCK_KEY = 7_175_694_811
"""Any number no other user of the same database takes as advisory lock."""


# Duties


@dataclass(frozen=True)
class Duty:
    """Work to be done every ``interval`` seconds of the wall clock, at its multiples."""

    name: str
    interval: float
    work: Callable[[], object]

    def next_after(self, now: float) -> float:
        """Give the first time after ``now`` (seconds since the epoch) at which it is due."""
        return (now // self.interval + 1) * self.interval


_registered: dict[str, Duty] = {}


def register(name: str, interval: float, work: Callable[[], object]) -> None:
    """Add a duty for every leader started from now on; the same name again replaces it.

    ``interval`` is in seconds. Raises ValueError unless it is positive.
    """
    if interval <= 0:
        raise ValueError(f"the interval of the duty {name!r} must be positive")
    _registered[name] = Duty(name, interval, work)


def registered_duties() -> tuple[Duty, ...]:
    """Give the duties in the order they were added."""
    return tuple(_registered.values())


class Timetable:
    """Remembers when each duty is due, and does those that are.

    Every duty is due at once in the beginning: its hour may have passed while no
    leader was at work.
    """

    def __init__(self, duties: Iterable[Duty]) -> None:
        self._due: dict[Duty, float] = dict.fromkeys(duties, 0.0)

    def run_due(self, now: float) -> None:
        """Do what is due at ``now``, in order; log what fails and go on."""
        for duty, due in self._due.items():
            # A clock that was put back must not silence a duty until it has caught up.
            if now < due <= now + duty.interval:
                continue
            self._due[duty] = duty.next_after(now)
            try:
                duty.work()
            except Exception:
                logger.exception("The duty %r failed; it will be tried again.", duty.name)

    def seconds_until_next(self, now: float) -> float:
        """Give how long nothing is due, at most :data:`DUTIES_POLL_SECONDS`."""
        soonest = min(self._due.values(), default=now + DUTIES_POLL_SECONDS)
        return min(max(soonest - now, 0.0), DUTIES_POLL_SECONDS)


# Leadership


class Leadership(ABC):
    """A lock that at most one process of an installation holds."""

    @abstractmethod
    def try_to_take(self) -> bool:
        """Take the lock if it is free; tell whether it is now ours."""

    @abstractmethod
    def is_held(self) -> bool:
        """Tell whether the lock taken before is still ours."""

    @abstractmethod
    def give_up(self) -> None:
        """Let another process take the lock."""


class FileLeadership(Leadership):
    """A lock on a file, for installations whose processes share one folder."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def try_to_take(self) -> bool:
        """Take the lock if it is free; the system frees it when this process ends."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = self._path.open("ab")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True

    def is_held(self) -> bool:
        """Tell whether it was taken: a file's lock is not lost while the file is open."""
        return self._file is not None

    def give_up(self) -> None:
        """Close the file, which frees the lock."""
        if self._file is not None:
            self._file.close()
            self._file = None


class AdvisoryLeadership(Leadership):
    """An advisory lock of PostgreSQL, held by a connection of its own."""

    def __init__(self) -> None:
        self._connection: BaseDatabaseWrapper | None = None

    def try_to_take(self) -> bool:
        """Take the lock if it is free; the server frees it when the connection ends."""
        if self._connection is None:
            # Not the thread's own connection: that one is closed between rounds.
            self._connection = connection.copy()
        try:
            with self._connection.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY_LOCK_KEY])
                return bool(cursor.fetchone()[0])
        except DatabaseFailure:
            logger.warning("The database cannot be asked for leadership; trying again.")
            self.give_up()
            return False

    def is_held(self) -> bool:
        """Tell whether the connection still lives, and with it the lock."""
        if self._connection is None or self._connection.connection is None:
            return False
        try:
            with self._connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except DatabaseFailure:
            return False
        return True

    def give_up(self) -> None:
        """Free the lock and close the connection.

        The end of the connection would free it too, but only a moment later, when the
        server notices.
        """
        if self._connection is None:
            return
        # A connection already lost has freed the lock by itself.
        with contextlib.suppress(DatabaseFailure), self._connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK_KEY])
        self._connection.close()
        self._connection = None


def leadership() -> Leadership:
    """Give the kind of lock that fits the database."""
    if connection.vendor == "postgresql":
        return AdvisoryLeadership()
    return FileLeadership(Path(settings.DATA_DIR) / LOCK_FILE_NAME)


# Jobs


def resume_interrupted_jobs() -> None:
    """Put back in the queue the jobs that a leader began and did not end.

    Only a leader may call this, before it does jobs itself: a job marked as running
    is then nobody's.
    """
    # The models can be imported only once the apps are loaded, and this module is
    # imported by AppConfig.ready of others.
    from django_tasks_db.models import DBTaskResult

    for job in DBTaskResult.objects.running().filter(backend_name=JOBS_BACKEND):
        attempts = len(job.worker_ids)
        if attempts < JOB_ATTEMPTS:
            logger.warning("The job %s was cut short; it is done again.", job.task_path)
            job.status = "READY"
            job.started_at = None
            job.save(update_fields=["status", "started_at"])
        else:
            logger.error("The job %s was cut short %d times.", job.task_path, attempts)
            job.set_failed(RuntimeError(f"cut short {attempts} times"))


class JobsWorker:
    """Does the jobs in the queue, one after another, until told to stop."""

    def __init__(self) -> None:
        from django_tasks_db.management.commands.db_worker import Worker

        host = socket.gethostname()[:24]
        self._worker = Worker(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name=JOBS_BACKEND,
            startup_delay=False,
            max_tasks=None,
            worker_id=f"{host}-{os.getpid()}-{get_random_string(8)}",
            excluded_queue_names=[],
        )

    def run_waiting(self) -> None:
        """Do all jobs that are ready; return when there are none, or after :meth:`stop`."""
        from django_tasks_db.models import DBTaskResult

        # Claiming a job takes the write lock of the whole database on SQLite, so it
        # is first asked, without any lock, whether there is one.
        if DBTaskResult.objects.ready().filter(backend_name=JOBS_BACKEND).exists():
            self._worker.run()

    def stop(self) -> None:
        """Begin no further job."""
        self._worker.running = False


# The two together


class Clockwork:
    """The life of one process: wait for leadership, lead, stop when told to.

    ``duties`` are those registered, unless given. :meth:`run` blocks until
    :meth:`stop` is called from a signal handler or another thread.
    """

    def __init__(self, duties: Iterable[Duty] | None = None) -> None:
        self._duties = registered_duties() if duties is None else tuple(duties)
        self._leadership = leadership()
        # A plain flag, looked at often: setting an Event takes a lock, which a signal
        # handler may interrupt its own thread in the middle of taking.
        self._stopping = False

    def stop(self) -> None:
        """Ask :meth:`run` to end; may be called from a signal handler."""
        self._stopping = True

    def run(self) -> None:
        """Lead whenever leadership can be had, until stopped.

        Returns at most about :data:`STOP_SECONDS` after :meth:`stop`. Work still at
        hand then is on threads that do not keep the process alive.
        """
        while not self._stopping:
            if self._leadership.try_to_take():
                logger.info("This process (%d) keeps the clock and does the jobs.", os.getpid())
                self._lead()
            self._pause(LEADERSHIP_POLL_SECONDS)

    def _pause(self, seconds: float) -> None:
        """Wait so long, or until stopped."""
        deadline = time.monotonic() + seconds
        while not self._stopping and time.monotonic() < deadline:
            time.sleep(STOP_POLL_SECONDS)

    def _lead(self) -> None:
        """Run both threads until stopped or until leadership is lost, then give it up.

        A thread that does not end in time keeps leadership with it: the lock is then
        freed by the end of the process, never while the work may still be going on.
        """
        ending = threading.Event()
        worker = JobsWorker()
        threads = [
            threading.Thread(target=self._do_jobs, args=(worker, ending), daemon=True),
            threading.Thread(target=self._do_duties, args=(ending,), daemon=True),
        ]
        for thread in threads:
            thread.start()
        while not self._stopping and self._leadership.is_held():
            self._pause(LEADERSHIP_POLL_SECONDS)
        ending.set()
        worker.stop()
        if not self._stopping:
            # Another process may lead by now, so this one must not go on with its work.
            logger.error("Leadership was lost; ending.")
            self._stopping = True
        deadline = time.monotonic() + STOP_SECONDS
        for thread in threads:
            thread.join(max(deadline - time.monotonic(), 0.0))
        if not any(thread.is_alive() for thread in threads):
            self._leadership.give_up()

    @staticmethod
    def _do_jobs(worker: JobsWorker, ending: threading.Event) -> None:
        """Do jobs as they come, after those that an earlier leader left."""
        interrupted_jobs_resumed = False
        while not ending.is_set():
            try:
                if not interrupted_jobs_resumed:
                    resume_interrupted_jobs()
                    interrupted_jobs_resumed = True
                worker.run_waiting()
            except Exception:
                logger.exception("The jobs could not be looked at; trying again.")
            _end_round()
            ending.wait(JOBS_POLL_SECONDS)
        connections.close_all()

    def _do_duties(self, ending: threading.Event) -> None:
        """Do the duties by the clock."""
        timetable = Timetable(self._duties)
        while not ending.is_set():
            timetable.run_due(time.time())
            _end_round()
            ending.wait(timetable.seconds_until_next(time.time()))
        connections.close_all()


def _end_round() -> None:
    """Let go of connections that are broken or have served their time."""
    close_old_connections()
