"""What every test may ask for, and what holds for all of them.

A test that needs a service says so (``services``, or a browser fixture) and is
skipped, with the reason, on a machine without it; with ``REQUIRE_ALL=1`` it fails
instead, so that a run meant to be complete cannot pass by leaving things out.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django_tasks.base import TaskResult, TaskResultStatus
from django_tasks.signals import task_finished
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from config import environment
from tests import machine

pytest_plugins = ["tests.portal", "tests.exhibitions.desk"]

# Playwright's event loop lives in the thread of the tests, where Django would
# otherwise refuse every query for fear of blocking it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


def require(service: str) -> None:
    """Skip the running test, or fail it under REQUIRE_ALL, when ``service`` is not here."""
    reason = machine.WHY_NOT[service]()
    if not reason:
        return
    if environment.REQUIRE_ALL.read():
        pytest.fail(f"REQUIRE_ALL is set, and {reason}", pytrace=False)
    pytest.skip(reason)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as browser test whatever asks pytest-playwright for a page."""
    for item in items:
        asked_for = getattr(item, "fixturenames", ())
        if "playwright" in asked_for or "require_chromium" in asked_for:
            item.add_marker("browser")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Look for what the test's marks name, before any fixture tries to use it."""
    if item.get_closest_marker("browser"):
        require("chromium")
    for mark in item.iter_markers("services"):
        for service in mark.args:
            require(service)


@pytest.fixture(scope="session")
def require_chromium() -> str:
    """Give the browser's executable, or skip."""
    require("chromium")
    return machine.chromium_path()


@pytest.fixture(scope="session")
def require_postgresql() -> str:
    """Give the address at which PostgreSQL can be tested, or skip."""
    require("postgresql")
    return environment.TEST_DATABASE_URL.read()


@pytest.fixture
def postgresql_database(require_postgresql: str, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database on the PostgreSQL of the tests, gone afterwards."""
    parameters = {**conninfo_to_dict(require_postgresql), "dbname": "postgres"}
    name = f"trienlam_{tmp_path.name}"[:60].lower()
    database = sql.Identifier(name)
    with psycopg.connect(**parameters, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(database))
    yield urlunsplit(urlsplit(require_postgresql)._replace(path=f"/{name}"))
    with psycopg.connect(**parameters, autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(database))


@pytest.fixture(scope="session")
def require_redis() -> str:
    """Give the address of a Redis database that may be emptied, or skip."""
    require("redis")
    return environment.TEST_REDIS_URL.read()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the machine's own Chromium, which can reach nothing but this machine."""
    arguments = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-quic",
        "--disable-sync",
        "--no-first-run",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    ]
    if os.geteuid() == 0:
        # Chromium's sandbox refuses to be set up by root.
        arguments.append("--no-sandbox")
    return {
        **browser_type_launch_args,
        "executable_path": machine.chromium_path(),
        "args": arguments,
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Read as a visitor in Viet Nam does."""
    return {**browser_context_args, "locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh"}


@pytest.fixture(autouse=True)
def no_task_fails(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test during which a task failed: the task's caller does not notice it."""
    failed: list[str] = []

    def remember(task_result: TaskResult[Any], **_: object) -> None:
        if task_result.status == TaskResultStatus.FAILED:
            traceback = task_result.errors[0].traceback if task_result.errors else ""
            failed.append(f"{task_result.task.module_path}\n{traceback}")

    task_finished.connect(remember, weak=False)
    yield
    task_finished.disconnect(remember)
    if failed and not request.node.get_closest_marker("failing_task"):
        pytest.fail("A task failed:\n" + "\n".join(failed), pytrace=False)
