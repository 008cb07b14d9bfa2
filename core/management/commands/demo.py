"""What ``make demo`` runs: prepare the database, load the content once, serve.

Everything happens under one supervisor, so that Django is loaded once and a second
start is a matter of seconds. Terminal texts are in both languages at once: nobody
has chosen one yet when they are printed.
"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from core.management.commands.serve import add_address_arguments
from core.serving import CannotServe, Supervisor, require_free_port

LOADER = "load_demonstration"
"""The command, of an app above this one, that makes the content; quick when it is there."""

ANNOUNCEMENT = """
  Cổng triển lãm đã sẵn sàng / The portal is ready:

      {address}/
      {address}/admin/

  Tài khoản quản trị / Accounts for the admin:

{accounts}

  Nên thử / What to try:
    1. Trang chủ → triển lãm đang mở → Phần I → xem từng tài liệu, rồi "tiếp" sang Phần II.
       Home → an open exhibition → Phần I → its documents, then on into Phần II.
    2. Tìm không dấu: khau hieu, dong bao. / Search without diacritics.
    3. Quản trị: sửa một bài rồi bấm Đăng; thu hồi "được phép công bố" của một tài liệu.
       Admin: change and publish a page; withdraw the clearance of an item.

  Dừng: Ctrl-C. Chạy lại: make demo (dữ liệu được giữ nguyên).
  Stop: Ctrl-C. Start again: make demo (nothing is lost).
"""


class Command(BaseCommand):
    """``manage.py demo``: the demonstration, from an empty folder to a served page."""

    help = "Migrate, load the demonstration once, and serve it (what make demo runs)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add where to listen."""
        add_address_arguments(parser)

    def handle(self, *args: Any, host: str, port: int, workers: int, **options: Any) -> None:
        """Prepare what is not ready yet, then serve until stopped."""
        try:
            require_free_port(host, port)
            supervisor = Supervisor(host, port, workers)
            self._say("Kiểm tra dữ liệu / Checking the data")
            supervisor.prepare(self._prepare)
            self._say("Khởi động máy chủ / Starting the server")
            supervisor.run(self._announce)
        except CannotServe as error:
            raise CommandError(str(error)) from error

    def _prepare(self) -> None:
        """Bring database and content to where they can be served; runs in a child."""
        if has_unapplied_migrations():
            self._say("Tạo cơ sở dữ liệu / Making the database")
            call_command("migrate", verbosity=0, interactive=False)
        call_command(LOADER)
        serve_site_at(settings.WAGTAILADMIN_BASE_URL)

    def _announce(self) -> None:
        accounts: dict[str, str] = getattr(settings, "DEMO_ACCOUNTS", {})
        width = max((len(name) for name in accounts), default=0)
        lines = [f"      {name:<{width}}  {password}" for name, password in accounts.items()]
        self.stdout.write(
            ANNOUNCEMENT.format(address=settings.WAGTAILADMIN_BASE_URL, accounts="\n".join(lines))
        )
        self.stdout.flush()

    def _say(self, step: str) -> None:
        self.stdout.write(f"→ {step} …")
        self.stdout.flush()


def has_unapplied_migrations() -> bool:
    """Tell whether ``migrate`` would do anything."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def serve_site_at(address: str) -> None:
    """Have the default site write its absolute addresses with ``address``.

    The port may be another at every start; content is left alone.
    """
    # Models can be imported only once the apps are loaded, which a command's module
    # may be imported before.
    from wagtail.models import Site

    parts = urlsplit(address)
    hostname = parts.hostname or "localhost"
    port = parts.port or (443 if parts.scheme == "https" else 80)
    site = Site.objects.filter(is_default_site=True).first()
    if site is not None and (site.hostname, site.port) != (hostname, port):
        site.hostname, site.port = hostname, port
        site.save()
