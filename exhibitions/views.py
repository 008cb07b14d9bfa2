"""Answers of this app that are not pages: the pictures of what is public."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from core.media.serving import rendition_response
from core.models import RenditionSet
from exhibitions.visibility import rendition_set_is_public


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
