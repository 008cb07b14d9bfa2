"""Renditions find their files again after an interruption, and leave none behind."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.media.storage import remove_rendition_folder, rendition_folder
from core.media.upkeep import GRACE, queue_missing_sets, remove_unnamed_folders
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("root")]


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.RENDITIONS_ROOT = tmp_path


def test_a_set_whose_folder_is_lost_is_made_again() -> None:
    renditions = factories.render(factories.CustomImageFactory())
    remove_rendition_folder(renditions.key)
    assert queue_missing_sets() == 1
    renditions.refresh_from_db()
    assert (rendition_folder(renditions.key) / "640.webp").is_file()
    assert queue_missing_sets() == 0


def test_a_folder_no_row_names_is_removed_once_it_is_old() -> None:
    renditions = factories.render(factories.CustomImageFactory())
    kept, folder = rendition_folder(renditions.key), rendition_folder("ab" * 16)
    folder.mkdir(parents=True)
    assert remove_unnamed_folders(older_than=GRACE) == 0, "it may be at work"
    for each in (kept, folder):
        os.utime(each, (0, 0))
    assert remove_unnamed_folders(older_than=GRACE) == 1
    assert kept.is_dir() and not folder.exists()


def test_removing_waits_for_as_long_as_it_says() -> None:
    folder = rendition_folder("cd" * 16)
    folder.mkdir(parents=True)
    assert remove_unnamed_folders(older_than=timedelta(seconds=-5)) == 1
