"""`manage.py serve`, as it is run: what it starts, keeps running, and leaves behind."""

from __future__ import annotations

import http.client
import multiprocessing
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config import environment
from core.serving import CannotServe, Child, _load_application, require_free_port

START_SECONDS = 60
"""Longest a server may take until it answers."""

END_SECONDS = 8
"""Longest a process may take to end; it is waited for, not slept for."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class TestPort:
    def test_a_taken_port_is_told_with_what_to_do(self) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            with pytest.raises(CannotServe) as refusal:
                require_free_port("127.0.0.1", port, within=0)
        assert f"Port {port} is in use; start with PORT={port + 1} make demo" in str(refusal.value)

    def test_a_port_is_waited_for_while_a_killed_server_still_holds_it(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with socket.socket() as held:
            held.bind(("127.0.0.1", 0))
            held.listen()
            port = held.getsockname()[1]
            monkeypatch.setattr("core.serving.time.sleep", lambda seconds: held.close())
            require_free_port("127.0.0.1", port)

    def test_a_free_port_is_accepted(self) -> None:
        require_free_port("127.0.0.1", free_port())

    def test_an_address_of_another_machine_is_refused(self) -> None:
        with pytest.raises(CannotServe, match="Cannot listen at 192"):
            require_free_port("192.0.2.1", 8000)


class TestRestarting:
    @pytest.fixture
    def clock(self, monkeypatch: pytest.MonkeyPatch) -> list[float]:
        now = [1000.0]
        monkeypatch.setattr("core.serving.time.monotonic", lambda: now[0])
        return now

    @pytest.fixture
    def starts(self, clock: list[float], monkeypatch: pytest.MonkeyPatch) -> list[float]:
        """Give the times at which a child was started; each start of it fails at once."""
        started: list[float] = []

        def start(child: Child) -> None:
            child.started_at = clock[0]
            started.append(clock[0])

        monkeypatch.setattr(Child, "start", start)
        return started

    def test_a_child_that_keeps_ending_is_started_less_and_less_often(
        self, clock: list[float], starts: list[float]
    ) -> None:
        child = Child("clockwork", lambda: None)
        for second in range(1000, 1017):
            clock[0] = second
            child.keep_alive()
        assert starts == [1001, 1004, 1009]

    def test_one_that_had_run_well_is_started_again_soon(
        self, clock: list[float], starts: list[float]
    ) -> None:
        child = Child("clockwork", lambda: None, delay=64.0, started_at=900.0)
        child.keep_alive()
        clock[0] += 1
        child.keep_alive()
        assert starts == [1001]


class Server:
    """A running `manage.py serve` and what it has said."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        """Take the process and the port it was given."""
        self.process = process
        self.port = port

    def read_until(self, pattern: str) -> re.Match[str]:
        """Read on to the line with ``pattern``; fail when the process ends before it."""
        assert self.process.stdout is not None
        said = []
        for line in self.process.stdout:
            said.append(line)
            if match := re.search(pattern, line):
                return match
        raise AssertionError(f"never said {pattern!r}, but:\n{''.join(said)}")

    def status_of(self, path: str) -> int:
        exchange = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        exchange.request("GET", path)
        return exchange.getresponse().status

    def first_status_of(self, path: str) -> int:
        """Ask until there is an answer."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                return self.status_of(path)
            except (OSError, http.client.HTTPException):
                assert time.monotonic() < deadline, "it does not answer"

    def descendants(self) -> list[int]:
        """Give the ids of all processes below it."""
        found, parents = [], [self.process.pid]
        while parents:
            children = Path(f"/proc/{parents[0]}/task/{parents.pop(0)}/children").read_text()
            found += [int(child) for child in children.split()]
            parents += [int(child) for child in children.split()]
        return found


def wait_for_end(descriptors: list[int]) -> None:
    """Wait until the processes behind the descriptors have ended."""
    for descriptor in descriptors:
        ended, _, _ = select.select([descriptor], [], [], END_SECONDS)
        os.close(descriptor)
        assert ended, "a process was left behind"


@pytest.fixture(scope="module")
def variables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Give the environment of an installation whose database is ready."""
    values = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "SECRET_KEY": "k" * 60,
        "PORTAL_URL": "http://127.0.0.1:8000",
        "DATA_DIR": str(tmp_path_factory.mktemp("data")),
        "PYTHONUNBUFFERED": "1",
    }
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=environment.BASE_DIR,
        env=values,
        check=True,
        timeout=300,
    )
    return values


@contextmanager
def serving(variables: dict[str, str]) -> Iterator[Server]:
    """Start the server on a free port, and end it whatever happens."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port), "--workers", "2"],
        cwd=environment.BASE_DIR,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield Server(process, port)
    finally:
        process.terminate()
        try:
            process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux of a parent's death")
def test_a_worker_whose_server_was_killed_ends_though_it_cannot_hear_a_request_to() -> None:
    def begin() -> None:
        # As the web server's, which a worker has until it serves.
        signal.signal(signal.SIGTERM, lambda number, frame: None)
        _load_application(parent=os.getpid())

    worker = multiprocessing.get_context("fork").Process(target=begin)
    worker.start()
    worker.join(END_SECONDS)
    assert worker.exitcode == -signal.SIGKILL


@pytest.mark.long
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads Linux's /proc")
class TestServing:
    def test_once_the_address_is_printed_a_page_can_be_had(self, variables: dict[str, str]) -> None:
        with serving(variables) as server:
            server.read_until(f"http://127.0.0.1:{server.port}")
            assert server.status_of("/admin/login/") == 200
            assert server.status_of("/static/wagtailadmin/css/core.css") == 200

    def test_an_unknown_host_is_refused(self, variables: dict[str, str]) -> None:
        with serving(variables) as server:
            server.read_until("Serving at")
            exchange = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
            exchange.request("GET", "/admin/login/", headers={"Host": "elsewhere.example"})
            assert exchange.getresponse().status == 400

    def test_it_ends_with_all_it_started(self, variables: dict[str, str]) -> None:
        with serving(variables) as server:
            server.read_until("keeps the clock")
            descriptors = [os.pidfd_open(child) for child in server.descendants()]
            assert len(descriptors) == 4  # server, its two workers, clockwork
            server.process.send_signal(signal.SIGINT)
            wait_for_end(descriptors)
            assert server.process.wait(END_SECONDS) == 0

    def test_a_killed_supervisor_leaves_nothing_behind(self, variables: dict[str, str]) -> None:
        with serving(variables) as server:
            server.read_until("keeps the clock")
            descriptors = [os.pidfd_open(child) for child in server.descendants()]
            server.process.kill()
            wait_for_end(descriptors)

    def test_a_killed_clockwork_is_started_again(self, variables: dict[str, str]) -> None:
        with serving(variables) as server:
            first = int(server.read_until(r"process \((\d+)\) keeps the clock")[1])
            os.kill(first, signal.SIGKILL)
            server.read_until("clockwork ended")
            second = int(server.read_until(r"process \((\d+)\) keeps the clock")[1])
            assert second != first

    def test_a_killed_server_is_started_again_and_answers(self, variables: dict[str, str]) -> None:
        with serving(variables) as server:
            server.read_until("keeps the clock")
            first = server.descendants()[0]
            gone = os.pidfd_open(first)
            os.kill(first, signal.SIGKILL)
            wait_for_end([gone])
            server.read_until("server ended; starting it again")
            assert server.first_status_of("/admin/login/") == 200
            assert server.process.poll() is None
