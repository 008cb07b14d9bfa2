"""Rows that are written once: what was decided, by whom, when. The newest wins.

Decisions are such rows and never page fields, because revisions, copies and aliases
bring old field values back (docs/decisions/0002).
"""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models.text import NormalisedTextModel


class AppendOnlyError(TypeError):
    """Someone tried to change or remove a row that only ever grows."""


class AppendOnlyQuerySet(models.QuerySet):
    """Rows that can be read and added, never changed or removed."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Always refused."""
        raise AppendOnlyError(f"{self.model.__name__} rows are never changed.")

    def delete(self) -> NoReturn:
        """Always refused."""
        raise AppendOnlyError(f"{self.model.__name__} rows are never removed.")


class AppendOnlyModel(NormalisedTextModel):
    """A row written once."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    by_name = models.CharField(_("name at the time"), max_length=255)
    at = models.DateTimeField(_("at"), default=timezone.now, db_index=True)
    note = models.TextField(_("note"), blank=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row, once."""
        if not self._state.adding:
            raise AppendOnlyError(f"{type(self).__name__} rows are never changed.")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Always refused."""
        raise AppendOnlyError(f"{type(self).__name__} rows are never removed.")
