"""Tasks for the tests of the clockwork; a task is found again by the name of its module."""

from __future__ import annotations

from django_tasks import task

done: list[str] = []


@task(backend="jobs")
def note(word: str) -> None:
    """Remember ``word``."""
    done.append(word)


@task(backend="jobs")
def fail() -> None:
    """Fail."""
    raise ValueError("meant to fail")
