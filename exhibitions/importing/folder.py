"""The folder of an import: its list and the files that were sent with it.

A file lies under its number, never under a name that was sent. What is taken into the
library is linked, not moved, so that an import that is taken back can be done again.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from exhibitions.models import AT_WORK, Import, ImportFile, ImportFileState

LIST_NAME = "list"
PLAN_NAME = "plan.json"
KEPT = timedelta(days=30)
"""How long a list and its files wait to be imported, or to be imported once more."""
GRACE = timedelta(hours=6)
"""Longer than anything is at work on a file that no row names."""
WITH_CONTENT = (ImportFileState.ARRIVING, ImportFileState.ARRIVED, ImportFileState.READY)
"""States of files whose content is kept; of any other a kill may have left it."""


def said_of_a_full_disk() -> str:
    """What people are told when nothing can be written."""
    return _("The disk of the portal is full. Tell the administrator.")


def folder_of(job: Import) -> Path:
    """The folder of ``job``, readable to the portal alone.

    It is made when it is not there, so also for whoever only asks where a file lies.
    """
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
    """Keep the plan that is carried out, whole or not at all: two at once do not mix.

    Raises OSError, when the disk is full for example; a plan kept before stays then.
    """
    folder = folder_of(job)
    descriptor, unfinished = tempfile.mkstemp(dir=folder, prefix=".plan-")
    try:
        with open(descriptor, "w", encoding="utf-8") as file:
            json.dump(plan, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, folder / PLAN_NAME)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise


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
    """A duty of the clockwork: remove what nobody needs any more; how many folders it were.

    Folders whose import was deleted, those nobody has worked on for :data:`KEPT`, and in
    the others what a killed process left half made.
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
    _remove_leftovers(folder for folder in root.iterdir() if folder.name in known)
    return len(old)


def _remove_leftovers(folders: Iterable[Path]) -> None:
    """Remove what is neither a list, a plan, nor the content of a file, after :data:`GRACE`.

    Such are the hidden files and folders in which something was being unpacked, converted
    or written when the process was killed.
    """
    latest = time.time() - GRACE.total_seconds()
    suspects = {
        path
        for folder in folders
        for path in folder.iterdir()
        if path.name not in (LIST_NAME, PLAN_NAME) and path.lstat().st_mtime < latest
    }
    if not suspects:
        return
    files = ImportFile.objects.filter(state__in=WITH_CONTENT)
    named = {(key, str(number)) for key, number in files.values_list("of_import__key", "pk")}
    for path in suspects:
        if (path.parent.name, path.name) in named:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _is_left_over(folder: Path, known: set[str]) -> bool:
    """Whether no import names it, for longer than it takes to make one."""
    is_fresh = folder.stat().st_mtime > time.time() - GRACE.total_seconds()
    return folder.name not in known and not is_fresh
