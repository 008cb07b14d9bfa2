"""The portal as it is installed: real processes, on a folder and a port of their own."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest
from django.db import connection

from config import environment

Found = TypeVar("Found")

START_SECONDS = 90
END_SECONDS = 15


@dataclass
class Installation:
    """A folder with a database, and the environment of its processes."""

    data: Path
    port: int
    variables: dict[str, str] = field(repr=False)

    @property
    def log(self) -> Path:
        """All that its processes have said, on either stream."""
        return self.data.parent / f"{self.data.name}.log"

    def run(self, code: str) -> Any:
        """Run ``code`` in this installation; what it prints last, as JSON."""
        done = subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{code}"],
            cwd=environment.BASE_DIR,
            env=self.variables,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
        said = done.stdout.split("\n")
        return json.loads(said[-2]) if len(said) > 1 else None

    def manage(self, *arguments: str) -> None:
        """Run a management command."""
        subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=environment.BASE_DIR,
            env=self.variables,
            check=True,
            timeout=600,
        )

    def start(self) -> Running:
        """Start ``manage.py serve`` and wait until it says that a page can be had."""
        log = self.log.open("ab")
        begin = log.tell()
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(self.port), "--workers", "2"],
            cwd=environment.BASE_DIR,
            env=self.variables,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # A group of its own, so that whatever is left of it can be ended by its id.
            start_new_session=True,
        )
        log.close()
        running = Running(self, process, begin)
        try:
            running.wait_for("Serving at")
        except BaseException:
            running.kill_all()
            raise
        return running

    @contextmanager
    def serving(self) -> Iterator[Running]:
        """Serve for a while, and end all of it whatever happens."""
        running = self.start()
        try:
            yield running
            running.stop()
        finally:
            running.kill_all()

    def ask(self, path: str, body: bytes | None = None, **headers: str) -> http.client.HTTPResponse:
        """Ask the running server, with ``headers`` as in ``User_Agent``; the answer, read."""
        exchange = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            exchange.request("GET" if body is None else "POST", path, body, named)
            answer = exchange.getresponse()
            answer.read()
        finally:
            exchange.close()
        return answer


class Ended(AssertionError):
    """What was waited for will not come."""


@dataclass
class Running:
    """A running server: the supervisor, and all processes below it."""

    installation: Installation
    process: subprocess.Popen[bytes]
    log_begin: int
    _seen: dict[int, int] = field(default_factory=dict)
    """Each process ever found below the supervisor, and a descriptor that stays with it."""

    @property
    def has_ended(self) -> bool:
        """Whether the supervisor is gone, and with it all the rest."""
        return self.process.poll() is not None

    def said(self, pattern: str) -> re.Match[str] | None:
        """The last place in the log of this run where ``pattern`` stands."""
        with self.installation.log.open("rb") as file:
            file.seek(self.log_begin)
            text = file.read().decode("utf-8", "replace")
        return list(re.finditer(pattern, text))[-1] if re.search(pattern, text) else None

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Wait until ``pattern`` stands in the log."""
        return self._wait_until(lambda: self.said(pattern), f"never said {pattern!r}")

    def _wait_until(self, come: Callable[[], Found | None], otherwise: str) -> Found:
        """Wait until ``come`` gives something; :class:`Ended` when the supervisor ends before."""
        for _look in range(START_SECONDS * 20):
            if found := come():
                return found
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(0.05)
                break
        if found := come():
            return found
        raise Ended(f"{otherwise}; the log:\n{self.installation.log.read_text()}")

    def _children(self, parent: int) -> list[int]:
        try:
            children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        except FileNotFoundError:
            return []
        for child in map(int, children):
            if child not in self._seen:
                with contextlib.suppress(ProcessLookupError):
                    self._seen[child] = os.pidfd_open(child)
        return [int(child) for child in children]

    @property
    def leader(self) -> int:
        """The process that keeps the clock, once there is one."""

        def leading() -> int | None:
            found = self.said(r"process \((\d+)\) keeps the clock")
            return int(found[1]) if found and self._lives(int(found[1])) else None

        return self._wait_until(leading, "nobody keeps the clock")

    def _lives(self, child: int) -> bool:
        # One that is dead and not yet buried is still among the children.
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            state = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0]
            return child in self._children(self.process.pid) and state != "Z"
        return False

    @property
    def server(self) -> int:
        """The web server's main process: the supervisor's first child that keeps no clock."""

        def serving() -> list[int]:
            found = self.said(r"process \((\d+)\) keeps the clock")
            leader = int(found[1]) if found else None
            return [child for child in self._children(self.process.pid) if child != leader]

        return self._wait_until(serving, "nothing runs")[0]

    @property
    def workers(self) -> list[int]:
        """The processes that answer, once there is one."""
        return self._wait_until(lambda: self._children(self.server), "nobody answers")

    def kill(self, victim: int) -> None:
        """End one process of this server as a power cut would, and see it gone."""
        self._children(self.process.pid)
        with contextlib.suppress(ProcessLookupError):
            descriptor = os.pidfd_open(victim)
            signal.pidfd_send_signal(descriptor, signal.SIGKILL)
            select.select([descriptor], [], [], END_SECONDS)
            os.close(descriptor)

    def stop(self) -> None:
        """Ask it to end, in order."""
        self._note_all()
        self.process.terminate()
        assert self.process.wait(END_SECONDS) == 0, self.installation.log.read_text()

    def _note_all(self) -> None:
        for child in self._children(self.process.pid):
            self._children(child)

    def kill_all(self) -> None:
        """End whatever of it is still there, and see it gone."""
        self._note_all()
        self.process.kill()
        self.process.wait(END_SECONDS)
        for descriptor in self._seen.values():
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(descriptor, signal.SIGKILL)
            select.select([descriptor], [], [], END_SECONDS)
            os.close(descriptor)
        self._seen.clear()


def free_port() -> int:
    """A port nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def new_installation(data: Path, database_url: str = "", **variables: str) -> Installation:
    """An installation on the folder ``data``, without a database yet."""
    port = free_port()
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Installation(
        data,
        port,
        {
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "SECRET_KEY": "k" * 60,
            "PORTAL_URL": f"http://127.0.0.1:{port}",
            "ALLOWED_HOSTS": "127.0.0.1",
            "DATA_DIR": str(data),
            "DATABASE_URL": database_url,
            "PYTHONUNBUFFERED": "1",
            **variables,
        },
    )


def take_over_test_database(installation: Installation) -> None:
    """Give an installation on SQLite all that the running test has in its own database."""
    if connection.vendor != "sqlite":
        pytest.skip("takes over the test's own database, which is SQLite's in another run")
    # Not a backup, which would wait for the end of the test's own transaction.
    content = connection.connection.serialize()
    (installation.data / "trienlam.sqlite3").write_bytes(content)
