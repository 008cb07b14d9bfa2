"""Documents for staff: those that are not public yet can be read while they are prepared."""

from __future__ import annotations

from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from wagtail.permissions import policy_registry

from core.media.serving import STAFF_CACHE, file_response
from core.models import CustomDocument

# Wagtail gives each of these rights collection by collection.
WORKING_WITH = ("choose", "change", "delete")


@require_safe
def staff_document(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """One document of the library, public or not, to a person who may work with it.

    Its address lies within the admin, which asks for a session; the document's public
    address answers 404 to staff and strangers alike until a public page shows it.
    """
    document = get_object_or_404(CustomDocument, pk=document_id)
    policy = policy_registry.get_by_type(CustomDocument)
    if not policy.user_has_any_permission_for_instance(request.user, WORKING_WITH, document):
        raise Http404
    response = file_response(Path(document.file.path), STAFF_CACHE)
    response["Content-Type"] = document.content_type
    response["Content-Disposition"] = document.content_disposition
    # Nothing within the file may run or load anything in the admin's name.
    response["Content-Security-Policy"] = "default-src 'none'"
    return response
