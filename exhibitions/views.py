"""Answers of this app that are not pages: pictures of what is public, and what opens when."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.media.serving import rendition_response
from core.models import RenditionSet
from exhibitions.visibility import (
    named_exhibitions,
    opening_moment,
    rendition_set_is_public,
    shown_state,
)


@require_safe
def rendition(request: HttpRequest, key: str, name: str) -> HttpResponseBase:
    """One file of a rendition set, while something public shows it; else 404.

    A key that never existed, one that was withdrawn and one of a hidden item are
    answered alike, and alike to everyone: staff previews use another address.
    """
    renditions = RenditionSet.objects.filter(key=key).select_related("image").first()
    if renditions is None or not rendition_set_is_public(renditions):
        raise Http404
    return rendition_response(key, name)


@require_safe
def opening_status(request: HttpRequest, exhibition_id: str) -> JsonResponse:
    """Whether an announced exhibition has opened: what its page asks while people wait.

    ``now`` is the portal's time, by which the page counts down: telephones are wrong by
    minutes. 404 alike for what does not exist and for what nobody may know of.
    """
    found = named_exhibitions([int(exhibition_id)])
    if not found:
        raise Http404
    (exhibition,) = found
    opens_at = opening_moment(exhibition)
    answer = JsonResponse(
        {
            "state": shown_state(exhibition).value,
            "opens_at": opens_at.isoformat() if opens_at else None,
            "now": timezone.now().isoformat(),
        }
    )
    answer["Cache-Control"] = "no-store"
    return answer
