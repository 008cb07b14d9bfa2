"""Writing the newest version of a page from what it says, as Wagtail's editor does."""

from __future__ import annotations

from typing import Any

from core.models import BasePage, User


def newest_content(page: BasePage) -> dict[str, Any]:
    """The newest version of ``page`` as Wagtail keeps versions."""
    revision = page.latest_revision
    content: dict[str, Any] = revision.content if revision else page.serializable_data()
    return content


def write_content(page: BasePage, content: dict[str, Any], *, by: User | None) -> dict[str, Any]:
    """Make ``content`` the newest version of ``page``.

    A page that was never published is written as well, so that its columns say what its
    newest version says. Gives the version as it was kept. Raises ValidationError.
    """
    draft = page.with_content_json(content)
    if not draft.live:
        draft.save()
    revision = draft.save_revision(user=by, log_action=True)
    kept: dict[str, Any] = revision.content
    return kept
