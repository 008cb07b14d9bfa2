"""Who works with the demonstration: three groups and four accounts."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
)

from core.models import Organisation, User

ADMINISTRATOR, EDITOR, APPROVER, CLERK = "quantri", "bientap", "pheduyet", "vanthu"
"""User names; DEMO_ACCOUNTS gives each its password."""

EDITORS = "Biên tập viên"
APPROVERS = "Lãnh đạo duyệt"
CLERKS = "Văn thư"

EDITING = (
    "wagtailadmin.access_admin",
    *(
        f"{app}.{action}_{model}"
        for app, model in (
            ("core", "organisation"),
            ("core", "occasion"),
            ("home", "newscolumn"),
        )
        for action in ("view", "add", "change")
    ),
    "analytics.view_dayfigure",
    "analytics.view_droppedfigure",
    "analytics.view_saltdestruction",
)
APPROVING = ("exhibitions.decide_clearance", "exhibitions.open_exhibition")
RECORDING = ("campaigns.record_release", "campaigns.record_placement")

ON_PAGES = ("add_page", "change_page", "publish_page")
ON_MEDIA = tuple(
    f"{app}.{action}_{model}"
    for app, model in (("wagtailimages", "image"), ("wagtaildocs", "document"))
    for action in ("add", "change", "choose")
)

WAGTAIL_GROUPS = ("Editors", "Moderators")


@dataclass(frozen=True)
class Staff:
    """The accounts in whose names the content is made."""

    administrator: User
    editor: User
    approver: User
    clerk: User


def remove_wagtail_defaults() -> None:
    """Take away the English groups and the page-by-page approval Wagtail begins with.

    Groups that somebody is in already are kept.
    """
    tasks = GroupApprovalTask.objects.filter(groups__name__in=WAGTAIL_GROUPS)
    Workflow.objects.filter(workflow_tasks__task__in=tasks).delete()
    for task in tasks:
        task.delete()
    Group.objects.filter(name__in=WAGTAIL_GROUPS, user=None).delete()


def _permission(name: str) -> Permission:
    app, codename = name.split(".")
    return Permission.objects.get(content_type__app_label=app, codename=codename)


def make_group(name: str, permissions: tuple[str, ...], home: Page) -> Group:
    """The group ``name``: ``permissions``, and the right to edit every page and file."""
    group, _created = Group.objects.get_or_create(name=name)
    group.permissions.add(*(_permission(each) for each in permissions))
    for codename in ON_PAGES:
        permission = _permission(f"wagtailcore.{codename}")
        GroupPagePermission.objects.get_or_create(group=group, page=home, permission=permission)
    collection = Collection.get_first_root_node()
    for each in ON_MEDIA:
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=collection, permission=_permission(each)
        )
    return group


def make_account(username: str, title: str, organisation: Organisation) -> User:
    """The account ``username``, called by its ``title``; one that exists is left as it is.

    Without a password in the settings nobody can sign in to it until
    ``manage.py changepassword`` gives it one.
    """
    user = User.objects.filter(username=username).first()
    if user is None:
        user = User(
            username=username,
            last_name=title,
            first_name="(mẫu)",
            position=title,
            organisation=organisation,
        )
        user.set_password(getattr(settings, "DEMO_ACCOUNTS", {}).get(username))
        user.save()
    return user


def make_staff(organisation: Organisation) -> Staff:
    """The four accounts, all of ``organisation``; their groups come with the home page."""
    administrator = make_account(ADMINISTRATOR, "Quản trị", organisation)
    administrator.is_superuser = administrator.is_staff = True
    administrator.save()
    return Staff(
        administrator=administrator,
        editor=make_account(EDITOR, "Biên tập viên", organisation),
        approver=make_account(APPROVER, "Lãnh đạo duyệt", organisation),
        clerk=make_account(CLERK, "Văn thư", organisation),
    )


def give_rights(staff: Staff, home: Page) -> Staff:
    """Put editor, approver and clerk into their groups, whose rights begin at ``home``.

    Gives the accounts as read anew: one that is in memory remembers the rights it had.
    """
    staff.editor.groups.add(make_group(EDITORS, EDITING, home))
    staff.approver.groups.add(make_group(APPROVERS, EDITING + APPROVING, home))
    staff.clerk.groups.add(make_group(CLERKS, EDITING + RECORDING, home))
    return Staff(
        administrator=User.objects.get(pk=staff.administrator.pk),
        editor=User.objects.get(pk=staff.editor.pk),
        approver=User.objects.get(pk=staff.approver.pk),
        clerk=User.objects.get(pk=staff.clerk.pk),
    )
