"""Which pages may be counted, and as what: told to the analytics app at start."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from wagtail.models import Page

from analytics.api import CountablePage
from exhibitions.models import EXHIBITION_DEPTH, ExhibitionPage
from exhibitions.visibility import public_page_ids


def countable_pages(numbers: Collection[int]) -> dict[int, CountablePage]:
    """As what each of ``numbers`` is counted, and whether the public may see it now.

    A page that stands in an exhibition is counted for it as well, an alias for the one it
    stands in itself. The number of queries does not depend on how many pages are asked about.
    """
    public = public_page_ids(numbers)
    pages = Page.objects.filter(pk__in=numbers).select_related("alias_of")
    halls = _exhibitions_above(pages)
    return {
        page.pk: CountablePage(
            number=source.pk,
            title=source.title,
            exhibition=(hall.alias_of_id or hall.pk) if hall else None,
            exhibition_title=hall.title if hall else "",
            is_public=page.pk in public,
        )
        for page in pages
        for source, hall in [(page.alias_of or page, halls.get(_hall_path(page)))]
    }


def _exhibitions_above(pages: Iterable[Page]) -> dict[str, ExhibitionPage]:
    """The exhibitions that any of ``pages`` is or stands in, by their path in the tree."""
    paths = {_hall_path(page) for page in pages if page.depth >= EXHIBITION_DEPTH}
    return {each.path: each for each in ExhibitionPage.objects.filter(path__in=paths)}


def _hall_path(page: Page) -> str:
    return str(page.path[: Page.steplen * EXHIBITION_DEPTH])
