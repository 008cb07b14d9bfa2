"""Text kept in one Unicode form, whichever way it came in."""

from __future__ import annotations

from typing import Any

from django.db import models
from wagtail.fields import StreamField

from core.vietnamese import normalise


def normalise_text_fields(instance: models.Model) -> None:
    """Bring every plain text of ``instance`` into NFC, in place.

    macOS and some scanners' software paste decomposed Vietnamese (NFD); fonts,
    equality tests and unique constraints all expect composed letters. StreamField
    values are left alone: they reach the database through requests, which
    :class:`core.middleware.NormaliseTextMiddleware` has normalised already.
    """
    for field in instance._meta.concrete_fields:
        if not isinstance(field, models.CharField | models.TextField) or isinstance(
            field, StreamField
        ):
            continue
        value = instance.__dict__.get(field.attname)
        if isinstance(value, str) and not value.isascii():
            setattr(instance, field.attname, normalise(value))


class NormalisedTextModel(models.Model):
    """A model whose texts are NFC whenever they are written."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row with its texts in NFC."""
        normalise_text_fields(self)
        super().save(*args, **kwargs)

    def clean_fields(self, exclude: Any = None) -> None:
        """Validate the normalised texts, so that uniqueness is judged on what is stored."""
        normalise_text_fields(self)
        super().clean_fields(exclude=exclude)
