"""Who comes to the portal in the tests, and what their browsers send."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Mobile Safari/537.36"
)
ZALO = (
    "Mozilla/5.0 (Linux; Android 13; SM-A135F Build/TP1A.220624.014; wv) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Version/4.0 Chrome/125.0.6422.165 Mobile Safari/537.36 "
    "Zalo android/23120559 ZaloTheme/light ZaloLanguage/vi"
)
COC_COC = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "coc_coc_browser/125.0.148 Chrome/119.0.6045.148 Safari/537.36"
)
SAFARI_IOS = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
)
FACEBOOK = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/468.0.0.42.71;FBBV/609543134;"
    "FBDV/iPhone13,2;FBMD/iPhone;FBSN/iOS;FBSV/17.5;FBSS/3;FBID/phone;FBLC/vi_VN;FBOP/5]"
)
FIREFOX = "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"

ROBOTS = {
    "curl": "curl/8.5.0",
    "python-requests": "python-requests/2.32.3",
    "Headless Chrome": (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "HeadlessChrome/126.0.0.0 Safari/537.36"
    ),
    "Zalo's crawler": "Mozilla/5.0 (compatible; ZaloBot/1.0; +https://zalo.me)",
    "Googlebot": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Facebook's crawler": (
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"
    ),
    "a monitor": "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
    "nothing at all": "",
    "a bare name": "Mozilla/5.0",
}
PEOPLE = {
    "Chrome on Android": ANDROID,
    "inside Zalo": ZALO,
    "Cốc Cốc": COC_COC,
    "Safari on an iPhone": SAFARI_IOS,
    "inside Facebook": FACEBOOK,
    "Firefox": FIREFOX,
}


def asking(
    address: str = "113.160.1.1", agent: str = ANDROID, host: str = "testserver", **headers: str
) -> dict[str, Any]:
    """What a server knows of a request; ``headers`` as in WSGI, without ``HTTP_``."""
    environ = {"REMOTE_ADDR": address, "HTTP_USER_AGENT": agent, "HTTP_HOST": host}
    return environ | {f"HTTP_{name}": value for name, value in headers.items()}


class NeverSent(io.BytesIO):
    """A body that was announced and does not come: whoever reads it waits for ever."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Fail, in place of waiting."""
        raise AssertionError("somebody waits for a body")


def posting(beacon: str, **asked: str) -> dict[str, Any]:
    """A beacon as the server sees it, sent by whoever ``asked`` describes."""
    return asking(**asked) | {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/_v/",
        "SCRIPT_NAME": "",
        "QUERY_STRING": beacon,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": "",
        "wsgi.input": io.BytesIO(b""),
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
    }


def getting(path: str, **asked: str) -> dict[str, Any]:
    """A request for ``path`` as the server sees it, from whoever ``asked`` describes."""
    return posting("", **asked) | {"REQUEST_METHOD": "GET", "PATH_INFO": path}


def answer_of(
    application: Callable[..., Any], environ: dict[str, Any]
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body that a WSGI application answers."""
    said: list[Any] = []
    chunks = application(environ, lambda status, headers, *_: said.extend((status, headers)))
    try:
        body = b"".join(chunks)
    finally:
        getattr(chunks, "close", lambda: None)()
    return int(said[0].split()[0]), dict(said[1]), body
