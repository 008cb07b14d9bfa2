"""Answering with files: published renditions for all, thumbnails for staff."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe
from wagtail.admin.auth import user_has_any_page_permission

from core.media.storage import rendition_folder

CONTENT_TYPES = {".webp": "image/webp", ".jpg": "image/jpeg", ".png": "image/png"}
# Kept by the reader's own browser for a day, never by a shared cache: a withdrawn
# picture must be gone from everywhere we or a proxy could still answer from.
PUBLIC_CACHE = "private, max-age=86400"
STAFF_CACHE = "private, max-age=600"


def file_response(path: Path, cache_control: str) -> HttpResponseBase:
    """The file at ``path``, or Http404. Sniffing is switched off, scripts cannot run."""
    try:
        handle = path.open("rb")
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        raise Http404 from error
    response = FileResponse(
        handle, content_type=CONTENT_TYPES.get(path.suffix, "application/octet-stream")
    )
    response["Cache-Control"] = cache_control
    response["X-Content-Type-Options"] = "nosniff"
    return response


def rendition_response(key: str, name: str, cache_control: str = PUBLIC_CACHE) -> HttpResponseBase:
    """One file of a rendition set, whose right to be seen the caller has checked."""
    return file_response(rendition_folder(key) / name, cache_control)


def _require_staff(request: HttpRequest) -> None:
    user = request.user
    if not (user.is_authenticated and user.is_active and user_has_any_page_permission(user)):
        raise Http404


@require_safe
def staff_rendition(request: HttpRequest, key: str, name: str) -> HttpResponseBase:
    """A rendition as an editor's preview shows it, public or not."""
    _require_staff(request)
    return rendition_response(key, name, STAFF_CACHE)


@require_safe
def staff_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """A thumbnail of Wagtail's admin. Originals have no such address."""
    _require_staff(request)
    return file_response(Path(settings.MEDIA_ROOT) / name, STAFF_CACHE)
