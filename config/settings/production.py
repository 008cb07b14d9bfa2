"""Settings for serving the portal, the demonstration included.

Refuses to start half configured: :func:`config.environment.require_production`
names everything that is missing before any other setting is computed.
"""

from __future__ import annotations

from config import environment

environment.require_production()

from .base import *  # noqa: E402, F403  (after the check above, which must speak first)

DEBUG = False
SECRET_KEY = environment.SECRET_KEY.read()
ALLOWED_HOSTS = environment.allowed_hosts()
CACHES = environment.shared_cache_settings()
DEMO_ACCOUNTS = environment.DEMO_ACCOUNTS.read()
globals().update(environment.mail_settings())

# HTTPS, where the portal is reached by it. A demonstration on 127.0.0.1 is not, and
# a browser told to insist on HTTPS there would refuse every other local server too.
SECURE_SSL_REDIRECT = environment.is_https()
SESSION_COOKIE_SECURE = environment.is_https()
CSRF_COOKIE_SECURE = environment.is_https()
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if environment.is_https() else 0
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if environment.BEHIND_PROXY.read() else None
)
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# Static files are served from where they lie. Copying them under hashed names
# (a manifest) takes half a minute, which the one-command start does not have; so a
# copy may be kept for an hour and is then asked for again by its ETag.
STATIC_ROOT = None  # type: ignore[assignment]  # nothing is copied anywhere
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600
WHITENOISE_ALLOW_ALL_ORIGINS = False

# To standard error, for whatever runs the process to keep. Records carry the path
# that was asked for, never the visitor's address or user agent.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "plain"},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        # Django's own handlers (a console only for DEBUG, mail to the administrators
        # with the whole request) are replaced by the one above.
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "core": {"level": "INFO"},
    },
}
