"""Settings for writing code: errors shown, jobs still done by the clockwork."""

from __future__ import annotations

from .base import *  # noqa: F403  (settings modules extend one another by name)

DEBUG = True
SECRET_KEY = "development only, never served to anyone else"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
