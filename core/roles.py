"""Roles given from a table, without overwriting what administrators changed by hand.

The table is compared with what it last gave (the baseline) and with what the group has
now. What the table gives newly is added; what it gives no longer is taken away where
nobody had changed it; what an administrator gave or took away stays, and is reported. A
role whose group an administrator deleted is reported and not made again.

The table itself names the rights of all apps and is in :mod:`home.roles`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Site,
)

from core.models import RoleBaseline
from core.role_changes import recording

INTO_THE_ADMIN = "wagtailadmin.access_admin"
COOPERATING_EDITOR = "cooperating-editor"
"""The key of the role whose pages and files are given an organisation at a time."""


class Scope(StrEnum):
    """What a right is for."""

    PORTAL = "portal"
    PAGES = "pages"
    COLLECTIONS = "collections"


@dataclass(frozen=True)
class Right:
    """One right: ``permission`` is "app.codename".

    ``place`` is the number of the page or collection from which downwards it holds. Without
    one it is where the rights of all roles begin: the home page, the root of collections.
    """

    scope: Scope
    permission: str
    place: int | None = None

    def stored(self) -> str:
        """How a baseline keeps it."""
        return f"{self.scope.value}:{self.permission}"

    @classmethod
    def of(cls, stored: str) -> Right:
        """The right a baseline keeps as ``stored``."""
        scope, _colon, permission = stored.partition(":")
        return cls(Scope(scope), permission)


@dataclass(frozen=True)
class Role:
    """A line of the table. ``name`` is that of its group, in Vietnamese."""

    key: str
    name: str
    permissions: tuple[str, ...] = ()
    on_pages: tuple[str, ...] = ()
    """At the home page and below."""
    on_collections: tuple[str, ...] = ()
    """In all collections."""

    def rights(self) -> frozenset[Right]:
        """What the table gives."""
        every = (
            (Scope.PORTAL, self.permissions),
            (Scope.PAGES, self.on_pages),
            (Scope.COLLECTIONS, self.on_collections),
        )
        return frozenset(Right(scope, name) for scope, names in every for name in names)


@dataclass(frozen=True)
class Comparison:
    """How a role stands to the table: what is due by the table, and what was done by hand."""

    role: Role
    group: Group | None = None
    due: frozenset[Right] = frozenset()
    overdue: frozenset[Right] = frozenset()
    """What the table gave and gives no longer."""
    given_by_hand: frozenset[Right] = frozenset()
    taken_by_hand: frozenset[Right] = frozenset()
    deleted: bool = False
    """An administrator deleted the group."""
    is_new: bool = False
    """The table has never been applied for this role."""
    begins_elsewhere: bool = False
    """Its rights on pages begin at a page that is not the home page any more."""

    @property
    def name(self) -> str:
        """What the group is called now, else what the table calls it."""
        return self.group.name if self.group else self.role.name

    @property
    def is_as_in_the_table(self) -> bool:
        """Whether there is nothing to do and nothing to report."""
        by_hand = self.given_by_hand or self.taken_by_hand
        to_do = self.due or self.overdue or self.is_new or self.begins_elsewhere
        return not (to_do or by_hand or self.deleted)


def compare_sets(
    table: frozenset[Right], baseline: frozenset[Right], current: frozenset[Right]
) -> tuple[frozenset[Right], frozenset[Right], frozenset[Right], frozenset[Right]]:
    """Due, overdue, given by hand and taken by hand: the comparison of the three sides."""
    due = table - baseline - current
    overdue = (baseline - table) & current
    return due, overdue, current - table - overdue, (table & baseline) - current


def home_page() -> Page | None:
    """Where rights on pages begin: the root of the default site, else the first page there is."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    return site.root_page if site else Page.objects.filter(depth=2).order_by("path").first()


