"""Model fields shared by the apps."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from core.partial_dates import PartialDateError, in_vietnamese, parse


class PartialDateFormField(forms.CharField):
    """An input that takes a date as a civil servant types it and gives EDTF."""

    def prepare_value(self, value: Any) -> Any:
        """Show the stored EDTF in Vietnamese; leave what was typed as it was typed."""
        try:
            return in_vietnamese(value) if value else value
        except PartialDateError:
            return value

    def clean(self, value: Any) -> str:
        """The EDTF form of what was typed; a date that does not exist is refused."""
        text = super().clean(value)
        if not text:
            return ""
        try:
            return parse(text).edtf
        except PartialDateError as error:
            raise ValidationError(str(error), code="invalid_date") from error


class PartialDateField(models.CharField):
    """A date that may be partial or uncertain, stored as EDTF (ISO 8601-2)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        super().__init__(*args, **kwargs)

    @staticmethod
    @lru_cache(maxsize=1024)
    def in_words(edtf: str) -> str:
        """The stored value said in Vietnamese, or "" without one."""
        return in_vietnamese(edtf) if edtf else ""

    def formfield(self, **kwargs: Any) -> Any:
        """The input for people; see :class:`PartialDateFormField`."""
        return super().formfield(**{"form_class": PartialDateFormField, "max_length": 80, **kwargs})

    def to_python(self, value: Any) -> Any:
        """Accept anything that can be parsed; keep EDTF."""
        text = super().to_python(value)
        if not text:
            return text
        try:
            return parse(text).edtf
        except PartialDateError as error:
            raise ValidationError(str(error), code="invalid_date") from error
