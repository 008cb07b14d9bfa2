"""Addresses of the portal. What is not named here is a page of Wagtail's tree."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path, re_path
from django.views.decorators.cache import cache_control
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents.views.serve import serve as serve_document

from core.media import serving

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    # Wagtail's own view and name; asked for anew each time, for its right may have gone.
    path(
        "tai-lieu-kem/<int:document_id>/<str:document_filename>",
        cache_control(private=True, no_cache=True)(serve_document),
        name="wagtaildocs_serve",
    ),
    re_path(
        r"^admin-tep/h/(?P<key>[0-9a-f]{32})/(?P<name>[0-9]{1,5}\.(?:webp|jpg))$",
        serving.staff_rendition,
        name="staff_rendition",
    ),
    re_path(r"^admin-tep/(?P<name>images/[^/]+)$", serving.staff_file, name="staff_file"),
    path("", include("analytics.urls")),
    path("", include("campaigns.urls")),
    path("", include("exhibitions.urls")),
    path("", include(wagtail_urls)),
]

if settings.DEBUG:
    from django.contrib.staticfiles.urls import staticfiles_urlpatterns

    urlpatterns = [*staticfiles_urlpatterns(), *urlpatterns]
