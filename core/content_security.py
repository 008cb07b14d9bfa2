"""The admin's own content security policy, kept away from the public pages."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from core.context_processors import ADMIN_PREFIXES


class AdminContentSecurityMiddleware:
    """Lets the admin, and nothing else, use what Wagtail's editor needs.

    Stands behind ``csp.middleware.CSPMiddleware``, which writes the header from what
    this one leaves on the response: ``settings.ADMIN_CONTENT_SECURITY_POLICY`` replaces
    directives of the same name. A page previewed within the admin is answered through
    a request of its own, under the page's address, and so carries the public policy:
    what an editor sees is what the public will get.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and mark what lies under the admin's address."""
        response = self.get_response(request)
        if request.path.startswith(ADMIN_PREFIXES):
            response._csp_replace = settings.ADMIN_CONTENT_SECURITY_POLICY  # type: ignore[attr-defined]
        return response
