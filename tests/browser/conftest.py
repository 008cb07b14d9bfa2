"""The real portal for the browser: what ``make demo`` serves, started once for all tests."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from config import environment

READY = "The portal is ready"
PASSWORD = secrets.token_urlsafe(12)
ACCOUNTS = ("quantri", "bientap", "pheduyet", "vanthu")
PHONE, DESKTOP = (360, 780), (1280, 900)
# What is expected is waited for, not timed: the portal shares its machine with other work.
expect.set_options(timeout=30_000)


@dataclass
class Portal:
    """A running portal with the demonstration."""

    url: str
    data: Path
    variables: dict[str, str] = field(repr=False)

    def command(self, *arguments: str) -> str:
        """What a management command of this installation prints."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=environment.BASE_DIR,
            env=self.variables,
            check=True,
            capture_output=True,
            text=True,
            timeout=120,
        ).stdout

    def page_number(self, path: str) -> int:
        """The number of the page at ``path``, which the admin's addresses hold."""
        slugs = path.strip("/").split("/")
        find = (
            "from wagtail.models import Page; "
            f"print(Page.objects.get(slug={slugs[-1]!r}, depth={len(slugs) + 2}, "
            f"url_path__endswith={path!r}).pk)"
        )
        return int(self.command("shell", "--no-imports", "-c", find).split()[-1])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def installation(data: Path) -> Portal:
    """The demonstration as production serves it, on a free port, with its folder ``data``."""
    port = _free_port()
    variables = {
        "PATH": os.environ["PATH"],
        "HOME": str(data),
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "PORTAL_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": "127.0.0.1",
        "DATA_DIR": str(data),
        "DEMO_ACCOUNTS": ",".join(f"{name}:{PASSWORD}" for name in ACCOUNTS),
        "PYTHONUNBUFFERED": "1",
    }
    return Portal(variables["PORTAL_URL"], data, variables)


@contextmanager
def running(portal: Portal) -> Iterator[None]:
    """Serve ``portal`` within the block; what it has kept is there the next time."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "demo", "--port", portal.url.rpartition(":")[2]],
        cwd=environment.BASE_DIR,
        env=portal.variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if READY in line:
                break
        else:
            pytest.fail("the demonstration did not start:\n" + "".join(said), pytrace=False)
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


@pytest.fixture(scope="session")
def portal(require_chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The demonstration, started once for all tests in an empty folder."""
    demonstration = installation(tmp_path_factory.mktemp("portal"))
    with running(demonstration):
        yield demonstration


@dataclass
class Visitor:
    """A browser window on the portal that remembers what it asked for and what went wrong."""

    page: Page
    portal: Portal
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        """Open an address of the portal."""
        self.page.goto(f"{self.portal.url}{path}")

    def follow(self, link: Locator) -> None:
        """Click a link and wait until the page it leads to has loaded, scripts and all."""
        with self.page.expect_event("load"):
            link.click()

    @property
    def path(self) -> str:
        """Where the window is, below the portal."""
        return self.page.url.removeprefix(self.portal.url)

    def foreign_requests(self) -> list[str]:
        """What it asked other hosts for."""
        ours = (self.portal.url, "data:", "blob:", "about:")
        return [address for address in self.requests if not address.startswith(ours)]

    def violations(self) -> list[str]:
        """What axe finds on the page as it stands, with every rule."""
        results = Axe().run(self.page)
        return [
            f"{self.path}: {violation['id']} {[node['target'] for node in violation['nodes']][:3]}"
            for violation in results.response["violations"]
        ]


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(browser: Browser, portal: Portal) -> Iterator[Visit]:
    """Open a window: ``visit(size, theme="dark", javascript=False)``."""
    contexts: list[BrowserContext] = []

    def open_window(
        size: tuple[int, int] = DESKTOP, *, theme: str = "light", javascript: bool = True
    ) -> Visitor:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if theme == "dark" else "light",
            java_script_enabled=javascript,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
        )
        contexts.append(context)
        visitor = Visitor(context.new_page(), portal)
        visitor.page.on("request", lambda request: visitor.requests.append(request.url))
        visitor.page.on(
            "console",
            lambda message: (
                visitor.errors.append(message.text) if message.type == "error" else None
            ),
        )
        visitor.page.on("pageerror", lambda error: visitor.errors.append(str(error)))
        return visitor

    yield open_window
    for context in contexts:
        context.close()


@pytest.fixture
def sign_in(visit: Visit) -> Callable[[str], Visitor]:
    """Open a window that is signed in to the admin under an account's name."""

    def signed_in(name: str) -> Visitor:
        visitor = visit()
        visitor.go("/admin/login/")
        visitor.page.fill("input[name=username]", name)
        visitor.page.fill("input[name=password]", PASSWORD)
        visitor.page.click("button[type=submit]")
        visitor.page.wait_for_url("**/admin/")
        return visitor

    return signed_in
