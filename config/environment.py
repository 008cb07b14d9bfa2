"""Every environment variable the portal knows, and how each is read.

The table :data:`VARIABLES` is the whole list: what a variable is for, an example,
its default, and whether production refuses to start without it. Settings modules
read the environment through this module and nothing else, so that "what can be
configured" has one answer.

The reader is ours because the usual libraries surprise: they take a value that
begins with ``$`` for a reference (Django's own random keys may), want lists as
JSON, or choose a cache backend the project does not have. Only the address of the
database, a format with many corners, is parsed by a library.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

T = TypeVar("T")

_SERVICE_ADDRESS = re.compile(
    r"https?://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*"
)

SECRET_KEY_MINIMUM_LENGTH = 50
"""Characters; the length below which Django's own deployment check complains."""

DATABASE_CONNECTION_SECONDS = 600
"""A connection is kept this long between requests: opening one costs more than most queries."""

MAIL_SECONDS = 20
"""How long a mail server is waited for."""

SQLITE_BUSY_SECONDS = 20
"""How long a writer waits for another before SQLite says "database is locked"."""


def _text(raw: str) -> str:
    """Take the value as it stands."""
    return raw


def _boolean(raw: str) -> bool:
    """Read ``1/true/yes/on`` and ``0/false/no/off``; anything else is a ValueError."""
    word = raw.strip().lower()
    if word in {"1", "true", "yes", "on"}:
        return True
    if word in {"0", "false", "no", "off"}:
        return False
    raise ValueError("write 1 or 0")


def _comma_separated(raw: str) -> tuple[str, ...]:
    """Split at commas, without blanks around or between."""
    return tuple(part.strip() for part in raw.split(",") if part.strip())


def _folder(raw: str) -> Path:
    """Read a folder; a relative one would depend on where the process was started."""
    folder = Path(raw).expanduser()
    if not folder.is_absolute():
        raise ValueError("write an absolute path")
    return folder


