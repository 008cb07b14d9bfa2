"""Settings for the test suite: everything in a temporary folder, jobs done at once."""

from __future__ import annotations

import tempfile
from pathlib import Path

from .base import *  # noqa: F403  (settings modules extend one another by name)

DEBUG = False
SECRET_KEY = "tests only"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

DATA_DIR = Path(tempfile.mkdtemp(prefix="trienlam-tests-"))
MEDIA_ROOT = DATA_DIR / "private"
RENDITIONS_ROOT = DATA_DIR / "h"
IMPORTS_ROOT = DATA_DIR / "imports"
STATIC_ROOT = DATA_DIR / "static"
JOURNAL_DIR = DATA_DIR / "journal"
SALT_DIR = DATA_DIR / "salts"
WHITENOISE_AUTOREFRESH = True

TASKS = {
    "default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"},
    "jobs": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"},
}
