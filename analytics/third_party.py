"""Third-party analytics behind one gate: django-analytical's tag, served as our own script.

A page carries no tag of a service. It carries a loader (``static/js/ben-thu-ba.js``) that
asks for the script below only after the reader has agreed; and the request for it is
looked at once more here. Off unless the environment names a service.
"""

from __future__ import annotations

import logging
from html.parser import HTMLParser

from analytical.utils import AnalyticalException
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.views.decorators.http import require_safe

from analytics import visitors
from analytics.visitors import Environ

logger = logging.getLogger(__name__)

TAG = "{% load matomo %}{% matomo %}"


class UnexpectedMarkup(ValueError):
    """django-analytical rendered something else than scripts; none of it is served."""


class _Scripts(HTMLParser):
    """Takes the JavaScript out of markup that holds nothing but inline scripts.

    Comments and ``noscript`` elements are dropped: there are no scripts to replace here,
    and a comment may hold a tag that was switched off.
    """

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._within = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._within == "noscript":
            return
        if tag not in ("script", "noscript") or attrs:
            raise UnexpectedMarkup(f"an element <{tag}> with {len(attrs)} attributes")
        self._within = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._within:
            self._within = ""
        elif self._within != "noscript":
            raise UnexpectedMarkup(f"the end of an element <{tag}>")

    def handle_data(self, data: str) -> None:
        if self._within == "script":
            self.texts.append(data)
        elif not self._within and data.strip():
            raise UnexpectedMarkup("text outside of an element")

    def handle_decl(self, decl: str) -> None:
        raise UnexpectedMarkup("a declaration")

    def handle_pi(self, data: str) -> None:
        raise UnexpectedMarkup("a processing instruction")

    def unknown_decl(self, data: str) -> None:
        raise UnexpectedMarkup("a marked section")

    def close(self) -> None:
        super().close()
        if self._within:
            raise UnexpectedMarkup(f"an element <{self._within}> without its end")


def javascript_of(markup: str) -> str:
    """The JavaScript of the inline scripts in ``markup``.

    Raises :class:`UnexpectedMarkup` when there is anything else to be seen or run, or no
    script at all.
    """
    scripts = _Scripts()
    scripts.feed(markup)
    scripts.close()
    javascript = "\n".join(scripts.texts).strip()
    if not javascript:
        raise UnexpectedMarkup("no script")
    return javascript


def service_host() -> str:
    """The host that would be told of visits; "" while third-party analytics is off."""
    if not settings.MATOMO_SITE_ID:
        return ""
    return str(settings.MATOMO_DOMAIN_PATH).partition("/")[0]


def rendered_script() -> str:
    """What django-analytical renders, as JavaScript; the same for every reader.

    The template is given nothing of the request, so no name and no address can get into
    it. Parsed anew each time, because the tag reads the settings when it is parsed.
    """
    return javascript_of(engines["django"].from_string(TAG).render())


def may_be_told(environ: Environ) -> bool:
    """Whether a third party may learn of this reader, by what the request says of itself."""
    return not (
        visitors.declines_tracking(environ)
        or visitors.is_staff(environ)
        or visitors.is_internal(visitors.client_address(environ))
        or visitors.is_prefetch(environ)
        or visitors.comes_from_elsewhere(environ)
    )


@require_safe
def third_party_script(request: HttpRequest) -> HttpResponse:
    """The service's script; nothing (204) where it is off or the reader is not to be told of."""
    answer = HttpResponse(status=204, content_type="text/javascript; charset=utf-8")
    if service_host() and may_be_told(request.META):
        try:
            answer.content = rendered_script().encode()
            answer.status_code = 200
        except (UnexpectedMarkup, AnalyticalException) as error:
            logger.error("No third-party script is served: %s.", error)
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
