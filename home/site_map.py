"""The whole public portal as nested lists."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.http import HttpRequest
from wagtail.models import Page, Site

from exhibitions.models import ItemPage
from exhibitions.visibility import public_page_ids


@dataclass(frozen=True)
class SiteMapEntry:
    """A page and the pages below it. Items are left to their Parts: there may be 400."""

    title: str
    url: str
    children: list[SiteMapEntry] = field(default_factory=list)


def site_map(request: HttpRequest) -> list[SiteMapEntry]:
    """The pages below the home page that the public may see, in the order of the tree."""
    site = Site.find_for_request(request)
    if site is None:
        return []
    pages = list(
        Page.objects.descendant_of(site.root_page).live().not_type(ItemPage).order_by("path")
    )
    public = public_page_ids(page.pk for page in pages)
    entries: dict[str, SiteMapEntry] = {}
    top: list[SiteMapEntry] = []
    for page in pages:
        parent = page.path[: -page.steplen]
        if page.pk not in public or (parent != site.root_page.path and parent not in entries):
            continue
        entries[page.path] = SiteMapEntry(page.title, page.get_url(request) or "")
        (entries[parent].children if parent in entries else top).append(entries[page.path])
    return top
