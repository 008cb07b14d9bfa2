"""``manage.py roles``: brings the roles up to their table and tells what differs."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core import roles
from core.roles import Comparison
from core.roles_report import lines_of
from home.roles import TABLE


class Command(BaseCommand):
    """Applies the table of roles; what administrators changed by hand stays and is told."""

    help = (
        "Give each role what the table in home/roles.py names. What administrators gave or "
        "took away by hand stays as it is, and is told."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """``--check`` changes nothing, ``--reset`` undoes what was done by hand."""
        one = parser.add_mutually_exclusive_group()
        one.add_argument(
            "--check",
            action="store_true",
            help="Change nothing; exit with 1 if a role differs from the table.",
        )
        one.add_argument(
            "--reset",
            metavar="ROLE",
            help="Put one role back to the table: its name, or one of "
            + ", ".join(role.key for role in TABLE),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Apply, check or reset, and report."""
        if options["reset"]:
            self._reset(options["reset"])
            return
        check = options["check"]
        found = roles.compare(TABLE) if check else roles.apply(TABLE)
        for comparison in found:
            self._tell(comparison, lines_of(comparison, applied=not check))
        if check and not all(each.is_as_in_the_table for each in found):
            raise CommandError(_("Roles differ from the table."), returncode=1)

    def _reset(self, wanted: str) -> None:
        found = [
            each.role
            for each in roles.compare(TABLE)
            if wanted in (each.role.key, each.role.name, each.name)
        ]
        if len(found) != 1:
            raise CommandError(
                _("No such role: %(wanted)s. There are: %(names)s.")
                % {
                    "wanted": wanted,
                    "names": ", ".join(f"{role.key} ({role.name})" for role in TABLE),
                }
            )
        before = roles.reset(found[0])
        self._tell(before, lines_of(before, applied=True, reset=True))

    def _tell(self, comparison: Comparison, lines: list[str]) -> None:
        self.stdout.write(f"{comparison.name}:")
        for line in lines:
            self.stdout.write(f"  {line}")
