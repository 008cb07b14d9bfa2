"""Answers of the analytics app: a page's figure, and the picture that stands in for a script."""

from __future__ import annotations

import base64

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.formats import number_format
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from analytics import trackable
from analytics.api import record
from analytics.reports import views_of
from analytics.vocabulary import Kind

# The smallest transparent GIF there is.
EMPTY_PICTURE = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


@require_safe
@never_cache
def page_views(request: HttpRequest, number: int) -> JsonResponse:
    """How often a public page was viewed; 404 alike for a hidden page and for none."""
    page = trackable.page(number)
    if page is None:
        raise Http404
    return JsonResponse({"views": number_format(views_of(page.number), force_grouping=True)})


@require_safe
@never_cache
def view_without_script(request: HttpRequest, number: int) -> HttpResponse:
    """Count a page shown by a browser that runs no script. Always the same empty picture."""
    if request.method == "GET":
        record(request, Kind.VIEW_WITHOUT_SCRIPT, page=number)
    return HttpResponse(EMPTY_PICTURE, content_type="image/gif")
