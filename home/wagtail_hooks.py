"""What the home app adds to Wagtail's admin."""

from __future__ import annotations

from wagtail.snippets.models import register_snippet

from home.viewsets import NewsColumnViewSet

register_snippet(NewsColumnViewSet)
