"""The folder of an import: its list and the files that were sent with it.

A file lies under its number, never under a name that was sent. What is taken into the
library is linked, not moved, so that an import that is taken back can be done again.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from exhibitions.models import AT_WORK, Import, ImportFile

LIST_NAME = "list"
PLAN_NAME = "plan.json"
KEPT = timedelta(days=30)
"""How long a list and its files wait to be imported, or to be imported once more."""
GRACE = timedelta(hours=6)


def said_of_a_full_disk() -> str:
    """What people are told when nothing can be written."""
    return _("The disk of the portal is full. Tell the administrator.")


def folder_of(job: Import) -> Path:
    """The folder of ``job``; it is made when it is not there."""
    folder = Path(settings.IMPORTS_ROOT) / job.key
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def list_path(job: Import) -> Path:
    """Where the list lies, as it was sent."""
    return folder_of(job) / LIST_NAME


def file_path(file: ImportFile) -> Path:
    """Where a file lies that was sent."""
    return folder_of(file.of_import) / str(file.pk)


def keep_plan(job: Import, plan: Mapping[str, Any]) -> None:
    """Keep the plan that is carried out; whole or not at all."""
    path = folder_of(job) / PLAN_NAME
    unfinished = path.with_suffix(".unfinished")
    with unfinished.open("w", encoding="utf-8") as file:
        json.dump(plan, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def kept_plan(job: Import) -> dict[str, Any]:
    """The plan that is carried out. Raises FileNotFoundError where none was kept."""
    with (folder_of(job) / PLAN_NAME).open(encoding="utf-8") as file:
        kept: dict[str, Any] = json.load(file)
    return kept


def put_into_library(file: ImportFile, name: str) -> None:
    """Let the content of ``file`` lie in the library under ``name`` as well.

    What an interrupted attempt left there is replaced. Raises OSError, when the disk is
    full for example, and then leaves nothing.
    """
    target = Path(default_storage.path(name))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    link_content(file_path(file), target)


def link_content(source: Path, target: Path) -> None:
    """Let the content of ``source`` lie at ``target`` as well, without a second copy of it.

    Raises OSError, and then leaves nothing.
    """
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:
        try:
            shutil.copyfile(source, target)
        except OSError:
            target.unlink(missing_ok=True)
            raise


def remove_folder(job: Import) -> None:
    """Remove the list and everything that was sent with it."""
    shutil.rmtree(Path(settings.IMPORTS_ROOT) / job.key, ignore_errors=True)


def remove_old_folders() -> int:
    """A duty of the clockwork: remove folders nobody needs any more; how many they were.

    Those whose import was deleted, and those nobody has worked on for :data:`KEPT`.
    """
    root = Path(settings.IMPORTS_ROOT)
    if not root.is_dir():
        return 0
    latest = time.time() - KEPT.total_seconds()
    busy = Import.objects.filter(state__in=AT_WORK).values_list("key", flat=True)
    known, needed = set(Import.objects.values_list("key", flat=True)), set(busy)
    old = [
        folder
        for folder in root.iterdir()
        if folder.name not in needed
        and (folder.stat().st_mtime < latest or _is_left_over(folder, known))
    ]
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
    return len(old)


def _is_left_over(folder: Path, known: set[str]) -> bool:
    """Whether no import names it, for longer than it takes to make one."""
    is_fresh = folder.stat().st_mtime > time.time() - GRACE.total_seconds()
    return folder.name not in known and not is_fresh
