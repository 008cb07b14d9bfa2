"""Keeps a row for every change of what somebody may do: members, rights, accounts, roles.

Follows Django's signals, so it sees whatever the admin, a command or a script changes row
by row. Two ways pass the signals by and are recorded where they are used: Wagtail's form of a
group writes its rights in bulk (:func:`recording`), and its action on many accounts sets
them active in bulk (:func:`record_activity`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_save, pre_delete, pre_save
from django.utils import translation
from django.utils.translation import gettext
from wagtail.log_actions import get_active_log_context
from wagtail.models import GroupCollectionPermission, GroupPagePermission

from core.models import RoleChange, RoleChangeKind, User
from core.permission_names import permission_name

_recorded: ContextVar[frozenset[int]] = ContextVar("recorded_groups", default=frozenset())
"""Groups whose rights are compared before and after, and not recorded row by row."""


def _in_our_language(text: Callable[[], str]) -> str:
    """What ``text`` says in the office's language; some commands run without one."""
    with translation.override(settings.LANGUAGE_CODE):
        return text()


def write(
    kind: RoleChangeKind,
    *,
    group: Group | None = None,
    person: User | None = None,
    added: Iterable[str] = (),
    removed: Iterable[str] = (),
    goes: bool = False,
) -> None:
    """Keep one change; nothing when nothing was given or taken.

    ``by`` is whoever uses the admin at the moment, else the system. ``goes`` says that the
    group or person is being deleted: the row has the name only.
    """
    given, taken = "\n".join(sorted(added)), "\n".join(sorted(removed))
    if not (given or taken):
        return
    user = get_active_log_context().user
    by = user if user and user.pk else None
    RoleChange.objects.create(
        kind=kind,
        by=by,
        by_name=str(by) if by else _in_our_language(lambda: gettext("the system")),
        group=None if goes else group,
        group_name=group.name if group else "",
        person=None if goes else person,
        person_name=str(person) if person else "",
        added=given,
        removed=taken,
    )


def _name(permission: Permission) -> str:
    return _in_our_language(lambda: permission_name(permission))


def _at(row: GroupPagePermission | GroupCollectionPermission) -> str:
    """A right with the page or collection it begins at: "Thi đua yêu nước: Add page"."""
    place = row.page if isinstance(row, GroupPagePermission) else row.collection
    return f"{place}: {_name(row.permission)}"


KINDS: dict[type[Model], RoleChangeKind] = {
    GroupPagePermission: RoleChangeKind.PAGE_RIGHTS,
    GroupCollectionPermission: RoleChangeKind.COLLECTION_RIGHTS,
}

Rights = dict[RoleChangeKind, set[str]]


def _rights(group: Group) -> Rights:
    portal = group.permissions.select_related("content_type")
    pages = GroupPagePermission.objects.filter(group=group).select_related(
        "page", "permission__content_type"
    )
    collections = GroupCollectionPermission.objects.filter(group=group).select_related(
        "collection", "permission__content_type"
    )
    return {
        RoleChangeKind.RIGHTS: {_name(each) for each in portal},
        RoleChangeKind.PAGE_RIGHTS: {_at(each) for each in pages},
        RoleChangeKind.COLLECTION_RIGHTS: {_at(each) for each in collections},
    }


@contextmanager
def recording(group: Group) -> Iterator[None]:
    """Compare the rights of ``group`` before and after, and keep the difference.

    Nothing is kept of what an error interrupts: its transaction is undone as well. A group
    that is only being made has no number yet by which the signals would pass it over.
    """
    is_new = group.pk is None
    before: Rights = {} if is_new else _rights(group)
    token = _recorded.set(_recorded.get() if is_new else _recorded.get() | {group.pk})
    try:
        yield
    finally:
        _recorded.reset(token)
    if group.pk is None or group.pk in _recorded.get():
        return
    for kind, after in _rights(group).items():
        if is_new and kind is RoleChangeKind.RIGHTS:
            continue
        was = before.get(kind, set())
        write(kind, group=group, added=after - was, removed=was - after)


def record_activity(users: Iterable[User], active: bool) -> None:
    """Keep that accounts were switched on or off by a change of many rows at once."""
    for user in users:
        if user.is_active != active:
            _write_flags(user, {"is_active": active})


FLAGS = ("is_active", "is_superuser")


def _flag_name(name: str) -> str:
    names = {
        "is_active": lambda: gettext("The account can sign in"),
        "is_superuser": lambda: gettext("The account may do everything"),
    }
    return _in_our_language(names[name])


def _write_flags(user: User, changed: dict[str, bool]) -> None:
    write(
        RoleChangeKind.ACCOUNT,
        person=user,
        added=[_flag_name(name) for name, value in changed.items() if value],
        removed=[_flag_name(name) for name, value in changed.items() if not value],
    )


def _either(names: list[str], *, given: bool) -> tuple[list[str], list[str]]:
    """``names`` as what was given, or as what was taken away."""
    return (names, []) if given else ([], names)


