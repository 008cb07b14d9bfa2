"""Writing the newest version of a page from what it says, as Wagtail's editor does."""

from __future__ import annotations

import html
import re
from typing import Any

from core.models import BasePage, User

GIVEN = ("pk", "sort_order")
"""What the form gives the rows of a list by itself."""
_KEYS_OF_PARAGRAPHS = re.compile(r' data-block-key="[^"]*"')


def newest_content(page: BasePage) -> dict[str, Any]:
    """The newest version of ``page`` as Wagtail keeps versions."""
    revision = page.latest_revision
    content: dict[str, Any] = revision.content if revision else page.serializable_data()
    return content


def as_compared(value: Any) -> Any:
    """A field of a version, without what the saving of its form alone changes.

    The form gives paragraphs keys, and rows of a list their numbers and places; it writes
    signs such as quotation marks as they are.
    """
    if isinstance(value, str):
        return html.unescape(_KEYS_OF_PARAGRAPHS.sub("", value))
    if isinstance(value, list):
        rows = [row for row in value if isinstance(row, dict)]
        if len(rows) == len(value):
            value = sorted(rows, key=lambda row: row.get("sort_order") or 0)
        return [as_compared(each) for each in value]
    if isinstance(value, dict):
        return {name: as_compared(each) for name, each in value.items() if name not in GIVEN}
    return value


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
