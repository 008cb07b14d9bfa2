"""Components drawn from plain values, drawn once for the same values."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from typing import Any

from django import template
from django.db.models import Model
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()

# About 2 kB each: a few exhibitions' walls stay in some megabytes a process.
REMEMBERED = 2048


@register.simple_tag
def component(component_name: str, **values: Hashable) -> SafeString:
    """Include ``components/<component_name>.html`` with ``values`` and nothing else of the context.

    The values are immutable, so the same values always give the same markup: it is
    remembered by them and can never be stale. A component drawn this way must take
    everything it shows from its values; it has neither request nor page.
    """
    for name, value in values.items():
        if isinstance(value, Model):
            # Rows compare by number alone, so a changed row would be drawn as it was.
            raise TypeError(f"{component_name} was given a {type(value).__name__} as {name}")
    # The type is part of the key: markup equals the same text unescaped, and 1 equals True.
    key = tuple((name, type(values[name]), values[name]) for name in sorted(values))
    return _drawn(component_name, get_language(), key)


@lru_cache(maxsize=REMEMBERED)
def _drawn(
    name: str, language: str | None, values: tuple[tuple[str, type, Any], ...]
) -> SafeString:
    context = {key: value for key, _type, value in values}
    return mark_safe(get_template(f"components/{name}.html").render(context))
