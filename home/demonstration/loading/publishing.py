"""Making a page the way the editor does: into the tree as a draft, then published."""

from __future__ import annotations

from typing import TypeVar

from wagtail.models import Page

from core.models import BasePage, User

P = TypeVar("P", bound=BasePage)


def publish_below(parent: Page, page: P, by: User) -> P:
    """Add ``page`` as the last child of ``parent``, publish it, and give it as stored."""
    page.live = False
    page.owner = by
    parent.add_child(instance=page)
    return publish(page, by)


def publish(page: P, by: User) -> P:
    """Publish ``page`` as it stands, and give it as stored."""
    page.save_revision(user=by, log_action=True).publish(user=by)
    return type(page).objects.get(pk=page.pk)
