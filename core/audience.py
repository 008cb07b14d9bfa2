"""For whom a page is being put together."""

from __future__ import annotations

from enum import StrEnum

from django.http import HttpRequest


class View(StrEnum):
    """Who is looking: the public, or an editor previewing what is not public yet."""

    PUBLIC = "public"
    PREVIEW = "preview"


def view_of(request: HttpRequest) -> View:
    """The view a request asks for. Only Wagtail's own preview sets ``is_preview``."""
    return View.PREVIEW if getattr(request, "is_preview", False) else View.PUBLIC
