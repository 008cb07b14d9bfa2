"""Serve the portal on this machine, with the clockwork beside it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.serving import CannotServe, Supervisor, default_workers


def add_address_arguments(parser: ArgumentParser) -> None:
    """Add the options that say where to listen and with how many processes."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at")
    parser.add_argument("--port", type=int, default=8000, help="port to listen at")
    parser.add_argument(
        "--workers",
        type=int,
        default=default_workers(),
        help="processes that answer requests (default: %(default)s)",
    )


class Command(BaseCommand):
    """``manage.py serve``: web server, jobs and clock, until Ctrl-C or SIGTERM."""

    help = "Serve the portal, and do its jobs and scheduled publishing, until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add where to listen."""
        add_address_arguments(parser)

    def handle(self, *args: Any, host: str, port: int, workers: int, **options: Any) -> None:
        """Serve; the address is printed once a page can be had there."""
        try:
            Supervisor(host, port, workers).run(
                lambda: self.stdout.write(f"Serving at http://{host}:{port} (Ctrl-C stops)")
            )
        except CannotServe as error:
            raise CommandError(str(error)) from error
