"""What the admin answers when a released letter would go, by itself or with what holds it.

The models refuse as well; here the person is told why, and what to do instead.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail.models import Page

from campaigns.models import NoticePage
from campaigns.release import refusal, released_below

GOING = ("delete", "unpublish", "move")
"""Wagtail's actions on many pages at once that would take a letter away."""


def keep_released_letters(request: HttpRequest, pages: Iterable[Page]) -> HttpResponse | None:
    """Refuse, with the reason, when a released letter is among ``pages`` or below them."""
    every = list(pages)
    released = {letter.pk: letter for page in every for letter in released_below(page)}
    if not released:
        return None
    titles = ", ".join(f"“{letter.title}”" for letter in released.values())
    messages.error(request, refusal(titles))
    return redirect("wagtailadmin_explore", every[0].get_parent().pk)


def before_delete(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Neither a released letter nor anything that holds one is deleted."""
    return keep_released_letters(request, [page])


def before_unpublish(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Neither a released letter nor anything that holds one is unpublished: it is on record."""
    return keep_released_letters(request, [page])


def before_move(
    request: HttpRequest, page: Page, destination: Page | None = None
) -> HttpResponse | None:
    """A released letter keeps its address. The campaign around it may be moved."""
    return keep_released_letters(request, [page]) if isinstance(page, NoticePage) else None


def before_many(
    request: HttpRequest, action_type: str, pages: list[Page], action: object
) -> HttpResponse | None:
    """The same for what is ticked in a list."""
    if action_type not in GOING or not pages or not isinstance(pages[0], Page):
        return None
    if action_type == "move":
        pages = [page for page in pages if isinstance(page.specific, NoticePage)]
    return keep_released_letters(request, pages) if pages else None
