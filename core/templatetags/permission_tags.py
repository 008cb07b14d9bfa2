"""What rights are called, and what one may see, for the templates of the admin."""

from __future__ import annotations

from django import template

from core.confinement import is_seen_by
from core.permission_names import permission_name

register = template.Library()
register.filter("permission_name", permission_name)
register.filter("is_seen_by", is_seen_by)
