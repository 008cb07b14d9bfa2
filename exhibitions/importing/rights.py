"""What a person may do with the pages of an exhibition, asked for many of them at once."""

from __future__ import annotations

from typing import Any

from core.confinement import pages_seen_by
from core.models import User
from exhibitions.importing.snapshot import Snapshot
from exhibitions.models import ItemPage, PartPage


class Rights:
    """What the person may do with the pages of the exhibition; each is asked once."""

    def __init__(self, user: User) -> None:
        self._user = user
        self._may_add: dict[int, bool] = {}

    def may_edit(self, item: ItemPage) -> bool:
        """Whether the item may be changed."""
        return bool(item.permissions_for_user(self._user).can_edit())

    def may_move(self, item: ItemPage, part: PartPage) -> bool:
        """Whether the item may be moved to ``part``."""
        tester = item.permissions_for_user(self._user)
        return bool(tester.can_move() and tester.can_move_to(part))

    def may_add_to(self, page: Any) -> bool:
        """Whether pages may be added below ``page``."""
        if page.pk not in self._may_add:
            tester = page.permissions_for_user(self._user)
            self._may_add[page.pk] = bool(tester.can_add_subpage())
        return self._may_add[page.pk]

    def may_reorder(self, part: PartPage) -> bool:
        """Whether the items of ``part`` may be put in another order."""
        return bool(part.permissions_for_user(self._user).can_reorder_children())

    def seen(self, snapshot: Snapshot) -> set[int]:
        """Numbers of the items whose titles the person may see. One query."""
        below = pages_seen_by(self._user).filter(path__startswith=snapshot.exhibition.path)
        return set(below.values_list("pk", flat=True))
