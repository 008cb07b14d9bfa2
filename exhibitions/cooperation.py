"""Parts worked on by the editors of a cooperating organisation, and nothing else by them.

An organisation that works with the department has one group and one collection of files.
Its group may add and change pages below the Parts it was handed, and work with the files of
its collection; it submits, publishes and decides nothing. All of that is Wagtail's own rows,
written here only; what its members then see follows from them (:mod:`core.confinement`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete
from django.utils.translation import gettext as _
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page
from wagtail.permissions import policy_registry

from core.models import Organisation, OrganisationEditors, User
from core.role_changes import recording
from core.roles import COOPERATING_EDITOR, INTO_THE_ADMIN, find_permissions
from exhibitions.models import PartPage
from exhibitions.visibility import Reason

GROUP_NAME = "Biên tập viên đơn vị phối hợp: {organisation}"
LONGEST_NAME = 150
"""Of a group, in Django."""

ON_PARTS = ("wagtailcore.add_page", "wagtailcore.change_page")
ON_FILES = tuple(
    f"{app}.{action}_{model}"
    for app, model in (("wagtailimages", "image"), ("wagtaildocs", "document"))
    for action in ("add", "change", "choose")
)


def may_hand_over(user: User, part: PartPage) -> bool:
    """Whether ``user`` may give ``part`` to the organisation that contributes it."""
    pages = policy_registry.get_by_type(Page).explorable_instances(user)
    return user.has_perm("core.hand_over_part") and pages.filter(pk=part.pk).exists()


def contributor_of(part: PartPage) -> Organisation | None:
    """Who contributes ``part``, by its newest version: it need not be published."""
    organisation: Organisation | None = part.get_latest_revision_as_object().contributor
    return organisation


def holders_of(part: PartPage) -> list[OrganisationEditors]:
    """The organisations whose editors work on ``part``, each with its group."""
    groups = GroupPagePermission.objects.filter(page_id=part.pk).values("group")
    rows = OrganisationEditors.objects.filter(group__in=groups)
    return list(rows.select_related("organisation", "group", "collection"))


@transaction.atomic
def hand_over(part: PartPage, *, by: User) -> list[Reason]:
    """Give ``part`` to the editors of its contributor, and to no other organisation any longer.

    Makes the group and the collection of the organisation where it has none. Accounts of
    the organisation that are cooperating editors join the group. Gives what stands against
    it; raises PermissionDenied unless ``by`` may.
    """
    if not may_hand_over(by, part):
        raise PermissionDenied
    organisation = contributor_of(part)
    if organisation is None:
        return [Reason("no_contributor", _("Say first, in the Part's editor, who contributes it."))]
    editors = editors_of(organisation)
    assert editors.group is not None
    _take_from(part, (each for each in holders_of(part) if each.pk != editors.pk))
    with recording(editors.group):
        for permission in find_permissions(ON_PARTS):
            GroupPagePermission.objects.get_or_create(
                group=editors.group, page_id=part.pk, permission=permission
            )
    return []


@transaction.atomic
def take_back(part: PartPage, *, by: User) -> None:
    """Let no organisation's editors work on ``part``. Raises PermissionDenied unless ``by`` may."""
    if not may_hand_over(by, part):
        raise PermissionDenied
    _take_from(part, holders_of(part))


def _take_from(part: PartPage, holders: Iterable[OrganisationEditors]) -> None:
    for editors in list(holders):
        assert editors.group is not None
        with recording(editors.group):
            GroupPagePermission.objects.filter(group=editors.group, page_id=part.pk).delete()


def editors_of(organisation: Organisation) -> OrganisationEditors:
    """The group and the collection of ``organisation``, with their rights and its accounts.

    What is missing is made; what an administrator gave besides stays.
    """
    editors, _created = OrganisationEditors.objects.get_or_create(organisation=organisation)
    editors.group = editors.group or Group.objects.create(name=_free_name(organisation))
    editors.collection = editors.collection or Collection.get_first_root_node().add_child(
        name=organisation.name[:255]
    )
    editors.save()
    with recording(editors.group):
        editors.group.permissions.add(*find_permissions((INTO_THE_ADMIN,)))
        for permission in find_permissions(ON_FILES):
            GroupCollectionPermission.objects.get_or_create(
                group=editors.group, collection=editors.collection, permission=permission
            )
    settle(User.objects.all())
    return editors


