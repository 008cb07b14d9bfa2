"""Files that others made are what their manifest says, and no more than it says."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

STATIC = Path(settings.BASE_DIR) / "static"
MANIFEST = STATIC / "vendor" / "MANIFEST.toml"
ENTRIES: list[dict[str, Any]] = tomllib.loads(MANIFEST.read_text(encoding="utf-8"))["file"]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["path"])
def test_a_vendored_file_is_byte_for_byte_the_one_recorded(entry: dict[str, Any]) -> None:
    content = (STATIC / entry["path"]).read_bytes()

    assert hashlib.sha256(content).hexdigest() == entry["sha256"]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["path"])
def test_a_vendored_file_names_package_version_and_licence(entry: dict[str, Any]) -> None:
    assert entry["package"]
    assert entry["version"]
    assert entry["licence"] == "OFL-1.1"


def test_every_font_and_licence_text_is_in_the_manifest() -> None:
    recorded = {entry["path"] for entry in ENTRIES}
    present = {path.relative_to(STATIC).as_posix() for path in (STATIC / "fonts").iterdir()}

    assert present == {path for path in recorded if path.startswith("fonts/")}


def test_every_font_family_comes_with_latin_and_vietnamese_letters() -> None:
    paths = {entry["path"] for entry in ENTRIES if entry["path"].endswith(".woff2")}
    latin = {path for path in paths if "-latin-" in path}

    assert latin
    assert paths - latin == {path.replace("-latin-", "-vietnamese-") for path in latin}


def test_the_manifest_names_no_download_address() -> None:
    assert "://" not in MANIFEST.read_text(encoding="utf-8")
