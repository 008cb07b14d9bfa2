"""Addresses of the analytics app below /_v/; the beacon itself is taken before Django."""

from __future__ import annotations

from django.urls import path

from analytics.third_party import third_party_script
from analytics.views import page_views, view_without_script

urlpatterns = [
    path("_v/ben-thu-ba.js", third_party_script, name="third_party_script"),
    path("_v/<int:number>.json", page_views, name="page_views"),
    path("_v/<int:number>.gif", view_without_script, name="view_without_script"),
]
