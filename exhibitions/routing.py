"""Finding a page by its whole address, if the public may see it."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from exhibitions.models import ExhibitionPage
from exhibitions.visibility import exhibition_of, page_is_public


def route_below(root: Page, request: HttpRequest, path_components: list[str]) -> RouteResult:
    """Route to the page at ``path_components`` below ``root``.

    Wagtail walks the tree with two queries a level; here the address is looked up
    as a whole, and :mod:`exhibitions.visibility` is asked about the page that is
    found. Raises Http404 alike for what does not exist and for what is not public.
    """
    found = Page.objects.filter(
        slug=path_components[-1],
        depth=root.depth + len(path_components),
        url_path=f"{root.url_path}{'/'.join(path_components)}/",
    ).first()
    if found is None:
        raise Http404
    # An exhibition comes with its cover, occasion and opening in the same query.
    is_exhibition = found.specific_class is ExhibitionPage
    page = exhibition_of(found) if is_exhibition else found.specific
    if page is None or not page_is_public(page):
        raise Http404
    return RouteResult(page)
