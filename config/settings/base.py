"""Settings shared by development, tests and production.

Nothing here reads the environment directly: every variable is listed once, with
its meaning and default, in :mod:`config.environment`.
"""

from __future__ import annotations

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.utils.translation import gettext_lazy as _

from config import environment

BASE_DIR = environment.BASE_DIR
DATA_DIR = environment.data_dir()

INSTALLED_APPS = [
    "home",
    "campaigns",
    "exhibitions",
    "analytics",
    "core",
    "analytical",
    "wagtail_modeladmin",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "core.accounts.apps.AccountsConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "core.alias_hosts.AliasHostMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "core.compression.TextGZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "core.content_security.AdminContentSecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "core.middleware.NormaliseTextMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "core.middleware.RowNumbersMiddleware",
    "core.confinement.ConfinementMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "exhibitions.redirects.PublicRedirectMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context_processors.portal",
                "analytics.context_processors.third_party",
            ],
        },
    },
]

DATABASES = {"default": environment.database_settings()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = environment.cache_settings()

AUTH_USER_MODEL = "core.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# Content and interface are Vietnamese; dates and numbers as the office writes them.
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese"))]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["core.formats"]
# Ours, then the strings of Wagtail's admin that its own catalogue leaves in English.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "wagtail"]

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"

# Originals, admin thumbnails and documents: no address of the web server leads here.
MEDIA_ROOT = DATA_DIR / "private"
MEDIA_URL = "/khong-cong-khai/"
# What may be shown: one folder a set of renditions, named by its random key.
RENDITIONS_ROOT = DATA_DIR / "h"
# Lists and files that editors are about to import; never served.
IMPORTS_ROOT = DATA_DIR / "imports"
STORAGES = {
    "default": {"BACKEND": "core.media.storage.PrivateStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Counting: the journal outlives restarts, the daily salts are kept out of backups.
JOURNAL_DIR = environment.journal_dir()
SALT_DIR = environment.salt_dir()
TRUSTED_PROXIES = environment.TRUSTED_PROXIES.read()
INTERNAL_NETWORKS = environment.INTERNAL_NETWORKS.read()
# A form of 400 rows with ten fields each must still be accepted.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

TASKS = {
    # Wagtail's own work (search index, reference index) happens at once, so that
    # a published page is found without waiting for a worker.
    "default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"},
    # All of our own slow work: queued in the database, done by the clockwork.
    "jobs": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []},
}

SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

# Third-party analytics, off unless the environment names a service: what django-analytical
# renders from these is served by analytics.third_party, to readers who agreed.
MATOMO_URL, MATOMO_SITE_ID = environment.matomo()
MATOMO_DOMAIN_PATH = MATOMO_URL.partition("//")[2]
MATOMO_DISABLE_COOKIES = True
ANALYTICAL_AUTO_IDENTIFY = False
THIRD_PARTY_ORIGINS = ["/".join(MATOMO_URL.split("/")[:3])] if MATOMO_URL else []

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", *THIRD_PARTY_ORIGINS],
        "style-src": [SELF],
        "script-src": [SELF, *THIRD_PARTY_ORIGINS],
        "connect-src": [SELF, *THIRD_PARTY_ORIGINS],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    },
}
# Wagtail's editor still writes inline scripts and styles and has no nonce for them
# (its templates carry none in 8.0), so the admin, and only the admin, allows both.
ADMIN_CONTENT_SECURITY_POLICY = {
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "connect-src": [SELF],
}

WAGTAIL_SITE_NAME = "Trienlam"
WAGTAILADMIN_BASE_URL = environment.portal_url()
WAGTAIL_I18N_ENABLED = False
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = [("vi", "Tiếng Việt")]
WAGTAIL_USER_TIME_ZONES = ["Asia/Ho_Chi_Minh"]
WAGTAIL_ALLOW_UNICODE_SLUGS = False
# Off: on a slow line Wagtail 8.0's autosave of a new page and the click on "save" each
# make a page, and the editor finds two.
WAGTAIL_AUTOSAVE_INTERVAL = 0
WAGTAIL_GRAVATAR_PROVIDER_URL = None
# The check would make the editor's browser call a foreign host.
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILADMIN_USER_LOGIN_FORM = "core.accounts.forms.SignInForm"
WAGTAIL_DATE_FORMAT = "%d/%m/%Y"
WAGTAIL_DATETIME_FORMAT = "%d/%m/%Y %H:%M"
WAGTAIL_TIME_FORMAT = "%H:%M"
# Faces must not be looked up in scans of records, nor videos fetched from abroad.
WAGTAILIMAGES_FEATURE_DETECTION_ENABLED = False
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []

WAGTAILIMAGES_IMAGE_MODEL = "core.CustomImage"
WAGTAILIMAGES_IMAGE_FORM_BASE = "core.media.forms.VettedImageForm"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "tif", "tiff", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 300 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 120_000_000
WAGTAILDOCS_DOCUMENT_MODEL = "core.CustomDocument"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "core.media.forms.VettedDocumentForm"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "odt", "mp3", "mp4"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 300 * 1024 * 1024

WAGTAILSEARCH_BACKENDS = {
    "default": {
        "BACKEND": "core.search_backend",
        # PostgreSQL's English rules drop Vietnamese words ("to" is a stop word there).
        "SEARCH_CONFIG": "simple",
        "AUTO_UPDATE": True,
    },
}
