"""Which pages may be counted, and as what: told to the analytics app at start."""

from __future__ import annotations

from collections.abc import Collection

from wagtail.models import Page

from analytics.api import CountablePage
from exhibitions.models import EXHIBITION_DEPTH, ExhibitionPage
from exhibitions.visibility import public_page_ids


def countable_pages(numbers: Collection[int]) -> dict[int, CountablePage]:
    """Of ``numbers`` the pages the public may see now; an alias as the page it shows.

    What stands in an exhibition is counted for it as well. The number of queries does not
    depend on how many pages are asked about.
    """
    shown = Page.objects.filter(pk__in=public_page_ids(numbers)).select_related("alias_of")
    sources = {page.pk: page.alias_of or page for page in shown}
    halls = _exhibitions_above(sources.values())
    return {
        number: CountablePage(
            number=source.pk,
            title=source.title,
            address=source.url or "",
            exhibition=hall.pk if hall else None,
            exhibition_title=hall.title if hall else "",
        )
        for number, source in sources.items()
        for hall in [halls.get(_hall_path(source))]
    }


def _exhibitions_above(pages: Collection[Page]) -> dict[str, ExhibitionPage]:
    """The exhibitions that any of ``pages`` is or stands in, by their path in the tree."""
    paths = {_hall_path(page) for page in pages if page.depth >= EXHIBITION_DEPTH}
    return {each.path: each for each in ExhibitionPage.objects.filter(path__in=paths)}


def _hall_path(page: Page) -> str:
    return str(page.path[: Page.steplen * EXHIBITION_DEPTH])
