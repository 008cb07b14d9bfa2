"""Old addresses lead on only to what the public may see."""

from __future__ import annotations

from urllib.parse import urlparse

from django.http import HttpRequest, HttpResponseBase
from wagtail.contrib.redirects.middleware import RedirectMiddleware, get_redirect
from wagtail.contrib.redirects.models import Redirect

from exhibitions.visibility import page_is_public


class PublicRedirectMiddleware(RedirectMiddleware):
    """Wagtail's redirects, without those that would name a hidden page.

    The old address of a withdrawn item would else answer with its new one, which
    holds its title, where an address that never existed answers 404.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Leave a 404 as it is when the page behind the redirect is not public."""
        if response.status_code == 404 and self._leads_to_hidden_page(request):
            return response
        return super().process_response(request, response)

    def _leads_to_hidden_page(self, request: HttpRequest) -> bool:
        whole = Redirect.normalise_path(request.get_full_path(), decode_unicode=False)
        for path in dict.fromkeys((whole, urlparse(whole).path)):
            redirect = get_redirect(request, path)
            if redirect is not None:
                page = redirect.redirect_page
                return page is not None and not page_is_public(page.specific)
        return False
