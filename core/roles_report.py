"""How a role stands to the table, in words."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import Permission
from django.utils.translation import gettext as _
from wagtail.models import Collection, Page

from core.permission_names import permission_name
from core.roles import Comparison, Right, Scope


def lines_of(found: Comparison, *, applied: bool, reset: bool = False) -> list[str]:
    """One line for each thing to tell of a role, the rights named in the office's language.

    ``applied``: what was due has been given; ``reset``: what was done by hand is undone.
    """
    lines = []
    if found.deleted:
        if not reset:
            return [
                _(
                    "An administrator deleted this role. It is not made again; to have it back: "
                    "manage.py roles --reset %(key)s"
                )
                % {"key": found.role.key}
            ]
        lines.append(_("The deleted role is made again, without members."))
    if found.is_new and found.group:
        lines.append(
            _("A group of this name was there already; it is this role now, its members stay.")
        )
    if found.is_new and applied:
        lines.append(_("Set up from the table."))
    elif found.is_new:
        lines.append(_("Not set up from the table yet."))
    if found.begins_elsewhere:
        lines.append(_("The rights on pages do not begin at the home page."))
    given = _("given by the table: %(right)s") if applied else _("due by the table: %(right)s")
    taken = (
        _("the table gives no longer, taken away: %(right)s")
        if applied
        else _("the table gives no longer: %(right)s")
    )
    by_hand = (
        (_("given by hand, taken away: %(right)s"), _("taken away by hand, given: %(right)s"))
        if reset
        else (_("given by hand: %(right)s"), _("taken away by hand: %(right)s"))
    )
    for words, rights in (
        (given, found.due),
        (taken, found.overdue),
        (by_hand[0], found.given_by_hand),
        (by_hand[1], found.taken_by_hand),
    ):
        lines += [words % {"right": name} for name in right_names(rights)]
    return lines or [_("as in the table")]


def right_names(rights: Iterable[Right]) -> list[str]:
    """What ``rights`` are called, each with where it holds if that is not everywhere."""
    every = sorted(rights, key=lambda right: (right.scope, right.permission, right.place or 0))
    codenames = [right.permission.partition(".")[2] for right in every]
    known = {
        f"{each.content_type.app_label}.{each.codename}": permission_name(each)
        for each in Permission.objects.filter(codename__in=codenames).select_related("content_type")
    }
    return [_named(each, known.get(each.permission, each.permission)) for each in every]


def _named(right: Right, name: str) -> str:
    if right.place is None:
        return name
    model = Page if right.scope is Scope.PAGES else Collection
    place = model.objects.filter(pk=right.place).first()
    return _("%(right)s (at “%(place)s”)") % {"right": name, "place": place or right.place}