def settle(accounts: QuerySet[User]) -> None:
    """Let each of ``accounts`` work for the organisation it belongs to, and for no other.

    Members of an organisation's group are its accounts that are cooperating editors, and
    nobody else: not even who was put there by hand.
    """
    for editors in _with_groups():
        group, belonging = editors.group, _belonging(accounts, editors)
        assert group is not None
        group.user_set.remove(*accounts.filter(groups=group).exclude(pk__in=belonging))
        group.user_set.add(*belonging.exclude(groups=group))


def _with_groups() -> QuerySet[OrganisationEditors]:
    return OrganisationEditors.objects.exclude(group=None).select_related("group")


def _belonging(accounts: QuerySet[User], editors: OrganisationEditors) -> QuerySet[User]:
    """Of ``accounts`` the cooperating editors of the organisation."""
    return accounts.filter(
        organisation=editors.organisation_id, groups__role_baseline__key=COOPERATING_EDITOR
    )


def _account_saved(
    instance: User,
    created: bool,
    raw: bool = False,
    update_fields: Iterable[str] | None = None,
    **kwargs: Any,
) -> None:
    """An account may have come to another organisation. Signing in saves another field only."""
    if not (created or raw) and (update_fields is None or "organisation" in update_fields):
        settle(User.objects.filter(pk=instance.pk))


def _members_changed(
    instance: User | Group, action: str, reverse: bool, pk_set: set[int] | None, **kwargs: Any
) -> None:
    """Accounts may have become cooperating editors, or are none any longer."""
    if action not in ("post_add", "post_remove", "post_clear"):
        return
    if not reverse:
        settle(User.objects.filter(pk=instance.pk))
    elif pk_set is None:
        settle(User.objects.all())
    else:
        settle(User.objects.filter(pk__in=pk_set))


def _members_join(
    instance: User | Group, action: str, reverse: bool, pk_set: set[int] | None, **kwargs: Any
) -> None:
    """Let nobody into the group of an organisation they do not belong to.

    A form of an account writes its roles after its organisation, and among them the group of
    the former organisation as it stood there.
    """
    if action != "pre_add" or not pk_set:
        return
    for editors in _with_groups():
        if reverse and editors.group_id == instance.pk:
            joining = User.objects.filter(pk__in=pk_set)
            pk_set.intersection_update(_belonging(joining, editors).values_list("pk", flat=True))
        elif not reverse and not _belonging(User.objects.filter(pk=instance.pk), editors).exists():
            pk_set.discard(editors.group_id)


def _group_deleted(**kwargs: Any) -> None:
    """It may have been the role."""
    settle(User.objects.all())


def _editors_go(instance: OrganisationEditors, **kwargs: Any) -> None:
    """An organisation is deleted: what its group was handed goes with it."""
    if instance.group:
        instance.group.delete()


def connect() -> None:
    """Follow accounts from one organisation to another; called once, when the app is ready."""
    post_save.connect(_account_saved, sender=User)
    m2m_changed.connect(_members_join, sender=User.groups.through)
    m2m_changed.connect(_members_changed, sender=User.groups.through)
    post_delete.connect(_group_deleted, sender=Group)
    pre_delete.connect(_editors_go, sender=OrganisationEditors)


def _free_name(organisation: Organisation) -> str:
    """A name no group has yet; two long names may begin alike."""
    name = GROUP_NAME.format(organisation=organisation.name)
    if len(name) <= LONGEST_NAME and not Group.objects.filter(name=name).exists():
        return name
    ending = f" ({organisation.pk})"
    return name[: LONGEST_NAME - len(ending)] + ending


def members_of(editors: OrganisationEditors) -> list[User]:
    """The accounts that work for the organisation."""
    return list(editors.group.user_set.filter(is_active=True)) if editors.group else []
