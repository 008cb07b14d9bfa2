"""The portal as a WSGI application, composed from the outside in.

Static files are answered by WhiteNoise, first in Django's middleware after the
security headers.
"""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

application = get_wsgi_application()