def _origin(raw: str) -> str:
    """Read ``scheme://host[:port]`` without path; returned without the closing slash."""
    parts = urlsplit(raw.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0:
        raise ValueError("write it as https://host or http://host:port")
    if parts.path not in {"", "/"} or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError("write only scheme, host and port, without a path")
    return f"{parts.scheme}://{parts.netloc}"


def _service_address(raw: str) -> str:
    """Read ``scheme://host[:port][/path]``; returned without the closing slash.

    Letters, digits and little else: it is written into a script and into a policy.
    """
    address = raw.strip().rstrip("/")
    if not _SERVICE_ADDRESS.fullmatch(address) or urlsplit(address).port == 0:
        raise ValueError("write it as https://host or https://host/path")
    return address


def _site_number(raw: str) -> str:
    """Read the positive number by which a service knows this site."""
    number = raw.strip()
    if not re.fullmatch(r"[1-9][0-9]{0,8}", number):
        raise ValueError("write a whole number above 0")
    return number


def _networks(raw: str) -> tuple[str, ...]:
    """Read addresses and networks, ``10.0.0.5,192.168.0.0/16``, separated by commas."""
    written = _comma_separated(raw)
    for each in written:
        try:
            ip_network(each, strict=False)
        except ValueError:
            raise ValueError("write addresses or networks, separated by commas") from None
    return written


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in, and by whom."""

    host: str
    port: int
    user: str
    password: str
    encrypted_from_the_start: bool
    """SMTPS; else the connection is encrypted after the greeting, if the server can."""


def _mail_server(raw: str) -> MailServer:
    """Read ``smtp://user:password@host:587`` or ``smtps://…:465``."""
    parts = urlsplit(raw.strip())
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.path not in {"", "/"}:
        raise ValueError("write it as smtp://user:password@host:587")
    encrypted = parts.scheme == "smtps"
    return MailServer(
        host=parts.hostname,
        port=parts.port or (465 if encrypted else 587),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        encrypted_from_the_start=encrypted,
    )


def _sender(raw: str) -> str:
    """Read the address mail is sent from, with or without a name."""
    name, address = parseaddr(raw)
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", address) or "\n" in raw or "\r" in raw:
        raise ValueError("write an e-mail address")
    return f"{name} <{address}>" if name else address


def _accounts(raw: str) -> dict[str, str]:
    """Read ``name:password,name:password``."""
    accounts: dict[str, str] = {}
    for pair in _comma_separated(raw):
        name, colon, password = pair.partition(":")
        if not (name and colon and password):
            raise ValueError("write it as name:password,name:password")
        accounts[name] = password
    return accounts


@dataclass(frozen=True)
class Variable(Generic[T]):
    """One environment variable.

    ``purpose`` and ``example`` are what an operator is shown when it is missing.
    An empty value counts as not given.
    """

    name: str
    purpose: str
    example: str
    parse: Callable[[str], T]
    default: T
    required_in_production: bool = False

    def is_given(self, source: Mapping[str, str] | None = None) -> bool:
        """Tell whether the environment has a value for it."""
        return bool((os.environ if source is None else source).get(self.name, "").strip())

    def read(self, source: Mapping[str, str] | None = None) -> T:
        """Give the value, or the default when there is none.

        Raises ImproperlyConfigured, naming the variable, for a value that cannot
        be understood. The value itself is not repeated: it may be a secret.
        """
        environ = os.environ if source is None else source
        if not self.is_given(environ):
            return self.default
        try:
            return self.parse(environ[self.name])
        except ValueError as error:
            raise ImproperlyConfigured(
                f"{self.name} cannot be understood: {error} (for example {self.example})."
            ) from error


SECRET_KEY = Variable(
    name="SECRET_KEY",
    purpose=(
        "signs sessions and links; at least 50 random characters, kept secret, the same at "
        'every start: python3 -c "import secrets; print(secrets.token_urlsafe(50))"'
    ),
    example="(the output of that command)",
    parse=_text,
    default="",
    required_in_production=True,
)
PORTAL_URL = Variable(
    name="PORTAL_URL",
    purpose="the one address the portal is reached at, without a path",
    example="https://trienlam.langson.gov.vn",
    parse=_origin,
    default="http://127.0.0.1:8000",
    required_in_production=True,
)
DATA_DIR = Variable(
    name="DATA_DIR",
    purpose=(
        "a persistent folder only the portal's user can read: database, private originals, "
        "renditions, locks"
    ),
    example="/var/lib/trienlam",
    parse=_folder,
    default=BASE_DIR / "data",
    required_in_production=True,
)
ALLOWED_HOSTS: Variable[tuple[str, ...]] = Variable(
    name="ALLOWED_HOSTS",
    purpose="further host names answered besides that of PORTAL_URL, separated by commas",
    example="www.trienlam.langson.gov.vn,10.0.0.5",
    parse=_comma_separated,
    default=(),
)
BEHIND_PROXY = Variable(
    name="BEHIND_PROXY",
    purpose=(
        "1 when a proxy in front ends HTTPS and always sets X-Forwarded-Proto itself; "
        "needed with an https PORTAL_URL, because the portal's own server speaks plain HTTP"
    ),
    example="1",
    parse=_boolean,
    default=False,
)
DATABASE_URL = Variable(
    name="DATABASE_URL",
    purpose="the database; without it SQLite at trienlam.sqlite3 in DATA_DIR",
    example="postgresql://trienlam:password@127.0.0.1:5432/trienlam",
    parse=_text,
    default="",
)
REDIS_URL = Variable(
    name="REDIS_URL",
    purpose="a Redis server as cache; without it a folder in DATA_DIR",
    example="redis://127.0.0.1:6379/0",
    parse=_text,
    default="",
)
TRUSTED_PROXIES: Variable[tuple[str, ...]] = Variable(
    name="TRUSTED_PROXIES",
    purpose=(
        "addresses or networks of the proxies in front whose X-Forwarded-For is believed, "
        "separated by commas; without it a visitor is whoever connects"
    ),
    example="127.0.0.1,10.0.0.0/8",
    parse=_networks,
    default=(),
)
INTERNAL_NETWORKS: Variable[tuple[str, ...]] = Variable(
    name="INTERNAL_NETWORKS",
    purpose="the office's own addresses or networks, whose visits are not counted",
    example="10.20.0.0/16,203.0.113.7",
    parse=_networks,
    default=(),
)
JOURNAL_DIR: Variable[Path | None] = Variable(
    name="JOURNAL_DIR",
    purpose=(
        "a folder that outlives a restart, for the journal of counting; without it journal in "
        "DATA_DIR"
    ),
    example="/var/lib/trienlam/journal",
    parse=_folder,
    default=None,
)
SALT_DIR: Variable[Path | None] = Variable(
    name="SALT_DIR",
    purpose=(
        "a folder that no backup takes, for the daily keys of anonymous counting; without it "
        "salts in DATA_DIR"
    ),
    example="/var/lib/trienlam-salts",
    parse=_folder,
    default=None,
)
MATOMO_URL = Variable(
    name="MATOMO_URL",
    purpose=(
        "a Matomo server that is told of visits as well, where readers agree; with the scheme of "
        "PORTAL_URL; without it and MATOMO_SITE_ID no third party is told anything"
    ),
    example="https://thongke.langson.gov.vn/matomo",
    parse=_service_address,
    default="",
)
MATOMO_SITE_ID = Variable(
    name="MATOMO_SITE_ID",
    purpose="the number under which the Matomo server of MATOMO_URL keeps this site",
    example="7",
    parse=_site_number,
    default="",
)
EMAIL_URL: Variable[MailServer | None] = Variable(
    name="EMAIL_URL",
    purpose=(
        "the server that sends mail to those who approve; a user's name or password is written "
        "with %40 for @; without it no mail is sent"
    ),
    example="smtp://trienlam:password@mail.langson.gov.vn:587",
    parse=_mail_server,
    default=None,
)
EMAIL_FROM = Variable(
    name="EMAIL_FROM",
    purpose="the address mail comes from",
    example="trienlam@langson.gov.vn",
    parse=_sender,
    default="",
)
DEMO_ACCOUNTS: Variable[dict[str, str]] = Variable(
    name="DEMO_ACCOUNTS",
    purpose="accounts the demonstration makes, with their passwords; written by make demo",
    example="quantri:password,bientap:password",
    parse=_accounts,
    default={},
)
TEST_DATABASE_URL = Variable(
    name="TEST_DATABASE_URL",
    purpose="tests only: the PostgreSQL server on which a test database may be made",
    example="postgresql://postgres@127.0.0.1:5432/trienlam",
    parse=_text,
    default="postgresql://postgres@127.0.0.1:5432/trienlam",
)
TEST_REDIS_URL = Variable(
    name="TEST_REDIS_URL",
    purpose="tests only: a Redis database that may be emptied",
    example="redis://127.0.0.1:6379/15",
    parse=_text,
    default="redis://127.0.0.1:6379/15",
)
CHROMIUM = Variable(
    name="CHROMIUM",
    purpose="tests only: the browser's executable; without it the first one found on PATH",
    example="/usr/bin/chromium",
    parse=_text,
    default="",
)
REQUIRE_ALL = Variable(
    name="REQUIRE_ALL",
    purpose="tests only: 1 makes a test fail, instead of being skipped, for want of a service",
    example="1",
    parse=_boolean,
    default=False,
)

VARIABLES: tuple[Variable[Any], ...] = (
    SECRET_KEY,
    PORTAL_URL,
    DATA_DIR,
    ALLOWED_HOSTS,
    BEHIND_PROXY,
    DATABASE_URL,
    REDIS_URL,
    TRUSTED_PROXIES,
    INTERNAL_NETWORKS,
    JOURNAL_DIR,
    SALT_DIR,
    MATOMO_URL,
    MATOMO_SITE_ID,
    EMAIL_URL,
    EMAIL_FROM,
    DEMO_ACCOUNTS,
    TEST_DATABASE_URL,
    TEST_REDIS_URL,
    CHROMIUM,
    REQUIRE_ALL,
)


def portal_url(source: Mapping[str, str] | None = None) -> str:
    """Give the portal's address, ``scheme://host[:port]`` without a closing slash."""
    return PORTAL_URL.read(source)


def is_https(source: Mapping[str, str] | None = None) -> bool:
    """Tell whether visitors reach the portal by HTTPS."""
    return portal_url(source).startswith("https://")


def allowed_hosts(source: Mapping[str, str] | None = None) -> list[str]:
    """Give the host names that are answered: the portal's own first, then ALLOWED_HOSTS."""
    own = urlsplit(portal_url(source)).hostname or ""
    # Django wants IPv6 hosts in brackets, urlsplit takes them off.
    own = f"[{own}]" if ":" in own else own
    return list(dict.fromkeys([own, *ALLOWED_HOSTS.read(source)]))


def data_dir(source: Mapping[str, str] | None = None) -> Path:
    """Give the folder of everything that must persist, made (for its owner only) when absent."""
    folder = DATA_DIR.read(source)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def journal_dir(source: Mapping[str, str] | None = None) -> Path:
    """Give the folder of the journal of counting."""
    return JOURNAL_DIR.read(source) or DATA_DIR.read(source) / "journal"


def salt_dir(source: Mapping[str, str] | None = None) -> Path:
    """Give the folder of the daily keys of anonymous counting."""
    return SALT_DIR.read(source) or DATA_DIR.read(source) / "salts"


def matomo(source: Mapping[str, str] | None = None) -> tuple[str, str]:
    """Give the address of the Matomo server and the site's number there; both or neither."""
    address, number = MATOMO_URL.read(source), MATOMO_SITE_ID.read(source)
    return (address, number) if address and number else ("", "")


def mail_settings(source: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Give Django's settings of mail; without a server nothing is sent."""
    server = EMAIL_URL.read(source)
    if server is None:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    host = urlsplit(portal_url(source)).hostname
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": server.host,
        "EMAIL_PORT": server.port,
        "EMAIL_HOST_USER": server.user,
        "EMAIL_HOST_PASSWORD": server.password,
        "EMAIL_USE_SSL": server.encrypted_from_the_start,
        "EMAIL_USE_TLS": not server.encrypted_from_the_start,
        "EMAIL_TIMEOUT": MAIL_SECONDS,
        "DEFAULT_FROM_EMAIL": EMAIL_FROM.read(source) or f"trienlam@{host}",
    }


def database_settings(source: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Give Django's settings of the default database.

    On SQLite, readers and a writer work at once (WAL), a commit does not wait for
    the disk (a crash of the process loses nothing, a power cut at most the last
    commits), and a transaction takes the write lock when it begins: one that read
    first and writes later would otherwise fail at once instead of waiting its turn.
    """
    address = DATABASE_URL.read(source) or f"sqlite:///{data_dir(source) / 'trienlam.sqlite3'}"
    try:
        settings: dict[str, Any] = dict(
            dj_database_url.parse(
                address, conn_max_age=DATABASE_CONNECTION_SECONDS, conn_health_checks=True
            )
        )
    except ValueError:
        # Without the parser's own error, which repeats the address with its password.
        raise ImproperlyConfigured(
            f"DATABASE_URL cannot be understood (for example {DATABASE_URL.example})."
        ) from None
    if settings["ENGINE"] == "django.db.backends.sqlite3":
        settings["OPTIONS"] = {
            **settings.get("OPTIONS", {}),
            "timeout": SQLITE_BUSY_SECONDS,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    return settings


# Wagtail writes a rendition back to this cache at every look at it, which costs more
# than the query it saves; what our pages need of a picture is stored with the picture.
_NO_RENDITION_CACHE = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}


def cache_settings(source: Mapping[str, str] | None = None) -> dict[str, dict[str, Any]]:
    """Give Django's caches for one process: Redis where REDIS_URL names it, else its memory."""
    redis_url = REDIS_URL.read(source)
    if redis_url:
        default: dict[str, Any] = {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": redis_url,
        }
    else:
        default = {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "OPTIONS": {"MAX_ENTRIES": 5000},
        }
    return {"default": default, "renditions": _NO_RENDITION_CACHE}


def shared_cache_settings(source: Mapping[str, str] | None = None) -> dict[str, dict[str, Any]]:
    """Give caches that several processes see alike: Redis, else a folder in DATA_DIR.

    Wagtail keeps the roots of its sites in the cache. In the memory of one process
    another one's change would not be noticed for an hour.
    """
    settings = cache_settings(source)
    if not REDIS_URL.is_given(source):
        settings["default"] = {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(data_dir(source) / "cache"),
            "OPTIONS": {"MAX_ENTRIES": 5000},
        }
    return settings


def production_problems(source: Mapping[str, str] | None = None) -> list[str]:
    """List, in the table's order, all that keeps production from starting; empty when ready."""
    problems: list[str] = []
    for variable in VARIABLES:
        if variable.required_in_production and not variable.is_given(source):
            problems.append(
                f"{variable.name} is missing: {variable.purpose} (for example {variable.example})."
            )
            continue
        try:
            variable.read(source)
        except ImproperlyConfigured as error:
            problems.append(str(error))
    if not problems:
        problems += _contradictions(source)
    return problems


def _contradictions(source: Mapping[str, str] | None) -> list[str]:
    """List values that are readable each, but cannot serve."""
    problems: list[str] = []
    if len(SECRET_KEY.read(source)) < SECRET_KEY_MINIMUM_LENGTH:
        problems.append(f"SECRET_KEY is too short: {SECRET_KEY.purpose}.")
    if is_https(source) and not BEHIND_PROXY.read(source):
        problems.append(f"BEHIND_PROXY is missing: {BEHIND_PROXY.purpose}.")
    try:
        folder = data_dir(source)
    except OSError as error:
        return [*problems, f"DATA_DIR cannot be made: {error.strerror}."]
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        problems.append(f"DATA_DIR cannot be written by this user: {DATA_DIR.purpose}.")
    problems += _journal_problems(source)
    problems += _third_party_problems(source)
    try:
        database_settings(source)
    except ImproperlyConfigured as error:
        problems.append(str(error))
    return problems


def _journal_problems(source: Mapping[str, str] | None) -> list[str]:
    """List what keeps the journal from outliving a restart: without it counts would be lost."""
    journal = journal_dir(source)
    try:
        journal.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        return [f"JOURNAL_DIR cannot be made: {error.strerror}."]
    if not os.access(journal, os.R_OK | os.W_OK | os.X_OK):
        return [f"JOURNAL_DIR cannot be written by this user: {JOURNAL_DIR.purpose}."]
    # Where all data lies in memory (somebody tries it out) the journal may as well.
    if _in_memory(journal) and not _in_memory(DATA_DIR.read(source)):
        return [f"JOURNAL_DIR lies in memory and is lost at a restart: {JOURNAL_DIR.purpose}."]
    return []


def _third_party_problems(source: Mapping[str, str] | None) -> list[str]:
    """List what keeps the Matomo server from being asked as it was meant."""
    address, number = MATOMO_URL.read(source), MATOMO_SITE_ID.read(source)
    if bool(address) != bool(number):
        missing = MATOMO_SITE_ID if address else MATOMO_URL
        return [f"{missing.name} is missing: {missing.purpose} (for example {missing.example})."]
    scheme = urlsplit(portal_url(source)).scheme
    # What django-analytical renders asks the service by the scheme of the page.
    if address and urlsplit(address).scheme != scheme:
        return [f"MATOMO_URL must begin with {scheme}:// as PORTAL_URL does."]
    return []


def _in_memory(folder: Path) -> bool:
    """Tell whether ``folder`` lies on a file system that is gone when the machine restarts."""
    try:
        lines = Path("/proc/mounts").read_text().splitlines()
    except OSError:
        return False
    mounts = {fields[1]: fields[2] for fields in (line.split() for line in lines)}
    place = folder.resolve()
    for parent in (place, *place.parents):
        if str(parent) in mounts:
            return mounts[str(parent)] in {"tmpfs", "ramfs"}
    return False


def require_production(source: Mapping[str, str] | None = None) -> None:
    """Refuse to go on half configured.

    Raises ImproperlyConfigured that names every problem at once, so that an
    operator does not find them one start at a time.
    """
    problems = production_problems(source)
    if problems:
        lines = "\n".join(f"  - {problem}" for problem in problems)
        raise ImproperlyConfigured(f"The portal cannot start in production:\n{lines}")