@dataclass
class _Places:
    """The permissions of the database by name, and where rights begin. Read once a run."""

    page: Page | None = field(default_factory=home_page)
    collection: Collection | None = field(default_factory=Collection.get_first_root_node)
    permissions: dict[str, Permission] = field(
        default_factory=lambda: {
            f"{each.content_type.app_label}.{each.codename}": each
            for each in Permission.objects.select_related("content_type")
        }
    )

    def beginning(self, scope: Scope) -> int | None:
        """The number of the page or collection at which rights of ``scope`` begin."""
        place = {Scope.PAGES: self.page, Scope.COLLECTIONS: self.collection}.get(scope)
        return place.pk if place else None

    def can_hold(self, right: Right) -> bool:
        """Whether the database has what is needed to give ``right`` at present."""
        there = right.scope is Scope.PORTAL or self.beginning(right.scope) is not None
        return there and right.permission in self.permissions


def _current(group: Group, page_id: int | None, root: int | None) -> frozenset[Right]:
    """What ``group`` has; a right elsewhere than at ``page_id`` and ``root`` names its place."""
    rows = (
        (Scope.PORTAL, None, group.permissions.values_list("content_type__app_label", "codename")),
        (
            Scope.PAGES,
            page_id,
            GroupPagePermission.objects.filter(group=group).values_list(
                "permission__content_type__app_label", "permission__codename", "page_id"
            ),
        ),
        (
            Scope.COLLECTIONS,
            root,
            GroupCollectionPermission.objects.filter(group=group).values_list(
                "permission__content_type__app_label", "permission__codename", "collection_id"
            ),
        ),
    )
    return frozenset(
        Right(scope, f"{row[0]}.{row[1]}", next((p for p in row[2:] if p != begin), None))
        for scope, begin, found in rows
        for row in found
    )


def _group_named(role: Role) -> Group | None:
    """The group that has the name of ``role`` and is no other role's."""
    return Group.objects.filter(name=role.name, role_baseline=None).first()


def _free_name(role: Role) -> str:
    """What the group of ``role`` can be called: another role may have been given its name."""
    is_taken = Group.objects.filter(name=role.name).exists()
    return f"{role.name} ({role.key})" if is_taken else role.name


def _compare(role: Role, places: _Places) -> Comparison:
    baseline = RoleBaseline.objects.filter(key=role.key).select_related("group").first()
    if baseline and baseline.group is None:
        return Comparison(role, deleted=True)
    group = baseline.group if baseline else _group_named(role)
    table = frozenset(right for right in role.rights() if places.can_hold(right))
    if group is None:
        return Comparison(role, due=table, is_new=True)
    given = frozenset(Right.of(each) for each in baseline.given) if baseline else frozenset()
    begins = baseline.page_id if baseline else None
    if begins is None:
        # The page is gone, and with it the rights on it: nobody took them away.
        given = frozenset(right for right in given if right.scope is not Scope.PAGES)
        begins = places.beginning(Scope.PAGES)
    due, overdue, extra, taken = compare_sets(
        table, given, _current(group, begins, places.beginning(Scope.COLLECTIONS))
    )
    return Comparison(
        role,
        group,
        due,
        overdue,
        extra,
        taken,
        is_new=baseline is None,
        begins_elsewhere=begins != places.beginning(Scope.PAGES),
    )


def compare(table: Iterable[Role]) -> list[Comparison]:
    """How every role stands, without changing anything."""
    places = _Places()
    return [_compare(role, places) for role in table]


def follow_home_page(table: Iterable[Role]) -> None:
    """Apply ``table`` when another page has become the home page, or the first one has.

    Costs two queries when nothing has changed. A duty of the clockwork: whoever sets up a
    portal makes the home page long after the database.
    """
    page = home_page()
    behind = RoleBaseline.objects.exclude(group=None).exclude(page=page)
    if page is not None and behind.exists():
        apply(table)


@transaction.atomic
def apply(table: Iterable[Role]) -> list[Comparison]:
    """Bring every role up to the table and tell what was found; see the module.

    A group that has a role's name already becomes that role's group.
    """
    places = _Places()
    return [_apply(role, places) for role in table]


