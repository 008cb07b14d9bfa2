"""Addresses of the exhibitions app that are not pages of the tree."""

from __future__ import annotations

from django.urls import re_path

from exhibitions import views
from exhibitions.shared_preview import shared_preview

urlpatterns = [
    re_path(
        r"^h/(?P<key>[0-9a-f]{32})/(?P<name>[0-9]{1,5}\.(?:webp|jpg))$",
        views.rendition,
        name="rendition",
    ),
    re_path(
        r"^khai-mac/(?P<exhibition_id>[1-9][0-9]{0,8})\.json$",
        views.opening_status,
        name="opening_status",
    ),
    re_path(
        r"^xem-truoc/(?P<secret>[A-Za-z0-9_-]{20,64})/(?P<path>(?s:.*))\Z",
        shared_preview,
        name="shared_preview",
    ),
]
