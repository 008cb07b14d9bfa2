"""Where files lie: originals privately, published renditions under random keys."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.urls import reverse
from django.utils.deconstruct import deconstructible

THUMBNAIL_FOLDER = "images/"


@deconstructible(path="core.media.storage.PrivateStorage")
class PrivateStorage(FileSystemStorage):
    """The default storage: no address of the web server leads to an original.

    Thumbnails that Wagtail makes for its admin have an address for signed-in staff;
    everything else has none that answers.
    """

    def url(self, name: str | None) -> str:
        """The staff address of a thumbnail; for any other file one that answers 404."""
        if name and name.startswith(THUMBNAIL_FOLDER):
            return reverse("staff_file", args=[name])
        return super().url(name)


def rendition_folder(key: str) -> Path:
    """The folder of the rendition set with ``key`` (32 hexadecimal digits)."""
    return Path(settings.RENDITIONS_ROOT) / key[:2] / key


def remove_rendition_folder(key: str) -> None:
    """Remove a set's files; a folder that is not there is fine."""
    shutil.rmtree(rendition_folder(key), ignore_errors=True)


def move_rendition_folder(old_key: str, new_key: str) -> None:
    """Give a set's files their new address. Missing files are made again by the upkeep."""
    old, new = rendition_folder(old_key), rendition_folder(new_key)
    if old.is_dir():
        new.parent.mkdir(parents=True, exist_ok=True)
        old.replace(new)
