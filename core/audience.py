"""For whom a page is being put together."""

from __future__ import annotations

from enum import StrEnum

from django.http import HttpRequest


class View(StrEnum):
    """Who is looking: the public, an editor's preview, or somebody with a preview link."""

    PUBLIC = "public"
    PREVIEW = "preview"
    SHARED = "shared"

    @property
    def shows_drafts(self) -> bool:
        """Whether the newest version is shown, published or not."""
        return self is not View.PUBLIC


def view_of(request: HttpRequest) -> View:
    """The view a request asks for. Only a preview, Wagtail's or a link's, sets these marks."""
    if not getattr(request, "is_preview", False):
        return View.PUBLIC
    return View.SHARED if getattr(request, "preview_link", None) else View.PREVIEW
