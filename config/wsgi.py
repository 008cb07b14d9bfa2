"""The portal as a WSGI application, composed from the outside in.

Beacons of pages are taken by the intake and never reach Django. Static files are
answered by WhiteNoise, first in Django's middleware after the security headers.
"""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

_django = get_wsgi_application()

# Imports models, which are ready only now.
from analytics.intake import Intake  # noqa: E402

application = Intake(_django)
