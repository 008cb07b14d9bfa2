"""Fields for dates in the admin that leave what was typed as it was typed."""

from __future__ import annotations

from typing import Any

from django.db import models
from wagtail.admin.forms.models import register_form_field_override
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput

# The calendar turns what it cannot read into another day (31/2 into 3/3, a word into
# today) as soon as the field is left. Then nobody is told: the form would refuse it.
_AS_TYPED = {"validateOnBlur": False}


class DateInput(AdminDateInput):
    """Wagtail's date field with its calendar, which changes nothing that was typed."""

    def get_config(self) -> dict[str, Any]:
        """Wagtail's options and ours."""
        return {**super().get_config(), **_AS_TYPED}


class DateTimeInput(AdminDateTimeInput):
    """The same for a day and its hour."""

    def get_config(self) -> dict[str, Any]:
        """Wagtail's options and ours."""
        return {**super().get_config(), **_AS_TYPED}


def use_in_every_form() -> None:
    """Have Wagtail's forms of models use them; called once, when the app is ready."""
    for field, widget in ((models.DateField, DateInput), (models.DateTimeField, DateTimeInput)):
        register_form_field_override(field, override={"widget": widget})
