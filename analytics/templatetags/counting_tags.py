"""What a page prints of counting: its beacon, and how often it was viewed."""

from __future__ import annotations

from typing import Any

from django import template
from wagtail.models import Page

from analytics.reports import views_of

register = template.Library()


@register.inclusion_tag("components/views.html")
def views(page: Page) -> dict[str, Any]:
    """How often ``page`` was viewed, as far as is known now; a script brings it up to date."""
    number = page.alias_of_id or page.pk
    counted = getattr(page, "counted_views", None)
    return {"number": number, "views": views_of(number) if counted is None else counted}
