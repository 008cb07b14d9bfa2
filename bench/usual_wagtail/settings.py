"""Settings of the benchmarks: the portal as in production, and beside it the usual Wagtail way.

Everything lies in a temporary folder; the database is SQLite in a file, in WAL mode.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from pathlib import Path

from config.settings.base import *  # noqa: F403  (settings modules extend one another by name)
from config.settings.base import BASE_DIR, DATABASES, INSTALLED_APPS, TEMPLATES

DEBUG = False
SECRET_KEY = "benchmarks only"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]

DATA_DIR = Path(tempfile.mkdtemp(prefix="trienlam-bench-"))
atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)
MEDIA_ROOT = DATA_DIR / "private"
RENDITIONS_ROOT = DATA_DIR / "h"
DATABASES = {"default": {**DATABASES["default"], "NAME": DATA_DIR / "bench.sqlite3"}}

INSTALLED_APPS = ["bench.usual_wagtail", *INSTALLED_APPS]
TEMPLATES = [{**TEMPLATES[0], "DIRS": [BASE_DIR / "templates"]}]
TASKS = {
    "default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"},
    "jobs": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"},
}
# The usual way gets a warm cache that holds all its renditions: the default of 300
# entries would evict its own page.
CACHES = {
    name: {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": name,
        "OPTIONS": {"MAX_ENTRIES": 5000},
    }
    for name in ("default", "renditions")
}
