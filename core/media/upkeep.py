"""Keeping files and rows of renditions together, whatever was interrupted between them."""

from __future__ import annotations

import shutil
import time
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from core.media.renditions import remove_unfinished
from core.media.storage import rendition_folder
from core.models.media import RenditionSet
from core.tasks import make_rendition_set

# Longer than any making of a set takes, so that nothing at work is disturbed.
GRACE = timedelta(hours=6)


def keep_renditions_whole() -> None:
    """Queue what is missing, remove what no row names: the clockwork's hourly duty.

    A process that dies between a commit and the move of a folder leaves a set
    without files; one that dies while making a set leaves files without a row.
    """
    queue_missing_sets()
    remove_unnamed_folders(older_than=GRACE)
    remove_unfinished(settings.RENDITIONS_ROOT, older_than=GRACE)


def queue_missing_sets() -> int:
    """Queue the making of every set whose files are not there; how many they were.

    A set whose picture cannot be decoded is left alone: it would fail again.
    """
    missing = [
        set_id
        for set_id, key, made_at in RenditionSet.objects.filter(failure="").values_list(
            "pk", "key", "made_at"
        )
        if made_at is None or not rendition_folder(key).is_dir()
    ]
    for set_id in missing:
        make_rendition_set.enqueue(set_id)
    return len(missing)


def remove_unnamed_folders(*, older_than: timedelta) -> int:
    """Remove folders of renditions that no row names any more; how many they were."""
    latest = time.time() - older_than.total_seconds()
    folders = [
        folder
        for folder in Path(settings.RENDITIONS_ROOT).glob("[0-9a-f][0-9a-f]/*")
        if not folder.name.startswith(".") and folder.stat().st_mtime <= latest
    ]
    named = set(RenditionSet.objects.values_list("key", flat=True)) if folders else set()
    unnamed = [folder for folder in folders if folder.name not in named]
    for folder in unnamed:
        shutil.rmtree(folder, ignore_errors=True)
    return len(unnamed)
