"""What this machine offers the tests: Chromium, PostgreSQL, Redis.

Each is looked for once, by using it for a moment. What is not there is said in words
that name the variable or the Debian package that would help. ``python -m tests.machine``
prints all; ``python -m tests.machine postgresql`` prints the address to test at.
"""

from __future__ import annotations

import functools
import os
import shutil
import sys
from collections.abc import Callable

from config import environment

CONNECT_SECONDS = 3


def chromium_path() -> str:
    """Give the browser's executable, "" when there is none."""
    named = environment.CHROMIUM.read()
    if named:
        return named if os.access(named, os.X_OK) else ""
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return next((path for path in found if path), "")


@functools.cache
def why_no_chromium() -> str:
    """Say why browser tests cannot run; "" when they can."""
    if chromium_path():
        return ""
    return "Chromium is not on this machine: apt-get install chromium, or set CHROMIUM"


@functools.cache
def why_no_postgresql() -> str:
    """Say why nothing can be tested on PostgreSQL; "" when it can."""
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    address = environment.TEST_DATABASE_URL.read()
    try:
        # The database named there is only what the test database is named after.
        parameters = {**conninfo_to_dict(address), "dbname": "postgres"}
        psycopg.connect(**parameters, connect_timeout=CONNECT_SECONDS).close()
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0]
        return f"PostgreSQL does not answer ({reason}): apt-get install postgresql, or set {_URL}"
    return ""


@functools.cache
def why_no_redis() -> str:
    """Say why nothing can be tested on Redis; "" when it can."""
    import redis

    client = redis.Redis.from_url(
        environment.TEST_REDIS_URL.read(), socket_connect_timeout=CONNECT_SECONDS
    )
    try:
        client.ping()
    except redis.RedisError as error:
        return f"Redis does not answer ({error}): apt-get install redis-server, or set {_REDIS}"
    finally:
        client.close()
    return ""


_URL = environment.TEST_DATABASE_URL.name
_REDIS = environment.TEST_REDIS_URL.name

WHY_NOT: dict[str, Callable[[], str]] = {
    "chromium": why_no_chromium,
    "postgresql": why_no_postgresql,
    "redis": why_no_redis,
}
"""For each service, a function that says why it cannot be used, "" when it can."""


def main() -> None:
    """Print what was found, or the address of PostgreSQL for ``make test-postgresql``."""
    if sys.argv[1:] == ["postgresql"]:
        reason = why_no_postgresql()
        if not reason:
            print(environment.TEST_DATABASE_URL.read())
        elif environment.REQUIRE_ALL.read():
            sys.exit(f"FAILED: {reason}")
        else:
            print(f"SKIPPED on PostgreSQL: {reason}", file=sys.stderr)
        return
    for name, why_not in WHY_NOT.items():
        print(f"{name:<12}{why_not() or 'found'}")


if __name__ == "__main__":
    main()