def _apply(role: Role, places: _Places) -> Comparison:
    _follow_home_page(role, places)
    found = _compare(role, places)
    if found.deleted:
        return found
    group = found.group or Group.objects.create(name=_free_name(role))
    with recording(group):
        _change(group, places, give=found.due, take=found.overdue)
    _remember(role, group, places)
    return found


def _follow_home_page(role: Role, places: _Places) -> None:
    """Move what the table gave on the former home page, which still stands, to the new one."""
    baseline = RoleBaseline.objects.filter(key=role.key).select_related("group").first()
    if not (baseline and baseline.group and baseline.page_id and places.page):
        return
    if baseline.page_id == places.page.pk:
        return
    codenames = [Right.of(each).permission.split(".")[1] for each in baseline.given]
    with recording(baseline.group):
        rows = GroupPagePermission.objects.filter(
            group=baseline.group, page_id=baseline.page_id, permission__codename__in=codenames
        )
        for row in rows.select_related("permission"):
            GroupPagePermission.objects.get_or_create(
                group=baseline.group, page=places.page, permission=row.permission
            )
            row.delete()
    RoleBaseline.objects.filter(pk=baseline.pk).update(page=places.page)


def _remember(role: Role, group: Group, places: _Places) -> None:
    given = sorted(right.stored() for right in role.rights() if places.can_hold(right))
    RoleBaseline.objects.update_or_create(
        key=role.key, defaults={"group": group, "page": places.page, "given": given}
    )


def _change(group: Group, places: _Places, give: Iterable[Right], take: Iterable[Right]) -> None:
    for right in give:
        _give(group, right, places)
    for right in take:
        _take(group, right, places)


def _give(group: Group, right: Right, places: _Places) -> None:
    permission = places.permissions[right.permission]
    place = right.place or places.beginning(right.scope)
    if right.scope is Scope.PORTAL:
        group.permissions.add(permission)
    elif right.scope is Scope.PAGES:
        GroupPagePermission.objects.get_or_create(group=group, page_id=place, permission=permission)
    else:
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection_id=place, permission=permission
        )


def _take(group: Group, right: Right, places: _Places) -> None:
    permission = places.permissions[right.permission]
    place = right.place or places.beginning(right.scope)
    if right.scope is Scope.PORTAL:
        group.permissions.remove(permission)
    elif right.scope is Scope.PAGES:
        GroupPagePermission.objects.filter(
            group=group, page_id=place, permission=permission
        ).delete()
    else:
        GroupCollectionPermission.objects.filter(
            group=group, collection_id=place, permission=permission
        ).delete()


@transaction.atomic
def reset(role: Role) -> Comparison:
    """Put ``role`` back to the table: what was given and what was taken away by hand.

    A group that was deleted is made anew, without members, unless one of its name is there
    again; else the members stay. Gives what was found before.
    """
    RoleBaseline.objects.filter(key=role.key, group=None).delete()
    places = _Places()
    found = _apply(role, places)
    group = RoleBaseline.objects.get(key=role.key).group
    assert group is not None
    with recording(group):
        _change(group, places, give=found.taken_by_hand, take=found.given_by_hand)
    return found


def find_permissions(names: Iterable[str]) -> list[Permission]:
    """The permissions of these names ("app.codename"), as far as the database has them."""
    wanted = set(names)
    codenames = [name.partition(".")[2] for name in wanted]
    found = Permission.objects.filter(codename__in=codenames).select_related("content_type")
    return [each for each in found if f"{each.content_type.app_label}.{each.codename}" in wanted]


def group_of(key: str) -> Group:
    """The group of the role ``key``, whatever it is called meanwhile.

    Raises Group.DoesNotExist when an administrator deleted it or the table was never applied.
    """
    return Group.objects.get(role_baseline__key=key)
