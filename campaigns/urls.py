"""Addresses of the campaigns app that are not pages of the tree.

Their names pass the lists of advertisement blockers: neither "banner" nor a size.
"""

from __future__ import annotations

from django.urls import re_path

from campaigns import views

KIT = r"^bo-nhan-dien/(?P<slug>[a-z0-9-]{1,80})/"
AGENCY = KIT + r"(?P<agency>khac|[a-z0-9-]{0,80}-[1-9][0-9]{0,8})/"

urlpatterns = [
    re_path(r"^moi/(?P<name>[^/]{1,200})/$", views.invitation, name="invitation"),
    re_path(r"^k/(?P<name>[^/]{1,200})$", views.hot_linked_banner, name="hot_linked_banner"),
    re_path(
        r"^bo-nhan-dien/(?P<number>[1-9][0-9]{0,8})/$", views.kit_by_number, name="kit_by_number"
    ),
    re_path(KIT + "$", views.kit, name="kit"),
    re_path(KIT + r"co-quan\.json$", views.kit_suggestions, name="kit_suggestions"),
    re_path(KIT + r"ma-qr\.(?P<extension>svg|png)$", views.kit_qr, name="kit_qr"),
    re_path(
        KIT + r"hinh/(?P<form>[a-z]{1,8})\.(?P<extension>jpg|png|webp)$",
        views.kit_preview,
        name="kit_preview",
    ),
    re_path(AGENCY + "$", views.kit_agency, name="kit_agency"),
    re_path(AGENCY + r"(?P<name>[a-z0-9-]{1,40}\.[a-z]{3,4})$", views.kit_file, name="kit_file"),
]
