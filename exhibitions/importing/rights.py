"""Who imports into an exhibition, and what a person may do with its pages.

Asked for many pages at once: of each only as often as its answer may differ.
"""

from __future__ import annotations

from typing import Any

from core.confinement import pages_seen_by
from core.models import User
from exhibitions.importing.snapshot import Snapshot
from exhibitions.models import ExhibitionPage, ItemPage, PartPage
from exhibitions.models.approvable import approval_is_in_force


def may_import(user: User, exhibition: ExhibitionPage) -> bool:
    """Whether ``user`` imports into ``exhibition``: who may add to it, or to a Part of it.

    That it is under approval is no matter of rights: it is said on the screens.
    """
    pages = [exhibition, *PartPage.objects.filter(path__startswith=exhibition.path, alias_of=None)]
    testers = (page.permissions_for_user(user) for page in pages)
    return user.is_active and any(
        user.is_superuser or "add" in tester.permissions for tester in testers
    )


class Rights:
    """What one person may do with pages, by Wagtail's own rules.

    Whether pages may be added or published below a page is asked once for each, as every
    row of a list asks it of the same few; all else is asked for as often as it is wanted.
    """

    def __init__(self, user: User) -> None:
        self._user = user
        self._may_add: dict[int, bool] = {}
        self._may_publish_below: dict[int, bool] = {}

    def may_edit(self, item: ItemPage) -> bool:
        """Whether the item may be changed."""
        return bool(item.permissions_for_user(self._user).can_edit())

    def may_move(self, item: ItemPage, part: PartPage) -> bool:
        """Whether the item may be moved to ``part``."""
        tester = item.permissions_for_user(self._user)
        return bool(tester.can_move() and tester.can_move_to(part))

    def may_move_to_new_part(self, item: ItemPage, above: Any) -> bool:
        """Whether the item may be moved to a Part that is made below ``above``.

        What :meth:`may_move` would say of that Part, to which whoever makes it may add:
        what is published comes only to where the person may publish.
        """
        if not item.permissions_for_user(self._user).can_move():
            return False
        if not item.live:
            return True
        if above.pk not in self._may_publish_below:
            tester = above.permissions_for_user(self._user)
            self._may_publish_below[above.pk] = bool(tester.can_publish_subpage())
        return self._may_publish_below[above.pk]

    def may_add_to(self, page: Any) -> bool:
        """Whether pages may be added below ``page``."""
        if page.pk not in self._may_add:
            tester = page.permissions_for_user(self._user)
            self._may_add[page.pk] = bool(tester.can_add_subpage())
        return self._may_add[page.pk]

    def may_reorder(self, part: PartPage) -> bool:
        """Whether the items of ``part`` may be put in another order."""
        return bool(part.permissions_for_user(self._user).can_reorder_children())

    def may_order_new_part(self, above: Any) -> bool:
        """Whether the items of a Part that is made below ``above`` may be put in order."""
        tester = above.permissions_for_user(self._user)
        return approval_is_in_force(self._user) or bool(tester.can_publish_subpage())

    def seen(self, snapshot: Snapshot) -> set[int]:
        """Numbers of the items whose titles the person may see. One query."""
        below = pages_seen_by(self._user).filter(path__startswith=snapshot.exhibition.path)
        return set(below.values_list("pk", flat=True))
