"""What every public page needs besides itself: the portal's name and the menu."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from wagtail.models import Page, Site

from core.models import PortalSettings
from core.pictures import single_picture

ADMIN_PREFIXES = ("/admin/",)


@dataclass(frozen=True)
class MenuEntry:
    """A page of the menu; ``is_current`` when it or a page below it is being read."""

    title: str
    url: str
    is_current: bool


def portal(request: HttpRequest) -> dict[str, Any]:
    """Settings, menu and footer links. The same for every reader; empty within the admin."""
    if request.path.startswith(ADMIN_PREFIXES) and not getattr(request, "is_preview", False):
        return {}
    site = Site.find_for_request(request)
    if site is None:
        return {}
    settings = PortalSettings.for_request(request)
    children = list(site.root_page.get_children().live())
    menu: list[MenuEntry] = []
    footer: list[MenuEntry] = []
    for child in children:
        (menu if child.show_in_menus else footer).append(_entry(child, request))
    search = next((each.url for each in footer if each.url.startswith("/tim-kiem")), "")
    home = MenuEntry(site.root_page.title, "/", request.path == "/")
    return {
        "portal": settings,
        "crest": single_picture(settings.crest),
        "menu": (home, *menu),
        "footer_links": tuple(entry for entry in footer if entry.url != search),
        "search_url": search,
    }


def _entry(page: Page, request: HttpRequest) -> MenuEntry:
    url = page.get_url(request) or ""
    return MenuEntry(page.title, url, bool(url) and request.path.startswith(url))
