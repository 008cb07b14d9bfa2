"""A load of the demonstration that does not come to its end."""

from __future__ import annotations

import pytest
from django.apps import apps
from wagtail.models import Page, Site

from home.demonstration import loader


def rows() -> dict[str, int]:
    """How many rows every table of every app has."""
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}


@pytest.fixture
def empty_portal(root: Page) -> None:
    """The tree as Wagtail's migrations leave it, whatever tests before this one did to it."""
    if loader.welcome_page() is None:
        welcome = root.add_child(instance=Page(title="Welcome to Wagtail", slug="home"))
        Site.objects.update_or_create(
            is_default_site=True, defaults={"hostname": "localhost", "root_page": welcome}
        )


@pytest.mark.usefixtures("empty_portal")
def test_a_run_that_ends_in_the_middle_leaves_the_portal_as_empty_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
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
