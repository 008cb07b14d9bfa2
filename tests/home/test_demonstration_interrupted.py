"""A load of the demonstration that does not come to its end."""

from __future__ import annotations

import pytest
from django.apps import apps

from home.demonstration import loader


def rows() -> dict[str, int]:
    """How many rows every table of every app has."""
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}


def test_a_run_that_ends_in_the_middle_leaves_the_portal_as_empty_as_it_was(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows()

    def killed(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(loader, "draw_pictures", lambda scale, report: [])
    monkeypatch.setattr(loader, "load_exhibitions", killed)
    with pytest.raises(KeyboardInterrupt):
        loader.load(lambda vietnamese, english: None)
    assert rows() == before
    assert loader.welcome_page() is not None
