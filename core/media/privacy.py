"""Wagtail's privacy of collections, which this portal does not have.

Whether a file may be seen follows from the pages that show it. A second lock, on the
collection it is filed in, would be unknown to pages, search and neighbours: they would
go on naming what does not answer. So none can be set; and should one stand in the
database all the same, its files are answered to nobody.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models.signals import pre_save
from wagtail.models import CollectionViewRestriction

from core.models.media import CustomDocument, CustomImage


def refuse_private_collections() -> None:
    """Let nobody restrict a collection; called once, when the app is ready."""
    pre_save.connect(_refuse, sender=CollectionViewRestriction, dispatch_uid="private_collections")


def _refuse(**_signal: Any) -> None:
    raise PermissionDenied("What is public is decided on pages, not on collections.")


def is_in_private_collection(media: CustomImage | CustomDocument) -> bool:
    """Whether ``media`` is filed in a collection that is restricted, or below one."""
    restricted = tuple(CollectionViewRestriction.objects.values_list("collection__path", flat=True))
    return bool(restricted) and media.collection.path.startswith(restricted)