def _members_changed(
    sender: type[Model],
    instance: Any,
    action: str,
    reverse: bool,
    pk_set: set[int] | None,
    **kwargs: Any,
) -> None:
    """Somebody joined or left a group, from either side of the relation."""
    if action == "pre_clear":
        others = instance.user_set.all() if reverse else instance.groups.all()
    elif action in ("post_add", "post_remove"):
        others = (User if reverse else Group).objects.filter(pk__in=pk_set or ())
    else:
        return
    for other in others:
        group, person = (instance, other) if reverse else (other, instance)
        joined, left = _either([group.name], given=action == "post_add")
        write(RoleChangeKind.MEMBERSHIP, group=group, person=person, added=joined, removed=left)


def _rights_changed(
    sender: type[Model],
    instance: Any,
    action: str,
    reverse: bool,
    pk_set: set[int] | None,
    **kwargs: Any,
) -> None:
    """A group was given rights on the whole portal, or lost them."""
    if reverse or instance.pk in _recorded.get():
        return
    rights = Permission.objects.select_related("content_type")
    if action == "pre_clear":
        rights = rights.filter(group=instance)
    elif action in ("post_add", "post_remove"):
        rights = rights.filter(pk__in=pk_set or ())
    else:
        return
    given, taken = _either([_name(each) for each in rights], given=action == "post_add")
    write(RoleChangeKind.RIGHTS, group=instance, added=given, removed=taken)


def _right_given(sender: type[Model], instance: Any, created: bool, **kwargs: Any) -> None:
    if created and instance.group_id not in _recorded.get():
        write(KINDS[sender], group=instance.group, added=[_at(instance)])


def _right_taken(sender: type[Model], instance: Any, origin: Any = None, **kwargs: Any) -> None:
    """A right went, by itself or with its page. With its group the group's row says so."""
    deleted = getattr(origin, "model", type(origin))
    if deleted is not Group and instance.group_id not in _recorded.get():
        write(KINDS[sender], group=instance.group, removed=[_at(instance)])


def _account_saved(
    sender: type[Model],
    instance: User,
    raw: bool = False,
    update_fields: Collection[str] | None = None,
    **kwargs: Any,
) -> None:
    """An account that exists was switched on or off, or may do everything now or no longer."""
    names = [name for name in FLAGS if update_fields is None or name in update_fields]
    if raw or instance.pk is None or not names:
        return
    before = User.objects.filter(pk=instance.pk).values(*names).first()
    if before:
        _write_flags(
            instance,
            {
                name: bool(getattr(instance, name))
                for name in names
                if _differs(instance, before, name)
            },
        )


def _differs(user: User, before: dict[str, Any], name: str) -> bool:
    return bool(before[name]) != bool(getattr(user, name))


def _account_made(
    sender: type[Model], instance: User, created: bool, raw: bool = False, **kwargs: Any
) -> None:
    """A new account that may do everything. What else one may do comes with its roles."""
    if created and not raw and instance.is_superuser:
        _write_flags(instance, {"is_superuser": True})


def _account_goes(sender: type[Model], instance: User, **kwargs: Any) -> None:
    """An account is deleted, and with it its memberships."""
    gone = _in_our_language(lambda: gettext("Account deleted"))
    names = list(instance.groups.values_list("name", flat=True))
    write(RoleChangeKind.ACCOUNT, person=instance, removed=[gone, *names], goes=True)


def _group_renamed(sender: type[Model], instance: Group, raw: bool = False, **kwargs: Any) -> None:
    if raw or instance.pk is None:
        return
    former = Group.objects.filter(pk=instance.pk).values_list("name", flat=True).first()
    if former and former != instance.name:
        write(RoleChangeKind.GROUP, group=instance, added=[instance.name], removed=[former])


def _group_made(
    sender: type[Model], instance: Group, created: bool, raw: bool = False, **kwargs: Any
) -> None:
    if created and not raw:
        write(RoleChangeKind.GROUP, group=instance, added=[instance.name])


def _group_goes(sender: type[Model], instance: Group, **kwargs: Any) -> None:
    """A role is deleted; its members are named with it."""
    members = [str(user) for user in instance.user_set.all()]
    write(RoleChangeKind.GROUP, group=instance, removed=[instance.name, *members], goes=True)


def connect() -> None:
    """Follow every change from now on."""
    m2m_changed.connect(_members_changed, sender=User.groups.through)
    m2m_changed.connect(_rights_changed, sender=Group.permissions.through)
    for rows in KINDS:
        post_save.connect(_right_given, sender=rows)
        pre_delete.connect(_right_taken, sender=rows)
    pre_save.connect(_account_saved, sender=User)
    post_save.connect(_account_made, sender=User)
    pre_delete.connect(_account_goes, sender=User)
    pre_save.connect(_group_renamed, sender=Group)
    post_save.connect(_group_made, sender=Group)
    pre_delete.connect(_group_goes, sender=Group)
